"""Two groups: ratio and difference, with limits recovered from each group's own limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def compare_limits(
    value: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    reference_value: ArrayLike,
    reference_lower: ArrayLike,
    reference_upper: ArrayLike,
) -> pd.DataFrame:
    """Ratio and difference of two independent estimates from their limits alone (MOVER).

    The method of variance estimates recovery of Donner and Zou (Statistical Methods in Medical
    Research 2012;21:347-359) keeps the asymmetry of each group's limits, and so works for Wilson
    and Byar limits alike. The limits of the result have the confidence level of the inputs.

    Parameters
    ----------
    value, lower, upper
        Estimates of the groups, not negative, with their limits; limits may be missing.
    reference_value, reference_lower, reference_upper
        The same for the reference group.

    Returns
    -------
    pandas.DataFrame
        Columns ratio, ratio_lower, ratio_upper, difference, difference_lower,
        difference_upper. The ratio is missing where the reference is zero; its upper limit is
        infinite where the reference's lower limit is zero.
    """
    a, a_low, a_high, b, b_low, b_high = (
        np.atleast_1d(np.asarray(x, dtype=float))
        for x in (value, lower, upper, reference_value, reference_lower, reference_upper)
    )
    difference = a - b
    difference_lower = difference - np.hypot(a - a_low, b_high - b)
    difference_upper = difference + np.hypot(a_high - a, b - b_low)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(b > 0, a / b, np.nan)
        product = a * b
        low_a = a_low * (2 * a - a_low)
        high_a = a_high * (2 * a - a_high)
        high_b = b_high * (2 * b - b_high)
        low_b = b_low * (2 * b - b_low)
        # The published lower limit, multiplied out so that it holds where 2b equals b's upper
        # limit and its denominator would vanish.
        root = np.sqrt(np.maximum(product**2 - low_a * high_b, 0))
        ratio_lower = np.where(a > 0, low_a / (product + root), 0.0)
        root = np.sqrt(np.maximum(product**2 - high_a * low_b, 0))
        ratio_upper = np.where(low_b > 0, (product + root) / low_b, np.inf)
    unknown = np.isnan(ratio) | np.isnan(a_low) | np.isnan(b_low)
    return pd.DataFrame(
        {
            "ratio": ratio,
            "ratio_lower": np.where(unknown, np.nan, ratio_lower),
            "ratio_upper": np.where(unknown, np.nan, ratio_upper),
            "difference": difference,
            "difference_lower": difference_lower,
            "difference_upper": difference_upper,
        }
    )
