"""The commands of reviewers: links to sign in by, what is deleted, figures exported.

link REVIEWER
    Print a one-time link by which a reviewer signs in, where no identity provider is set up.
revoke REVIEWER
    End every link of a reviewer, and sign out who signed in by one.
erase REFERENCE --because WORDS
    Delete what was written in a suggestion, because somebody asked. With ``--number`` in place of
    the reference number, its number in the public log.
decline NUMBER ... --as REASON --reviewer NAME --because WORDS
    Decline several suggestions at once as advertising or abuse, by their public numbers.
delete-files
    Delete the files of suggestions that were declined as advertising or abuse.
delete-contacts
    Delete the contact details of suggestions that came longer ago than they are kept.
export FOLDER
    Write what is published of suggestions as CSV files in the columns of the curated tables.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from evidence.outcomes import DeclineReason, EventKind, Role
from evidence.programmes import programmes_frame
from evidence.review import IllegalStepError, Step
from evidence.typed import safe_cell
from loaders.read import read_table
from loaders.submissions import (
    CONTACT_DAYS,
    LONGEST_LINK,
    NotFoundError,
    StoreUnavailableError,
    SuggestionStore,
    UnreadableError,
)
from loaders.submissions.deleting import UNWANTED
from loaders.tables import DATA, INDICATORS, SOURCES

WHO = "python -m loaders reviews"
"""Who took a step that one of these commands takes."""

EXPORTED = (
    "It is gone from the pages. What was exported of it before may still stand in the files of "
    "data/ and in downloads: look there, and take it out."
)

FILES_DAYS, LONGEST_WAIT = 30, 3_650
"""For how many days files are kept of what was declined as advertising or abuse, and at most."""

LARGEST_NUMBER = 2**31 - 1
"""The largest public number that a database can hold."""

LONGEST_MINUTES = int(LONGEST_LINK / timedelta(minutes=1))

WITHOUT_INDICATOR = "indicator-not-known"
"""The name of the file of figures whose indicator stands in no table, and so their area neither."""


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add the commands below ``python -m loaders reviews``."""
    commands = parser.add_subparsers(dest="review", required=True)
    link = commands.add_parser("link", help="print a one-time link by which a reviewer signs in")
    link.add_argument("reviewer", help="the reviewer's name or email address, kept with each step")
    link.add_argument(
        "--address", default="http://localhost:8501", help="where the dashboard is (%(default)s)"
    )
    link.add_argument(
        "--minutes",
        type=_whole(LONGEST_MINUTES),
        default=15,
        help=f"how long the link works (%(default)s, at most {LONGEST_MINUTES})",
    )
    revoke = commands.add_parser("revoke", help="end every link of a reviewer, and sign them out")
    revoke.add_argument("reviewer", help="the name that the links were made for")
    erase = commands.add_parser("erase", help="delete what was written in a suggestion")
    which = erase.add_mutually_exclusive_group(required=True)
    which.add_argument("reference", nargs="?", help="its reference number")
    which.add_argument(
        "--number", type=_whole(LARGEST_NUMBER), help="or its number in the public log"
    )
    erase.add_argument(
        "--because", required=True, metavar="WORDS", help="why; kept for good, so name nobody"
    )
    erase.add_argument(
        "--published",
        action="store_true",
        help="also take away what is published of it; not what was exported to data/ before",
    )
    decline = commands.add_parser("decline", help="decline several as advertising or abuse")
    decline.add_argument(
        "numbers", nargs="+", type=_whole(LARGEST_NUMBER), help="their numbers in the public log"
    )
    decline.add_argument("--as", dest="reason", required=True, choices=sorted(UNWANTED))
    decline.add_argument("--reviewer", required=True, help="who decided, kept with each step")
    decline.add_argument(
        "--because", required=True, metavar="WORDS", help="why; everyone can read it"
    )
    files = commands.add_parser(
        "delete-files", help="delete the files of what was declined as advertising or abuse"
    )
    files.add_argument(
        "--older-than",
        type=_whole(LONGEST_WAIT),
        default=FILES_DAYS,
        metavar="DAYS",
        help="declined more than so many days ago, for there may be an appeal (%(default)s)",
    )
    contacts = commands.add_parser("delete-contacts", help="delete old contact details")
    contacts.add_argument(
        "--older-than",
        type=_whole(CONTACT_DAYS),
        default=CONTACT_DAYS,
        metavar="DAYS",
        help="of suggestions that came more than so many days ago (%(default)s, or fewer)",
    )
    export = commands.add_parser("export", help="write published figures as CSV")
    export.add_argument("folder", type=Path, help="where to write; made if it is not there")


