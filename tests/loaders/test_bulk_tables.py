"""The built tables as they are committed: sound, without doubles, and true to what was published.

The totals come from other reports of the same releases than the files that were read, so that
they would show a wrong column, a wrong year or a wrong group.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import pandas as pd
import pytest

from loaders.builders import boundaries, census, school_readiness, talking_therapies
from loaders.read import read_table
from loaders.tables import AREAS, BOROUGHS, BULK, DATA, ETHNIC_GROUPS, POPULATION, Table

COMPARISON = ["source_id", "indicator_id", "geography_code", "period", "age", "sex", "measure"]
ENGLAND, LONDON = "E92000001", "E12000007"
YEARS = [f"{year}-{(year + 1) % 100:02d}" for year in range(2017, 2025)]
RECOVERY = "talking-therapies-recovery"
FINISHED = "talking-therapies-finished-treatment"
REFERRALS = "talking-therapies-referrals"

PARTS = {
    # The 2001 classification: Chinese is under Other, and there is no Arab group.
    "asian": ["asian-bangladeshi", "asian-indian", "asian-other", "asian-pakistani"],
    "black": ["black-african", "black-caribbean", "black-other"],
    "mixed": [
        "mixed-other",
        "mixed-white-asian",
        "mixed-white-black-african",
        "mixed-white-black-caribbean",
    ],
    "other": ["asian-chinese", "other-any"],
    "white": ["white-british", "white-irish", "white-other"],
    "all": ["asian", "black", "mixed", "other", "unknown", "white"],
    "ethnic-minority": ["asian", "black", "mixed", "other", "white-irish", "white-other"],
}
COUNTS_LEFT_OUT = [
    "tt-2020-21-hillingdon-recovery-unknown",
    "tt-2020-21-hillingdon-reliable-recovery-unknown",
]
"""Figures whose published counts and percentage can't both be right, whatever the rounding."""


@cache
def therapies() -> pd.DataFrame:
    return pd.read_parquet(DATA / talking_therapies.OUTPUT)


@cache
def readiness() -> pd.DataFrame:
    return pd.read_parquet(DATA / school_readiness.OUTPUT)


@cache
def population() -> pd.DataFrame:
    return pd.read_parquet(DATA / census.OUTPUT)


@cache
def boroughs() -> pd.DataFrame:
    return pd.read_csv(BOROUGHS.files(DATA)[0], dtype="str").set_index("borough_code")


def value(table: pd.DataFrame, indicator: str, area: str, period: str, group: str) -> float:
    row = table[
        (table["indicator_id"] == indicator)
        & (table["geography_code"] == area)
        & (table["period"] == period)
        & (table["ethnic_group"] == group)
    ]
    assert len(row) == 1
    return float(row["value"].iloc[0])


# --- Soundness -------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [BULK, POPULATION], ids=lambda table: table.name)
def test_every_row_is_what_its_model_says(table: Table) -> None:
    read = read_table(table, DATA)
    assert [str(fault) for fault in read.faults] == []
    assert len(read.frame) > 0


@pytest.mark.parametrize("table", [therapies, readiness], ids=["therapies", "readiness"])
def test_no_figure_stands_twice(table: Callable[[], pd.DataFrame]) -> None:
    frame = table()
    assert not frame["figure_id"].duplicated().any()
    assert not frame.duplicated([*COMPARISON, "ethnic_group"]).any()


@pytest.mark.parametrize("table", [therapies, readiness], ids=["therapies", "readiness"])
def test_areas_and_groups_are_those_of_the_reference_tables(
    table: Callable[[], pd.DataFrame],
) -> None:
    frame = table()
    areas = pd.read_csv(AREAS.files(DATA)[0], dtype="str").set_index("area_code")
    found = frame.drop_duplicates("geography_code").set_index("geography_code")
    assert found["geography_name"].to_dict() == areas["name"].reindex(found.index).to_dict()
    assert found["geography_level"].to_dict() == areas["level"].reindex(found.index).to_dict()
    groups = pd.read_csv(ETHNIC_GROUPS.files(DATA)[0], dtype="str")["code"]
    assert set(frame["ethnic_group"]) <= set(groups)


