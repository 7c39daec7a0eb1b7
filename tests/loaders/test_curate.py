"""Curating: gathered records and decisions in, figures, exclusions and digests out.

The records and decisions are small and made here; the areas are those of the project.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from loaders.__main__ import main
from loaders.curate import (
    DIGEST_FIELDS,
    CurationError,
    curate,
    figure_digests,
    record_digests,
    row_digest,
)
from loaders.read import read_table
from loaders.tables import DATA, EXCLUDED, FIGURES
from tests.loaders.records_to_curate import DECISION, RECORD, Cells, rows_of, write

OUT = DECISION | {
    "record_id": "MAT-002",
    "status": "excluded",
    "reason": "out of scope",
    "explanation": "It is about something else.",
}


class Desk:
    """A folder of gathered records and a data folder of decisions."""

    def __init__(self, folder: Path) -> None:
        self.records, self.data = folder / "records", folder / "data"
        (self.data / "reference").mkdir(parents=True)
        shutil.copy(DATA / "reference/areas.csv", self.data / "reference/areas.csv")

    def lay_out(
        self, records: list[Cells], decisions: list[Cells], area: str = "maternity"
    ) -> None:
        write(self.records / "figures.csv", records)
        write(self.data / f"curation/{area}.csv", decisions)

    def curate(self, records: list[Cells], decisions: list[Cells]) -> dict[str, tuple[int, int]]:
        self.lay_out(records, decisions)
        return curate(self.records, self.data)

    def figures(self, area: str = "maternity") -> list[Cells]:
        return rows_of(self.data / f"figures/{area}.csv")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_published_record_becomes_a_figure_with_the_record_s_own_cells(desk: Desk) -> None:
    assert desk.curate([RECORD], [DECISION]) == {"maternity": (1, 0)}
    [figure] = desk.figures()
    assert list(figure) == FIGURES.columns
    assert figure["figure_id"] == "mat-001"
    assert figure["record_id"] == "MAT-001"
    assert figure["indicator_id"] == "maternal-death"
    assert figure["source_id"] == "a-paper-2022"
    assert (figure["geography_code"], figure["geography_name"]) == ("E09000022", "Lambeth")
    # As the source printed it, down to the last nought.
    assert (figure["value"], figure["lower"], figure["upper"]) == ("3.70", "2.9", "4.5")
    assert (figure["ethnic_group"], figure["ethnic_group_label"]) == ("black", "Black women")
    faults = read_table(FIGURES, desk.data).faults
    assert {fault.problem for fault in faults} == {"the table is missing"}, "only made one"
    assert "figures/maternity.csv" not in {fault.file for fault in faults}


def test_an_excluded_record_is_listed_with_its_reason_and_is_no_figure(desk: Desk) -> None:
    counts = desk.curate([RECORD, RECORD | {"record_id": "MAT-002"}], [DECISION, OUT])
    assert counts == {"maternity": (1, 1)}
    assert [row["record_id"] for row in desk.figures()] == ["MAT-001"]
    assert rows_of(desk.data / "excluded.csv") == [
        {
            "record_id": "MAT-002",
            "disease_area": "maternity",
            "reason": "out of scope",
            "explanation": "It is about something else.",
        }
    ]
    assert read_table(EXCLUDED, desk.data).faults == []


def test_exclusions_of_all_areas_stand_in_one_table(desk: Desk) -> None:
    mental = {"record_id": "MEN-001", "disease_area": "mental-health"}
    records = [RECORD, RECORD | {"record_id": "MAT-002"}, RECORD | mental]
    desk.lay_out(records, [DECISION, OUT])
    write(desk.data / "curation/mental-health.csv", [OUT | {"record_id": "MEN-001"}])
    assert curate(desk.records, desk.data) == {"maternity": (1, 1), "mental-health": (0, 1)}
    found = {r["record_id"]: r["disease_area"] for r in rows_of(desk.data / "excluded.csv")}
    assert found == {"MAT-002": "maternity", "MEN-001": "mental-health"}
    assert desk.figures("mental-health") == []


def test_records_of_areas_that_nobody_has_decided_yet_are_left_alone(desk: Desk) -> None:
    later = RECORD | {"record_id": "CAN-001", "disease_area": "cancer"}
    assert desk.curate([RECORD, later], [DECISION]) == {"maternity": (1, 0)}
    assert not (desk.data / "figures/cancer.csv").exists()


@pytest.mark.parametrize(
    ("records", "decisions", "message"),
    [
        (
            [RECORD, RECORD | {"record_id": "MAT-002"}, RECORD | {"record_id": "MAT-003"}],
            [DECISION],
            "maternity: records without a decision: MAT-002, MAT-003",
        ),
        ([RECORD], [DECISION, OUT], "maternity: records decided but not gathered: MAT-002"),
        ([RECORD], [DECISION, DECISION], "maternity: records decided twice: MAT-001"),
        (
            [RECORD | {"disease_area": "cancer"}],
            [DECISION],
            "maternity: records decided but not gathered: MAT-001",
        ),
        (
            [RECORD | {"geography_name": "Camberwell Borough"}],
            [DECISION],
            "MAT-001: no area is called 'Camberwell Borough'. Fill in geography_code",
        ),
        (
            [RECORD | {"geography_level": "london"}],
            [DECISION],
            "MAT-001: no area is called 'Lambeth'",
        ),
        (
            [RECORD | {"geography_level": "street"}],
            [DECISION | {"geography_code": "E09000022"}],
            "MAT-001: 'street' is not a level",
        ),
        (
            [RECORD],
            [DECISION | {"status": "perhaps"}],
            r"maternity.csv, MAT-001: status is 'perhaps'. Write published or excluded",
        ),
        ([RECORD], [DECISION | {"status": ""}], "MAT-001: status is ''"),
    ],
    ids=[
        *("undecided", "not gathered", "decided twice", "record of another area", "unknown area"),
        *("area of another level", "unknown level", "unknown status", "no status"),
    ],
)
def test_a_decision_that_cannot_be_carried_out_says_which_record_and_why(
    desk: Desk, records: list[Cells], decisions: list[Cells], message: str
) -> None:
    with pytest.raises(CurationError, match=message):
        desk.curate(records, decisions)
    # Nothing is written of an area that is not decided in full.
    assert not (desk.data / "figures").exists()
    assert not (desk.data / "excluded.csv").exists()


def test_a_decision_overrides_the_record_and_says_so(desk: Desk) -> None:
    decision = DECISION | {
        "value": "3.6",
        "lower": "2.8",
        "measure": "odds_ratio",
        "correction": "Recorded as a risk ratio of 3.70; the paper says an odds ratio of 3.6.",
        "note": "From the abstract.",
    }
    desk.curate([RECORD], [decision])
    [figure] = desk.figures()
    assert (figure["value"], figure["lower"], figure["upper"]) == ("3.6", "2.8", "4.5")
    assert figure["measure"] == "odds_ratio"
    assert figure["correction"] == decision["correction"]
    assert figure["note"] == "From the abstract."
    # The digests stay those of the record, so that the change shows.
    [digest] = rows_of(desk.data / "record_digests.csv")
    mine = figure_digests(figure)
    assert {name for name in DIGEST_FIELDS if mine[name] != digest[name]} == {
        "value",
        "limits",
        "measure",
    }


def test_an_area_of_the_decision_goes_before_the_name_of_the_record(desk: Desk) -> None:
    record = RECORD | {"geography_name": "two hospitals in England", "geography_level": "england"}
    decision = DECISION | {"geography_code": "K02000001", "geography_level": "uk"}
    desk.curate([record], [decision])
    [figure] = desk.figures()
    assert figure["geography_name"] == "United Kingdom"
    assert figure["geography_level"] == "uk"


def test_a_record_without_a_period_is_published_as_not_stated(desk: Desk) -> None:
    desk.curate([RECORD | {"period": ""}], [DECISION])
    assert desk.figures()[0]["period"] == "not stated"


def test_joined_groups_are_written_in_one_order(desk: Desk) -> None:
    record = RECORD | {"ethnic_group_code": "white+black", "comparator_code": "other+asian"}
    desk.curate([record], [DECISION])
    [figure] = desk.figures()
    assert (figure["ethnic_group"], figure["comparator"]) == ("black+white", "asian+other")


def test_a_record_without_a_comparator_has_none(desk: Desk) -> None:
    desk.curate([RECORD | {"comparator_code": "", "comparator_published": ""}], [DECISION])
    assert desk.figures()[0]["comparator"] == ""


def test_curating_again_writes_the_same_files(desk: Desk) -> None:
    desk.curate([RECORD, RECORD | {"record_id": "MAT-002"}], [DECISION, OUT])
    names = ["figures/maternity.csv", "excluded.csv", "record_digests.csv"]
    first = [(desk.data / name).read_bytes() for name in names]
    curate(desk.records, desk.data)
    assert [(desk.data / name).read_bytes() for name in names] == first
    assert all(b"\r" not in content for content in first)


# --- Digests --------------------------------------------------------------------------------


def test_a_figure_and_its_record_have_the_same_digests(desk: Desk) -> None:
    record = RECORD | {"ethnic_group_code": "white+black", "period": "", "value": "0.10"}
    desk.curate([record], [DECISION])
    [figure] = desk.figures()
    [written] = rows_of(desk.data / "record_digests.csv")
    assert figure_digests(figure) == record_digests(record)
    assert written == {
        "record_id": "MAT-001",
        **record_digests(record),
        "published": row_digest(figure),
    }


def test_every_record_has_digests_whether_published_or_not(desk: Desk) -> None:
    desk.curate([RECORD, RECORD | {"record_id": "MAT-002"}], [DECISION, OUT])
    listed = [row["record_id"] for row in rows_of(desk.data / "record_digests.csv")]
    assert listed == ["MAT-001", "MAT-002"]


@pytest.mark.parametrize("text", ["3.7", "3.70", "03.7", "3.700", "+3.7"])
def test_a_number_written_otherwise_has_the_same_digest(text: str) -> None:
    assert record_digests(RECORD | {"value": text}) == record_digests(RECORD)


@pytest.mark.parametrize(
    ("column", "cell", "field"),
    [
        ("value", "3.71", "value"),
        ("value", "", "value"),
        ("lower_ci", "2.8", "limits"),
        ("upper_ci", "4.6", "limits"),
        ("ethnic_group_code", "black-african", "group"),
        ("comparator_code", "white-british", "group"),
        ("geography_level", "london", "area"),
        ("period", "2019-2021", "period"),
        ("measure", "odds_ratio", "measure"),
    ],
)
def test_a_changed_cell_changes_its_own_digest_alone(column: str, cell: str, field: str) -> None:
    before, after = record_digests(RECORD), record_digests(RECORD | {column: cell})
    assert {name for name in DIGEST_FIELDS if before[name] != after[name]} == {field}


def test_limits_that_change_places_are_seen() -> None:
    swapped = RECORD | {"lower_ci": RECORD["upper_ci"], "upper_ci": RECORD["lower_ci"]}
    assert record_digests(swapped)["limits"] != record_digests(RECORD)["limits"]


def test_a_group_that_changes_places_with_its_comparator_is_seen() -> None:
    swapped = RECORD | {"ethnic_group_code": "white", "comparator_code": "black"}
    assert record_digests(swapped)["group"] != record_digests(RECORD)["group"]


# --- The command ----------------------------------------------------------------------------


def test_the_command_tells_how_many_were_published_and_excluded(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.lay_out([RECORD, RECORD | {"record_id": "MAT-002"}], [DECISION, OUT])
    assert main(["--data", str(desk.data), "curate", str(desk.records)]) == 0
    assert capsys.readouterr().out == "maternity: 1 published, 1 excluded\n"


def test_the_command_fails_and_says_what_is_undecided(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.lay_out([RECORD, RECORD | {"record_id": "MAT-002"}], [DECISION])
    assert main(["--data", str(desk.data), "curate", str(desk.records)]) == 1
    assert capsys.readouterr().err == "maternity: records without a decision: MAT-002\n"


def test_the_command_fails_where_there_are_no_records(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(desk.data), "curate", str(tmp_path / "nowhere")]) == 1
    assert "figures.csv" in capsys.readouterr().err
