"""Figures worked out from published ones: referral rates, preterm shares and ratios of rates."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from evidence.derived import (
    DETENTION,
    LIVE_BIRTHS,
    REFERRAL_RATE,
    REFERRALS,
    detention_ratios,
    preterm_shares,
    referral_rates,
    residents_of_nhs_groups,
)
from evidence.models import Figure
from evidence.statistics import compare_limits, rate_limits
from loaders.tables import AREAS, FIGURES, POPULATION

RESIDENTS = {
    "all": 10_000,
    "asian": 1500,
    "asian-bangladeshi": 100,
    "asian-chinese": 500,
    "asian-indian": 200,
    "asian-other": 300,
    "asian-pakistani": 400,
    "black": 2000,
    "mixed": 1000,
    "other": 500,
    "other-any": 350,
    "other-arab": 150,
    "white": 5000,
    "white-british": 3000,
    "white-gypsy-irish-traveller": 20,
    "white-irish": 480,
    "white-other": 1400,
    "white-roma": 100,
}
HACKNEY, CITY, SOUTH_EAST, ENGLAND = "E09000012", "E09000001", "E54000030", "E92000001"
BOTH = "sub-city-and-hackney"


def population() -> pd.DataFrame:
    """Hackney as above in 2021, the City with a tenth of it, and ten times as many in 2011."""
    shared = {"ethnic_group_label": "as printed", "source_id": "made-census"}
    return POPULATION.frame(
        [
            {
                "census": census,
                "area_code": area,
                "ethnic_group": group,
                "residents": people * times // 10,
                **shared,
            }
            for census, area, times in ((2021, HACKNEY, 10), (2021, CITY, 1), (2011, HACKNEY, 100))
            for group, people in RESIDENTS.items()
        ]
    )


def areas() -> pd.DataFrame:
    rows: list[tuple[str, str, str | None]] = [
        (HACKNEY, "borough", HACKNEY),
        (CITY, "borough", CITY),
        (BOTH, "subregion", f"{CITY} {HACKNEY}"),
        (SOUTH_EAST, "icb", HACKNEY),
        ("sub-unnamed", "subregion", None),
        ("sub-beyond", "subregion", f"{HACKNEY} E09000033"),
        (ENGLAND, "england", None),
    ]
    return AREAS.frame(
        [
            {"area_code": code, "name": code, "level": level, "boroughs": boroughs}
            for code, level, boroughs in rows
        ]
    )


def made(*cells: dict[str, Any]) -> pd.DataFrame:
    """Figures of a few cells each, checked by their model."""
    base = {
        "indicator_id": REFERRALS,
        "geography_level": "borough",
        "geography_code": HACKNEY,
        "geography_name": "as printed",
        "period": "2019-20",
        "age": "all",
        "sex": "all",
        "ethnic_group": "black",
        "ethnic_group_label": "as printed",
        "measure": "count",
        "unit": "referrals",
        "standardisation": "crude",
        "source_id": "made-source",
        "confidence": "secondary",
    }
    rows = [
        Figure.model_validate(
            {**base, "figure_id": f"made-{place}-referrals-figure", **some}
        ).model_dump(mode="json")
        for place, some in enumerate(cells)
    ]
    return FIGURES.frame(rows)


def assert_sound(found: pd.DataFrame) -> None:
    """Every row is a figure that its model takes, with a calculation."""
    assert list(found.columns) == FIGURES.columns
    for row in found.astype(object).where(found.notna(), None).to_dict("records"):
        assert Figure.model_validate(row).calculation


# --- Residents -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "people"),
    [
        # NHS records count Chinese people under Other, not under Asian.
        ("asian", 1500 - 500),
        ("other", 500 + 500),
        ("asian-chinese", 500),
        # They have no group for Arab people, Gypsies and Irish Travellers, or Roma.
        ("other-any", 350 + 150),
        ("white-other", 1400 + 20 + 100),
        ("white-irish", 480),
        ("white", 5000),
        ("black", 2000),
        ("all", 10_000),
        ("ethnic-minority", 10_000 - 3000),
    ],
)
def test_census_groups_are_put_together_as_the_nhs_counts_them(group: str, people: int) -> None:
    found = residents_of_nhs_groups(population(), areas(), [HACKNEY])
    assert found.loc[(HACKNEY, group)] == people


def test_people_of_broad_nhs_groups_add_to_everyone() -> None:
    found = residents_of_nhs_groups(population(), areas(), [HACKNEY])
    broad = [(HACKNEY, group) for group in ("asian", "black", "mixed", "other", "white")]
    assert found.loc[broad].sum() == found.loc[(HACKNEY, "all")]


def test_people_of_an_area_are_those_of_its_boroughs() -> None:
    found = residents_of_nhs_groups(population(), areas(), [BOTH, CITY])
    assert found.loc[(BOTH, "asian")] == 1000 + 100
    assert found.loc[(CITY, "asian")] == 100


def test_areas_whose_boroughs_are_not_all_known_have_no_people() -> None:
    wanted = [HACKNEY, "sub-unnamed", "sub-beyond", "sub-nowhere"]
    found = residents_of_nhs_groups(population(), areas(), wanted)
    assert set(found.index.get_level_values("geography_code")) == {HACKNEY}


# --- Referral rates --------------------------------------------------------------------------


def rates(*cells: dict[str, Any], part_areas: tuple[str, ...] = ()) -> pd.DataFrame:
    return referral_rates(
        made(*cells),
        population(),
        areas(),
        part_areas=part_areas,
        census_source="made-census",
    )


def test_a_referral_rate_is_for_every_thousand_residents() -> None:
    found = rates({"value": 30})
    assert_sound(found)
    row = found.iloc[0]
    assert (row["value"], row["unit"], row["measure"]) == (15, "per 1,000 residents", "rate")
    assert (row["numerator"], row["denominator"]) == (30, 2000)
    assert (row["indicator_id"], row["period"]) == (REFERRAL_RATE, "2019-20")
    assert row["figure_id"] == "calc-made-0-referral-rate-figure"


def test_a_referral_rate_names_both_of_its_sources() -> None:
    row = rates({"value": 30}).iloc[0]
    assert (row["source_id"], row["calculation_source_id"]) == ("made-source", "made-census")
    assert "2021 census" in row["calculation"]


def test_referrals_of_chinese_people_are_divided_under_other_and_on_their_own() -> None:
    found = rates(
        {"value": 50, "ethnic_group": "asian"},
        {"value": 50, "ethnic_group": "other"},
        {"value": 50, "ethnic_group": "asian-chinese"},
        {"value": 76, "ethnic_group": "white-other"},
    )
    assert found["denominator"].tolist() == [1000, 1000, 500, 1520]
    assert found["value"].tolist() == [50, 50, 100, 50]


def test_referrals_keep_their_rounding() -> None:
    found = rates({"value": 30, "count_rounding": 5}, {"value": 31})
    assert found["count_rounding"].fillna(0).tolist() == [5, 0]


def test_a_suppressed_count_gives_a_suppressed_rate() -> None:
    found = rates({"value": None, "blank_reason": "suppressed"})
    assert_sound(found)
    row = found.iloc[0]
    assert pd.isna(row["value"])
    assert pd.isna(row["numerator"])
    assert (row["blank_reason"], row["denominator"]) == ("suppressed", 2000)


def test_a_referral_rate_is_kept_to_one_decimal() -> None:
    assert rates({"value": 7, "ethnic_group": "mixed"}).iloc[0]["value"] == 7
    assert rates({"value": 100, "ethnic_group": "white-british"}).iloc[0]["value"] == 33.3


def test_areas_that_hold_part_of_a_borough_have_no_rate() -> None:
    cells = ({"value": 30}, {"value": 30, "geography_code": CITY})
    found = rates(*cells, part_areas=(CITY, "sub-west-london-ccg"))
    assert found["geography_code"].tolist() == [HACKNEY]


def test_an_area_of_two_boroughs_has_the_people_of_both() -> None:
    row = rates({"value": 22, "geography_code": BOTH, "geography_level": "subregion"}).iloc[0]
    assert (row["denominator"], row["value"]) == (2200, 10)


def test_groups_and_areas_without_known_people_have_no_rate() -> None:
    found = rates(
        {"value": 30},
        {"value": 30, "ethnic_group": "unknown"},
        {"value": 30, "geography_code": "sub-unnamed", "geography_level": "subregion"},
    )
    assert found["figure_id"].tolist() == ["calc-made-0-referral-rate-figure"]


def test_other_counts_than_referrals_have_no_rate() -> None:
    found = rates({"value": 30}, {"value": 20, "indicator_id": "talking-therapies-recovery"})
    assert found["numerator"].tolist() == [30]


# --- Preterm births --------------------------------------------------------------------------

WEEKS = {
    "born before 22 weeks and weighing less than 1,000 g": 1,
    "born at 22 weeks": 2,
    "born at 31 weeks": 4,
    "born at 32 weeks": 8,
    "born at 36 weeks": 16,
    "born at 37 weeks": 32,
    "born at 42 weeks or later": 64,
    "weeks of pregnancy not stated": 128,
    "weeks of pregnancy too few for the baby's weight": 256,
    None: 511,
}
"""Counts that are powers of two, so that each sum says what is in it; 511 is all of them."""


def live_births(group: str = "black", times: int = 1) -> list[dict[str, Any]]:
    return [
        {
            "indicator_id": LIVE_BIRTHS,
            "geography_level": "england-and-wales",
            "geography_code": "K04000001",
            "period": "2022",
            "population": weeks,
            "ethnic_group": group,
            "unit": "live births",
            "value": born * times,
            "figure_id": f"births-{group}-{place}",
        }
        for place, (weeks, born) in enumerate(WEEKS.items())
    ]


def shares(*cells: dict[str, Any]) -> dict[tuple[str, str], pd.Series]:
    found = preterm_shares(made(*cells))
    return {(row["indicator_id"], row["ethnic_group"]): row for _, row in found.iterrows()}


def test_preterm_births_are_those_before_37_weeks_whose_weeks_are_known() -> None:
    row = shares(*live_births())["preterm-live-birth", "black"]
    # Births whose weeks are not stated, or don't fit the weight, are in neither count.
    assert (row["numerator"], row["denominator"]) == (1 + 2 + 4 + 8 + 16, 127)
    assert row["value"] == 24.4
    assert (row["measure"], row["unit"]) == ("percentage", "%")


def test_very_preterm_births_are_those_before_32_weeks() -> None:
    row = shares(*live_births())["very-preterm-live-birth", "black"]
    assert (row["numerator"], row["denominator"]) == (1 + 2 + 4, 127)
    assert row["value"] == 5.5
    assert "before 32 weeks" in row["calculation"]


def test_births_of_one_group_are_not_mixed_with_those_of_another() -> None:
    found = shares(*live_births(), *live_births("white-british", times=3))
    assert len(found) == 4
    assert found["preterm-live-birth", "black"]["denominator"] == 127
    assert found["preterm-live-birth", "white-british"]["denominator"] == 3 * 127


def test_a_preterm_share_is_a_figure_with_the_publishers_own_source_twice() -> None:
    found = preterm_shares(made(*live_births(), {"value": 30}))
    assert_sound(found)
    assert found["population"].isna().all()
    assert set(found["source_id"]) == set(found["calculation_source_id"]) == {"made-source"}
    assert found["figure_id"].tolist() == [
        "calc-preterm-live-birth-2022-black",
        "calc-very-preterm-live-birth-2022-black",
    ]


# --- Ratios of rates under the Mental Health Act ---------------------------------------------


def standardised(
    group: str, value: float, lower: float, upper: float, **more: Any
) -> dict[str, Any]:
    return {
        "indicator_id": DETENTION,
        "geography_level": "england",
        "geography_code": ENGLAND,
        "period": "2023-24",
        "measure": "rate",
        "unit": "per 100,000 people",
        "standardisation": "adjusted",
        "ethnic_group": group,
        "ethnic_group_label": f"{group} as printed",
        "value": value,
        "lower": lower,
        "upper": upper,
        "figure_id": f"mha-{group}",
        **more,
    }


def counted(group: str, count: float | None, **more: Any) -> dict[str, Any]:
    """A crude rate of an NHS area, whose boroughs here are Hackney alone."""
    return {
        "indicator_id": DETENTION,
        "geography_level": "icb",
        "geography_code": SOUTH_EAST,
        "period": "2023-24",
        "measure": "rate",
        "unit": "per 100,000 people",
        "ethnic_group": group,
        "value": 100,
        "numerator": count,
        "count_rounding": 5,
        "figure_id": f"mha-local-{group}",
        **more,
    }


LOCAL_WHITE = counted("white", 200)
WHITE = standardised("white", 10, 8, 12)
BRITISH = standardised("white-british", 20, 19, 21)


def ratios(*cells: dict[str, Any]) -> pd.DataFrame:
    # Without an NHS area there would be no people to look up.
    figures = made(LOCAL_WHITE, *cells)
    return detention_ratios(figures, population(), areas(), census_source="made-census")


def test_broad_groups_are_compared_with_white_and_detailed_ones_with_white_british() -> None:
    found = ratios(
        WHITE,
        BRITISH,
        standardised("black", 40, 30, 50),
        standardised("black-african", 30, 25, 35),
        standardised("white-irish", 23, 21, 25),
    )
    assert_sound(found)
    told = found.set_index("ethnic_group")[["comparator", "value"]].to_dict("index")
    assert told == {
        "black": {"comparator": "white", "value": 4},
        "black-african": {"comparator": "white-british", "value": 1.5},
        "white-irish": {"comparator": "white-british", "value": 1.15},
    }
    labels = dict(zip(found["ethnic_group"], found["comparator_label"], strict=True))
    assert labels["black"] == "white as printed"
    assert set(found["measure"]) == {"rate_ratio"}


def test_limits_of_a_ratio_are_recovered_from_those_of_both_groups() -> None:
    row = ratios(WHITE, standardised("black", 40, 30, 50)).iloc[0]
    # By hand, Donner and Zou's formula for 40 (30 to 50) to 10 (8 to 12):
    # (400 - sqrt(400² - 30 x 50 x 12 x 8)) / (12 x 8) and (400 + sqrt(...)) / (8 x 12), where the
    # root is that of 160,000 - 144,000.
    method = compare_limits(40, 30, 50, 10, 8, 12).iloc[0]
    assert method["ratio_lower"] == pytest.approx(2.84905, abs=1e-5)
    assert method["ratio_upper"] == pytest.approx(5.48428, abs=1e-5)
    assert (row["value"], row["lower"], row["upper"]) == (4, 2.85, 5.48)


def test_a_ratio_of_published_rates_has_their_source_twice() -> None:
    row = ratios(WHITE, standardised("black", 40, 30, 50)).iloc[0]
    assert row["source_id"] == row["calculation_source_id"] == "made-source"
    assert row["standardisation"] == "adjusted"
    assert row["figure_id"] == "calc-mha-black-ratio"


def test_a_group_whose_reference_is_not_published_has_no_ratio() -> None:
    found = ratios(
        WHITE, standardised("black-african", 30, 25, 35), standardised("white-irish", 22, 20, 24)
    )
    assert len(found) == 0


def test_a_ratio_never_crosses_from_one_indicator_to_another() -> None:
    order = {"indicator_id": "community-treatment-order"}
    found = ratios(
        standardised("black", 40, 30, 50),
        standardised("white", 5, 4, 6, figure_id="cto-white", **order),
        standardised("black", 15, 14, 16, figure_id="cto-black", **order),
    )
    assert found["value"].tolist() == [3]
    assert found["indicator_id"].tolist() == ["community-treatment-order"]


def test_everyone_unknown_groups_and_rates_without_limits_have_no_ratio() -> None:
    crude = standardised("asian", 30, 25, 35) | {"lower": None, "upper": None}
    found = ratios(
        WHITE,
        BRITISH,
        crude,
        standardised("all", 15, 14, 16),
        standardised("unknown", 15, 14, 16),
        standardised("black", 40, 30, 50, indicator_id="short-term-order"),
    )
    assert len(found) == 0


def test_an_nhs_areas_ratio_is_of_counts_and_residents() -> None:
    found = ratios(counted("black", 400))
    assert_sound(found)
    row = found.iloc[0]
    # 400 of 2,000 residents against 200 of 5,000.
    assert (row["value"], row["comparator"]) == (5, "white")
    assert (row["source_id"], row["calculation_source_id"]) == ("made-source", "made-census")
    assert pd.isna(row["numerator"])
    assert pd.isna(row["denominator"])


def test_limits_of_an_nhs_areas_ratio_hold_what_rounding_may_hide() -> None:
    row = ratios(counted("black", 400)).iloc[0]
    black_low, black_high = (rate_limits(count, 2000).iloc[0] for count in (397.5, 402.5))
    white_low, white_high = (rate_limits(count, 5000).iloc[0] for count in (197.5, 202.5))
    method = compare_limits(
        *(20_000, black_low["lower"], black_high["upper"]),
        *(4000, white_low["lower"], white_high["upper"]),
    ).iloc[0]
    assert row["lower"] == round(method["ratio_lower"], 2)
    assert row["upper"] == round(method["ratio_upper"], 2)
    exact = ratios(counted("black", 400, count_rounding=None)).iloc[0]
    assert row["lower"] < exact["lower"] < 5 < exact["upper"] < row["upper"]


def test_a_suppressed_count_of_an_nhs_area_has_no_ratio() -> None:
    hidden = {"value": None, "blank_reason": "suppressed"}
    assert len(ratios(counted("black", None, **hidden))) == 0


def test_an_nhs_area_without_a_count_of_white_people_has_no_ratio() -> None:
    figures = made(counted("black", 400), counted("mixed", 30))
    found = detention_ratios(figures, population(), areas(), census_source="made-census")
    assert len(found) == 0
