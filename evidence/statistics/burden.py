"""Burden: how many events a group would have been spared, or would have had, at another's rate."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evidence.statistics.checks import (
    ROUNDING,
    aligned,
    reasons,
    refuse,
    refuse_counts,
    refuse_limits,
    refuse_multiplier,
    refuse_overflow,
)
from evidence.statistics.comparison import compare_limits
from evidence.statistics.counts import MULTIPLIERS, Kind
from evidence.statistics.limits import proportion_limits, rate_limits


class Direction(StrEnum):
    """What would have been, had the group had the reference group's rate."""

    FEWER = "fewer"
    MORE = "more"


def excess_events(
    numerator: ArrayLike,
    denominator: ArrayLike,
    reference_value: ArrayLike,
    reference_lower: ArrayLike,
    reference_upper: ArrayLike,
    *,
    kind: Kind,
    favourable: ArrayLike,
    multiplier: float | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """How many fewer, or more, events there would have been at the reference group's rate.

    The difference of the two rates, times the people of the group: for an adverse event the
    excess or attributable number (Rothman, Greenland and Lash, Modern Epidemiology, 3rd edition
    2008, chapter 4). Its limits are those of the difference by the method of variance estimates
    recovery (Donner and Zou, Statistical Methods in Medical Research 2012;21:347-359), from the
    group's own limits (Wilson for proportions, exact or Byar's for rates) and from the reference
    group's limits as given.

    Parameters
    ----------
    numerator, denominator
        Counts of the group's events and people.
    reference_value, reference_lower, reference_upper
        The reference group's rate or percentage with its limits, in units of the multiplier, of
        the same confidence level; limits may be missing.
    kind
        "proportion" where each person counts once at most, "rate" where events are counted.
    favourable
        True (or 1) where the event is a good one (such as a recovery), False (or 0) where it is
        a bad one; one for all rows or one a row.
    multiplier
        The unit of the reference values; 100 for proportions and 100,000 for rates unless said.
    confidence
        The confidence level, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        events (float, never below zero), lower and upper (float, its limits; a lower limit below
        zero means that the direction itself is not certain), direction (a :class:`Direction`:
        so many fewer, or more, events there would have been), worse (boolean: True where the
        group is the worse off, which is fewer of a bad event or more of a good one; False where
        the reference group is, or neither) and reason (str, why something is missing). Only
        events that are bad, "fewer" and worse may be called avoidable.

    Raises
    ------
    ValueError
        If a count is below zero or infinite, a proportion's numerator is above its denominator,
        the reference's value or limits are out of order, below zero or, for proportions, above
        everybody, favourable is neither true nor false, a result is too large for a number, the
        multiplier is not above zero and finite, the kind is unknown, or confidence is not in
        (0, 1). The message names the row.
    """
    if kind not in MULTIPLIERS:
        raise ValueError(f'kind must be "rate" or "proportion", not "{kind}"')
    scale = MULTIPLIERS[kind] if multiplier is None else multiplier
    refuse_multiplier(scale)
    count, people, value, lower, upper, good = aligned(
        numerator, denominator, reference_value, reference_lower, reference_upper, favourable
    )
    refuse(np.isnan(good), "it is not said whether the event is favourable")
    refuse((good != 0) & (good != 1), "favourable must be True or False")
    refuse_counts(count, people, proportion=kind == "proportion")
    refuse((value < 0) | (lower < 0), "the reference group's rate is below zero")
    refuse_limits(value, lower, upper, of="of the reference group")
    if kind == "proportion":
        above = np.fmax(value, upper) > scale * (1 + ROUNDING)
        refuse(above, f"the reference group's proportion is above {scale:g}, which is everybody")
    limits_of = proportion_limits if kind == "proportion" else rate_limits
    own = limits_of(count, people, multiplier=scale, confidence=confidence)
    found = compare_limits(own["value"], own["lower"], own["upper"], value, lower, upper)
    with np.errstate(over="ignore", invalid="ignore"):
        of_group = people / scale
        excess = found["difference"].to_numpy() * of_group
        ends = [found[f"difference_{end}"].to_numpy() * of_group for end in ("lower", "upper")]
    compared = found["difference"].notna().to_numpy()
    refuse_overflow(compared, excess)
    refuse_overflow(compared & found["difference_lower"].notna().to_numpy(), *ends)
    fewer = (excess > 0) | ((excess == 0) & (good == 0))
    unknown = np.isnan(excess)
    direction = pd.Series(np.where(fewer, Direction.FEWER, Direction.MORE), dtype="str")
    worse = (excess != 0) & (fewer == (good == 0))
    return pd.DataFrame(
        {
            "events": np.abs(excess),
            "lower": np.where(fewer, ends[0], -ends[1]),
            "upper": np.where(fewer, ends[1], -ends[0]),
            "direction": direction.mask(unknown),
            "worse": pd.Series(worse, dtype="boolean").mask(unknown),
            "reason": reasons(
                len(count),
                [
                    (np.isnan(count) | np.isnan(people), "a count is missing"),
                    (people == 0, "nobody is in the group"),
                    (np.isnan(value), "the reference group has no value"),
                    (np.isnan(lower) | np.isnan(upper), "no interval published"),
                ],
            ),
        }
    )
