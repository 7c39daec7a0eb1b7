"""All methods, by their keys, and which of them gave the numbers of a comparison set."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from evidence.gaps import GapMethod
from evidence.limits import LimitsFrom
from evidence.methods.comparisons import COMPARISONS
from evidence.methods.figures import FIGURES
from evidence.methods.model import Method
from evidence.methods.summaries import SUMMARIES
from evidence.methods.trends import PROTECTION, TRENDS
from evidence.statistics.limits import BYAR_FROM
from evidence.vocabulary import Measure

METHODS: Mapping[str, Method] = MappingProxyType(
    {one.key: one for one in (*FIGURES, *COMPARISONS, *SUMMARIES, *TRENDS, *PROTECTION)}
)
"""Every method by its key, in the order in which they are listed."""


def method(key: str) -> Method:
    """The method of a key.

    Raises
    ------
    KeyError
        If no method has it.
    """
    return METHODS[key]


def methods_of(rows: pd.DataFrame) -> list[str]:
    """The keys of the methods behind a comparison set's numbers, in the order of the list.

    Parameters
    ----------
    rows
        The set: figures with the columns of their gaps.

    Returns
    -------
    list
        Keys of :data:`METHODS`.
    """
    told = rows[rows["value"].notna()]
    if told.empty:
        return []
    measure = Measure(told["measure"].iloc[0])
    found = {"verdict"} if told["verdict"].notna().any() else set()
    if measure.is_published_ratio and told["calculation"].isna().all():
        found.add("published-ratio")
    elif measure.is_published_ratio:
        found |= {"ratio", "mover"}
    else:
        found |= _of_figures(told, measure) | _of_gaps(told, measure)
    return [key for key in METHODS if key in found]


def _of_figures(told: pd.DataFrame, measure: Measure) -> set[str]:
    """How the figures and their limits were got."""
    origin = set(told["limits_from"])
    found = {"published"} if told["calculation"].isna().any() else set()
    is_rate = measure is Measure.RATE
    if LimitsFrom.ROUNDED_COUNTS in origin:
        found.add("rounded-rate" if is_rate else "rounded-percentage")
    counted = told[told["limits_from"] == LimitsFrom.COUNTS]
    if len(counted) and not is_rate:
        found.add("wilson")
    if is_rate:
        few = counted["numerator"] < BYAR_FROM
        found |= {name for name, some in (("exact", few), ("byar", ~few)) if some.any()}
    return found


def _of_gaps(told: pd.DataFrame, measure: Measure) -> set[str]:
    """How the gaps and their limits were got."""
    found = {name for name in ("ratio", "difference") if told[name].notna().any()}
    how = set(told["gap_method"].dropna())
    if GapMethod.COUNTS in how:
        found.add("score-rates" if measure is Measure.RATE else "score-proportions")
    if GapMethod.LIMITS in how:
        found.add("mover")
    return found
