"""Marks of a line that are moved apart."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.lanes import lanes


def test_marks_that_meet_no_other_stay_on_their_line():
    assert lanes([1.0, 9.0, 5.0], 2.0, pitch=0.2, most=0.3) == [0, 0, 0]


def test_marks_that_meet_stand_evenly_about_their_line():
    assert lanes([5.0, 5.0], 1.0, pitch=0.2, most=0.3) == pytest.approx([-0.1, 0.1])
    assert lanes([6.0, 5.0, 5.5], 2.0, pitch=0.2, most=0.3) == pytest.approx([0.2, -0.2, 0])
    # The ends of a chain don't meet, so that two heights are enough.
    assert lanes([1.0, 2.0, 3.0], 1.5, pitch=0.2, most=0.3) == pytest.approx([-0.1, 0.1, -0.1])


@given(st.lists(st.integers(0, 30).map(float), max_size=8), st.integers(0, 10))
def test_whatever_the_values_no_two_near_marks_stand_at_one_height(values, near):
    found = lanes(values, near, pitch=0.25, most=0.3)
    assert all(abs(height) <= 0.3 + 1e-9 for height in found)
    for (one, at), (other, height) in combinations(zip(values, found, strict=True), 2):
        if one == other or abs(one - other) < near:
            assert abs(at - height) > 0.05
