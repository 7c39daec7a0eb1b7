"""Reading one table: each row is checked by its model, and a faulty row becomes a fault.

A fault says what is wrong, where (file, row, column) and what would be right. Rows are counted
as a spreadsheet counts them, so that the first row under the header is row 2.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from evidence.models import Row
from loaders.tables import Table


@dataclass(frozen=True)
class Fault:
    """Something wrong in a table, said so that a curator can mend it."""

    file: str
    row: int | None
    column: str | None
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column:
            where += f", column {self.column}"
        return f"{where}: {self.problem}. {self.remedy}"


@dataclass(frozen=True)
class TableRead:
    """A table as read: its good rows, each row's file and row number, and the faults found.

    ``frame`` has the table's declared columns and dtypes; ``origin`` has the columns file and
    row, one for each row of ``frame``, in the same order. ``unreadable`` names the files that
    could not be read at all.
    """

    table: Table
    frame: pd.DataFrame
    origin: pd.DataFrame
    faults: list[Fault]
    unreadable: list[str]


def read_table(table: Table, data: Path) -> TableRead:
    """Read every file of a table below the folder ``data``.

    Returns good rows only; never raises for what a file holds. A file that is missing or can't
    be read becomes a fault, and the other files are still read.
    """
    rows: list[dict[str, object]] = []
    origin: list[tuple[str, int]] = []
    faults: list[Fault] = []
    unreadable: list[str] = []
    files = table.files(data)
    found = {file.relative_to(data).as_posix() for file in files}
    for name in table.expected or ([] if files else [table.pattern]):
        if name not in found:
            faults.append(Fault(name, None, None, "the table is missing", "Put the file back"))
            unreadable.append(name)
    for file in files:
        name = file.relative_to(data).as_posix()
        try:
            raw = _raw_rows(file, table)
        except (OSError, ValueError, csv.Error, pa.ArrowException) as error:
            faults.append(Fault(name, None, None, f"can't be read: {error}", _file_remedy(file)))
            unreadable.append(name)
            continue
        for number, cells in raw:
            lacking = [column for column in table.columns if column not in cells]
            if lacking:
                problem = f"the row ends before this column, {len(lacking)} cells short"
                remedy = "Write every cell of the row, an empty one too"
                faults.append(Fault(name, number, lacking[0], problem, remedy))
                continue
            try:
                rows.append(table.row.model_validate(cells).model_dump(mode="json"))
                origin.append((name, number))
            except ValidationError as error:
                faults.extend(
                    _fault(name, number, table.row, cells, detail) for detail in error.errors()
                )
    return TableRead(
        table=table,
        frame=table.frame(rows),
        origin=pd.DataFrame(origin, columns=["file", "row"]),
        faults=faults,
        unreadable=unreadable,
    )


def _raw_rows(file: Path, table: Table) -> list[tuple[int, dict[str, object]]]:
    """Each row's number, as a spreadsheet counts it, and its cells by column."""
    if file.suffix == ".parquet":
        return list(enumerate(_parquet_rows(file, table), start=2))
    with file.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, strict=True)
        header = next(reader, [])
        _check_header(header, table)
        rows: list[tuple[int, dict[str, object]]] = []
        for number, line in enumerate(reader, start=2):
            # A row with too many or too few cells is reported as such, not as shifted values.
            cells: dict[str, object] = {
                name: text or None for name, text in zip(header, line, strict=False)
            }
            if len(line) > len(header):
                cells["(beyond the last column)"] = ", ".join(line[len(header) :])
            if line:
                rows.append((number, cells))
    return rows


def _parquet_rows(file: Path, table: Table) -> list[dict[str, object]]:
    content = pq.read_table(file)
    _check_header(content.column_names, table)
    rows: list[dict[str, object]] = content.to_pylist()
    return rows


def _check_header(found: list[str], table: Table) -> None:
    missing = [name for name in table.columns if name not in found]
    unknown = [name for name in found if name not in table.columns]
    doubled = [name for name in table.columns if found.count(name) > 1]
    if missing or unknown or doubled:
        parts = []
        if missing:
            parts.append(f"columns missing: {', '.join(missing)}")
        if unknown:
            parts.append(f"columns not known: {', '.join(unknown)}")
        if doubled:
            parts.append(f"columns that stand twice: {', '.join(doubled)}")
        raise ValueError("; ".join(parts))


def _file_remedy(file: Path) -> str:
    if file.suffix == ".parquet":
        return "Build the table again with python -m loaders import"
    return "Save it as UTF-8 CSV with the columns that the README names"


def _fault(
    name: str, number: int, row: type[Row], cells: dict[str, object], detail: ErrorDetails
) -> Fault:
    message = detail["msg"].removeprefix("Value error, ")
    if detail["loc"]:
        column = str(detail["loc"][0])
    else:
        # Checks of a whole row name their column first: "value: lies outside its limits".
        head, _, rest = message.partition(": ")
        column, message = (head, rest) if head in row.model_fields else ("", message)
    cell = cells.get(column)
    if cell is None and detail["type"] in EMPTY:
        message = "the cell is empty"
    elif detail["type"] in {"float_parsing", "int_parsing"}:
        message = "not a number"
    problem = message if cell is None else f"{str(cell)[:80]!r}: {message}"
    return Fault(name, number, column or None, problem.rstrip("."), _remedy(detail, column, row))


def _remedy(detail: ErrorDetails, column: str, row: type[Row]) -> str:
    kind = detail["type"]
    expected = (detail.get("ctx") or {}).get("expected")
    if kind in EMPTY:
        return "Fill the cell in"
    if kind == "enum":
        return f"Use one of {expected}"
    if kind == "extra_forbidden":
        return "Remove the extra cell, or put quotation marks round a value that holds a comma"
    if kind.startswith(("float", "int")):
        return "Write a plain number such as 12.5, without signs or words, or leave it empty"
    if kind == "string_pattern_mismatch":
        return f"Write it as {_PATTERN_EXAMPLES.get(column, 'the other rows do')}"
    field = row.model_fields.get(column)
    return "Correct the cell" if field is not None else "Correct the row"


EMPTY = {"missing", "string_type", "string_too_short"}
"""Kinds of error that an empty cell gives where something must stand."""

_PATTERN_EXAMPLES = {
    "record_id": "letters, a hyphen and digits, such as MAT-001",
    "ethnic_group": "a code of reference/ethnic_groups.csv, such as black-african",
    "comparator": "a code of reference/ethnic_groups.csv, such as white-british",
    "sex": "all, female or male",
    "borough_code": "an ONS code such as E09000022",
    "source_id": "small letters, digits and hyphens, such as ons-2022-births",
    "indicator_id": "small letters, digits and hyphens, such as neonatal-death",
    "figure_id": "small letters, digits and hyphens, such as mat-001",
}