def test_each_census_has_one_row_for_an_area_and_group() -> None:
    frame = population()
    assert not frame.duplicated(["census", "area_code", "ethnic_group"]).any()
    assert set(frame["area_code"]) == {*boroughs().index, LONDON, ENGLAND}
    assert frame["ethnic_group_label"].notna().all()


# --- Published totals ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "finished"),
    [
        ("2018-19", 582_556),
        ("2019-20", 606_192),
        ("2020-21", 634_649),
        ("2021-22", 664_087),
        ("2024-25", 670_419),
    ],
)
def test_courses_finished_in_england_are_as_reported(period: str, finished: int) -> None:
    assert value(therapies(), FINISHED, ENGLAND, period, "all") == finished


@pytest.mark.parametrize(
    ("period", "group", "percentage"),
    [
        ("2018-19", "all", 52.1),
        ("2019-20", "all", 51.1),
        ("2020-21", "all", 51.4),
        ("2021-22", "all", 50.2),
        ("2023-24", "white", 51.2),
        ("2023-24", "black", 49.5),
        ("2023-24", "asian", 45.2),
        ("2023-24", "mixed", 45.8),
        ("2022-23", "white", 50.8),
        ("2022-23", "asian", 45.4),
    ],
)
def test_recovery_in_england_is_as_reported(period: str, group: str, percentage: float) -> None:
    assert value(therapies(), RECOVERY, ENGLAND, period, group) == percentage


def test_school_readiness_in_england_is_as_published() -> None:
    assert value(readiness(), "school-readiness", ENGLAND, "2023-24", "white") == 69.2
    assert value(readiness(), "school-readiness", ENGLAND, "2023-24", "all") == 67.7
    assert value(readiness(), "school-readiness", ENGLAND, "2021-22", "all") == 65.2


@pytest.mark.parametrize(
    ("year", "area", "group", "residents"),
    [
        (2021, LONDON, "all", 8_799_736),
        (2011, LONDON, "all", 8_173_941),
        (2011, LONDON, "white", 4_887_435),
        (2021, "E09000030", "asian-bangladeshi", 107_333),
        (2011, "E09000030", "asian-bangladeshi", 81_377),
        (2021, "E09000025", "asian-bangladeshi", 55_677),
    ],
)
def test_census_counts_are_as_published(year: int, area: str, group: str, residents: int) -> None:
    keyed = population().set_index(["census", "area_code", "ethnic_group"])["residents"]
    assert keyed.loc[(year, area, group)] == residents


# --- Every borough ---------------------------------------------------------------------------


def test_every_borough_has_school_readiness_or_a_stated_blank_for_every_group() -> None:
    frame = readiness()
    for indicator, groups in {"school-readiness": 7, "school-readiness-to-2019": 6}.items():
        local = frame[
            (frame["indicator_id"] == indicator) & (frame["geography_level"] == "borough")
        ]
        sizes = local.groupby(["geography_code", "period"]).size()
        assert len(sizes) == 33 * 4
        assert (sizes == groups).all()
        assert (local["value"].isna() == local["blank_reason"].notna()).all()


@pytest.mark.parametrize("period", YEARS)
def test_every_borough_has_therapies_figures_of_its_own_or_of_its_part_of_london(
    period: str,
) -> None:
    areas = pd.read_csv(AREAS.files(DATA)[0], dtype="str").set_index("area_code")
    year = therapies()[therapies()["period"] == period]
    local = year[year["geography_level"].isin(["borough", "subregion", "icb"])]
    covered = areas["boroughs"].reindex(local["geography_code"].unique()).str.split().explode()
    assert set(covered) == set(boroughs().index)


def test_figures_by_borough_stop_after_2020_21() -> None:
    by_borough = therapies()[therapies()["geography_level"] == "borough"]
    number = by_borough.groupby("period")["geography_code"].nunique().to_dict()
    assert number == {"2017-18": 29, "2018-19": 29, "2019-20": 29, "2020-21": 12}


@pytest.mark.parametrize("period", YEARS)
def test_each_nhs_area_has_one_row_a_year(period: str) -> None:
    year = therapies()[(therapies()["period"] == period) & (therapies()["unit"] == "referrals")]
    whole = year[(year["geography_level"] == "icb") & (year["ethnic_group"] == "all")]
    assert sorted(whole["geography_code"]) == sorted([f"E540000{n}" for n in range(27, 32)] * 2)


