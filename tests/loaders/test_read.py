"""Reading one table: what is wrong in a row is said with file, row, column and remedy.

Each test breaks one thing in a copy of a committed table.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest

from evidence.vocabulary import Measure
from loaders.read import Fault, TableRead, read_table
from loaders.tables import (
    BULK,
    DATA,
    ETHNIC_GROUPS,
    EXCLUDED,
    FIGURES,
    INDICATORS,
    POPULATION,
    SOURCES,
    TABLES,
    Table,
)
from tests.loaders.tables_to_break import change, rows_of, write_rows

FILE = "figures/maternity.csv"
RATE_WITH_LIMITS = "mat-073"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The curated tables, without the bulk tables."""
    return Path(
        shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("bulk", "*.geojson"))
    )


def only_fault(read: TableRead) -> Fault:
    assert len(read.faults) == 1, [str(fault) for fault in read.faults]
    return read.faults[0]


def cell(figure_id: str, column: str) -> str:
    rows = rows_of(DATA / FILE)
    row = next(row for row in rows if row[0] == figure_id)
    return row[rows[0].index(column)]


# --- A faulty row ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "text", "problem", "remedy"),
    [
        (
            "value",
            "twelve",
            "'twelve': not a number",
            "plain number such as 12.5",
        ),
        ("value", "1,234", "'1,234': not a number", "plain number such as 12.5"),
        ("value", "<5", "'<5': not a number", "plain number such as 12.5"),
        ("value", "nan", "'nan': not a number that can be shown", "Correct the cell"),
        ("value", "1e999", "'1e999': not a number that can be shown", "Correct the cell"),
        ("value", "", "give either a number or a blank_reason", "Correct the cell"),
        ("value", "-3", "-3 is not above zero, which a ratio must be", "Correct the cell"),
        ("lower", "0.5", "give both limits or neither", "Correct the cell"),
        ("numerator", "-4", "-4 is below zero, which a count can't be", "Correct the cell"),
        (
            "comparator",
            "",
            "the measure risk ratio needs the group compared with",
            "Correct the cell",
        ),
        ("measure", "ratio", "'ratio': Input should be 'rate'", "Use one of 'rate', 'percentage'"),
        ("confidence", "sure", "'sure': Input should be 'primary'", "Use one of 'primary'"),
        ("geography_level", "ward", "'ward': Input should be 'borough'", "Use one of 'borough'"),
        ("standardisation", "", "Input should be 'crude'", "Use one of 'crude'"),
        ("qualifier", "roughly", "'roughly': Input should be 'about'", "Use one of 'about'"),
        ("blank_reason", "lost", "'lost': Input should be 'suppressed'", "Use one of 'suppressed'"),
        ("sex", "women", "'women': String should match", "Write it as all, female or male"),
        ("record_id", "mat1", "'mat1': String should match", "such as MAT-001"),
        ("source_id", "MBRRACE 2022", "'MBRRACE 2022': String should match", "such as ons-2022"),
        ("ethnic_group", "Black women", "'Black women': String", "such as black-african"),
        ("unit", "", "", "Fill the cell in"),
        ("period", "", "", "Fill the cell in"),
        ("geography_name", "", "", "Fill the cell in"),
    ],
)
def test_a_wrong_cell_is_one_fault_that_says_where_and_what_would_be_right(
    data: Path, column: str, text: str, problem: str, remedy: str
) -> None:
    before = read_table(FIGURES, data)
    row = change(data, FILE, "mat-001", **{column: text})
    read = read_table(FIGURES, data)
    fault = only_fault(read)
    assert (fault.file, fault.row, fault.column) == (FILE, row, column)
    assert row == 2
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert str(fault).startswith(f"{FILE}, row 2, column {column}: ")
    kept = before.frame[before.frame["figure_id"] != "mat-001"].reset_index(drop=True)
    pd.testing.assert_frame_equal(read.frame, kept)


def test_a_value_outside_its_limits_is_a_fault_that_names_all_three(data: Path) -> None:
    row = change(data, FILE, RATE_WITH_LIMITS, value="2", lower="3", upper="4", numerator="")
    fault = only_fault(read_table(FIGURES, data))
    assert (fault.row, fault.column) == (row, "value")
    assert fault.problem == "'2': 2 lies outside its limits 3 to 4"


def test_limits_the_wrong_way_round_are_a_fault(data: Path) -> None:
    change(data, FILE, RATE_WITH_LIMITS, value="3.5", lower="4", upper="3", numerator="")
    assert "lies outside its limits 4 to 3" in only_fault(read_table(FIGURES, data)).problem


