"""Curating conclusions without a number: a finding is told in our sentence or it is excluded.

The records and decisions are small and made here; the areas are those of the project.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from loaders.__main__ import main
from loaders.curate import (
    FINDING_COLUMNS,
    FINDING_RECORD_COLUMNS,
    CurationError,
    curate,
    finding_digests,
    finding_record_digests,
    record_digests,
)
from loaders.read import read_table
from loaders.tables import DATA, EXCLUDED, FINDINGS, RECORDS
from tests.loaders.records_to_curate import DECISION as FIGURE_DECISION
from tests.loaders.records_to_curate import RECORD as FIGURE_RECORD
from tests.loaders.records_to_curate import Cells, rows_of, write

SENTENCE = "In Lambeth in 2018, people from Black ethnic groups waited longer."
RAW = "The words of the record, which are never shown."

RECORD = dict.fromkeys(
    ["finding_id", "disease_area", "geography_name", *FINDING_RECORD_COLUMNS.values()], ""
) | {
    "finding_id": "FND-001",
    "disease_area": "mental-health",
    "statement": RAW,
    "geography_name": "Lambeth",
    "geography_level": "borough",
    "period": "2018",
    "sex": "all",
    "ethnic_group_codes": "black",
    "comparator_code": "white",
    "direction": "higher",
    "confidence": "primary",
}
DECISION = dict.fromkeys(FINDING_COLUMNS, "") | {
    "record_id": "FND-001",
    "status": "published",
    "sentence": SENTENCE,
    "source_id": "a-report-2019",
}
SECOND = RECORD | {"finding_id": "FND-002", "disease_area": "cancer"}
OUT = dict.fromkeys(FINDING_COLUMNS, "") | {
    "record_id": "FND-002",
    "status": "excluded",
    "reason": "not checked",
    "explanation": "The report was not found.",
}


class Desk:
    """A folder of gathered figures and findings, and a data folder with the decisions."""

    def __init__(self, folder: Path) -> None:
        self.records, self.data = folder / "records", folder / "data"
        (self.data / "reference").mkdir(parents=True)
        shutil.copy(DATA / "reference/areas.csv", self.data / "reference/areas.csv")
        write(self.records / "figures.csv", [FIGURE_RECORD])

    def lay_out(self, records: list[Cells], decisions: list[Cells]) -> None:
        write(self.records / "findings.csv", records)
        write(self.data / "curation/findings.csv", decisions)

    def curate(self, records: list[Cells], decisions: list[Cells]) -> dict[str, tuple[int, int]]:
        self.lay_out(records, decisions)
        return curate(self.records, self.data)

    def decide_figures(self, *decisions: Cells) -> None:
        write(self.data / "curation/maternity.csv", list(decisions))

    def rows(self, name: str) -> list[Cells]:
        return rows_of(self.data / name)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# --- Published ------------------------------------------------------------------------------


def test_a_published_finding_is_our_sentence_with_the_records_own_cells(desk: Desk) -> None:
    assert desk.curate([RECORD], [DECISION]) == {"findings": (1, 0)}
    [finding] = desk.rows("findings.csv")
    assert list(finding) == FINDINGS.columns
    assert finding == {
        "finding_id": "FND-001",
        "disease_area": "mental-health",
        "sentence": SENTENCE,
        "geography_level": "borough",
        "geography_code": "E09000022",
        "geography_name": "Lambeth",
        "period": "2018",
        "sex": "all",
        "ethnic_group": "black",
        "comparator": "white",
        "direction": "higher",
        "source_id": "a-report-2019",
        "confidence": "primary",
        "correction": "",
        "note": "",
    }
    assert read_table(FINDINGS, desk.data).faults == []


def test_the_words_of_the_record_are_written_nowhere(desk: Desk) -> None:
    desk.curate([RECORD, SECOND], [DECISION, OUT])
    for file in desk.data.rglob("*.csv"):
        assert RAW not in file.read_text(encoding="utf-8"), file.name


def test_a_finding_is_no_figure_and_the_figures_are_no_findings(desk: Desk) -> None:
    desk.decide_figures(FIGURE_DECISION)
    assert desk.curate([RECORD], [DECISION]) == {"findings": (1, 0), "maternity": (1, 0)}
    assert [row["record_id"] for row in desk.rows("figures/maternity.csv")] == ["MAT-001"]
    assert [row["finding_id"] for row in desk.rows("findings.csv")] == ["FND-001"]
    assert not (desk.data / "figures/findings.csv").exists()


def test_what_a_decision_fills_in_goes_before_the_record(desk: Desk) -> None:
    decision = DECISION | {
        "disease_area": "cross-cutting",
        "geography_level": "london",
        "geography_code": "E12000007",
        "period": "2017",
        "sex": "female",
        "ethnic_group": "white+black-african",
        "comparator": "asian",
        "direction": "lower",
        "confidence": "secondary",
        "correction": "Recorded of Lambeth; the report says London.",
        "note": "From the summary.",
    }
    desk.curate([RECORD], [decision])
    [finding] = desk.rows("findings.csv")
    told = {name: decision[name] for name in decision if name in finding and decision[name]}
    assert finding == {
        **told,
        "finding_id": "FND-001",
        "geography_name": "London",
        "ethnic_group": "black-african+white",
    }


def test_a_finding_without_period_or_comparator_says_so_or_has_none(desk: Desk) -> None:
    record = RECORD | {"period": "", "comparator_code": "", "ethnic_group_codes": "white+asian"}
    desk.curate([record], [DECISION])
    [finding] = desk.rows("findings.csv")
    assert finding["period"] == "not stated"
    assert finding["comparator"] == ""
    assert finding["ethnic_group"] == "asian+white"
    assert read_table(FINDINGS, desk.data).faults == []


# --- Excluded -------------------------------------------------------------------------------


def test_an_excluded_finding_is_listed_with_its_reason_and_its_disease_area(desk: Desk) -> None:
    assert desk.curate([RECORD, SECOND], [DECISION, OUT]) == {"findings": (1, 1)}
    assert [row["finding_id"] for row in desk.rows("findings.csv")] == ["FND-001"]
    assert desk.rows("excluded.csv") == [
        {
            "record_id": "FND-002",
            "disease_area": "cancer",
            "reason": "not checked",
            "explanation": "The report was not found.",
        }
    ]
    assert read_table(EXCLUDED, desk.data).faults == []


def test_excluded_figures_and_findings_stand_in_one_table(desk: Desk) -> None:
    desk.decide_figures(
        FIGURE_DECISION | {"status": "excluded", "reason": "ambiguous", "explanation": "Unclear."}
    )
    desk.curate([RECORD, SECOND], [DECISION, OUT])
    found = {row["record_id"]: row["disease_area"] for row in desk.rows("excluded.csv")}
    assert found == {"FND-002": "cancer", "MAT-001": "maternity"}


def test_findings_that_nobody_has_decided_yet_are_left_alone(desk: Desk) -> None:
    desk.decide_figures(FIGURE_DECISION)
    write(desk.records / "findings.csv", [RECORD])
    assert curate(desk.records, desk.data) == {"maternity": (1, 0)}
    assert not (desk.data / "findings.csv").exists()


# --- What can't be carried out --------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "decisions", "message"),
    [
        (
            [RECORD, SECOND, RECORD | {"finding_id": "FND-003"}],
            [DECISION],
            "findings: records without a decision: FND-002, FND-003",
        ),
        ([RECORD], [DECISION, OUT], "findings: records decided but not gathered: FND-002"),
        ([RECORD], [DECISION, DECISION], "findings: records decided twice: FND-001"),
        (
            [RECORD | {"geography_name": "Camberwell Borough"}],
            [DECISION],
            "FND-001: no area is called 'Camberwell Borough'. Fill in geography_code with a code "
            "of reference/areas.csv",
        ),
        (
            [RECORD | {"geography_level": "london"}],
            [DECISION],
            "FND-001: no area is called 'Lambeth'. Fill in geography_code with a code of "
            "reference/areas.csv",
        ),
        (
            [RECORD | {"geography_level": "street"}],
            [DECISION | {"geography_code": "E09000022"}],
            "FND-001: 'street' is not a level",
        ),
        (
            [RECORD],
            [DECISION | {"status": "perhaps"}],
            "findings.csv, FND-001: status is 'perhaps'. Write published or excluded",
        ),
    ],
    ids=[
        *("undecided", "not gathered", "decided twice", "unknown area", "area of another level"),
        *("unknown level", "unknown status"),
    ],
)
def test_a_decision_of_a_finding_that_cannot_be_carried_out_says_which_and_why(
    desk: Desk, records: list[Cells], decisions: list[Cells], message: str
) -> None:
    with pytest.raises(CurationError) as raised:
        desk.curate(records, decisions)
    assert str(raised.value) == message
    # Nothing is written of findings that are not decided in full.
    for name in ("findings.csv", "excluded.csv", "record_digests.csv"):
        assert not (desk.data / name).exists(), name


def test_a_decision_of_a_finding_does_not_decide_a_figure(desk: Desk) -> None:
    write(desk.records / "findings.csv", [RECORD])
    desk.decide_figures(FIGURE_DECISION, FIGURE_DECISION | {"record_id": "FND-001"})
    with pytest.raises(CurationError, match="maternity: records decided but not gathered: FND-001"):
        curate(desk.records, desk.data)


def test_an_area_that_has_no_name_in_the_table_is_found_by_the_code_of_the_decision(
    desk: Desk,
) -> None:
    record = RECORD | {"geography_name": "one hospital", "geography_level": "london"}
    desk.curate([record], [DECISION | {"geography_code": "lon-one-hospital"}])
    [finding] = desk.rows("findings.csv")
    assert finding["geography_code"] == "lon-one-hospital"
    assert finding["geography_name"] == "London (one hospital)"


# --- Digests --------------------------------------------------------------------------------


def test_the_digests_cover_every_record_of_both_files_whatever_was_decided(desk: Desk) -> None:
    later = FIGURE_RECORD | {"record_id": "CAN-001", "disease_area": "cancer"}
    write(desk.records / "figures.csv", [FIGURE_RECORD, later])
    desk.decide_figures(
        FIGURE_DECISION | {"status": "excluded", "reason": "ambiguous", "explanation": "Unclear."}
    )
    desk.curate([RECORD, SECOND], [DECISION, OUT])
    written = desk.rows("record_digests.csv")
    # What was left out has no digest of a published row.
    assert [bool(row.pop("published")) for row in written] == [False, False, True, False]
    assert written == [
        {"record_id": "MAT-001", **record_digests(FIGURE_RECORD)},
        {"record_id": "CAN-001", **record_digests(later)},
        {"record_id": "FND-001", **finding_record_digests(RECORD)},
        {"record_id": "FND-002", **finding_record_digests(SECOND)},
    ]
    assert read_table(RECORDS, desk.data).faults == []


def test_a_finding_and_its_record_have_the_same_digests(desk: Desk) -> None:
    record = RECORD | {"ethnic_group_codes": "white+black", "period": ""}
    desk.curate([record], [DECISION])
    [finding] = desk.rows("findings.csv")
    assert finding_digests(finding) == finding_record_digests(record)


@pytest.mark.parametrize(
    ("column", "cell", "field"),
    [
        ("ethnic_group", "asian", "group"),
        ("comparator", "asian", "group"),
        ("period", "2017", "period"),
        ("geography_code", "E09000028", "area"),
    ],
)
def test_what_a_decision_changes_of_a_finding_shows_in_its_own_digest_alone(
    desk: Desk, column: str, cell: str, field: str
) -> None:
    desk.curate([RECORD], [DECISION | {column: cell}])
    [finding] = desk.rows("findings.csv")
    [digest] = [row for row in desk.rows("record_digests.csv") if row["record_id"] == "FND-001"]
    mine = finding_digests(finding)
    assert {name for name in mine if mine[name] != digest[name]} == {field}


# --- The word none --------------------------------------------------------------------------


def test_the_word_none_leaves_the_limits_of_a_record_out(desk: Desk) -> None:
    desk.decide_figures(FIGURE_DECISION | {"lower": "none", "upper": "none"})
    desk.curate([RECORD], [DECISION])
    [figure] = desk.rows("figures/maternity.csv")
    assert (figure["value"], figure["lower"], figure["upper"]) == ("3.70", "", "")
    # The digest stays that of the record, so that what was left out shows.
    digest = next(r for r in desk.rows("record_digests.csv") if r["record_id"] == "MAT-001")
    assert digest["limits"] == record_digests(FIGURE_RECORD)["limits"]


def test_an_empty_cell_of_a_decision_takes_the_limits_of_the_record(desk: Desk) -> None:
    desk.decide_figures(FIGURE_DECISION | {"lower": "", "upper": "4.6"})
    desk.curate([RECORD], [DECISION])
    [figure] = desk.rows("figures/maternity.csv")
    assert (figure["lower"], figure["upper"]) == ("2.9", "4.6")


@pytest.mark.parametrize("column", ["comparator", "comparator_label", "numerator", "qualifier"])
def test_the_word_none_leaves_out_other_cells_of_a_record_too(desk: Desk, column: str) -> None:
    record = FIGURE_RECORD | {"numerator": "12", "qualifier": "about"}
    write(desk.records / "figures.csv", [record])
    desk.decide_figures(FIGURE_DECISION)
    desk.curate([RECORD], [DECISION])
    [whole] = desk.rows("figures/maternity.csv")
    assert whole[column]
    desk.decide_figures(FIGURE_DECISION | {column: "none"})
    curate(desk.records, desk.data)
    assert desk.rows("figures/maternity.csv") == [whole | {column: ""}]


# --- The command and the committed tables ---------------------------------------------------


def test_the_command_counts_the_findings_beside_the_areas(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.decide_figures(FIGURE_DECISION)
    desk.lay_out([RECORD, SECOND], [DECISION, OUT])
    assert main(["--data", str(desk.data), "curate", str(desk.records)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed == ["findings: 1 published, 1 excluded", "maternity: 1 published, 0 excluded"]


def test_the_command_fails_and_names_a_finding_without_a_decision(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.lay_out([RECORD, SECOND], [DECISION])
    assert main(["--data", str(desk.data), "curate", str(desk.records)]) == 1
    assert capsys.readouterr().err == "findings: records without a decision: FND-002\n"


def test_curating_the_findings_again_writes_the_same_files(desk: Desk) -> None:
    desk.curate([RECORD, SECOND], [DECISION, OUT])
    names = ["findings.csv", "excluded.csv", "record_digests.csv"]
    first = [(desk.data / name).read_bytes() for name in names]
    curate(desk.records, desk.data)
    assert [(desk.data / name).read_bytes() for name in names] == first
    assert all(b"\r" not in content for content in first)


def test_every_committed_finding_was_decided_and_says_what_the_decision_says() -> None:
    decided = {row["record_id"]: row for row in rows_of(DATA / "curation/findings.csv")}
    findings = {row["finding_id"]: row for row in rows_of(DATA / "findings.csv")}
    excluded = {row["record_id"]: row for row in rows_of(DATA / "excluded.csv")}
    published = {key for key, row in decided.items() if row["status"] == "published"}
    assert published == set(findings)
    assert set(decided) - published == {key for key in excluded if key.startswith("FND-")}
    for key, finding in findings.items():
        for column in ("sentence", "source_id", "correction", "note"):
            assert finding[column] == decided[key][column], key
    for key in set(decided) - published:
        for column in ("reason", "explanation"):
            assert excluded[key][column] == decided[key][column], key


def test_every_committed_finding_shares_with_its_record_what_no_decision_put_right() -> None:
    records = {row["record_id"]: row for row in rows_of(DATA / "record_digests.csv")}
    decided = {row["record_id"]: row for row in rows_of(DATA / "curation/findings.csv")}
    columns = {
        "group": ("ethnic_group", "comparator"),
        "area": ("geography_level", "geography_code"),
        "period": ("period",),
    }
    for finding in rows_of(DATA / "findings.csv"):
        key = finding["finding_id"]
        for field, digest in finding_digests(finding).items():
            changed = any(decided[key][column] for column in columns.get(field, ()))
            assert changed or records[key][field] == digest, (key, field)
