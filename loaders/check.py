"""Checks across tables: every reference leads somewhere, and nothing stands twice.

The check of each row by itself is :mod:`loaders.read`'s. A row that fails here is left out of
the running app too, and named. Curators run ``python -m loaders check``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd

from evidence.sets import IDENTITY_KEYS
from loaders.doubles import doubled_indicators, doubled_sources
from loaders.read import Fault, TableRead
from loaders.tables import (
    AGES,
    AREAS,
    BOROUGHS,
    CONTEXT,
    DERIVED,
    ETHNIC_GROUPS,
    EXCLUDED,
    FIGURE_TABLES,
    FIGURES,
    FINDINGS,
    INDICATORS,
    POPULATION,
    RECORDS,
    SOURCES,
    TILES,
)
from loaders.tiles import misplaced_tiles, untiled

REFERRING = (*FIGURE_TABLES, FINDINGS, POPULATION, AGES)
"""Tables whose rows refer to sources, areas, groups and indicators."""

SHOWN_WITHOUT_FIGURES = {"gla-london-boundaries"}
"""Sources that no figure names because a page shows them: the boundaries of the map."""


@dataclass(frozen=True)
class TableReport:
    """What the check says of a table: rows kept, sources named, faults, files not read."""

    name: str
    rows: int
    sources: int | None
    faults: int
    unreadable: tuple[str, ...]


def check_tables(reads: dict[str, TableRead]) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """Check tables against one another.

    Parameters
    ----------
    reads
        Every table as read, by name.

    Returns
    -------
    tuple
        The frames with faulty rows left out, by table name; and all faults, those of the
        reading first.
    """
    faults = [fault for read in reads.values() for fault in read.faults]
    clean: dict[str, pd.DataFrame] = {}
    for name, read in reads.items():
        bad: dict[int, Fault] = {}
        for index, fault in _doubled_keys(read):
            bad.setdefault(index, fault)
        if name == ETHNIC_GROUPS.name:
            for index, fault in _loose_groups(read):
                bad.setdefault(index, fault)
        if name == TILES.name:
            for index, fault in misplaced_tiles(read, clean[BOROUGHS.name]):
                bad.setdefault(index, fault)
        clean[name] = read.frame.drop(index=list(bad))
        faults += bad.values()
        if name in {SOURCES.name, INDICATORS.name}:
            faults += _doubles(read)
    taken: set[str] = set()
    for table in REFERRING:
        read = reads[table.name]
        found = list(_dangling(read, clean))
        if table in FIGURE_TABLES:
            found += _same_finding(read)
            found += _taken_ids(read, taken)
            found += _misplaced(read)
            taken |= set(clean[table.name]["figure_id"])
        if "record_id" in read.frame or table is FINDINGS:
            found += _also_excluded(read, clean)
        faults += [fault for _, fault in found]
        clean[table.name] = clean[table.name].drop(index=[i for i, _ in found], errors="ignore")
    faults += _records_without_a_place(reads)
    faults += _orphans(reads, clean)
    faults += _alias_clashes(reads[ETHNIC_GROUPS.name])
    faults += untiled(reads[TILES.name], clean[TILES.name], clean[BOROUGHS.name])
    return {name: frame.reset_index(drop=True) for name, frame in clean.items()}, faults


def report(
    reads: dict[str, TableRead], clean: dict[str, pd.DataFrame], faults: Iterable[Fault]
) -> list[TableReport]:
    """One report a table, in the order in which the tables were read."""
    faults = list(faults)
    reports = []
    for name, read in reads.items():
        frame = clean[name]
        own = sum(PurePosixPath(fault.file).match(read.table.pattern) for fault in faults)
        sources = frame["source_id"].nunique() if "source_id" in frame else None
        reports.append(TableReport(name, len(frame), sources, own, tuple(read.unreadable)))
    return reports


def _fault(read: TableRead, index: int, column: str, problem: str, remedy: str) -> Fault:
    return Fault(
        str(read.origin.at[index, "file"]),
        int(str(read.origin.at[index, "row"])),
        column,
        problem,
        remedy,
    )


def _doubled_keys(read: TableRead) -> Iterable[tuple[int, Fault]]:
    key = read.table.key
    if key is None:
        return
    for index in read.frame.index[read.frame.duplicated(key)]:
        cell = str(read.frame.at[index, key])
        first = read.frame.index[read.frame[key] == cell][0]
        place = read.origin.loc[first]
        yield (
            index,
            _fault(
                read,
                index,
                key,
                f"{cell!r} stands already in {place['file']}, row {place['row']}",
                "Give each row a key of its own, or remove one",
            ),
        )


def _loose_groups(read: TableRead) -> Iterable[tuple[int, Fault]]:
    """Ethnic groups that name a group which is missing, or that in the end name themselves."""
    frame = read.frame
    named = {
        (position, column): set(str(cell).split())
        for column in ("parent", "members")
        for position, cell in enumerate(frame[column])
        if pd.notna(cell)
    }
    standing: set[str] = set()
    while True:
        # A group stands once every group that it names stands.
        loose = {key for key, codes in named.items() if not codes <= standing}
        stands = set(frame.loc[~frame.index.isin([index for index, _ in loose]), "code"])
        if stands == standing:
            break
        standing = stands
    for index, column in sorted(loose):
        lacking = ", ".join(sorted(named[index, column] - standing))
        problem = f"it names a group that is missing, faulty or made of this one: {lacking}"
        yield index, _fault(read, index, column, problem, f"Use codes of {ETHNIC_GROUPS.pattern}")


def _doubles(read: TableRead) -> Iterable[Fault]:
    """Sources and indicators that stand twice under two ids; both stay in the running app."""
    look = doubled_sources if read.table is SOURCES else doubled_indicators
    for index, other, what in look(read.frame):
        key = read.table.key or ""
        problem = f"{read.frame.at[index, key]!r} looks like {read.frame.at[other, key]!r}: {what}"
        yield _fault(read, index, key, problem, "Keep one, or tell them apart in their words")


def _taken_ids(read: TableRead, taken: set[str]) -> Iterable[tuple[int, Fault]]:
    for index in read.frame.index[read.frame["figure_id"].isin(taken)]:
        problem = f"{read.frame.at[index, 'figure_id']!r} is a figure of another table already"
        remedy = "Give each figure a key of its own"
        yield index, _fault(read, index, "figure_id", problem, remedy)


def _misplaced(read: TableRead) -> Iterable[tuple[int, Fault]]:
    """Context with an ethnic group, or a figure worked out here that doesn't say how."""
    frame = read.frame
    if read.table is CONTEXT:
        for index in frame.index[frame["ethnic_group"] != "all"]:
            cell = str(frame.at[index, "ethnic_group"])
            problem = f"{cell!r}: context is of everyone in an area"
            yield (
                index,
                _fault(read, index, "ethnic_group", problem, f"Move it to {FIGURES.pattern}"),
            )
    unexplained = frame["calculation"].isna() == (read.table is DERIVED)
    for index in frame.index[unexplained]:
        here = "a figure worked out here needs its formula"
        problem = here if read.table is DERIVED else f"only {DERIVED.pattern} holds worked out ones"
        remedy = "Build it with python -m loaders derive, or take the formula out"
        yield index, _fault(read, index, "calculation", problem, remedy)


