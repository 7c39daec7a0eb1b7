"""Classes of values for a map: by quantile, by equal interval or by natural breaks.

Natural breaks are those of Fisher ("On grouping for maximum homogeneity", 1958), found exactly by
dynamic programming. For 33 values that is a few lines; the libraries for it (jenkspy, mapclassify)
refuse fewer distinct values than classes, which borough figures often have.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from evidence.numbers import is_blank, number

FEWEST, MOST = 2, 7
"""How many classes can be asked for: more shades than seven are not told apart."""

_TINY = 1e-9

NO_CLASS = -1
"""The class of a value that is missing."""

NEAR_THE_SAME = 1.05
"""The ratio from which, and its reverse down to which, two groups never share the middle class."""


class Method(StrEnum):
    """How values are parted into classes."""

    QUANTILE = "quantile"
    EQUAL_INTERVAL = "equal-interval"
    NATURAL_BREAKS = "natural-breaks"

    @property
    def label(self) -> str:
        """The method in words."""
        return {
            Method.QUANTILE: "Equal counts (quantiles)",
            Method.EQUAL_INTERVAL: "Equal intervals",
            Method.NATURAL_BREAKS: "Natural breaks",
        }[self]

    @property
    def explanation(self) -> str:
        """What the method does with figures, in a sentence for readers."""
        return {
            Method.QUANTILE: "Each class holds about as many boroughs as the next.",
            Method.EQUAL_INTERVAL: "Each class is as wide as the next.",
            Method.NATURAL_BREAKS: "Boroughs with figures near to one another share a class.",
        }[self]

    @property
    def explanation_of_gaps(self) -> str:
        """What the method does with ratios and differences, in sentences for readers."""
        how = {
            Method.QUANTILE: "so that each size, both ways together, holds about as many boroughs",
            Method.EQUAL_INTERVAL: "in steps of the same width (ratios: of the same factor)",
            Method.NATURAL_BREAKS: "so that gaps near to one another share a size",
        }[self]
        return (
            "The class in the middle holds the smallest gaps. The others are parted by size, "
            f"alike upwards and downwards, {how}; a class can be empty."
        )


@dataclass(frozen=True)
class Classes:
    """Values in classes, from the lowest to the highest.

    ``labels`` tells each class as a range; ``members`` is the class of each value in the order
    given, :data:`NO_CLASS` for one that is missing. ``middle`` is the class that holds what
    compares as the same, or None where nothing is compared.
    """

    labels: tuple[str, ...]
    members: tuple[int, ...]
    middle: int | None = None

    @property
    def counts(self) -> tuple[int, ...]:
        """How many values each class holds."""
        return tuple(self.members.count(place) for place in range(len(self.labels)))


def classes(
    values: Sequence[float],
    *,
    method: Method,
    count: int,
    show: Callable[[float], str] = number,
) -> Classes:
    """Part values into classes whose ranges touch, so that no value falls between two.

    Equal values share a class, so that there are fewer classes than asked for where there are
    fewer distinct values, or where quantiles fall on ties.

    Parameters
    ----------
    values
        The values; missing ones are NaN.
    method
        How to part them.
    count
        How many classes are wanted, from 2 to 7.
    show
        How a value is printed.

    Returns
    -------
    Classes
        A class holds the values from its lower edge up to, and without, the next one's. Without
        a value there is no class.

    Raises
    ------
    ValueError
        If ``count`` is not from 2 to 7, or a value is infinite.
    """
    _check(values, count)
    told = sorted(float(value) for value in values if not is_blank(value))
    if not told:
        return Classes((), tuple(NO_CLASS for _ in values))
    edges = _inner_edges(told, method, count)
    members = _members(values, edges)
    bounds = [told[0], *edges, told[-1]]
    labels = [
        show(low)
        if low == high
        else f"{show(low)} to {'' if place == len(edges) else 'under '}{show(high)}"
        for place, (low, high) in enumerate(pairwise(bounds))
    ]
    return Classes(tuple(labels), members)


def classes_of_gaps(
    values: Sequence[float],
    *,
    method: Method,
    count: int,
    show: Callable[[float], str],
    is_ratio: bool,
    places: int = 2,
    clear: Sequence[bool] = (),
) -> Classes:
    """Part ratios or differences into classes alike on both sides of "the same".

    The nearest to the same (1, or 0) make the class in the middle. The distances of the others
    (of ratios on a log scale) are parted by the method, and each class of them is drawn on both
    sides, also where one side of it is empty.

    The middle ends before the nearest gap that is clear of chance, and for ratios at
    :data:`NEAR_THE_SAME` at the latest, whatever the method.

    Parameters
    ----------
    values
        Ratios or differences; missing ones are NaN.
    method, count, show
        As in :func:`classes`; an even ``count`` gives one class more, for the middle.
    is_ratio
        True for ratios (of which 0 is the furthest below 1), False for differences.
    places
        Decimals to which values are printed and so parted.
    clear
        Whether each value is clear of chance; empty where that is not known.

    Raises
    ------
    ValueError
        As in :func:`classes`, or for a ratio below 0.
    """
    _check(values, count)
    told = [round(float(value), places) for value in values if not is_blank(value)]
    if is_ratio and any(value < 0 for value in told):
        raise ValueError("a ratio below 0")
    if not told:
        return Classes((), tuple(NO_CLASS for _ in values))

    def away(value: float) -> float:
        """The distance from the same on the side above it: 0.8 is as far from 1 as 1.25."""
        if not is_ratio:
            return abs(value)
        return max(value, 1 / value) if value else math.inf

    same, step = (1.0 if is_ratio else 0.0), 10.0**-places
    bounds = [
        away(round(float(value), places))
        for value, is_clear in zip(values, clear, strict=False)
        if is_clear and not is_blank(value)
    ]
    bounds += [NEAR_THE_SAME] if is_ratio else []
    # What is printed as the same stays in the middle.
    bound = max(round(min(bounds, default=math.inf), places), same + step)
    distances = [away(value) for value in told]
    outer = _outer_edges(distances, method, count // 2, bound, is_ratio=is_ratio)
    outer = sorted({max(round(edge, places), same + step) for edge in outer})
    if max(distances) == same:
        outer = []
    inner = [round(1 / edge if is_ratio else -edge, places) for edge in outer]
    edges = [*inner[::-1], *outer]
    members = []
    for value in values:
        if is_blank(value):
            members.append(NO_CLASS)
            continue
        rounded = round(float(value), places)
        below = sum(rounded > edge for edge in inner)
        members.append(below + sum(rounded >= edge for edge in outer))
    labels = _gap_labels(edges, show) if edges else (show(same),)
    return Classes(labels, tuple(members), len(outer))


def _outer_edges(
    distances: list[float], method: Method, count: int, bound: float, *, is_ratio: bool
) -> list[float]:
    """Where the middle ends and each of ``count`` further sizes but the first begins.

    The middle ends at ``bound``, or before it where the method parts all sizes more finely.
    """
    far = sorted(one for one in distances if math.isfinite(one))
    wide = [math.log(one) for one in far] if is_ratio else far
    start = math.log(bound) if is_ratio and math.isfinite(bound) else bound
    # Equal steps are counted from the same, not from the gap that is nearest to it.
    whole = [0.0, *wide] if method is Method.EQUAL_INTERVAL else wide
    found = _inner_edges(whole, method, count + 1) if wide else []
    if (math.isfinite(start) and not found) or (found and found[0] > start):
        beyond = [one for one in wide if one >= start - _TINY]
        whole = [start, *beyond] if method is Method.EQUAL_INTERVAL else beyond
        found = [start, *(_inner_edges(whole, method, count) if beyond else [])]
    return [math.exp(edge) for edge in found] if is_ratio else found


def _gap_labels(edges: list[float], show: Callable[[float], str]) -> tuple[str, ...]:
    """Ranges from the furthest below to the furthest above; the class in the middle is closed."""
    half = len(edges) // 2
    low, high = edges[:half], edges[half:]
    labels = [f"{show(low[0])} or less"]
    labels += [f"over {show(one)} to {show(other)}" for one, other in pairwise(low)]
    labels.append(f"between {show(low[-1])} and {show(high[0])}")
    labels += [f"{show(one)} to under {show(other)}" for one, other in pairwise(high)]
    labels.append(f"{show(high[-1])} or more")
    return tuple(labels)


def _check(values: Sequence[float], count: int) -> None:
    if not FEWEST <= count <= MOST:
        raise ValueError(f"{count} classes: ask for {FEWEST} to {MOST}")
    if any(not is_blank(value) and math.isinf(value) for value in values):
        raise ValueError("an infinite value has no class")


def _members(values: Sequence[float], edges: list[float]) -> tuple[int, ...]:
    return tuple(
        NO_CLASS if is_blank(value) else sum(value >= edge for edge in edges) for value in values
    )


def _inner_edges(told: list[float], method: Method, count: int) -> list[float]:
    """The lower edges of all classes but the first: above the lowest value, and rising."""
    if told[0] == told[-1]:
        return []
    edges = {
        Method.QUANTILE: _quantiles,
        Method.EQUAL_INTERVAL: _equal_intervals,
        Method.NATURAL_BREAKS: _natural_breaks,
    }[method](told, count)
    return sorted({edge for edge in edges if told[0] < edge <= told[-1]})


def _quantiles(told: list[float], count: int) -> list[float]:
    """The value at which each further part of the boroughs begins."""
    return [told[math.ceil(len(told) * part / count)] for part in range(1, count)
            if math.ceil(len(told) * part / count) < len(told)]  # fmt: skip


def _equal_intervals(told: list[float], count: int) -> list[float]:
    """Edges the same step apart, rounded to a hundredth of the range so that they can be read."""
    span = told[-1] - told[0]
    places = 2 - math.floor(math.log10(span))
    return [round(told[0] + span * part / count, places) for part in range(1, count)]


def _natural_breaks(told: list[float], count: int) -> list[float]:
    """The parting of sorted values with the least sum of squares within the classes.

    Runs of equal values are kept whole, so that nothing is lost where there are ties.
    """
    distinct, weights = np.unique(np.array(told), return_counts=True)
    size, count = len(distinct), min(count, len(distinct))
    centred = distinct - distinct.mean()  # so that squares lose no digits
    weight = np.concatenate([[0], np.cumsum(weights)])
    total = np.concatenate([[0], np.cumsum(weights * centred)])
    square = np.concatenate([[0], np.cumsum(weights * centred**2)])

    def within(start: int, stop: int) -> float:
        """The sum of squares of the distinct values from ``start`` up to ``stop``."""
        mean_part = (total[stop] - total[start]) ** 2 / (weight[stop] - weight[start])
        return float(square[stop] - square[start] - mean_part)

    best = [within(0, stop) if stop else 0.0 for stop in range(size + 1)]
    starts: list[list[int]] = []
    for used in range(1, count):
        now, cut = [math.inf] * (size + 1), [0] * (size + 1)
        for stop in range(used + 1, size + 1):
            options = [(best[start] + within(start, stop), start) for start in range(used, stop)]
            now[stop], cut[stop] = min(options)
        best = now
        starts.append(cut)
    edges, stop = [], size
    for cut in reversed(starts):
        stop = cut[stop]
        edges.append(float(distinct[stop]))
    return edges[::-1]
