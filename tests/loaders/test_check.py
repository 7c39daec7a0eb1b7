"""The check across tables, the command that prints it, and the evidence base that survives it.

Each test breaks one thing in a copy of the tables. The copy holds every curated row and a few
rows of each bulk indicator, so that many copies can be opened.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from loaders.__main__ import fault_lines, main
from loaders.open import EvidenceBase, open_evidence
from loaders.read import Fault
from loaders.tables import DATA, FIGURES, TABLES
from tests.loaders.tables_to_break import append, change, rows_of, write_rows

FILE = "figures/maternity.csv"
GROUPS = "reference/ethnic_groups.csv"
CORRUPTIONS = 200
AT_ONCE = 5
SEED = 20261122


def only_fault(base: EvidenceBase) -> Fault:
    assert len(base.faults) == 1, [str(fault) for fault in base.faults]
    return base.faults[0]


def assert_only_left_out(base: EvidenceBase, sound: EvidenceBase, *left_out: str) -> None:
    """Every other figure is as it was, and so is every other table."""
    gone = set(sound.figures["figure_id"]) - set(base.figures["figure_id"])
    assert gone == set(left_out)
    assert set(base.figures["figure_id"]) <= set(sound.figures["figure_id"])
    columns = FIGURES.columns
    kept = sound.figures[~sound.figures["figure_id"].isin(left_out)].reset_index(drop=True)
    pd.testing.assert_frame_equal(base.figures[columns], kept[columns])
    pd.testing.assert_frame_equal(base.sources, sound.sources)
    pd.testing.assert_frame_equal(base.indicators, sound.indicators)
    pd.testing.assert_frame_equal(base.population, sound.population)


# --- One bad row ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "problem", "remedy"),
    [
        (
            {"value": "many"},
            "value",
            "'many': not a number",
            "Write a plain number such as 12.5",
        ),
        (
            {"ethnic_group": "black-martian"},
            "ethnic_group",
            "no ethnic group 'black-martian'",
            "Use codes of reference/ethnic_groups.csv, joined with +",
        ),
        (
            {"ethnic_group": "black+martian"},
            "ethnic_group",
            "no ethnic group 'black+martian'",
            "Use codes of reference/ethnic_groups.csv, joined with +",
        ),
        (
            {"comparator": "martian"},
            "comparator",
            "no ethnic group 'martian'",
            "Use codes of reference/ethnic_groups.csv, joined with +",
        ),
        (
            {"source_id": "mbrrace-1850"},
            "source_id",
            "'mbrrace-1850' is not in sources.csv",
            "Add it to sources.csv, or write one that is there",
        ),
        (
            {"indicator_id": "luck"},
            "indicator_id",
            "'luck' is not in indicators.csv",
            "Add it to indicators.csv, or write one that is there",
        ),
        (
            {"geography_code": "E09000099"},
            "geography_code",
            "'E09000099' is not in reference/areas.csv",
            "Add it to reference/areas.csv, or write one that is there",
        ),
        (
            {"geography_name": "Great Britain"},
            "geography_name",
            "'Great Britain' does not go with K02000001",
            "Write 'United Kingdom'",
        ),
        (
            {"geography_level": "england"},
            "geography_level",
            "'england' does not go with K02000001",
            "Write 'uk'",
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_only_the_bad_row_is_left_out_and_its_fault_says_what_would_be_right(
    data: Path,
    sound: EvidenceBase,
    cells: dict[str, str],
    column: str,
    problem: str,
    remedy: str,
) -> None:
    row = change(data, FILE, "mat-001", **cells)
    base = open_evidence(data)
    fault = only_fault(base)
    assert (fault.file, fault.row, fault.column) == (FILE, row, column)
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert str(fault).startswith(f"{FILE}, row 2, column {column}: {problem}")
    assert_only_left_out(base, sound, "mat-001")
    assert {entry.name: entry.faults for entry in base.reports if entry.faults} == {"figures": 1}
    assert "mat-001" not in set(base.gaps["figure_id"])


def test_a_doubled_key_leaves_out_the_second_row_and_names_the_first(
    data: Path, sound: EvidenceBase
) -> None:
    row = append(data, FILE, "mat-001", period="1066")
    base = open_evidence(data)
    fault = only_fault(base)
    assert (fault.file, fault.row, fault.column) == (FILE, row, "figure_id")
    assert fault.problem == f"'mat-001' stands already in {FILE}, row 2"
    assert "key of its own" in fault.remedy
    assert_only_left_out(base, sound)
    assert "1066" not in set(base.figures["period"])


def test_a_key_may_not_stand_in_two_files_of_a_table(data: Path, sound: EvidenceBase) -> None:
    append(data, "figures/mental-health.csv", "men-001", figure_id="mat-001")
    fault = open_evidence(data).faults[0]
    assert fault.file == "figures/mental-health.csv"
    assert fault.problem == f"'mat-001' stands already in {FILE}, row 2"


def test_a_curated_figure_may_not_have_the_key_of_a_bulk_figure(
    data: Path, sound: EvidenceBase
) -> None:
    bulk = pd.read_parquet(data / "bulk/school-readiness.parquet")
    change(data, FILE, "mat-001", figure_id=str(bulk["figure_id"][0]))
    base = open_evidence(data)
    assert base.figures["figure_id"].is_unique
    assert only_fault(base).column == "figure_id"


def test_the_same_finding_twice_is_published_once_and_named(
    data: Path, sound: EvidenceBase
) -> None:
    row = append(data, FILE, "mat-001", figure_id="mat-999", record_id="MAT-999", value="3.8")
    base = open_evidence(data)
    fault = only_fault(base)
    assert (fault.file, fault.row, fault.column) == (FILE, row, "figure_id")
    assert fault.problem == f"the same finding as {FILE}, row 2"
    assert "population or adjusted_for" in fault.remedy
    assert_only_left_out(base, sound)


def test_a_finding_of_other_people_or_other_adjustment_is_another_finding(data: Path) -> None:
    append(data, FILE, "mat-001", figure_id="mat-998", record_id="MAT-998", population="twins")
    append(data, FILE, "mat-001", figure_id="mat-999", record_id="MAT-999", adjusted_for="age")
    assert open_evidence(data).faults == ()


def test_a_record_is_not_both_published_and_excluded(data: Path) -> None:
    append(data, "excluded.csv", "MAT-005", record_id="MAT-001")
    fault = only_fault(open_evidence(data))
    assert (fault.file, fault.row, fault.column) == (FILE, 2, "record_id")
    assert fault.problem == "'MAT-001' is published and excluded"
    assert "excluded.csv" in fault.remedy


def test_a_source_that_no_figure_uses_is_named(data: Path) -> None:
    row = append(
        data, "sources.csv", "ahmad-2022-bjpsych", source_id="nobody-1999", title="Read by nobody",
        url="https://example.org/nobody",
    )  # fmt: skip
    fault = only_fault(open_evidence(data))
    assert (fault.file, fault.row, fault.column) == ("sources.csv", row, "source_id")
    assert "no figure uses 'nobody-1999'" in fault.problem


def test_an_alias_belongs_to_one_ethnic_group(data: Path) -> None:
    row = change(data, GROUPS, "other-arab", aliases="Other Arab | BLACK AFRICAN")
    fault = only_fault(open_evidence(data))
    assert (fault.file, fault.row, fault.column) == (GROUPS, row, "aliases")
    assert "belongs to black-african already" in fault.problem


def test_a_source_with_a_fault_takes_only_its_own_figures_with_it(
    data: Path, sound: EvidenceBase
) -> None:
    row = change(data, "sources.csv", "knight-2020-ppe-maternal-mortality", url="nowhere")
    base = open_evidence(data)
    own = sound.figures[sound.figures["source_id"] == "knight-2020-ppe-maternal-mortality"]
    assert len(own) > 0
    gone = set(sound.figures["figure_id"]) - set(base.figures["figure_id"])
    assert gone == set(own["figure_id"])
    assert ("sources.csv", row, "url") in {(f.file, f.row, f.column) for f in base.faults}


def test_a_faulty_row_does_not_make_its_source_look_unused(data: Path) -> None:
    base = open_evidence(data)
    times = base.figures["source_id"].value_counts()
    alone = base.figures[base.figures["source_id"].isin(times[times == 1].index)]
    here = {row[0] for row in rows_of(data / FILE)}
    row = alone[alone["figure_id"].isin(here)].iloc[0]
    change(data, FILE, str(row["figure_id"]), unit="")
    assert only_fault(open_evidence(data)).column == "unit"


# --- Ethnic groups that don't hold together ---------------------------------------------------


@pytest.mark.parametrize(
    ("key", "cells", "column"),
    [
        ("south-asian", {"members": "asian-bangladeshi asian-indien"}, "members"),
        ("south-asian", {"members": "asian-bangladeshi south-asian"}, "members"),
        ("black-african", {"parent": "blak"}, "parent"),
        ("all", {"members": "asian black mixed white other unknown all"}, "members"),
    ],
)
def test_a_group_whose_parent_or_members_are_no_groups_is_a_fault(
    data: Path, key: str, cells: dict[str, str], column: str
) -> None:
    row = change(data, GROUPS, key, **cells)
    faults = open_evidence(data).faults
    assert (GROUPS, row, column) in {(f.file, f.row, f.column) for f in faults}


@pytest.mark.parametrize(
    "key", ["asian", "black-african", "white-british", "mixed", "unknown", "all"]
)
def test_a_faulty_row_of_any_ethnic_group_leaves_the_others_usable(
    data: Path, sound: EvidenceBase, key: str
) -> None:
    row = change(data, GROUPS, key, short_label="")
    base = open_evidence(data)
    assert (GROUPS, row, "short_label") in {(f.file, f.row, f.column) for f in base.faults}
    assert len(base.figures) > len(sound.figures) / 10
    assert key not in set(base.figures["ethnic_group"])


# --- One bad table --------------------------------------------------------------------------

FILES = sorted(file.relative_to(DATA).as_posix() for table in TABLES for file in table.files(DATA))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def fill_with_noise(file: Path) -> None:
    file.write_bytes(bytes(range(128, 256)) * 20)


def remove(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("break_it", [cut, fill_with_noise, remove])
def test_an_unreadable_file_leaves_the_rest_usable_and_nothing_raises(
    data: Path, sound: EvidenceBase, name: str, break_it: Callable[[Path], None]
) -> None:
    break_it(data / name)
    base = open_evidence(data)
    assert base.faults
    frames = {
        "sources.csv": base.sources,
        "indicators.csv": base.indicators,
        "excluded.csv": base.excluded,
        "reference/boroughs.csv": base.boroughs,
        "reference/areas.csv": base.areas,
        GROUPS: base.ethnic_groups,
        "reference/population.parquet": base.population,
    }
    was = {
        "sources.csv": sound.sources,
        "indicators.csv": sound.indicators,
        "excluded.csv": sound.excluded,
        "reference/boroughs.csv": sound.boroughs,
        "reference/areas.csv": sound.areas,
        GROUPS: sound.ethnic_groups,
        "reference/population.parquet": sound.population,
    }
    # Reference tables that are not broken stay whole, except where they name what is lost.
    for other in set(frames) - {name, "reference/population.parquet"}:
        assert len(frames[other]) == len(was[other]), other
    if break_it is not cut or name.endswith(".parquet"):
        if name in frames:
            assert len(frames[name]) == 0
        entry = next(e for e in base.reports if e.name == table_of(name))
        if break_it is not remove or len(table_files(name)) == 1:
            assert entry.unreadable
            assert entry.name in base.unreadable
    # Figures need what labels them; all else they can do without.
    broken_figures = {"figures", "bulk figures", "derived figures"} & {table_of(name)}
    if not broken_figures and break_it is not cut and name not in LABELS:
        assert len(base.figures) == len(sound.figures)
    if broken_figures:
        assert 0 < len(base.figures) < len(sound.figures)


LABELS = {GROUPS, "indicators.csv", "reference/areas.csv"}


def table_of(name: str) -> str:
    return next(t.name for t in TABLES if Path(name).match(t.pattern))


def table_files(name: str) -> list[Path]:
    return next(t.files(DATA) for t in TABLES if Path(name).match(t.pattern))


def test_a_file_of_which_every_row_is_faulty_is_counted_in_its_table(data: Path) -> None:
    rows = rows_of(data / FILE)
    position = rows[0].index("unit")
    write_rows(data / FILE, [rows[0]] + [[*r[:position], "", *r[position + 1 :]] for r in rows[1:]])
    base = open_evidence(data)
    entry = next(entry for entry in base.reports if entry.name == "figures")
    assert entry.faults == len(rows) - 1


def test_a_folder_without_tables_opens_empty_and_says_so(tmp_path: Path) -> None:
    base = open_evidence(tmp_path)
    assert len(base.faults) == sum(len(table.expected) or 1 for table in TABLES)
    assert set(base.unreadable) == {table.name for table in TABLES}
    assert len(base.figures) == len(base.gaps) == len(base.sources) == 0
    assert {"set_id", "limit_lower", "disease_area", "year"} <= set(base.figures.columns)


@pytest.mark.parametrize(
    "text",
    ["", "date = ", 'date = "soon"', "date = 3", "day = 2026-11-22", "date = 2026-13-45"],
)
def test_a_release_date_that_cannot_be_read_raises_nothing(data: Path, text: str) -> None:
    (data / "release.toml").write_text(text, encoding="utf-8")
    assert open_evidence(data).released == date(1970, 1, 1)


def test_a_release_date_in_no_known_encoding_raises_nothing(data: Path) -> None:
    (data / "release.toml").write_bytes(b'date = "\xff\xfe"')
    assert open_evidence(data).released == date(1970, 1, 1)


def test_a_release_date_is_read(data: Path) -> None:
    (data / "release.toml").write_text("date = 2026-02-28\n", encoding="utf-8")
    assert open_evidence(data).released == date(2026, 2, 28)


# --- Anything in any cell -------------------------------------------------------------------

JUNK = [
    *("", " ", "0", "-1", "100", "101", "1e308", "-1e308", "1e999", "nan", "inf", "1,5", "½"),
    *("0.0000001", "٣", "1_000", "None", "null", "NA", "#N/A", "-", "*", "true", "all", "unknown"),
    *(
        "white-british",
        "black+white",
        "white+white",
        "+",
        "a+",
        "ethnic-minority",
        "=1+1",
        '"',
        "'",
    ),
    *(
        "a\nb",
        "a\r\nb",
        "\u00a0",
        "\u202e",
        "\x00",
        "\ufeff",
        "🙂",
        "<b>x</b>",
        "x" * 5000,
        "{value}",
    ),
    *(
        "E09000022",
        "london",
        "borough",
        "percentage",
        "rate",
        "rate_ratio",
        "mean",
        "share",
        "count",
    ),
    *("crude", "adjusted", "9999", "0000", "2020-2010", "99999999999", "2019-20", "not stated"),
    *("MAT-001", "mat-002", "suppressed", "primary", "female", "maternal-death", "ratio", "1/0"),
]


def corrupt(rows: list[list[str]], number: int, generator: random.Random) -> str:
    position, junk = generator.randrange(len(rows[0])), generator.choice(JUNK)
    told = f"row {number + 1} ({rows[number][0]}), {rows[0][position]} = {junk[:20]!r}"
    rows[number][position] = junk
    return told


def test_no_cell_of_the_figures_however_corrupt_stops_the_others(
    data: Path, sound: EvidenceBase
) -> None:
    columns = FIGURES.columns
    original = {n: rows_of(DATA / n) for n in (FILE, "figures/mental-health.csv")}
    whole = sound.figures[columns].set_index("figure_id", drop=False)
    generator = random.Random(SEED)  # noqa: S311
    harmless = harmful = 0
    for _ in range(CORRUPTIONS // AT_ONCE):
        name = generator.choice(list(original))
        rows = [list(row) for row in original[name]]
        numbers = generator.sample(range(1, len(rows)), AT_ONCE)
        keys = [rows[number][0] for number in numbers]
        told = "; ".join(corrupt(rows, number, generator) for number in numbers)
        write_rows(data / name, rows)
        base = open_evidence(data)
        write_rows(data / name, original[name])

        kept = base.figures[columns].set_index("figure_id", drop=False)
        assert kept.index.is_unique, told
        assert base.gaps["figure_id"].is_unique, told
        others = whole.drop(index=keys)
        # A row that became the double of a later one takes that one's place: the first is kept.
        lost = set(others.index) - set(kept.index)
        doubles = [f for f in base.faults if re.search("stands already|same finding", f.problem)]
        assert len(lost) <= len(doubles), told
        rest = [i for i in others.index if i in kept.index and i not in JUNK]
        pd.testing.assert_frame_equal(kept.loc[rest], others.loc[rest], obj=told)
        # Each row is kept as it now stands, or a fault of that row says why not.
        faulty = {f.row for f in base.faults if f.file == name}
        for number in numbers:
            now = rows[number][0].strip()
            assert now in kept.index or number + 1 in faulty, told
            harmless += number + 1 not in faulty
            harmful += number + 1 in faulty
    assert harmless + harmful == CORRUPTIONS
    assert min(harmless, harmful) > CORRUPTIONS / 10


@pytest.mark.parametrize("name", ["sources.csv", "indicators.csv", GROUPS, "reference/areas.csv"])
def test_no_cell_of_the_other_tables_however_corrupt_raises_anything(data: Path, name: str) -> None:
    original = rows_of(data / name)
    generator = random.Random(f"{SEED} {name}")  # noqa: S311
    for _ in range(10):
        rows = [list(row) for row in original]
        numbers = generator.sample(range(1, len(rows)), 3)
        told = "; ".join(corrupt(rows, number, generator) for number in numbers)
        write_rows(data / name, rows)
        base = open_evidence(data)
        assert base.figures["figure_id"].is_unique, told
        assert len(base.boroughs) == 33, told
        assert len(base.indicators) >= len(rows_of(data / "indicators.csv")) - 4, told


# --- The command ----------------------------------------------------------------------------


def test_the_check_of_sound_tables_prints_rows_sources_and_faults_and_succeeds(
    small: Path, sound: EvidenceBase, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(small), "check"]) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[0].split() == ["table", "rows", "sources", "faults"]
    table = lines[1 : lines.index("")]
    told = {line[:16].strip(): line[16:].split() for line in table}
    assert set(told) == {table.name for table in TABLES}
    curated = sound.figures["record_id"].notna()
    sources = sound.figures.loc[curated, "source_id"].nunique()
    assert told["figures"] == [str(curated.sum()), str(sources), "0"]
    assert told["boroughs"] == ["33", "0"]
    assert told["sources"] == [str(len(sound.sources)), str(len(sound.sources)), "0"]
    assert lines[-1] == "No faults found"
    assert printed.err == ""


def test_the_check_of_faulty_tables_names_every_fault_and_fails(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(data, FILE, "mat-001", value="many")
    change(data, FILE, "mat-003", source_id="mbrrace-1850")
    assert main(["--data", str(data), "check"]) == 1
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    table = {line[:16].strip(): line[16:].split() for line in lines[: lines.index("")]}
    curated = int(open_evidence(data).figures["record_id"].notna().sum())
    assert (table["figures"][0], table["figures"][2]) == (str(curated), "2")
    assert table["sources"][2] == "0"
    assert f"{FILE}, row 2, column value: 'many': " in printed.err
    assert f"{FILE}, row 4, column source_id: 'mbrrace-1850' is not in sources.csv" in printed.err
    assert "2 faults found" in printed.err
    assert "No faults found" not in printed.out


def test_the_check_of_missing_tables_fails_and_names_them(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "sources.csv").unlink()
    assert main(["--data", str(data), "check"]) == 1
    assert "sources.csv: the table is missing. Put the file back" in capsys.readouterr().err


def test_a_fault_that_many_rows_share_is_told_three_times_and_then_counted() -> None:
    shared = [Fault("a.csv", row, "unit", "empty", "Fill it in") for row in range(2, 1002)]
    other = Fault("a.csv", 7, "sex", "empty", "Fill it in")
    lines = fault_lines([*shared, other])
    assert lines == [
        *(f"a.csv, row {row}, column unit: empty. Fill it in" for row in (2, 3, 4)),
        "a.csv, row 7, column sex: empty. Fill it in",
        "a.csv, column unit: empty in 997 more rows",
    ]


def test_faults_are_data_that_a_page_can_list(data: Path) -> None:
    change(data, FILE, "mat-001", value="many")
    fault = only_fault(open_evidence(data))
    told = json.loads(json.dumps(vars(fault)))
    assert told["file"] == FILE
    assert (told["row"], told["column"]) == (2, "value")
