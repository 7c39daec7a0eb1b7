"""Each builder of context on a few raw rows, and what it says of what it can't build from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from loaders.builders import (
    BuildError,
    child_health,
    covid_mortality,
    deprivation,
    recorded_illness,
    subnational,
)
from loaders.tables import CONTEXT

Rows = dict[str, str]


def figure(built: pd.DataFrame, figure_id: str) -> pd.Series:
    found = built[built["figure_id"] == figure_id]
    assert len(found) == 1, f"{figure_id}: {len(found)} rows"
    return found.iloc[0]


# --- Deprivation -----------------------------------------------------------------------------

HARINGEY_2025 = {
    "ltla24_code": "E09000014",
    "imd_average_score": "30.856",
    "imd_proportion_of_lso_as_in_most_deprived_10_percent_nationally": "0.1905",
    "income_average_score": "0.317",
    "employment_average_score": "0.148",
    "education_skills_and_training_average_score": "14.1",
    "health_deprivation_and_disability_average_score": "-0.106",
    "crime_average_score": "0.4",
    "barriers_to_housing_and_services_average_score": "31.2",
    "living_environment_average_score": "34.5",
}
HARINGEY_2019 = {"ltla19_code": "E09000014", "Score": "27.956", "Proportion": "0.0966"}


def deprived(
    folder: Path, borough: Rows = HARINGEY_2025, older: Rows = HARINGEY_2019
) -> pd.DataFrame:
    icb = {"icb24_code": "E54000028"} | {k: v for k, v in HARINGEY_2025.items() if k[0] != "l"}
    icb["living_environment_average_score"] = "30.4"
    for name, row in zip(deprivation.INPUT, (borough, icb, older), strict=True):
        pd.DataFrame([row]).to_csv(folder / name, index=False)
    return deprivation.build(folder)


def test_deprivation_gives_a_figure_a_column_in_the_columns_of_context(tmp_path: Path) -> None:
    built = deprived(tmp_path)
    assert len(built) == 9 + 9 + 2
    assert list(built.columns) == CONTEXT.columns
    assert built.dtypes.astype(str).to_dict() == CONTEXT.dtypes


def test_a_part_of_one_is_a_percentage_without_the_noise_of_multiplying(tmp_path: Path) -> None:
    built = deprived(tmp_path)
    tenth = figure(built, "imd-2025-haringey-most-deprived-tenth")
    assert (tenth["value"], tenth["measure"], tenth["unit"]) == (19.05, "percentage", "%")
    assert figure(built, "imd-2025-haringey-income")["value"] == 31.7


def test_a_score_keeps_its_digits_and_its_sign(tmp_path: Path) -> None:
    built = deprived(tmp_path)
    health = figure(built, "imd-2025-haringey-health")
    assert (health["value"], health["measure"], health["unit"]) == (-0.106, "mean", "points")
    assert figure(built, "imd-2025-north-central-london-score")["geography_level"] == "icb"


def test_scores_of_2019_are_an_indicator_apart_and_shares_are_not(tmp_path: Path) -> None:
    built = deprived(tmp_path).set_index("figure_id")["indicator_id"]
    assert built["imd-2019-haringey-score"] != built["imd-2025-haringey-score"]
    share = "haringey-most-deprived-tenth"
    assert built[f"imd-2019-{share}"] == built[f"imd-2025-{share}"]


def test_an_area_outside_london_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="column ltla24_code: not known: 'E06000002'"):
        deprived(tmp_path, HARINGEY_2025 | {"ltla24_code": "E06000002"})


@pytest.mark.parametrize("cell", ["", "19.05"])
def test_a_share_that_is_blank_or_no_part_of_one_is_named(tmp_path: Path, cell: str) -> None:
    with pytest.raises(BuildError, match="column Proportion, row of E09000014"):
        deprived(tmp_path, older=HARINGEY_2019 | {"Proportion": cell})


# --- Illness on the registers of general practices -------------------------------------------

BRENT_DIABETES = {
    "area_code": "E09000005",
    "qof_code": "DM",
    "period": "2019/20",
    "register_modelled": "29946.0",
    "list_modelled": "337680.8",
    "prevalence_pct": "8.868",
}
SUMS = ("E12000007", "E92000001")


def registers(folder: Path, *rows: Rows) -> pd.DataFrame:
    pd.DataFrame(rows).to_csv(folder / recorded_illness.INPUT[0], index=False)
    return recorded_illness.build(folder)


def test_a_register_is_a_percentage_of_its_ages_without_counts(tmp_path: Path) -> None:
    row = registers(tmp_path, BRENT_DIABETES).iloc[0]
    assert row["figure_id"] == "qof-2019-20-brent-dm"
    assert (row["indicator_id"], row["age"]) == ("diagnosed-diabetes", "17+")
    assert (row["period"], row["value"]) == ("2019-20", 8.868)
    assert pd.isna(row["numerator"])
    assert pd.isna(row["denominator"])


def test_a_sum_says_that_it_was_added_up(tmp_path: Path) -> None:
    built = registers(
        tmp_path, BRENT_DIABETES, *[BRENT_DIABETES | {"area_code": code} for code in SUMS]
    ).set_index("geography_level")["note"]
    assert "added up" not in built["borough"]
    assert "added up from the 33 boroughs" in built["london"]
    assert "added up from the districts" in built["england"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"qof_code": "NDH"}, "column qof_code: not known: 'NDH'.*_CONDITIONS"),
        ({"period": "2022/23"}, "column period: not known: '2022/23'"),
        ({"area_code": "E10000001"}, "column area_code: not known: 'E10000001'"),
        ({"prevalence_pct": ""}, "column prevalence_pct: a blank"),
    ],
)
def test_what_is_not_known_of_a_register_is_named(tmp_path: Path, change: Rows, named: str) -> None:
    with pytest.raises(BuildError, match=named):
        registers(tmp_path, BRENT_DIABETES | change)


# --- Deaths in the first wave ----------------------------------------------------------------

BRENT_COVID = {
    "cause": "COVID-19",
    "sex": "Persons",
    "area_code": "E09000005",
    "period_2020": "March - May 2020",
    "asmr_per_100000": "210.9",
    "lower_ci": "191.7",
    "upper_ci": "230.1",
    "deaths": "474",
}
CITY_BLANK = BRENT_COVID | {
    "sex": "Females",
    "area_code": "E09000001",
    "asmr_per_100000": "",
    "lower_ci": "",
    "upper_ci": "",
    "deaths": "2",
}


def deaths(folder: Path, *rows: Rows) -> pd.DataFrame:
    pd.DataFrame(rows).to_csv(folder / covid_mortality.INPUT[0], index=False)
    return covid_mortality.build(folder)


def test_months_are_left_out(tmp_path: Path) -> None:
    built = deaths(tmp_path, BRENT_COVID, BRENT_COVID | {"period_2020": "April"})
    assert built["period"].tolist() == ["March to May 2020"]


def test_a_rate_of_death_has_its_limits_and_deaths(tmp_path: Path) -> None:
    row = figure(deaths(tmp_path, BRENT_COVID), "deaths-2020-03-to-05-brent-covid-19-all")
    assert (row["value"], row["lower"], row["upper"]) == (210.9, 191.7, 230.1)
    assert (row["numerator"], row["standardisation"]) == (474, "age-standardised")
    assert pd.isna(row["note"])


def test_a_rate_of_few_deaths_is_suppressed_and_one_of_fewer_than_20_has_a_note(
    tmp_path: Path,
) -> None:
    built = deaths(tmp_path, CITY_BLANK, BRENT_COVID | {"deaths": "19"})
    blank = figure(built, "deaths-2020-03-to-05-city-of-london-covid-19-female")
    assert (blank["blank_reason"], blank["numerator"]) == ("suppressed", 2)
    unsure = figure(built, "deaths-2020-03-to-05-brent-covid-19-all")
    assert "fewer than 20 deaths" in unsure["note"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"cause": "Influenza"}, "column cause: not known: 'Influenza'"),
        ({"sex": "All"}, "column sex: not known: 'All'"),
        ({"period_2020": "June"}, "column period_2020: not known: 'June'"),
        ({"area_code": "W06000001"}, "column area_code: not known: 'W06000001'"),
        ({"lower_ci": ""}, "row of E09000005, COVID-19, Persons: a rate needs"),
        ({"deaths": ""}, "row of E09000005, COVID-19, Persons: a rate needs"),
    ],
)
def test_what_is_not_known_of_deaths_is_named(tmp_path: Path, change: Rows, named: str) -> None:
    with pytest.raises(BuildError, match=named):
        deaths(tmp_path, BRENT_COVID | change)


def test_a_blank_rate_of_many_deaths_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="blank only below 3 deaths"):
        deaths(tmp_path, CITY_BLANK | {"deaths": "30"})


# --- The ONS's indicators --------------------------------------------------------------------

GCSE = "GCSEs (and equivalent) in English and maths by age 19"
CAMDEN_GCSE = {
    "area_code": "E09000007",
    "Indicator": GCSE,
    "Period": "2021/22",
    "value": "80.28876334",
}
SEXES = ("Female", "Male")


def indicators(folder: Path, *rows: Rows) -> pd.DataFrame:
    pd.DataFrame(rows).to_csv(folder / subnational.INPUT[0], index=False)
    return subnational.build(folder)


def test_long_divisions_are_rounded_and_short_numbers_are_left(tmp_path: Path) -> None:
    income = {
        "Indicator": "Gross disposable household income per head",
        "Period": "2021",
        "value": "192005.0",
    }
    built = indicators(tmp_path, CAMDEN_GCSE, CAMDEN_GCSE | income)
    assert figure(built, "ons-2024-camden-gcse-by-19")["value"] == 80.2888
    assert figure(built, "ons-2024-camden-income")["value"] == 192005


@pytest.mark.parametrize(
    ("name", "period", "told"),
    [
        (GCSE, "2021/22", "2021-22"),
        ("Female healthy life expectancy", "2018 - 2020", "2018-20"),
        ("Anxiety", "04/2022 - 03/2023", "April 2022 to March 2023"),
        (
            "Adult obesity prevalence (aged 18 years and over)",
            "16/11/2021 - 15/11/2022",
            "16 November 2021 to 15 November 2022",
        ),
    ],
)
def test_periods_are_written_as_people_say_them(
    tmp_path: Path, name: str, period: str, told: str
) -> None:
    built = indicators(tmp_path, CAMDEN_GCSE | {"Indicator": name, "Period": period, "value": "9"})
    assert built["period"].unique().tolist() == [told]


def test_blank_and_absent_boroughs_are_not_published(tmp_path: Path) -> None:
    built = indicators(tmp_path, CAMDEN_GCSE, CAMDEN_GCSE | {"area_code": "E09000001", "value": ""})
    assert len(built) == 33
    blank = figure(built, "ons-2024-city-of-london-gcse-by-19")
    absent = figure(built, "ons-2024-hackney-gcse-by-19")
    assert blank["blank_reason"] == absent["blank_reason"] == "not-published"
    assert "has a blank" in blank["note"]
    assert "no row" in absent["note"]


def test_healthy_life_expectancy_is_one_indicator_by_sex(tmp_path: Path) -> None:
    years = {"Period": "2018 - 2020", "value": "64.6"}
    built = indicators(
        tmp_path,
        *[CAMDEN_GCSE | years | {"Indicator": f"{sex} healthy life expectancy"} for sex in SEXES],
    )
    assert built["indicator_id"].unique().tolist() == ["healthy-life-expectancy"]
    assert sorted(built["sex"].unique()) == ["female", "male"]


def test_an_indicator_that_is_left_out_gives_nothing(tmp_path: Path) -> None:
    left_out = CAMDEN_GCSE | {"Indicator": "Gigabit capable broadband", "Period": "Sep-23"}
    assert len(indicators(tmp_path, CAMDEN_GCSE, left_out)) == 33


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"Indicator": "Hours of sun"}, "column Indicator: not known: 'Hours of sun'.*_LEFT_OUT"),
        ({"Period": "2030/31"}, "column Period: not known: '2030/31'"),
        ({"area_code": "E12000007"}, "column area_code: not known: 'E12000007'"),
    ],
)
def test_what_is_not_known_of_an_indicator_is_named(
    tmp_path: Path, change: Rows, named: str
) -> None:
    with pytest.raises(BuildError, match=named):
        indicators(tmp_path, CAMDEN_GCSE | change)


def test_an_indicator_of_two_periods_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="several periods: 2021-22, 2022-23"):
        indicators(tmp_path, CAMDEN_GCSE, CAMDEN_GCSE | {"Period": "2022/23"})


# --- Children --------------------------------------------------------------------------------

BRENT_LOW_INCOME = {
    "measure_code": "ChildPov",
    "area_code": "E09000005",
    "area_name": "Brent",
    "year_as_stored": "2024",
    "value": "14.2",
    "value_as_stored": "",
}


def children(folder: Path, *rows: Rows) -> pd.DataFrame:
    pd.DataFrame(rows).to_csv(folder / child_health.INPUT[0], index=False)
    return child_health.build(folder)


@pytest.mark.parametrize(
    ("measure", "stored", "told", "figure_id"),
    [
        ("ChildPov", "2024", "2023-24", "lait-2023-24-brent-low-income"),
        ("ExcessYr6", "2025", "2024-25", "lait-2024-25-brent-year-6-excess-weight"),
        ("InfMort", "2023", "2023", "lait-2023-brent-infant-death"),
        ("RTA", "2020-22", "2020-22", "lait-2020-22-brent-road-injury"),
        ("PriFSM", "2025", "January 2025", "lait-january-2025-brent-primary-free-meals"),
        (
            "Hosp_Adm_Alc_<18yrs",
            "2013/14-15/16",
            "2013-14 to 2015-16",
            "lait-2013-14-to-2015-16-brent-alcohol-admission",
        ),
    ],
)
def test_a_stored_year_is_read_by_the_kind_of_year(
    tmp_path: Path, measure: str, stored: str, told: str, figure_id: str
) -> None:
    changed = {"measure_code": measure, "year_as_stored": stored}
    row = children(tmp_path, BRENT_LOW_INCOME | changed).iloc[0]
    assert (row["period"], row["figure_id"]) == (told, figure_id)


@pytest.mark.parametrize(
    ("measure", "stored"), [("ChildPov", "2014-16"), ("InfMort", "2013/14-15/16"), ("PriFSM", "x")]
)
def test_a_year_of_another_kind_is_named(tmp_path: Path, measure: str, stored: str) -> None:
    with pytest.raises(BuildError, match=f"year_as_stored: '{stored}' is no"):
        children(tmp_path, BRENT_LOW_INCOME | {"measure_code": measure, "year_as_stored": stored})


def test_rates_and_percentages_follow_the_unit(tmp_path: Path) -> None:
    deaths_of_babies = {"measure_code": "InfMort", "value": "3.3"}
    built = children(tmp_path, BRENT_LOW_INCOME, BRENT_LOW_INCOME | deaths_of_babies)
    assert built.set_index("indicator_id")["measure"].to_dict() == {
        "children-in-low-income-families": "percentage",
        "infant-death": "rate",
    }


def test_a_dash_is_not_published_and_another_mark_is_refused(tmp_path: Path) -> None:
    blank = BRENT_LOW_INCOME | {"value": "", "value_as_stored": "-"}
    row = children(tmp_path, blank).iloc[0]
    assert pd.isna(row["value"])
    assert row["blank_reason"] == "not-published"
    with pytest.raises(BuildError, match="mark for a blank not known: c"):
        children(tmp_path, blank | {"value_as_stored": "c"})


def test_a_doubted_nought_of_the_city_is_blank_and_other_noughts_stay(tmp_path: Path) -> None:
    city = {"area_code": "E09000001", "area_name": "City of London", "value": "0.0"}
    found = {"measure_code": "Chlamydia_Diagnosis", "year_as_stored": "2017"}
    died = {"measure_code": "InfMort", "year_as_stored": "2017"}
    built = children(tmp_path, BRENT_LOW_INCOME | city | found, BRENT_LOW_INCOME | city | died)
    doubted = figure(built, "lait-2017-city-of-london-chlamydia")
    assert pd.isna(doubted["value"])
    assert "taken for a missing figure" in doubted["note"]
    kept = figure(built, "lait-2017-city-of-london-infant-death")
    assert kept["value"] == 0
    assert "Few children" in kept["note"]


def test_london_and_england_are_known_by_name_and_parts_of_london_left_out(tmp_path: Path) -> None:
    names = ("London", "England", "London (Inner)", "London (Outer)")
    built = children(
        tmp_path, *[BRENT_LOW_INCOME | {"area_code": "", "area_name": name} for name in names]
    )
    assert sorted(built["geography_code"]) == ["E12000007", "E92000001"]


def test_an_area_that_is_not_known_is_named_and_so_is_a_file_without_our_measures(
    tmp_path: Path,
) -> None:
    with pytest.raises(BuildError, match="column area_code: not known: 'Wessex'"):
        children(tmp_path, BRENT_LOW_INCOME | {"area_code": "", "area_name": "Wessex"})
    with pytest.raises(BuildError, match="none of the measures Low_Birth_Weight_Babies"):
        children(tmp_path, BRENT_LOW_INCOME | {"measure_code": "PreChildDea"})
