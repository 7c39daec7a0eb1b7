"""Which years can be held against one another, which way they go, and the words for it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.selection import series_of
from evidence.strength import INCOMPLETE
from evidence.timeline import (
    LOOKS_INCOMPLETE,
    OVERLAPS,
    SOFTENED,
    WITHOUT_PERIOD,
    neighbours,
    runs,
    timed,
)
from evidence.trend_words import (
    figure_words,
    gap_title,
    gap_words,
    left_out_words,
    neighbour_words,
    reference_words,
    series_title,
    size_words,
    table_of_tests,
    trend_word,
)
from evidence.trends import over_the_years

INDICATOR = {
    "name": "Something",
    "measure": "percentage",
    "phrase": "{value} of {people} had it",
    "outcome": "something",
    "people": "people",
    "direction": "higher-is-worse",
}
YEARS = range(2015, 2023)


@pytest.fixture(scope="module")
def followed(gapped):
    """The series of a real figure, tested against its own reference."""

    def follow(figure_id, group=None):
        one = gapped[gapped["figure_id"] == figure_id]
        assert len(one) == 1, figure_id
        series = series_of(gapped, one)
        code = group or str(one["ethnic_group"].iloc[0])
        return over_the_years(series, code, str(one["reference_group"].iloc[0])), series

    return follow


def pairs(values, against, periods=YEARS, **cells):
    """Made cells of a group and of White, a period each, with limits two in a hundred away."""
    return [
        {
            "period": str(period),
            "ethnic_group": code,
            "value": value,
            "lower": value * 0.98,
            "upper": value * 1.02,
            **cells,
        }
        for period, *both in zip(periods, values, against, strict=True)
        for code, value in zip(("black", "white"), both, strict=True)
    ]


def followed_made(made, cells):
    return over_the_years(made(*cells), "black", "white")


def test_a_rate_that_doubles_rises_and_the_crossing_is_no_closing(followed):
    found, _ = followed("calc-tt-2024-25-england-referral-rate-black")
    assert (found.group.verdict, found.other.verdict) == ("rising", "rising")
    assert (found.group.first["period"], found.group.last["period"]) == ("2017-18", "2024-25")
    assert found.group.points == 8
    assert found.group.test == "weighted least squares on logarithms"
    assert found.group.unit == "%"
    assert found.group.lower < found.group.change < found.group.upper
    assert found.relative.crossed
    assert found.relative.verdict == "neither"


def test_percentages_change_in_percentage_points_a_year(followed):
    found, series = followed("tt-2024-25-london-recovery-ethnic-minority")
    assert found.group.unit == "percentage points"
    assert found.group.verdict == "falling"
    values = series.loc[series["ethnic_group"] == "ethnic-minority"].sort_values("year")["value"]
    steps = np.diff(values)
    assert found.group.change == pytest.approx(np.mean(steps), abs=0.3)
    assert found.group.points == 5


def test_scores_without_limits_are_ranked_and_say_no_size(followed, gapped, indicators, groups):
    one = gapped[
        (gapped["indicator_id"] == "progress-8")
        & (gapped["geography_name"] == "London")
        & (gapped["ethnic_group"] == "black")
    ]
    found, _ = followed(one["figure_id"].iloc[-1])
    assert found.group.test == found.absolute.test == "Mann-Kendall"
    assert found.relative is None
    assert found.absolute.verdict == "closing"
    assert size_words(found.other) == ""
    told = reference_words(found, indicators["progress-8"], groups)
    assert told.endswith("Over these seven periods it was rising (better).")


def test_four_periods_are_too_few(made, groups):
    found = followed_made(made, pairs([10, 20, 30, 40], [50] * 4, range(2015, 2019)))
    assert found.group.verdict is None
    assert found.group.reason == "four periods can be compared; at least five are needed"
    assert found.relative.reason.startswith("four periods with figures of both groups")
    told = figure_words(found, INDICATOR, groups)
    assert told.endswith("can't be told: four periods can be compared; at least five are needed.")
    assert "at least five are needed" in gap_words(found, INDICATOR, groups)
    assert series_title(found, INDICATOR, groups) == "Something over the years"
    assert "over the years" in gap_title(found, groups)


def test_financial_years_that_touch_all_count(made):
    periods = [f"{year}-{(year + 1) % 100:02d}" for year in range(2015, 2020)]
    found = followed_made(made, pairs([10, 12, 15, 18, 22], [40] * 5, periods))
    assert found.group.points == 5
    assert found.group.verdict == "rising"
    assert found.left_out == {}


def test_averages_rolled_forward_stand_once_each_from_the_newest_back(made):
    periods = [f"{year}-{year + 2}" for year in range(2001, 2017)]
    found = followed_made(made, pairs(np.linspace(10, 40, 16), [60] * 16, periods))
    used = found.rows[found.rows["left_out"].isna() & (found.rows["ethnic_group"] == "black")]
    assert list(used["period"]) == [
        "2001-2003", "2004-2006", "2007-2009", "2010-2012", "2013-2015", "2016-2018",
    ]  # fmt: skip
    assert found.group.points == 6
    assert found.group.verdict == "rising"
    assert found.relative.points == 6
    assert set(found.left_out) == {OVERLAPS}


def test_too_few_averages_that_do_not_overlap_have_no_verdict(made):
    periods = [f"{year}-{year + 2}" for year in range(2010, 2020)]
    found = followed_made(made, pairs(np.linspace(10, 40, 10), [60] * 10, periods))
    assert found.group.verdict is None
    assert found.group.reason == (
        "the periods overlap, and of those that don't only four periods can be compared; "
        "at least five are needed"
    )


def test_records_that_look_incomplete_take_no_part(gapped, groups):
    one = gapped[gapped["figure_id"] == "tt-2019-20-newham-recovery-black"]
    found = over_the_years(series_of(gapped, one), "black", "white")
    assert found.left_out == {LOOKS_INCOMPLETE: ["2020-21"]}
    assert found.group.points == 3
    assert left_out_words(found) == (
        "Left out of the tests: 2020-21 (the records look incomplete)."
    )


def test_what_is_suppressed_softened_or_undated_is_left_out_and_said(made):
    cells = pairs([10, 12, 15, 18, 22, 26], [40] * 6, range(2015, 2021))
    cells[2] |= {"value": None, "lower": None, "upper": None, "blank_reason": "suppressed"}
    cells[4] |= {"qualifier": "about"}
    cells[6] |= {"note": f"{INCOMPLETE}: fewer than half."}
    cells[8] |= {"period": "not stated"}
    rows = timed(made(*cells))
    told = rows[rows["ethnic_group"] == "black"].set_index("period")["left_out"]
    assert told["2016"] == "suppressed (small numbers)"
    assert told["2017"] == SOFTENED
    assert told["2018"] == LOOKS_INCOMPLETE
    assert told["not stated"] == WITHOUT_PERIOD
    assert told[["2015", "2020"]].isna().all()


def test_a_way_of_counting_that_changes_inside_the_rows_stops_the_test(made):
    cells = pairs([10, 12, 15, 18, 22, 26], [40] * 6, range(2015, 2021))
    for cell in cells[6:]:
        cell["standardisation"] = "age-standardised"
    found = followed_made(made, cells)
    assert found.group.verdict is None
    assert found.group.reason == "the series breaks in 2018, when the way of counting changed"
    assert found.relative.reason == found.group.reason
    own = found.rows[found.rows["ethnic_group"] == "black"]
    assert [list(run["period"]) for run in runs(own)] == [
        ["2015", "2016", "2017"], ["2018", "2019", "2020"],
    ]  # fmt: skip


def test_no_line_is_joined_across_missing_years(gapped):
    one = gapped[
        (gapped["indicator_id"] == "key-stage-2-expected-standard")
        & (gapped["geography_name"] == "Lambeth")
        & (gapped["period"] == "2024-25")
    ]
    found = over_the_years(series_of(gapped, one), "black", "white")
    own = found.rows[found.rows["ethnic_group"] == "black"]
    assert [list(run["period"]) for run in runs(own)] == [
        ["2017-18", "2018-19"], ["2021-22", "2022-23", "2023-24", "2024-25"],
    ]  # fmt: skip


def test_another_definition_stands_beside_the_series_and_never_in_it(gapped, base):
    one = gapped[
        (gapped["indicator_id"] == "attainment-8")
        & (gapped["geography_name"] == "Lambeth")
        & (gapped["period"] == "2024-25")
    ]
    series = series_of(gapped, one)
    beside = neighbours(gapped, series, base.indicators, ["black", "white"])
    assert sorted(beside["period"].unique()) == ["2015-16", "2016-17", "2019-20", "2020-21"]
    assert set(beside["break_told"]) == {"definition changed"}
    assert set(beside["indicator_id"]) == {"attainment-8-to-2017", "attainment-8-teacher-graded"}
    assert set(beside["geography_name"]) == {"Lambeth"}
    assert set(beside["ethnic_group"]) == {"black", "white"}
    assert neighbour_words(beside) == (
        "Grey figures are no part of the series: those of 2015-16, 2016-17, 2019-20 and 2020-21 "
        "are by another definition."
    )


def test_no_neighbour_shares_a_year_with_the_series(gapped, base):
    england = gapped[
        (gapped["indicator_id"] == "overweight-or-obesity-adults")
        & (gapped["geography_name"] == "England")
        & (gapped["source_id"] == "race-disparity-unit-overweight-adults-2021-22")
    ]
    series = series_of(gapped, england)
    codes = list(series["ethnic_group"].unique())
    beside = neighbours(gapped, series, base.indicators, codes)
    assert set(beside["break_told"]) == {"another source"}
    assert {"2016/17", "2017/18", "2020/21"} >= set(beside["period"]) > set()
    assert neighbour_words(beside).endswith("are from another source.")


def test_figures_without_a_reference_have_a_trend_and_no_gap(gapped):
    one = gapped[gapped["figure_id"] == "tt-2024-25-london-referrals-black"]
    found = over_the_years(series_of(gapped, one), "black", None)
    assert found.group.verdict == "rising"
    assert found.other is found.relative is found.absolute is None
    assert found.no_gap == "there is no group to compare with"


def test_counts_and_groups_that_share_people_are_not_compared(gapped, groups):
    one = gapped[gapped["figure_id"] == "tt-2024-25-london-referrals-black"]
    found = over_the_years(series_of(gapped, one), "black", "white")
    assert gap_words(found, INDICATOR, groups) == (
        "No gap is worked out here: a count is not compared between groups."
    )
    one = gapped[gapped["figure_id"] == "tt-2024-25-london-recovery-all"]
    found = over_the_years(series_of(gapped, one), "all", str(one["reference_group"].iloc[0]))
    assert found.no_gap == "the two groups hold some of the same people"
    assert found.gaps == {}


def test_ratios_that_a_source_gives_are_followed_as_they_are(gapped, indicators, groups):
    one = gapped[
        (gapped["indicator_id"] == "stop-and-search")
        & (gapped["measure"] == "rate_ratio")
        & (gapped["geography_name"] == "England and Wales")
        & (gapped["period"] == "2023/24")
    ]
    found = over_the_years(series_of(gapped, one), "black", "white")
    assert found.group.points == 3
    assert found.other is None
    assert found.gaps == {}
    assert "the gap itself" in gap_words(found, indicators["stop-and-search"], groups)
    assert reference_words(found, indicators["stop-and-search"], groups) == ""


def test_ratio_and_difference_that_differ_are_told_apart(made, groups):
    values = np.array([30, 27, 24, 21, 18.5, 16, 14, 12])
    reference = np.array([20, 17.4, 14.9, 12.5, 10.6, 8.8, 7.4, 6.0])
    found = followed_made(made, pairs(values, reference))
    assert (found.relative.verdict, found.absolute.verdict) == ("widening", "closing")
    told = gap_words(found, INDICATOR, groups)
    assert told.startswith("As a ratio, the gap to people from White ethnic groups was widening.")
    assert "As a difference, the gap to people from White ethnic groups was closing." in told
    assert "In 2015 it was 1.50 times" in told
    assert "in 2022, +6 percentage points" in told
    assert gap_title(found, groups) == (
        "The gap between the Black and White groups: widening as a ratio, closing as a difference"
    )


def test_the_test_of_the_other_group_may_lack_the_years_of_the_first(made):
    cells = pairs([10, 12, 15, 18, 22, 26, 30, 35], [60] * 8)
    found = followed_made(made, [c for c in cells if c["ethnic_group"] == "black"] + cells[1:8:2])
    assert found.group.verdict == "rising"
    assert found.other.verdict is None
    assert found.relative.verdict is None


def test_a_ratio_of_zero_is_ranked_and_breaks_nothing(made):
    cells = pairs([0, 0, 1, 2, 3, 4, 5, 6], [50] * 8)
    found = followed_made(made, cells)
    assert found.group.test == found.relative.test == "Mann-Kendall"
    assert found.group.verdict == "rising"
    assert found.relative.verdict == "closing"


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        ("higher-is-worse", "rising (worse)"),
        ("higher-is-better", "rising (better)"),
        ("neither", "rising"),
    ],
)
def test_rising_is_better_or_worse_by_what_is_measured(made, direction, words):
    found = followed_made(made, pairs([10, 12, 15, 18, 22, 26, 30, 35], [60] * 8))
    assert trend_word(found.group, {**INDICATOR, "direction": direction}) == words
    assert trend_word(found.other, {**INDICATOR, "direction": direction}) == "no steady change"


def test_a_figure_that_came_back_says_that_its_ends_differ(gapped, indicators, groups, followed):
    found, _ = followed("tt-2024-25-england-recovery-black")
    told = figure_words(found, indicators["talking-therapies-recovery"], groups)
    assert told == (
        "In England in 2017-18, 46.4% of people from Black ethnic groups who finished a course of "
        "Talking Therapies recovered. In 2024-25 the figure was 50.5%. Over these eight periods "
        "there was no steady change, though the first and the last differ by more than chance."
    )


def test_every_test_is_named_with_its_size_and_p_value(groups, followed):
    found, _ = followed("tt-2024-25-london-recovery-ethnic-minority")
    table = table_of_tests(found, groups)
    assert [row[0] for row in table] == [
        "Ethnic minorities", "White British", "Ratio of the two", "Difference between the two",
    ]  # fmt: skip
    assert table[0][1] == "falling"
    assert table[0][2].startswith("\N{MINUS SIGN}0.77 percentage points a year (95% limits")
    assert table[0][3] == "weighted least squares on log odds"
    assert table[0][4] == "5"
    assert 0 < float(table[0][5]) < 0.05


def test_the_group_itself_is_not_its_own_reference(made):
    found = over_the_years(made(*pairs(range(10, 18), [50] * 8)), "black", "black")
    assert found.reference is None
    assert found.gaps == {}


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(
        st.one_of(st.none(), st.floats(0, 100).map(lambda x: round(x, 1))), min_size=1, max_size=9
    ),
    measure=st.sampled_from(["percentage", "mean"]),
)
def test_any_series_has_a_verdict_or_a_reason(made, groups, values, measure):
    cells = [
        {
            "period": str(2010 + n),
            "ethnic_group": code,
            "value": value,
            "measure": measure,
            "unit": "%" if measure == "percentage" else "points",
            "blank_reason": "suppressed" if value is None else None,
        }
        for n, value in enumerate(values)
        for code in ("black", "white")
    ]
    found = over_the_years(made(*cells), "black", "white")
    for change in (found.group, found.other, *found.gaps.values()):
        assert (change.verdict is None) == (change.reason is not None)
        assert (change.verdict is not None) == (change.points >= 5)
    assert figure_words(found, INDICATOR, groups)
    assert pd.notna(gap_words(found, INDICATOR, groups))
