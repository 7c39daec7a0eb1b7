"""The context tables as they are committed: sound, of everyone, and true to what was published.

The published values come from other accounts of the same releases than the files that were read.
"""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from loaders.builders import (
    child_health,
    covid_mortality,
    deprivation,
    recorded_illness,
    subnational,
)
from loaders.read import read_table
from loaders.tables import AREAS, BOROUGHS, CONTEXT, DATA, INDICATORS, SOURCES

BUILDERS = (deprivation, recorded_illness, covid_mortality, subnational, child_health)
OUTPUTS = [builder.OUTPUT for builder in BUILDERS]
ENGLAND, LONDON, CITY = "E92000001", "E12000007", "E09000001"


@cache
def table(output: str) -> pd.DataFrame:
    return pd.read_parquet(DATA / output)


@cache
def boroughs() -> pd.Series:
    return pd.read_csv(BOROUGHS.files(DATA)[0], dtype="str").set_index("name")["borough_code"]


def of(output: str, indicator: str, **narrowed: str) -> pd.Series:
    """The values of an indicator by area, narrowed to one figure an area."""
    frame = table(output)
    frame = frame[frame["indicator_id"] == indicator]
    for column, cell in narrowed.items():
        frame = frame[frame[column] == cell]
    assert not frame["geography_code"].duplicated().any()
    assert len(frame) > 0
    return frame.set_index("geography_code")["value"]


# --- Soundness -------------------------------------------------------------------------------


def test_every_row_is_a_figure_and_no_file_is_missing() -> None:
    read = read_table(CONTEXT, DATA)
    assert [str(fault) for fault in read.faults] == []
    assert {file.relative_to(DATA).as_posix() for file in CONTEXT.files(DATA)} == set(OUTPUTS)


def test_no_figure_stands_twice_in_any_of_them() -> None:
    every = pd.concat([table(output) for output in OUTPUTS])
    assert not every["figure_id"].duplicated().any()


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_figure_is_of_everyone_in_a_known_area(output: str) -> None:
    frame = table(output)
    assert set(frame["ethnic_group"]) == {"all"}
    areas = pd.read_csv(AREAS.files(DATA)[0], dtype="str").set_index("area_code")
    found = frame.drop_duplicates("geography_code").set_index("geography_code")
    assert found["geography_name"].to_dict() == areas["name"].reindex(found.index).to_dict()
    assert found["geography_level"].to_dict() == areas["level"].reindex(found.index).to_dict()


@pytest.mark.parametrize("output", OUTPUTS)
def test_sources_and_indicators_are_those_of_the_project(output: str) -> None:
    frame = table(output)
    sources = pd.read_csv(SOURCES.files(DATA)[0], dtype="str")["source_id"]
    indicators = pd.read_csv(INDICATORS.files(DATA)[0], dtype="str")["indicator_id"]
    assert set(frame["source_id"]) <= set(sources)
    assert set(frame["indicator_id"]) <= set(indicators)


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_measure_and_period_has_all_33_boroughs(output: str) -> None:
    frame = table(output)
    local = frame[frame["geography_level"] == "borough"]
    keys = ["indicator_id", "period", "age", "sex", "population"]
    counts = local.groupby(keys, dropna=False)["geography_code"].agg(["nunique", "size"])
    assert (counts == len(boroughs())).all(axis=None)


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_blank_has_a_note_that_says_what_the_source_has(output: str) -> None:
    blank = table(output)[table(output)["value"].isna()]
    assert blank["note"].notna().all()


# --- Deprivation -----------------------------------------------------------------------------


def test_hackney_leads_on_the_score_and_haringey_on_the_most_deprived_tenth() -> None:
    score = of(deprivation.OUTPUT, "deprivation-score", geography_level="borough")
    tenth = of(
        deprivation.OUTPUT,
        "neighbourhoods-in-the-most-deprived-tenth",
        geography_level="borough",
        period="2025",
    )
    assert score.idxmax() == boroughs()["Hackney"]
    assert tenth.idxmax() == boroughs()["Haringey"]
    assert tenth.max() == 19.05


def test_no_deprivation_score_is_given_for_both_editions() -> None:
    scores = table(deprivation.OUTPUT)[table(deprivation.OUTPUT)["measure"] == "mean"]
    assert (scores.groupby("indicator_id")["period"].nunique() == 1).all()


def test_an_nhs_area_lies_between_its_boroughs() -> None:
    frame = pd.read_csv(AREAS.files(DATA)[0], dtype="str").set_index("area_code")
    for indicator in ("deprivation-score", "income-deprivation", "employment-deprivation"):
        values = of(deprivation.OUTPUT, indicator)
        for icb in frame.index[frame["level"] == "icb"]:
            parts = values[str(frame.at[icb, "boroughs"]).split()]
            assert parts.min() < values[icb] < parts.max()


# --- Illness on the registers of general practices -------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "england"),
    [
        ("hypertension-gp-recorded", 14.08),
        ("diagnosed-diabetes", 7.07),
        ("coronary-heart-disease-gp-recorded", 3.09),
        ("copd-diagnosed-by-a-gp", 1.94),
    ],
)
def test_registers_of_england_are_as_reported(indicator: str, england: float) -> None:
    values = of(recorded_illness.OUTPUT, indicator)
    assert round(values[ENGLAND], 2) == england


