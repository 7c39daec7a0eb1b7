"""The evidence gap map in words: what a cell means, and what the whole map shows."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from evidence.downloads import to_csv
from evidence.ethnicity import Classification
from evidence.gap_map import BLANKS, Known
from evidence.numbers import is_blank
from evidence.periods import HISTORY_BEFORE
from evidence.statements import RowLike
from evidence.vocabulary import BlankReason, DiseaseArea

LEAST_KNOWN = 3
"""How many of the groups or areas of which least is known are named."""

_OF = {
    Known.OWN: "the borough itself",
    Known.NHS_AREA: "the NHS area",
    Known.PART: "a part of London",
    Known.LONDON: "London as a whole",
    Known.WIDER: "England or wider",
}
"""Where figures are from, as it stands after "figures of"."""


def in_words(cell: RowLike, home: Known = Known.OWN) -> str:
    """What a cell means: "4 figures of its own on 1 indicator from 1 source, newest 2018".

    Parameters
    ----------
    cell
        A row of :mod:`evidence.gap_map`.
    home
        What counts as a cell's own: a borough's figures, or those of London as a whole.
    """
    known = Known(cell["known"])
    own = "its own" if home == Known.OWN else "London as a whole"
    counted = (
        f"on {_count(cell['indicators'], 'indicator')} from {_count(cell['sources'], 'source')}, "
        f"{newest(cell)}"
    )
    many = _count(cell["figures"], "figure")
    if known == Known.NOTHING:
        text = "nothing found"
    elif known == home:
        text = f"{many} of {own} {counted}"
    elif known == Known.HISTORY:
        text = f"only history, before {HISTORY_BEFORE}: {many} of {cell['place']} {counted}"
    else:
        text = f"none of {own}; the nearest are of {cell['place']}: {many} {counted}"
    left = blanks(cell)
    return f"{text}. Left blank in the source: {left}" if left else text


def newest(cell: RowLike) -> str:
    """The year of a cell's newest figure: "newest 2018"."""
    return "year not stated" if is_blank(cell["newest"]) else f"newest {cell['newest']}"


def blanks(cell: RowLike) -> str:
    """The blank figures of a cell by reason: "17 suppressed (small numbers)", or nothing."""
    counted = zip(BlankReason, BLANKS, strict=True)
    return ", ".join(
        f"{cell[column]:,} {reason.label}" for reason, column in counted if cell[column]
    )


def boroughs_finding(table: pd.DataFrame) -> str:
    """What the map by borough shows: which areas have boroughs with figures of their own.

    ``table`` is :func:`evidence.gap_map.borough_map`.
    """
    boroughs = table["borough_code"].nunique()
    own = (table["known"] == Known.OWN).groupby(table["disease_area"]).sum()
    counts = {DiseaseArea(area): int(own[area]) for area in table["disease_area"].unique()}
    most = sorted((a for a in counts if 2 * counts[a] > boroughs), key=lambda a: -counts[a])
    few = [area for area in counts if area not in most and counts[area]]
    none = [area for area in counts if not counts[area]]
    told = []
    if most:
        areas = [f"{in_sentence(area)} ({counts[area]})" for area in most]
        told.append(f"Most of the {boroughs} boroughs have figures of their own on {_and(areas)}.")
    if few:
        largest = max(counts[area] for area in few)
        how_many = (
            "only 1 borough has figures of its own"
            if largest == 1
            else f"no more than {largest} boroughs have figures of their own"
        )
        told.append(f"On {_each(few, len(counts))} {how_many}.")
    if none:
        told.append(f"On {_each(none, len(counts))} no borough has figures of its own.")
    nothing = int((table["known"] == Known.NOTHING).sum())
    if nothing:
        told.append(f"In {nothing} of {len(table)} cells nothing was found, even for England.")
    return " ".join(told)


