"""Groups as dots on lines, read as the data that they draw."""

import pandas as pd
import pytest

from charts.equiplot import equiplot
from charts.theme import DARK, LIGHT
from evidence.inequality import inequality_of_set
from evidence.inequality_groups import groups_apart
from evidence.selection import series_of


@pytest.fixture(scope="module")
def recovery(indicators):
    return indicators["talking-therapies-recovery"]


@pytest.fixture(scope="module")
def england(gapped, groups):
    """Recovery in England in every period, of groups that share no people."""

    def find(breakdown):
        one = gapped[
            (gapped["indicator_id"] == "talking-therapies-recovery")
            & (gapped["geography_name"] == "England")
            & (gapped["period"] == "2024-25")
            & (gapped["breakdown"] == breakdown)
        ]
        every = series_of(gapped, one).sort_values("year")
        parts = [groups_apart(part, groups) for _, part in every.groupby("period", sort=False)]
        return pd.concat(parts)

    return find


def dots(chart):
    return {trace.name: trace for trace in chart.figure.data if trace.mode == "markers"}


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_each_broad_group_is_a_mark_of_its_own_on_the_line_of_its_period(
    england, recovery, groups, colours
):
    rows = england("broad")
    chart = equiplot(rows, recovery, groups, colours, lines="period")
    marks = dots(chart)
    assert list(marks) == ["Asian", "Black", "Mixed", "White (reference)", "Other"]
    assert len({trace.marker.color for trace in marks.values()}) == 5
    assert len({trace.marker.symbol for trace in marks.values()}) == 5
    black = rows[rows["ethnic_group"] == "black"]
    assert list(marks["Black"].x) == black["value"].tolist()
    assert list(marks["Black"].y) == black["period"].tolist()
    assert chart.figure.layout.showlegend


def test_a_line_joins_the_lowest_and_the_highest_group(england, recovery, groups):
    rows = england("broad")
    chart = equiplot(rows, recovery, groups, LIGHT, lines="period")
    lines = {trace.y[0]: trace.x for trace in chart.figure.data if trace.mode == "lines"}
    for period, part in rows.groupby("period"):
        assert list(lines[period]) == [part["value"].min(), part["value"].max()]
    assert list(chart.figure.layout.yaxis.categoryarray) == list(rows["period"].unique())


def test_of_many_groups_the_chosen_one_and_the_reference_stand_out(england, recovery, groups):
    rows = england("detailed")
    chart = equiplot(rows, recovery, groups, LIGHT, lines="period", chosen="black-african")
    marks = dots(chart)
    assert list(marks) == ["Other groups compared", "Black African", "White British (reference)"]
    assert marks["Black African"].marker.color == LIGHT.accent
    assert sum(len(trace.x) for trace in marks.values()) == len(rows)


def test_title_and_text_tell_how_far_apart_the_groups_lie(england, recovery, groups):
    rows = england("broad")
    chart = equiplot(rows, recovery, groups, LIGHT, lines="period")
    # 44.7% (Other) and 51.7% (White) in 2017-18; 42.9% and 51.7% in 2024-25.
    assert chart.title.endswith(
        "groups lay 7 percentage points apart in 2017-18 and 8.8 percentage points in 2024-25"
    )
    assert "2017-18 from 44.7% (Other) to 51.7% (White)" in chart.alt
    assert "England" in chart.subtitle
    assert "does not start at zero" in chart.subtitle


def test_the_distance_is_that_of_the_summary_of_the_whole_set(gapped, recovery, groups):
    rows = gapped[
        (gapped["indicator_id"] == "talking-therapies-recovery")
        & (gapped["geography_name"] == "Lambeth")
        & (gapped["period"] == "2019-20")
        & (gapped["breakdown"] == "detailed")
    ]
    chart = equiplot(groups_apart(rows, groups), recovery, groups, LIGHT, lines="period")
    measures = inequality_of_set(rows, recovery, groups).set_index("measure")
    assert chart.title.endswith(f"groups lie {measures.loc['d', 'value']} apart")
    apart = groups_apart(rows, groups)["value"]
    assert f"{apart.max() - apart.min():.1f}" not in chart.title, "not from rounded figures"


def test_missing_dots_are_told_by_kind(made, recovery, groups):
    told = made({"value": 10, "ethnic_group": "black"}, {"value": 20, "ethnic_group": "white"},
                {"value": 30, "ethnic_group": "black", "period": "2023"},
                {"value": 31, "ethnic_group": "white", "period": "2023"},
                {"value": 32, "ethnic_group": "asian", "period": "2023"})  # fmt: skip
    blanks = made(
        {"blank_reason": "suppressed", "ethnic_group": "asian"},
        {"blank_reason": "not-published", "ethnic_group": "mixed"},
    )
    chart = equiplot(told, recovery, groups, LIGHT, lines="period", blanks=blanks)
    assert chart.subtitle.endswith("Without a figure: Asian, 2022 suppressed (small numbers).")
    assert "London, 2022 to 2023." in chart.subtitle


def test_lines_can_be_areas(gapped, recovery, groups):
    rows = gapped[
        (gapped["indicator_id"] == "talking-therapies-recovery")
        & gapped["geography_name"].isin(["Lambeth", "Sutton"])
        & (gapped["period"] == "2019-20")
        & (gapped["breakdown"] == "broad")
        & gapped["ethnic_group"].isin(["asian", "black", "mixed", "other", "white"])
    ]
    chart = equiplot(rows, recovery, groups, LIGHT, lines="geography_name")
    assert list(chart.figure.layout.yaxis.categoryarray) == ["Lambeth", "Sutton"]
    assert "furthest apart in Sutton" in chart.title
    assert "2019-20" in chart.subtitle


def test_lines_of_one_group_are_left_out_and_without_lines_there_is_no_chart(
    made, groups, recovery
):
    one = made({"value": 10, "ethnic_group": "black"})
    assert equiplot(one, recovery, groups, LIGHT, lines="period") is None
    two = made(
        {"value": 10, "ethnic_group": "black"},
        {"value": 20, "ethnic_group": "white"},
        {"value": 30, "ethnic_group": "asian", "period": "2023"},
        {"blank_reason": "suppressed", "ethnic_group": "asian"},
    )
    chart = equiplot(two, recovery, groups, LIGHT, lines="period")
    assert list(chart.figure.layout.yaxis.categoryarray) == ["2022"]
    assert "Asian" not in dots(chart)
