"""Choosing what to show first: the sets of an indicator in a place, and the widest gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evidence.coverage import WHOLE_AREAS
from evidence.limits import LimitsFrom
from evidence.periods import HISTORY_BEFORE, RECENT_YEARS
from evidence.sets import SET_KEYS
from evidence.statistics import Verdict
from evidence.strength import GOOD_KINDS, ORDER, Strength
from evidence.vocabulary import Confidence, Direction, GeographyLevel, Measure

RANKED_LEVELS = (
    GeographyLevel.LONDON,
    GeographyLevel.ENGLAND,
    GeographyLevel.ENGLAND_AND_WALES,
    GeographyLevel.UK,
)
"""Levels that a ranking may stand on, the nearest first. Boroughs and other parts of London are
left out: among hundreds of small numbers the largest gap is often the luckiest."""

NOT_RANKED = ("asian-other", "black-other", "mixed-other", "white-other", "other-any", "unknown")
"""Groups that records use for people whose ethnic group is not known, too: the publishers think
that their rates are too high."""

SMALLEST_ROUNDED = 50
"""Groups with fewer people than this, counted in steps of 5, are not ranked."""


def summarise_sets(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a comparison set, the one to show first on top.

    Parameters
    ----------
    rows
        Figures as :class:`loaders.open.EvidenceBase` holds them.

    Returns
    -------
    pandas.DataFrame
        Columns set_id, indicator_id, geography_code, source_id, period, year, breakdown,
        measure, age, sex, population, adjusted_for, history, calculated, strength (of its
        strongest figure), groups (how many have a value) and compared (whether the set has a
        reference group). Ordered by: history last, with a reference group, limited evidence
        after the rest, newest, strongest, broad groups first, most groups.
    """
    told = rows[rows["value"].notna()]
    first = told.groupby("set_id", sort=False).first()
    summary = first[
        [
            "indicator_id",
            "geography_code",
            "source_id",
            "period",
            "year",
            "breakdown",
            "measure",
            "age",
            "sex",
            "population",
            "adjusted_for",
            "history",
        ]
    ].copy()
    summary["calculated"] = first["calculation"].notna()
    best = told["strength"].map(ORDER).groupby(told["set_id"]).min()
    summary["strength"] = best.map({place: name for name, place in ORDER.items()})
    summary["best"] = best
    summary["weak"] = best >= ORDER[Strength.LIMITED]
    summary["groups"] = told.groupby("set_id").size()
    summary["compared"] = first["reference_group"].notna() & (
        (summary["groups"] > 1) | first["comparator"].notna()
    )
    summary["detailed"] = summary["breakdown"] == "detailed"
    summary["when"] = summary["year"].fillna(0)
    return (
        summary.sort_values(
            ["history", "compared", "weak", "when", "best", "detailed", "groups"],
            ascending=[True, False, True, False, True, True, False],
            kind="stable",
        )
        .drop(columns=["detailed", "when", "best", "weak"])
        .reset_index()
    )


def series_of(rows: pd.DataFrame, one: pd.DataFrame) -> pd.DataFrame:
    """The figures that differ from a comparison set in their period alone.

    Parameters
    ----------
    rows
        Figures to look in.
    one
        A comparison set.

    Returns
    -------
    pandas.DataFrame
        The rows of ``rows`` with the set's source, indicator, area, people, measure, unit,
        adjustment and group detail, the set's own among them.
    """
    first = one.iloc[0]
    same = pd.Series(True, index=rows.index)
    for key in (*SET_KEYS, "breakdown"):
        if key != "period":
            same &= rows[key].fillna("") == ("" if pd.isna(first[key]) else first[key])
    return rows[same]


def latest_sets(rows: pd.DataFrame) -> pd.DataFrame:
    """The set to show first for each indicator in each place (columns of summarise_sets)."""
    return summarise_sets(rows).drop_duplicates(["indicator_id", "geography_code"])


