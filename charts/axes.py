"""Axes that charts share."""

from __future__ import annotations

import math

_TICKS = {
    0.1: "a tenth",
    0.2: "a fifth",
    1 / 3: "a third",
    0.5: "half",
    0.75: "0.75 times",
    1: "same",
    1.5: "1.5 times",
    2: "twice",
    3: "3 times",
    5: "5 times",
    10: "10 times",
    20: "20 times",
    50: "50 times",
}

APART = 2 / 7
"""The least distance between two ticks, as a share of the axis: the words of two that were nearer
met on a phone."""


def ratio_ticks(left: float, right: float) -> list[tuple[float, str]]:
    """Ticks of a log axis of ratios that speak, thinned so that they don't meet on a phone.

    Parameters
    ----------
    left, right
        The ratios at which the axis ends.

    Returns
    -------
    list
        Each tick's ratio and its words, the least first.
    """
    inside = [(value, text) for value, text in _TICKS.items() if left <= value <= right]
    wide = math.log10(right / left)
    kept: list[tuple[float, str]] = []
    for value, text in sorted(inside, key=lambda tick: abs(math.log10(tick[0]))):
        if all(abs(math.log10(value / other)) > wide * APART for other, _ in kept):
            kept.append((value, text))
    return sorted(kept)
