"""Confidence limits for a mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from evidence.statistics.checks import aligned, reasons, refuse, tail


def mean_limits(
    value: ArrayLike,
    standard_deviation: ArrayLike,
    count: ArrayLike,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Limits for means by Student's t distribution (Student, Biometrika 1908;6:1-25).

    The method of the Association of Public Health Observatories' Technical Briefing 3 (Eayres,
    2008): the mean, and either side t times the standard deviation over the root of the count,
    with one degree of freedom less than the count.

    Parameters
    ----------
    value, standard_deviation
        Means and standard deviations of the people measured, in the same unit.
    count
        How many people were measured.
    confidence
        The confidence level, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        Columns value, lower, upper (float, in the unit of the mean) and reason (str, why limits
        are missing: a number is missing, or fewer than two people were measured).

    Raises
    ------
    ValueError
        If a standard deviation or a count is below zero or a number is infinite, with its row;
        or if confidence is not in (0, 1).
    """
    means, deviations, people = aligned(value, standard_deviation, count)
    refuse(deviations < 0, "the standard deviation is below zero")
    refuse(people < 0, "the count is below zero")
    for each in (means, deviations, people):
        refuse(np.isinf(each), "a number is infinite")
    quantiles = np.full(people.shape, np.nan)
    enough = people >= 2
    quantiles[enough] = stdtrit(people[enough] - 1, 1 - tail(confidence))
    half = quantiles * deviations / np.sqrt(people, where=enough, out=np.ones_like(people))
    frame = pd.DataFrame({"value": means, "lower": means - half, "upper": means + half})
    frame["reason"] = reasons(
        len(means),
        [
            (np.isnan(means), "the mean is missing"),
            (np.isnan(deviations) | np.isnan(people), "no standard deviation or count"),
            (~enough, "fewer than two people were measured"),
        ],
    )
    return frame
