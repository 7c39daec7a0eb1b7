"""What is known of a place, from how far away, and what nobody has measured there."""

from __future__ import annotations

import pandas as pd

from evidence.vocabulary import GeographyLevel

EVERYWHERE = (
    GeographyLevel.LONDON,
    GeographyLevel.ENGLAND,
    GeographyLevel.ENGLAND_AND_WALES,
    GeographyLevel.UK,
)
"""Levels whose figures hold for every borough as borrowed evidence."""


def areas_around(areas: pd.DataFrame, borough_code: str) -> pd.DataFrame:
    """The areas that hold a borough, itself first, then the nearest.

    Parameters
    ----------
    areas
        The areas table.
    borough_code
        The borough's ONS code.

    Returns
    -------
    pandas.DataFrame
        Rows of the areas table, with the column distance (0 for the borough itself).
    """
    inside = areas["boroughs"].fillna("").str.split().map(lambda codes: borough_code in codes)
    around = areas[inside | areas["level"].isin(EVERYWHERE)].copy()
    around["distance"] = around["level"].map(lambda level: GeographyLevel(level).distance)
    return around.sort_values(["distance", "name"], kind="stable")


def nearest_evidence(figures: pd.DataFrame, areas: pd.DataFrame, borough_code: str) -> pd.DataFrame:
    """For each indicator, how near to a borough its nearest figures are.

    Parameters
    ----------
    figures
        Columns of the Figure model with ``disease_area`` and ``year``.
    areas
        The areas table.
    borough_code
        The borough's ONS code.

    Returns
    -------
    pandas.DataFrame
        Columns indicator_id, disease_area, level (of the nearest area with a figure), figures
        (how many it has there) and newest (the last year, missing if not stated).
    """
    counts = _by_level(figures, areas, borough_code)
    nearest = counts.drop_duplicates("indicator_id")
    return nearest.drop(columns="distance").reset_index(drop=True)


def _by_level(figures: pd.DataFrame, areas: pd.DataFrame, borough_code: str) -> pd.DataFrame:
    """Figures of each indicator by level of the areas around a borough, the nearest first."""
    around = areas_around(areas, borough_code).set_index("area_code")["level"]
    known = figures[figures["geography_code"].isin(around.index) & figures["value"].notna()]
    known = known.assign(level=known["geography_code"].map(around))
    counts = known.groupby(["disease_area", "indicator_id", "level"], as_index=False).agg(
        figures=("figure_id", "size"), newest=("year", "max")
    )
    counts["distance"] = counts["level"].map(lambda level: GeographyLevel(level).distance)
    return counts.sort_values("distance", kind="stable")


def borrowed_evidence(
    figures: pd.DataFrame, areas: pd.DataFrame, borough_code: str
) -> pd.DataFrame:
    """What a borough borrows from larger areas, indicator by indicator.

    An indicator is borrowed from the nearest larger area that has figures where the borough has
    none of its own, and from any larger area whose figures are newer than all nearer ones.

    Parameters
    ----------
    figures
        Columns of the Figure model with ``disease_area`` and ``year``.
    areas
        The areas table.
    borough_code
        The borough's ONS code.

    Returns
    -------
    pandas.DataFrame
        Columns indicator_id, disease_area, level, figures and newest, as
        :func:`nearest_evidence`, and newer (True where nearer figures exist but are older).
    """
    counts = _by_level(figures, areas, borough_code)
    nearer = counts.groupby("indicator_id")["newest"].transform(
        lambda years: years.fillna(0).astype(int).cummax().shift(fill_value=-1)
    )
    first = ~counts["indicator_id"].duplicated()
    newer = counts["newest"].fillna(0).astype(int) > nearer
    kept = counts[(first | newer) & (counts["level"] != GeographyLevel.BOROUGH)]
    return kept.assign(newer=~first).drop(columns="distance").reset_index(drop=True)


def boroughs_measured(figures: pd.DataFrame) -> pd.DataFrame:
    """For each disease area and borough, how many figures of its own there are.

    Returns the columns disease_area, geography_code, figures and newest; a borough without a
    figure has no row.
    """
    own = figures[(figures["geography_level"] == GeographyLevel.BOROUGH) & figures["value"].notna()]
    return own.groupby(["disease_area", "geography_code"], as_index=False).agg(
        figures=("figure_id", "size"), newest=("year", "max")
    )
