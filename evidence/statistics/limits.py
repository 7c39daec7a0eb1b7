"""Confidence limits for one group, by the standard methods of English public health.

The methods are those of the Association of Public Health Observatories, "Commonly used public
health statistics and their confidence intervals", Technical Briefing 3 (Eayres, 2008).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2, norm

BYAR_FROM = 10
"""Counts below this get exact Poisson limits; from here on Byar's approximation is used."""

Floats = NDArray[np.float64]


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
        Columns value, lower, upper, in units of the multiplier; missing where the denominator
        is zero or missing.

    Raises
    ------
    ValueError
        If a numerator is negative or above its denominator, or confidence is not in (0, 1).
    """
    events, people = _counts(numerator, denominator)
    if np.any(events > people):
        raise ValueError("a numerator is larger than its denominator")
    z = _normal_quantile(confidence)
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
    return pd.DataFrame(
        {
            "value": share * multiplier,
            "lower": np.where(blank, np.nan, lower) * multiplier,
            "upper": np.where(blank, np.nan, upper) * multiplier,
        }
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
        Columns value, lower, upper, in units of the multiplier; missing where the denominator
        is zero or missing.

    Raises
    ------
    ValueError
        If a count is negative or confidence is not in (0, 1).
    """
    events, people = _counts(numerator, denominator)
    z = _normal_quantile(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = events * (1 - 1 / (9 * events) - z / (3 * np.sqrt(events))) ** 3
        more = events + 1
        upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
        scale = np.where(people > 0, multiplier / people, np.nan)
    small = events < BYAR_FROM
    if small.any():
        # The exact limits are slow to find, and small counts are few.
        counts, place = np.unique(events[small], return_inverse=True)
        exact_lower, exact_upper = _exact_limits(counts, (1 - confidence) / 2)
        lower[small], upper[small] = exact_lower[place], exact_upper[place]
    return pd.DataFrame({"value": events * scale, "lower": lower * scale, "upper": upper * scale})


def _exact_limits(counts: Floats, tail: float) -> tuple[Floats, Floats]:
    """The exact limits of Poisson counts, with the given probability in each tail."""
    lower = np.where(counts > 0, chi2.ppf(tail, 2 * counts) / 2, 0.0)
    upper = np.asarray(chi2.ppf(1 - tail, 2 * counts + 2), dtype=float) / 2
    return lower, upper


def _counts(numerator: ArrayLike, denominator: ArrayLike) -> tuple[Floats, Floats]:
    events, people = np.broadcast_arrays(
        np.atleast_1d(np.asarray(numerator, dtype=float)),
        np.atleast_1d(np.asarray(denominator, dtype=float)),
    )
    if np.any(events < 0) or np.any(people < 0):
        raise ValueError("a count is below zero")
    return events, people


def _normal_quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError("confidence must lie between 0 and 1, such as 0.95")
    return float(norm.ppf(1 - (1 - confidence) / 2))
