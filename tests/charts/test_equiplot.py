"""Groups as dots on lines, read as the data that they draw."""

from itertools import pairwise

import pandas as pd
import pytest

from charts.equiplot import BESIDE, LETTER, LINE_HEIGHT, PHONE, equiplot
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


def line_names(chart):
    """The names of the lines from top to bottom."""
    axis = chart.figure.layout.yaxis
    assert list(axis.tickvals) == list(range(len(axis.ticktext)))
    return [name.replace("<br>", " ") for name in axis.ticktext]


def line_of(chart, height):
    """The line that a mark belongs to, from a third of a line above or below at most."""
    assert abs(height - round(height)) <= 1 / 3
    return line_names(chart)[round(height)]


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
    assert [line_of(chart, at) for at in marks["Black"].y] == black["period"].tolist()
    assert chart.figure.layout.showlegend


def test_a_line_joins_the_lowest_and_the_highest_group(england, recovery, groups):
    rows = england("broad")
    chart = equiplot(rows, recovery, groups, LIGHT, lines="period")
    lines = {
        line_of(chart, trace.y[0]): trace.x for trace in chart.figure.data if trace.mode == "lines"
    }
    for period, part in rows.groupby("period"):
        assert list(lines[period]) == [part["value"].min(), part["value"].max()]
    assert line_names(chart) == list(rows["period"].unique())


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
    assert f"groups lie {measures.loc['d', 'value']} apart, from " in chart.title
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
    assert line_names(chart) == ["Lambeth", "Sutton"]
    assert "in 2 boroughs groups lie " in chart.title
    assert not {"Sutton", "Lambeth"} & set(chart.title.split()), "areas are not ranked"
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
    assert line_names(chart) == ["2022"]
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
    assert len(line_names(chart)) == 29
    drawn = {
        (line_of(chart, line), value)
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
    assert {line_of(chart, note.y) for note in names.values()} == {first["geography_name"].iloc[0]}


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
            # Where the name stands, from its line: the mark may be above or below it.
            taken.setdefault(round(note.ay + LINE_HEIGHT * note.y), []).append((left, left + wide))
            assert left + wide <= PHONE + BESIDE
        for spans in taken.values():
            ordered = sorted(spans)
            assert all(one[1] <= other[0] for one, other in pairwise(ordered))
    assert seen > 5


def test_no_mark_hides_another_of_its_line(joined, boroughs, recovery):
    apart, chart = boroughs(recovery_rows(joined), recovery)
    same = apart.duplicated(["geography_name", "value"])
    assert same.any(), "some groups have the same value"
    marks = [mark for trace in dots(chart).values() for mark in zip(trace.x, trace.y, strict=True)]
    assert len(set(marks)) == len(apart)
    assert "above or below its line where near ones would hide it" in chart.subtitle


def test_the_finding_names_the_groups_at_the_ends_and_ranks_no_borough(joined, boroughs, recovery):
    apart, chart = boroughs(recovery_rows(joined), recovery)
    assert "in 29 boroughs groups lie 5.3 to 33 percentage points apart" in chart.title
    highest = apart[
        apart["estimate"] == apart.groupby("geography_name")["estimate"].transform("max")
    ]
    whites = (highest["ethnic_group"] == "white").sum()
    assert f"the highest is most often White (in {whites})" in chart.title
    assert not any(name in chart.title for name in apart["geography_name"])


def one_borough(made, *extra):
    codes = ["asian", "black", "mixed", "other", "white", *extra]
    return across_boroughs(
        made(*(here(LAMBETH, code, 40.0 + 5 * place) for place, code in enumerate(codes)))
    )


def test_the_finding_of_one_borough_names_its_ends(made, boroughs, recovery):
    _, chart = boroughs(one_borough(made, "asian-chinese"), recovery)
    assert chart.title.endswith(
        "groups lie 25 percentage points apart in Lambeth, from 40% (Asian) to 65% (Chinese)"
    )


def test_the_broad_groups_keep_their_colours_beside_one_other(made, boroughs, recovery):
    _, alone = boroughs(one_borough(made), recovery)
    _, beside = boroughs(one_borough(made, "asian-chinese"), recovery)
    looks = {name: (mark.marker.color, mark.marker.symbol) for name, mark in dots(beside).items()}
    for name, mark in dots(alone).items():
        assert looks.pop(name) == (mark.marker.color, mark.marker.symbol)
    assert list(looks) == ["Chinese"]
    assert len({mark.marker.symbol for mark in dots(beside).values()}) == 6


def test_the_chosen_group_alone_has_an_outline_and_the_subtitle_says_so(made, boroughs, recovery):
    _, chart = boroughs(one_borough(made), recovery)
    assert [name for name, mark in dots(chart).items() if mark.marker.line.width] == ["Black"]
    assert "Black has an outline." in chart.subtitle