# --- Adding up -------------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", [REFERRALS, FINISHED])
@pytest.mark.parametrize("broad", PARTS)
def test_detailed_counts_add_to_broad_ones_within_rounding(indicator: str, broad: str) -> None:
    counts = therapies()[therapies()["indicator_id"] == indicator]
    wide = counts.pivot(index=["period", "geography_code"], columns="ethnic_group", values="value")
    gap = (wide[PARTS[broad]].sum(axis=1, skipna=False) - wide[broad]).abs()
    # Each rounded count may be half of 5 out; those of England are not rounded.
    below = gap.index.get_level_values("geography_code") != ENGLAND
    assert gap[~below].dropna().eq(0).all()
    assert gap[below].dropna().le(2.5 * (len(PARTS[broad]) + 1)).all()
    assert gap.notna().sum() > 45


def test_percentages_agree_with_their_counts_within_rounding() -> None:
    frame = therapies()
    shown = frame[frame["value"].notna() & (frame["measure"] == "percentage")]
    assert shown.loc[shown["numerator"].isna(), "figure_id"].tolist() == COUNTS_LEFT_OUT

    shown = shown[shown["numerator"].notna()]
    half = shown["count_rounding"].fillna(0) / 2
    # A denominator that was worked out is the difference of two rounded counts.
    worked_out = shown["note"].fillna("").str.contains("worked out")
    wide = half.where(~worked_out, 2 * half)
    step = (shown["geography_code"] == ENGLAND).map({True: 0.05, False: 0.5})
    lowest = 100 * (shown["numerator"] - half) / (shown["denominator"] + wide) - step
    below = (shown["denominator"] - wide).clip(lower=0.01)
    highest = 100 * (shown["numerator"] + half) / below + step
    tiny = 1e-9
    outside = ~shown["value"].between(lowest - tiny, highest + tiny)
    assert shown.loc[outside, "figure_id"].tolist() == []


def test_every_blank_therapies_figure_is_below_england_and_suppressed() -> None:
    blank = therapies()[therapies()["value"].isna()]
    assert set(blank["blank_reason"]) == {"suppressed"}
    assert not (blank["geography_code"] == ENGLAND).any()
    # A hidden count must not stand beside its hidden percentage.
    assert blank["numerator"].isna().all()


def test_census_groups_add_up_in_every_area() -> None:
    levels = pd.read_csv(ETHNIC_GROUPS.files(DATA)[0], dtype="str").set_index("code")
    frame = population().join(levels[["level", "parent"]], on="ethnic_group")
    keys = ["census", "area_code"]
    detailed = frame[frame["level"] == "detailed"]
    broad = frame[frame["level"] == "broad"].set_index([*keys, "ethnic_group"])["residents"]
    sums = detailed.groupby([*keys, "parent"])["residents"].sum()
    assert sums.to_dict() == broad.to_dict()
    whole = frame[frame["ethnic_group"] == "all"].set_index(keys)["residents"]
    assert detailed.groupby(keys)["residents"].sum().to_dict() == whole.to_dict()


def test_roma_is_counted_apart_in_2021_only() -> None:
    frame = population()
    assert frame.loc[frame["ethnic_group"] == "white-roma", "census"].unique().tolist() == [2021]


# --- Boundaries ------------------------------------------------------------------------------


def test_the_map_has_every_borough_wound_for_plotly_and_is_small() -> None:
    file = DATA / boundaries.OUTPUT
    assert file.stat().st_size < 150_000
    collection = json.loads(file.read_text(encoding="utf-8"))
    names = {
        feature["properties"]["borough_code"]: feature["properties"]["name"]
        for feature in collection["features"]
    }
    assert names == boroughs()["name"].to_dict()
    for feature in collection["features"]:
        shape = feature["geometry"]
        many = shape["type"] == "MultiPolygon"
        for polygon in shape["coordinates"] if many else [shape["coordinates"]]:
            outer = polygon[0]
            assert outer[0] == outer[-1]
            doubled = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(outer))
            assert doubled < 0, f"{feature['id']} runs anticlockwise"
            assert all(-0.6 < x < 0.4 and 51.2 < y < 51.8 for x, y in outer)
