"""Copies of the tables for tests to break, and hands to break them with."""

import csv
import shutil
from pathlib import Path

import pandas as pd

from loaders.digests import write_digests
from loaders.tables import DATA


def small_copy(folder: Path) -> Path:
    """The tables, with the large ones cut to the first rows of each indicator and census."""
    data = folder / "data"
    shutil.copytree(DATA, data)
    for file in data.rglob("*.parquet"):
        frame = pd.read_parquet(file)
        key = "indicator_id" if "indicator_id" in frame else "source_id"
        frame.groupby(key).head(5).to_parquet(file, index=False)
    write_digests(data)
    return data


def rows_of(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def write_rows(file: Path, rows: list[list[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(rows)


def change(data: Path, name: str, key: str, /, **cells: str) -> int:
    """Write cells into the row of a key; returns its row number as a spreadsheet counts."""
    rows = rows_of(data / name)
    number = next(n for n, row in enumerate(rows, start=1) if row[0] == key)
    for column, cell in cells.items():
        rows[number - 1][rows[0].index(column)] = cell
    write_rows(data / name, rows)
    return number


def append(data: Path, name: str, like: str, /, **cells: str) -> int:
    """Add a row like that of a key, with cells of its own; returns its row number."""
    rows = rows_of(data / name)
    row = dict(zip(rows[0], next(row for row in rows if row[0] == like), strict=True)) | cells
    write_rows(data / name, [*rows, list(row.values())])
    return len(rows) + 1