def test_modelled_registers_are_not_given_as_counts() -> None:
    frame = table(recorded_illness.OUTPUT)
    assert frame["indicator_id"].nunique() == 21
    assert frame[["numerator", "denominator", "lower", "upper"]].isna().all(axis=None)
    assert frame["note"].str.startswith("Modelled from practices").all()


# --- Deaths in the first wave ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "rate"),
    [("Brent", 210.9), ("Newham", 196.8), ("Hackney", 182.9), (LONDON, 137.6), (ENGLAND, 81.9)],
)
def test_covid_deaths_are_as_reported(area: str, rate: float) -> None:
    values = of(covid_mortality.OUTPUT, "covid-19-death", sex="all")
    assert values[boroughs().get(area, area)] == rate


def test_deaths_of_the_boroughs_add_up_to_london_and_causes_to_all() -> None:
    frame = table(covid_mortality.OUTPUT)
    deaths = frame.pivot_table(
        index="geography_code", columns=["indicator_id", "sex"], values="numerator"
    )
    assert (deaths.loc[boroughs()].sum() == deaths.loc[LONDON]).all()
    both = deaths["covid-19-death"] + deaths["death-not-involving-covid-19-in-the-first-wave"]
    assert (both == deaths["death-from-any-cause-in-the-first-wave"]).all(axis=None)
    sexes = deaths.T.groupby(level="sex").sum()
    assert (sexes.loc["female"] + sexes.loc["male"] == sexes.loc["all"]).all()


def test_every_rate_of_death_has_limits_and_only_the_city_is_blank() -> None:
    frame = table(covid_mortality.OUTPUT)
    blank = frame[frame["value"].isna()]
    assert set(blank["geography_code"]) == {CITY}
    assert (blank["blank_reason"] == "suppressed").all()
    assert frame.loc[frame["value"].notna(), ["lower", "upper"]].notna().all(axis=None)


# --- The ONS's indicators --------------------------------------------------------------------


def test_hackney_and_the_city_are_blank_where_the_source_has_no_row_for_them() -> None:
    for indicator in ("preventable-circulatory-death-under-75", "child-obesity"):
        ages = table(subnational.OUTPUT).query("indicator_id == @indicator")["age"].unique()
        for age in ages:
            values = of(subnational.OUTPUT, indicator, age=age)
            assert set(values.index[values.isna()]) == {CITY, boroughs()["Hackney"]}


def test_values_of_the_ons_are_plausible() -> None:
    female = of(subnational.OUTPUT, "healthy-life-expectancy", sex="female")
    assert female.dropna().between(55, 75).all()
    assert female.idxmax() != of(subnational.OUTPUT, "smoking").idxmax()
    younger = of(subnational.OUTPUT, "child-obesity", age="4 to 5")
    older = of(subnational.OUTPUT, "child-obesity", age="10 to 11")
    assert (younger < older).sum() == 31
    free_meals = "pupils eligible for free school meals"
    absent = table(subnational.OUTPUT).query("indicator_id == 'persistent-absence-from-school'")
    poorer = absent[absent["population"] == free_meals].set_index("geography_code")["value"]
    every = absent[absent["population"].isna()].set_index("geography_code")["value"]
    assert (poorer > every).all()


# --- Children --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "period", "lowest", "highest"),
    [
        ("low-birth-weight-at-term", "2023", 2.5, 4),
        ("infant-death", "2023", 2.5, 4.5),
        ("children-in-low-income-families", "2024-25", 10, 25),
        ("not-in-education-employment-or-training", "2024-25", 1, 5),
        ("conception-under-18", "2022", 8, 16),
        ("alcohol-admission-under-18", "2021-22 to 2023-24", 10, 30),
    ],
)
def test_london_and_england_are_plausible(
    indicator: str, period: str, lowest: float, highest: float
) -> None:
    values = of(child_health.OUTPUT, indicator, period=period)
    assert values[[LONDON, ENGLAND]].between(lowest, highest).all()


def test_weight_and_free_meals_are_told_apart_by_age_and_by_school() -> None:
    weight = {"indicator": "overweight-or-obesity-children", "period": "2023-24"}
    reception = of(child_health.OUTPUT, **weight, age="4 to 5")
    year_6 = of(child_health.OUTPUT, **weight, age="10 to 11")
    assert (reception < year_6).sum() == 34
    meals = {"indicator": "eligible-for-free-school-meals", "period": "January 2025"}
    primary = of(child_health.OUTPUT, **meals, population="pupils of state-funded primary schools")
    secondary = of(
        child_health.OUTPUT, **meals, population="pupils of state-funded secondary schools"
    )
    assert (primary[ENGLAND], secondary[ENGLAND]) == (24.7, 25.8)


def test_london_lies_between_its_boroughs_in_every_year() -> None:
    frame = table(child_health.OUTPUT).fillna({"population": ""})
    keys = ["indicator_id", "period", "age", "population"]
    local = frame[frame["geography_level"] == "borough"].groupby(keys)["value"]
    london = frame[frame["geography_code"] == LONDON].set_index(keys)["value"]
    between = pd.DataFrame({"low": local.min(), "high": local.max(), "london": london}).dropna()
    assert len(between) > 100
    assert (between["low"] < between["london"]).all()
    assert (between["london"] < between["high"]).all()
