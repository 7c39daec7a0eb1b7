"""Burden: how many events a group would have been spared, or would have had, at another's rate.

It is a sum, not a forecast: it says what the difference between two groups comes to in people,
never why there is one.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from evidence.ethnicity import Classification
from evidence.gaps import gaps
from evidence.limits import multiplier
from evidence.numbers import number
from evidence.statements import RowLike, figure_value, noun
from evidence.statistics import Verdict, excess_events
from evidence.statistics.counts import Kind
from evidence.vocabulary import Direction, Measure, Standardisation

COLUMNS = (
    "ethnic_group",
    "numerator",
    "denominator",
    "events",
    "lower",
    "upper",
    "direction",
    "worse",
    "clear",
    "sentence",
)

_OF_GAP = ("difference_lower", "difference_upper", "verdict")

CRUDE = (
    "The figures are not adjusted (crude): that groups differ in age or in need is not taken into "
    "account. The number is a sum, and does not say why the groups differ."
)
"""What stands below every list of burdens."""

ROUNDED = "The source rounds its counts to 5; the limits are widened for it."


def why_no_burden(rows: pd.DataFrame, indicator: RowLike) -> str:
    """Why a comparison set has no burden, or an empty string where it may have one."""
    if Direction(indicator["direction"]) is Direction.NEITHER:
        return "neither higher nor lower is better, so that nothing is lost or gained"
    if rows.empty or _scale(rows.iloc[0].to_dict()) is None:
        return "only percentages and rates of so many people can be turned into people"
    if not (rows["is_reference"] & rows["value"].notna()).any():
        return "the set has no reference group"
    if rows["standardisation"].iloc[0] != Standardisation.CRUDE:
        return "the figures are adjusted, and are not those of their counts"
    if (rows["numerator"].isna() | rows["denominator"].isna()).all():
        return "the source publishes no counts"
    return ""


def burden_of_set(rows: pd.DataFrame, indicator: RowLike, groups: Classification) -> pd.DataFrame:
    """What each group would have been spared, or would have had, at the reference group's rate.

    Only crude percentages and rates are taken, of groups that share no people with the reference
    and whose counts give their figure (the rate of the counts lies within its limits). Events are
    :func:`evidence.statistics.excess_events`; where the source rounds its counts, those of the
    estimate that the group is compared by. Their limits and whether they are clear of chance are
    those of the gap (:func:`evidence.gaps.gaps`), times the group's people, so that a page says
    the same of the difference and of the burden. No more can be spared than were counted, and no
    more had than there are people, so limits end there.

    Parameters
    ----------
    rows
        One comparison set: figures as the evidence base holds them.
    indicator
        The indicator's row.
    groups
        The classification.

    Returns
    -------
    pandas.DataFrame
        One row a group, those that are clearly worse off first, then by events: ethnic_group,
        numerator, denominator, events, lower, upper (float, people or events), direction
        ("fewer" or "more"), worse (bool, True where the group is the worse off), clear (bool,
        False where the limits include no difference) and sentence (str; without a number where
        it is not clear). Empty where :func:`why_no_burden` says why, or no group has limits.
    """
    nothing = pd.DataFrame(columns=list(COLUMNS))
    if why_no_burden(rows, indicator):
        return nothing
    reference = rows[rows["is_reference"] & rows["value"].notna()].iloc[0].to_dict()
    scale = _scale(reference) or np.nan
    chosen = _with_true_counts(rows, groups, scale)
    if chosen.empty:
        return nothing
    people = chosen["denominator"].to_numpy(dtype=float)
    counted = chosen["numerator"].to_numpy(dtype=float)
    rounded = (chosen["count_rounding"] > 1).to_numpy(dtype=bool)
    kind: Kind = "proportion" if reference["measure"] == Measure.PERCENTAGE else "rate"
    found = excess_events(
        np.where(rounded, chosen["estimate"] * people / scale, counted),
        people,
        reference["estimate"],
        np.nan,
        np.nan,
        kind=kind,
        favourable=Direction(indicator["direction"]) is Direction.HIGHER_IS_BETTER,
        multiplier=scale,
    ).set_index(chosen.index)
    result = pd.concat([chosen[["ethnic_group", "numerator", "denominator"]], found], axis=1)
    low, high = (chosen[f"difference_{end}"] * people / scale for end in ("lower", "upper"))
    fewer = result["direction"] == "fewer"
    result["lower"], result["upper"] = low.where(fewer, -high), high.where(fewer, -low)
    possible = counted_or_left(result, kind)
    for name in ("events", "lower", "upper"):
        result[name] = result[name].clip(upper=possible)
    result["worse"] = result["worse"].astype(bool)
    result["clear"] = chosen["verdict"].isin([Verdict.HIGHER, Verdict.LOWER])
    result["sentence"] = [
        burden_sentence(row, {**rows.loc[place].to_dict()}, reference, indicator, groups)
        for place, row in zip(result.index, result.to_dict("records"), strict=True)
    ]
    result["better"] = ~result["worse"]
    ordered = result.sort_values(
        ["clear", "better", "events"], ascending=[False, True, False], kind="stable"
    )
    return ordered[list(COLUMNS)].reset_index(drop=True)


def counted_or_left(result: pd.DataFrame, kind: Kind) -> pd.Series:
    """The most that can be fewer (all that were counted) or more (all the others)."""
    left = result["denominator"] - result["numerator"] if kind == "proportion" else np.inf
    return result["numerator"].where(result["direction"] == "fewer", left)


def burden_sentence(
    burden: RowLike,
    figure: RowLike,
    reference: RowLike,
    indicator: RowLike,
    groups: Classification,
) -> str:
    """The sentence of one group's burden: what was counted, and what would have been.

    Parameters
    ----------
    burden
        A row of :func:`burden_of_set`.
    figure, reference
        The figures of the group and of the reference group.
    indicator
        The indicator's row.
    groups
        The classification, for the groups as people.
    """
    word = "percentage" if figure["measure"] == Measure.PERCENTAGE else "rate"
    others = groups.people(str(reference["ethnic_group"]), noun(reference, indicator))
    given = f"With the {word} among {others} ({figure_value(reference)})"
    opening = _counted(figure, indicator, groups)
    if not burden["clear"]:
        return (
            f"{opening}. {given}, whether there would have been fewer or more is too uncertain to "
            "say: there is no clear difference."
        )
    more = burden["direction"]
    between = f"{whole(float(burden['lower']))} to {whole(float(burden['upper']))}"
    return (
        f"{opening}. {given}, there would have been about {whole(float(burden['events']))} {more} "
        f"(95% limits {between} {more})."
    )


def not_clear_sentence(found: pd.DataFrame, groups: Classification) -> str:
    """One sentence for all groups without a clear difference, or an empty string.

    ``found`` are rows of :func:`burden_of_set`.
    """
    codes = groups.sort(found.loc[~found["clear"].astype(bool), "ethnic_group"])
    if not codes:
        return ""
    names = [groups.short(code) for code in codes]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return (
        f"Too uncertain to say for {joined}: the limits include no difference, so no number is "
        "given."
    )


def whole(value: float) -> str:
    """A number of people to two significant figures, three above a thousand: "1,230"."""
    if value < 0.5:
        return "under 1"
    figures = 3 if value >= 1000 else 2
    step = 10 ** max(0, math.floor(math.log10(value)) + 1 - figures)
    return f"{math.floor(value / step + 0.5) * step:,}"


def _counted(figure: RowLike, indicator: RowLike, groups: Classification) -> str:
    """What was counted: "1,205 of the 2,410 women from Asian ethnic groups ... recovered"."""
    people = groups.people(str(figure["ethnic_group"]), noun(figure, indicator))
    count, of = number(float(figure["numerator"])), number(float(figure["denominator"]))
    phrase = str(indicator["phrase"])
    if "{value} of " in phrase:
        told = phrase.replace("{value} of ", f"{count} of the {of} ", 1).format(people=people)
    else:
        value = f"{figure_value(figure)} ({count} among {of})"
        told = phrase.format(people=people, value=value)
    return told[:1].upper() + told[1:]


def _scale(figure: RowLike) -> float | None:
    """How many people a figure is of: 100 for percentages, else as its unit says."""
    if figure["measure"] == Measure.PERCENTAGE:
        return 100.0
    return multiplier(str(figure["unit"])) if figure["measure"] == Measure.RATE else None


def _with_true_counts(rows: pd.DataFrame, groups: Classification, scale: float) -> pd.DataFrame:
    """The figures that follow from their counts and have a gap with limits, with that gap."""
    own = rows.drop(columns=[name for name in _OF_GAP if name in rows])
    found = gaps(own, groups).set_index("figure_id")[list(_OF_GAP)]
    chosen = own.join(found, on="figure_id")
    chosen = chosen[chosen["difference_lower"].notna() & (chosen["denominator"] >= 1)]
    counted = scale * chosen["numerator"] / chosen["denominator"]
    return chosen[counted.between(chosen["limit_lower"], chosen["limit_upper"])]
