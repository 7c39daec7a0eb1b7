"""The gap explorer: one point for each comparison set, its size against its strength.

A gap is told by how large it is *at least*: by the limit nearer to no difference. Among many
comparisons the largest estimates are those that chance has pushed furthest; the nearer limit
draws uncertain ones back, so that a list sorted by it guards against luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from evidence.coverage import NEARNESS, WHOLE_AREAS, areas_around, nearest_evidence, of_groups
from evidence.selection import (
    NOT_RANKED,
    RANKED_LEVELS,
    bears_ranking,
    without_twins,
    worse_for_group,
)
from evidence.statistics import Verdict
from evidence.strength import Strength
from evidence.vocabulary import Direction, GeographyLevel

SURE_STRENGTHS = (Strength.STRONG, Strength.FAIR)
"""How strong evidence must be for a gap to be ranked."""


class Sense(StrEnum):
    """For whom a gap is worse."""

    WORSE = "worse"
    BETTER = "better"
    NEITHER = "neither"


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty filter lets everything through.

    ``groups`` are codes; ``near`` is one of :data:`evidence.coverage.NEARNESS`; ``since`` is a
    year.
    """

    area: str | None = None
    groups: tuple[str, ...] = ()
    near: str | None = None
    since: int | None = None


def points(
    rows: pd.DataFrame,
    indicators: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    this_year: int,
    wanted: Wanted | None = None,
) -> pd.DataFrame:
    """One row for each comparison set that has a ratio: the gap that stands for it.

    Published rates and our own ratios of them are one comparison, and one point
    (:func:`evidence.selection.without_twins`).

    Of a set's groups, the one whose gap is the largest at least among those that a ranking may
    hold; else among those that are clear of chance, the ones that are better for the group last;
    where none is clear, the one with the widest ratio, those with limits first. The detailed
    groups "other" stand for a set only where it has no others, as records use them for people
    whose group is not known, too.

    Parameters
    ----------
    rows
        Figures with the columns of their gaps, and ``year``.
    indicators, sources
        The tables of those names.
    this_year
        The year of the tables.
    wanted
        Which comparisons to look at; all if missing.

    Returns
    -------
    pandas.DataFrame
        Rows of ``rows`` with the columns sense (a :class:`Sense`), size (the ratio's distance
        from 1 as a ratio: 2 for half and for twice), at_least (the same of the limit nearer to
        1, which is 1 where a gap is not clear; missing without limits), across (size where the
        gap is worse or neither, 1 / size where it is better: what a chart draws), clear, whole
        (whether it is of London, England or the UK as a whole) and sure (whether a ranking may
        hold it).
    """
    told = without_twins(_wanted(rows[(rows["ratio"] > 0).fillna(False)], wanted or Wanted()))
    found = told.copy()
    worse = worse_for_group(told, indicators)
    direction = told["indicator_id"].map(indicators.set_index("indicator_id")["direction"])
    found["sense"] = np.select(
        [direction == Direction.NEITHER, worse], [Sense.NEITHER, Sense.WORSE], Sense.BETTER
    )
    found["size"] = _folded(told["ratio"])
    found["clear"] = told["verdict"].isin([Verdict.HIGHER, Verdict.LOWER])
    limit = told["ratio_lower"].where(told["verdict"] == Verdict.HIGHER, told["ratio_upper"])
    unclear = pd.Series(1.0, index=told.index).where(told["verdict"] != Verdict.NO_INTERVAL)
    found["at_least"] = _folded(limit.where(found["clear"], 1.0)).where(found["clear"], unclear)
    better = found["sense"] == Sense.BETTER
    found["across"] = found["size"].where(~better, 1 / found["size"])
    found["whole"] = told["geography_code"].isin(WHOLE_AREAS) & told["geography_level"].isin(
        RANKED_LEVELS
    )
    found["sure"] = (
        found["clear"]
        & (found["sense"] == Sense.WORSE)
        & bears_ranking(told, sources, this_year=this_year)
        & told["strength"].isin(SURE_STRENGTHS)
    )
    return _one_a_set(found)


