"""The sentences on boroughs side by side: what a map shows, and how far it can be relied on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from evidence.ethnicity import Classification
from evidence.numbers import is_blank, with_unit
from evidence.place_values import AcrossBoroughs, Standing
from evidence.places import Shown
from evidence.statements import RowLike, figure_value, noun, verdict_words
from evidence.statistics import Verdict
from evidence.vocabulary import Measure

NAMED = 2
"""How many boroughs that tie are named before they are only counted."""

ONE_IN = 20
"""Of so many comparisons one is called clear by chance alone, with 95% limits."""


UNCLEAR = frozenset({Verdict.NO_CLEAR_DIFFERENCE, Verdict.TOO_UNCERTAIN})
"""Verdicts of limits that hold what a borough is compared with."""


def finding_across(
    across: AcrossBoroughs, one: pd.DataFrame, indicator: RowLike, groups: Classification
) -> str:
    """The main finding of a map as one sentence without a full stop.

    Parameters
    ----------
    across
        What is shown of each borough.
    one
        The joined set that it was made from.
    indicator
        The indicator's row.
    groups
        The classification.
    """
    first = one.iloc[0].to_dict()
    who = noun(first, indicator)
    people = groups.people(across.group, who)
    there = across.measured
    outcome = str(indicator["outcome"])
    if there.empty:
        return f"No borough has a figure to show of {outcome} among {people}"
    if across.shown is not Shown.FIGURE:
        others = groups.people(str(across.reference), who)
        return _capital(_gap_finding(there, across, outcome, people, others))
    opening = _capital(_opening(across, first, outcome, people))
    if len(there) == 1:
        row = there.iloc[0]
        return f"{opening} is measured in one borough alone: {row['name']} ({row['told']})"
    low, high = there["value"].min(), there["value"].max()
    if low == high:
        return f"{opening} was the same in all {len(there)} boroughs measured, {_at(there, low)}"
    return (
        f"{opening} was lowest in {_where(there, low)} and highest in {_where(there, high)}, "
        f"of {len(there)} boroughs measured"
    )


def finding_years(
    ends: Sequence[tuple[RowLike, RowLike]],
    across: AcrossBoroughs,
    one: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
) -> str:
    """What the years of the boroughs come to, as one sentence without a full stop.

    Parameters
    ----------
    ends
        :func:`evidence.place_series.ends_of` the chosen group.
    across, one, indicator, groups
        As for :func:`finding_across`.
    """
    first = one.iloc[0].to_dict()
    who = noun(first, indicator)
    opening = _opening(across, first, str(indicator["outcome"]), groups.people(across.group, who))
    if Measure(first["measure"]).is_published_comparison:
        others = groups.people(str(first["comparator"]), who)
        opening = f"the published comparison of {opening} with {others}"
    opening = _capital(opening)
    if not ends:
        return f"{opening} can't be followed over the years in any borough"
    higher = sum(newest["value"] > oldest["value"] for oldest, newest in ends)
    lower = sum(newest["value"] < oldest["value"] for oldest, newest in ends)
    return (
        f"{opening} was higher in the newest period than in the first in {higher or 'none'} of "
        f"{_boroughs(len(ends))} with two or more, and lower in {lower or 'none'}"
    )


CAUTION_OF_YEARS = (
    "No test was made here, and figures differ from year to year by chance too: a borough's own "
    "page tests its years. Lines join periods that follow one another. Hollow marks are figures "
    "that can't be held against the others, such as those of incomplete records."
)
"""How far small charts of the years can be relied on."""


def caution_across(across: AcrossBoroughs) -> str:
    """How far the differences on a map can be relied on, as one or two sentences."""
    there = across.measured
    if there.empty:
        return ""
    if across.measure is Measure.COUNT:
        return (
            "A count follows from how many people live in a borough: it tells neither need nor "
            "how well people are cared for."
        )
    without = int(there["lower"].isna().sum())
    if without == len(there):
        return (
            "No limits are published for these figures, so how far chance could have moved them "
            "can't be told."
        )
    unclear = int(there["verdict"].isin(UNCLEAR).sum())
    parts = []
    if across.shown is Shown.FIGURE:
        if across.london is None:
            parts.append("Boroughs whose limits overlap may differ by chance alone.")
        else:
            london = f"London's figure ({figure_value(across.london)})"
            parts.append(
                f"In {unclear} of {_boroughs(len(there))} the limits include {london}: these may "
                "differ from it by chance alone."
            )
    else:
        parts.append(f"In {unclear} of {_boroughs(len(there))} the gap may be chance alone.")
    if len(there) >= ONE_IN and not (across.shown is Shown.FIGURE and across.london is None):
        parts.append(
            f"Of every {ONE_IN} boroughs about one would look clear by chance, so a single "
            "borough proves little."
        )
    if without:
        parts.append(f"{_boroughs(without).capitalize()} without limits can't be judged.")
    return " ".join(parts)


def verdict_across(row: RowLike, across: AcrossBoroughs, direction: str) -> str:
    """What a borough's figure or gap comes to, in words for a table cell."""
    if row["standing"] != Standing.MEASURED:
        return Standing(row["standing"]).label
    if is_blank(row["verdict"]):
        return ""
    words = verdict_words(str(row["verdict"]), direction)
    told = row["verdict"] in {Verdict.HIGHER, Verdict.LOWER}
    return f"{words} than London" if told and across.shown is Shown.FIGURE else words


