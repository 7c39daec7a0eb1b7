"""Values parted into classes for a map: none lost, none between two classes, ties together."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.classes import (
    FEWEST,
    MOST,
    NO_CLASS,
    Classes,
    Method,
    classes,
    classes_of_gaps,
)
from evidence.numbers import ratio

NAN = float("nan")
methods = st.sampled_from(list(Method))
counts = st.integers(FEWEST, MOST)
# As published: whole numbers to one decimal, many of them tied.
published = st.integers(0, 400).map(lambda tenths: tenths / 10)
maybe = st.one_of(published, st.just(NAN))
ratios = st.floats(0, 50, allow_nan=False).map(lambda value: round(value, 3))


def members(found: Classes, values: list[float]) -> list[list[float]]:
    """The values of each class."""
    return [
        sorted(value for value, one in zip(values, found.members, strict=True) if one == place)
        for place in range(len(found.labels))
    ]


def test_quantiles_hold_as_many_values_each() -> None:
    values = [float(value) for value in range(10, 22)]
    found = classes(values, method=Method.QUANTILE, count=4)
    assert found.counts == (3, 3, 3, 3)
    assert found.labels == (
        "10 to under 13",
        "13 to under 16",
        "16 to under 19",
        "19 to 21",
    )


def test_equal_intervals_are_as_wide_each_whatever_they_hold() -> None:
    values = [0.0, 1.0, 2.0, 3.0, 100.0]
    found = classes(values, method=Method.EQUAL_INTERVAL, count=4)
    assert found.counts == (4, 0, 0, 1)
    assert found.labels == ("0 to under 25", "25 to under 50", "50 to under 75", "75 to 100")


def test_natural_breaks_fall_in_the_gaps() -> None:
    values = [12.0, 50.0, 11.0, 10.0, 52.0, 90.0]
    found = classes(values, method=Method.NATURAL_BREAKS, count=3)
    assert members(found, values) == [[10, 11, 12], [50, 52], [90]]
    assert found.labels == ("10 to under 50", "50 to under 90", "90")


def test_equal_values_share_a_class_and_few_distinct_values_have_few_classes() -> None:
    for method in Method:
        found = classes([3.0, 3.0, 7.0, 3.0], method=method, count=5)
        assert found.counts[0] == 3
        assert found.members[2] == len(found.labels) - 1


@pytest.mark.parametrize("method", Method)
def test_one_value_is_one_class_named_by_it(method: Method) -> None:
    found = classes([NAN, 41.5, NAN], method=method, count=5)
    assert found.labels == ("41.5",)
    assert found.members == (NO_CLASS, 0, NO_CLASS)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("values", [[], [NAN, NAN]])
def test_without_a_value_there_is_no_class(method: Method, values: list[float]) -> None:
    found = classes(values, method=method, count=5)
    assert found.labels == ()
    assert found.members == tuple(NO_CLASS for _ in values)
    signed = classes_of_gaps(values, method=method, count=5, show=ratio, is_ratio=True)
    assert signed.labels == ()


def test_what_cannot_be_parted_is_refused() -> None:
    for count in (FEWEST - 1, MOST + 1):
        with pytest.raises(ValueError, match="ask for 2 to 7"):
            classes([1.0, 2.0], method=Method.QUANTILE, count=count)
    with pytest.raises(ValueError, match="infinite"):
        classes([1.0, math.inf], method=Method.QUANTILE, count=2)
    with pytest.raises(ValueError, match="a ratio below 0"):
        classes_of_gaps([-0.5], method=Method.QUANTILE, count=3, show=ratio, is_ratio=True)


@given(st.lists(maybe, max_size=33), methods, counts)
def test_every_value_has_the_one_class_whose_range_holds_it(
    values: list[float], method: Method, count: int
) -> None:
    found = classes(values, method=method, count=count)
    assert len(found.labels) <= count
    assert len(set(found.labels)) == len(found.labels)
    assert sum(found.counts) == sum(not math.isnan(value) for value in values)
    for value, place in zip(values, found.members, strict=True):
        assert (place == NO_CLASS) == math.isnan(value)
        if place == NO_CLASS:
            continue
        low, _, high = found.labels[place].partition(" to ")
        assert float(low) <= value
        if high.startswith("under "):
            assert value < float(high.removeprefix("under "))
        elif high:
            assert value <= float(high)
        else:
            assert value == float(low)


@given(st.lists(published, min_size=1, max_size=33), methods, counts)
def test_ranges_touch_and_rise_from_the_lowest_value_to_the_highest(
    values: list[float], method: Method, count: int
) -> None:
    labels = classes(values, method=method, count=count).labels
    ends = [label.replace("under ", "").split(" to ") for label in labels]
    assert float(ends[0][0]) == min(values)
    assert float(ends[-1][-1]) == max(values)
    for one, other in pairwise(ends):
        assert one[-1] == other[0]
        assert float(one[0]) < float(one[-1])


@given(st.lists(published, min_size=1, max_size=33), counts, st.randoms())
def test_the_order_of_the_boroughs_changes_nothing(
    values: list[float], count: int, random: object
) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for method in Method:
        one = classes(values, method=method, count=count)
        other = classes(shuffled, method=method, count=count)
        assert one.labels == other.labels
        assert dict(zip(values, one.members, strict=True)) == dict(
            zip(shuffled, other.members, strict=True)
        )


def spread(groups: list[list[float]]) -> float:
    """The sum of squares within groups."""
    return sum(
        sum((value - sum(group) / len(group)) ** 2 for value in group) for group in groups if group
    )


@given(st.lists(published, min_size=2, max_size=9), counts)
def test_no_other_parting_of_the_values_is_closer_than_natural_breaks(
    values: list[float], count: int
) -> None:
    found = classes(values, method=Method.NATURAL_BREAKS, count=count)
    told, distinct = sorted(values), sorted(set(values))
    count = min(count, len(distinct))
    assert len(found.labels) == count
    least = min(
        spread([[value for value in told if low <= value < high] for low, high in pairwise(bounds)])
        for edges in combinations(distinct[1:], count - 1)
        for bounds in [[-math.inf, *edges, math.inf]]
    )
    assert spread(members(found, values)) == pytest.approx(least, abs=1e-6)


def test_classes_of_ratios_are_as_far_below_1_as_above_it_with_the_same_in_the_middle() -> None:
    values = [0.5, 0.8, 0.9, 1.0, 1.1, 1.25, 2.0, NAN]
    found = classes_of_gaps(values, method=Method.EQUAL_INTERVAL, count=5, show=ratio,
                            is_ratio=True)  # fmt: skip
    assert len(found.labels) == 5
    assert found.middle == 2
    # The middle ends at 1.05, and halfway from there to 2 on a log scale the sizes part.
    assert found.labels == (
        "0.69 or less",
        "over 0.69 to 0.95",
        "between 0.95 and 1.05",
        "1.05 to under 1.45",
        "1.45 or more",
    )
    assert found.members == (0, 1, 1, 2, 3, 3, 4, NO_CLASS)


def test_a_side_without_boroughs_keeps_its_classes_empty() -> None:
    found = classes_of_gaps([0.5, 0.6, 0.7, 0.8], method=Method.QUANTILE, count=5, show=ratio,
                            is_ratio=True)  # fmt: skip
    assert found.middle is not None
    assert sum(found.counts[found.middle + 1 :]) == 0
    assert len(found.labels) == 2 * found.middle + 1


def test_ratios_that_are_all_the_same_are_one_class() -> None:
    found = classes_of_gaps([1.0, 1.0], method=Method.QUANTILE, count=5, show=ratio,
                            is_ratio=True)  # fmt: skip
    assert found.labels == ("1.00",)
    assert found.members == (0, 0)


def test_one_ratio_far_from_the_same_is_not_in_the_middle() -> None:
    for method in Method:
        found = classes_of_gaps([0.5], method=method, count=5, show=ratio, is_ratio=True)
        assert found.members[0] < (found.middle or 0), method


def test_a_ratio_of_nothing_is_the_furthest_below() -> None:
    found = classes_of_gaps([0.0, 0.9, 1.2], method=Method.QUANTILE, count=5, show=ratio,
                            is_ratio=True)  # fmt: skip
    assert found.members[0] == 0


def test_differences_are_parted_around_nothing() -> None:
    values = [-10.0, -1.0, 0.0, 1.0, 10.0]
    found = classes_of_gaps(values, method=Method.EQUAL_INTERVAL, count=3, show=str,
                            is_ratio=False, places=1)  # fmt: skip
    assert found.members == (0, 1, 1, 1, 2)


@given(st.lists(ratios, min_size=1, max_size=33), methods, counts)
def test_a_ratio_and_its_reverse_lie_on_opposite_sides(
    values: list[float], method: Method, count: int
) -> None:
    found = classes_of_gaps(values, method=method, count=count, show=ratio, is_ratio=True)
    assert found.middle is not None
    assert len(found.labels) == 2 * found.middle + 1
    for value, place in zip(values, found.members, strict=True):
        assert 0 <= place < len(found.labels)
        if round(value, 2) == 1:
            assert place == found.middle
        if place < found.middle:
            assert value < 1
        if place > found.middle:
            assert value > 1


@given(st.lists(st.tuples(ratios, st.booleans()), min_size=1, max_size=33), methods, counts)
def test_no_clear_gap_and_no_ratio_far_from_1_is_in_the_middle(
    gaps: list[tuple[float, bool]], method: Method, count: int
) -> None:
    found = classes_of_gaps([value for value, _ in gaps], method=method, count=count, show=ratio,
                            is_ratio=True, clear=[clear for _, clear in gaps])  # fmt: skip
    for (value, clear), place in zip(gaps, found.members, strict=True):
        if place == found.middle:
            assert 0.95 < round(value, 2) < 1.05
            assert not clear or round(value, 2) == 1


@given(
    st.lists(st.tuples(st.integers(-99, 99), st.booleans()), min_size=1, max_size=33),
    methods,
    counts,
)
def test_no_clear_difference_is_in_the_middle_unless_it_is_nought(
    gaps: list[tuple[int, bool]], method: Method, count: int
) -> None:
    found = classes_of_gaps([value / 10 for value, _ in gaps], method=method, count=count,
                            show=str, is_ratio=False, places=1,
                            clear=[clear for _, clear in gaps])  # fmt: skip
    for (value, clear), place in zip(gaps, found.members, strict=True):
        assert place != found.middle or not clear or value == 0


@given(st.lists(ratios, min_size=1, max_size=33), methods, counts)
def test_larger_ratios_are_never_in_a_lower_class(
    values: list[float], method: Method, count: int
) -> None:
    found = classes_of_gaps(values, method=method, count=count, show=ratio, is_ratio=True)
    in_order = [place for _, place in sorted(zip(values, found.members, strict=True))]
    assert in_order == sorted(in_order)


def test_every_method_has_words_of_its_own() -> None:
    assert len({method.label for method in Method}) == len(Method)
    assert all(method.explanation.endswith(".") for method in Method)
    assert len({method.explanation_of_gaps for method in Method}) == len(Method)
    assert all("can be empty" in method.explanation_of_gaps for method in Method)
