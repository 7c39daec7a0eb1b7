"""What is said of groups as dots on lines: the finding, what the marks are, what is missing."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from evidence.ethnicity import Classification
from evidence.inequality_words import distance, distance_between
from evidence.statements import RowLike, figure_value, named, place, when
from evidence.vocabulary import BlankReason, GeographyLevel

MOST_NAMED = 3
"""How many missing figures of one kind are named each."""

Ends = tuple[RowLike, RowLike]
"""The lowest and the highest figure of a line."""


def ends(line: pd.DataFrame) -> Ends:
    """The lowest and the highest figure of a line, from counts where there are any."""
    ordered = line.sort_values("estimate", kind="stable")
    return ordered.iloc[0].to_dict(), ordered.iloc[-1].to_dict()


def where_of(told: pd.DataFrame, lines: str) -> str:
    """Where and when the figures are of: "Lambeth, 2015 to 2020", "London's boroughs, 2019-20"."""
    first = told.iloc[0].to_dict()
    if lines != "period":
        return f"London's boroughs, {when(first)}" if _of_boroughs(told) else when(first)
    if told[lines].nunique() > 1:
        return f"{place(first)}, {told[lines].iloc[0]} to {told[lines].iloc[-1]}"
    return f"{place(first)}, {when(first)}"


def ends_told(told: pd.DataFrame, lines: str, groups: Classification) -> str:
    """The lowest and the highest group of each line: "Brent from 40% (Black) to 50% (White)"."""
    parts = told.groupby(lines, sort=False)
    return "; ".join(f"{name} {_from_to(ends(part), groups)}" for name, part in parts)


def title(told: pd.DataFrame, indicator: RowLike, lines: str, groups: Classification) -> str:
    """How far apart the groups lie, on the first and the last line or across areas, and who ends.

    Areas are not ranked: the widest of many distances is the widest by chance as well.
    """
    spread = {str(name): ends(part) for name, part in told.groupby(lines, sort=False)}
    apart = {name: _apart(both) for name, both in spread.items()}

    def size(name: str) -> str:
        return distance(apart[name], *spread[name])

    start, *_, end = [*spread, *spread]
    if len(spread) == 1:
        inside = "" if lines == "period" else f" in {place(told.iloc[0].to_dict())}"
        return (
            f"{named(indicator)}: groups lie {size(start)} apart{inside}, "
            f"{_from_to(spread[start], groups)}"
        )
    if lines == "period":
        return (
            f"{named(indicator)}: groups lay {size(start)} apart in {start} and {size(end)} "
            f"in {end}"
        )
    least = min(spread, key=lambda name: apart[name])
    widest = max(spread, key=lambda name: apart[name])
    between = distance_between(apart[least], spread[least], apart[widest], spread[widest])
    areas = "boroughs" if _of_boroughs(told) else "areas"
    return (
        f"{named(indicator)}: in {len(spread)} {areas} groups lie {between} apart"
        f"{_most_often(told, lines, groups)}"
    )


def without_figure(
    blanks: pd.DataFrame | None, told: pd.DataFrame, lines: str, groups: Classification
) -> str:
    """Which dots are missing and why: by name where they are few, else how many of each kind."""
    if blanks is None:
        return ""
    missing = blanks[blanks[lines].isin(told[lines]) & blanks["value"].isna()]
    missing = missing[missing["ethnic_group"].isin(told["ethnic_group"])]
    kinds = []
    for reason, part in missing.groupby("blank_reason", sort=True):
        label = BlankReason(str(reason)).label
        if len(part) > MOST_NAMED:
            kinds.append(f"{len(part)} dots {label}")
            continue
        kinds += [
            f"{groups.short(str(row['ethnic_group']))}, {row[lines]} {label}"
            for row in part.to_dict("records")
        ]
    return f" Without a figure: {'; '.join(kinds)}." if kinds else ""


def _of_boroughs(told: pd.DataFrame) -> bool:
    return bool((told["geography_level"] == GeographyLevel.BOROUGH).all())


def _apart(both: Ends) -> float:
    low, high = both
    return float(high["estimate"]) - float(low["estimate"])


def _from_to(both: Ends, groups: Classification) -> str:
    low, high = (f"{figure_value(row)} ({groups.short(str(row['ethnic_group']))})" for row in both)
    return f"from {low} to {high}"


def _most_often(told: pd.DataFrame, lines: str, groups: Classification) -> str:
    """Which groups are lowest and highest on most lines; nothing where no one group is.

    Groups that share an end of a line are counted there each.
    """
    of_line = told.groupby(lines)["estimate"]
    found = []
    for end, extreme in (
        ("lowest", of_line.transform("min")),
        ("highest", of_line.transform("max")),
    ):
        at_end = told.loc[told["estimate"] == extreme, "ethnic_group"]
        ranked = Counter(map(str, at_end)).most_common(2)
        if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
            continue
        code, count = ranked[0]
        found.append(f"{end} is most often {groups.short(code)} (in {count})")
    return f"; the {', the '.join(found)}" if found else ""
