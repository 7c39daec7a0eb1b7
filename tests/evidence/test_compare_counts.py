"""Two groups from their counts: the limits are those of the published score methods."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from evidence.statistics import compare_counts, compare_standard_errors

pytestmark = pytest.mark.filterwarnings("error")

LIMITS = ["ratio_lower", "ratio_upper", "difference_lower", "difference_upper"]

# Source: Python package statsmodels 0.15.0, confint_proportions_2indep with method="score":
# events, people, the reference's events and people, level, limits of ratio and of difference.
# Those of the difference with its issue 10269 mended (count0 for nobs0 in the cubic equation).
PEER_PROPORTIONS = [
    (24, 73, 53, 65, 0.95, 0.2796879684624343, 0.559830495141378,
     -0.6162542608421395, -0.3309752303004364),
    (24, 73, 53, 65, 0.998, 0.22449211762570245, 0.6663802918633768,
     -0.6776584983449436, -0.23300254410509197),
    (7, 18, 1, 18, 0.95, 1.2956303509090428, 42.54431784858822,
     0.06613196079679594, 0.5757047431308985),
    (49, 120, 75, 130, 0.95, 0.5414831028119442, 0.9143818637055066,
     -0.28759663521808915, -0.04441351509145399),
    (512, 1045, 1960, 3500, 0.95, 0.8158663259192891, 0.9356223579736447,
     -0.10445249161515577, -0.0355562731603087),
    (512, 1045, 1960, 3500, 0.998, 0.7826713346922578, 0.9713005373785232,
     -0.12416358522585363, -0.015716435096108643),
    (130, 2500, 90, 2600, 0.998, 0.995322146524062, 2.2686648048361198,
     -0.00020637016831974328, 0.03566836438110565),
    (56, 70, 48, 80, 0.95, 1.0790471195344218, 1.6721453590897675,
     0.05282971324584428, 0.3381729400158685),
]  # fmt: skip

# Source: the same package, confint_poisson_2indep with method="score".
PEER_RATES = [
    (2, 17877, 9, 16660, 0.95, 0.05046293266652263, 0.8498909584286717,
     -0.0009268838268684545, -6.155472987435422e-05),
    (41, 28010, 15, 19017, 0.95, 1.0357847283316315, 3.3248609555430324,
     4.32048875020378e-05, 0.0012900582954927838),
    (41, 28010, 15, 19017, 0.998, 0.753256021031598, 4.5719384974219786,
     -0.00038748610051370997, 0.001684040933515442),
    (60, 51477.5, 30, 54308.7, 0.95, 1.3659624311981189, 3.2593061483872248,
     0.00026579684600709885, 0.000989190803630532),
    (500, 1200, 700, 2100, 0.998, 1.0433576443289785, 1.497568931162479,
     0.015567717473820745, 0.15512933204305823),
    (15, 3000, 4000, 900000, 0.95, 0.6811679946271957, 1.8580218296426017,
     -0.0014202415111241333, 0.003808042891251734),
]  # fmt: skip


def one(*case, **how):
    return compare_counts(*case, **how).iloc[0]


@pytest.mark.parametrize("row", PEER_PROPORTIONS)
def test_proportions_agree_with_the_peer(row):
    found = one(*row[:4], kind="proportion", confidence=row[4], multiplier=1)
    assert found[LIMITS].tolist() == pytest.approx(row[5:], rel=1e-9)


@pytest.mark.parametrize("row", PEER_RATES)
def test_rates_agree_with_the_peer(row):
    found = one(*row[:4], kind="rate", confidence=row[4], multiplier=1)
    # The peer looks for its limits to about the eighth decimal place.
    assert found[LIMITS].tolist() == pytest.approx(row[5:], rel=1e-9, abs=1e-8)


def test_ratios_of_proportions_are_those_printed_by_fagerland_and_newcombe():
    # Fagerland and Newcombe, Statistics in Medicine 2013;32:2823-2836: Miettinen-Nurminen limits,
    # as in the tests of R's ratesci.
    found = compare_counts([24, 29, 7], [73, 55, 18], [53, 11, 1], [65, 11, 18], kind="proportion")
    printed = [(0.280, 0.560), (0.397, 0.742), (1.296, 42.544)]
    assert found[["ratio_lower", "ratio_upper"]].round(3).to_numpy().tolist() == [
        list(pair) for pair in printed
    ]


def test_a_difference_of_proportions_is_that_printed_by_newcombe():
    # Newcombe, Statistics in Medicine 1998;17:873-890, example (d): Miettinen-Nurminen limits.
    found = one(5, 56, 0, 29, kind="proportion", multiplier=1)
    assert found[["difference_lower", "difference_upper"]].round(4).tolist() == [-0.0326, 0.1933]


def textbook_proportions(events, people, other_events, other_people, difference):
    """The score statistic of a difference, its likeliest proportions found by bisection."""
    low, high = max(0.0, -difference), min(1.0, 1 - difference)

    def slope(other):
        share = other + difference
        return (
            (events - people * share) * other * (1 - other)
            + (other_events - other_people * other) * share * (1 - share)
        )  # fmt: skip

    other = brentq(slope, low + 1e-12, high - 1e-12, xtol=1e-15)
    share = other + difference
    variance = share * (1 - share) / people + other * (1 - other) / other_people
    correction = (people + other_people) / (people + other_people - 1)
    gap = events / people - other_events / other_people - difference
    return gap / math.sqrt(variance * correction)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(10, 5000), st.integers(10, 5000), st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_limits_of_a_difference_are_where_the_test_just_refuses(people, other_people, p, q):
    # At least one person with the outcome and one without, which the bisection needs.
    events = min(max(round(p * people), 1), people - 1)
    other_events = min(max(round(q * other_people), 1), other_people - 1)
    case = (events, people, other_events, other_people)
    found = one(*case, kind="proportion", multiplier=1)
    z = norm.ppf(0.975)
    assert textbook_proportions(*case, found["difference_lower"]) == pytest.approx(z, rel=1e-6)
    assert textbook_proportions(*case, found["difference_upper"]) == pytest.approx(-z, rel=1e-6)


@pytest.mark.parametrize(
    "case", [(1, 477_120, 1, 127_185), (2, 85_250, 2, 8_984), (1, 1_387, 2, 2_878)]
)
def test_limits_of_the_rarest_events_are_found_too(case):
    # Newton's method alone goes to and fro for ever between two places here.
    found = one(*case, kind="proportion", multiplier=1)
    z = norm.ppf(0.975)
    assert textbook_proportions(*case, found["difference_lower"]) == pytest.approx(z, rel=1e-5)
    assert textbook_proportions(*case, found["difference_upper"]) == pytest.approx(-z, rel=1e-5)


counted = st.integers(1, 100_000).flatmap(
    lambda people: st.tuples(st.integers(0, people), st.just(people))
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    counted, counted, st.sampled_from(["rate", "proportion"]), st.sampled_from([0.8, 0.95, 0.998])
)
def test_limits_enclose_and_ratio_and_difference_tell_one_story(group, reference, kind, level):
    found = one(*group, *reference, kind=kind, confidence=level)
    slack = 1e-9 * max(abs(found["difference"]), 1)
    assert found["difference_lower"] <= found["difference"] + slack
    assert found["difference"] <= found["difference_upper"] + slack
    if kind == "proportion":
        assert -100 <= found["difference_lower"] <= found["difference_upper"] <= 100
    if group[0] == reference[0] == 0:
        assert found[["ratio", "ratio_lower", "ratio_upper"]].isna().all()
        return
    assert 0 <= found["ratio_lower"] <= found["ratio_upper"]
    if reference[0]:
        assert found["ratio_lower"] <= found["ratio"] * (1 + 1e-9)
        assert found["ratio"] <= found["ratio_upper"] * (1 + 1e-9)
    for end in ("lower", "upper"):
        ratio, difference = found[f"ratio_{end}"], found[f"difference_{end}"]
        if abs(difference) > slack:
            assert (ratio > 1) == (difference > 0)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(counted, counted, st.sampled_from(["rate", "proportion"]))
def test_turning_the_groups_round_turns_everything_round(group, reference, kind):
    there, back = one(*group, *reference, kind=kind), one(*reference, *group, kind=kind)
    assert back["difference_lower"] == pytest.approx(-there["difference_upper"])
    assert back["difference_upper"] == pytest.approx(-there["difference_lower"])
    if group[0] and reference[0]:
        assert back["ratio_lower"] == pytest.approx(1 / there["ratio_upper"], rel=1e-9)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(counted, counted)
def test_having_the_outcome_and_not_having_it_differ_by_the_same(group, reference):
    yes = one(*group, *reference, kind="proportion")
    no = one(group[1] - group[0], group[1], reference[1] - reference[0], reference[1],
             kind="proportion")  # fmt: skip
    assert no["difference_lower"] == pytest.approx(-yes["difference_upper"], abs=1e-9)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.tuples(counted, counted), min_size=2, max_size=20), st.data())
def test_a_row_does_not_depend_on_its_neighbours(pairs, data):
    kind = data.draw(st.sampled_from(["rate", "proportion"]))
    columns = np.array([(*group, *reference) for group, reference in pairs]).T
    together = compare_counts(*columns, kind=kind)
    for row, (group, reference) in enumerate(pairs):
        alone = compare_counts(*group, *reference, kind=kind)
        pd.testing.assert_series_equal(
            together.iloc[row], alone.iloc[0], check_names=False, rtol=1e-9
        )


@pytest.mark.parametrize("kind", ["rate", "proportion"])
@pytest.mark.parametrize(
    "sizes", [(40, 60, 0.1, 0.2), (200, 3000, 0.3, 0.25), (1000, 900, 0.01, 0.02)]
)
def test_limits_hold_the_truth_about_nineteen_times_in_twenty(kind, sizes):
    people, other_people, p, q = sizes
    random = np.random.default_rng(20261122)
    draw = random.binomial if kind == "proportion" else lambda n, p, k: random.poisson(n * p, k)
    events, other = draw(people, p, 20_000), draw(other_people, q, 20_000)
    found = compare_counts(events, people, other, other_people, kind=kind, multiplier=1)
    usable = found["ratio_upper"].notna()
    held = found["ratio_lower"].le(p / q) & found["ratio_upper"].ge(p / q)
    assert 0.93 <= held[usable].mean() <= 0.97
    held = found["difference_lower"].le(p - q) & found["difference_upper"].ge(p - q)
    assert 0.93 <= held.mean() <= 0.97


@pytest.mark.parametrize("kind", ["rate", "proportion"])
def test_a_group_without_events_has_a_ratio_of_zero_with_an_upper_limit(kind):
    found = one(0, 100, 30, 200, kind=kind)
    assert (found["ratio"], found["ratio_lower"]) == (0, 0)
    assert 0 < found["ratio_upper"] < 1
    assert found["difference_upper"] < 0


@pytest.mark.parametrize("kind", ["rate", "proportion"])
def test_a_reference_without_events_leaves_a_lower_limit_and_says_why_there_is_no_ratio(kind):
    found = one(30, 200, 0, 100, kind=kind)
    assert math.isnan(found["ratio"])
    assert 1 < found["ratio_lower"] < math.inf
    assert found["ratio_upper"] == math.inf
    assert found["reason"] == "no events in the reference group, so no ratio"
    assert found["difference_lower"] > 0


@pytest.mark.parametrize("kind", ["rate", "proportion"])
def test_without_any_events_there_is_a_difference_and_no_ratio(kind):
    found = one(0, 100, 0, 200, kind=kind)
    assert found[["ratio", "ratio_lower", "ratio_upper"]].isna().all()
    assert found["difference"] == 0
    assert found["difference_lower"] < 0 < found["difference_upper"]
    assert found["reason"] == "no events in either group, so no ratio"


def test_everybody_against_everybody_shows_no_difference():
    found = one(50, 50, 70, 70, kind="proportion")
    assert (found["ratio"], found["difference"]) == (1, 0)
    assert found["ratio_lower"] < 1 < found["ratio_upper"]


def test_everybody_against_nobody_is_the_largest_difference_there_is():
    found = compare_counts([20, 0], [20, 30], [0, 30], [30, 30], kind="proportion")
    assert found["difference"].tolist() == [100, -100]
    assert found["difference_upper"].iloc[0] == 100
    assert found["difference_lower"].iloc[1] == -100
    assert 50 < found["difference_lower"].iloc[0] < 100


def test_a_missing_count_or_an_empty_group_gives_nothing_but_the_reason():
    found = compare_counts([3, np.nan, 0, 3], [10, 10, 0, 10], [3, 3, 3, 0], [10, 10, 10, 0],
                           kind="proportion")  # fmt: skip
    assert found.drop(columns="reason").iloc[1:].isna().all(axis=None)
    assert found["reason"].tolist()[1:] == [
        "a count is missing", "nobody is in the group", "nobody is in the reference group",
    ]  # fmt: skip
    assert pd.isna(found["reason"].iloc[0])


def test_missing_counts_of_a_frame_are_taken_as_missing():
    counts = pd.Series([3, None], dtype="Int64")
    found = compare_counts(counts, 10, 4, 12, kind="rate")
    assert found["reason"].tolist()[1] == "a count is missing"


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([1, 2, -1], 10, 3, 10), "row 2, counted from 0: the numerator is below zero"),
        ((1, 10, 3, [10, -10]), "row 1, counted from 0: the denominator of the reference group is"),
        (([1, 11], 10, 3, 10), "row 1, counted from 0: the numerator is larger than its denom"),
        ((1, 10, [11, 12, 3], 10), r"row 0, counted from 0: .*reference.*\(and 1 more rows\)"),
        (([1, np.inf], 10, 3, 10), "row 1, counted from 0: the numerator is infinite"),
        (([1, 2], [10, 10, 10], 3, 10), "different lengths: 2 and 3"),
        ((0.2, 0.5, 3, 10), "under one person"),
    ],
)
def test_counts_that_cannot_be_are_refused_with_their_row(columns, message):
    with pytest.raises(ValueError, match=message):
        compare_counts(*columns, kind="proportion")


def test_more_events_than_person_years_are_a_rate_all_the_same():
    assert one(30, 10, 20, 10, kind="rate", multiplier=1)["difference"] == 1


def test_an_unknown_kind_and_a_level_that_is_none_are_refused():
    with pytest.raises(ValueError, match='must be "rate" or "proportion"'):
        compare_counts(1, 10, 2, 10, kind="share")
    with pytest.raises(ValueError, match="between 0 and 1"):
        compare_counts(1, 10, 2, 10, kind="rate", confidence=95)


def test_differences_come_in_percentage_points_and_per_hundred_thousand():
    assert one(30, 100, 20, 100, kind="proportion")["difference"] == pytest.approx(10)
    assert one(30, 1000, 20, 1000, kind="rate")["difference"] == pytest.approx(1000)
    assert one(30, 1000, 20, 1000, kind="rate", multiplier=1000)["difference"] == pytest.approx(10)


def test_standard_errors_give_log_normal_ratios_and_normal_differences():
    found = compare_standard_errors(20, 2, 10, 0.5).iloc[0]
    spread = math.exp(norm.ppf(0.975) * math.hypot(0.1, 0.05))
    half = norm.ppf(0.975) * math.hypot(2, 0.5)
    assert found["ratio_lower"] == pytest.approx(2 / spread)
    assert found["ratio_upper"] == pytest.approx(2 * spread)
    assert found["difference_lower"] == pytest.approx(10 - half)
    assert found["difference_upper"] == pytest.approx(10 + half)


def test_estimates_without_an_error_or_not_above_zero_say_what_is_missing():
    found = compare_standard_errors([20, 20, -3, np.nan], [np.nan, 2, 1, 1], [10, 0, 10, 10], 1)
    assert found["reason"].tolist() == [
        "no interval published",
        "a ratio needs values above zero",
        "a ratio needs values above zero",
        "a value is missing",
    ]
    assert found["ratio"].iloc[0] == 2
    assert found[["ratio_lower", "difference_lower"]].iloc[0].isna().all()
    assert found[["ratio", "ratio_lower", "ratio_upper"]].iloc[1:].isna().all(axis=None)
    assert found["difference_lower"].iloc[1:3].notna().all()


def test_a_standard_error_below_zero_is_refused_with_its_row():
    with pytest.raises(ValueError, match="row 1, counted from 0: a standard error is below zero"):
        compare_standard_errors([1, 2], [0.1, -0.1], 1, 0.1)