@pytest.mark.parametrize("measure", [Measure.PERCENTAGE, Measure.SHARE])
@pytest.mark.parametrize("value", ["100.1", "-0.1"])
def test_a_percentage_lies_between_0_and_100(data: Path, measure: Measure, value: str) -> None:
    cells = {"measure": measure.value, "value": value, "lower": "", "upper": ""}
    change(data, FILE, "mat-001", **cells)
    fault = only_fault(read_table(FIGURES, data))
    assert fault.column == "value"
    assert f"{value} is not a percentage from 0 to 100" in fault.problem


@pytest.mark.parametrize("value", ["0", "100"])
def test_nobody_and_everybody_are_percentages(data: Path, value: str) -> None:
    change(data, FILE, "mat-001", measure="percentage", value=value)
    assert read_table(FIGURES, data).faults == []


def test_a_figure_has_no_more_people_with_the_outcome_than_people(data: Path) -> None:
    cells = {"measure": "percentage", "value": "50", "numerator": "6", "denominator": "5"}
    change(data, FILE, "mat-001", **cells)
    fault = only_fault(read_table(FIGURES, data))
    assert fault.column == "numerator"
    assert "more people than the denominator has" in fault.problem


def test_a_blank_figure_says_why_it_is_blank(data: Path) -> None:
    change(data, FILE, "mat-001", value="", blank_reason="suppressed")
    read = read_table(FIGURES, data)
    assert read.faults == []
    row = read.frame.set_index("figure_id").loc["mat-001"]
    assert pd.isna(row["value"])
    assert row["blank_reason"] == "suppressed"


def test_a_figure_is_not_both_a_number_and_a_blank(data: Path) -> None:
    change(data, FILE, "mat-001", blank_reason="suppressed")
    assert "and not both" in only_fault(read_table(FIGURES, data)).problem


def test_every_wrong_cell_of_a_row_is_named(data: Path) -> None:
    change(data, FILE, "mat-001", sex="women", unit="", value="many")
    read = read_table(FIGURES, data)
    assert {fault.column for fault in read.faults} == {"sex", "unit", "value"}
    assert {fault.row for fault in read.faults} == {2}


@pytest.mark.parametrize(
    ("table", "file", "key", "column", "text", "problem"),
    [
        (SOURCES, "sources.csv", "ahmad-2022-bjpsych", "url", "pmc.gov", "not a web address"),
        (SOURCES, "sources.csv", "ahmad-2022-bjpsych", "url", "javascript:x.y", "not a web"),
        (SOURCES, "sources.csv", "ahmad-2022-bjpsych", "url", "http://[::1", "Invalid IPv6"),
        (SOURCES, "sources.csv", "ahmad-2022-bjpsych", "published", "May 2022", "not a date"),
        (SOURCES, "sources.csv", "ahmad-2022-bjpsych", "published", "2022-13", "month must be"),
        (SOURCES, "sources.csv", "ahmad-2022-bjpsych", "kind", "paper", "'official-statistics'"),
        (INDICATORS, "indicators.csv", "maternal-death", "phrase", "{people}", "holds both"),
        (INDICATORS, "indicators.csv", "maternal-death", "direction", "bad", "'higher-is-worse'"),
        (INDICATORS, "indicators.csv", "maternal-death", "disease_area", "births", "'maternity'"),
        (ETHNIC_GROUPS, "reference/ethnic_groups.csv", "black", "order", "first", "not a number"),
        (ETHNIC_GROUPS, "reference/ethnic_groups.csv", "black", "level", "big", "should match"),
        (EXCLUDED, "excluded.csv", "MAT-005", "reason", "dull", "'duplicate of another record'"),
    ],
)
def test_the_other_tables_are_checked_cell_by_cell_too(
    data: Path, table: Table, file: str, key: str, column: str, text: str, problem: str
) -> None:
    row = change(data, file, key, **{column: text})
    fault = only_fault(read_table(table, data))
    assert (fault.file, fault.row, fault.column) == (file, row, column)
    assert problem in fault.problem
    assert fault.remedy


@pytest.mark.parametrize(
    "phrase",
    ["{value} of {people} in {place}", "{value} of {people} {", "{value} of {people} {0}"],
)
def test_a_phrase_that_could_not_be_written_out_is_a_fault(data: Path, phrase: str) -> None:
    row = change(data, "indicators.csv", "maternal-death", phrase=phrase)
    fault = only_fault(read_table(INDICATORS, data))
    assert (fault.row, fault.column) == (row, "phrase")
    assert "{value} and {people}" in fault.problem


def test_a_number_too_large_for_its_column_is_a_fault(data: Path) -> None:
    row = change(data, "reference/ethnic_groups.csv", "black", order="9" * 30)
    fault = only_fault(read_table(ETHNIC_GROUPS, data))
    assert (fault.row, fault.column) == (row, "order")


# --- A row of the wrong shape ---------------------------------------------------------------


