"""How numbers are written."""

import math

import pytest

from evidence.numbers import is_blank, limits, number, ours, ratio, three_figures, with_unit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.7, "3.7"),
        (52.0, "52"),
        (0.4, "0.4"),
        (2.08, "2.08"),
        (0.1 + 0.2, "0.3"),
        (2235159, "2,235,159"),
        (12.345678, "12.345678"),
        (-2.5, "\u22122.5"),
        (0, "0"),
    ],
)
def test_a_published_number_keeps_its_digits(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.875, "0.88"), (2, "2.00"), (11.349, "11.35"), (1234.5, "1,234.50"), (0, "0.00")],
)
def test_a_ratio_has_two_decimals(value, text):
    assert ratio(value) == text


def test_a_ratio_too_small_for_two_decimals_is_not_written_as_nothing():
    assert ratio(0.0042) == "0.0042"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.12345, "0.123"),
        (1.2345, "1.23"),
        (12.345, "12.3"),
        (123.45, "123"),
        (12345.6, "12,346"),
        (-69.91, "\u221269.9"),
        (0, "0"),
        (0.9996, "1.00"),
        (9.996, "10.0"),
        (99.96, "100"),
    ],
)
def test_a_number_of_ours_has_three_figures(value, text):
    assert three_figures(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(45.978, "46.0"), (-10.4366, "\u221210.4"), (0.04, "0.0"), (-0.04, "0.0")]
)
def test_a_percentage_of_ours_has_one_decimal_and_no_minus_before_zero(value, text):
    assert ours(value, "%") == text


def test_other_numbers_of_ours_have_three_figures():
    assert ours(5.52427, "per 1,000 births") == "5.52"


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("%", "52%"),
        ("per 1,000 births", "52 per 1,000 births"),
        ("percentage points", "52 percentage points"),
        ("ratio", "52"),
        ("", "52"),
    ],
)
def test_a_unit_follows_its_number(unit, text):
    assert with_unit("52", unit) == text


@pytest.mark.parametrize(
    ("style", "text"),
    [("published", "0.8 to 0.925"), ("ratio", "0.80 to 0.93"), ("ours", "0.800 to 0.925")],
)
def test_limits_are_written_as_their_value_is(style, text):
    # 0.925 lies just above what a float can hold, and so rounds up.
    assert limits(0.8, 0.925, style=style) == text


def test_limits_of_percentages_are_joined_by_words_and_not_by_a_dash():
    text = limits(-10.4366, -3.5506, style="ours", unit="%")
    assert text == "\u221210.4 to \u22123.6"


@pytest.mark.parametrize("blank", [(None, None), (math.nan, 3), (3, math.nan), ("", "")])
def test_limits_that_are_missing_are_an_empty_text(blank):
    assert limits(*blank) == ""


def test_limits_without_end_say_so():
    assert limits(0.5, math.inf, style="ratio") == "0.50 to no upper limit"


@pytest.mark.parametrize("value", [None, "", math.nan, float("nan")])
def test_empty_cells_are_blank(value):
    assert is_blank(value)


@pytest.mark.parametrize("value", [0, 0.0, "0", False, "nan", math.inf])
def test_zero_is_not_blank(value):
    assert not is_blank(value)
