"""The check across tables: every record, figure, source and finding stands in its one place.

Each test breaks one thing in a small copy of the tables, reads the fault as a curator would, and
sees that all the rest still opens.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from loaders.open import EvidenceBase, open_evidence
from tests.loaders.tables_to_break import append, change, rows_of, write_rows

KEYS = {
    "figures": ["figure_id"],
    "context": ["figure_id"],
    "findings": ["finding_id"],
    "excluded": ["record_id"],
    "sources": ["source_id"],
    "indicators": ["indicator_id"],
    "boroughs": ["borough_code"],
    "tiles": ["borough_code"],
    "areas": ["area_code"],
    "ethnic_groups": ["code"],
    "population": ["census", "area_code", "ethnic_group"],
    "ages": ["census", "area_code", "ethnic_group", "age"],
}
"""What tells the rows of each table of the evidence base apart."""

MATERNITY = "figures/maternity.csv"
DERIVED = "derived/calculated.parquet"
DEPRIVATION = "context/deprivation.parquet"
BIRTHS = "bulk/births.parquet"
AGES = "reference/ages.parquet"


def take_out(data: Path, name: str, key: str) -> None:
    """Take the row of a key out of a table."""
    rows = rows_of(data / name)
    left = [row for row in rows if row[0] != key]
    assert len(left) == len(rows) - 1
    write_rows(data / name, left)


def row_of(data: Path, name: str, key: str) -> int:
    return next(n for n, row in enumerate(rows_of(data / name), start=1) if row[0] == key)


def edit(data: Path, name: str, place: int, **cells: object) -> tuple[int, pd.Series]:
    """Write cells into a row of a parquet table; returns its row number and the row as it was."""
    frame = pd.read_parquet(data / name)
    was = frame.iloc[place].copy()
    for column, cell in cells.items():
        content = [cell if row == place else now for row, now in enumerate(frame[column])]
        frame[column] = pd.Series(content, dtype="object")
    frame.to_parquet(data / name, index=False)
    return place + 2, was


def rows_by_key(base: EvidenceBase, table: str) -> set[tuple[object, ...]]:
    keys = getattr(base, table)[KEYS[table]]
    return set(keys.itertuples(index=False, name=None))


def left_out(base: EvidenceBase, sound: EvidenceBase) -> dict[str, set[tuple[object, ...]]]:
    """The rows of each table that are gone; tables that are whole have no entry."""
    gone = {table: rows_by_key(sound, table) - rows_by_key(base, table) for table in KEYS}
    return {table: keys for table, keys in gone.items() if keys}


def told(base: EvidenceBase) -> list[str]:
    """Every fault, as the command prints it."""
    return [str(fault) for fault in base.faults]


# --- Records --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "key", "record", "lost"),
    [
        (MATERNITY, "mat-001", "MAT-001", {"figures": {("mat-001",)}}),
        ("excluded.csv", "BOR-086", "BOR-086", {"excluded": {("BOR-086",)}}),
        ("findings.csv", "FND-007", "FND-007", {"findings": {("FND-007",)}}),
    ],
    ids=["a figure", "an exclusion", "a finding"],
)
def test_a_record_that_is_neither_published_nor_excluded_is_named(
    data: Path,
    sound: EvidenceBase,
    table: str,
    key: str,
    record: str,
    lost: dict[str, set[tuple[object, ...]]],
) -> None:
    take_out(data, table, key)
    base = open_evidence(data)
    row = row_of(data, "record_digests.csv", record)
    assert told(base) == [
        f"record_digests.csv, row {row}, column record_id: {record!r} is neither published nor "
        "excluded. Publish it, or exclude it with a reason in excluded.csv"
    ]
    assert left_out(base, sound) == lost


def test_a_record_is_in_its_place_whichever_table_of_its_kind_holds_it(
    data: Path, sound: EvidenceBase
) -> None:
    rows = rows_of(data / MATERNITY)
    [moved] = [row for row in rows if row[0] == "mat-001"]
    take_out(data, MATERNITY, "mat-001")
    others = rows_of(data / "figures/mental-health.csv")
    write_rows(data / "figures/mental-health.csv", [*others, moved])
    base = open_evidence(data)
    assert told(base) == []
    assert left_out(base, sound) == {}


def test_records_are_not_looked_for_while_a_row_that_may_hold_them_cannot_be_read(
    data: Path,
) -> None:
    change(data, MATERNITY, "mat-001", value="many")
    take_out(data, MATERNITY, "mat-003")
    assert [(f.file, f.column) for f in open_evidence(data).faults] == [(MATERNITY, "value")]


@pytest.mark.parametrize(
    ("table", "pattern", "column", "record", "lost"),
    [
        (MATERNITY, "figures/*.csv", "record_id", "MAT-001", {"figures": {("mat-001",)}}),
        ("findings.csv", "findings.csv", "finding_id", "FND-007", {"findings": {("FND-007",)}}),
    ],
    ids=["a figure", "a finding"],
)
def test_a_record_that_is_published_and_excluded_is_left_out_and_named(
    data: Path,
    sound: EvidenceBase,
    table: str,
    pattern: str,
    column: str,
    record: str,
    lost: dict[str, set[tuple[object, ...]]],
) -> None:
    append(data, "excluded.csv", "BOR-086", record_id=record)
    base = open_evidence(data)
    row = row_of(data, table, record if column == "finding_id" else record.lower())
    assert told(base) == [
        f"{table}, row {row}, column {column}: {record!r} is published and excluded. "
        f"Take it out of {pattern} or out of excluded.csv"
    ]
    assert left_out(base, sound) == lost


def test_an_excluded_row_of_a_record_that_nobody_gathered_is_named(
    data: Path, sound: EvidenceBase
) -> None:
    row = append(data, "excluded.csv", "BOR-086", record_id="BOR-999")
    base = open_evidence(data)
    assert told(base) == [
        f"excluded.csv, row {row}, column record_id: no record 'BOR-999' was gathered. "
        "Correct the id, or take the row out"
    ]
    assert left_out(base, sound) == {}


# --- Context and what we worked out ---------------------------------------------------------


@pytest.mark.parametrize("group", ["black", "white-british", "unknown"])
def test_context_with_an_ethnic_group_is_left_out_and_its_own_place_is_named(
    data: Path, sound: EvidenceBase, group: str
) -> None:
    row, was = edit(data, DEPRIVATION, 3, ethnic_group=group)
    base = open_evidence(data)
    assert told(base) == [
        f"{DEPRIVATION}, row {row}, column ethnic_group: {group!r}: context is of everyone in an "
        "area. Move it to figures/*.csv"
    ]
    assert left_out(base, sound) == {"context": {(was["figure_id"],)}}


def test_figures_of_everyone_may_stand_beside_those_of_groups(sound: EvidenceBase) -> None:
    assert (sound.figures["ethnic_group"] == "all").any()
    assert set(sound.context["ethnic_group"]) == {"all"}


def test_a_figure_worked_out_here_without_its_formula_is_left_out(
    data: Path, sound: EvidenceBase
) -> None:
    row, was = edit(data, DERIVED, 7, calculation=None, calculation_source_id=None)
    base = open_evidence(data)
    assert told(base) == [
        f"{DERIVED}, row {row}, column calculation: a figure worked out here needs its formula. "
        "Build it with python -m loaders derive, or take the formula out"
    ]
    assert left_out(base, sound) == {"figures": {(was["figure_id"],)}}


@pytest.mark.parametrize("lacking", ["calculation", "calculation_source_id"])
def test_half_of_a_calculation_is_a_fault(data: Path, sound: EvidenceBase, lacking: str) -> None:
    row, was = edit(data, DERIVED, 7, **{lacking: None})
    base = open_evidence(data)
    [fault] = base.faults
    assert (fault.file, fault.row, fault.column) == (DERIVED, row, "calculation")
    assert fault.problem.endswith("give the formula and the other source, or neither")
    assert left_out(base, sound) == {"figures": {(was["figure_id"],)}}


@pytest.mark.parametrize(("name", "table"), [(BIRTHS, "figures"), (DEPRIVATION, "context")])
def test_a_published_figure_with_a_formula_is_left_out(
    data: Path, sound: EvidenceBase, name: str, table: str
) -> None:
    source = pd.read_parquet(data / name)["source_id"].iloc[2]
    row, was = edit(data, name, 2, calculation="a ÷ b", calculation_source_id=source)
    base = open_evidence(data)
    assert told(base) == [
        f"{name}, row {row}, column calculation: only derived/*.parquet holds worked out ones. "
        "Build it with python -m loaders derive, or take the formula out"
    ]
    assert left_out(base, sound) == {table: {(was["figure_id"],)}}


def test_a_curated_figure_with_a_formula_is_left_out(data: Path, sound: EvidenceBase) -> None:
    source = str(sound.sources["source_id"].iloc[0])
    row = change(data, MATERNITY, "mat-001", calculation="a ÷ b", calculation_source_id=source)
    base = open_evidence(data)
    assert told(base) == [
        f"{MATERNITY}, row {row}, column calculation: only derived/*.parquet holds worked out "
        "ones. Build it with python -m loaders derive, or take the formula out"
    ]
    assert left_out(base, sound) == {"figures": {("mat-001",)}}


def test_the_other_source_of_a_calculation_must_be_a_source(
    data: Path, sound: EvidenceBase
) -> None:
    row, was = edit(data, DERIVED, 11, calculation_source_id="ons-census-1821")
    base = open_evidence(data)
    assert told(base) == [
        f"{DERIVED}, row {row}, column calculation_source_id: 'ons-census-1821' is not in "
        "sources.csv. Add it to sources.csv, or write one that is there"
    ]
    assert left_out(base, sound) == {"figures": {(was["figure_id"],)}}


# --- Findings -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "problem", "remedy"),
    [
        (
            {"source_id": "a-pamphlet-1850"},
            "source_id",
            "'a-pamphlet-1850' is not in sources.csv",
            "Add it to sources.csv, or write one that is there",
        ),
        (
            {"geography_code": "E09000099"},
            "geography_code",
            "'E09000099' is not in reference/areas.csv",
            "Add it to reference/areas.csv, or write one that is there",
        ),
        (
            {"geography_name": "Wales and England"},
            "geography_name",
            "'Wales and England' does not go with K04000001",
            "Write 'England and Wales'",
        ),
        (
            {"geography_level": "uk"},
            "geography_level",
            "'uk' does not go with K04000001",
            "Write 'england-and-wales'",
        ),
        (
            {"ethnic_group": "asian-indian+martian"},
            "ethnic_group",
            "no ethnic group 'asian-indian+martian'",
            "Use codes of reference/ethnic_groups.csv, joined with +",
        ),
        (
            {"comparator": "martian"},
            "comparator",
            "no ethnic group 'martian'",
            "Use codes of reference/ethnic_groups.csv, joined with +",
        ),
    ],
    ids=["source", "area", "name of the area", "level of the area", "group", "comparator"],
)
def test_a_finding_that_refers_to_nothing_is_left_out_and_says_to_what(
    data: Path,
    sound: EvidenceBase,
    cells: dict[str, str],
    column: str,
    problem: str,
    remedy: str,
) -> None:
    row = change(data, "findings.csv", "FND-007", **cells)
    base = open_evidence(data)
    assert told(base) == [f"findings.csv, row {row}, column {column}: {problem}. {remedy}"]
    assert left_out(base, sound) == {"findings": {("FND-007",)}}


def test_a_source_that_a_finding_alone_uses_is_in_use(data: Path, sound: EvidenceBase) -> None:
    append(
        data,
        "sources.csv",
        "ahmad-2022-bjpsych",
        source_id="a-book-1999",
        title="A book of one conclusion",
        url="https://example.org/a-book",
    )
    change(data, "findings.csv", "FND-007", source_id="a-book-1999")
    base = open_evidence(data)
    assert told(base) == []
    assert left_out(base, sound) == {}


# --- What stands twice ----------------------------------------------------------------------


def a_figure_with_a_plain_source(data: Path, sound: EvidenceBase) -> tuple[str, str]:
    """A figure and its source, which has others too and no number in its title."""
    titles = sound.sources.set_index("source_id")["title"]
    rows = pd.read_csv(data / MATERNITY, dtype="str")
    several = rows[rows["source_id"].duplicated()]
    plain = several[~several["source_id"].map(titles).str.contains(r"\d")].iloc[0]
    return str(plain["figure_id"]), str(plain["source_id"])


@pytest.mark.parametrize(
    ("cells", "alike"),
    [
        ({"url": "https://example.org/elsewhere"}, "nearly the same title"),
        ({"title": "Something else altogether"}, "the same address"),
    ],
    ids=["title", "address"],
)
def test_a_source_that_stands_twice_is_a_fault_and_both_stay_with_their_figures(
    data: Path, sound: EvidenceBase, cells: dict[str, str], alike: str
) -> None:
    figure, was = a_figure_with_a_plain_source(data, sound)
    row = append(data, "sources.csv", was, source_id="the-same-again", **cells)
    change(data, MATERNITY, figure, source_id="the-same-again")
    base = open_evidence(data)
    assert told(base) == [
        f"sources.csv, row {row}, column source_id: 'the-same-again' looks like {was!r}: {alike}. "
        "Keep one, or tell them apart in their words"
    ]
    assert left_out(base, sound) == {}
    assert {was, "the-same-again"} <= set(base.sources["source_id"])
    assert {was, "the-same-again"} <= set(base.figures["source_id"])


@pytest.mark.parametrize(
    ("cells", "alike"),
    [
        ({"definition": "Something else altogether"}, "the same name"),
        ({"name": "Something else altogether"}, "the same definition"),
    ],
    ids=["name", "definition"],
)
def test_an_indicator_that_stands_twice_is_a_fault_and_both_stay_with_their_figures(
    data: Path, sound: EvidenceBase, cells: dict[str, str], alike: str
) -> None:
    was = rows_of(data / MATERNITY)[1]
    figure, indicator = was[0], was[rows_of(data / MATERNITY)[0].index("indicator_id")]
    row = append(data, "indicators.csv", indicator, indicator_id="the-same-again", **cells)
    change(data, MATERNITY, figure, indicator_id="the-same-again")
    base = open_evidence(data)
    assert told(base) == [
        f"indicators.csv, row {row}, column indicator_id: 'the-same-again' looks like "
        f"{indicator!r}: {alike}. Keep one, or tell them apart in their words"
    ]
    assert left_out(base, sound) == {}
    assert {indicator, "the-same-again"} <= set(base.indicators["indicator_id"])
    [moved] = base.figures[base.figures["figure_id"] == figure].to_dict("records")
    assert (moved["indicator_id"], moved["disease_area"]) == ("the-same-again", "maternity")


@pytest.mark.parametrize(
    ("name", "taken"),
    [(DERIVED, "mat-001"), (BIRTHS, "mat-001"), (DEPRIVATION, "bulk"), (DEPRIVATION, "derived")],
    ids=["curated by derived", "curated by bulk", "bulk by context", "derived by context"],
)
def test_a_figure_id_of_another_table_is_a_fault_and_the_first_figure_stays(
    data: Path, sound: EvidenceBase, name: str, taken: str
) -> None:
    held = {"bulk": BIRTHS, "derived": DERIVED}
    if taken in held:
        taken = str(pd.read_parquet(data / held[taken])["figure_id"].iloc[0])
    row, was = edit(data, name, 4, figure_id=taken)
    base = open_evidence(data)
    assert told(base) == [
        f"{name}, row {row}, column figure_id: {taken!r} is a figure of another table already. "
        "Give each figure a key of its own"
    ]
    table = "context" if name == DEPRIVATION else "figures"
    assert left_out(base, sound) == {table: {(was["figure_id"],)}}
    kept = base.figures[base.figures["figure_id"] == taken]
    pd.testing.assert_frame_equal(
        kept.reset_index(drop=True),
        sound.figures[sound.figures["figure_id"] == taken].reset_index(drop=True),
    )


# --- Ages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "problem", "remedy"),
    [
        (
            {"area_code": "E09000099"},
            "area_code",
            "'E09000099' is not in reference/areas.csv",
            "Add it to reference/areas.csv, or write one that is there",
        ),
        (
            {"ethnic_group": "martian"},
            "ethnic_group",
            "no ethnic group 'martian'",
            "Use codes of reference/ethnic_groups.csv, joined with +",
        ),
        (
            {"source_id": "domesday-1086"},
            "source_id",
            "'domesday-1086' is not in sources.csv",
            "Add it to sources.csv, or write one that is there",
        ),
    ],
    ids=["area", "group", "source"],
)
def test_ages_that_refer_to_nothing_are_left_out_and_say_to_what(
    data: Path,
    sound: EvidenceBase,
    cells: dict[str, str],
    column: str,
    problem: str,
    remedy: str,
) -> None:
    row, was = edit(data, AGES, 9, **cells)
    base = open_evidence(data)
    assert told(base) == [f"{AGES}, row {row}, column {column}: {problem}. {remedy}"]
    assert left_out(base, sound) == {"ages": {tuple(was[KEYS["ages"]])}}


def test_faults_of_several_tables_are_all_told_and_each_takes_its_own_row(
    data: Path, sound: EvidenceBase
) -> None:
    change(data, "findings.csv", "FND-008", source_id="a-pamphlet-1850")
    _, context = edit(data, DEPRIVATION, 3, ethnic_group="black")
    _, derived = edit(data, DERIVED, 7, calculation=None, calculation_source_id=None)
    _, ages = edit(data, AGES, 9, area_code="E09000099")
    base = open_evidence(data)
    places = {(fault.file, fault.column) for fault in base.faults}
    assert len(base.faults) == 4
    assert places == {
        ("findings.csv", "source_id"),
        (DEPRIVATION, "ethnic_group"),
        (DERIVED, "calculation"),
        (AGES, "area_code"),
    }
    counts = {entry.name: entry.faults for entry in base.reports if entry.faults}
    assert counts == {"findings": 1, "context figures": 1, "derived figures": 1, "ages": 1}
    assert left_out(base, sound) == {
        "findings": {("FND-008",)},
        "context": {(context["figure_id"],)},
        "figures": {(derived["figure_id"],)},
        "ages": {tuple(ages[KEYS["ages"]])},
    }
