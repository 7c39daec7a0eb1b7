"""The evidence gap map: how near the nearest evidence is, cell by cell, and how new.

A cell is a disease area in a borough, or a disease area for an ethnic group. It counts what
evidence there is, not what the evidence says. That a cell opens the studies behind it follows
the evidence gap maps of Snilstveit, Vojtkova, Bhavsar and Gaarder (2013, World Bank Policy
Research Working Paper 6725).
"""

from __future__ import annotations

from enum import StrEnum

import pandas as pd

from evidence.coverage import WHOLE_AREAS, areas_around, areas_around_each, of_groups
from evidence.ethnicity import Classification
from evidence.vocabulary import BlankReason, DiseaseArea, GeographyLevel


class Known(StrEnum):
    """What a cell knows, from the nearest to nothing at all."""

    OWN = "own"
    NHS_AREA = "nhs-area"
    PART = "part"
    LONDON = "london"
    WIDER = "wider"
    HISTORY = "history"
    NOTHING = "nothing"

    @property
    def label(self) -> str:
        """What is known, as a legend names it."""
        return {
            Known.OWN: "Own figures",
            Known.NHS_AREA: "NHS area",
            Known.PART: "Part of London",
            Known.LONDON: "London",
            Known.WIDER: "National",
            Known.HISTORY: "History only",
            Known.NOTHING: "Nothing found",
        }[self]

    @property
    def word(self) -> str:
        """What a cell calls such figures, before the word "figures"; empty where there are none."""
        return {
            Known.OWN: "own",
            Known.NHS_AREA: "NHS area",
            Known.PART: "nearby",
            Known.LONDON: "London",
            Known.WIDER: "national",
            Known.HISTORY: "history",
            Known.NOTHING: "",
        }[self]


LONDON = "E12000007"
"""The code of London as a whole."""

_KNOWN = {
    GeographyLevel.BOROUGH: Known.OWN,
    GeographyLevel.ICB: Known.NHS_AREA,
    GeographyLevel.SUBREGION: Known.PART,
    GeographyLevel.LONDON: Known.LONDON,
    GeographyLevel.ENGLAND: Known.WIDER,
    GeographyLevel.ENGLAND_AND_WALES: Known.WIDER,
    GeographyLevel.UK: Known.WIDER,
}

BLANKS = [reason.value.replace("-", "_") for reason in BlankReason]
"""Columns that count the figures that a source left blank, one for each reason."""

COUNTS = ["figures", "indicators", "sources"]
CELL = ["known", "place", *COUNTS, "newest", *BLANKS]
"""The columns of a cell, after those that say which cell it is."""


def borough_map(figures: pd.DataFrame, areas: pd.DataFrame, boroughs: pd.DataFrame) -> pd.DataFrame:
    """What is known of each disease area in each borough: the nearest place that has figures.

    Of several places that are as near, the one with most figures. Figures of everyone and of
    people whose group is not known tell nothing of a group and are not counted.

    Parameters
    ----------
    figures
        Figures with ``disease_area``, ``year`` and ``history``.
    areas, boroughs
        The tables of those names.

    Returns
    -------
    pandas.DataFrame
        One row for each disease area and borough, none left out: disease_area, borough_code,
        borough, known (a :class:`Known`), place (the area that the figures are of, missing where
        there are none), figures, indicators and sources (how many), newest (year, missing if not
        stated), and for the borough itself how many figures were left blank, by reason
        (:data:`BLANKS`). Where all are from before 2010, known is "history".
    """
    told = figures[of_groups(figures)]
    each = areas_around_each(areas, boroughs)
    around = _distances(each).assign(row=each["borough_code"])
    seen = _counts(told[told["value"].notna()], ["disease_area", "geography_code"])
    seen = seen.merge(around, on="geography_code")
    blank = told[told["value"].isna()].assign(row=told["geography_code"])
    table = _cells(seen, blank, _codes(boroughs))
    names = boroughs.set_index("borough_code")["name"]
    table.insert(2, "borough", table["row"].map(names))
    return table.rename(columns={"row": "borough_code"})


