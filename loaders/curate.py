"""Makes ``data/figures/*.csv`` and ``data/excluded.csv`` from gathered records and decisions.

The gathered records (a folder with ``figures.csv`` and ``findings.csv``) are raw and stay outside
the project. What a curator decided of each record is kept in ``data/curation/<disease-area>.csv``
(conclusions without a number in ``data/curation/findings.csv``): published or excluded, under
which indicator and source, and what is put right. A column that a decision leaves empty takes the
record's own value.

Run it with ``python -m loaders curate FOLDER``.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from evidence.models import NOT_STATED
from evidence.vocabulary import GeographyLevel
from loaders.tables import EXCLUDED, FIGURES, FINDINGS, RECORDS

DECISION_COLUMNS = [
    "record_id",
    "status",
    "reason",
    "explanation",
    "indicator_id",
    "source_id",
    "population",
    "adjusted_for",
    "note",
    "geography_level",
    "geography_code",
    "period",
    "age",
    "sex",
    "ethnic_group",
    "ethnic_group_label",
    "comparator",
    "comparator_label",
    "measure",
    "qualifier",
    "value",
    "lower",
    "upper",
    "unit",
    "numerator",
    "denominator",
    "standardisation",
    "confidence",
    "correction",
]

FINDING_COLUMNS = [
    "record_id",
    "status",
    "reason",
    "explanation",
    "disease_area",
    "sentence",
    "source_id",
    "geography_level",
    "geography_code",
    "period",
    "sex",
    "ethnic_group",
    "comparator",
    "direction",
    "confidence",
    "correction",
    "note",
]
"""What a curator decides of a finding; the sentence is always ours."""

RECORD_COLUMNS = {
    "geography_level": "geography_level",
    "period": "period",
    "age": "age",
    "sex": "sex",
    "ethnic_group": "ethnic_group_code",
    "ethnic_group_label": "ethnic_group_published",
    "comparator": "comparator_code",
    "comparator_label": "comparator_published",
    "measure": "measure",
    "qualifier": "qualifier",
    "value": "value",
    "lower": "lower_ci",
    "upper": "upper_ci",
    "unit": "unit",
    "numerator": "numerator",
    "denominator": "denominator",
    "standardisation": "standardisation",
    "confidence": "confidence",
}
"""Figure column to the record's column that fills it unless the decision overrides it."""

RECORDED = {
    "value": "value",
    "lower": "lower_ci",
    "upper": "upper_ci",
    "group": "ethnic_group_code",
    "comparator": "comparator_code",
    "level": "geography_level",
    "place": "geography_name",
    "period": "period",
    "measure": "measure",
}
"""What is digested of a record, and the record's column that holds it."""

PUBLISHED = RECORDED | {
    "lower": "lower",
    "upper": "upper",
    "group": "ethnic_group",
    "comparator": "comparator",
}
"""The same of a published row."""

LEFT_OUT = "none"
"""What a decision writes to leave out what the record has: limits that are no 95% limits."""

FINDING_RECORD_COLUMNS = {
    "disease_area": "disease_area",
    "geography_level": "geography_level",
    "period": "period",
    "sex": "sex",
    "ethnic_group": "ethnic_group_codes",
    "comparator": "comparator_code",
    "direction": "direction",
    "confidence": "confidence",
}
"""Finding column to the record's column that fills it unless the decision overrides it."""

DIGEST_FIELDS = tuple(name for name in RECORDS.columns if name not in {"record_id", "published"})
"""What a published row must share with its record, each kept as a digest of its own."""

FINDINGS_FILE = "findings"
"""The decisions of the findings lie in a file of this name beside those of the areas."""

Cells = dict[str, str]


class CurationError(ValueError):
    """A decision that can't be carried out; says which record, what and how to mend it."""