def nearest_finding(table: pd.DataFrame, home: Known, what: str) -> str:
    """What a part of a map shows: how many cells have figures of their own, and what others have.

    Parameters
    ----------
    table
        Cells of one disease area, one borough or one group.
    home
        As in :func:`in_words`.
    what
        What a cell is: "boroughs", "disease areas", "ethnic groups".
    """
    counts = table["known"].value_counts()
    own = int(counts.get(home, 0))
    told = f"{own} of {len(table)} {what} {'has' if own == 1 else 'have'} figures of {_OF[home]}."
    rest = [
        f"{_OF[known]} ({counts[known]})"
        for known in (Known.NHS_AREA, Known.PART, Known.LONDON, Known.WIDER)
        if known != home and known in counts.index
    ]
    if rest:
        told += f" For others the nearest are figures of {_or(rest)}."
    if Known.HISTORY in counts.index:
        told += f" For {counts[Known.HISTORY]} there is only history, from before {HISTORY_BEFORE}."
    if Known.NOTHING in counts.index:
        told += f" For {counts[Known.NOTHING]} nothing was found, even for England."
    return told


def groups_finding(table: pd.DataFrame, groups: Classification, home: Known) -> str:
    """What the map by group shows: how much is missing, and of whom least is known.

    ``table`` is :func:`evidence.gap_map.group_map`; ``home`` as in :func:`in_words`.
    """
    detailed = table[table["ethnic_group"].isin(groups.detailed)]
    nothing = detailed["known"] == Known.NOTHING
    own = int((detailed["known"] == home).sum())
    told = [
        f"Of {len(detailed)} cells for detailed ethnic groups, {own} "
        f"{'has' if own == 1 else 'have'} figures of {_OF[home]} and in {int(nothing.sum())} "
        "nothing was found, even for England."
    ]
    missing = nothing.groupby(detailed["ethnic_group"]).sum()
    missing = missing.reindex(groups.sort(missing.index)).sort_values(
        ascending=False, kind="stable"
    )
    areas = detailed["disease_area"].nunique()
    if areas > 1 and missing.iloc[0]:
        worst = missing[missing >= missing.iloc[min(LEAST_KNOWN, len(missing)) - 1]]
        worst = worst[worst > 0].head(LEAST_KNOWN)
        names = [
            f"the {groups.short(str(code))} ({count} of {areas} areas without a figure)"
            for code, count in worst.items()
        ]
        word = "group" if len(names) == 1 else "groups"
        told.append(f"Least is known of people from {_and(names)} ethnic {word}.")
    return " ".join(told)


def in_sentence(area: DiseaseArea) -> str:
    """A disease area's name within a sentence: "mental health"."""
    return area.label[:1].lower() + area.label[1:]


def _each(areas: list[DiseaseArea], every: int) -> str:
    """Areas by name where they are few, else how many they are."""
    if len(areas) <= LEAST_KNOWN:
        return _and([in_sentence(area) for area in areas])
    return f"{'each of the' if len(areas) == every else 'the other'} {len(areas)} areas"


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _or(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def map_csv(cells: pd.DataFrame, home: Known, groups: Classification, *, citation: str) -> bytes:
    """A map as UTF-8 CSV that spreadsheets open rightly, with each cell's meaning and citation.

    Parameters
    ----------
    cells
        A map of :mod:`evidence.gap_map`.
    home
        As in :func:`in_words`.
    groups
        The classification, for the groups in words.
    citation
        How the map is cited, with the date of its tables.
    """
    frame = cells.copy()
    frame.insert(1, "disease_area_label", [DiseaseArea(a).label for a in cells["disease_area"]])
    if "ethnic_group" in cells:
        labels = [None if is_blank(code) else groups.short(code) for code in cells["ethnic_group"]]
        frame["ethnic_group_label"] = labels
    frame["in_words"] = [in_words(cell, home) for cell in cells.to_dict("records")]
    frame["citation"] = citation
    return to_csv(frame)