def without_ratio(rows: pd.DataFrame, wanted: Wanted | None = None) -> int:
    """How many comparison sets fit that have differences but no ratio, so that none is a point.

    Parameters are those of :func:`points`.
    """
    fitting = _wanted(rows, wanted or Wanted())
    drawn = fitting.loc[fitting["ratio"].notna(), "set_id"]
    apart = fitting[fitting["difference"].notna() & ~fitting["set_id"].isin(drawn)]
    return int(apart["set_id"].nunique())


def _wanted(rows: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    found = rows
    if wanted.area:
        found = found[found["disease_area"] == wanted.area]
    if wanted.groups:
        found = found[found["ethnic_group"].isin(wanted.groups)]
    if wanted.near:
        found = found[found["geography_level"].isin(NEARNESS[wanted.near])]
    if wanted.since:
        found = found[(found["year"] >= wanted.since).fillna(False).astype(bool)]
    return found


def _folded(ratio: pd.Series) -> pd.Series:
    """A ratio's distance from 1 as a ratio: half is as far as twice."""
    return ratio.where(ratio >= 1, 1 / ratio)


def _one_a_set(found: pd.DataFrame) -> pd.DataFrame:
    """Of each set the gap that stands for it, the widest sets first."""
    better = found["sense"] == Sense.BETTER
    clear = found["clear"]
    tier = np.select(
        [found["sure"], clear & ~better, clear, found["at_least"].notna()], [0, 1, 2, 3], 4
    )
    ordered = found.assign(
        doubtful=found["ethnic_group"].isin(NOT_RANKED),
        tier=tier,
        width=found["at_least"].where(clear, found["size"]),
    ).sort_values(
        ["doubtful", "tier", "width", "figure_id"],
        ascending=[True, True, False, True],
        kind="stable",
    )
    first = ordered.drop_duplicates("set_id")
    kept = first.sort_values(
        ["tier", "width", "figure_id"], ascending=[True, False, True], kind="stable"
    )
    return kept.drop(columns=["doubtful", "tier", "width"])


def widest(found: pd.DataFrame, *, parts: bool = False) -> pd.DataFrame:
    """The gaps that a board can be sure of, the largest at least first.

    For each indicator and place only its newest period counts, and of that the widest gap.

    Parameters
    ----------
    found
        :func:`points`.
    parts
        Whether to rank boroughs, NHS areas and single hospitals, too. Among hundreds of small
        numbers the largest is often the luckiest, so that a ranking leaves them out.
    """
    sure = found[found["sure"] & (found["whole"] | parts)]
    newest = sure.groupby(["indicator_id", "geography_code"])["year"].transform("max")
    ordered = sure[sure["year"] == newest].sort_values(
        ["at_least", "figure_id"], ascending=[False, True], kind="stable"
    )
    return ordered.drop_duplicates(["indicator_id", "geography_code"])


def not_measured_in(
    rows: pd.DataFrame, areas: pd.DataFrame, borough_code: str
) -> tuple[set[str], set[str]]:
    """What has no figure for a borough itself since 2010, and where to borrow it from.

    Parameters
    ----------
    rows
        Figures with ``history``.
    areas
        The areas table.
    borough_code
        The borough's ONS code.

    Returns
    -------
    tuple of set of str
        The indicators that have figures of ethnic groups for areas around the borough, but none
        for the borough itself; and the codes of those areas.
    """
    present = rows[~rows["history"] & of_groups(rows)]
    nearest = nearest_evidence(present, areas, borough_code)
    away = nearest[nearest["level"] != GeographyLevel.BOROUGH]
    around = areas_around(areas, borough_code)
    return set(away["indicator_id"]), set(around["area_code"])
