"""Residents of London's boroughs by ethnic group, at the censuses of 2011 and 2021.

Small differences between tables of the 2021 census are disclosure noise added by the ONS; the
broad groups here are sums of the detailed ones of the same table. Roma is new in 2021, so the
White groups of the two censuses are not one to one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from loaders.builders.raw import BuildError, areas, look_up, read_raw
from loaders.tables import DATA, ETHNIC_GROUPS, POPULATION

INPUT: Final = (
    "census2021_ts021_ethnic_group_london_boroughs.csv",
    "census2011_ks201_ethnic_group_london_boroughs.csv",
)
OUTPUT: Final = "reference/population.parquet"

_LONDON: Final = "E12000007"


@dataclass(frozen=True)
class _Census:
    year: int
    source_id: str
    file: str


_CENSUSES: Final = (
    _Census(2021, "ons-census-2021-ts021", INPUT[0]),
    _Census(2011, "ons-census-2011-ks201", INPUT[1]),
)


def build(folder: Path) -> pd.DataFrame:
    """The population table, in the columns and dtypes of :data:`loaders.tables.POPULATION`.

    Usual residents (whole people) of each borough and of London, and of England in 2021: the
    detailed groups with their published label, the five broad groups and ``all``, which are
    sums made here and whose label says so. London is the sum of its boroughs; where the file
    has a row for London it must be the same.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    no number, an area or ethnic group that is not known, and a total that doesn't add up.
    Source: Office for National Statistics, Census 2021 table TS021 and 2011 Census table KS201EW.
    """
    rows = pd.concat([_of_census(census, folder) for census in _CENSUSES], ignore_index=True)
    order = ["census", "area_code", "ethnic_group"]
    return rows[POPULATION.columns].astype(POPULATION.dtypes).sort_values(order, ignore_index=True)


def _of_census(census: _Census, folder: Path) -> pd.DataFrame:
    raw = read_raw(
        folder,
        census.file,
        ("area_code", "ethnic_group_published", "ethnic_group_code"),
        ("count",),
    )
    groups = pd.read_csv(ETHNIC_GROUPS.files(DATA)[0], dtype="str").set_index("code")
    detailed = groups[groups["level"] == "detailed"]
    raw["area_code"] = look_up(
        raw["area_code"],
        {code: code for code in areas().index},
        f"{census.file}, column area_code",
        "Add the area to data/reference/areas.csv",
    )
    raw["broad"] = look_up(
        raw["ethnic_group_code"],
        {str(code): str(parent) for code, parent in detailed["parent"].items()},
        f"{census.file}, column ethnic_group_code",
        "Use a code of a detailed group in data/reference/ethnic_groups.csv",
    )
    raw = _with_london(raw, census.file)
    prefix = raw["ethnic_group_published"].str.split(":").str[0]
    sums = [
        _summed(raw.assign(group=raw["broad"], label="sum of the groups under " + prefix)),
        _summed(raw.assign(group="all", label="sum of all groups")),
    ]
    published = raw.rename(
        columns={"ethnic_group_code": "group", "ethnic_group_published": "label"}
    )
    rows = pd.concat([published, *sums], ignore_index=True)
    return pd.DataFrame(
        {
            "census": census.year,
            "area_code": rows["area_code"],
            "ethnic_group": rows["group"],
            "ethnic_group_label": rows["label"],
            "residents": rows["count"],
            "source_id": census.source_id,
        }
    )


def _with_london(raw: pd.DataFrame, file: str) -> pd.DataFrame:
    """Rows for London as the sum of its boroughs, checked against any that the file has."""
    boroughs = raw[raw["area_code"].str.startswith("E09")]
    keys = ["ethnic_group_code", "ethnic_group_published", "broad"]
    london = boroughs.groupby(keys, as_index=False).agg({"count": "sum"}).assign(area_code=_LONDON)
    given = raw[raw["area_code"] == _LONDON].set_index("ethnic_group_code")["count"]
    ours = london.set_index("ethnic_group_code")["count"].reindex(given.index)
    wrong = given.index[(given != ours).to_numpy()]
    if len(wrong):
        raise BuildError(
            f"{file}, rows of London",
            f"not the sum of the boroughs for {', '.join(wrong)}",
            "Correct the rows, or take them out: London is added up here",
        )
    return pd.concat([raw[raw["area_code"] != _LONDON], london], ignore_index=True)


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby(["area_code", "group", "label"], as_index=False).agg({"count": "sum"})