def _records_without_a_place(reads: dict[str, TableRead]) -> Iterable[Fault]:
    """Gathered records that are neither published nor excluded, and rows of no record."""
    records, excluded = reads[RECORDS.name], reads[EXCLUDED.name]
    users = [reads[FIGURES.name], reads[FINDINGS.name], excluded]
    if any(read.unreadable or read.faults for read in [records, *users]):
        return  # what a row that is left out was of is not known
    placed: set[str] = set()
    for read in users:
        key = "finding_id" if read.table is FINDINGS else "record_id"
        placed |= set(read.frame[key].dropna())
    for index in records.frame.index[~records.frame["record_id"].isin(placed)]:
        problem = f"{records.frame.at[index, 'record_id']!r} is neither published nor excluded"
        remedy = f"Publish it, or exclude it with a reason in {EXCLUDED.pattern}"
        yield _fault(records, index, "record_id", problem, remedy)
    known = set(records.frame["record_id"])
    for index in excluded.frame.index[~excluded.frame["record_id"].isin(known)]:
        problem = f"no record {excluded.frame.at[index, 'record_id']!r} was gathered"
        yield _fault(excluded, index, "record_id", problem, "Correct the id, or take the row out")


def _dangling(read: TableRead, clean: dict[str, pd.DataFrame]) -> Iterable[tuple[int, Fault]]:
    frame = read.frame
    codes = set(clean[ETHNIC_GROUPS.name]["code"])
    areas = clean[AREAS.name].set_index("area_code")
    known: dict[str, tuple[set[str], str]] = {
        "source_id": (set(clean[SOURCES.name]["source_id"]), SOURCES.pattern),
        "calculation_source_id": (set(clean[SOURCES.name]["source_id"]), SOURCES.pattern),
        "indicator_id": (set(clean[INDICATORS.name]["indicator_id"]), INDICATORS.pattern),
        "geography_code": (set(areas.index), AREAS.pattern),
        "area_code": (set(areas.index), AREAS.pattern),
    }
    for column, (allowed, table) in known.items():
        if column not in frame or not allowed:
            continue  # what an unreadable table holds is not known
        for index in frame.index[frame[column].notna() & ~frame[column].isin(allowed)]:
            cell = str(frame.at[index, column])
            remedy = f"Add it to {table}, or write one that is there"
            yield index, _fault(read, index, column, f"{cell!r} is not in {table}", remedy)
    for column in ("ethnic_group", "comparator"):
        if column not in frame or not codes:
            continue
        unique = frame[column].dropna().unique()
        unknown = [code for code in unique if not set(code.split("+")) <= codes]
        for index in frame.index[frame[column].isin(unknown)]:
            cell = str(frame.at[index, column])
            remedy = f"Use codes of {ETHNIC_GROUPS.pattern}, joined with +"
            yield index, _fault(read, index, column, f"no ethnic group {cell!r}", remedy)
    if "geography_name" in frame:
        for column, theirs in (("geography_name", "name"), ("geography_level", "level")):
            expected = frame["geography_code"].map(areas[theirs])
            for index in frame.index[expected.notna() & (expected != frame[column])]:
                cell, right = str(frame.at[index, column]), str(expected[index])
                problem = f"{cell!r} does not go with {frame['geography_code'][index]}"
                yield index, _fault(read, index, column, problem, f"Write {right!r}")


