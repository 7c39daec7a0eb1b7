"""What every statistic asks of its input, and errors that name the row."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

ROUNDING = 1e-12
"""As a part of a number: what adding and multiplying in another order can change."""


def aligned(*values: ArrayLike) -> tuple[Floats, ...]:
    """The values as arrays of floats of one length; a single number is repeated.

    Raises
    ------
    ValueError
        If two of them have different lengths, one has more than one dimension, or holds
        something that is no number, with its row.
    """
    arrays = [_floats(each) for each in values]
    lengths = sorted({len(each) for each in arrays if len(each) != 1})
    if len(lengths) > 1:
        raise ValueError(f"the columns have different lengths: {lengths[0]} and {lengths[-1]} rows")
    return tuple(np.broadcast_arrays(*arrays))


def refuse(bad: Booleans | pd.Series, message: str) -> None:
    """Raise a ValueError that names the first row that is wrong, counted from 0."""
    rows = np.flatnonzero(np.asarray(bad, dtype=bool))
    if rows.size:
        more = f" (and {rows.size - 1} more rows)" if rows.size > 1 else ""
        raise ValueError(f"row {rows[0]}, counted from 0: {message}{more}")


def refuse_counts(
    numerator: Floats, denominator: Floats, *, proportion: bool, of: str = ""
) -> None:
    """Refuse counts that can't be: below zero, without end, or of more people than there are.

    Parameters
    ----------
    numerator, denominator
        Aligned counts; missing ones pass.
    proportion
        True where the numerator is a part of the denominator.
    of
        Words that tell whose counts they are, such as "of the reference group".
    """
    whose = f" {of}" if of else ""
    for name, counts in (("numerator", numerator), ("denominator", denominator)):
        refuse(counts < 0, f"the {name}{whose} is below zero")
        refuse(np.isinf(counts), f"the {name}{whose} is infinite")
    if proportion:
        refuse(numerator > denominator, f"the numerator{whose} is larger than its denominator")
        refuse((denominator > 0) & (denominator < 1), f"the denominator{whose} is under one person")


def refuse_multiplier(multiplier: float) -> None:
    """Refuse a multiplier by which no figure could be given."""
    if not (multiplier > 0 and math.isfinite(multiplier)):
        raise ValueError(f"the multiplier must be above zero and finite, not {multiplier:g}")


def refuse_overflow(known: Booleans, *columns: Floats | pd.Series) -> None:
    """Refuse rows that have their counts and whose results are still no finite numbers."""
    for column in columns:
        lost = known & ~np.isfinite(np.asarray(column, dtype=np.float64))
        refuse(lost, "the result is too large for a computer's numbers")


def refuse_limits(value: Floats, lower: Floats, upper: Floats, *, of: str = "") -> None:
    """Refuse limits that lie out of order or don't enclose their value; missing ones pass.

    A value may lie past a limit by what a computer's rounding can move it.
    """
    whose = f" {of}" if of else ""
    refuse(lower > upper, f"the lower limit{whose} is above the upper limit")
    outside = (value < lower) | (value > upper)
    if outside.any():
        room = ROUNDING * np.abs(value)
        outside = (value < lower - room) | (value > upper + room)
        refuse(outside, f"the value{whose} lies outside its own limits")


def normal_quantile(confidence: float) -> float:
    """How many standard errors either side a level of confidence takes (1.96 for 0.95)."""
    return float(norm.ppf(1 - tail(confidence)))


def tail(confidence: float) -> float:
    """The chance that a level of confidence leaves on either side (0.025 for 0.95)."""
    if not 0 < confidence < 1:
        raise ValueError("confidence must lie between 0 and 1, such as 0.95")
    return (1 - confidence) / 2


def reasons(length: int, cases: Sequence[tuple[Booleans, str]]) -> pd.Series:
    """The first reason that holds for each row, missing where none does."""
    held = [(where, words) for where, words in cases if where.any()]
    if not held:
        return pd.Series(pa.nulls(length, pa.large_string()), dtype="str")
    number = np.zeros(length, dtype=np.int8)
    for place, (where, _) in reversed(list(enumerate(held, start=1))):
        number[where] = place
    words_of = pa.array([None, *(words for _, words in held)], pa.large_string())
    return pd.Series(words_of.take(pa.array(number)), dtype="str")


def _floats(values: ArrayLike) -> Floats:
    try:
        if isinstance(values, pd.Series | pd.Index):
            values = values.to_numpy(dtype=float, na_value=np.nan)
        array = np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError):
        _refuse_texts(values)
        raise
    if array.ndim > 1:
        raise ValueError("a column of numbers has one dimension")
    return array


def _refuse_texts(values: ArrayLike) -> None:
    """Name the first row of a column that is no number, where there is one."""
    for row, each in enumerate(np.ravel(np.asarray(values, dtype=object))):
        try:
            float(each)
        except (TypeError, ValueError):
            if not pd.isna(each):
                raise ValueError(f"row {row}, counted from 0: {each!r} is not a number") from None
