"""Marks of near values on one line, moved a little up and down so that none hides another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby


def lanes(values: Sequence[float], near: float, *, pitch: float, most: float) -> list[float]:
    """How far each mark of a line stands from it, in the order of the values given.

    Marks that meet stand at heights of their own, evenly about the line; those that meet no other
    stay on it. No more heights are used than there are marks that meet at one place.

    Parameters
    ----------
    values
        Where the marks of one line stand along it.
    near
        Two marks meet where their values are nearer than this, or equal.
    pitch
        How far one height lies from the next, as a share of the distance between lines.
    most
        How far a mark may stand from its line at most: with many heights the pitch is smaller.
    """
    order = sorted(range(len(values)), key=lambda one: (values[one], one))
    heights = _heights([values[one] for one in order], near)
    found = dict.fromkeys(order, 0.0)
    numbered = zip(order, heights, strict=True)
    for _, cluster in groupby(numbered, key=lambda one: one[1][0]):
        members = [(one, height) for one, (_, height) in cluster]
        count = 1 + max(height for _, height in members)
        step = min(pitch, 2 * most / (count - 1)) if count > 1 else 0.0
        for one, height in members:
            found[one] = (height - (count - 1) / 2) * step
    return [found[one] for one in range(len(values))]


def _heights(ordered: Sequence[float], near: float) -> list[tuple[int, int]]:
    """Each mark's cluster and its height there, from 0: the first at which it meets no other."""
    found: list[tuple[int, int]] = []
    cluster = 0
    last: dict[int, float] = {}
    for number, value in enumerate(ordered):
        if number and not _meet(ordered[number - 1], value, near):
            cluster, last = cluster + 1, {}
        height = next(
            free
            for free in range(len(ordered))
            if free not in last or not _meet(last[free], value, near)
        )
        last[height] = value
        found.append((cluster, height))
    return found


def _meet(one: float, other: float, near: float) -> bool:
    return one == other or abs(other - one) < near