def run(chosen: argparse.Namespace, data: Path = DATA) -> int:
    """Run a command; returns the exit status. What went wrong is printed in a sentence."""
    commands: dict[str, Callable[[SuggestionStore], int]] = {
        "link": lambda store: _link(store, chosen.reviewer, chosen.address, chosen.minutes),
        "revoke": lambda store: _revoke(store, chosen.reviewer),
        "erase": lambda store: _erase(store, chosen),
        "decline": lambda store: _decline(store, chosen),
        "delete-files": lambda store: _delete_files(store, chosen.older_than),
        "delete-contacts": lambda store: _delete_contacts(store, chosen.older_than),
        "export": lambda store: _export(store, chosen.folder, data),
    }
    try:
        store = SuggestionStore()
        store.create()
        return commands[chosen.review](store)
    except ValidationError as error:
        print(" ".join(each["msg"] for each in error.errors()), file=sys.stderr)
    except (StoreUnavailableError, NotFoundError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
    return 1


def _whole(most: int) -> Callable[[str], int]:
    """Reads a whole number from 1 to the most that is allowed."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 0 < int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {most:,}")
        return int(text)

    return read


def _link(store: SuggestionStore, reviewer: str, address: str, minutes: int) -> int:
    secret = store.make_link(reviewer, timedelta(minutes=minutes))
    print(f"{address.rstrip('/')}/review?link={secret}")
    print(f"It works once, within {minutes} minutes. Give it to nobody but {reviewer}.")
    return 0


def _revoke(store: SuggestionStore, reviewer: str) -> int:
    if not store.revoke_links(reviewer):
        print(f"No link was ever made for {reviewer}. Check the name.", file=sys.stderr)
        return 1
    print(f"No link of {reviewer} works any more. Who signed in by one is signed out.")
    return 0


def _erase(store: SuggestionStore, chosen: argparse.Namespace) -> int:
    reference = chosen.reference
    if chosen.number is not None:
        reference = store.reference_of(chosen.number)
        if reference is None:
            raise NotFoundError(f"There is no suggestion with the number {chosen.number}.")
    number = store.erase(reference, chosen.because, WHO, published=chosen.published)
    which = f"suggestion {number}" if number else "the suggestion, which had no public number"
    print(f"Deleted what was written in {which}. Backups may still hold it.")
    if chosen.published:
        print(EXPORTED)
    return 0


def _decline(store: SuggestionStore, chosen: argparse.Namespace) -> int:
    wanted = Step(
        kind=EventKind.DECLINED,
        role=Role.REVIEWER,
        who=chosen.reviewer,
        words=chosen.because,
        reason=DeclineReason(chosen.reason),
    )
    refused = 0
    for number in dict.fromkeys(chosen.numbers):
        try:
            reference = store.reference_of(number)
            if reference is None:
                raise NotFoundError(f"There is no suggestion with the number {number}.")
            store.step(reference, wanted)
        except (NotFoundError, IllegalStepError, UnreadableError) as error:
            refused += 1
            print(f"Suggestion {number} was not declined: {error}", file=sys.stderr)
        else:
            print(f"Declined suggestion {number}")
    return 1 if refused else 0


def _delete_files(store: SuggestionStore, days: int) -> int:
    deleted = store.delete_unwanted_files(timedelta(days=days))
    for number, size in deleted.items():
        print(f"Deleted the files of suggestion {number} ({size / 1e6:.1f} MB)")
    if not deleted:
        print(f"No files of what was declined as advertising or abuse more than {days} days ago")
    return 0


def _delete_contacts(store: SuggestionStore, days: int) -> int:
    count = store.delete_contacts(timedelta(days=days), WHO)
    what = "the contact details of 1 suggestion" if count == 1 else f"{count} contact details"
    print(f"Deleted {what} that came more than {days} days ago")
    return 0


def _export(store: SuggestionStore, folder: Path, data: Path) -> int:
    found = store.published()
    indicators = pd.concat([found.indicators, read_table(INDICATORS, data).frame])
    indicators = indicators.drop_duplicates("indicator_id", keep="last").set_index("indicator_id")
    areas = found.figures["indicator_id"].map(indicators["disease_area"]).astype(object)
    unknown = found.figures.loc[areas.isna(), "indicator_id"]
    folder.mkdir(parents=True, exist_ok=True)
    for area, figures in found.figures.groupby(areas.fillna(WITHOUT_INDICATOR)):
        _write(folder / "figures" / f"{area}.csv", figures)
    for table, frame in ((SOURCES, found.sources), (INDICATORS, found.indicators)):
        if len(frame):
            _write(folder / table.pattern, frame)
    if found.programmes:
        _write(folder / "programmes.csv", programmes_frame(found.programmes))
    count = len(found.figures)
    print(f"{count} figure{'' if count == 1 else 's'} of the community written")
    if len(unknown):
        named = " or ".join(sorted(set(unknown)))
        where = f"figures/{WITHOUT_INDICATOR}.csv"
        print(f"{len(unknown)} of them in {where}: no table has the indicator {named}")
    return 0


def _write(path: Path, frame: pd.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = [name for name, dtype in frame.dtypes.items() if dtype == "str"]
    safe = frame.copy()
    for name in texts:
        safe[name] = frame[name].map(safe_cell, na_action="ignore")
    safe.to_csv(path, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    print(f"Wrote {path}")
