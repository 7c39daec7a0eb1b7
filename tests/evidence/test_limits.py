"""Each figure's limits: the source's own, from its counts, or none; and which it says it has."""

from collections.abc import Callable

import pandas as pd
import pytest

from evidence.limits import LimitsFrom, add_limits
from evidence.statistics import proportion_limits, rate_limits


def test_published_limits_are_taken_as_they_are(rows):
    # MAT-007: odds ratio 1.83 (1.39 to 2.40) of severe complications.
    row = rows["mat-007"]
    assert (row["limit_lower"], row["limit_upper"]) == (1.39, 2.40)
    assert row["limits_from"] == LimitsFrom.SOURCE


def test_published_limits_win_over_counts(made):
    row = made({"value": 50, "lower": 41, "upper": 60, "numerator": 50, "denominator": 100}).iloc[0]
    assert (row["limit_lower"], row["limit_upper"]) == (41, 60)
    assert row["limits_from"] == LimitsFrom.SOURCE


def test_a_percentage_with_counts_gets_wilson_limits(rows):
    # MAT-168: 12 of 103 women, 11.7%. Wilson 95% limits worked out by hand: 6.8% to 19.3%.
    row = rows["mat-168"]
    assert (row["numerator"], row["denominator"]) == (12, 103)
    assert row["limit_lower"] == pytest.approx(6.79, abs=0.005)
    assert row["limit_upper"] == pytest.approx(19.27, abs=0.005)
    assert row["limits_from"] == LimitsFrom.COUNTS


def test_a_rate_with_counts_gets_limits_in_its_own_unit(rows):
    # MAT-081: 329 stillbirths among 53,293 births, published as 6.2 per 1,000 births.
    row = rows["mat-081"]
    assert row["unit"] == "per 1,000 births"
    assert row["limit_lower"] == pytest.approx(5.524, abs=0.0005)
    assert row["limit_upper"] == pytest.approx(6.878, abs=0.0005)


@pytest.mark.parametrize(
    ("unit", "value", "lower", "upper"),
    [
        ("per 1,000 births", 5, 2.4, 9.2),
        ("per 100,000 maternities", 500, 239.8, 919.6),
        ("deaths per 100 beds", 0.5, 0.24, 0.92),
    ],
)
def test_the_unit_of_a_rate_says_what_its_limits_are_multiplied_by(made, unit, value, lower, upper):
    # 10 events among 2,000: Byar's limits of 10 events are 4.79 and 18.39.
    row = made(
        {"measure": "rate", "unit": unit, "value": value, "numerator": 10, "denominator": 2000}
    ).iloc[0]
    assert row["limit_lower"] == pytest.approx(lower, rel=0.005)
    assert row["limit_upper"] == pytest.approx(upper, rel=0.005)


def test_a_rate_whose_unit_names_no_number_gets_no_limits(made):
    row = made(
        {"measure": "rate", "unit": "teeth", "value": 5, "numerator": 10, "denominator": 2}
    ).iloc[0]
    assert row["limits_from"] == LimitsFrom.NONE
    assert pd.isna(row["limit_lower"])


def test_a_percentage_with_rounded_counts_is_compared_by_what_both_allow(rows):
    row = rows["tt-2019-20-lambeth-recovery-black"]
    # 505 of 1,045 would be 48.3%; NHS England prints 49% and rounds counts to 5.
    assert (row["value"], row["numerator"], row["denominator"]) == (49, 505, 1045)
    lowest, highest = 48.5, 100 * 505 / 1045 + 250 * 1.49 / 1045
    assert row["estimate"] == pytest.approx((lowest + highest) / 2)
    below = proportion_limits(lowest / 100 * 1045, 1045).iloc[0]
    above = proportion_limits(highest / 100 * 1045, 1045).iloc[0]
    assert row["limit_lower"] == pytest.approx(below["lower"])
    assert row["limit_upper"] == pytest.approx(above["upper"])
    assert row["limits_from"] == LimitsFrom.ROUNDED_COUNTS
    assert "rounded to 5" in LimitsFrom.ROUNDED_COUNTS.label


def test_a_whole_percentage_of_many_people_is_compared_by_its_counts(made):
    # Two whole percentages would give 2.00 times; the counts behind them give 1.78.
    found = made(
        *(
            {
                "ethnic_group": group,
                "measure": "percentage",
                "unit": "%",
                "value": value,
                "numerator": numerator,
                "denominator": denominator,
                "count_rounding": 5,
            }
            for group, value, numerator, denominator in (
                ("white-british", 5, 2105, 39035),
                ("asian-bangladeshi", 10, 315, 3280),
            )
        )
    ).iloc[1]
    assert found["value"] == 10
    assert found["ratio"] == pytest.approx(1.78, abs=0.01)
    assert found["ratio_lower"] < 1.78 < found["ratio_upper"]


def test_limits_of_rounded_counts_hold_those_of_every_count_that_rounds_to_them(made):
    row = made(
        {
            "measure": "percentage",
            "unit": "%",
            "value": 50,
            "numerator": 30,
            "denominator": 60,
            "count_rounding": 5,
        }
    ).iloc[0]
    for people in range(58, 63):
        for events in range(28, 33):
            if round(100 * events / people) == 50:
                exact = proportion_limits(events, people).iloc[0]
                assert row["limit_lower"] <= exact["lower"] + 0.4
                assert row["limit_upper"] >= exact["upper"] - 0.4


def rate_of(events: int, people: int, **more: object) -> dict[str, object]:
    """A rate per 1,000 residents whose events are rounded to 5."""
    return {
        "measure": "rate",
        "unit": "per 1,000 residents",
        "value": 1000 * events / people,
        "numerator": events,
        "denominator": people,
        "count_rounding": 5,
        **more,
    }