def curate(folder: Path, data: Path) -> dict[str, tuple[int, int]]:
    """Write the figures of every disease area that has decisions, and the exclusions.

    Parameters
    ----------
    folder
        The gathered records: a folder with ``figures.csv``, and ``findings.csv`` where
        conclusions without a number were gathered.
    data
        The project's ``data`` folder, whose ``curation`` folder holds the decisions.

    Returns
    -------
    dict
        For each disease area, and for the findings, the number of records published and
        excluded.

    Raises
    ------
    CurationError
        If a record of a decided area has no decision, a decision has no record, or one can't
        be carried out.
    """
    records = {row["record_id"]: row for row in _read(folder / "figures.csv")}
    conclusions = folder / "findings.csv"
    found = {row["finding_id"]: row for row in _read(conclusions)} if conclusions.is_file() else {}
    places = _Places(_read(data / "reference/areas.csv"))
    excluded: list[Cells] = []
    counts: dict[str, tuple[int, int]] = {}
    whole: dict[str, str] = {}
    for file in sorted((data / "curation").glob("*.csv")):
        area = file.stem
        decisions = _read(file)
        gathered = found if area == FINDINGS_FILE else _of_area(records, area)
        _check_complete(area, decisions, gathered)
        published: list[Cells] = []
        for decision in decisions:
            record = gathered[decision["record_id"]]
            if decision["status"] == "excluded":
                excluded.append(_exclusion(decision, record["disease_area"]))
            elif decision["status"] == "published":
                make = _finding if area == FINDINGS_FILE else _figure
                published.append(make(decision, record, places))
                whole[decision["record_id"]] = row_digest(published[-1])
            else:
                raise CurationError(
                    f"{file.name}, {decision['record_id']}: status is {decision['status']!r}. "
                    "Write published or excluded"
                )
        if area == FINDINGS_FILE:
            _write(data / "findings.csv", FINDINGS.columns, published)
        else:
            _write(data / "figures" / f"{area}.csv", FIGURES.columns, published)
        counts[area] = (len(published), len(decisions) - len(published))
    _write(data / "excluded.csv", EXCLUDED.columns, excluded)
    digested = [{"record_id": key, **record_digests(row)} for key, row in records.items()]
    digested += [{"record_id": key, **finding_record_digests(row)} for key, row in found.items()]
    for row in digested:
        row["published"] = whole.get(row["record_id"], "")
    _write(data / "record_digests.csv", RECORDS.columns, digested)
    return counts


def _of_area(records: dict[str, Cells], area: str) -> dict[str, Cells]:
    return {key: row for key, row in records.items() if row["disease_area"] == area}


class _Places:
    """The areas of the reference table, by code, and by level and name."""

    def __init__(self, areas: list[Cells]) -> None:
        self._by_code = {row["area_code"]: row for row in areas}
        self._by_name = {(row["level"], row["name"]): row for row in areas}

    def of(self, record_id: str, code: str, level: str, name: str) -> dict[str, str]:
        """The cells geography_code and geography_name of a figure or finding."""
        if code and code not in self._by_code:
            raise CurationError(
                f"{record_id}: no area has the code {code!r}. Write one of reference/areas.csv"
            )
        area = self._by_code.get(code) or self._by_name.get((level, name))
        if area is None:
            raise CurationError(
                f"{record_id}: no area is called {name!r}. Fill in geography_code with a code "
                "of reference/areas.csv"
            )
        if level not in list(GeographyLevel):
            raise CurationError(f"{record_id}: {level!r} is not a level")
        return {"geography_code": area["area_code"], "geography_name": area["name"]}


def row_digest(cells: Mapping[str, str]) -> str:
    """A short digest of every cell of a row as it is written."""
    content = "\0".join(f"{name}={cells[name]}" for name in sorted(cells))
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def record_digests(record: Cells) -> Cells:
    """Short digests of what a figure shares with its record, from the record's own columns."""
    return _digests_of(record, RECORDED)


def finding_record_digests(record: Cells) -> Cells:
    """The digests of a finding's record, which has neither a value nor a measure."""
    return _digests_of(record, RECORDED | {"group": "ethnic_group_codes"})


def figure_digests(figure: Cells) -> Cells:
    """The same digests from a published row; empty period for one that is "not stated"."""
    return _digests_of(figure, PUBLISHED)


