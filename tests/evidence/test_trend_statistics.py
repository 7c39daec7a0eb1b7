"""Rising, falling or neither: the tests are the published ones and never too sure."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, linregress, norm
from scipy.stats import t as student

from evidence.statistics import gap_trend, trend

pytestmark = pytest.mark.filterwarnings("error")

YEARS = np.arange(2015, 2023)
RISE = np.array([10, 11, 12, 13, 14, 15, 16.5, 18])


def with_limits(values, share=0.1):
    values = np.array(values, dtype=float)
    return values, values * (1 - share), values * (1 + share)


def only(found):
    return found.iloc[0]


def test_a_figure_that_grows_by_a_tenth_a_year_rises_by_ten_percent():
    values = 20 * 1.1 ** np.arange(6)
    found = only(trend(*with_limits(values), np.arange(2015, 2021), scale="log"))
    assert found["verdict"] == "rising"
    assert found["change"] == pytest.approx(10)
    assert found["change_lower"] < 10 < found["change_upper"]
    assert found["test"] == "weighted least squares"
    assert (found["points"], found["first_year"], found["last_year"]) == (6, 2015, 2020)
    assert pd.isna(found["reason"])


@pytest.mark.parametrize(("scale", "growth"), [("log", 5), ("logit", 5), ("identity", -2)])
def test_a_figure_that_stays_is_neither_and_one_turned_round_falls(scale, growth):
    flat = only(trend(*with_limits(np.full(8, 30.0)), YEARS, scale=scale))
    assert flat["verdict"] == "neither"
    assert flat["change"] == pytest.approx(0, abs=1e-9)
    up = only(trend(*with_limits(RISE, 0.02), YEARS, scale=scale))
    down = only(trend(*with_limits(RISE[::-1], 0.02), YEARS, scale=scale))
    assert (up["verdict"], down["verdict"]) == ("rising", "falling")
    if scale == "identity":
        assert down["change"] == pytest.approx(-up["change"])


def test_equal_weights_and_a_bad_fit_give_ordinary_least_squares():
    # Limits so narrow that the points' own scatter decides: then it is the textbook regression.
    random = np.random.default_rng(7)
    values = 50 + np.arange(8) + random.normal(0, 2, 8)
    found = only(trend(values, values - 0.01, values + 0.01, YEARS, scale="identity"))
    book = linregress(YEARS, values)
    assert found["change"] == pytest.approx(book.slope)
    assert found["p_value"] == pytest.approx(book.pvalue)
    reach = student.ppf(0.975, 6) * book.stderr
    assert found["change_upper"] - found["change"] == pytest.approx(reach)


def test_a_good_fit_keeps_the_error_that_the_limits_imply():
    values = 50 + np.arange(8.0)
    found = only(trend(values, values - 3, values + 3, YEARS, scale="identity"))
    error = 3 / norm.ppf(0.975) / np.sqrt(((YEARS - YEARS.mean()) ** 2).sum())
    assert found["change_upper"] - 1 == pytest.approx(norm.ppf(0.975) * error)
    assert found["p_value"] == pytest.approx(2 * norm.sf(1 / error))


@pytest.mark.parametrize("points", [5, 8, 16])
@pytest.mark.parametrize(("misfit", "least", "most"), [(1, 0.955, 0.975), (4, 0.933, 0.955)])
def test_limits_of_95_percent_hold_the_true_slope_19_times_in_20(points, misfit, least, most):
    random = np.random.default_rng(20261122)
    series, slope = 10_000, 0.3
    group, year = np.repeat(np.arange(series), points), np.tile(np.arange(points), series)
    # Some years are far surer than others, as after a change in how many were asked.
    error = np.tile(np.linspace(0.5, 2, points), series)
    values = slope * year + random.normal(0, 1, group.size) * error * np.sqrt(misfit)
    reach = norm.ppf(0.975) * error
    found = trend(values, values - reach, values + reach, year, group=group, scale="identity")
    held = (found["change_lower"] <= slope) & (slope <= found["change_upper"])
    assert least <= held.mean() <= most


def test_limits_leave_out_no_change_where_and_only_where_there_is_a_verdict():
    random = np.random.default_rng(3)
    group, year = np.repeat(np.arange(500), 6), np.tile(np.arange(6), 500)
    values = 0.3 * year + random.normal(0, 1, group.size)
    found = trend(values, values - 1.5, values + 1.5, year, group=group, scale="identity")
    apart = (found["change_lower"] > 0) | (found["change_upper"] < 0)
    assert apart.nunique() == 2
    assert apart.tolist() == (found["verdict"] != "neither").tolist()


def test_a_less_certain_point_counts_for_less():
    values = np.array([10.0, 10, 10, 10, 10, 30])
    wide = np.array([1.0, 1, 1, 1, 1, 25])
    found = only(trend(values, values - wide, values + wide, YEARS[:6], scale="identity"))
    even = only(trend(values, values - 1, values + 1, YEARS[:6], scale="identity"))
    assert 0 < found["change"] < even["change"] / 10


@pytest.mark.parametrize("extra", [0.0, 0.1, 0.4])
def test_series_without_a_trend_are_called_trends_one_time_in_twenty_at_most(extra):
    random = np.random.default_rng(20261122)
    series, years, error = 4000, 6, 0.05
    group = np.repeat(np.arange(series), years)
    year = np.tile(np.arange(years), series)
    values = np.exp(random.normal(0, error, group.size) + random.normal(0, 1, group.size) * extra)
    reach = np.exp(norm.ppf(0.975) * error)
    found = trend(values, values / reach, values * reach, year, group=group, scale="log")
    assert (found["verdict"] != "neither").mean() <= 0.06
    found = trend(values, np.nan, np.nan, year, group=group, scale="log")
    assert (found["verdict"] != "neither").mean() <= 0.06


@pytest.mark.parametrize("points", [5, 6, 8, 12, 20])
def test_without_limits_the_mann_kendall_test_is_exact(points):
    values = np.random.default_rng(points).random(points)
    found = only(trend(values, np.nan, np.nan, np.arange(points), scale="identity"))
    assert found["test"] == "Mann-Kendall"
    book = kendalltau(np.arange(points), values, method="exact").pvalue
    assert found["p_value"] == pytest.approx(min(book, 1))
    assert np.isnan(found["change"])


def test_five_points_in_order_are_a_trend_and_one_out_of_order_is_none():
    # Two of the 120 orders of five are as extreme as this: 0.0167.
    found = only(trend([1, 2, 3, 4, 5], np.nan, np.nan, range(5), scale="identity"))
    assert found["verdict"] == "rising"
    assert found["p_value"] == pytest.approx(2 / 120)
    found = only(trend([1, 2, 3, 5, 4], np.nan, np.nan, range(5), scale="identity"))
    assert found["verdict"] == "neither"
    assert found["p_value"] == pytest.approx(10 / 120)


def test_ties_take_the_normal_approximation_with_its_correction():
    # Gilbert, Statistical Methods for Environmental Pollution Monitoring (1987), section 16.4.2:
    # variance (n (n - 1) (2 n + 5) - sum of t (t - 1) (2 t + 5)) / 18, and one off the score.
    values = [1, 2, 2, 3, 3, 3, 4, 9]
    found = only(trend(values, np.nan, np.nan, YEARS, scale="identity"))
    score, variance = 24, (8 * 7 * 21 - 2 * 1 * 9 - 3 * 2 * 11) / 18
    assert found["p_value"] == pytest.approx(2 * norm.sf((score - 1) / np.sqrt(variance)))
    flat = only(trend([2.0] * 6, np.nan, np.nan, range(6), scale="identity"))
    assert (flat["p_value"], flat["verdict"]) == (1, "neither")


def test_one_year_without_limits_or_of_zero_turns_to_the_mann_kendall_test():
    values, lower, upper = with_limits(RISE)
    lower[3] = np.nan
    assert only(trend(values, lower, upper, YEARS, scale="log"))["test"] == "Mann-Kendall"
    values, lower, upper = with_limits([0, 1, 2, 3, 4, 5])
    upper[0] = 1
    found = only(trend(values, lower, upper, range(6), scale="log"))
    assert (found["test"], found["verdict"]) == ("Mann-Kendall", "rising")


def test_a_lower_limit_of_zero_leaves_the_upper_one_to_tell_the_error():
    values, lower, upper = with_limits(RISE)
    lower[0] = 0
    found = only(trend(values, lower, upper, YEARS, scale="log"))
    assert found["test"] == "weighted least squares"
    assert found["verdict"] == "rising"


def test_four_years_get_no_verdict():
    found = only(trend(*with_limits(RISE[:4]), YEARS[:4], scale="log"))
    assert pd.isna(found["verdict"])
    assert found["reason"] == "fewer than 5 years that can be compared"
    assert found[["change", "p_value", "test"]].isna().all()


def test_years_without_a_value_do_not_count():
    values, lower, upper = with_limits(RISE)
    values[[1, 4, 5, 6]] = np.nan
    assert only(trend(values, lower, upper, YEARS, scale="log"))["points"] == 4


def test_a_changed_definition_stops_the_trend():
    series = ["2011 codes"] * 4 + ["2021 codes"] * 4
    found = only(trend(*with_limits(RISE), YEARS, scale="log", series=series))
    assert pd.isna(found["verdict"])
    assert found["reason"] == "the definition changed over the years"


def test_a_definition_that_is_not_stated_for_some_years_is_another_one():
    series = [None] + ["2021 codes"] * 7
    assert pd.isna(only(trend(*with_limits(RISE), YEARS, scale="log", series=series))["verdict"])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.floats(1, 99), min_size=3, max_size=9), min_size=1, max_size=5),
       st.sampled_from(["log", "logit", "identity"]), st.randoms())  # fmt: skip
def test_groups_do_not_touch_one_another_and_order_does_not_matter(series, scale, random):
    rows = pd.DataFrame(
        [(name, year, value) for name, values in enumerate(series)
         for year, value in enumerate(values)],
        columns=["group", "year", "value"],
    )  # fmt: skip
    order = list(rows.index)
    random.shuffle(order)
    mixed = rows.loc[order]

    def tested(part):
        return trend(part["value"], part["value"] * 0.95, part["value"] * 1.01, part["year"],
                     scale=scale, group=part["group"])  # fmt: skip

    together = tested(mixed).sort_index()
    apart = pd.concat([tested(part) for _, part in rows.groupby("group")])
    pd.testing.assert_frame_equal(together, apart, rtol=1e-6, atol=1e-9)


def test_a_ratio_that_comes_down_to_one_closes_both_ways():
    one, other = np.linspace(40, 22, 8), np.full(8, 20.0)
    found = gap_trend(*with_limits(one, 0.02), *with_limits(other, 0.02), YEARS)
    assert found.index.tolist() == [(0, "relative"), (0, "absolute")]
    assert found["verdict"].tolist() == ["closing", "closing"]
    assert found["change"].tolist()[1] == pytest.approx(-18 / 7)


def test_a_gap_below_the_reference_closes_as_its_ratio_rises():
    one, other = np.linspace(10, 19, 8), np.full(8, 20.0)
    found = gap_trend(*with_limits(one, 0.02), *with_limits(other, 0.02), YEARS)
    assert found["verdict"].tolist() == ["closing", "closing"]
    assert (found["change"] > 0).all()
    found = gap_trend(*with_limits(one[::-1], 0.02), *with_limits(other, 0.02), YEARS)
    assert found["verdict"].tolist() == ["widening", "widening"]


def test_a_gap_can_close_one_way_and_widen_the_other():
    # Both halve their rates and more, the group more slowly: fewer between them, more times.
    one, other = 40 * 0.9 ** np.arange(8), 20 * 0.82 ** np.arange(8)
    found = gap_trend(*with_limits(one, 0.01), *with_limits(other, 0.01), YEARS)
    assert found["verdict"].tolist() == ["widening", "closing"]


def test_groups_that_change_places_neither_close_nor_widen():
    one, other = np.linspace(10, 30, 8), np.full(8, 20.0)
    found = gap_trend(*with_limits(one, 0.02), *with_limits(other, 0.02), YEARS)
    assert found["verdict"].tolist() == ["neither", "neither"]
    assert set(found["reason"]) == {"the group and the reference change places"}


def test_a_steady_gap_is_neither():
    one, other = np.full(8, 30.0), np.full(8, 20.0)
    found = gap_trend(*with_limits(one), *with_limits(other), YEARS)
    assert found["verdict"].tolist() == ["neither", "neither"]
    assert found["reason"].isna().all()


def test_a_gap_without_limits_is_ranked():
    one, other = np.linspace(40, 22, 8), np.full(8, 20.0)
    found = gap_trend(one, np.nan, np.nan, other, np.nan, np.nan, YEARS)
    assert found["verdict"].tolist() == ["closing", "closing"]
    assert set(found["test"]) == {"Mann-Kendall"}


def test_a_year_in_which_the_reference_had_none_still_ranks():
    one, other = [5, 5, 5, 5, 5, 5], [5, 4, 3, 2, 1, 0]
    found = gap_trend(one, np.nan, np.nan, other, np.nan, np.nan, range(6))
    assert found["verdict"].tolist() == ["widening", "widening"]
    assert found["points"].tolist() == [6, 6]


def test_a_gap_over_a_changed_definition_has_no_verdict():
    series = ["a"] * 4 + ["b"] * 4
    found = gap_trend(*with_limits(RISE), *with_limits(RISE / 2), YEARS, series=series)
    assert found["verdict"].isna().all()
    assert set(found["reason"]) == {"the definition changed over the years"}


@pytest.mark.parametrize(
    ("case", "how", "message"),
    [
        (([1, 2], [2, 1], [2, 3], [1, 2]), {}, "row 0, counted from 0: the value lies outside"),
        (([1, 2], [1, 3], [2, 1], [1, 2]), {}, "row 1, counted from 0: the lower limit is above"),
        (([1, -2], np.nan, np.nan, [1, 2]), {}, "row 1, counted from 0: below zero has no place"),
        (([1, 120], np.nan, np.nan, [1, 2]), {"scale": "logit"}, "row 1, .*above 100 has no place"),
        (([1, 2], np.nan, np.nan, [1, np.nan]), {}, "row 1, counted from 0: the year is missing"),
        (([1, 2], np.nan, np.nan, [1, 1]), {}, "row 1, counted from 0: a second value"),
        (([1, 2], np.nan, np.nan, [1, 2]), {"group": ["a", None]}, "row 1, .*no group is given"),
        (([1, 2], np.nan, np.nan, [1, 2]), {"group": ["a"]}, "2 rows of figures have 1 rows of gr"),
    ],
)
def test_what_cannot_be_is_refused_with_its_row(case, how, message):
    with pytest.raises(ValueError, match=message):
        trend(*case, **{"scale": "log", **how})


def test_an_unknown_scale_is_refused_with_those_that_are_known():
    with pytest.raises(ValueError, match='one of log, logit, identity, not "foo"'):
        trend(*with_limits(RISE), YEARS, scale="foo")


def test_gaps_of_values_below_zero_are_refused():
    with pytest.raises(ValueError, match="row 0, counted from 0: a value is below zero"):
        gap_trend(-1, np.nan, np.nan, 2, np.nan, np.nan, 2020)


def test_scores_below_zero_are_compared_by_their_difference_alone():
    # A gap does not change when both groups' scores are shifted alike.
    near, far = np.linspace(0.4, 0.1, 6), np.zeros(6)
    years = np.arange(2015, 2021)
    found = gap_trend(near - 1, *[np.full(6, np.nan)] * 2, far - 1, *[np.full(6, np.nan)] * 2,
                      years, ratios=False)  # fmt: skip
    assert list(found.index.get_level_values("gap")) == ["absolute"]
    assert only(found)["verdict"] == "closing"
    shifted = gap_trend(near, *[np.full(6, np.nan)] * 2, far, *[np.full(6, np.nan)] * 2,
                        years, ratios=False)  # fmt: skip
    pd.testing.assert_frame_equal(found, shifted)
    with pytest.raises(ValueError, match="below zero"):
        gap_trend(near - 1, near - 1, near - 1, far, far, far, years)