def test_a_row_with_a_cell_too_many_is_a_fault_and_not_shifted(data: Path) -> None:
    rows = rows_of(data / FILE)
    rows[4].append("and one more")
    write_rows(data / FILE, rows)
    read = read_table(FIGURES, data)
    fault = only_fault(read)
    assert (fault.file, fault.row) == (FILE, 5)
    assert "and one more" in fault.problem
    assert fault.remedy.startswith("Remove the extra cell")
    assert rows[4][0] not in set(read.frame["figure_id"])


def test_an_unquoted_comma_is_a_fault_and_not_shifted(data: Path) -> None:
    text = (data / FILE).read_text(encoding="utf-8")
    assert "mat-001,MAT-001,maternal-death" in text
    quoted = '"As reported by FaithAction, which gives no limits."\nmat-002'
    assert quoted in text
    bare = quoted.replace('"', "")
    (data / FILE).write_text(text.replace(quoted, bare, 1), encoding="utf-8")
    fault = only_fault(read_table(FIGURES, data))
    assert fault.row == 2
    assert "which gives no limits." in fault.problem
    assert "quotation marks" in fault.remedy


@pytest.mark.parametrize("cut", [1, 3, 4, 8, 29])
def test_a_row_with_cells_missing_is_a_fault(data: Path, cut: int) -> None:
    rows = rows_of(data / FILE)
    rows[4] = rows[4][:-cut]
    write_rows(data / FILE, rows)
    read = read_table(FIGURES, data)
    assert read.faults
    assert {(fault.file, fault.row) for fault in read.faults} == {(FILE, 5)}
    assert rows[4][0] not in set(read.frame["figure_id"])


def test_rows_are_counted_as_a_spreadsheet_counts_them(data: Path) -> None:
    text = (data / FILE).read_text(encoding="utf-8")
    text = text.replace("\nmat-003,", "\n\nmat-003,", 1)
    text = text.replace("mat-003,MAT-003", "mat-003,MAT 003", 1)
    (data / FILE).write_text(text, encoding="utf-8")
    rows = {fault.row for fault in read_table(FIGURES, data).faults if fault.column == "record_id"}
    assert rows == {5}


def test_a_cell_of_two_lines_is_one_row(data: Path) -> None:
    change(data, FILE, "mat-001", note="one line\nand another")
    change(data, FILE, "mat-002", unit="")
    fault = only_fault(read_table(FIGURES, data))
    assert fault.row == 3


def test_the_origin_of_each_row_is_kept_beside_it(data: Path) -> None:
    change(data, FILE, "mat-002", unit="")
    read = read_table(FIGURES, data)
    assert len(read.origin) == len(read.frame)
    position = list(read.frame["figure_id"]).index("mat-003")
    assert tuple(read.origin.loc[position]) == (FILE, 4)
    files = rows_of(data / "figures/mental-health.csv")
    position = list(read.frame["figure_id"]).index(files[1][0])
    assert tuple(read.origin.loc[position]) == ("figures/mental-health.csv", 2)


def test_spaces_round_a_cell_do_not_count(data: Path) -> None:
    change(data, FILE, "mat-001", sex=" female ", unit=" ratio", population="  ")
    read = read_table(FIGURES, data)
    assert read.faults == []
    row = read.frame.set_index("figure_id").loc["mat-001"]
    assert (row["sex"], row["unit"]) == ("female", "ratio")
    assert pd.isna(row["population"])


def test_a_file_saved_by_a_spreadsheet_with_a_byte_order_mark_is_read(data: Path) -> None:
    text = (data / FILE).read_text(encoding="utf-8").replace("\n", "\r\n")
    (data / FILE).write_bytes(text.encode("utf-8-sig"))
    pd.testing.assert_frame_equal(read_table(FIGURES, data).frame, read_table(FIGURES, DATA).frame)


# --- A file that can't be read --------------------------------------------------------------


def garble_quote(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(",Black women,", ',"Black women,', 1), encoding="utf-8")


