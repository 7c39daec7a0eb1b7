"""Burden: direction decides the words, and limits go with it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.statistics import compare_limits, excess_events, proportion_limits

pytestmark = pytest.mark.filterwarnings("error")


def one(*case, **how):
    return excess_events(*case, **{"kind": "proportion", "favourable": False, **how}).iloc[0]


def test_a_group_with_more_of_a_bad_event_would_have_had_fewer():
    # 120 of 1,000 against 8% (7% to 9%): 80 would be expected, so 40 fewer.
    found = one(120, 1000, 8, 7, 9)
    assert found["events"] == pytest.approx(40)
    assert (found["direction"], found["worse"]) == ("fewer", True)
    own = proportion_limits(120, 1000).iloc[0]
    gap = compare_limits(own["value"], own["lower"], own["upper"], 8, 7, 9).iloc[0]
    assert found["lower"] == pytest.approx(10 * gap["difference_lower"])
    assert found["upper"] == pytest.approx(10 * gap["difference_upper"])


def test_a_group_with_fewer_bad_events_has_none_to_be_spared():
    found = one(30, 1000, 8, 7, 9)
    assert found["events"] == pytest.approx(50)
    assert (found["direction"], found["worse"]) == ("more", False)
    assert 0 < found["lower"] < 50 < found["upper"]


def test_a_group_that_recovers_less_often_would_have_had_more_recoveries():
    # Recovery in Lambeth in 2019-20: 49% of 1,045 against 56% of 3,500.
    found = one(512, 1045, 56, 54.35, 57.64, favourable=True)
    assert found["events"] == pytest.approx(0.56 * 1045 - 512)
    assert (found["direction"], found["worse"]) == ("more", True)
    assert 0 < found["lower"] < found["events"] < found["upper"]


def test_a_group_that_recovers_more_often_is_not_the_worse_off():
    found = one(700, 1000, 56, 54, 58, favourable=True)
    assert (found["direction"], found["worse"]) == ("fewer", False)


@pytest.mark.parametrize(("favourable", "direction"), [(False, "fewer"), (True, "more")])
def test_equal_rates_leave_nothing_and_nobody_worse(favourable, direction):
    found = one(80, 1000, 8, 7, 9, favourable=favourable)
    assert (found["events"], found["direction"], found["worse"]) == (0, direction, False)
    assert found["lower"] < 0 < found["upper"]


def test_direction_goes_by_the_row():
    found = excess_events([120, 120], 1000, 8, 7, 9, kind="proportion", favourable=[False, True])
    assert found["worse"].tolist() == [True, False]
    assert found["direction"].tolist() == ["fewer", "fewer"]


def test_rates_are_counted_in_their_own_multiplier():
    found = one(50, 10_000, 300, 250, 360, kind="rate")
    assert found["events"] == pytest.approx(20)
    per_thousand = one(50, 10_000, 3, 2.5, 3.6, kind="rate", multiplier=1000)
    assert per_thousand[["events", "lower", "upper"]].tolist() == pytest.approx(
        found[["events", "lower", "upper"]].tolist()
    )


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(1, 10_000), st.floats(0, 1), st.floats(0.1, 99), st.floats(0, 1), st.booleans())
def test_events_are_never_below_zero_and_lie_within_their_limits(people, p, value, width, good):
    events = round(p * people)
    lower, upper = value * (1 - width), value + width * (100 - value)
    found = one(events, people, value, lower, upper, favourable=good)
    assert found["events"] >= 0
    assert found["lower"] <= found["events"] + 1e-9
    assert found["events"] <= found["upper"] + 1e-9
    expected = people * value / 100
    signed = found["events"] if found["direction"] == "fewer" else -found["events"]
    assert events - signed == pytest.approx(expected, abs=1e-6)
    if found["worse"]:
        assert found["direction"] == ("more" if good else "fewer")


def test_what_is_missing_is_said():
    found = excess_events(
        [np.nan, 0, 10, 10], [10, 0, 100, 100], [8, 8, np.nan, 8], [7, 7, np.nan, np.nan],
        [9, 9, np.nan, np.nan], kind="proportion", favourable=False,
    )  # fmt: skip
    assert found["reason"].tolist() == [
        "a count is missing", "nobody is in the group", "the reference group has no value",
        "no interval published",
    ]  # fmt: skip
    assert found.iloc[:3].drop(columns="reason").isna().all(axis=None)
    assert found["events"].iloc[3] == pytest.approx(2)
    assert found[["lower", "upper"]].iloc[3].isna().all()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([1, -1], 10, 8, 7, 9), "row 1, counted from 0: the numerator is below zero"),
        ((11, 10, 8, 7, 9), "row 0, counted from 0: the numerator is larger than"),
        ((1, 10, [8, 8], 7, [9, 6]), "row 1, counted from 0: the lower limit of the reference"),
        (
            (1, 10, 8, 8.5, 9),
            "row 0, counted from 0: the value of the reference group lies outside",
        ),
        ((1, 10, -8, -9, 9), "row 0, counted from 0: the reference group's rate is below zero"),
        ((1, 10, [8, 150], np.nan, np.nan), "row 1, .*proportion is above 100, which is everybody"),
        ((1, 10, [98, 98], 97, [99, 101]), "row 1, .*proportion is above 100, which is everybody"),
    ],
)
def test_what_cannot_be_is_refused_with_its_row(columns, message):
    with pytest.raises(ValueError, match=message):
        excess_events(*columns, kind="proportion", favourable=False)


def test_a_rate_may_be_above_its_multiplier():
    assert one(1, 10, 15, 14, 16, kind="rate", multiplier=10)["events"] == pytest.approx(14)


@pytest.mark.parametrize("favourable", [0.5, 2, -1])
def test_an_event_is_favourable_or_not(favourable):
    with pytest.raises(ValueError, match="row 1, counted from 0: favourable must be True or False"):
        excess_events(1, 10, 8, 7, 9, kind="proportion", favourable=[1, favourable])


def test_words_for_favourable_are_refused_with_their_row():
    with pytest.raises(ValueError, match="row 0, counted from 0: 'yes' is not a number"):
        excess_events(1, 10, 8, 7, 9, kind="proportion", favourable="yes")


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind must be"):
        excess_events(1, 10, 8, 7, 9, kind="odds", favourable=False)
