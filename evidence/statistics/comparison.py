"""Two groups: ratio and difference, with limits recovered from each group's own limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evidence.statistics.blocks import in_blocks
from evidence.statistics.checks import Floats, aligned, reasons, refuse, refuse_limits

COLUMNS = (
    "ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper",
)  # fmt: skip
"""What two groups are compared by."""


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
        Estimates of the groups with their limits; limits may be missing.
    reference_value, reference_lower, reference_upper
        The same for the reference group.

    Returns
    -------
    pandas.DataFrame
        Columns ratio, ratio_lower, ratio_upper, difference, difference_lower, difference_upper
        (float) and reason (str, why something is missing: a value is, or one of its limits;
        there is no ratio where the reference is zero or a value is below zero, and it has no
        limits where one of theirs is). The upper limit of the ratio is infinite where the
        reference's lower limit is zero.

    Raises
    ------
    ValueError
        If a number is infinite, limits are out of order or don't enclose their value, or lengths
        differ. The message names the row.
    """
    case = aligned(value, lower, upper, reference_value, reference_lower, reference_upper)
    a, a_low, a_high, b, b_low, b_high = case
    for whose, numbers in (("", case[:3]), (" of the reference group", case[3:])):
        for name, column in zip(("value", "lower limit", "upper limit"), numbers, strict=True):
            refuse(np.isinf(column), f"the {name}{whose} is infinite")
    refuse_limits(a, a_low, a_high)
    refuse_limits(b, b_low, b_high, of="of the reference group")
    frame = in_blocks(_compared, case, COLUMNS)
    without_limits = np.isnan(frame["difference_lower"].to_numpy())
    frame["reason"] = reasons(
        len(frame),
        [
            (np.isnan(a) | np.isnan(b), "a value is missing"),
            (without_limits, "no interval published"),
            ((a < 0) | (b < 0), "a value is below zero, so no ratio"),
            (b == 0, "the reference is zero, so no ratio"),
            ((a_low < 0) | (b_low < 0), "a limit is below zero, so no limits of the ratio"),
        ],
    )
    return frame


def _compared(
    a: Floats, a_low: Floats, a_high: Floats, b: Floats, b_low: Floats, b_high: Floats
) -> tuple[Floats, ...]:
    """The columns of the result for one block of rows."""
    difference = a - b
    whole = ~np.isnan(a_low + a_high + b_low + b_high)
    below = np.sqrt((a - a_low) ** 2 + (b_high - b) ** 2)
    above = np.sqrt((a_high - a) ** 2 + (b - b_low) ** 2)
    divides = (a >= 0) & (b > 0)
    bounded = divides & whole & (a_low >= 0) & (b_low >= 0)
    lower, upper = _ratio_limits(a, a_low, a_high, b, b_low, b_high)
    return (
        np.where(divides, a / b, np.nan),
        np.where(bounded, lower, np.nan),
        np.where(bounded, upper, np.nan),
        difference,
        np.where(whole, difference - below, np.nan),
        np.where(whole, difference + above, np.nan),
    )


def _ratio_limits(
    a: Floats, a_low: Floats, a_high: Floats, b: Floats, b_low: Floats, b_high: Floats
) -> tuple[Floats, Floats]:
    """Limits of the ratio, where every number is there and none below zero."""
    # In parts of the two groups' own size, so that no unit is too large or too small.
    size = np.where(a_high > 0, a_high, 1.0)
    point, low_a, high_a, low_b, high_b = (
        a / size,
        a_low / size,
        a_high / size,
        b_low / b,
        b_high / b,
    )
    low_a, high_a = low_a * (2 * point - low_a), high_a * (2 * point - high_a)
    low_b, high_b = low_b * (2 - low_b), high_b * (2 - high_b)
    # The published lower limit, multiplied out so that it holds where 2b equals b's upper limit
    # and its denominator would vanish.
    root = np.sqrt(np.maximum(point**2 - low_a * high_b, 0))
    lower = np.where(point > 0, low_a / (point + root), 0.0)
    root = np.sqrt(np.maximum(point**2 - high_a * low_b, 0))
    upper = np.where(low_b > 0, (point + root) / low_b, np.inf)
    return lower * (size / b), upper * (size / b)
