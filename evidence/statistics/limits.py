"""Confidence limits for one group, by the standard methods of English public health.

The methods are those of the Association of Public Health Observatories, "Commonly used public
health statistics and their confidence intervals", Technical Briefing 3 (Eayres, 2008).
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import gammainccinv, gammaincinv

from evidence.statistics.blocks import in_blocks
from evidence.statistics.checks import (
    Floats,
    aligned,
    normal_quantile,
    reasons,
    refuse_counts,
    refuse_multiplier,
    refuse_overflow,
    tail,
)

BYAR_FROM = 10
"""Counts below this get exact Poisson limits; from here on Byar's approximation is used."""

ENDS = ("value", "lower", "upper")


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
        is under one person, lengths differ, a result is too large for a number, the multiplier is
        not above zero and finite, or confidence is not in (0, 1). The message names the row.
    """
    z = normal_quantile(confidence)
    events, people = aligned(numerator, denominator)
    refuse_counts(events, people, proportion=True)
    refuse_multiplier(multiplier)
    work = partial(_wilson, z=z, multiplier=multiplier)
    return _table(in_blocks(work, (events, people), ENDS), events, people)


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
        If a count is below zero or infinite, lengths differ, a result is too large for a number,
        the multiplier is not above zero and finite, or confidence is not in (0, 1). The message
        names the row.
    """
    z = normal_quantile(confidence)
    events, people = aligned(numerator, denominator)
    refuse_counts(events, people, proportion=False)
    refuse_multiplier(multiplier)
    work = partial(_poisson, z=z, each_tail=tail(confidence), multiplier=multiplier)
    return _table(in_blocks(work, (events, people), ENDS), events, people)


def _wilson(
    events: Floats, people: Floats, *, z: float, multiplier: float
) -> tuple[Floats, Floats, Floats]:
    share = events / people
    centre = 2 * events + z**2
    spread = z * np.sqrt(z**2 + 4 * events * (1 - share))
    scale = np.where(people > 0, multiplier / 2 / (people + z**2), np.nan)
    # Where nobody or everybody has the outcome the limit is exact, whatever the rounding error.
    lower = (centre - spread) * scale * (events > 0)
    everybody = (events == people) & (people > 0)
    upper = np.where(everybody, multiplier, (centre + spread) * scale)
    return share * multiplier, lower, upper


def _poisson(
    events: Floats, people: Floats, *, z: float, each_tail: float, multiplier: float
) -> tuple[Floats, Floats, Floats]:
    lower, upper = _byar(events, -z), _byar(events + 1, z)
    small = events < BYAR_FROM
    # The exact limits are slow to find, and small counts are few.
    counts, place = np.unique(events[small], return_inverse=True)
    lower[small] = np.where(counts > 0, gammaincinv(counts, each_tail), 0.0)[place]
    upper[small] = gammainccinv(counts + 1, each_tail)[place]
    scale = np.where(people > 0, multiplier / people, np.nan)
    return events * scale, lower * scale, upper * scale


def _byar(counts: Floats, reach: float) -> Floats:
    root = 1 - 1 / (9 * counts) + reach / (3 * np.sqrt(counts))
    return counts * root * root * root


def _table(frame: pd.DataFrame, events: Floats, people: Floats) -> pd.DataFrame:
    """The limits with the reason why a row has none."""
    missing = np.isnan(events) | np.isnan(people)
    refuse_overflow(~missing & (people > 0), *(frame[end] for end in ENDS))
    frame["reason"] = reasons(
        len(frame),
        [
            (missing, "a count is missing"),
            (people == 0, "nobody is in the group"),
        ],
    )
    return frame
