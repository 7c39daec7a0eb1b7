"""The maps of the boroughs as data: what is filled, hatched, written and told, never pixels."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from charts.choropleth import choropleth, has_room
from charts.map_draw import inside_of, mixed, short_name
from charts.map_parts import (
    Fill,
    Words,
    class_colours,
    classify,
    look,
    short_number,
    words_of,
)
from charts.palettes import DARK, LIGHT, READABLE, contrast
from charts.panel_scale import scale_of
from charts.small_multiples import small_multiples
from charts.tile_map import tile_map
from evidence.classes import Classes, Method, classes
from evidence.place_sentences import caution_across, finding_across
from evidence.place_series import ends_of, series_across
from evidence.place_values import Standing, show_across
from evidence.places import Shown, across_boroughs, london_of, references_of, ways_to_show
from evidence.strength import INCOMPLETE
from loaders.maps import boundaries, icb_outlines, points_inside
from tests.borough_rows import BRENT, LAMBETH, SOUTHWARK, here

THEMES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
KINDS = pytest.mark.parametrize("kind", ["squares", "boundaries"])


@pytest.fixture(scope="module")
def shapes():
    return boundaries()


@pytest.fixture(scope="module")
def inside(shapes):
    return points_inside(shapes)


@pytest.fixture
def draw(base, groups, shapes, inside):
    """Draw a joined set as one kind of map."""

    def make(rows, kind="squares", colours=LIGHT, reference=None, group="black", london=None):
        across = show_across(
            rows,
            base.boroughs,
            groups,
            shown=Shown.RATIO if reference else Shown.FIGURE,
            group=group,
            reference=reference,
            london=london,
        )
        found = classify(across, Method.QUANTILE, 5)
        indicator = {"outcome": "recovery", "people": "people"}
        words = words_of(
            across,
            found,
            title=finding_across(across, rows, indicator, groups),
            what="what is shown",
            caution=caution_across(across),
        )
        looks = look(across, found, colours)
        if kind == "squares":
            return across, tile_map(across, base.tiles, looks, words, colours)
        return across, choropleth(across, shapes, icb_outlines(), inside, looks, words, colours)

    return make


def areas(chart):
    """The codes of the boroughs of each filled trace, by its name."""
    return {
        trace.name: set(trace.meta)
        for trace in chart.figure.data
        if trace.fill == "toself" and not trace.name.startswith("inside")
    }


def trace(chart, name):
    return next(one for one in chart.figure.data if one.name == name)


def code_of(base, name):
    return base.boroughs.set_index("name").at[name, "borough_code"]


# --- Every map -------------------------------------------------------------------------------


@KINDS
def test_every_borough_is_drawn_once_and_can_be_chosen(draw, recovery, base, kind):
    _, chart = draw(recovery, kind)
    drawn = [code for codes in areas(chart).values() for code in codes]
    assert sorted(drawn) == sorted(base.boroughs["borough_code"])
    assert set(trace(chart, "choose").customdata) == set(base.boroughs["name"])


@KINDS
def test_boroughs_not_measured_are_outlined_and_never_coloured(draw, recovery, base, kind):
    across, chart = draw(recovery, kind)
    lacking = across.boroughs.loc[across.boroughs["standing"] == "not-measured", "borough_code"]
    assert areas(chart)["not measured"] == set(lacking)
    outlined = trace(chart, "not measured")
    assert outlined.fillcolor == "rgba(0,0,0,0)"
    assert outlined.line.dash == "dot"


@KINDS
def test_suppressed_and_not_published_and_not_measured_look_different(draw, made, kind):
    rows = across_boroughs(
        made(
            here(LAMBETH, "black"),
            here(BRENT, "black", blank_reason="not-published"),
            here(SOUTHWARK, "black", 12.0),
        )
    )
    _, chart = draw(rows, kind)
    drawn = areas(chart)
    assert drawn["hatched x"] == {LAMBETH}
    assert drawn["hatched ."] == {BRENT}
    assert len(drawn["not measured"]) == 30
    assert trace(chart, "hatched x").fillpattern.shape == "x"
    assert {entry.label: entry.count for entry in chart.key} == {
        "12%": 1,
        "suppressed (small numbers)": 1,
        "not published": 1,
        "not measured": 30,
    }


@KINDS
@pytest.mark.parametrize("values", [[], [49.0], [49.0, 0.0]], ids=["none", "one", "two"])
def test_maps_with_no_one_and_two_boroughs_measured(draw, made, base, kind, values):
    codes = [LAMBETH, BRENT]
    cells = [here(code, "black", value) for code, value in zip(codes, values, strict=False)]
    rows = across_boroughs(made(*cells, here(SOUTHWARK, "black")))
    _, chart = draw(rows, kind)
    drawn = areas(chart)
    coloured = {code for name, held in drawn.items() if "clear" in name for code in held}
    assert coloured == set(codes[: len(values)])
    assert sum(entry.count for entry in chart.key) == 33
    assert len(trace(chart, "choose").customdata) >= 33
    assert chart.title.startswith(
        {
            0: "No borough has a figure to show",
            1: "Recovery among people from Black ethnic groups is measured in one borough alone",
            2: "Recovery among people from Black ethnic groups was lowest in Brent (0%)",
        }[len(values)]
    )


@KINDS
def test_boroughs_that_chance_could_explain_are_hollow(draw, recovery, kind):
    across, chart = draw(recovery, kind, reference="white")
    clear = across.boroughs["verdict"].isin(["higher", "lower"])
    solid = {
        code for name, codes in areas(chart).items() if name.startswith("clear ") for code in codes
    }
    assert solid == set(across.boroughs.loc[clear, "borough_code"])
    (entry,) = [
        one for one in chart.key if one.label == "of these, no clear difference between the groups"
    ]
    assert entry.count == 20
    assert not entry.fill.solid


def test_figures_that_are_held_to_nothing_are_solid(draw, recovery, base):
    _, chart = draw(recovery)
    assert not any(name.startswith("no clear") for name in areas(chart))
    london = london_of(base.figures, recovery, "black")
    _, judged = draw(recovery, london=london)
    assert any(name.startswith("no clear") for name in areas(judged))


@KINDS
@THEMES
def test_what_is_written_can_be_read_on_its_fill(draw, recovery, base, kind, colours):
    for reference in (None, "white"):
        across, chart = draw(recovery, kind, colours, reference=reference)
        fills = look(across, classify(across, Method.QUANTILE, 5), colours).fills
        for written in (one for one in chart.figure.data if one.mode == "text"):
            for text, ink in zip(written.text, written.textfont.color, strict=True):
                name = next(
                    name
                    for name in sorted(base.boroughs["name"], key=len, reverse=True)
                    if _told_in(name, text)
                )
                behind = inside_of(fills[code_of(base, name)], colours)
                assert contrast(ink, behind) >= READABLE, name


def _told_in(name, text):
    plain = re.sub(r"<br>|<b>.*", " ", text).strip()
    return plain in {name, short_name(name)} or (
        " ".join(plain.split()) == name.removesuffix(" upon Thames").replace(" and ", " & ")
    )


@KINDS
def test_nothing_is_fetched_from_elsewhere(draw, recovery, kind):
    _, chart = draw(recovery, kind)
    assert {one.type for one in chart.figure.data} == {"scatter"}
    assert "http" not in json.dumps(chart.figure.to_plotly_json(), default=str)


@KINDS
def test_a_mile_is_as_long_upwards_as_across_at_any_size(draw, recovery, kind):
    layout = draw(recovery, kind)[1].figure.layout
    assert layout.yaxis.scaleanchor == "x"
    # A range that grew to fill a tall frame would not shrink with it on a phone.
    assert layout.xaxis.constrain == layout.yaxis.constrain == "domain"


@KINDS
def test_the_text_alternative_states_the_finding_and_every_number(draw, recovery, kind):
    across, chart = draw(recovery, kind, reference="white")
    assert chart.alt.startswith(f"{chart.title}.")
    for row in across.measured.to_dict("records"):
        assert f"{row['name']} {row['told']}" in chart.alt
    assert "Not measured: City of London, Hackney" in chart.alt
    assert "chance" in chart.alt


@KINDS
def test_pointing_tells_the_number_its_limits_and_the_verdict(draw, recovery, kind):
    across, chart = draw(recovery, kind, reference="white")
    marks = trace(chart, "choose")
    told = dict(zip(marks.customdata, marks.text, strict=True))
    row = across.boroughs.set_index("name").loc["Lambeth"]
    assert told["Lambeth"] == (
        f"<b>Lambeth</b><br>{row['told']}<br>95% limits {row['limits_told']}<br>{row['verdict']}"
    )
    assert told["Hackney"] == "<b>Hackney</b><br>not measured"


# --- Squares ---------------------------------------------------------------------------------


def test_each_square_carries_its_name_and_number_in_its_place(draw, recovery, base):
    _, chart = draw(recovery)
    for name in ("whole names", "short names"):
        written = trace(chart, name)
        assert len(written.text) == 33
    tile = base.tiles.set_index("borough_code").loc[LAMBETH]
    written = trace(chart, "short names")
    place = next(n for n, text in enumerate(written.text) if text.startswith("Lamb"))
    assert (written.x[place], written.y[place]) == (tile["column"], -tile["row"])
    assert written.text[place] == "Lamb<br><b>49%</b>"
    assert trace(chart, "whole names").text[place] == "Lambeth<br><b>49%</b>"


def test_the_style_sheet_finds_the_names_by_their_place(draw, recovery):
    names = [one.name for one in draw(recovery)[1].figure.data]
    assert names[-3:] == ["whole names", "short names", "choose"]
    assert trace(draw(recovery)[1], "short names").opacity == 0
    shapes = [one.name for one in draw(recovery, "boundaries")[1].figure.data]
    assert shapes[-3:] == ["behind names", "short names", "choose"]


def test_the_short_names_of_no_two_boroughs_are_the_same(base):
    assert base.boroughs["name"].map(short_name).nunique() == 33


def test_squares_are_all_of_one_size_and_none_overlaps(draw, recovery):
    _, chart = draw(recovery)
    seen = set()
    for one in chart.figure.data:
        if one.fill != "toself" or one.name.startswith("inside"):
            continue
        corners = list(zip(one.x, one.y, strict=True))
        for start in range(0, len(corners), 6):
            x, y = zip(*corners[start : start + 5], strict=True)
            assert max(x) - min(x) == pytest.approx(max(y) - min(y))
            seen.add((round((max(x) + min(x)) / 2), round((max(y) + min(y)) / 2)))
    assert len(seen) == 33


# --- Boundaries ------------------------------------------------------------------------------


def test_the_outlines_of_the_five_nhs_areas_lie_over_the_boroughs(draw, recovery):
    _, chart = draw(recovery, "boundaries")
    outlines = trace(chart, "NHS areas")
    assert list(outlines.x).count(None) == 4
    order = [one.name for one in chart.figure.data]
    assert order.index("NHS areas") > max(order.index(name) for name in areas(chart))


def test_a_map_says_what_its_thick_lines_are_if_it_has_any(draw, recovery, shapes, inside):
    across, chart = draw(recovery, "boundaries")
    assert "NHS areas" in chart.lines
    assert draw(recovery, "squares")[1].lines == ""
    looks = look(across, classify(across, Method.QUANTILE, 5), LIGHT)
    words = Words(chart.title, chart.subtitle, chart.alt)
    assert choropleth(across, shapes, None, inside, looks, words, LIGHT).lines == ""


def test_a_borough_can_be_pointed_at_in_many_places(draw, recovery, base):
    marks = trace(draw(recovery, "boundaries")[1], "choose")
    counts = {name: list(marks.customdata).count(name) for name in base.boroughs["name"]}
    assert min(counts.values()) >= 1
    assert counts["Bromley"] > 10 > counts["Islington"]


def test_a_name_is_written_only_where_its_borough_has_room(draw, recovery, base, shapes):
    _, chart = draw(recovery, "boundaries")
    written = set(trace(chart, "short names").text)
    assert {"Brom", "Croy", "Hill", "Enfi"} <= written
    assert not {"City", "Kens", "Hamm"} & written
    assert trace(chart, "behind names").x == trace(chart, "short names").x
    box = ([0.0, 0.0, 1.0, 1.0, 0.0], [0.0, 1.0, 1.0, 0.0, 0.0])
    assert has_room(box, (0.5, 0.5))
    assert not has_room(box, (0.99, 0.5))
    assert not has_room(box, (0.5, 0.999))


# --- Classes and colours ---------------------------------------------------------------------


@THEMES
@pytest.mark.parametrize("count", range(2, 8))
def test_classes_run_along_the_scale_from_end_to_end(colours, count):
    found = classes([float(n) for n in range(20)], method=Method.EQUAL_INTERVAL, count=count)
    shades = class_colours(found, colours)
    assert len(shades) == len(set(shades)) == count
    assert [shades[0], shades[-1]] == [colours.sequential[0], colours.sequential[-1]]
    places = [colours.sequential.index(shade) for shade in shades]
    assert places == sorted(places)


@THEMES
@pytest.mark.parametrize("side", range(4))
def test_gaps_have_as_many_colours_on_both_sides_of_the_same(colours, side):
    found = Classes(tuple("x" * (2 * side + 1)), (), middle=side)
    shades = class_colours(found, colours)
    places = [colours.diverging.index(shade) for shade in shades]
    assert places[side] == 3
    assert places == sorted(set(places))
    assert [6 - place for place in places[::-1]] == places


def test_numbers_in_the_key_are_those_on_the_squares(base, groups, joined):
    rows = joined[joined["indicator_id"] == "cancer-diagnosed-at-an-early-stage"]
    across = show_across(rows, base.boroughs, groups, shown=Shown.FIGURE, group="all")
    found = classify(across, Method.NATURAL_BREAKS, 4)
    show = short_number(across)
    for row, place in zip(across.boroughs.to_dict("records"), found.members, strict=True):
        if row["standing"] != Standing.MEASURED:
            continue
        low, _, high = found.labels[place].partition(" to ")
        value = float(show(row["value"]).removesuffix("%"))
        assert float(low) <= value
        assert not high or value <= float(high.removeprefix("under "))
        assert len(show(row["value"])) <= 5


def test_a_colour_mixed_with_another_lies_between_them():
    assert mixed("#FF0000", "#000000", 1) == "#FF0000"
    assert mixed("#FF0000", "#0000FF", 0.5) in {"#800080", "#7F0080", "#80007F"}
    assert inside_of(Fill("#102030"), LIGHT) == "#102030"
    assert inside_of(Fill(), LIGHT) == LIGHT.background


def test_no_gap_that_is_clear_of_chance_is_drawn_as_none(base, groups, joined):
    seen = 0
    for _, rows in joined[joined["value"].notna()].groupby("set_id"):
        ways = [way for way in ways_to_show(rows) if way is not Shown.FIGURE]
        references = references_of(rows, "black", groups)
        if not ways or not references or "black" not in set(rows["ethnic_group"]):
            continue
        across = show_across(
            rows, base.boroughs, groups, shown=ways[0], group="black", reference=references[0]
        )
        found = classify(across, Method.QUANTILE, 5)
        assert "same" not in " ".join(found.labels)
        clear = across.boroughs["verdict"].isin(["higher", "lower"])
        seen += int(clear.sum())
        none = "1.00" if ways[0] is Shown.RATIO else "0"
        for row, place in zip(across.boroughs.to_dict("records"), found.members, strict=True):
            if row["verdict"] in {"higher", "lower"} and place == found.middle:
                assert short_number(across)(row["value"]) == none
    assert seen > 100


# --- Small multiples -------------------------------------------------------------------------


@pytest.fixture
def years(base, groups):
    def make(rows, group="black", reference="white", figures=None):
        every = base.figures if figures is None else figures
        series = series_across(every, rows, group, reference)
        words = words_of(
            show_across(rows, base.boroughs, groups, shown=Shown.FIGURE, group=group),
            Classes((), (-1,) * 33),
            title="Finding",
            what="what is shown",
            caution="",
        )
        return series, small_multiples(
            series, base.boroughs, base.tiles, groups, words, LIGHT,
            group=group, reference=reference, unit="%",
        )  # fmt: skip

    return make


def test_each_borough_has_a_panel_and_those_not_measured_an_empty_one(years, recovery, base):
    _, chart = years(recovery)
    drawn = areas(chart)
    assert len(drawn["measured"]) == 29
    assert {code_of(base, "Hackney"), code_of(base, "City of London")} < drawn["not measured"]
    assert len(drawn["measured"] | drawn["not measured"]) == 33
    assert "Hackney<br>not measured" in trace(chart, "whole names").text


def test_every_panel_has_the_same_scale(years, recovery):
    series, chart = years(recovery)
    line = trace(chart, "Black")
    # Lambeth's line, found by its square, has its first and last value in proportion.
    points = [
        (x, y) for x, y in zip(line.x, line.y, strict=True) if x is not None and 2.5 < x < 3.5
        and -4.5 < y < -3.5
    ]  # fmt: skip
    own = series[(series["geography_code"] == LAMBETH) & (series["ethnic_group"] == "black")]
    assert len(points) == len(own) == 3
    heights = [y for _, y in points]
    per_point = (heights[-1] - heights[0]) / (own["value"].iloc[-1] - own["value"].iloc[0])
    assert heights[1] - heights[0] == pytest.approx(
        per_point * (own["value"].iloc[1] - own["value"].iloc[0])
    )
    # 30% to 70% over the 0.46 of a square that lines have.
    assert per_point == pytest.approx(0.46 / 40)


def test_the_chosen_group_has_the_accent_and_the_other_is_grey(years, recovery):
    _, chart = years(recovery)
    assert trace(chart, "Black").line.color == LIGHT.accent
    assert trace(chart, "White").line.color == LIGHT.faint


def test_londons_panel_says_the_scale_the_years_and_the_lines(years, recovery):
    _, chart = years(recovery)
    texts = " ".join(one.text for one in chart.figure.layout.annotations)
    for word in ("London, 2017-18 to 2020-21", "Black", "White", "30%", "70%"):
        assert word in texts


def test_small_multiples_of_nothing_one_and_two_boroughs(years, made, base):
    for values in ([], [49.0], [49.0, 50.0]):
        codes = [LAMBETH, BRENT]
        cells = [here(code, "black", value) for code, value in zip(codes, values, strict=False)]
        rows = made(*cells, here(SOUTHWARK, "black"))
        _, chart = years(across_boroughs(rows), reference=None, figures=rows)
        assert areas(chart).get("measured", set()) == set(codes[: len(values)])
        assert len(trace(chart, "choose").customdata) == 33


def test_the_text_alternative_tells_the_first_and_last_figure_of_each_borough(years, recovery):
    _, chart = years(recovery)
    assert "Lambeth: Black 49% in 2019-20" not in chart.alt
    series, _ = years(recovery)
    own = series[(series["geography_code"] == LAMBETH) & (series["ethnic_group"] == "black")]
    assert f"Lambeth: Black {own['told'].iloc[0]} in 2017-18 to 49% in 2019-20" in chart.alt
    assert "Not measured: City of London, Hackney" in chart.alt


def made_years(made, *told):
    """Rows of Lambeth by period: a value and the note on it."""
    return pd.concat(
        [
            made(here(LAMBETH, "black", value, note=note)).assign(
                period=period, year=float(period[:4]), figure_id=period
            )
            for period, value, note in told
        ],
        ignore_index=True,
    )


def test_lines_stand_in_true_time_and_do_not_cross_a_missing_period(years, made):
    rows = made_years(
        made, ("2015-16", 40.0, None), ("2016-17", 50.0, None), ("2020-21", 50.0, None)
    )
    _, chart = years(across_boroughs(rows), reference=None, figures=rows)
    line = trace(chart, "Black")
    assert len(line.x) == 4
    assert line.x[2] is None
    start, next_year, last = line.x[0], line.x[1], line.x[3]
    assert (last - start) == pytest.approx(5 * (next_year - start))
    assert len(trace(chart, "Black, newest or alone").x) == 1


def test_incomplete_records_are_hollow_and_no_line_runs_through_them(years, made):
    doubtful = f"{INCOMPLETE}."
    rows = made_years(
        made, ("2018-19", 40.0, None), ("2019-20", 45.0, None), ("2020-21", 90.0, doubtful)
    )
    series, chart = years(across_boroughs(rows), reference=None, figures=rows)
    assert len(trace(chart, "Black").x) == 2
    hollow = trace(chart, "Black, left out")
    assert len(hollow.x) == 1
    assert hollow.marker.color == LIGHT.surface
    ((first, newest),) = ends_of(series, "black")
    assert (first["value"], newest["value"]) == (40.0, 45.0)


def test_withheld_figures_are_told_apart_from_what_was_not_measured(years, made):
    rows = made(
        here(LAMBETH, "black"),
        here(BRENT, "black", blank_reason="not-published"),
        here(SOUTHWARK, "black", 12.0),
    )
    _, chart = years(across_boroughs(rows), reference=None, figures=rows)
    drawn = areas(chart)
    assert drawn["withheld"] == {LAMBETH, BRENT}
    assert len(drawn["not measured"]) == 30
    texts = trace(chart, "whole names").text
    assert {"Lambeth<br>suppressed", "Brent<br>not published"} <= set(texts)
    assert "Not published: Brent." in chart.alt


def test_the_scale_says_its_unit_and_that_it_does_not_start_at_zero(years, recovery):
    series, chart = years(recovery)
    assert chart.subtitle.endswith("it runs from 30% to 70% and does not start at zero.")
    rates = scale_of(series, "per 100,000")
    assert rates.told == (
        "Every panel has one scale: it runs from 30 to 70 (per 100,000) and does not start at zero."
    )
    assert scale_of(series.head(0), "%") is None
