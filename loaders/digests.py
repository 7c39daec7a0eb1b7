"""Digests of the built tables, by which a changed cell shows.

A built table is made by a builder from a raw file that is not part of the project, so nothing
else would tell a cell that was changed by hand or by accident. ``python -m loaders import`` and
``derive`` write the digests, and ``check`` compares them.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from loaders.read import Fault

FILE = "table_digests.csv"
FOLDERS = ("bulk", "context", "derived", "reference")


def table_digest(table: pd.DataFrame) -> str:
    """A digest of every cell of a table, in the order of its rows and columns."""
    text = table.to_csv(index=False, lineterminator="\n", float_format="%.12g")
    return hashlib.sha256(text.encode()).hexdigest()


def built_tables(data: Path) -> list[Path]:
    """The Parquet files below ``data``, in order."""
    return sorted(path for folder in FOLDERS for path in (data / folder).glob("*.parquet"))


def write_digests(data: Path) -> Path:
    """Write the digest of each built table below ``data``; returns the file."""
    path = data / FILE
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["table", "digest"])
        for file in built_tables(data):
            name = file.relative_to(data).as_posix()
            writer.writerow([name, table_digest(pd.read_parquet(file))])
    return path


def changed_tables(data: Path) -> Iterator[Fault]:
    """A fault for each built table that is not as it was written, or has no digest."""
    known = {}
    if (data / FILE).is_file():
        with (data / FILE).open(encoding="utf-8", newline="") as handle:
            known = {row["table"]: row["digest"] for row in csv.DictReader(handle)}
    for file in built_tables(data):
        name = file.relative_to(data).as_posix()
        try:
            same = known.get(name) == table_digest(pd.read_parquet(file))
        except (OSError, ValueError):
            continue  # the check of the tables says that it can't be read
        if not same:
            problem = "it is not as python -m loaders import wrote it"
            yield Fault(name, None, None, problem, "Build it again; never change it by hand")