def save_as_latin_1(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("Black women", "Black womén")
    file.write_bytes(text.encode("latin-1", errors="replace"))


def save_as_utf_16(file: Path) -> None:
    file.write_bytes(file.read_text(encoding="utf-8").encode("utf-16"))


def drop_column(file: Path) -> None:
    rows = rows_of(file)
    position = rows[0].index("period")
    write_rows(file, [row[:position] + row[position + 1 :] for row in rows])


def add_column(file: Path) -> None:
    rows = rows_of(file)
    write_rows(file, [[*row, "x"] for row in rows])


def double_column(file: Path) -> None:
    rows = rows_of(file)
    position = rows[0].index("period")
    write_rows(file, [[*row, row[position]] for row in rows])


def save_with_semicolons(file: Path) -> None:
    rows = rows_of(file)
    with file.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, delimiter=";").writerows(rows)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    ("break_it", "problem"),
    [
        (garble_quote, "expected after"),
        (save_as_latin_1, "can't decode byte"),
        (save_as_utf_16, "can't decode byte"),
        (drop_column, "columns missing: period"),
        (add_column, "columns not known: x"),
        pytest.param(double_column, "period"),
        (save_with_semicolons, "columns missing: figure_id"),
        (empty, "columns missing: figure_id"),
        (make_folder, "can't be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_fault_and_the_other_files_are_read(
    data: Path, break_it: object, problem: str
) -> None:
    assert callable(break_it)
    break_it(data / FILE)
    read = read_table(FIGURES, data)
    fault = only_fault(read)
    assert (fault.file, fault.row) == (FILE, None)
    assert "can't be read" in fault.problem
    assert problem in fault.problem
    assert "UTF-8 CSV" in fault.remedy
    assert read.unreadable == [FILE]
    others = [file for file in FIGURES.files(data) if file != data / FILE]
    assert len(others) == 10
    kept = [row[0] for file in others for row in rows_of(file)[1:]]
    assert list(read.frame["figure_id"]) == kept


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_missing_file_is_a_fault_and_the_frame_is_empty(tmp_path: Path, table: Table) -> None:
    read = read_table(table, tmp_path)
    files = list(table.expected or [table.pattern])
    told = [str(fault) for fault in read.faults]
    assert told == [f"{file}: the table is missing. Put the file back" for file in files]
    assert read.unreadable == files
    assert len(read.frame) == len(read.origin) == 0
    assert {name: str(dtype) for name, dtype in read.frame.dtypes.items()} == table.dtypes


@pytest.mark.parametrize("kept", [0, 100, 9000])
def test_a_truncated_parquet_file_is_one_fault_that_says_how_to_build_it_again(
    data: Path, kept: int
) -> None:
    file = data / POPULATION.pattern
    file.write_bytes(file.read_bytes()[:kept])
    read = read_table(POPULATION, data)
    fault = only_fault(read)
    assert (fault.file, fault.row) == (POPULATION.pattern, None)
    assert "can't be read" in fault.problem
    assert fault.remedy == "Build the table again with python -m loaders import"
    assert read.unreadable == [POPULATION.pattern]
    assert read.frame.empty


def test_a_parquet_file_whose_pages_are_garbled_is_one_fault(data: Path) -> None:
    file = data / POPULATION.pattern
    content = bytearray(file.read_bytes())
    content[200:2000] = bytes(1800)
    file.write_bytes(bytes(content))
    assert only_fault(read_table(POPULATION, data)).file == POPULATION.pattern


def test_a_parquet_file_without_a_column_is_one_fault(data: Path) -> None:
    file = data / POPULATION.pattern
    pd.read_parquet(file).drop(columns="residents").to_parquet(file)
    fault = only_fault(read_table(POPULATION, data))
    assert fault.problem == "can't be read: columns missing: residents"


def test_a_wrong_cell_of_a_parquet_file_is_named_as_in_a_csv_file(data: Path) -> None:
    file = data / POPULATION.pattern
    frame = pd.read_parquet(file)
    frame.loc[3, "residents"] = -1
    frame.to_parquet(file)
    read = read_table(POPULATION, data)
    fault = only_fault(read)
    assert (fault.file, fault.row, fault.column) == (POPULATION.pattern, 5, "residents")
    assert "greater than or equal to 0" in fault.problem
    assert len(read.frame) == len(frame) - 1


def test_a_bulk_row_is_held_to_the_same_rules_as_a_curated_one(tmp_path: Path) -> None:
    bulk = pd.read_parquet(DATA / "bulk/school-readiness.parquet")
    bulk = bulk[bulk["value"].notna()].head(20)
    bulk.loc[bulk.index[2], "value"] = 101.5
    (tmp_path / "bulk").mkdir()
    bulk.to_parquet(tmp_path / "bulk/school-readiness.parquet", index=False)
    *missing, fault = read_table(BULK, tmp_path).faults
    assert {one.file for one in missing} == {*BULK.expected} - {"bulk/school-readiness.parquet"}
    assert (fault.row, fault.column) == (4, "value")
    assert "101.5 is not a percentage" in fault.problem


def test_a_file_without_rows_is_an_empty_table_and_no_fault(data: Path) -> None:
    write_rows(data / "excluded.csv", rows_of(data / "excluded.csv")[:1])
    read = read_table(EXCLUDED, data)
    assert (read.faults, read.unreadable, len(read.frame)) == ([], [], 0)


def test_the_row_that_these_tests_break_has_what_they_need() -> None:
    assert cell("mat-001", "measure") == "risk_ratio"
    assert cell("mat-001", "lower") == cell("mat-001", "numerator") == ""
    assert cell(RATE_WITH_LIMITS, "figure_id") == RATE_WITH_LIMITS
