"""Two groups from their counts or their standard errors: ratio and difference with limits."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evidence.statistics import score
from evidence.statistics.blocks import in_blocks
from evidence.statistics.checks import (
    Floats,
    aligned,
    normal_quantile,
    reasons,
    refuse,
    refuse_counts,
    refuse_multiplier,
    refuse_overflow,
)
from evidence.statistics.comparison import COLUMNS

Kind = Literal["rate", "proportion"]

MULTIPLIERS: dict[Kind, float] = {"rate": 100_000, "proportion": 100}
"""What a difference is given in: rates per 100,000, proportions in percentage points."""


def compare_counts(
    numerator: ArrayLike,
    denominator: ArrayLike,
    reference_numerator: ArrayLike,
    reference_denominator: ArrayLike,
    *,
    kind: Kind,
    confidence: float = 0.95,
    multiplier: float | None = None,
) -> pd.DataFrame:
    """Ratio and difference of two independent groups from their counts, with score limits.

    Proportions: the score limits of Miettinen and Nurminen (Statistics in Medicine 1985;4:213-226,
    doi 10.1002/sim.4780040211) for the ratio and for the difference, with their correction
    N / (N - 1). Rates: Poisson score limits, for the ratio in the closed form of Graham,
    Mengersen and Morton (Statistics in Medicine 2003;22:2071-2083), for the
    difference those of Miettinen and Nurminen.

    Ratio and difference come from one test, so that they never contradict one another: the limits
    of the ratio hold 1 where, and only where, those of the difference hold 0.

    Parameters
    ----------
    numerator, denominator
        Counts of events and of people (or person-years) in the groups.
    reference_numerator, reference_denominator
        The same for the reference group, who must be other people than the group's.
    kind
        "proportion" where each person counts once at most, "rate" where events are counted.
    confidence
        The confidence level, between 0 and 1.
    multiplier
        What the difference is given in; 100 for proportions and 100,000 for rates unless said.

    Returns
    -------
    pandas.DataFrame
        Columns ratio, ratio_lower, ratio_upper, difference, difference_lower, difference_upper
        (float) and reason (str, why something is missing). No events in the group: the ratio is
        0 and has an upper limit. None in the reference group: there is no ratio, its lower limit
        stands and its upper limit is infinite. None in either: no ratio and no limits for it.
        Nobody in a group, or a missing count: nothing but the reason.

    Raises
    ------
    ValueError
        If a count is below zero or infinite, a proportion's numerator is above its denominator,
        a result is too large for a number, the multiplier is not above zero and finite, the kind
        is unknown, or confidence is not in (0, 1). The message names the row.
    """
    if kind not in MULTIPLIERS:
        raise ValueError(f'kind must be "rate" or "proportion", not "{kind}"')
    scale = MULTIPLIERS[kind] if multiplier is None else multiplier
    refuse_multiplier(scale)
    case = aligned(numerator, denominator, reference_numerator, reference_denominator)
    one, n_one, other, n_other = case
    refuse_counts(one, n_one, proportion=kind == "proportion")
    refuse_counts(other, n_other, proportion=kind == "proportion", of="of the reference group")
    square = normal_quantile(confidence) ** 2
    frame = in_blocks(partial(_compared, kind=kind, square=square, scale=scale), case, COLUMNS)
    missing = np.isnan(one) | np.isnan(n_one) | np.isnan(other) | np.isnan(n_other)
    known = ~missing & (n_one > 0) & (n_other > 0)
    refuse_overflow(known, *(frame[name] for name in COLUMNS if name.startswith("difference")))
    # Without events in the reference group there is no ratio, and its upper limit is infinite.
    refuse_overflow(known & (other > 0), frame["ratio"], frame["ratio_upper"])
    frame["reason"] = reasons(
        len(frame),
        [
            (missing, "a count is missing"),
            (n_one == 0, "nobody is in the group"),
            (n_other == 0, "nobody is in the reference group"),
            ((one == 0) & (other == 0), "no events in either group, so no ratio"),
            (other == 0, "no events in the reference group, so no ratio"),
        ],
    )
    return frame


def compare_standard_errors(
    value: ArrayLike,
    standard_error: ArrayLike,
    reference_value: ArrayLike,
    reference_standard_error: ArrayLike,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Ratio and difference of two independent estimates where a standard error is all there is.

    The ratio has log-normal limits, by the delta method (Armitage, Berry and Matthews,
    Statistical Methods in Medical Research, 4th edition 2002, section 5.3); the difference has
    normal limits.

    Parameters
    ----------
    value, standard_error
        Estimates of the groups with their standard errors, in the same unit.
    reference_value, reference_standard_error
        The same for the reference group.
    confidence
        The confidence level, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`compare_counts`. There is no ratio where either value is not above
        zero, and there are no limits where a standard error is missing; the reason says so.

    Raises
    ------
    ValueError
        If a standard error is below zero, anything is infinite, or confidence is not in (0, 1).
    """
    one, error, other, other_error = aligned(
        value, standard_error, reference_value, reference_standard_error
    )
    refuse((error < 0) | (other_error < 0), "a standard error is below zero")
    for each in (one, error, other, other_error):
        refuse(np.isinf(each), "a number is infinite")
    z = normal_quantile(confidence)
    divides = (one > 0) & (other > 0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.where(divides, one / other, np.nan)
        spread = np.exp(z * np.hypot(error / one, other_error / other))
    half = z * np.hypot(error, other_error)
    ends = (ratio / spread, ratio * spread, one - other, one - other - half, one - other + half)
    frame = pd.DataFrame(dict(zip(COLUMNS, (ratio, *ends), strict=True)))
    frame["reason"] = reasons(
        len(one),
        [
            (np.isnan(one) | np.isnan(other), "a value is missing"),
            (np.isnan(half), "no interval published"),
            (~divides, "a ratio needs values above zero"),
        ],
    )
    return frame


def _compared(
    one: Floats, n_one: Floats, other: Floats, n_other: Floats, *, kind: Kind, square: float,
    scale: float,
) -> list[Floats]:  # fmt: skip
    """The columns of the result for one block of rows."""
    if kind == "proportion":
        both = n_one + n_other
        goal = square * both / np.maximum(both - 1, 1)
        ratio_limit, difference_limit = score.PROPORTIONS
    else:
        goal = np.full_like(one, square)
        ratio_limit, difference_limit = score.RATES
    rate, other_rate = one / n_one, other / n_other
    difference = scale * (rate - other_rate)
    unknown = np.isnan(difference) | (n_one == 0) | (n_other == 0)
    no_ratio = unknown | ((one == 0) & (other == 0))
    there, back = (one, n_one, other, n_other, goal), (other, n_other, one, n_one, goal)
    return [
        np.where(unknown | (other == 0), np.nan, rate / other_rate),
        np.where(no_ratio, np.nan, ratio_limit(*there)),
        np.where(no_ratio, np.nan, 1 / ratio_limit(*back)),
        np.where(unknown, np.nan, difference),
        np.where(unknown, np.nan, scale * difference_limit(*there)),
        np.where(unknown, np.nan, -scale * difference_limit(*back)),
    ]
