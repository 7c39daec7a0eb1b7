"""Limits agree with the peers', and comparisons of two groups keep their promises."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.statistics import compare_limits, proportion_limits, rate_limits
from evidence.statistics.blocks import BLOCK
from evidence.statistics.comparison import COLUMNS

pytestmark = pytest.mark.filterwarnings("error")

# Source: R package PHEindicatormethods (the methods of the Fingertips profiles), phe_proportion
# with multiplier 100: numerator, denominator, value, 95% limits, 99.8% limits (Wilson).
PEER_PROPORTIONS = [
    (0, 273, 0, 0, 1.38760243391947, 0, 3.37977398625668),
    (1, 454, 0.220264317180617, 0.0388926479380424, 1.23697669682172,
     0.0192195279217064, 2.47232340685675),
    (5, 245, 2.04081632653061, 0.874788936249897, 4.68757148644308,
     0.563271908675296, 7.11677969772645),
    (9, 817, 1.1015911872705, 0.580615952697961, 2.08024609148702,
     0.410406424516375, 2.92267096721538),
    (11, 82, 13.4146341463415, 7.65869142956385, 22.4450127428825,
     5.5809280062834, 28.8807822173184),
    (4, 87, 4.59770114942529, 1.80226884670869, 11.2330335079873,
     1.11651998896744, 17.0601968411452),
    (245, 874, 28.0320366132723, 25.1553794482614, 31.1009586249173,
     23.5939131535469, 32.9450261495983),
    (717, 5829, 12.300566134843, 11.4821428404558, 13.1686464698952,
     11.0324864953193, 13.6919682151863),
    (26126, 36988, 70.6337190440143, 70.1674563426351, 71.0956962824968,
     69.8966702916932, 71.3601161483623),
    (33271, 50771, 65.5315042051565, 65.1169374052593, 65.9437208791994,
     64.8768304486817, 66.1803364079131),
    (13398, 44855, 29.8695797569948, 29.4477626315599, 30.2948445943139,
     29.2061110419304, 30.5416180963561),
    (2650, 1273585, 0.208074058661181, 0.200308926117802, 0.216139560722383,
     0.195964186272161, 0.220930620449625),
]  # fmt: skip

# Source: the same package, phe_rate with multiplier 100,000 (exact below 10 events, else Byar).
PEER_RATES = [
    (0, 273, 0, 0, 1351.23789527983, 0, 2530.31328900445),
    (1, 454, 220.264317180617, 5.57660968816958, 1227.23422707905,
     0.220374522815756, 2033.79151463691),
    (2, 420, 476.190476190476, 57.6688758438012, 1720.16373041047,
     10.8100042308309, 2673.54101009825),
    (5, 2666, 187.54688672168, 60.8959636203459, 437.671870942336,
     27.7333732902413, 617.207246949741),
    (9, 817, 1101.5911872705, 503.717637378009, 2091.163213148,
     300.17434569936, 2773.24030710685),
    (10, 1791, 558.347292015634, 267.305969512427, 1026.88211087417,
     162.831846716677, 1350.85007972532),
    (11, 82, 13414.6341463415, 6687.42707128046, 24003.9477026175,
     4205.32955902546, 31276.2445323871),
    (33, 6706, 492.096629883686, 338.681412439839, 691.108886389104,
     268.674235947275, 819.108132652799),
    (72, 23651, 304.426874127944, 238.185580985371, 383.380618787034,
     205.386733555084, 432.523248285332),
    (265, 36127, 733.523403548592, 647.854716883559, 827.367898569044,
     602.093581251083, 883.753802890711),
    (1281, 328093, 390.438077008653, 369.347184783861, 412.419423658424,
     357.592376413161, 425.33879062846),
    (39818, 16854545, 236.244882315126, 233.930064199075, 238.576901795374,
     232.603188035443, 239.92637249383),
]  # fmt: skip

ENDS = ["value", "lower", "upper"]
BOTH = pytest.mark.parametrize("limits_of", [proportion_limits, rate_limits])

COMPARED_LIMITS = [name for name in COLUMNS if name.endswith(("lower", "upper"))]


@pytest.mark.parametrize("confidence", [0.95, 0.998])
@pytest.mark.parametrize(
    ("limits_of", "peer"),
    [(proportion_limits, PEER_PROPORTIONS), (rate_limits, PEER_RATES)],
    ids=["proportions", "rates"],
)
def test_limits_agree_with_the_peers_to_the_ninth_digit(limits_of, peer, confidence):
    table = np.array(peer)
    found = limits_of(table[:, 0], table[:, 1], confidence=confidence)
    low, high = (3, 4) if confidence == 0.95 else (5, 6)
    for column, expected in (("value", 2), ("lower", low), ("upper", high)):
        assert found[column].to_numpy() == pytest.approx(table[:, expected], rel=1e-9, abs=1e-12)


@BOTH
def test_limits_scale_with_the_multiplier(limits_of):
    small, large = (limits_of(30, 120, multiplier=m)[ENDS].to_numpy() for m in (10, 10_000))
    assert large == pytest.approx(1000 * small)


def test_a_group_in_which_everybody_has_the_outcome_ends_exactly_at_a_hundred():
    found = proportion_limits([7, 0], [7, 7])
    assert found["upper"].iloc[0] == 100
    assert found["lower"].iloc[0] < 100
    assert found["lower"].iloc[1] == 0
    # The limits of nobody mirror those of everybody.
    assert found["upper"].iloc[1] == pytest.approx(100 - found["lower"].iloc[0])


@BOTH
def test_limits_that_are_missing_say_why(limits_of):
    found = limits_of([0, np.nan, 3, 5], [0, 10, np.nan, 10])
    assert found[ENDS].isna().all(axis=1).tolist() == [True, True, True, False]
    assert found["reason"].tolist()[:3] == [
        "nobody is in the group", "a count is missing", "a count is missing",
    ]  # fmt: skip
    assert pd.isna(found["reason"].iloc[3])


@BOTH
def test_values_come_first_and_the_reason_last_whatever_is_missing(limits_of):
    for row in (3, np.nan):
        found = limits_of(row, 10)
        assert found.columns.tolist() == [*ENDS, "reason"]
        assert found.dtypes.astype(str).tolist() == ["float64", "float64", "float64", "str"]


@BOTH
@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 10**15), st.integers(1, 10**15), st.floats(0.5, 0.999))
def test_limits_enclose_the_value_however_many_people(limits_of, events, people, confidence):
    found = limits_of(min(events, people), people, confidence=confidence).iloc[0]
    assert 0 <= found["lower"] <= found["value"] <= found["upper"]


@BOTH
def test_a_row_does_not_depend_on_how_many_there_are(limits_of):
    random = np.random.default_rng(20261122)
    people = random.integers(1, 3000, 2 * BLOCK + 7)
    events = random.binomial(people, 0.02)
    whole = limits_of(events, people)
    for rows in (slice(0, 9), slice(BLOCK - 3, BLOCK + 3), slice(-9, None)):
        alone = limits_of(events[rows], people[rows])
        pd.testing.assert_frame_equal(whole[rows].reset_index(drop=True), alone, rtol=1e-12)


@BOTH
def test_columns_of_frames_are_taken_in_their_order_whatever_their_index(limits_of):
    events = pd.Series([3, None, 8], index=[9, 4, 4], dtype="Int64")
    people = pd.Series([30, 40, 50], index=["a", "b", "c"])
    found = limits_of(events, people)
    pd.testing.assert_frame_equal(found, limits_of([3, np.nan, 8], [30, 40, 50]))
    assert found.index.tolist() == [0, 1, 2]


@BOTH
@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([3, -1], 10), "row 1, counted from 0: the numerator is below zero"),
        ((0, [10, 10, -10]), "row 2, counted from 0: the denominator is below zero"),
        (([3, np.inf, np.inf], np.inf), r"row 1, .*the numerator is infinite \(and 1 more rows\)"),
        ((3, [10, np.inf]), "row 1, counted from 0: the denominator is infinite"),
        (([1, 2], [10, 10, 10]), "different lengths: 2 and 3"),
    ],
)
def test_counts_that_cannot_be_are_refused_with_their_row(limits_of, columns, message):
    with pytest.raises(ValueError, match=message):
        limits_of(*columns)


def test_more_events_than_people_are_refused_of_proportions_alone():
    with pytest.raises(ValueError, match=r"row 1, .* numerator is larger than its denominator"):
        proportion_limits([5, 11], [10, 10])
    assert rate_limits(11, 10, multiplier=1).loc[0, "value"] == pytest.approx(1.1)


@BOTH
@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5])
def test_a_confidence_level_that_is_no_level_is_refused(limits_of, confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        limits_of(5, 10, confidence=confidence)


def textbook(a, a_low, a_high, b, b_low, b_high):
    """Donner and Zou 2012, equations for a difference and a ratio, as printed."""
    both = a * b
    lower_part = a_low * b_high * (2 * a - a_low) * (2 * b - b_high)
    upper_part = a_high * b_low * (2 * a - a_high) * (2 * b - b_low)
    return (
        a / b,
        (both - math.sqrt(both**2 - lower_part)) / (b_high * (2 * b - b_high)),
        (both + math.sqrt(both**2 - upper_part)) / (b_low * (2 * b - b_low)),
        a - b,
        a - b - math.sqrt((a - a_low) ** 2 + (b_high - b) ** 2),
        a - b + math.sqrt((a_high - a) ** 2 + (b - b_low) ** 2),
    )


def test_two_groups_are_compared_by_the_published_equations():
    # Recovery in Lambeth in 2019-20: 49% of 1,045 against 56% of 3,500, with Wilson limits.
    case = (49, 45.978306, 52.029019, 56, 54.349808, 57.637035)
    found = compare_limits(*case)[list(COLUMNS)].iloc[0]
    assert list(found) == pytest.approx(textbook(*case), rel=1e-9)


@st.composite
def estimates(draw):
    """An estimate above zero with limits that lie unevenly round it."""
    value = draw(st.floats(0.01, 1000))
    below = draw(st.floats(0.001, 0.999))
    above = draw(st.floats(0.001, 5))
    return value, value * (1 - below), value * (1 + above)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(estimates(), estimates())
def test_limits_enclose_the_ratio_and_the_difference(one, other):
    found = compare_limits(*one, *other).iloc[0]
    slack = 1 + 1e-9
    assert 0 <= found["ratio_lower"] <= found["ratio"] * slack
    assert found["ratio"] <= found["ratio_upper"] * slack
    assert found["difference_lower"] <= found["difference"] <= found["difference_upper"]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(estimates(), estimates())
def test_turning_a_comparison_round_turns_its_ratio_upside_down_and_its_difference_over(one, other):
    there, back = compare_limits(*one, *other).iloc[0], compare_limits(*other, *one).iloc[0]
    assert back["ratio"] == pytest.approx(1 / there["ratio"], rel=1e-9)
    assert back["ratio_lower"] == pytest.approx(1 / there["ratio_upper"], rel=1e-6)
    assert back["ratio_upper"] == pytest.approx(1 / there["ratio_lower"], rel=1e-6)
    assert back["difference"] == pytest.approx(-there["difference"])
    assert back["difference_lower"] == pytest.approx(-there["difference_upper"])
    assert back["difference_upper"] == pytest.approx(-there["difference_lower"])


@settings(max_examples=100, deadline=None, derandomize=True)
@given(estimates(), estimates(), st.floats(1e-150, 1e150))
def test_a_ratio_does_not_depend_on_the_unit(one, other, factor):
    plain = compare_limits(*one, *other).iloc[0]
    scaled = compare_limits(*(x * factor for x in (*one, *other))).iloc[0]
    for name in ("ratio", "ratio_lower", "ratio_upper"):
        assert scaled[name] == pytest.approx(plain[name], rel=1e-6)
    for name in ("difference", "difference_lower", "difference_upper"):
        assert scaled[name] == pytest.approx(factor * plain[name], abs=1e-6 * factor)


def test_a_group_compared_with_one_just_like_it_shows_no_difference():
    found = compare_limits(20, 15, 27, 20, 15, 27).iloc[0]
    assert (found["ratio"], found["difference"]) == (1, 0)
    assert found["ratio_lower"] < 1 < found["ratio_upper"]
    assert found["difference_lower"] < 0 < found["difference_upper"]


def test_a_reference_of_zero_has_a_difference_and_no_ratio():
    found = compare_limits(5, 2, 9, 0, 0, 3).iloc[0]
    assert found[["ratio", "ratio_lower", "ratio_upper"]].isna().all()
    assert found["difference"] == 5
    assert found["difference_lower"] == pytest.approx(5 - math.hypot(3, 3))
    assert found["difference_upper"] == pytest.approx(5 + 4)


@pytest.mark.parametrize("value", [5.0, 0.0])
def test_a_reference_that_may_be_zero_leaves_the_ratio_without_an_upper_limit(value):
    found = compare_limits(value, value / 2, value + 4, 3, 0, 8).iloc[0]
    assert found["ratio"] == pytest.approx(value / 3)
    assert math.isinf(found["ratio_upper"])
    assert math.isfinite(found["ratio_lower"])


def test_a_group_without_events_has_a_ratio_of_zero_with_an_upper_limit():
    found = compare_limits(0, 0, 4, 10, 6, 16).iloc[0]
    assert (found["ratio"], found["ratio_lower"]) == (0, 0)
    assert 0 < found["ratio_upper"] < 4 / 6


def test_a_reference_whose_upper_limit_is_twice_its_value_still_has_limits():
    # The printed equation divides by zero here.
    at = compare_limits(10, 8, 13, 5, 3, 10).iloc[0]
    near = compare_limits(10, 8, 13, 5, 3, 10 + 1e-7).iloc[0]
    assert at["ratio_lower"] == pytest.approx(near["ratio_lower"], rel=1e-6)
    assert 0 < at["ratio_lower"] < 2


def test_missing_limits_stay_missing_and_the_point_is_kept():
    found = compare_limits([30, 30], [np.nan, 20], [np.nan, 45], [10, 10], [8, np.nan],
                           [13, np.nan])  # fmt: skip
    assert found["ratio"].tolist() == [3, 3]
    assert found["difference"].tolist() == [20, 20]
    assert found[COMPARED_LIMITS].isna().all(axis=None)
    assert found["reason"].tolist() == ["no interval published"] * 2


def test_one_limit_of_the_four_missing_leaves_no_limits():
    whole = np.array([30.0, 20, 45, 10, 8, 13])
    for place in (1, 2, 4, 5):
        case = whole.copy()
        case[place] = np.nan
        found = compare_limits(*case).iloc[0]
        assert (found["ratio"], found["difference"]) == (3, 20)
        assert found[COMPARED_LIMITS].isna().all()
        assert found["reason"] == "no interval published"


def test_a_missing_value_leaves_nothing_but_the_reason():
    found = compare_limits([np.nan, 30], 20, 45, [10, np.nan], 8, 13)
    assert found[list(COLUMNS)].isna().all(axis=None)
    assert found["reason"].tolist() == ["a value is missing"] * 2


def test_what_lies_below_zero_has_a_difference_and_no_ratio():
    # Differences from the average score, which lie on both sides of it.
    found = compare_limits([-2, 3, 3], [-3, 2, -1], [-1, 4, 7], [4, -5, 4], [3, -6, 3], [5, -4, 5])
    assert found["difference"].tolist() == [-6, 8, -1]
    assert found["difference_upper"].tolist() == pytest.approx(
        [-6 + 2**0.5, 8 + 2**0.5, 4 * 1.0 - 1 + 17**0.5 - 4]
    )
    assert found["ratio"].fillna(-1).tolist() == [-1, -1, 0.75]
    assert found[["ratio_lower", "ratio_upper"]].isna().all(axis=None)
    assert found["reason"].tolist() == [
        "a value is below zero, so no ratio", "a value is below zero, so no ratio",
        "a limit is below zero, so no limits of the ratio",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (([3, 3], [2, 5], 4, 3, 2, 4), "row 1, counted from 0: the lower limit is above the upper"),
        ((3, 2, 4, 3, [2, 2, 9], [4, 4, 8]), r"row 2, .* lower limit of the reference group is"),
        ((5, 2, 4, 3, 2, 4), "row 0, counted from 0: the value lies outside its own limits"),
        ((3, 2, 4, [3, 1], 2, 4), "row 1, .* value of the reference group lies outside"),
        ((1, 2, np.nan, 3, 2, 4), "row 0, counted from 0: the value lies outside"),
        ((np.inf, 2, 4, 3, 2, 4), "row 0, counted from 0: the value is infinite"),
        ((3, 2, 4, 3, 2, [4, np.inf]), "row 1, .* upper limit of the reference group is infinite"),
        (([3, 3], [2, 2, 2], 4, 3, 2, 4), "different lengths: 2 and 3 rows"),
    ],
)
def test_limits_that_cannot_be_are_refused_with_their_row(case, message):
    with pytest.raises(ValueError, match=message):
        compare_limits(*case)


def test_a_value_that_rounding_puts_past_its_own_limit_is_no_fault():
    value = 0.1 + 0.2
    assert value > 0.3
    found = compare_limits(value, 0.1, 0.3, 0.2, 0.1, 0.3).iloc[0]
    assert found["ratio_lower"] < 1.5 < found["ratio_upper"]


@pytest.mark.parametrize(
    ("people", "shares"), [((200, 300), (0.30, 0.45)), ((60, 2000), (0.10, 0.20))]
)
def test_limits_for_two_percentages_hold_the_truth_about_nineteen_times_in_twenty(people, shares):
    random = np.random.default_rng(20261122)
    sides = []
    for n, p in zip(people, shares, strict=True):
        found = proportion_limits(random.binomial(n, p, 4000), np.full(4000, n))
        sides += [found["value"], found["lower"], found["upper"]]
    found = compare_limits(*sides)
    truth = {"ratio": shares[0] / shares[1], "difference": 100 * (shares[0] - shares[1])}
    for name, value in truth.items():
        held = (found[f"{name}_lower"] <= value) & (value <= found[f"{name}_upper"])
        assert 0.93 <= held.mean() <= 0.97, name


def test_limits_for_two_rates_hold_the_truth_about_nineteen_times_in_twenty():
    random = np.random.default_rng(20261122)
    one, other = (rate_limits(random.poisson(mean, 4000), 10_000) for mean in (40, 90))
    found = compare_limits(
        one["value"], one["lower"], one["upper"], other["value"], other["lower"], other["upper"]
    )
    held = found["ratio_lower"].le(40 / 90) & found["ratio_upper"].ge(40 / 90)
    assert 0.93 <= held.mean() <= 0.97
