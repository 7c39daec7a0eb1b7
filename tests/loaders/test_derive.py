"""The calculated figures as they are committed: not stale, whole, and true to published ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from evidence.derived import DETENTION, REFERRAL_RATE, residents_of_nhs_groups
from loaders.derive import CENSUS_SOURCE, OUTPUT, PART_AREAS, derive, write_derived
from loaders.read import read_table
from loaders.tables import AREAS, DATA, DERIVED, POPULATION, SOURCES

ICBS = [f"E540000{place}" for place in range(27, 32)]
SHARED = ["black", "mixed", "white"]
"""Groups that hold the same people in the census and in NHS records; Asian and Other differ."""
ACT = "bulk/mental-health-act.parquet"


@cache
def committed() -> pd.DataFrame:
    return pd.read_parquet(DATA / OUTPUT)


@cache
def residents() -> pd.Series:
    population = pd.read_parquet(POPULATION.files(DATA)[0])
    areas = pd.read_csv(AREAS.files(DATA)[0], dtype="str")
    return residents_of_nhs_groups(population, areas, ICBS)


def published(area: str, group: str) -> tuple[float, float]:
    """The published count of detentions (rounded to 5) in an NHS area, and its crude rate."""
    frame = pd.read_parquet(DATA / ACT)
    ours = frame[
        (frame["indicator_id"] == DETENTION)
        & (frame["geography_code"] == area)
        & (frame["ethnic_group"] == group)
    ]
    assert len(ours) == 1
    return float(ours["numerator"].iloc[0]), float(ours["value"].iloc[0])


def test_the_committed_figures_are_those_that_the_tables_give_today() -> None:
    pd.testing.assert_frame_equal(committed(), derive(DATA))


def test_every_calculated_row_is_what_its_model_says() -> None:
    read = read_table(DERIVED, DATA)
    assert [str(fault) for fault in read.faults] == []
    assert len(read.frame) == len(committed()) > 3000
    assert committed()["figure_id"].is_unique


def test_every_calculated_figure_has_its_formula_and_two_sources() -> None:
    frame = committed()
    known = set(
        pd.concat([pd.read_csv(file, dtype="str") for file in SOURCES.files(DATA)])["source_id"]
    )
    assert frame["calculation"].str.contains("÷").all()
    assert set(frame["source_id"]) <= known
    assert set(frame["calculation_source_id"]) <= known
    assert CENSUS_SOURCE in set(frame["calculation_source_id"])
    assert frame["figure_id"].str.startswith("calc-").all()


def test_areas_that_hold_part_of_a_borough_have_no_calculated_figure() -> None:
    counted = pd.read_parquet(DATA / "bulk/talking-therapies.parquet")["geography_code"]
    assert set(PART_AREAS) <= set(counted)
    assert not set(PART_AREAS) & set(committed()["geography_code"])


def test_every_borough_with_referrals_has_a_rate_of_them() -> None:
    counts = pd.read_parquet(DATA / "bulk/talking-therapies.parquet")
    boroughs = counts.loc[counts["geography_level"] == "borough", "geography_code"]
    assert boroughs.nunique() == 29
    rates = committed()[committed()["indicator_id"] == REFERRAL_RATE]
    assert set(boroughs) <= set(rates["geography_code"])


@pytest.mark.parametrize("group", SHARED)
@pytest.mark.parametrize("area", ICBS)
def test_our_people_give_the_published_detention_rate_within_rounding(
    area: str, group: str
) -> None:
    detentions, rate = published(area, group)
    people = residents().loc[(area, group)]
    # Counts are rounded to 5 and rates to one decimal.
    fewest = 100_000 * (detentions - 2.5) / people - 0.05
    most = 100_000 * (detentions + 2.5) / people + 0.05
    assert fewest <= rate <= most


def test_the_published_rate_of_south_east_london_is_found_again() -> None:
    assert published("E54000030", "black") == (1030, 294.5)
    people = residents().loc[("E54000030", "black")]
    assert 100_000 * 1030 / people == pytest.approx(294.5, abs=0.05)


def test_calculated_ratios_agree_with_the_published_rates_within_rounding() -> None:
    ratios = committed()[
        (committed()["indicator_id"] == DETENTION) & (committed()["geography_level"] == "icb")
    ]
    apart = {}
    for row in ratios.to_dict("records"):
        detentions, rate = published(row["geography_code"], row["ethnic_group"])
        of_white, white_rate = published(row["geography_code"], "white")
        # Half of 5 in each count, half of the last digit of each rate, and that of the ratio.
        slack = 2.5 / detentions + 2.5 / of_white + 0.05 / rate + 0.05 / white_rate
        slack += 0.005 * white_rate / rate
        if row["value"] != pytest.approx(rate / white_rate, rel=slack):
            apart[row["figure_id"]] = (row["value"], round(rate / white_rate, 2))
    # The calculated ratio, and that of the published rates.
    assert apart == {}
    assert set(ratios["geography_code"]) == set(ICBS)
    assert {"black", "mixed"} <= set(ratios["ethnic_group"])


@pytest.mark.parametrize(
    ("short", "lowest", "highest"),
    [
        # Mind's statement on the release: more than 3.5 times, and over 7 times.
        ("detention", 3.5, 3.6),
        ("cto", 7, 7.1),
    ],
)
def test_black_people_are_held_under_the_act_as_many_times_as_often_as_reported(
    short: str, lowest: float, highest: float
) -> None:
    ours = committed().set_index("figure_id")
    row = ours.loc[f"calc-mha-2023-24-{short}-standardised-england-black-ratio"]
    assert lowest < row["value"] < highest
    assert row["comparator"] == "white"


def test_the_preterm_share_of_england_and_wales_is_as_published() -> None:
    ours = committed().set_index("figure_id")["value"]
    # The bulletin of the Office for National Statistics on births in 2022: 7.9%.
    assert round(ours["calc-preterm-live-birth-2022-all"], 1) == 7.9


def test_what_is_written_is_what_was_derived(tmp_path: Path) -> None:
    for folder in ("bulk", "reference"):
        (tmp_path / folder).symlink_to(DATA / folder)
    written = write_derived(tmp_path)
    assert written == tmp_path / OUTPUT
    pd.testing.assert_frame_equal(pd.read_parquet(written), committed())
