"""The commands of reviewers: links to sign in by, contact details deleted, figures exported.

link REVIEWER
    Print a one-time link by which a reviewer signs in, where no identity provider is set up.
delete-contacts --older-than DAYS
    Delete the contact details of suggestions that came longer ago.
export FOLDER
    Write what is published of suggestions as CSV files in the columns of the curated tables.
"""

from __future__ import annotations

import argparse
import csv
import sys
from datetime import timedelta
from pathlib import Path

import pandas as pd

from evidence.programmes import programmes_frame
from evidence.typed import safe_cell
from loaders.read import read_table
from loaders.submissions import StoreUnavailableError, SuggestionStore
from loaders.tables import DATA, INDICATORS, SOURCES

LONGEST_DAYS = 36_500


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add the commands below ``python -m loaders reviews``."""
    commands = parser.add_subparsers(dest="review", required=True)
    link = commands.add_parser("link", help="print a one-time link by which a reviewer signs in")
    link.add_argument("reviewer", help="the reviewer's name or email address, kept with each step")
    link.add_argument(
        "--address", default="http://localhost:8501", help="where the dashboard is (%(default)s)"
    )
    link.add_argument(
        "--minutes", type=_whole, default=15, help="how long the link works (%(default)s)"
    )
    contacts = commands.add_parser("delete-contacts", help="delete old contact details")
    contacts.add_argument(
        "--older-than",
        type=_whole,
        required=True,
        metavar="DAYS",
        help="of suggestions that came more than so many days ago",
    )
    export = commands.add_parser("export", help="write published figures as CSV")
    export.add_argument("folder", type=Path, help="where to write; made if it is not there")


def run(chosen: argparse.Namespace, data: Path = DATA) -> int:
    """Run a command; returns the exit status. What went wrong is printed in a sentence."""
    try:
        store = SuggestionStore()
        store.create()
        if chosen.review == "link":
            return _link(store, chosen.reviewer, chosen.address, chosen.minutes)
        if chosen.review == "delete-contacts":
            return _delete_contacts(store, chosen.older_than)
        return _export(store, chosen.folder, data)
    except (StoreUnavailableError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _link(store: SuggestionStore, reviewer: str, address: str, minutes: int) -> int:
    secret = store.make_link(reviewer, timedelta(minutes=minutes))
    print(f"{address.rstrip('/')}/review?link={secret}")
    print(f"It works once, within {minutes} minutes. Give it to nobody but {reviewer}.")
    return 0


def _delete_contacts(store: SuggestionStore, days: int) -> int:
    count = store.delete_contacts(timedelta(days=days), "python -m loaders reviews")
    what = "the contact details of 1 suggestion" if count == 1 else f"{count} contact details"
    print(f"Deleted {what} that came more than {days} days ago")
    return 0


def _export(store: SuggestionStore, folder: Path, data: Path) -> int:
    found = store.published()
    indicators = pd.concat([found.indicators, read_table(INDICATORS, data).frame])
    indicators = indicators.drop_duplicates("indicator_id", keep="last").set_index("indicator_id")
    areas = found.figures["indicator_id"].map(indicators["disease_area"])
    folder.mkdir(parents=True, exist_ok=True)
    for area, figures in found.figures.groupby(areas):
        _write(folder / "figures" / f"{area}.csv", figures)
    for table, frame in ((SOURCES, found.sources), (INDICATORS, found.indicators)):
        if len(frame):
            _write(folder / table.pattern, frame)
    if found.programmes:
        _write(folder / "programmes.csv", programmes_frame(found.programmes))
    count = len(found.figures)
    print(f"{count} figure{'' if count == 1 else 's'} of the community written")
    return 0


def _write(path: Path, frame: pd.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = [name for name, dtype in frame.dtypes.items() if dtype == "str"]
    safe = frame.copy()
    for name in texts:
        safe[name] = frame[name].map(safe_cell, na_action="ignore")
    safe.to_csv(path, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    print(f"Wrote {path}")
