"""The boroughs in their own shapes, with the outlines of the NHS areas over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from charts.map_draw import add_areas, hover, inside_of, joined, short_name
from charts.map_parts import Look, MapChart, Outline, Words
from charts.theme import Palette, finish
from evidence.place_values import AcrossBoroughs

DEGREES = 1.61
"""How much longer a degree of latitude is in London than one of longitude."""

LABEL = (0.046, 0.01)
"""Degrees of longitude and latitude that a short name takes where the map is widest."""

LINES = "Thick lines are the borders of London's NHS areas (Integrated Care Boards of 2022)."
"""What the outlines over the boroughs are."""


def choropleth(
    across: AcrossBoroughs,
    boundaries: Mapping[str, Any],
    icbs: Mapping[str, Any] | None,
    inside: Mapping[str, Sequence[tuple[float, float]]],
    look: Look,
    words: Words,
    colours: Palette,
) -> MapChart:
    """The boroughs filled by class.

    They are drawn as filled lines: Plotly's own map traces fetch a world map from the internet.

    Parameters
    ----------
    across
        What is shown of each borough.
    boundaries
        GeoJSON with a feature a borough (properties borough_code and name).
    icbs
        GeoJSON of the NHS areas, or None to leave them out.
    inside
        Longitude and latitude of points in each borough, its middle first, by code: where it can
        be pointed at and chosen.
    look
        :func:`charts.map_parts.look` of it.
    words
        The map's words.
    colours
        The theme's colours.
    """
    figure = go.Figure()
    shapes = {
        feature["properties"]["borough_code"]: outline(feature["geometry"])
        for feature in boundaries["features"]
    }
    add_areas(figure, shapes, look.fills, colours)
    if icbs is not None:
        x, y = joined(outline(feature["geometry"]) for feature in icbs["features"])
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line={"color": colours.text, "width": 2},
            hoverinfo="skip",
            name="NHS areas",
        )
    rows = [row for row in across.boroughs.to_dict("records") if row["borough_code"] in inside]
    written = [
        row for row in rows if has_room(shapes[row["borough_code"]], inside[row["borough_code"]][0])
    ]
    middles = [inside[row["borough_code"]][0] for row in written]
    fills = [look.fills[row["borough_code"]] for row in written]
    # Thick strokes behind the names, so that no stripes run through what is written.
    figure.add_scatter(
        x=[point[0] for point in middles],
        y=[point[1] for point in middles],
        mode="markers",
        marker={
            "symbol": "line-ew",
            "size": 30,
            "line": {"width": 15, "color": [inside_of(fill, colours) for fill in fills]},
        },
        hoverinfo="skip",
        name="behind names",
    )
    figure.add_scatter(
        x=[point[0] for point in middles],
        y=[point[1] for point in middles],
        mode="text",
        text=[short_name(row["name"]) for row in written],
        textfont={
            "size": 12,
            "color": [colours.on(inside_of(fill, colours)) for fill in fills],
        },
        hoverinfo="skip",
        name="short names",
    )
    points = [(point, row) for row in rows for point in inside[row["borough_code"]]]
    told = {row["borough_code"]: hover(row, across) for row in rows}
    figure.add_scatter(
        x=[point[0] for point, _ in points],
        y=[point[1] for point, _ in points],
        mode="markers",
        marker={"size": 14, "color": "rgba(0,0,0,0)"},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=[row["name"] for _, row in points],
        text=[told[row["borough_code"]] for _, row in points],
        hovertemplate="%{text}<extra></extra>",
        name="choose",
    )
    finish(figure, colours, height=560)
    across_x, across_y = (
        _reach(value for shape in shapes.values() for value in shape[axis] if value is not None)
        for axis in (0, 1)
    )
    figure.update_xaxes(visible=False, constrain="domain", range=across_x)
    figure.update_yaxes(
        visible=False, scaleanchor="x", scaleratio=DEGREES, constrain="domain", range=across_y
    )
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, clickmode="event+select", hoverdistance=30
    )
    lines = "" if icbs is None else LINES
    return MapChart(
        figure, words.title, words.subtitle, words.alt, look.key, striped=True, lines=lines
    )


def _reach(values: Iterable[float]) -> list[float]:
    """The least and the largest value, with a little room for the lines' own width."""
    told = list(values)
    room = 0.01 * (max(told) - min(told))
    return [min(told) - room, max(told) + room]


def has_room(shape: Outline, middle: tuple[float, float]) -> bool:
    """Whether a short name around a point stays within an outline."""
    wide, high = LABEL
    x, y = middle
    for level in (y - high / 2, y, y + high / 2):
        crossings = sorted(_crossings(shape, level))
        left = max((one for one in crossings if one <= x), default=x)
        right = min((one for one in crossings if one > x), default=x)
        if min(x - left, right - x) < wide / 2:
            return False
    return True


def _crossings(shape: Outline, level: float) -> Iterator[float]:
    """Where an outline crosses a latitude, from west or from east."""
    for (x, y), (next_x, next_y) in pairwise(zip(*shape, strict=True)):
        if x is None or y is None or next_x is None or next_y is None:
            continue
        if (y < level) != (next_y < level):
            yield x + (level - y) / (next_y - y) * (next_x - x)


def outline(geometry: Mapping[str, Any]) -> Outline:
    """The outer rings of a shape as one line, parted by gaps."""
    whole = geometry["type"] == "Polygon"
    polygons = [geometry["coordinates"]] if whole else geometry["coordinates"]
    return joined(
        ([point[0] for point in polygon[0]], [point[1] for point in polygon[0]])
        for polygon in polygons
    )