def test_limits_of_a_rate_of_rounded_counts_are_those_of_the_fewest_and_most_events(
    made: Callable[..., pd.DataFrame],
) -> None:
    row = made(rate_of(30, 2000)).iloc[0]
    fewest = rate_limits(27.5, 2000, multiplier=1000).iloc[0]
    most = rate_limits(32.5, 2000, multiplier=1000).iloc[0]
    assert row["limit_lower"] == pytest.approx(fewest["lower"])
    assert row["limit_upper"] == pytest.approx(most["upper"])
    assert (row["estimate"], row["value"]) == (15, 15)
    assert row["limits_from"] == LimitsFrom.ROUNDED_COUNTS


def test_rounding_moves_both_limits_of_a_rate_apart(made: Callable[..., pd.DataFrame]) -> None:
    found = made(rate_of(30, 2000), rate_of(30, 2000, count_rounding=None))
    rounded, exact = found.iloc[0], found.iloc[1]
    assert rounded["limit_lower"] < exact["limit_lower"] < 15
    assert 15 < exact["limit_upper"] < rounded["limit_upper"]
    assert exact["limits_from"] == LimitsFrom.COUNTS


@pytest.mark.parametrize("events", [0, 1, 2])
def test_limits_of_a_rate_of_few_rounded_counts_start_at_nought(
    made: Callable[..., pd.DataFrame], events: int
) -> None:
    row = made(rate_of(events, 2000)).iloc[0]
    most = rate_limits(events + 2.5, 2000, multiplier=1000).iloc[0]
    assert row["limit_lower"] == 0
    assert row["limit_upper"] == pytest.approx(most["upper"])


def test_limits_of_a_rate_hold_those_of_every_count_that_rounds_to_it(
    made: Callable[..., pd.DataFrame],
) -> None:
    row = made(rate_of(30, 2000)).iloc[0]
    for events in range(28, 33):
        exact = rate_limits(events, 2000, multiplier=1000).iloc[0]
        assert row["limit_lower"] <= exact["lower"]
        assert row["limit_upper"] >= exact["upper"]


def test_the_published_percentage_is_never_replaced_by_the_one_its_counts_give(base, made):
    before = base.figures.drop(columns=["estimate", "limit_lower", "limit_upper", "limits_from"])
    after = add_limits(before)
    pd.testing.assert_series_equal(after["value"], before["value"])
    row = made({"value": 49, "numerator": 505, "denominator": 1045, "count_rounding": 5}).iloc[0]
    assert row["value"] == 49


@pytest.mark.parametrize(
    "cells",
    [
        {"value": 20},
        {"value": 20, "numerator": 2},
        {"value": 20, "denominator": 10},
        {"value": 0, "numerator": 0, "denominator": 0},
        {"value": 20, "numerator": 2, "denominator": 10, "standardisation": "age-standardised"},
        {"value": 20, "numerator": 2, "denominator": 10, "standardisation": "adjusted"},
        {"value": 20, "numerator": 2, "denominator": 10, "measure": "share"},
        {"value": 2, "numerator": 2, "denominator": 10, "measure": "count", "unit": "people"},
        {"blank_reason": "suppressed", "numerator": 2, "denominator": 10},
    ],
)
def test_without_what_limits_are_calculated_from_there_are_none(made, cells):
    row = made(cells).iloc[0]
    assert row["limits_from"] == LimitsFrom.NONE
    assert pd.isna(row["limit_lower"])
    assert pd.isna(row["limit_upper"])


def test_a_value_that_its_own_counts_contradict_gets_no_limits(made):
    row = made({"value": 90, "numerator": 10, "denominator": 100}).iloc[0]
    assert row["value"] == 90
    assert row["limits_from"] == LimitsFrom.NONE
    assert pd.isna(row["limit_upper"])


def test_limits_go_to_the_rows_they_belong_to_whatever_their_order(base):
    before = base.figures.drop(columns=["estimate", "limit_lower", "limit_upper", "limits_from"])
    some = before.sample(400, random_state=3)
    again = add_limits(some).set_index("figure_id")["limit_upper"]
    whole = base.figures.set_index("figure_id")["limit_upper"].loc[again.index]
    pd.testing.assert_series_equal(again, whole)


def test_every_figures_limits_enclose_what_it_is_compared_by(base):
    told = base.figures[base.figures["limit_lower"].notna()]
    assert len(told) > 10_000
    slack = 1e-9
    assert (told["limit_lower"] <= told["estimate"] + slack).all()
    assert (told["estimate"] <= told["limit_upper"] + slack).all()
    # A whole percentage can lie up to half a unit, or a little more, from what its counts give.
    assert ((told["value"] - told["estimate"]).abs() <= 1).all()
    percentages = told[told["measure"].isin(["percentage", "share"])]
    assert percentages["limit_lower"].min() >= 0
    assert percentages["limit_upper"].max() <= 100


def test_a_figure_has_limits_exactly_where_it_says_where_they_come_from(base):
    figures = base.figures
    none = figures["limits_from"] == LimitsFrom.NONE
    assert (figures["limit_lower"].isna() == none).all()
    assert (figures["limit_upper"].isna() == none).all()
    of_source = figures[figures["limits_from"] == LimitsFrom.SOURCE]
    assert (of_source["limit_lower"] == of_source["lower"]).all()
    assert figures.loc[figures["lower"].isna(), "limits_from"].ne(LimitsFrom.SOURCE).all()


def test_each_origin_of_limits_is_named_in_words():
    labels = [origin.label for origin in LimitsFrom]
    assert len(set(labels)) == 5
    assert LimitsFrom.NONE.label == "no interval published"
