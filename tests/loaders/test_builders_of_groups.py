"""The builders of tables by ethnic group on a few raw rows, and what they say of a bad raw file."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from evidence.population import NOT_WHITE
from loaders.builders import BuildError, ages, births, dfe, mental_health_act, school_attainment
from loaders.tables import AGES, BULK


def figure(built: pd.DataFrame, figure_id: str) -> pd.Series:
    found = built[built["figure_id"] == figure_id]
    assert len(found) == 1, f"{figure_id}: {len(found)} rows"
    return found.iloc[0]


# --- Births ----------------------------------------------------------------------------------


def births_rows(group: str, *, table: str = "Table_20", year: str = "2007") -> list[dict[str, str]]:
    """What ONS prints of one group and year: the numbers are those of Pakistani babies in 2007."""
    shared = {
        "table": table,
        "year": year,
        "area_code": "K04000001",
        "category": "All",
        "ethnicity_raw": group,
    }
    return [
        shared | {"metric": "number_live_births", "value": "26108"},
        shared | {"metric": "number_stillbirths", "value": "234"},
        shared | {"metric": "stillbirth_rate", "value": "8.9"},
    ]


def week_row(category: str, value: str, metric: str = "live_births") -> dict[str, str]:
    return {
        "table": "Table_7",
        "year": "2022",
        "area_code": "K04000001",
        "category": category,
        "metric": metric,
        "ethnicity_raw": "Bangladeshi",
        "value": value,
    }


PAKISTANI = births_rows("Pakistani")


def births_of(folder: Path, *rows: dict[str, str]) -> pd.DataFrame:
    pd.DataFrame(rows).to_csv(folder / births.INPUT[0], index=False)
    return births.build(folder)


def test_a_stillbirth_rate_is_of_all_births_alive_or_not(tmp_path: Path) -> None:
    row = figure(births_of(tmp_path, *PAKISTANI), "births-2007-stillbirth-asian-pakistani")
    assert (row["value"], row["unit"]) == (8.9, "per 1,000 births")
    assert (row["numerator"], row["denominator"]) == (234, 26_342)
    assert (row["period"], row["measure"]) == ("2007", "rate")


def test_births_have_the_columns_of_a_figure(tmp_path: Path) -> None:
    built = births_of(tmp_path, *PAKISTANI, week_row("36 weeks", "387"))
    assert list(built.columns) == BULK.columns
    assert built.dtypes.astype(str).to_dict() == BULK.dtypes


def test_table_19_is_read_for_broad_groups_alone(tmp_path: Path) -> None:
    of_19 = [
        row
        for group in ("Asian", "Black", "White", "Total", "Mixed/multiple", "Not stated")
        for row in births_rows(group, table="Table_19", year="2022")
    ]
    built = births_of(tmp_path, *births_rows("Total", year="2022"), *of_19)
    assert sorted(built["ethnic_group"]) == ["all", "asian", "black", "white"]


def test_other_areas_than_england_and_wales_are_left_out(tmp_path: Path) -> None:
    wales = [row | {"area_code": "W92000004"} for row in births_rows("Indian")]
    built = births_of(tmp_path, *PAKISTANI, *wales)
    assert built["ethnic_group"].tolist() == ["asian-pakistani"]


@pytest.mark.parametrize("lacking", [0, 1, 2])
def test_a_stillbirth_rate_without_all_its_numbers_is_refused(tmp_path: Path, lacking: int) -> None:
    some = [row for place, row in enumerate(births_rows("Indian")) if place != lacking]
    with pytest.raises(BuildError, match=r"rows of 2007 Indian: .*both counts and a rate"):
        births_of(tmp_path, *PAKISTANI, *some)


def test_weeks_of_pregnancy_are_told_apart_in_the_population(tmp_path: Path) -> None:
    categories = {
        "36 weeks": "born at 36 weeks",
        "42 weeks and above": "born at 42 weeks or later",
        "Gestational age not stated": "weeks of pregnancy not stated",
        "Low gestational age inconsistent with birthweight": (
            "weeks of pregnancy too few for the baby's weight"
        ),
        "Under 22 weeks and birthweight less than 1,000g": (
            "born before 22 weeks and weighing less than 1,000 g"
        ),
    }
    rows = [week_row(name, str(place)) for place, name in enumerate(categories)]
    built = births_of(tmp_path, *PAKISTANI, *rows)
    counts = built[built["measure"] == "count"]
    found = counts.sort_values("value")["population"].tolist()
    assert found == list(categories.values())
    assert counts["figure_id"].is_unique


def test_all_weeks_together_have_no_population_of_their_own(tmp_path: Path) -> None:
    everyone = week_row("All gestational ages", "10353", "total_live_births")
    stillborn = week_row("All gestational ages", "47", "total_stillbirths")
    built = births_of(tmp_path, *PAKISTANI, everyone, stillborn)
    row = figure(built, "births-2022-live-all-asian-bangladeshi")
    assert pd.isna(row["population"])
    assert (row["value"], row["unit"]) == (10_353, "live births")


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (week_row("Born on time", "1"), "column category: not known: 'Born on time'"),
        (
            week_row("36 weeks", "1") | {"ethnicity_raw": "Sri Lankan"},
            "column ethnicity_raw: not known: 'Sri Lankan'",
        ),
        (week_row("36 weeks", "few"), "line 5, column value: 'few' is not a number"),
    ],
)
def test_what_births_do_not_know_is_named(tmp_path: Path, row: dict[str, str], named: str) -> None:
    with pytest.raises(BuildError, match=rf"{re.escape(births.INPUT[0])}, {named}"):
        births_of(tmp_path, *PAKISTANI, row)


# --- Mental Health Act -----------------------------------------------------------------------

ENGLAND_WHITE = {
    "Measure": "All detentions",
    "measureSubcategory": "All",
    "Demographic": "Ethnicity",
    "DemographicBreakdown": "White",
    "OrganisationBreakdown": "All submissions",
    "OrgID": "All prov",
    "Total_Count": "31735",
    "CrudeRate": "69.5",
    "StdRate": "68.4",
    "Confidence_interval": "0.7",
}
BLANK_RATES = {"CrudeRate": "", "StdRate": "", "Confidence_interval": ""}
EVERYONE = ENGLAND_WHITE | {
    "Demographic": "All",
    "DemographicBreakdown": "All",
    "Total_Count": "52458",
    "CrudeRate": "90.9",
    "StdRate": "",
    "Confidence_interval": "",
}
SOUTH_EAST_BLACK = ENGLAND_WHITE | {
    "DemographicBreakdown": "Black or Black British",
    "OrganisationBreakdown": "ICB",
    "OrgID": "QKK",
    "Total_Count": "1030",
    "CrudeRate": "294.5",
    "StdRate": "",
    "Confidence_interval": "",
}
UNKNOWN = ENGLAND_WHITE | BLANK_RATES | {"DemographicBreakdown": "Unknown", "Total_Count": "3726"}


def act(folder: Path, *rows: dict[str, str]) -> pd.DataFrame:
    pd.DataFrame(rows).to_csv(folder / mental_health_act.INPUT[0], index=False)
    return mental_health_act.build(folder)


def test_a_group_of_england_has_a_crude_rate_and_a_standardised_one(tmp_path: Path) -> None:
    built = act(tmp_path, ENGLAND_WHITE)
    assert list(built.columns) == BULK.columns
    assert built.dtypes.astype(str).to_dict() == BULK.dtypes
    values = built.set_index("standardisation")["value"].to_dict()
    assert values == {"crude": 69.5, "adjusted": 68.4}
    assert set(built["period"]) == {"2023-24"}
    assert set(built["numerator"]) == {31_735}


def test_limits_of_a_standardised_rate_lie_half_a_width_apart_on_each_side(tmp_path: Path) -> None:
    built = act(tmp_path, ENGLAND_WHITE)
    standardised = figure(built, "mha-2023-24-detention-standardised-england-white")
    crude = figure(built, "mha-2023-24-detention-crude-england-white")
    assert (standardised["lower"], standardised["upper"]) == (67.7, 69.1)
    assert "half-width" in standardised["note"]
    assert pd.isna(crude["lower"])
    assert pd.isna(crude["upper"])


def test_counts_are_rounded_in_nhs_areas_and_not_in_england(tmp_path: Path) -> None:
    built = act(tmp_path, ENGLAND_WHITE, SOUTH_EAST_BLACK)
    local = figure(built, "mha-2023-24-detention-crude-south-east-london-black")
    assert (local["geography_code"], local["geography_level"]) == ("E54000030", "icb")
    assert (local["numerator"], local["value"], local["count_rounding"]) == (1030, 294.5, 5)
    assert built.loc[built["geography_level"] == "england", "count_rounding"].isna().all()


@pytest.mark.parametrize(
    ("organisation", "code", "name"),
    [
        ("QRV", "E54000027", "North West London"),
        ("QMJ", "E54000028", "North Central London"),
        ("QMF", "E54000029", "North East London"),
        ("QKK", "E54000030", "South East London"),
        ("QWE", "E54000031", "South West London"),
    ],
)
def test_an_organisation_is_its_nhs_area(
    tmp_path: Path, organisation: str, code: str, name: str
) -> None:
    row = act(tmp_path, SOUTH_EAST_BLACK | {"OrgID": organisation}).iloc[0]
    assert (row["geography_code"], row["geography_name"]) == (code, name)


def test_an_nhs_area_has_no_standardised_rate(tmp_path: Path) -> None:
    built = act(tmp_path, SOUTH_EAST_BLACK)
    assert built["standardisation"].tolist() == ["crude"]


def test_people_whose_group_is_not_known_have_a_count_and_no_rate(tmp_path: Path) -> None:
    built = act(tmp_path, UNKNOWN, UNKNOWN | {"OrganisationBreakdown": "ICB", "OrgID": "QKK"})
    for area in ("england", "south-east-london"):
        row = figure(built, f"mha-2023-24-detention-crude-{area}-unknown")
        assert (row["ethnic_group"], row["numerator"]) == ("unknown", 3726)
        assert pd.isna(row["value"])
        assert row["blank_reason"] == "not-applicable"
        assert "not known how many people" in row["note"]


def test_parts_of_not_known_are_left_out(tmp_path: Path) -> None:
    parts = [UNKNOWN | {"DemographicBreakdown": name} for name in ("Not Known", "Not Stated")]
    built = act(tmp_path, UNKNOWN, *parts)
    assert set(built["ethnic_group_label"]) == {"Unknown"}


@pytest.mark.parametrize(("label", "code"), [("All", "all"), ("Unknown", "unknown")])
def test_no_standardised_rate_stands_for_everyone_or_for_unknown_groups(
    tmp_path: Path, label: str, code: str
) -> None:
    built = act(tmp_path, ENGLAND_WHITE | BLANK_RATES | {"DemographicBreakdown": label})
    assert built["figure_id"].tolist() == [f"mha-2023-24-detention-crude-england-{code}"]


def test_the_quoted_total_stands_in_a_set_of_its_own(tmp_path: Path) -> None:
    known = ENGLAND_WHITE | {"DemographicBreakdown": "All", "Total_Count": "45525"}
    built = act(tmp_path, known, EVERYONE)
    total = figure(built, "mha-2023-24-detention-crude-england-all-everyone")
    of_known = figure(built, "mha-2023-24-detention-crude-england-all")
    assert (total["numerator"], of_known["numerator"]) == (52_458, 45_525)
    assert total["population"] == mental_health_act.EVERYONE
    assert "acute hospitals" in total["note"]
    assert pd.isna(of_known["population"])


def test_a_suppressed_cell_of_an_nhs_area_is_blank_and_says_so(tmp_path: Path) -> None:
    hidden = {"DemographicBreakdown": "Mixed", "Total_Count": "*", "CrudeRate": "*"}
    row = act(tmp_path, SOUTH_EAST_BLACK | hidden).iloc[0]
    assert pd.isna(row["value"])
    assert pd.isna(row["numerator"])
    assert row["blank_reason"] == "suppressed"


def test_only_orders_under_section_136_are_short_term_orders_by_group_in_england(
    tmp_path: Path,
) -> None:
    order = ENGLAND_WHITE | {"Measure": "Short term orders"}
    built = act(
        tmp_path,
        order | {"measureSubcategory": "Section 136", "Total_Count": "10483"},
        order | {"measureSubcategory": "Section 4", "Total_Count": "1"},
        order | {"measureSubcategory": "All", "Total_Count": "2"},
    )
    assert set(built["numerator"]) == {10_483}
    assert built["population"].str.contains("section 136").all()


def test_other_measures_and_kinds_of_people_are_left_out(tmp_path: Path) -> None:
    built = act(
        tmp_path,
        ENGLAND_WHITE,
        ENGLAND_WHITE | {"Measure": "Uses of section 2"},
        ENGLAND_WHITE | {"Demographic": "Age", "DemographicBreakdown": "18 to 34"},
        ENGLAND_WHITE | {"measureSubcategory": "Section 3"},
        EVERYONE | {"OrganisationBreakdown": "NHS Trust", "OrgID": "RV5"},
    )
    assert set(built["ethnic_group"]) == {"white"}
    assert len(built) == 2


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"OrgID": "QZZ"}, "column OrgID: not known: 'QZZ'"),
        ({"DemographicBreakdown": "Arab"}, "column DemographicBreakdown: not known: 'Arab'"),
        ({"CrudeRate": "high"}, "line 3, column CrudeRate: 'high' is not a number"),
    ],
)
def test_what_the_act_does_not_know_is_named(
    tmp_path: Path, change: dict[str, str], named: str
) -> None:
    with pytest.raises(BuildError, match=rf"{re.escape(mental_health_act.INPUT[0])}, {named}"):
        act(tmp_path, ENGLAND_WHITE, SOUTH_EAST_BLACK | change)


# --- The tool of the Department for Education ------------------------------------------------

BRENT_BLACK = {
    "measure_code": "AVG_Attain8_Score_Black",
    "area_code": "E09000005",
    "area_name": "Brent",
    "year_as_stored": "2024",
    "value": "45.1",
    "value_as_stored": "",
}
KEY_STAGE_2 = BRENT_BLACK | {"measure_code": "KS2_NEW_Black_RWM", "value": "61"}
PROGRESS = BRENT_BLACK | {"measure_code": "AVG_Prog8_Score_Black", "value": "-0.12"}


def attainment(folder: Path, *rows: dict[str, str]) -> pd.DataFrame:
    pd.DataFrame(rows).to_csv(folder / dfe.FILE, index=False)
    return school_attainment.build(folder)


def by_year(folder: Path, row: dict[str, str], *years: str) -> dict[str, str]:
    built = attainment(folder, *(row | {"year_as_stored": year} for year in years))
    assert built["period"].is_unique
    return dict(zip(built["period"], built["indicator_id"], strict=True))


def test_a_stored_year_of_the_tool_is_the_one_in_which_the_school_year_ends() -> None:
    assert [dfe.school_year(end) for end in ("2024", "2010", "2000")] == [
        "2023-24",
        "2009-10",
        "1999-00",
    ]


def test_the_tool_names_london_and_england_without_a_code(tmp_path: Path) -> None:
    rows = [
        BRENT_BLACK,
        BRENT_BLACK | {"area_code": "", "area_name": "London"},
        BRENT_BLACK | {"area_code": "", "area_name": "England"},
        BRENT_BLACK | {"area_code": "", "area_name": "London (Inner)"},
        BRENT_BLACK | {"area_code": "", "area_name": "London (Outer)"},
    ]
    pd.DataFrame(rows).to_csv(tmp_path / dfe.FILE, index=False)
    read = dfe.read_tool(tmp_path)
    assert read["geography_code"].tolist() == ["E09000005", "E12000007", "E92000001"]
    assert read["geography_level"].tolist() == ["borough", "london", "england"]
    assert read["geography_name"].tolist() == ["Brent", "London", "England"]
    assert read["slug"].tolist() == ["brent", "london", "england"]


def test_attainment_has_the_columns_of_a_figure(tmp_path: Path) -> None:
    built = attainment(tmp_path, BRENT_BLACK, KEY_STAGE_2, PROGRESS)
    assert list(built.columns) == BULK.columns
    assert built.dtypes.astype(str).to_dict() == BULK.dtypes
    found = built.set_index("indicator_id")[["measure", "unit", "age", "value"]]
    assert found.to_dict("index") == {
        "attainment-8": {"measure": "mean", "unit": "points", "age": "15 to 16", "value": 45.1},
        "key-stage-2-expected-standard": {
            "measure": "percentage",
            "unit": "%",
            "age": "10 to 11",
            "value": 61,
        },
        "progress-8": {"measure": "mean", "unit": "points", "age": "15 to 16", "value": -0.12},
    }
    assert set(built["period"]) == {"2023-24"}


def test_attainment_8_breaks_where_its_scale_changed_and_where_teachers_gave_the_grades(
    tmp_path: Path,
) -> None:
    assert by_year(tmp_path, BRENT_BLACK, "2017", "2018", "2019", "2020", "2021", "2022") == {
        "2016-17": "attainment-8-to-2017",
        "2017-18": "attainment-8",
        "2018-19": "attainment-8",
        "2019-20": "attainment-8-teacher-graded",
        "2020-21": "attainment-8-teacher-graded",
        "2021-22": "attainment-8",
    }


def test_key_stage_2_breaks_at_2018_and_has_no_years_without_tests(tmp_path: Path) -> None:
    assert by_year(tmp_path, KEY_STAGE_2, "2016", "2017", "2018", "2020", "2021", "2025") == {
        "2015-16": "key-stage-2-expected-standard-to-2017",
        "2016-17": "key-stage-2-expected-standard-to-2017",
        "2017-18": "key-stage-2-expected-standard",
        "2024-25": "key-stage-2-expected-standard",
    }


def test_progress_8_has_no_years_without_exams(tmp_path: Path) -> None:
    found = by_year(tmp_path, PROGRESS, "2019", "2020", "2021", "2022")
    assert found == {"2018-19": "progress-8", "2021-22": "progress-8"}


def test_chinese_pupils_are_a_group_apart(tmp_path: Path) -> None:
    row = attainment(
        tmp_path, BRENT_BLACK | {"measure_code": "AVG_Attain8_Score_Chine", "value": "66"}
    ).iloc[0]
    assert (row["ethnic_group"], row["ethnic_group_label"]) == ("asian-chinese", "Chinese")
    assert row["figure_id"] == "attainment-8-2023-24-brent-asian-chinese"


def test_a_dash_is_a_result_that_is_not_published(tmp_path: Path) -> None:
    row = attainment(tmp_path, BRENT_BLACK | {"value": "", "value_as_stored": "-"}).iloc[0]
    assert pd.isna(row["value"])
    assert row["blank_reason"] == "not-published"
    assert "does not say why" in row["note"]


def test_a_published_result_has_neither_a_reason_nor_a_note(tmp_path: Path) -> None:
    row = attainment(tmp_path, BRENT_BLACK).iloc[0]
    assert pd.isna(row["blank_reason"])
    assert pd.isna(row["note"])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"year_as_stored": "2030"}, "column year_as_stored: not known: '2030'"),
        (
            {"measure_code": "AVG_Prog8_Score_Black", "year_as_stored": "2025"},
            "column year_as_stored: not known: '2025'",
        ),
        (
            {"measure_code": "AVG_Attain8_Score_Roma"},
            "column measure_code: not known: 'Roma'",
        ),
        ({"area_code": "E06000001"}, "column area_code: not known: 'E06000001'"),
        ({"area_code": "", "area_name": "Kent"}, "column area_code: not known: 'Kent'"),
        (
            {"value": "", "value_as_stored": "c"},
            "column value_as_stored: mark for a blank not known: c",
        ),
        ({"value": ""}, "column value_as_stored: mark for a blank not known: nothing"),
        ({"value": "n/k"}, "line 3, column value: 'n/k' is not a number"),
    ],
)
def test_what_attainment_does_not_know_is_named(
    tmp_path: Path, change: dict[str, str], named: str
) -> None:
    with pytest.raises(BuildError, match=rf"{re.escape(dfe.FILE)}, {named}"):
        attainment(tmp_path, BRENT_BLACK, BRENT_BLACK | change)


# --- Ages ------------------------------------------------------------------------------------

SINGLE_YEARS = [
    "Aged under 1 year",
    "Aged 1 year",
    *(f"Aged {age} years" for age in range(2, 100)),
    "Aged 100 years and over",
]
BANDS_OF_2011 = [
    f"Age {band}"
    for band in (
        *("0 to 4", "5 to 7", "8 to 9", "10 to 14", "15", "16 to 17", "18 to 19", "20 to 24"),
        *("25 to 29", "30 to 34", "35 to 39", "40 to 44", "45 to 49", "50 to 54", "55 to 59"),
        *("60 to 64", "65 to 69", "70 to 74", "75 to 79", "80 to 84", "85 and over"),
    )
]
Row = dict[str, str | int]


def in_2021(borough: str, total: int = 5050) -> Row:
    """As many people of each age as they have years: 5,050 in all."""
    people = {name: age for age, name in enumerate(SINGLE_YEARS)}
    # The file has bands beside single years, which must not be added up twice.
    return {"geography code": borough, "Total": total, "Aged 5 to 9 years": 35, **people}


def in_2011(borough: str, group: str, times: int, total: int = 231) -> Row:
    """1, 2 and so on to 21 people in the bands (231 in all), so many times over."""
    people = {name: place * times for place, name in enumerate(BANDS_OF_2011, start=1)}
    return {
        "area_code": borough,
        "ethnic_group": group,
        "All categories: Age": total * times,
        **people,
    }


CITY, BARKING, LONDON = "E09000001", "E09000002", "E12000007"
OF_2021 = (in_2021(CITY), in_2021(BARKING))
OF_2011 = (
    in_2011(CITY, "all", 5),
    in_2011(CITY, "white", 2),
    in_2011(BARKING, "all", 4),
    in_2011(BARKING, "white", 3),
)


def by_age(
    folder: Path, new: tuple[Row, ...] = OF_2021, old: tuple[Row, ...] = OF_2011
) -> pd.DataFrame:
    pd.DataFrame(new).to_csv(folder / ages.INPUT[0], index=False)
    pd.DataFrame(old).to_csv(folder / ages.INPUT[1], index=False)
    return ages.build(folder)


def residents(built: pd.DataFrame, census: int, area: str, group: str) -> dict[str, int]:
    of_group = (built["census"] == census) & (built["ethnic_group"] == group)
    found = built[of_group & (built["area_code"] == area)]
    return dict(zip(found["age"], found["residents"], strict=True))


def test_single_years_of_2021_are_put_in_five_bands(tmp_path: Path) -> None:
    built = by_age(tmp_path)
    assert list(built.columns) == AGES.columns
    assert built.dtypes.astype(str).to_dict() == AGES.dtypes
    bands = residents(built, 2021, CITY, "all")
    assert list(bands.items()) == [
        ("0-15", 120),
        ("16-24", 180),
        ("25-44", 690),
        ("45-64", 1090),
        ("65 and over", 2970),
    ]


def test_bands_of_2011_are_put_in_the_same_five(tmp_path: Path) -> None:
    bands = residents(by_age(tmp_path), 2011, CITY, "white")
    assert list(bands.items()) == [
        ("0-15", 2 * 15),
        ("16-24", 2 * 21),
        ("25-44", 2 * 42),
        ("45-64", 2 * 58),
        ("65 and over", 2 * 95),
    ]


def test_everyone_else_is_everyone_less_white_people(tmp_path: Path) -> None:
    built = by_age(tmp_path, old=tuple(reversed(OF_2011)))
    assert residents(built, 2011, CITY, NOT_WHITE)["65 and over"] == (5 - 2) * 95
    assert residents(built, 2011, BARKING, NOT_WHITE)["65 and over"] == (4 - 3) * 95
    assert residents(built, 2011, BARKING, "all")["65 and over"] == 4 * 95


def test_ages_of_london_are_the_sum_of_its_boroughs(tmp_path: Path) -> None:
    built = by_age(tmp_path)
    assert residents(built, 2021, LONDON, "all")["0-15"] == 240
    assert residents(built, 2011, LONDON, "all")["0-15"] == 9 * 15
    assert residents(built, 2011, LONDON, "white")["0-15"] == 5 * 15
    assert residents(built, 2011, LONDON, NOT_WHITE)["0-15"] == 4 * 15


def test_each_census_says_where_its_ages_are_from(tmp_path: Path) -> None:
    sources = by_age(tmp_path).groupby("census")["source_id"].unique().str.join(" ").to_dict()
    assert sources == {2011: "ons-census-2011-ages", 2021: "ons-census-2021-ts007"}


@pytest.mark.parametrize("total", [5030, 5070])
def test_single_years_may_miss_the_printed_total_by_noise(tmp_path: Path, total: int) -> None:
    built = by_age(tmp_path, new=(in_2021(CITY, total),))
    # The people that are told are those of the single years, not the printed total.
    assert sum(residents(built, 2021, CITY, "all").values()) == 5050


@pytest.mark.parametrize("total", [5029, 5071])
def test_single_years_that_miss_the_printed_total_by_more_are_refused(
    tmp_path: Path, total: int
) -> None:
    named = rf"{re.escape(ages.INPUT[0])}, line 3: ages add up to 5,050, not to the total"
    with pytest.raises(BuildError, match=named):
        by_age(tmp_path, new=(in_2021(CITY), in_2021(BARKING, total)))


def test_bands_of_2011_that_miss_their_total_by_one_are_refused(tmp_path: Path) -> None:
    wrong = in_2011(BARKING, "white", 1, total=232)
    named = rf"{re.escape(ages.INPUT[1])}, line 5: ages add up to 231, not to the total"
    with pytest.raises(BuildError, match=named):
        by_age(tmp_path, old=(*OF_2011[:3], wrong))


def test_a_borough_that_ages_do_not_know_is_named(tmp_path: Path) -> None:
    named = rf"{re.escape(ages.INPUT[0])}, areas: not known: 'E06000001'"
    with pytest.raises(BuildError, match=named):
        by_age(tmp_path, new=(in_2021("E06000001"),))


def test_a_single_year_that_is_missing_is_named(tmp_path: Path) -> None:
    short = {name: cell for name, cell in in_2021(CITY).items() if name != "Aged 44 years"}
    with pytest.raises(BuildError, match="columns missing: Aged 44 years"):
        by_age(tmp_path, new=(short,))
