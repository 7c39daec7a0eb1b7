"""A chart goes into a picture in the light theme's colours, whichever theme the reader has."""

import json

import plotly.graph_objects as go
import pytest

from charts.palettes import DARK, LIGHT
from charts.pictures import picture_figure
from charts.theme import finish


def chart(colours):
    figure = go.Figure()
    figure.add_scatter(
        x=[1, 2],
        y=["Black", "White"],
        marker={"color": [colours.accent, colours.mark], "line": {"color": colours.background}},
        fillcolor=colours.sequential[6],
    )
    return finish(figure, colours, height=200)


def test_a_dark_chart_becomes_the_light_one():
    assert json.loads(picture_figure(chart(DARK))) == json.loads(picture_figure(chart(LIGHT)))


def test_a_light_chart_stays_as_it_is():
    figure = chart(LIGHT)
    assert json.loads(picture_figure(figure)) == json.loads(figure.to_json())


@pytest.mark.parametrize("one", ["sequential-1", "diverging-4", "group-other", "surface", "text"])
def test_each_dark_colour_has_one_light_partner(one):
    dark = go.Figure(go.Scatter(x=[1], y=[1], marker_color=DARK.variables()[one]))
    found = json.loads(picture_figure(dark))["data"][0]["marker"]["color"]
    assert found == LIGHT.variables()[one]


def test_no_two_colours_of_a_theme_are_the_same_so_that_each_can_be_exchanged():
    for colours in (LIGHT, DARK):
        named = [v for k, v in colours.variables().items() if not k.startswith("on-")]
        assert len(set(named)) == len(named)
