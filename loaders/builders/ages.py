"""Residents of London's boroughs by age, at the censuses of 2011 and 2021.

The single years and the bands of the 2021 file are both there: only the single years are added
up here. By ethnic group there is nothing for 2021; for 2011 the file has everyone and White
people, so that everyone else is what is left.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from evidence.population import LONDON, NOT_WHITE
from loaders.builders.raw import BuildError, look_up, read_raw
from loaders.builders.raw import areas as known_areas
from loaders.tables import AGES

INPUT: Final = (
    "census2021_ts007_age_single_year_london_boroughs.csv",
    "census2011_age_by_all_and_white_london_boroughs.csv",
)
OUTPUT: Final = "reference/ages.parquet"

BANDS: Final = {
    "0-15": (0, 15),
    "16-24": (16, 24),
    "25-44": (25, 44),
    "45-64": (45, 64),
    "65 and over": (65, 120),
}
_SINGLE: Final = {
    "Aged under 1 year": 0,
    "Aged 1 year": 1,
    **{f"Aged {age} years": age for age in range(2, 100)},
    "Aged 100 years and over": 100,
}
_BANDS_2011: Final = {
    "0-15": ("0 to 4", "5 to 7", "8 to 9", "10 to 14", "15"),
    "16-24": ("16 to 17", "18 to 19", "20 to 24"),
    "25-44": ("25 to 29", "30 to 34", "35 to 39", "40 to 44"),
    "45-64": ("45 to 49", "50 to 54", "55 to 59", "60 to 64"),
    "65 and over": ("65 to 69", "70 to 74", "75 to 79", "80 to 84", "85 and over"),
}


def build(folder: Path) -> pd.DataFrame:
    """The table of ages, in the columns and dtypes of :data:`loaders.tables.AGES`.

    Usual residents (whole people) of each borough and of London, which is added up here, in
    five bands of age: everyone in 2021; everyone, White people and everyone else in 2011.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    no number, a borough that is not known and bands that don't add up to the printed total.
    Source: Office for National Statistics, tables TS007 (2021) and ages by ethnic group (2011).
    """
    rows = pd.concat([_of_2021(folder), _of_2011(folder)], ignore_index=True)
    keys = ["census", "ethnic_group", "age", "source_id"]
    london = rows.groupby(keys, as_index=False).agg({"residents": "sum"})
    rows = pd.concat([rows, london.assign(area_code=LONDON)], ignore_index=True)
    order = rows["age"].map({band: place for place, band in enumerate(BANDS)})
    rows = rows.assign(order=order).sort_values(
        ["census", "area_code", "ethnic_group", "order"], ignore_index=True
    )
    return rows.reindex(columns=AGES.columns).astype(AGES.dtypes)


def _of_2021(folder: Path) -> pd.DataFrame:
    raw = read_raw(folder, INPUT[0], ("geography code",), ("Total", *_SINGLE))
    bands = {
        band: raw[[name for name, age in _SINGLE.items() if first <= age <= last]].sum(axis=1)
        for band, (first, last) in BANDS.items()
    }
    table = pd.DataFrame(bands)
    # Single years carry the publisher's disclosure noise and miss the total by a few people.
    _check_total(table, raw["Total"], 20, INPUT[0])
    return _long(table, raw["geography code"], "all", 2021, "ons-census-2021-ts007", INPUT[0])


def _of_2011(folder: Path) -> pd.DataFrame:
    parts = {f"Age {part}" for band in _BANDS_2011.values() for part in band}
    raw = read_raw(
        folder, INPUT[1], ("area_code", "ethnic_group"), (*sorted(parts), "All categories: Age")
    )
    table = pd.DataFrame(
        {
            band: raw[[f"Age {name}" for name in names]].sum(axis=1)
            for band, names in _BANDS_2011.items()
        }
    )
    _check_total(table, raw["All categories: Age"], 0, INPUT[1])
    of = {}
    for group in ("all", "white"):
        ours = raw["ethnic_group"] == group
        of[group] = table[ours].set_axis(raw.loc[ours, "area_code"].to_numpy(), axis=0)
    of[NOT_WHITE] = of["all"] - of["white"]
    return pd.concat(
        [
            _long(part, part.index.to_series(), group, 2011, "ons-census-2011-ages", INPUT[1])
            for group, part in of.items()
        ],
        ignore_index=True,
    )


def _check_total(table: pd.DataFrame, total: pd.Series, noise: int, file: str) -> None:
    wrong = (table.sum(axis=1) - total).abs() > noise
    if wrong.any():
        line = int(wrong.to_numpy().argmax()) + 2
        problem = f"ages add up to {table.sum(axis=1)[wrong].iloc[0]:,.0f}, not to the total"
        raise BuildError(f"{file}, line {line}", problem, "Correct the row")


def _long(
    table: pd.DataFrame, area: pd.Series, group: str, census: int, source: str, file: str
) -> pd.DataFrame:
    boroughs = known_areas().query("level == 'borough'").index
    codes = look_up(
        area,
        {code: code for code in boroughs},
        f"{file}, areas",
        "Keep rows of boroughs alone: London is added up here",
    )
    if codes.duplicated().any():
        twice = ", ".join(sorted(codes[codes.duplicated()].unique()))
        raise BuildError(f"{file}, areas", f"{twice} stands twice for {group}", "Remove a row")
    if table.isna().any(axis=None):
        problem = "an area has a row for everyone or for White people and not for both"
        raise BuildError(f"{file}, areas", problem, "Put the other row back")
    rows = table.assign(area_code=codes.to_numpy()).melt(
        "area_code", var_name="age", value_name="residents"
    )
    return rows.assign(census=census, ethnic_group=group, source_id=source)
