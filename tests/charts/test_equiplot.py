"""Groups as dots on lines, read as the data that they draw."""

from itertools import pairwise

import pandas as pd
import pytest

from charts.equiplot import BESIDE, LETTER, PHONE, equiplot
from charts.theme import DARK, LIGHT
from evidence.inequality import inequality_of_set
from evidence.inequality_groups import groups_apart
from evidence.place_groups import groups_across, in_lines
from evidence.places import across_boroughs
from evidence.selection import series_of
from tests.borough_rows import BRENT, LAMBETH, SOUTHWARK, here


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


# --- A line a borough ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def boroughs(groups):
    """Draw a joined set as lines of boroughs, the widest on top."""

    def draw(rows, indicator, group="black", reference="white", colours=LIGHT):
        apart = groups_across(rows, groups, group=group, reference=reference)
        ordered = in_lines(apart, groups, by_distance=True)
        chart = equiplot(ordered, indicator, groups, colours, lines="geography_name", chosen=group)
        return ordered, chart

    return draw


def names_over(chart):
    """The names over the first line, with the place of the mark that each points to."""
    return {note.text: note for note in chart.figure.layout.annotations}


def test_a_borough_is_a_row_and_every_figure_a_mark_in_it(joined, boroughs, recovery):
    rows = recovery_rows(joined)
    apart, chart = boroughs(rows, recovery)
    assert len(chart.figure.layout.yaxis.categoryarray) == 29
    drawn = {
        (line.replace("<br>", " "), value)
        for trace in dots(chart).values()
        for line, value in zip(trace.y, trace.x, strict=True)
    }
    assert drawn == set(zip(apart["geography_name"], apart["value"], strict=True))
    assert "London's boroughs, 2019-20" in chart.subtitle
    assert "London's boroughs, 2019-20" in chart.alt


def recovery_rows(joined):
    wanted = joined["indicator_id"] == "talking-therapies-recovery"
    return joined[wanted & (joined["period"] == "2019-20")]


def test_the_first_row_names_the_groups_in_place_of_a_key_where_the_names_do_not_meet(
    joined, boroughs, recovery, groups
):
    apart, chart = boroughs(recovery_rows(joined), recovery)
    first = apart[apart["geography_name"] == apart["geography_name"].iloc[0]]
    names = names_over(chart)
    assert not chart.figure.layout.showlegend
    assert {name: note.x for name, note in names.items()} == {
        groups.short(row["ethnic_group"]): row["value"] for row in first.to_dict("records")
    }
    assert {note.y for note in names.values()} == {chart.figure.layout.yaxis.categoryarray[0]}


def test_names_that_would_meet_on_a_phone_stand_in_a_key(made, boroughs, recovery):
    near = [("asian", 20.0), ("black", 20.1), ("mixed", 20.2), ("other", 20.3), ("white", 20.4)]
    rows = across_boroughs(
        made(
            *(here(LAMBETH, code, value) for code, value in near),
            here(BRENT, "black", 10.0),
            here(BRENT, "white", 10.1),
            here(SOUTHWARK, "black", 90.0),
            here(SOUTHWARK, "white", 90.1),
        )
    )
    _, chart = boroughs(rows, recovery)
    assert not names_over(chart)
    assert chart.figure.layout.showlegend


def test_no_two_names_overlap_at_any_height_on_a_phone(joined, indicators, boroughs):
    seen = 0
    told = joined[joined["value"].notna() & joined["measure"].isin(["percentage", "mean"])]
    of_many = told.groupby("set_id")["ethnic_group"].nunique()
    for set_id in of_many.index[of_many > 3][:40]:
        rows = told[told["set_id"] == set_id]
        indicator = indicators[rows["indicator_id"].iloc[0]]
        apart, chart = boroughs(rows, indicator)
        if chart is None or not names_over(chart):
            continue
        seen += 1
        low, high = apart["value"].min(), apart["value"].max()
        taken = {}
        for name, note in names_over(chart).items():
            at, wide = PHONE * (note.x - low) / (high - low), LETTER * len(name)
            left = at + BESIDE / 2 - wide if note.xanchor == "right" else at - wide / 2
            taken.setdefault(note.ay, []).append((left, left + wide))
            assert left + wide <= PHONE + BESIDE
        for spans in taken.values():
            ordered = sorted(spans)
            assert all(one[1] <= other[0] for one, other in pairwise(ordered))
    assert seen > 5
