"""Makes ``data/figures/*.csv`` and ``data/excluded.csv`` from gathered records and decisions.

The gathered records (a folder with ``figures.csv``) are raw and stay outside the project. What
a curator decided of each record is kept in ``data/curation/<disease-area>.csv``: published or
excluded, under which indicator and source, and what is put right. A column that a decision
leaves empty takes the record's own value.

Run it with ``python -m loaders curate FOLDER``.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path

from evidence.models import NOT_STATED
from evidence.vocabulary import GeographyLevel
from loaders.tables import EXCLUDED, FIGURES

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

DIGEST_FIELDS = ("value", "limits", "group", "area", "period", "measure")
"""What a published row must share with its record, each kept as a digest of its own."""

Cells = dict[str, str]


class CurationError(ValueError):
    """A decision that can't be carried out; says which record, what and how to mend it."""


def curate(folder: Path, data: Path) -> dict[str, tuple[int, int]]:
    """Write the figures of every disease area that has decisions, and the exclusions.

    Parameters
    ----------
    folder
        The gathered records: a folder with ``figures.csv``.
    data
        The project's ``data`` folder, whose ``curation`` folder holds the decisions.

    Returns
    -------
    dict
        For each disease area the number of records published and excluded.

    Raises
    ------
    CurationError
        If a record of a decided area has no decision, a decision has no record, or one can't
        be carried out.
    """
    records = {row["record_id"]: row for row in _read(folder / "figures.csv")}
    areas = _read(data / "reference/areas.csv")
    by_code = {row["area_code"]: row for row in areas}
    by_name = {(row["level"], row["name"]): row for row in areas}
    excluded: list[Cells] = []
    digests: list[Cells] = []
    counts: dict[str, tuple[int, int]] = {}
    for file in sorted((data / "curation").glob("*.csv")):
        area = file.stem
        decisions = _read(file)
        _check_complete(area, decisions, records)
        figures: list[Cells] = []
        for decision in decisions:
            record = records[decision["record_id"]]
            if decision["status"] == "excluded":
                excluded.append(_exclusion(decision, area))
            elif decision["status"] == "published":
                figures.append(_figure(decision, record, by_code, by_name))
                digests.append({"record_id": record["record_id"], **record_digests(record)})
            else:
                raise CurationError(
                    f"{file.name}, {decision['record_id']}: status is {decision['status']!r}. "
                    "Write published or excluded"
                )
        _write(data / "figures" / f"{area}.csv", FIGURES.columns, figures)
        counts[area] = (len(figures), len(decisions) - len(figures))
    _write(data / "excluded.csv", EXCLUDED.columns, excluded)
    _write(data / "record_digests.csv", ["record_id", *DIGEST_FIELDS], digests)
    return counts


def record_digests(record: Cells) -> Cells:
    """Short digests of what a figure shares with its record, from the record's own columns."""
    return digests(
        value=record["value"],
        lower=record["lower_ci"],
        upper=record["upper_ci"],
        group=record["ethnic_group_code"],
        comparator=record["comparator_code"],
        level=record["geography_level"],
        place=record["geography_name"],
        period=record["period"],
        measure=record["measure"],
    )


def figure_digests(figure: Cells) -> Cells:
    """The same digests from a published row; empty period for one that is "not stated"."""
    return digests(
        value=figure["value"],
        lower=figure["lower"],
        upper=figure["upper"],
        group=figure["ethnic_group"],
        comparator=figure["comparator"],
        level=figure["geography_level"],
        place=figure["geography_name"],
        period=figure["period"],
        measure=figure["measure"],
    )


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


def _figure(
    decision: Cells,
    record: Cells,
    by_code: dict[str, Cells],
    by_name: dict[tuple[str, str], Cells],
) -> Cells:
    record_id = record["record_id"]
    figure = {
        column: decision[column] or record[source] for column, source in RECORD_COLUMNS.items()
    }
    named = (figure["geography_level"], record["geography_name"])
    area = by_code.get(decision["geography_code"]) or by_name.get(named)
    if area is None:
        raise CurationError(
            f"{record_id}: no area is called {record['geography_name']!r}. Fill in "
            "geography_code with a code of reference/areas.csv"
        )
    if figure["geography_level"] not in list(GeographyLevel):
        raise CurationError(f"{record_id}: {figure['geography_level']!r} is not a level")
    figure |= {
        "figure_id": record_id.lower(),
        "record_id": record_id,
        "geography_code": area["area_code"],
        "geography_name": area["name"],
        "period": figure["period"] or NOT_STATED,
        "ethnic_group": _ordered(figure["ethnic_group"]),
        "comparator": _ordered(figure["comparator"]),
        "count_rounding": "",
        "blank_reason": "",
    }
    for column in ("indicator_id", "source_id", "population", "adjusted_for", "note", "correction"):
        figure[column] = decision[column]
    return figure


def _ordered(code: str) -> str:
    return "+".join(sorted(code.split("+")))


def _exclusion(decision: Cells, area: str) -> Cells:
    return {
        "record_id": decision["record_id"],
        "disease_area": area,
        "reason": decision["reason"],
        "explanation": decision["explanation"],
    }


def _check_complete(area: str, decisions: list[Cells], records: dict[str, Cells]) -> None:
    decided = [decision["record_id"] for decision in decisions]
    gathered = {key for key, row in records.items() if row["disease_area"] == area}
    twice = sorted({key for key in decided if decided.count(key) > 1})
    faults = {
        "decided twice": twice,
        "without a decision": sorted(gathered - set(decided)),
        "decided but not gathered": sorted(set(decided) - gathered),
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
