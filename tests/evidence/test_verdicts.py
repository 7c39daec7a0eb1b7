"""What limits bear follows from the limits alone, to the very edge."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import gaps
from evidence.statistics import verdict
from evidence.statistics.verdicts import TOO_WIDE, Verdict

pytestmark = pytest.mark.filterwarnings("error")


def words(lower, upper, neutral=1, **how):
    return verdict(lower, upper, neutral, **how).tolist()[0]


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        (1.0001, 9, "higher"),
        (1.0001, np.inf, "higher"),
        (0, 0.9999, "lower"),
        (1, 1.2, "no clear difference"),
        (0.8, 1, "no clear difference"),
        (1, 1, "no clear difference"),
        (0.5, 2, "no clear difference"),
        (0.4999, 2, "too uncertain to say"),
        (0.5, 2.0001, "too uncertain to say"),
        (0.9, 10, "too uncertain to say"),
        (1, 4, "no clear difference"),
        (1, 4.0001, "too uncertain to say"),
        (0.25, 1, "no clear difference"),
        (0, 1, "too uncertain to say"),
        (0.5, np.inf, "too uncertain to say"),
        (np.nan, 2, "no interval published"),
        (0.5, np.nan, "no interval published"),
    ],
)
def test_limits_of_a_ratio_bear_one_verdict(lower, upper, expected):
    assert words(lower, upper) == expected


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        (0.0001, 50, "higher"),
        (-50, -0.0001, "lower"),
        (0, 3, "no clear difference"),
        (-3, 0, "no clear difference"),
        (-50, 50, "no clear difference"),
        (np.nan, np.nan, "no interval published"),
    ],
)
def test_limits_of_a_difference_bear_one_verdict(lower, upper, expected):
    assert words(lower, upper, 0) == expected


def test_a_difference_is_too_uncertain_only_by_a_width_in_its_own_unit():
    assert words(-5, 5, 0, too_wide=10) == "no clear difference"
    assert words(-5, 5.01, 0, too_wide=10) == "too uncertain to say"
    assert words(0.1, 50, 0, too_wide=10) == "higher"


def test_the_widest_limits_of_no_clear_difference_reach_from_a_half_to_twice():
    assert TOO_WIDE == 2 / 0.5
    assert words(0.3, 1.5, too_wide=5) == "no clear difference"


positive = st.floats(1e-3, 1e3)


@given(positive, positive)
def test_a_ratio_turned_upside_down_has_the_opposite_verdict(one, other):
    lower, upper = sorted((one, other))
    # Halves of a rounding error apart from the edge of too wide, both sides round alike.
    if abs(upper / lower - TOO_WIDE) > 1e-9:
        opposite = {"higher": "lower", "lower": "higher"}
        found = words(lower, upper)
        assert words(1 / upper, 1 / lower) == opposite.get(found, found)


@given(positive, positive, positive)
def test_narrower_limits_never_bear_less(lower, value, upper):
    low, mid, high = sorted((lower, value, upper))
    if words(low, high) in {"higher", "lower"}:
        assert words(low, mid) == words(low, high) == words(mid, high)
    if words(low, high) == "no clear difference":
        assert words(low, mid) != "too uncertain to say"


def test_the_words_are_those_that_the_gaps_already_use():
    shared = {"HIGHER", "LOWER", "NO_CLEAR_DIFFERENCE", "NO_INTERVAL"}
    assert {Verdict[name].value for name in shared} == {gaps.Verdict[name].value for name in shared}


def test_what_cannot_be_is_refused_with_its_row():
    with pytest.raises(ValueError, match="row 1, counted from 0: the lower limit is above"):
        verdict([1, 2], [2, 1], 1)
    with pytest.raises(ValueError, match="row 0, counted from 0: a limit of a ratio is below zero"):
        verdict(-0.1, 2, 1)
    with pytest.raises(ValueError, match="neutral must be"):
        verdict(1, 2, 0.5)
    with pytest.raises(ValueError, match="too_wide must be above 1"):
        verdict(1, 2, 1, too_wide=1)