def group_map(
    figures: pd.DataFrame,
    areas: pd.DataFrame,
    groups: Classification,
    borough_code: str | None = None,
) -> pd.DataFrame:
    """What is known of each disease area for each ethnic group, in London or in one borough.

    A broad group holds its detailed groups, too. For London, figures of London as a whole are
    the nearest, then those of its parts, boroughs among them.

    Parameters
    ----------
    figures, areas
        As in :func:`borough_map`.
    groups
        The classification.
    borough_code
        The borough from which to look; from London as a whole if missing.

    Returns
    -------
    pandas.DataFrame
        One row for each disease area and broad or detailed group: disease_area, ethnic_group and
        the columns of a cell, as in :func:`borough_map`.
    """
    codes = [group.code for group in groups.groups if group.level in {"broad", "detailed"}]
    present = list(figures["ethnic_group"].unique())
    pairs = [(code, other) for code in codes for other in groups.within(code, present)]
    holders = pd.DataFrame(pairs, columns=["row", "ethnic_group"], dtype="str")
    if borough_code:
        around = _distances(areas_around(areas, borough_code))
    else:
        around = _around_london(areas)
    told = figures[of_groups(figures)].merge(holders, on="ethnic_group")
    seen = _counts(told[told["value"].notna()], ["row", "disease_area", "geography_code"])
    seen = seen.merge(around, on="geography_code")
    local = around.loc[around["known"] != Known.WIDER, "geography_code"]
    here = [borough_code] if borough_code else local
    blank = told[told["value"].isna() & told["geography_code"].isin(here)]
    return _cells(seen, blank, codes).rename(columns={"row": "ethnic_group"})


def _codes(boroughs: pd.DataFrame) -> list[str]:
    return [str(code) for code in boroughs["borough_code"]]


def _distances(around: pd.DataFrame) -> pd.DataFrame:
    """Areas with how far each is (rank) and what a cell calls it (known)."""
    return pd.DataFrame(
        {
            "geography_code": around["area_code"],
            "place": around["name"],
            "known": around["level"].map(
                {str(level): str(known) for level, known in _KNOWN.items()}
            ),
            "rank": around["level"].map({str(level): level.distance for level in GeographyLevel}),
        }
    )


def _around_london(areas: pd.DataFrame) -> pd.DataFrame:
    """London, its parts (one as near as another), and the wholes that London lies in."""
    parts = [level for level, known in _KNOWN.items() if known != Known.WIDER]
    inside = areas["level"].isin(parts)
    found = _distances(areas[inside | areas["area_code"].isin(WHOLE_AREAS)])
    whole = found["geography_code"] == LONDON
    part = ~whole & found["geography_code"].isin(areas.loc[inside, "area_code"])
    found["rank"] = found["rank"].mask(whole, -2).mask(part, -1)
    found["known"] = found["known"].mask(part, Known.PART)
    return found


def _counts(told: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """How many figures, indicators and sources, and the newest year; history apart."""
    return told.groupby([*keys, "history"], as_index=False).agg(
        figures=("figure_id", "size"),
        indicators=("indicator_id", "nunique"),
        sources=("source_id", "nunique"),
        newest=("year", "max"),
    )


def _cells(seen: pd.DataFrame, blank: pd.DataFrame, rows: list[str]) -> pd.DataFrame:
    """One row for each disease area and each of ``rows``, with the nearest of what was seen."""
    keys = ["disease_area", "row"]
    nearest = seen.sort_values(
        ["history", "rank", "figures", "geography_code"],
        ascending=[True, True, False, True],
        kind="stable",
    ).drop_duplicates(keys)
    nearest["known"] = nearest["known"].astype("str").mask(nearest["history"], Known.HISTORY)
    every = pd.MultiIndex.from_product([[str(area) for area in DiseaseArea], rows], names=keys)
    table = nearest.set_index(keys)[["known", "place", *COUNTS, "newest"]].reindex(every)
    table["known"] = table["known"].astype("str").fillna(str(Known.NOTHING))
    table[COUNTS] = table[COUNTS].fillna(0).astype("int64")
    reasons = blank.groupby([*keys, "blank_reason"]).size().unstack("blank_reason")
    for reason, column in zip(BlankReason, BLANKS, strict=True):
        counted = reasons[reason] if reason in reasons else pd.Series(dtype="float64")
        table[column] = counted.reindex(every).fillna(0).astype("int64")
    return table[CELL].reset_index()
