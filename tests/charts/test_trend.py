"""A group and its reference over the years, and the gap between them, as data."""

import math
import re
from itertools import pairwise

import pytest

from charts.gap_over_time import gap_chart
from charts.theme import DARK, LIGHT
from charts.trend import trend_chart
from evidence.selection import series_of
from evidence.timeline import neighbours
from evidence.trends import over_the_years

INDICATOR = {
    "name": "Something",
    "indicator_id": "something",
    "measure": "percentage",
    "phrase": "{value} of {people} had it",
    "outcome": "something",
    "people": "people",
    "direction": "higher-is-worse",
}


@pytest.fixture(scope="module")
def series(gapped):
    """The series that a real figure belongs to."""

    def find(indicator_id, place, period, breakdown=""):
        one = gapped[
            (gapped["indicator_id"] == indicator_id)
            & (gapped["geography_name"] == place)
            & (gapped["period"] == period)
            & (gapped["breakdown"] == breakdown)
        ]
        assert len(one) > 4
        return series_of(gapped, one)

    return find


@pytest.fixture(scope="module")
def southwark(series):
    return series("talking-therapies-recovery", "Southwark", "2019-20", "broad")


def marks(chart, colour=LIGHT.accent):
    """The marks of one group: the only traces with hover texts."""
    [found] = [
        trace
        for trace in chart.figure.data
        if "markers" in trace.mode and trace.marker.line.color == colour
    ]
    return found


def lines(chart, colour=LIGHT.accent):
    return [
        trace
        for trace in chart.figure.data
        if trace.mode == "lines" and trace.line.color == colour and trace.name != "limits"
    ]


def drawn(made, groups, cells, colours=LIGHT):
    found = over_the_years(made(*cells), "black", "white")
    return (
        trend_chart(found, INDICATOR, groups, colours),
        gap_chart(found, INDICATOR, groups, colours),
    )


def cells_of(values, against, first=2015, **cells):
    return [
        {"period": str(first + n), "ethnic_group": code, "value": value, **cells}
        for n, both in enumerate(zip(values, against, strict=True))
        for code, value in zip(("black", "white"), both, strict=True)
        if value is not None
    ]


def test_a_series_differs_in_its_period_alone(southwark):
    assert sorted(southwark["period"].unique()) == ["2017-18", "2018-19", "2019-20"]
    for name in ("source_id", "indicator_id", "geography_code", "measure", "breakdown"):
        assert southwark[name].nunique() == 1, name


def test_no_series_crosses_the_change_of_the_early_years_profile(gapped):
    one = gapped[gapped["figure_id"] == "sr-2024-25-lambeth-black"]
    assert series_of(gapped, one)["year"].min() == 2022


def test_the_periods_stand_in_order_with_every_value_and_limit(southwark, indicators, groups):
    found = over_the_years(southwark, "black", "white")
    indicator = indicators["talking-therapies-recovery"]
    chart = trend_chart(found, indicator, groups, LIGHT)
    black, white = marks(chart), marks(chart, LIGHT.mark)
    assert list(black.y) == [35, 43, 44]
    assert list(white.y) == [44, 52, 54]
    assert list(chart.figure.layout.xaxis.ticktext[::-1]) == ["2017-18", "2018-19", "2019-20"]
    limits = [trace for trace in chart.figure.data if trace.name == "limits"]
    assert [len(trace.x) for trace in limits] == [9, 9], "two ends and a break for each figure"
    for told in ("Black: 2017-18 35%", "2019-20 44%", "White: 2017-18 44%", "2019-20 54%"):
        assert told in chart.alt
    assert "Over the years, Black: not tested; White: not tested" in chart.alt


def test_the_title_is_the_finding(series, indicators, groups):
    rows = series("talking-therapies-referral-rate", "England", "2024-25", "broad")
    found = over_the_years(rows, "black", "white")
    indicator = indicators["talking-therapies-referral-rate"]
    chart = trend_chart(found, indicator, groups, LIGHT)
    assert chart.title == (
        "Referrals to Talking Therapies for every 1,000 residents: rising for the Black and White "
        "groups"
    )
    assert "Per 1,000 residents. England, 2017-18 to 2024-25." in chart.subtitle
    assert "Calculated by this dashboard" in chart.subtitle
    gap = gap_chart(found, indicator, groups, LIGHT)
    assert gap.title == "The gap between the Black and White groups: the groups changed places"
    assert "2017-18 0.71 times (95% limits 0.70 to 0.71)" in gap.alt
    assert gap.figure.layout.yaxis.type == "log"
    assert gap.figure.layout.shapes[0].y0 == 1
    assert gap.figure.layout.shapes[0].y1 == 1
    assert "same" in gap.figure.layout.yaxis.ticktext


