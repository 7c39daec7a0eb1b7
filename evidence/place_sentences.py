"""The sentences on boroughs side by side: what a map shows, and how far it can be relied on."""

from __future__ import annotations

import pandas as pd

from evidence.ethnicity import Classification
from evidence.numbers import is_blank
from evidence.places import AcrossBoroughs, Shown, Standing
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
    outcome = _outcome(first, indicator)
    if there.empty:
        return f"No borough has a figure to show of {outcome} among {people}"
    if across.shown is not Shown.FIGURE:
        others = groups.people(str(across.reference), who)
        return _capital(_gap_finding(there, across, outcome, people, others))
    opening = _capital(f"{outcome} among {people}")
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


def caution_across(across: AcrossBoroughs) -> str:
    """How far the differences on a map can be relied on, as one or two sentences."""
    there = across.measured
    if there.empty:
        return ""
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
    """How many boroughs have a clear gap, and to which side."""
    if len(there) == 1:
        row = there.iloc[0]
        between = f" (95% limits {row['limits_told']})" if row["limits_told"] else ""
        return (
            f"{outcome} is compared in one borough alone: in {row['name']} it was {row['told']} "
            f"among {people} than among {others}{between}"
            if across.shown is Shown.DIFFERENCE
            else f"{outcome} is compared in one borough alone: in {row['name']} it was "
            f"{row['told']} as high among {people} as among {others}{between}"
        )
    opening = f"among {people} than among {others}"
    if there["lower"].isna().all():
        same = 1 if across.shown is Shown.RATIO else 0
        low = int((there["value"] < same).sum())
        high = int((there["value"] > same).sum())
        return (
            f"{outcome} was lower {opening} in {low} of {len(there)} boroughs measured and higher "
            f"in {high}, but no limits are published"
        )
    low = int((there["verdict"] == Verdict.LOWER).sum())
    high = int((there["verdict"] == Verdict.HIGHER).sum())
    if not low and not high:
        return (
            f"{outcome} showed no clear difference between {people} and {others} in any of the "
            f"{len(there)} boroughs measured"
        )
    sides = [("lower", low), ("higher", high)]
    (one, count), (other, rest) = sorted(sides, key=lambda side: -side[1])
    return (
        f"{outcome} was clearly {one} {opening} in {count} of {len(there)} boroughs measured, and "
        f"clearly {other} in {rest or 'none'}"
    )


def _outcome(first: RowLike, indicator: RowLike) -> str:
    """What is measured, as it stands before "among"."""
    outcome = str(indicator["outcome"])
    measure = Measure(first["measure"])
    if measure is Measure.COUNT:
        return f"the number for {outcome}"
    if measure is Measure.SHARE:
        return f"the share of all counted for {outcome}"
    return outcome


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
