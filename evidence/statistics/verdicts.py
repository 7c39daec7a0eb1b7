"""What the limits of a gap bear, in words."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evidence.statistics.checks import aligned, refuse

TOO_WIDE = 4.0
"""A ratio whose limits hold 1 and whose upper limit is more than this many times its lower one says
too little even for "no clear difference". Limits from a half to twice, the widest that are still
told apart from that, differ by exactly 4 times; wider ones can't rule out both, or can't rule out
a gap larger than either."""


class Verdict(StrEnum):
    """What the limits bear: the only words in which a gap is called a gap.

    "Not compared" is for groups that were never set against one another, whatever their limits.
    """

    HIGHER = "higher"
    LOWER = "lower"
    NO_CLEAR_DIFFERENCE = "no clear difference"
    TOO_UNCERTAIN = "too uncertain to say"
    NO_INTERVAL = "no interval published"
    NOT_COMPARED = "not compared"


def verdict(
    lower: ArrayLike, upper: ArrayLike, neutral: float, *, too_wide: float | None = None
) -> NDArray[np.str_]:
    """What the limits of a ratio or a difference bear, from the limits alone.

    Limits that lie wholly above the neutral value mean "higher", wholly below it "lower", however
    wide they are. A limit that touches the neutral value doesn't clear it. Limits that hold the
    neutral value mean "no clear difference" while they are narrow enough to rule out large gaps
    on both sides, and "too uncertain to say" where they aren't.

    Parameters
    ----------
    lower, upper
        The limits; missing where there are none.
    neutral
        1 for a ratio, 0 for a difference: the value of no gap.
    too_wide
        For a ratio the largest quotient of the limits, for a difference the largest distance
        between them, at which "no clear difference" is still said. A ratio has
        :data:`TOO_WIDE` unless said; a difference has none unless given in its own unit, because
        limits alone don't tell how much of a unit is large.

    Returns
    -------
    numpy.ndarray
        The value of a :class:`Verdict` for each row.

    Raises
    ------
    ValueError
        If limits are out of order, or those of a ratio are below zero, with the row; or if
        neutral is neither 0 nor 1, or too_wide is not above the neutral value.
    """
    if neutral not in {0, 1}:
        raise ValueError("neutral must be 1 (a ratio) or 0 (a difference)")
    if too_wide is not None and not too_wide > neutral:
        raise ValueError(f"too_wide must be above {neutral}")
    low, high = aligned(lower, upper)
    refuse(low > high, "the lower limit is above the upper limit")
    if neutral == 1:
        refuse(low < 0, "a limit of a ratio is below zero")
        most = TOO_WIDE if too_wide is None else too_wide
        with np.errstate(over="ignore", invalid="ignore"):
            wide = high > most * low
    else:
        most = np.inf if too_wide is None else too_wide
        with np.errstate(invalid="ignore"):
            wide = high - low > most
    return np.select(
        [np.isnan(low) | np.isnan(high), low > neutral, high < neutral, wide],
        [Verdict.NO_INTERVAL, Verdict.HIGHER, Verdict.LOWER, Verdict.TOO_UNCERTAIN],
        Verdict.NO_CLEAR_DIFFERENCE,
    )