def test_years_without_figures_break_the_line_and_stay_on_the_axis(series, indicators, groups):
    rows = series("key-stage-2-expected-standard", "London", "2024-25")
    found = over_the_years(rows, "black", "white")
    chart = trend_chart(found, indicators["key-stage-2-expected-standard"], groups, LIGHT)
    assert [len(line.x) for line in lines(chart)] == [2, 4]
    at = list(marks(chart).x)
    assert [round(b - a) for a, b in pairwise(at)] == [1, 3, 1, 1, 1]
    gap = gap_chart(found, indicators["key-stage-2-expected-standard"], groups, LIGHT)
    assert [len(line.x) for line in lines(gap)] == [2, 4]


def test_another_definition_is_grey_and_stands_behind_a_dotted_line(
    series, indicators, groups, gapped, base
):
    rows = series("attainment-8", "Lambeth", "2024-25")
    found = over_the_years(rows, "black", "white")
    beside = neighbours(gapped, rows, base.indicators, ["black", "white"])
    chart = trend_chart(found, indicators["attainment-8"], groups, LIGHT, beside=beside)
    grey = [trace for trace in chart.figure.data if trace.name == "beside"]
    assert [len(trace.x) for trace in grey] == [4, 4]
    assert all(trace.mode == "markers" for trace in grey), "never joined"
    breaks = [shape for shape in chart.figure.layout.shapes if shape.line.dash == "dot"]
    assert [shape.x0 for shape in breaks] == [2017.25, 2019.25, 2021.25]
    words = [note.text for note in chart.figure.layout.annotations]
    assert words.count("definition changed") == 3
    assert "by another definition" in chart.alt
    assert trend_chart(found, indicators["attainment-8"], groups, LIGHT).figure.layout.shapes == ()


def test_the_gap_shows_the_same_breaks_with_gaps_beside_it_in_grey(
    series, indicators, groups, gapped, base
):
    rows = series("attainment-8", "Lambeth", "2024-25")
    found = over_the_years(rows, "black", "white")
    beside = neighbours(gapped, rows, base.indicators, ["black", "white"])
    gap = gap_chart(found, indicators["attainment-8"], groups, LIGHT, beside=beside)
    words = [note.text for note in gap.figure.layout.annotations]
    assert words.count("definition changed") == 3
    [grey] = [trace for trace in gap.figure.data if trace.name == "beside"]
    assert len(grey.x) == 4
    assert grey.mode == "markers"
    assert "by another definition" in gap.alt
    assert "Difference, " in gap.figure.layout.yaxis.title.text


def test_a_blank_year_is_said_in_the_chart_of_the_gap_too(made, groups):
    cells = cells_of([10, 11, 12], [20, 21, 22])
    cells[2] |= {"value": None, "blank_reason": "suppressed"}
    _, gap = drawn(made, groups, cells)
    notes = {note.text: note.x for note in gap.figure.layout.annotations}
    assert notes["Black: suppressed"] == 2016.5


def test_numbers_stand_beside_their_marks_and_not_on_their_limits(southwark, indicators, groups):
    found = over_the_years(southwark, "black", "white")
    indicator = indicators["talking-therapies-recovery"]
    gap = gap_chart(found, indicator, groups, LIGHT)
    assert marks(gap).textposition == "middle right"
    assert [bool(text) for text in marks(gap).text] == [False] * (len(marks(gap).x) - 1) + [True]
    first = found.rows[found.rows["ethnic_group"] == "black"].iloc[0]
    (number,) = [note for note in gap.figure.layout.annotations if note.x == first["at"]]
    assert number.text == f"{first['ratio']:.2f}"
    assert (number.yanchor, 10**number.y) == ("top", pytest.approx(first["ratio_lower"]))
    chart = trend_chart(found, indicator, groups, LIGHT)
    names = [note for note in chart.figure.layout.annotations if note.xshift]
    assert {note.x for note in names} == {max(marks(chart).x)}, "right of the outermost mark"


def test_scores_have_a_gap_by_difference_with_a_line_at_zero(series, indicators, groups):
    rows = series("progress-8", "London", "2023-24")
    found = over_the_years(rows, "black", "white")
    gap = gap_chart(found, indicators["progress-8"], groups, LIGHT)
    assert gap.title == "The gap between the Black and White groups: closing"
    assert gap.figure.layout.shapes[0].y0 == 0
    low, high = gap.figure.layout.yaxis.range
    assert low < 0
    assert high > 0.1
    assert gap.subtitle.startswith("Difference from the White group, points.")


