"""The curators' commands: ``python -m loaders`` check, build, curate, import, derive, reviews.

check
    Print rows, sources and faults of each table, then the whole base by area, level, strength
    and borough; exit status 1 if there is a fault.
build
    Check, then write the tables that the app opens fastest to ``var/tables/``.
curate FOLDER
    Make ``data/figures/`` and ``data/excluded.csv`` from gathered records in a folder.
import FOLDER
    Make the bulk tables from the published files in a folder, and then those worked out of them.
derive
    Work out again the figures that this dashboard calculates.
reviews
    Links for reviewers, contact details deleted, suggested figures exported
    (:mod:`loaders.reviews`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from loaders import reviews
from loaders.build import build
from loaders.builders import write as write_bulk
from loaders.curate import CurationError, curate
from loaders.derive import write_derived
from loaders.digests import changed_tables, write_digests
from loaders.open import open_evidence
from loaders.read import Fault
from loaders.summary import summary
from loaders.tables import DATA

TOLD_AT_MOST = 3
"""How often the same fault of the same column is printed before the rest is only counted."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m loaders", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the tables")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="check every table")
    commands.add_parser("build", help="check, then build what the app opens")
    commands.add_parser("derive", help="work out the calculated figures")
    for name, told in (("curate", "make figures from records"), ("import", "make bulk tables")):
        commands.add_parser(name, help=told).add_argument("folder", type=Path)
    reviews.add_commands(commands.add_parser("reviews", help="the commands of reviewers"))
    chosen = parser.parse_args(arguments)
    actions: dict[str, Callable[[], int]] = {
        "check": lambda: check(chosen.data),
        "build": lambda: check(chosen.data) or _build(chosen.data),
        "curate": lambda: _curate(chosen.folder, chosen.data),
        "import": lambda: _import(chosen.folder, chosen.data) or _derive(chosen.data),
        "derive": lambda: _derive(chosen.data),
        "reviews": lambda: reviews.run(chosen, chosen.data),
    }
    return actions[chosen.command]()


def check(data: Path) -> int:
    """Print the report of every table and every fault; 1 if there is a fault, else 0."""
    base = open_evidence(data)
    print(f"{'table':<16}{'rows':>8}{'sources':>9}{'faults':>8}")
    for entry in base.reports:
        sources = "" if entry.sources is None else str(entry.sources)
        print(f"{entry.name:<16}{entry.rows:>8}{sources:>9}{entry.faults:>8}")
    print(f"\n{summary(base)}\n")
    faults = [*base.faults, *changed_tables(data)]
    print("Each record left out stands with the reason in excluded.csv.\n")
    for line in fault_lines(faults):
        print(line, file=sys.stderr)
    if faults:
        count = len(faults)
        print(f"{count} fault{'' if count == 1 else 's'} found", file=sys.stderr)
        return 1
    print("No faults found")
    return 0


def fault_lines(faults: Sequence[Fault]) -> list[str]:
    """Faults as lines to print; one that many rows of a column share is told three times."""
    told: dict[tuple[str, str | None, str], int] = {}
    lines = []
    for fault in faults:
        key = (fault.file, fault.column, fault.problem)
        told[key] = told.get(key, 0) + 1
        if told[key] <= TOLD_AT_MOST:
            lines.append(str(fault))
    for (file, column, problem), times in told.items():
        if times > TOLD_AT_MOST:
            more = times - TOLD_AT_MOST
            lines.append(f"{file}, column {column}: {problem} in {more:,} more rows")
    return lines


def _build(data: Path) -> int:
    print(f"Built {build(data)}")
    return 0


def _curate(folder: Path, data: Path) -> int:
    try:
        counts = curate(folder, data)
    except (CurationError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for area, (published, excluded) in counts.items():
        print(f"{area}: {published} published, {excluded} excluded")
    return 0


def _derive(data: Path) -> int:
    try:
        print(f"Wrote {write_derived(data)}")
        print(f"Wrote {write_digests(data)}")
    except (OSError, KeyError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _import(folder: Path, data: Path) -> int:
    try:
        written = write_bulk(folder, data)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for path in written:
        print(f"Wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