def finding_digests(finding: Cells) -> Cells:
    """The same digests from a published finding."""
    return _digests_of(finding, PUBLISHED)


def _digests_of(row: Cells, columns: dict[str, str]) -> Cells:
    return digests(**{part: row.get(column, "") for part, column in columns.items()})


def digests(
    *,
    value: str,
    lower: str,
    upper: str,
    group: str,
    comparator: str,
    level: str,
    place: str,
    period: str,
    measure: str,
) -> Cells:
    """One short digest for each of :data:`DIGEST_FIELDS`; numbers compare as numbers."""
    groups = "/".join("+".join(sorted(code.split("+"))) for code in (group, comparator))
    contents = {
        "value": _number(value),
        "limits": f"{_number(lower)} {_number(upper)}",
        "group": groups,
        # Other areas are named in our words; what a borough is called leaves no choice.
        "area": f"{level} {place}" if level == GeographyLevel.BOROUGH else level,
        "period": "" if period == NOT_STATED else period,
        "measure": measure,
    }
    return {
        name: hashlib.sha256(f"{name}:{content}".encode()).hexdigest()[:12]
        for name, content in contents.items()
    }


def _number(text: str) -> str:
    return format(float(text), ".12g") if text else ""


def _figure(decision: Cells, record: Cells, places: _Places) -> Cells:
    record_id = record["record_id"]
    figure = {
        column: "" if decision[column] == LEFT_OUT else decision[column] or record[source]
        for column, source in RECORD_COLUMNS.items()
    }
    level, name = figure["geography_level"], record["geography_name"]
    figure |= places.of(record_id, decision["geography_code"], level, name)
    figure |= {
        "figure_id": record_id.lower(),
        "record_id": record_id,
        "period": figure["period"] or NOT_STATED,
        "ethnic_group": _ordered(figure["ethnic_group"]),
        "comparator": _ordered(figure["comparator"]),
    }
    for column in ("indicator_id", "source_id", "population", "adjusted_for", "note", "correction"):
        figure[column] = decision[column]
    return dict.fromkeys(FIGURES.columns, "") | figure


def _finding(decision: Cells, record: Cells, places: _Places) -> Cells:
    record_id = record["finding_id"]
    finding = {
        column: "" if decision[column] == LEFT_OUT else decision[column] or record[source]
        for column, source in FINDING_RECORD_COLUMNS.items()
    }
    level, name = finding["geography_level"], record["geography_name"]
    finding |= places.of(record_id, decision["geography_code"], level, name)
    finding |= {
        "finding_id": record_id,
        "period": finding["period"] or NOT_STATED,
        "ethnic_group": _ordered(finding["ethnic_group"]),
        "comparator": _ordered(finding["comparator"]),
    }
    for column in ("sentence", "source_id", "correction", "note"):
        finding[column] = decision[column]
    return finding


def _ordered(code: str) -> str:
    return "+".join(sorted(code.split("+")))


def _exclusion(decision: Cells, area: str) -> Cells:
    return {
        "record_id": decision["record_id"],
        "disease_area": area,
        "reason": decision["reason"],
        "explanation": decision["explanation"],
    }


def _check_complete(area: str, decisions: list[Cells], gathered: dict[str, Cells]) -> None:
    decided = [decision["record_id"] for decision in decisions]
    times = Counter(decided)
    faults = {
        "decided twice": sorted(key for key, count in times.items() if count > 1),
        "without a decision": sorted(set(gathered) - set(decided)),
        "decided but not gathered": sorted(set(decided) - set(gathered)),
    }
    for fault, keys in faults.items():
        if keys:
            raise CurationError(f"{area}: records {fault}: {', '.join(keys)}")


def _read(file: Path) -> list[Cells]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return [
            {name: (value or "").strip() for name, value in row.items()}
            for row in csv.DictReader(handle, strict=True)
        ]


def _write(file: Path, columns: Iterable[str], rows: list[Cells]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