def _same_finding(read: TableRead) -> list[tuple[int, Fault]]:
    keys = [*IDENTITY_KEYS]
    doubled = read.frame.duplicated(keys)
    found = []
    for index in read.frame.index[doubled]:
        same = (read.frame[keys].fillna("") == read.frame.loc[index, keys].fillna("")).all(axis=1)
        place = read.origin.loc[read.frame.index[same][0]]
        problem = f"the same finding as {place['file']}, row {place['row']}"
        remedy = "Keep the better one, or say in population or adjusted_for how they differ"
        found.append((index, _fault(read, index, "figure_id", problem, remedy)))
    return found


def _also_excluded(read: TableRead, clean: dict[str, pd.DataFrame]) -> Iterable[tuple[int, Fault]]:
    excluded = set(clean[EXCLUDED.name]["record_id"])
    column = "finding_id" if read.table is FINDINGS else "record_id"
    for index in read.frame.index[read.frame[column].isin(excluded)]:
        problem = f"{read.frame.at[index, column]!r} is published and excluded"
        remedy = f"Take it out of {read.table.pattern} or out of {EXCLUDED.pattern}"
        yield index, _fault(read, index, column, problem, remedy)


def _orphans(reads: dict[str, TableRead], clean: dict[str, pd.DataFrame]) -> list[Fault]:
    figures = [clean[table.name] for table in FIGURE_TABLES]
    users = {
        SOURCES.name: ("source_id", [clean[table.name] for table in REFERRING]),
        INDICATORS.name: ("indicator_id", figures),
    }
    for name in (table.name for table in REFERRING):
        if (
            reads[name].unreadable
            or reads[name].faults
            or len(clean[name]) < len(reads[name].frame)
        ):
            return []  # what a table or row that is left out uses is not known
    faults = []
    for name, (key, frames) in users.items():
        used = set(pd.concat([frame[key] for frame in frames]))
        if name == SOURCES.name:
            used |= set(pd.concat([frame["calculation_source_id"] for frame in figures]))
        read = reads[name]
        for index in read.frame.index[~read.frame[key].isin(used | SHOWN_WITHOUT_FIGURES)]:
            cell = str(read.frame.at[index, key])
            faults.append(
                _fault(read, index, key, f"no figure uses {cell!r}", "Remove it, or correct the id")
            )
    return faults


def _alias_clashes(read: TableRead) -> list[Fault]:
    seen: dict[str, str] = {}
    faults = []
    for index, row in read.frame.iterrows():
        for alias in str(row["aliases"]).split("|") if isinstance(row["aliases"], str) else []:
            plain = alias.strip().casefold()
            owner = seen.setdefault(plain, str(row["code"]))
            if owner != row["code"]:
                problem = f"the alias {alias.strip()!r} belongs to {owner} already"
                faults.append(
                    _fault(read, int(str(index)), "aliases", problem, "Keep it with one group")
                )
    return faults