def test_periods_before_2010_are_shaded_as_history(made, groups):
    cells = cells_of([10, 11, 12, 13], [20, 21, 22, 23], first=2008)
    chart, _ = drawn(made, groups, cells)
    [shade] = chart.figure.layout.shapes
    assert shade.x0 < 2008
    assert shade.x1 == 2010
    assert "History: before 2010" in [note.text for note in chart.figure.layout.annotations]
    assert "history and shaded" in chart.subtitle
    later, _ = drawn(made, groups, cells[4:])
    assert later.figure.layout.shapes == ()
    assert "history" not in later.subtitle


def test_the_scale_says_where_it_does_not_start_at_zero(made, groups):
    far, _ = drawn(made, groups, cells_of([50, 51, 52], [55, 56, 57]))
    assert far.figure.layout.yaxis.range[0] > 0
    assert "The scale does not start at zero." in far.subtitle
    near, _ = drawn(made, groups, cells_of([5, 8, 12], [25, 26, 27]))
    assert near.figure.layout.yaxis.range[0] == 0
    assert "zero" not in near.subtitle


def test_a_suppressed_year_is_said_where_its_mark_would_stand(made, groups):
    cells = cells_of([10, 11, 12], [20, 21, 22])
    cells[2] |= {"value": None, "blank_reason": "suppressed"}
    chart, gap = drawn(made, groups, cells)
    notes = {note.text: note.x for note in chart.figure.layout.annotations}
    assert notes["Black: suppressed"] == 2016.5
    assert list(marks(chart).y) == [10, 12]
    assert [len(line.x) for line in lines(chart)] == [1, 1]
    assert len(marks(gap).x) == 2


def test_a_figure_that_takes_no_part_in_the_test_is_hollow(series, indicators, groups):
    rows = series("talking-therapies-recovery", "Newham", "2019-20", "broad")
    found = over_the_years(rows, "black", "white")
    chart = trend_chart(found, indicators["talking-therapies-recovery"], groups, LIGHT)
    assert list(marks(chart).marker.color) == [LIGHT.accent] * 3 + [LIGHT.background]
    assert [len(line.x) for line in lines(chart)] == [3]
    assert "Hollow marks take no part in the tests." in chart.subtitle


@pytest.mark.parametrize("periods", [1, 2, 20])
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_any_number_of_periods_has_a_chart_with_few_labels(made, groups, periods, colours):
    cells = cells_of(range(10, 10 + periods), [50] * periods, first=2001)
    for chart in drawn(made, groups, cells, colours):
        assert len(marks(chart, colours.accent).x) == periods
        assert 1 <= len(chart.figure.layout.xaxis.ticktext) <= 8
        assert chart.figure.layout.xaxis.ticktext[0] == str(2000 + periods), "the newest is named"


def test_names_of_groups_that_end_together_do_not_cover_one_another(made, groups):
    chart, _ = drawn(made, groups, cells_of([40, 45, 50], [49, 50, 50.2]))
    low, high = chart.figure.layout.yaxis.range
    names = {
        note.text.partition("<")[0]: note.y
        for note in chart.figure.layout.annotations
        if re.match("Black|White", note.text)
    }
    assert (names["White"] - names["Black"]) / (high - low) > 0.1


def test_a_ratio_of_zero_is_said_and_limits_without_end_stop_at_the_axis(made, groups):
    cells = cells_of([0, 10, 20], [30, 30, 30], numerator=None)
    for cell, counts in zip(cells, [(0, 5), (3, 10), (1, 10), (3, 10), (2, 10), (3, 10)],
                            strict=True):  # fmt: skip
        cell |= {"numerator": counts[0], "denominator": counts[1]}
    _, gap = drawn(made, groups, cells)
    assert "ratio of 0: off the scale" in [note.text for note in gap.figure.layout.annotations]
    assert len(marks(gap).x) == 2
    low, high = (10**end for end in gap.figure.layout.yaxis.range)
    for trace in gap.figure.data:
        for y in trace.y:
            assert y is None or low * 0.999 <= y <= high * 1.001
            assert y is None or math.isfinite(y)
    assert "2015 0.00 times" in gap.alt


def test_without_a_year_or_a_gap_there_is_no_chart(made, groups):
    undated = made({"period": "not stated", "value": 10})
    found = over_the_years(undated, "black", None)
    assert trend_chart(found, INDICATOR, groups, LIGHT) is None
    assert gap_chart(found, INDICATOR, groups, LIGHT) is None
