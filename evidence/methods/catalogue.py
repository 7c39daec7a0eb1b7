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
from evidence.statistics.summary_simulated import DEVIATIONS
from evidence.statistics.trend import WEIGHTED
from evidence.trends import SeriesTrend
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
        The set, or the sets of a series: figures of one measure with the columns of their gaps.

    Returns
    -------
    list
        Keys of :data:`METHODS`.
    """
    return _in_order(_of_values(rows) | _of_gaps(rows))


def methods_of_inequality(found: pd.DataFrame) -> list[str]:
    """The keys of the summary measures of a set, and of how their limits were got.

    ``found`` are rows of :func:`evidence.inequality.inequality_of_set`.
    """
    told = found[found["value"] != ""]
    drawn = told["measure"].isin(DEVIATIONS) & (told["limits"] != "")
    return _in_order({*told["measure"], *(["simulated"] if drawn.any() else [])})


def methods_of_burden(rows: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """The keys behind the burden of a set: the excess, and the gaps that it is made from.

    Parameters
    ----------
    rows
        The set: figures with the columns of their gaps.
    found
        Its burden: rows of :func:`evidence.burden.burden_of_set`.
    """
    if found.empty:
        return []
    own = rows[rows["ethnic_group"].isin(found["ethnic_group"])]
    rounded = _of_values(own) & {"rounded-percentage", "rounded-rate"}
    return _in_order({"excess", *rounded, *(_of_gaps(own) - {"ratio"})})


def methods_of_years(found: SeriesTrend, every: pd.DataFrame) -> list[str]:
    """The keys behind a comparison over the years: its figures, its gaps and their trends.

    Parameters
    ----------
    found
        What the years show of a group and its reference.
    every
        The figures of every group in the tables beside it.
    """
    keys = _of_values(found.rows) | _of_values(every)
    # A gap that isn't told has no method either.
    if found.no_gap is None:
        keys |= _of_gaps(found.rows)
    for change in (found.group, found.other):
        if change is not None and change.test is not None:
            keys.add("trend" if change.test.startswith(WEIGHTED) else "mann-kendall")
    for change in found.gaps.values():
        if change.test is not None:
            # A line goes through gaps with limits by MOVER, whichever the table shows.
            fitted = change.test.startswith(WEIGHTED)
            keys |= {"gap-trend", "mover" if fitted else "mann-kendall"}
    return _in_order(keys)


def _in_order(keys: set[str]) -> list[str]:
    return [key for key in METHODS if key in keys]


def _of_values(rows: pd.DataFrame) -> set[str]:
    """How the values of a set were got: figures, or comparisons as published or calculated."""
    told = rows[rows["value"].notna()]
    if told.empty:
        return set()
    measure = Measure(told["measure"].iloc[0])
    if not measure.is_published_comparison:
        return _of_figures(told, measure)
    kind = "ratio" if measure.is_published_ratio else "difference"
    return {f"published-{kind}"} if told["calculation"].isna().all() else {kind, "mover"}


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


def _of_gaps(rows: pd.DataFrame) -> set[str]:
    """How the gaps, their limits and their words were got."""
    told = rows[rows["value"].notna()]
    if told.empty:
        return set()
    measure = Measure(told["measure"].iloc[0])
    found = {"verdict"} if told["verdict"].notna().any() else set()
    if measure.is_published_comparison:
        return found
    found |= {name for name in ("ratio", "difference") if told[name].notna().any()}
    how = set(told["gap_method"].dropna())
    if GapMethod.COUNTS in how:
        found.add("score-rates" if measure is Measure.RATE else "score-proportions")
    if GapMethod.LIMITS in how:
        found.add("mover")
    return found
