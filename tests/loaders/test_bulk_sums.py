"""Births, the Mental Health Act, attainment and ages as they are committed.

The totals come from other reports of the same releases than the files that were read, unless a
comment says otherwise, so that they would show a wrong column, a wrong year or a wrong group.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from evidence.population import NOT_WHITE
from loaders.builders import ages, births, mental_health_act, school_attainment
from loaders.read import read_table
from loaders.tables import AGES, BOROUGHS, BULK, DATA, Table

ENGLAND, LONDON = "E92000001", "E12000007"
DETENTION, ORDER = "detention-under-the-mental-health-act", "community-treatment-order"
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
    "all": ["asian", "black", "mixed", "other", "white"],
}
INDICATORS_AND_YEARS = {
    "attainment-8": ["2017-18", "2018-19", "2021-22", "2022-23", "2023-24", "2024-25"],
    "attainment-8-teacher-graded": ["2019-20", "2020-21"],
    "attainment-8-to-2017": ["2015-16", "2016-17"],
    "key-stage-2-expected-standard": [
        *("2017-18", "2018-19", "2021-22", "2022-23", "2023-24", "2024-25"),
    ],
    "key-stage-2-expected-standard-to-2017": ["2015-16", "2016-17"],
    "progress-8": [
        *("2015-16", "2016-17", "2017-18", "2018-19", "2021-22", "2022-23", "2023-24"),
    ],
}


@cache
def act() -> pd.DataFrame:
    return pd.read_parquet(DATA / mental_health_act.OUTPUT)


@cache
def stillbirths() -> pd.DataFrame:
    frame = pd.read_parquet(DATA / births.OUTPUT)
    return frame[frame["indicator_id"] == births.STILLBIRTH]


@cache
def live_births() -> pd.DataFrame:
    frame = pd.read_parquet(DATA / births.OUTPUT)
    return frame[frame["indicator_id"] == births.LIVE_BIRTHS]


@cache
def attainment() -> pd.DataFrame:
    return pd.read_parquet(DATA / school_attainment.OUTPUT)


@cache
def by_age() -> pd.DataFrame:
    return pd.read_parquet(DATA / ages.OUTPUT)


def act_figure(indicator: str, group: str, standardisation: str, area: str) -> pd.Series:
    frame = act()
    found = frame[
        (frame["indicator_id"] == indicator)
        & (frame["ethnic_group"] == group)
        & (frame["standardisation"] == standardisation)
        & (frame["geography_code"] == area)
        & (frame["population"] != mental_health_act.EVERYONE)
    ]
    assert len(found) == 1
    return found.iloc[0]


# --- Soundness -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    [
        *(
            replace(BULK, name=builder.OUTPUT, pattern=builder.OUTPUT, expected=())
            for builder in (births, mental_health_act, school_attainment)
        ),
        AGES,
    ],
    ids=lambda table: table.name,
)
def test_every_row_is_what_its_model_says(table: Table) -> None:
    read = read_table(table, DATA)
    assert [str(fault) for fault in read.faults] == []
    assert len(read.frame) > 0


@pytest.mark.parametrize("builder", [births, mental_health_act, school_attainment])
def test_no_figure_has_the_same_people_and_measure_as_another(builder: object) -> None:
    frame = pd.read_parquet(DATA / str(getattr(builder, "OUTPUT", "")))
    told_apart = ["indicator_id", "geography_code", "period", "population", "ethnic_group"]
    assert frame["figure_id"].is_unique
    assert not frame.duplicated([*told_apart, "measure", "standardisation"]).any()


# --- Mental Health Act -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "total"),
    [
        # Mind's statement on the day of the release: 52,458 detentions.
        (DETENTION, 52_458),
        # The same statement: 5,618 community treatment orders.
        (ORDER, 5_618),
    ],
)
def test_totals_of_the_act_are_as_quoted(indicator: str, total: int) -> None:
    frame = act()
    everyone = frame[
        (frame["indicator_id"] == indicator) & (frame["population"] == mental_health_act.EVERYONE)
    ]
    assert everyone["numerator"].tolist() == [total]
    assert everyone["ethnic_group"].tolist() == ["all"]


@pytest.mark.parametrize(
    ("group", "standardisation", "rate"),
    [
        # As the publisher's own file prints them; Mind gives their ratio as more than 3.5.
        ("black", "crude", 239.0),
        ("black", "adjusted", 242.3),
        ("white", "crude", 69.5),
        ("white", "adjusted", 68.4),
    ],
)
def test_detention_rates_in_england_are_as_published(
    group: str, standardisation: str, rate: float
) -> None:
    assert act_figure(DETENTION, group, standardisation, ENGLAND)["value"] == rate


@pytest.mark.parametrize("indicator", sorted({DETENTION, ORDER, "short-term-order"}))
@pytest.mark.parametrize("broad", PARTS)
def test_detailed_counts_of_england_add_to_broad_ones_exactly(indicator: str, broad: str) -> None:
    frame = act()
    ours = frame[
        frame["indicator_id"].str.startswith(indicator)
        & (frame["geography_code"] == ENGLAND)
        & (frame["standardisation"] == "crude")
        & (frame["population"] != mental_health_act.EVERYONE)
    ]
    counts = ours.set_index("ethnic_group")["numerator"]
    # The row for everyone is of those whose group is known.
    assert counts[PARTS[broad]].sum() == counts[broad]


@pytest.mark.parametrize("indicator", [DETENTION, "short-term-order-under-the-mental-health-act"])
@pytest.mark.parametrize("area", [f"E540000{place}" for place in range(27, 32)])
def test_counts_of_an_nhs_area_add_to_its_total_within_rounding(indicator: str, area: str) -> None:
    groups = [*PARTS["all"], "unknown"]
    parts = [act_figure(indicator, group, "crude", area)["numerator"] for group in groups]
    total = act_figure(indicator, "all", "crude", area)["numerator"]
    # Six counts and their total, each up to half of 5 out.
    assert abs(sum(parts) - total) <= 2.5 * 7


def test_every_count_of_an_nhs_area_is_a_multiple_of_five() -> None:
    local = act()[act()["geography_level"] == "icb"]
    assert len(local) == 70
    assert (local["count_rounding"] == 5).all()
    assert (local["numerator"] % 5 == 0).all()


@pytest.mark.parametrize("indicator", sorted({DETENTION, ORDER, "short-term-order"}))
def test_every_broad_and_detailed_group_has_a_standardised_rate_with_limits(
    indicator: str,
) -> None:
    frame = act()
    ours = frame[
        frame["indicator_id"].str.startswith(indicator) & (frame["standardisation"] == "adjusted")
    ]
    broad = [group for group in PARTS if group != "all"]
    wanted = [*broad, *(part for group in broad for part in PARTS[group])]
    assert sorted(ours["ethnic_group"]) == sorted(wanted)
    assert (ours["lower"] < ours["value"]).all()
    assert (ours["value"] < ours["upper"]).all()


def test_a_rate_of_the_act_is_blank_only_with_a_reason() -> None:
    frame = act()
    assert (frame["value"].isna() == frame["blank_reason"].notna()).all()
    # No NHS area's group is suppressed in this release.
    assert set(frame.loc[frame["value"].isna(), "blank_reason"]) == {"not-applicable"}


# --- Births ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "group", "rate"),
    [
        # MIDIRS's report of the release of the Office for National Statistics.
        ("2007", "asian-pakistani", 8.9),
        ("2019", "asian-pakistani", 5.9),
        # Press reports give 3.6 for all White babies in 2021.
        ("2021", "white-british", 3.5),
        # The publisher's bulletin, Birth characteristics in England and Wales: 2022.
        ("2022", "black", 6.5),
        ("2022", "white", 3.5),
    ],
)
def test_stillbirth_rates_are_as_reported(period: str, group: str, rate: float) -> None:
    frame = stillbirths()
    found = frame[(frame["period"] == period) & (frame["ethnic_group"] == group)]
    assert found["value"].tolist() == [rate]


def test_every_stillbirth_rate_is_what_its_counts_give() -> None:
    frame = stillbirths()
    assert len(frame) == 16 * 13 + 3
    given = 1000 * frame["numerator"] / frame["denominator"]
    # A published rate has one decimal.
    assert ((given - frame["value"]).abs() <= 0.05 + 1e-9).all()


@pytest.mark.parametrize("counted", ["numerator", "denominator"])
def test_births_of_detailed_groups_add_to_broad_ones_but_for_later_corrections(
    counted: str,
) -> None:
    year = stillbirths()[stillbirths()["period"] == "2022"]
    counts = year.set_index("ethnic_group")[counted]
    parts = {
        "asian": ["asian-bangladeshi", "asian-indian", "asian-other", "asian-pakistani"],
        "black": ["black-african", "black-caribbean", "black-other"],
        "white": ["white-british", "white-other"],
    }
    for broad, detailed in parts.items():
        # Table 19 and table 20 were made at different times: a small share apart.
        assert counts[detailed].sum() == pytest.approx(counts[broad], rel=0.02), broad


def test_live_births_by_week_add_to_all_weeks_for_each_group() -> None:
    frame = live_births()
    whole = frame[frame["population"].isna()].set_index("ethnic_group")["value"]
    by_week = frame[frame["population"].notna()].groupby("ethnic_group")["value"].sum()
    assert len(whole) == 13
    assert by_week.to_dict() == whole.to_dict()


def test_live_births_of_the_groups_add_to_those_of_everyone() -> None:
    frame = live_births().fillna({"population": "all weeks"})
    wide = frame.pivot(index="population", columns="ethnic_group", values="value")
    assert (wide.drop(columns="all").sum(axis=1) == wide["all"]).all()


def test_about_one_live_birth_in_thirteen_was_preterm_in_2022() -> None:
    # The publisher's bulletin: preterm live births rose to 7.9% from 7.5% in 2021.
    everyone = live_births()[live_births()["ethnic_group"] == "all"].set_index("population")[
        "value"
    ]
    before_37 = [f"born at {week} weeks" for week in range(22, 37)]
    from_37 = [f"born at {week} weeks" for week in range(37, 42)]
    early = (
        everyone[before_37].sum() + everyone["born before 22 weeks and weighing less than 1,000 g"]
    )
    late = everyone[from_37].sum() + everyone["born at 42 weeks or later"]
    assert round(100 * early / (early + late), 1) == 7.9


# --- Attainment ------------------------------------------------------------------------------


def test_attainment_has_the_years_of_each_indicator() -> None:
    found = {
        str(indicator): sorted(set(part["period"]))
        for indicator, part in attainment().groupby("indicator_id")
    }
    assert found == INDICATORS_AND_YEARS


@pytest.mark.parametrize("indicator", INDICATORS_AND_YEARS)
def test_every_area_has_a_row_for_every_group_in_every_year(indicator: str) -> None:
    boroughs = pd.read_csv(BOROUGHS.files(DATA)[0], dtype="str")["borough_code"]
    assert len(boroughs) == 33
    ours = attainment()[attainment()["indicator_id"] == indicator]
    for period, year in ours.groupby("period"):
        groups = set(year["ethnic_group"])
        wanted = {"asian", "asian-chinese", "black", "mixed", "white"}
        # Other pupils are told apart at key stage 2 from 2018-19.
        if indicator == "key-stage-2-expected-standard" and period != "2017-18":
            wanted |= {"other"}
        assert groups == wanted
        found = set(zip(year["geography_code"], year["ethnic_group"], strict=True))
        assert found == {(area, group) for area in {*boroughs, LONDON, ENGLAND} for group in wanted}
        assert len(year) == len(found)


@pytest.mark.parametrize(
    ("indicator", "lowest", "highest"),
    [
        ("key-stage-2-expected-standard", 0, 100),
        ("key-stage-2-expected-standard-to-2017", 0, 100),
        ("attainment-8", 0, 90),
        ("attainment-8-teacher-graded", 0, 90),
        # The highest score was 80 in 2016 and 87 in 2017.
        ("attainment-8-to-2017", 0, 87),
        ("progress-8", -3, 3),
    ],
)
def test_results_lie_within_their_scale(indicator: str, lowest: float, highest: float) -> None:
    ours = attainment()[attainment()["indicator_id"] == indicator]
    assert ours["value"].dropna().between(lowest, highest).all()
    assert ours["value"].notna().sum() > 300


def test_no_result_is_blank_without_a_reason_and_none_of_england_is_blank() -> None:
    frame = attainment()
    blank = frame["value"].isna()
    assert (blank == frame["blank_reason"].notna()).all()
    assert set(frame.loc[blank, "blank_reason"]) == {"not-published"}
    assert set(frame.loc[blank, "geography_level"]) == {"borough"}


# --- Ages ------------------------------------------------------------------------------------


def test_people_of_every_age_in_london_are_those_of_the_2021_census() -> None:
    frame = by_age()
    london = frame[(frame["census"] == 2021) & (frame["area_code"] == LONDON)]
    # The file's own total is 8,799,756 (table TS021 of the same census gives 8,799,736). Single
    # years carry the publisher's disclosure noise: each borough's may add up to 20 people more or
    # fewer than its total (33 x 20).
    assert london["residents"].sum() == pytest.approx(8_799_756, abs=33 * 20)


@pytest.mark.parametrize(
    ("group", "residents"),
    [
        # Census 2011, table KS201: usual residents of London, all and White.
        ("all", 8_173_941),
        ("white", 4_887_435),
        (NOT_WHITE, 8_173_941 - 4_887_435),
    ],
)
def test_people_of_every_age_in_london_are_those_of_the_2011_census(
    group: str, residents: int
) -> None:
    frame = by_age()
    london = frame[(frame["census"] == 2011) & (frame["area_code"] == LONDON)]
    assert london.loc[london["ethnic_group"] == group, "residents"].sum() == residents


def test_every_borough_has_every_band_of_age_once() -> None:
    frame = by_age()
    boroughs = pd.read_csv(BOROUGHS.files(DATA)[0], dtype="str")["borough_code"]
    assert set(frame["area_code"]) == {*boroughs, LONDON}
    assert not frame.duplicated(["census", "area_code", "ethnic_group", "age"]).any()
    assert len(frame) == 34 * 5 * (1 + 3)


def test_ages_of_the_boroughs_add_to_those_of_london() -> None:
    frame = by_age()
    keys = ["census", "ethnic_group", "age"]
    london = frame[frame["area_code"] == LONDON].set_index(keys)["residents"]
    boroughs = frame[frame["area_code"] != LONDON].groupby(keys)["residents"].sum()
    assert boroughs.to_dict() == london.to_dict()
