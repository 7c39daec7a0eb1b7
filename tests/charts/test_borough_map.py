"""The map from which a borough is chosen."""

import json

import pytest

from charts.borough_map import borough_map
from charts.theme import LIGHT
from loaders.tables import DATA

LAMBETH, SOUTHWARK = "E09000022", "E09000028"


@pytest.fixture(scope="module")
def boundaries():
    return json.loads((DATA / "reference" / "boroughs.geojson").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def centres(boundaries):
    """A point of each borough: the middle of its largest outline."""
    found = {}
    for feature in boundaries["features"]:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        ring = max((polygon[0] for polygon in polygons), key=len)
        found[feature["properties"]["borough_code"]] = tuple(
            sum(point[axis] for point in ring) / len(ring) for axis in (0, 1)
        )
    return found


def outlines(chart):
    return [trace for trace in chart.figure.data if trace.fill == "toself"]


def marks(chart):
    return next(trace for trace in chart.figure.data if trace.mode == "markers")


def test_all_33_boroughs_are_drawn_and_can_be_chosen(boundaries, centres, base):
    chart = borough_map(boundaries, centres, None, LIGHT)
    assert len(outlines(chart)) == 33
    assert set(marks(chart).customdata) == set(base.boroughs["name"])


def test_the_chosen_borough_alone_is_filled_and_its_mark_differs(boundaries, centres):
    chart = borough_map(boundaries, centres, LAMBETH, LIGHT)
    filled = [trace for trace in outlines(chart) if trace.fillcolor == LIGHT.accent]
    assert len(filled) == 1
    x, y = centres[LAMBETH]
    assert min(filled[0].x) < x < max(filled[0].x)
    assert min(filled[0].y) < y < max(filled[0].y)
    colours = dict(zip(marks(chart).customdata, marks(chart).marker.color, strict=True))
    assert colours["Lambeth"] != colours["Southwark"]
    assert len({colour for name, colour in colours.items() if name != "Lambeth"}) == 1


def test_each_mark_stands_in_its_borough(boundaries, centres, base):
    chart = borough_map(boundaries, centres, None, LIGHT)
    places = dict(zip(marks(chart).customdata, zip(marks(chart).x, marks(chart).y, strict=True),
                      strict=True))  # fmt: skip
    names = base.boroughs.set_index("borough_code")["name"]
    assert places == {names[code]: place for code, place in centres.items()}


@pytest.mark.parametrize(
    ("chosen", "words"),
    [(LAMBETH, "Lambeth is filled"), (None, "none is chosen"), ("E09999999", "none is chosen")],
)
def test_the_text_alternative_names_what_is_chosen_and_the_other_way_to_choose(
    boundaries, centres, chosen, words
):
    chart = borough_map(boundaries, centres, chosen, LIGHT)
    assert words in chart.alt
    assert "list above" in chart.alt


def test_a_borough_without_a_centre_is_drawn_and_left_out_of_the_choice(boundaries, centres):
    fewer = {code: place for code, place in centres.items() if code != SOUTHWARK}
    chart = borough_map(boundaries, fewer, None, LIGHT)
    assert len(outlines(chart)) == 33
    assert "Southwark" not in marks(chart).customdata
    assert len(marks(chart).customdata) == 32


def test_nothing_is_fetched_from_elsewhere(boundaries, centres):
    chart = borough_map(boundaries, centres, LAMBETH, LIGHT)
    assert {trace.type for trace in chart.figure.data} == {"scatter"}
    assert "http" not in json.dumps(chart.figure.to_plotly_json()["layout"], default=str).replace(
        "http://www.w3.org", ""
    )


def test_choosing_fades_no_other_mark(boundaries, centres):
    mark = marks(borough_map(boundaries, centres, None, LIGHT))
    assert mark.unselected.marker.opacity == mark.selected.marker.opacity == 1


def test_outlines_of_several_parts_are_parted_by_gaps(centres):
    square = [[[0, 0], [0, 1], [1, 1], [0, 0]]]
    far = [[[5, 5], [5, 6], [6, 6], [5, 5]]]
    feature = {
        "properties": {"borough_code": LAMBETH, "name": "Lambeth"},
        "geometry": {"type": "MultiPolygon", "coordinates": [square, far]},
    }
    (outline,) = outlines(borough_map({"features": [feature]}, centres, None, LIGHT))
    assert list(outline.x) == [0, 0, 1, 0, None, 5, 5, 6, 5]
    assert list(outline.y) == [0, 1, 1, 0, None, 5, 6, 6, 5]


def test_a_mile_is_as_long_upwards_as_across(boundaries, centres):
    axis = borough_map(boundaries, centres, None, LIGHT).figure.layout.yaxis
    assert axis.scaleanchor == "x"
    # 1 / cos(51.5 degrees)
    assert axis.scaleratio == pytest.approx(1.606, abs=0.01)
