"""Confidence limits for one group, by the standard methods of English public health.

The methods are those of the Association of Public Health Observatories, "Commonly used public
health statistics and their confidence intervals", Technical Briefing 3 (Eayres, 2008).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import chi2

from evidence.statistics.checks import (
    Floats,
    aligned,
    normal_quantile,
    reasons,
    refuse_counts,
    tail,
)

BYAR_FROM = 10
"""Counts below this get exact Poisson limits; from here on Byar's approximation is used."""


def proportion_limits(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    multiplier: float = 100,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Wilson score limits for proportions (Wilson, JASA 1927;22:209-212).

    Parameters
    ----------
    numerator, denominator
        Counts of the people with the outcome and of all people in the group.
    multiplier
        100 gives percentages.
    confidence
        The confidence level, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        Columns value, lower, upper (float, in units of the multiplier) and reason (str, why they
        are missing: a count is missing, or nobody is in the group).

    Raises
    ------
    ValueError
        If a count is below zero or infinite, a numerator is above its denominator, a denominator
        is under one person, lengths differ, or confidence is not in (0, 1). The message names the
        row.
    """
    z = normal_quantile(confidence)
    events, people = aligned(numerator, denominator)
    refuse_counts(events, people, proportion=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(people > 0, events / people, np.nan)
        centre = 2 * events + z**2
        spread = z * np.sqrt(z**2 + 4 * events * (1 - share))
        lower = (centre - spread) / (2 * (people + z**2))
        upper = (centre + spread) / (2 * (people + z**2))
    # Where nobody or everybody has the outcome the limit is exact, whatever the rounding error.
    lower = np.where(events == 0, 0.0, lower)
    upper = np.where(events == people, 1.0, upper)
    blank = np.isnan(share)
    return _table(
        events,
        people,
        share * multiplier,
        np.where(blank, np.nan, lower) * multiplier,
        np.where(blank, np.nan, upper) * multiplier,
    )


def rate_limits(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    multiplier: float = 100_000,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Limits for rates from counts: exact Poisson below 10 events, Byar's method from 10.

    Exact limits after Garwood (Biometrika 1936;28:437-442); Byar's approximation after Breslow
    and Day, Statistical Methods in Cancer Research, volume 2 (1987).

    Parameters
    ----------
    numerator, denominator
        Counts of events, and the people or person-years at risk.
    multiplier
        100,000 gives rates per 100,000.
    confidence
        The confidence level, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        Columns value, lower, upper (float, in units of the multiplier) and reason (str, why they
        are missing: a count is missing, or nobody is in the group).

    Raises
    ------
    ValueError
        If a count is below zero or infinite, lengths differ, or confidence is not in (0, 1). The
        message names the row.
    """
    z = normal_quantile(confidence)
    events, people = aligned(numerator, denominator)
    refuse_counts(events, people, proportion=False)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = events * (1 - 1 / (9 * events) - z / (3 * np.sqrt(events))) ** 3
        more = events + 1
        upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
        scale = np.where(people > 0, multiplier / people, np.nan)
    small = events < BYAR_FROM
    if small.any():
        # The exact limits are slow to find, and small counts are few.
        counts, place = np.unique(events[small], return_inverse=True)
        exact_lower, exact_upper = _exact_limits(counts, tail(confidence))
        lower[small], upper[small] = exact_lower[place], exact_upper[place]
    return _table(events, people, events * scale, lower * scale, upper * scale)


def _exact_limits(counts: Floats, each_tail: float) -> tuple[Floats, Floats]:
    """The exact limits of Poisson counts, with the given probability in each tail."""
    lower = np.where(counts > 0, chi2.ppf(each_tail, 2 * counts) / 2, 0.0)
    upper = np.asarray(chi2.ppf(1 - each_tail, 2 * counts + 2), dtype=float) / 2
    return lower, upper


def _table(
    events: Floats, people: Floats, value: Floats, lower: Floats, upper: Floats
) -> pd.DataFrame:
    """The limits as columns, with the reason why a row has none."""
    frame = pd.DataFrame({"value": value, "lower": lower, "upper": upper})
    frame["reason"] = reasons(
        len(events),
        [
            (np.isnan(events) | np.isnan(people), "a count is missing"),
            (people == 0, "nobody is in the group"),
        ],
    )
    return frame