def widest_gaps(
    rows: pd.DataFrame,
    indicators: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    this_year: int,
    without_limits: bool = False,
) -> pd.DataFrame:
    """The widest gaps that a board can rely on, the widest first, one for each indicator.

    Recent, from official statistics, national audits or peer-reviewed papers, clear of chance
    by their 95% limits, worse for the group, not softened by the source, and for London as a
    whole where there is such a figure, else for England or the UK. The detailed groups "other"
    are left out, as records use them for people whose group is not known, too. With
    ``without_limits`` those for which no interval was published, by the same rules otherwise.

    Parameters
    ----------
    rows
        Figures with the columns of their gaps, and ``year``.
    indicators, sources
        The tables of those names.
    this_year
        The year of the tables.

    Returns
    -------
    pandas.DataFrame
        The rows of those gaps.
    """
    wanted = [Verdict.NO_INTERVAL] if without_limits else [Verdict.HIGHER, Verdict.LOWER]
    level = rows["geography_level"].map({name: i for i, name in enumerate(RANKED_LEVELS)})
    chosen = rows[
        worse_for_group(rows, indicators)
        & rows["verdict"].isin(wanted)
        & bears_ranking(rows, sources, this_year=this_year)
        & level.notna()
        & rows["geography_code"].isin(WHOLE_AREAS)
    ].copy()
    chosen = without_twins(chosen)
    chosen["level"] = level
    chosen["width"] = np.abs(np.log(chosen["ratio"]))
    newest = chosen.groupby(["indicator_id", "level"])["year"].transform("max")
    chosen = chosen[chosen["year"] == newest]
    nearest = chosen.groupby("indicator_id")["level"].transform("min")
    chosen = chosen[chosen["level"] == nearest].sort_values(["width"], ascending=False)
    return chosen.drop_duplicates("indicator_id").drop(columns=["level", "width"])


TWIN_KEYS = (*(key for key in SET_KEYS if key not in {"measure", "unit"}), "reference_group")
"""What published rates and our own ratios of them have in common."""


def without_twins(rows: pd.DataFrame) -> pd.DataFrame:
    """Gaps without those that another row tells too: published rates beside our ratios of them.

    Both are the same comparison of the same people. The one with limits stays; where both have
    limits, or neither, the published one.

    Parameters
    ----------
    rows
        Figures with the columns of their gaps, one row or more a comparison set.

    Returns
    -------
    pandas.DataFrame
        The rows of the sets that stay, in their order.
    """
    published = [measure for measure in Measure if measure.is_published_comparison]
    ours = rows["calculation"].notna() & rows["measure"].isin(published)
    keys = [rows[key].fillna("") for key in TWIN_KEYS]
    key = pd.Series(keys[0].str.cat(pd.concat(keys[1:], axis=1), sep="\x1f"), index=rows.index)
    theirs = ~rows["measure"].isin(published) & key.isin(set(key[ours]))
    limited = set(key[theirs & rows["ratio_lower"].notna()])
    unlimited = set(key[theirs]) - limited
    told = set(key[ours & rows["ratio_lower"].notna()])
    goes_ours = ours & (key.isin(limited) | (key.isin(unlimited) & ~key.isin(told)))
    goes_theirs = theirs & key.isin(unlimited & told)
    return rows[~(goes_ours | goes_theirs)]


def worse_for_group(rows: pd.DataFrame, indicators: pd.DataFrame) -> pd.Series:
    """True where a ratio is worse for the group than for its reference, be it clear or not."""
    direction = rows["indicator_id"].map(indicators.set_index("indicator_id")["direction"])
    return ((rows["ratio"] > 1) & (direction == Direction.HIGHER_IS_WORSE)) | (
        (rows["ratio"] < 1) & (direction == Direction.HIGHER_IS_BETTER)
    )


def bears_ranking(rows: pd.DataFrame, sources: pd.DataFrame, *, this_year: int) -> pd.Series:
    """True where a ratio is recent, well sourced and of a group and a number fit for ranking.

    Whether it is clear of chance, for whom it is worse and for what area is asked elsewhere.
    Parameters are those of :func:`widest_gaps`.
    """
    kind = rows["source_id"].map(sources.set_index("source_id")["kind"])
    recent = (rows["year"] >= max(this_year - RECENT_YEARS, HISTORY_BEFORE)).fillna(False)
    few = (rows["gap_limits_from"] == LimitsFrom.ROUNDED_COUNTS) & (
        rows["denominator"] < SMALLEST_ROUNDED
    )
    return (
        recent.astype(bool)
        & kind.isin(GOOD_KINDS)
        & (rows["confidence"] != Confidence.SEED)
        & rows["qualifier"].isna()
        & rows["softened"].isna()
        & ~few
        & ~rows["ethnic_group"].isin(NOT_RANKED)
        & (rows["ratio"] > 0)
    )


def first_indicator(rows: pd.DataFrame) -> str:
    """The indicator to show first where no gap ranks: of the best set, London's or wider first.

    ``rows`` are figures of one disease area, as :func:`summarise_sets` takes them.
    """
    sets = summarise_sets(rows)
    sets["place"] = sets["strength"].map(ORDER)
    sets["whole"] = sets["geography_code"].isin(WHOLE_AREAS)
    keys = ["history", "compared", "whole", "place", "groups"]
    best = sets.sort_values(keys, ascending=[True, False, False, True, False], kind="stable")
    return str(best["indicator_id"].iloc[0])