def _gap_finding(
    there: pd.DataFrame, across: AcrossBoroughs, outcome: str, people: str, others: str
) -> str:
    """How many boroughs have a gap that is clear of chance, and to which side."""
    if len(there) == 1:
        return _only_gap(there.iloc[0].to_dict(), across, outcome, people, others)
    count = f"{len(there)} boroughs measured"
    limited = bool(there["lower"].notna().any())
    if limited:
        low = int((there["verdict"] == Verdict.LOWER).sum())
        high = int((there["verdict"] == Verdict.HIGHER).sum())
    else:
        same = 1 if across.shown is Shown.RATIO else 0
        low, high = int((there["value"] < same).sum()), int((there["value"] > same).sum())
    if not low and not high:
        clear = "clear " if limited else ""
        return (
            f"{outcome} showed no {clear}difference between {people} and {others} in any of the "
            f"{count}"
        )
    (one, most), (other, rest) = sorted([("lower", low), ("higher", high)], key=lambda s: -s[1])
    how = "clearly " if limited else ""
    told = (
        f"{outcome} was {how}{one} among {people} than among {others} in {most} of {count}, and "
        f"{how}{other} in {rest or 'none'}"
    )
    return told if limited else f"{told}; no limits are published"


def _only_gap(row: RowLike, across: AcrossBoroughs, outcome: str, people: str, others: str) -> str:
    """The gap of the one borough that has one."""
    between = f" (95% limits {row['limits_told']})" if row["limits_told"] else ""
    opening = f"{outcome} is compared in one borough alone, {row['name']}: "
    if across.shown is Shown.RATIO:
        return f"{opening}{row['told']} as high among {people} as among {others}{between}"
    value = with_unit(str(row["told"]), across.unit)
    return f"{opening}a difference of {value} between {people} and {others}{between}"


def _opening(across: AcrossBoroughs, first: RowLike, outcome: str, people: str) -> str:
    """What is measured, as it stands before "was lowest in"."""
    if across.measure is Measure.COUNT:
        return f"the number of {first['unit']} for {outcome} among {people}"
    if across.measure is Measure.SHARE:
        return f"of all those counted for {outcome}, the share who are {people}"
    return f"{outcome} among {people}"


def _where(there: pd.DataFrame, value: float) -> str:
    """The boroughs that have a value, with it: "Brent (38%)", "3 boroughs (38%)"."""
    names = list(there.loc[there["value"] == value, "name"])
    told = " and ".join(names) if len(names) <= NAMED else f"{len(names)} boroughs"
    return f"{told} ({_at(there, value)})"


def _at(there: pd.DataFrame, value: float) -> str:
    return str(there.loc[there["value"] == value, "told"].iloc[0])


def _boroughs(count: int) -> str:
    return "1 borough" if count == 1 else f"{count} boroughs"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
