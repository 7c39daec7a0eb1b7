"""What is known of a place, from how far away, and what has no figure of its own."""

from __future__ import annotations

import pandas as pd

from evidence.ethnicity import NOT_GROUPS, Classification
from evidence.vocabulary import DiseaseArea, GeographyLevel

WHOLE_AREAS = ("E12000007", "E92000001", "K04000001", "K03000001", "K02000001")
"""London, England, England and Wales, Great Britain and the United Kingdom as wholes. A study of
one hospital has a code of its own: it is no evidence on the area around it."""


def areas_around(areas: pd.DataFrame, borough_code: str) -> pd.DataFrame:
    """The areas that hold a borough as wholes, itself first, then the nearest.

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
    around = areas[inside | areas["area_code"].isin(WHOLE_AREAS)].copy()
    around["distance"] = around["level"].map(lambda level: GeographyLevel(level).distance)
    return around.sort_values(["distance", "name"], kind="stable")


def areas_around_each(areas: pd.DataFrame, boroughs: pd.DataFrame) -> pd.DataFrame:
    """:func:`areas_around` of every borough at once, with the column borough_code; not sorted."""
    codes = boroughs[["borough_code"]]
    held = areas.assign(borough_code=areas["boroughs"].fillna("").str.split())
    inside = held.explode("borough_code").merge(codes, on="borough_code")
    wholes = areas[areas["area_code"].isin(WHOLE_AREAS)].merge(codes, how="cross")
    around = pd.concat([inside, wholes]).drop_duplicates(["area_code", "borough_code"])
    levels = {str(level): level.distance for level in GeographyLevel}
    return around.assign(distance=around["level"].map(levels)).reset_index(drop=True)


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


NEARNESS = {
    "borough": (GeographyLevel.BOROUGH,),
    "nhs_area": (GeographyLevel.ICB, GeographyLevel.SUBREGION),
    "london": (GeographyLevel.LONDON,),
    "national": (GeographyLevel.ENGLAND, GeographyLevel.ENGLAND_AND_WALES, GeographyLevel.UK),
}
"""How near evidence is to a borough, the nearest first, and the levels that each holds."""


def knowledge(
    figures: pd.DataFrame,
    areas: pd.DataFrame,
    boroughs: pd.DataFrame,
    groups: Classification,
) -> pd.DataFrame:
    """What is known, and what is not, for each disease area, borough and broad ethnic group.

    A figure is about a broad group if it is of that group, of one within it or of several
    within it; figures of several broad groups together are about none of them. Regions outside
    London tell nothing of a borough. Data from before 2010 is counted apart.

    Parameters
    ----------
    figures
        Figures with ``disease_area``, ``year`` and ``history``.
    areas, boroughs
        The tables of those names.
    groups
        The classification.

    Returns
    -------
    pandas.DataFrame
        One row for each disease area, borough and broad group, none left out: disease_area,
        borough_code, borough, ethnic_group; for each of :data:`NEARNESS` the number of figures
        and the year of the newest (borough_figures, borough_newest and so on; 0 and missing
        where nothing was found); history_figures; and nearest (one of :data:`NEARNESS`, or
        "history" where there is nothing newer than 2010, or "nothing").
    """
    told = figures[figures["value"].notna()].copy()
    broad = {code: groups.broad_of(code) for code in told["ethnic_group"].unique()}
    told["broad"] = told["ethnic_group"].map(broad)
    near = {str(level): name for name, levels in NEARNESS.items() for level in levels}
    told["near"] = told["geography_level"].map(near)
    told = told.dropna(subset=["broad", "near"])
    told.loc[told["history"], "near"] = "history"
    keys = ["disease_area", "broad", "geography_code", "near"]
    counts = told.groupby(keys, as_index=False).agg(
        figures=("figure_id", "size"), newest=("year", "max")
    )
    around = areas_around_each(areas, boroughs)[["area_code", "borough_code"]]
    seen = around.merge(counts, left_on="area_code", right_on="geography_code")
    seen = seen.groupby(["disease_area", "borough_code", "broad", "near"]).agg(
        figures=("figures", "sum"), newest=("newest", "max")
    )
    every = pd.MultiIndex.from_product(
        [[str(area) for area in DiseaseArea], boroughs["borough_code"], groups.broad],
        names=["disease_area", "borough_code", "broad"],
    )
    table = pd.DataFrame(index=every)
    table["nearest"] = "nothing"
    for name in [*reversed(NEARNESS), "history"]:
        part = (
            seen.xs(name, level="near")
            if name in seen.index.get_level_values("near")
            else seen.head(0).droplevel("near")
        )
        number = part["figures"].reindex(every).fillna(0).astype("int64")
        table[f"{name}_figures"] = number
        if name == "history":
            table["nearest"] = table["nearest"].mask(
                (table["nearest"] == "nothing") & (number > 0), name
            )
            continue
        table[f"{name}_newest"] = part["newest"].reindex(every)
        table["nearest"] = table["nearest"].mask(number > 0, name)
    names = boroughs.set_index("borough_code")["name"]
    table = table.reset_index().rename(columns={"broad": "ethnic_group"})
    table.insert(2, "borough", table["borough_code"].map(names))
    ordered = [f"{name}_{what}" for name in NEARNESS for what in ("figures", "newest")]
    first = ["disease_area", "borough_code", "borough", "ethnic_group"]
    return table[[*first, *ordered, "history_figures", "nearest"]]


def of_groups(figures: pd.DataFrame) -> pd.Series:
    """True for figures of an ethnic group: not of everyone, nor of people of no known group."""
    return ~figures["ethnic_group"].isin(NOT_GROUPS)


def boroughs_with(figures: pd.DataFrame) -> pd.Series:
    """How many boroughs have figures of ethnic groups of their own since 2010, by indicator.

    ``figures`` have ``history``; indicators that no borough has are not in what comes back.
    """
    own = figures[(figures["geography_level"] == GeographyLevel.BOROUGH) & figures["value"].notna()]
    own = own[of_groups(own) & ~own["history"]]
    return own.groupby("indicator_id")["geography_code"].nunique()


def boroughs_measured(figures: pd.DataFrame) -> pd.DataFrame:
    """For each disease area and borough, how many figures of ethnic groups of its own there are.

    Returns the columns disease_area, geography_code, figures and newest; a borough without a
    figure has no row.
    """
    own = figures[(figures["geography_level"] == GeographyLevel.BOROUGH) & figures["value"].notna()]
    own = own[of_groups(own)]
    return own.groupby(["disease_area", "geography_code"], as_index=False).agg(
        figures=("figure_id", "size"), newest=("year", "max")
    )
