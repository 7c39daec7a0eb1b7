"""Excel workbooks that people send: written anew with the values of their cells alone.

What a workbook may hold beside values (formulas, macros, links, queries, remarks, pictures, names
of authors) is not looked for: it is left behind. A text stays a text, even one that looks like a
formula.
"""

from __future__ import annotations

import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from time import monotonic

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.styles.numbers import BUILTIN_FORMATS_REVERSE, FORMAT_GENERAL
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from evidence.refused import KINDS, RefusedFileError
from evidence.typed import clean, starts_formula

UNPACKED_LIMIT = 50_000_000
PARTS_LIMIT = 2_000
CELLS_LIMIT = 100_000
"""The most cells with something in them."""

ROWS_LIMIT = 50_000
"""The most rows of all sheets together, the empty ones between others too."""

PLACES_LIMIT = 1_000_000
"""The most places for cells of all sheets together: a row with one cell far to the right is read
with every empty one before it."""

SECONDS_LIMIT = 20.0
"""How long a workbook may take to be read."""

TABLE_TAGS_LIMIT, OTHER_TAGS_LIMIT = 4_000_000, 200_000
"""The most tags of a part: a sheet is read row by row, but all else at once."""

Value = str | int | float | date | datetime | time | timedelta | None
Shown = tuple[Value, str]

_TITLE_LIMIT = 31  # Excel's own
_TABLE = re.compile(rb"\s*(?:<\?xml[^>]*\?>)?\s*<(?:\w+:)?(?:worksheet|sst|pivotCacheRecords)[\s>]")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_PLAIN_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}

BROKEN = "This workbook is broken. Save it again, and send that."
TOO_LARGE = "This workbook is too large when it is unpacked. Send only the sheets that matter."
TOO_LONG = (
    f"This workbook has more than {CELLS_LIMIT:,} cells or {ROWS_LIMIT:,} rows, or cells far "
    "to the right of the others. Send only the sheets that matter, or the web address of the "
    "workbook."
)


def rewritten_workbook(content: bytes) -> bytes:
    """A workbook written anew: its sheets by name, with the values of their cells.

    A formula becomes what it last came to. Dates and percentages still look like such.

    Parameters
    ----------
    content
        The bytes of the workbook. The same bytes give the same workbook again.

    Raises
    ------
    RefusedFileError
        If it is no workbook, broken, too large, or has nothing in its cells.
    """
    try:
        _check_parts(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _always_the_same(_with_values_alone(content))
    except RefusedFileError:
        raise
    except Exception as error:  # the readers of ZIP, XML and workbooks have no error in common
        raise RefusedFileError(BROKEN) from error


def _check_parts(content: bytes) -> None:
    """Raise where the parts of a workbook are not those of one, or can't be opened safely."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        names = [part.filename for part in parts]
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > PARTS_LIMIT or unpacked > UNPACKED_LIMIT:
            raise RefusedFileError(TOO_LARGE)
        if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(names):
            raise RefusedFileError(f"This is not an Excel workbook. {KINDS}")
        if len(set(names)) < len(names) or any(".." in name.split("/") for name in names):
            raise RefusedFileError(BROKEN)
        for part in parts:
            _check_part(packed.read(part))


def _check_part(content: bytes) -> None:
    """Raise where a part declares entities, may hide that it does, or would fill the memory."""
    hidden = content[:2] in {b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"}
    told = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    if hidden or (told and told[1].lower() not in _PLAIN_ENCODINGS):
        raise RefusedFileError(BROKEN)
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", content):
        raise RefusedFileError(BROKEN)
    limit = TABLE_TAGS_LIMIT if _TABLE.match(content) else OTHER_TAGS_LIMIT
    if content.count(b"<") > limit:
        raise RefusedFileError(TOO_LARGE)


def _with_values_alone(content: bytes) -> bytes:
    made = Workbook(write_only=True)
    # All is read before anything is written, as openpyxl writes to a file of its own first.
    for title, rows in _values(content).items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append([_cell(sheet, value, shown) for value, shown in row])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _values(content: bytes) -> dict[str, list[list[Shown]]]:
    """The values of each sheet by its name, row by row, each with how a number is shown."""
    until = monotonic() + SECONDS_LIMIT
    cells_left, rows_left, places_left = CELLS_LIMIT, ROWS_LIMIT, PLACES_LIMIT
    found: dict[str, list[list[Shown]]] = {}
    read = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in read.worksheets:
            rows = found[_title(sheet.title, found)] = []
            # The size that a sheet tells may be made up; without one it ends with its last row.
            sheet.reset_dimensions()
            for row in sheet.iter_rows():
                # Before anything is made of the row: the empty places are what fills the memory.
                places_left -= len(row)
                if places_left < 0:
                    raise RefusedFileError(TOO_LONG)
                rows.append([_value(cell) for cell in row])
                cells_left -= sum(value is not None for value, _ in rows[-1])
                rows_left -= 1
                if min(cells_left, rows_left) < 0 or monotonic() > until:
                    raise RefusedFileError(TOO_LONG)
    finally:
        read.close()
    if cells_left == CELLS_LIMIT:
        raise RefusedFileError("There is nothing in the cells of this workbook.")
    return found


def _title(title: str, taken: Iterable[str]) -> str:
    """The name of a sheet, cleaned and unlike those before it."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", clean(title, lines=False)).strip(" '") or "Sheet"
    known, number, found = {each.casefold() for each in taken}, 1, plain[:_TITLE_LIMIT]
    while found.casefold() in known:
        number += 1
        found = f"{plain[: _TITLE_LIMIT - 6]} ({number})"
    return found


def _value(cell: Cell | ReadOnlyCell | MergedCell | EmptyCell) -> Shown:
    """The value of a cell as a text, number or date, and its format where that holds no words."""
    value = cell.value
    if value is None or value == "":
        return None, FORMAT_GENERAL
    if isinstance(value, float) and not math.isfinite(value):
        value = str(value)
    if isinstance(value, bool | int | float | date | datetime | time | timedelta):
        shown = getattr(cell, "number_format", FORMAT_GENERAL)
        return value, shown if shown in BUILTIN_FORMATS_REVERSE else FORMAT_GENERAL
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value)).encode("utf-8", "ignore").decode()
    return text or None, FORMAT_GENERAL


def _cell(sheet: WriteOnlyWorksheet, value: Value, shown: str) -> object:
    """A value ready to be written; one that needs to be told what it is, as a cell."""
    if isinstance(value, str):
        if not value.startswith(("=", "#")) and not starts_formula(value):
            return value
        made = WriteOnlyCell(sheet, value)
        made.data_type = "s"
        made.quotePrefix = True
        return made
    if shown == FORMAT_GENERAL:
        return value
    made = WriteOnlyCell(sheet)
    made.value = value
    made.number_format = shown
    return made


def _always_the_same(content: bytes) -> bytes:
    """The workbook without the moment of its writing and the name of the program."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for part in made.infolist():
            text = made.read(part)
            if part.filename == "docProps/core.xml":
                text = re.sub(rb"<(dc:creator|dcterms:\w+)[^>]*>[^<]*</\1>", b"", text)
            kept.writestr(zipfile.ZipInfo(part.filename), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def texts_by_row(content: bytes) -> Iterator[list[str]]:
    """The cells of a workbook that was written anew, as texts, row by row."""
    read = load_workbook(io.BytesIO(content), read_only=True)
    try:
        for sheet in read.worksheets:
            for row in sheet.iter_rows(values_only=True):
                yield [str(value) for value in row if value is not None]
    finally:
        read.close()
