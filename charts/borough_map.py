"""A simple map of the 33 boroughs from which one is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from charts.chart import Chart
from charts.theme import Palette, finish

Outline = list[list[float]]


def borough_map(
    boundaries: Mapping[str, Any],
    centres: Mapping[str, tuple[float, float]],
    chosen: str | None,
    colours: Palette,
) -> Chart:
    """The boroughs as outlines, the chosen one filled; each has a mark that can be chosen.

    The outlines are drawn as filled lines: Plotly's own map traces fetch a world map from the
    internet.

    Parameters
    ----------
    boundaries
        GeoJSON with a feature a borough (properties borough_code and name).
    centres
        Longitude and latitude of a point well inside each borough, by its code.
    chosen
        The code of the chosen borough.
    colours
        The theme's colours.
    """
    figure = go.Figure()
    names: dict[str, str] = {}
    for feature in boundaries["features"]:
        code, name = feature["properties"]["borough_code"], feature["properties"]["name"]
        names[code] = name
        x, y = _path(feature["geometry"])
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            fill="toself",
            fillcolor=colours.accent if code == chosen else colours.line,
            line={"color": colours.faint, "width": 1},
            hoverinfo="skip",
        )
    codes = [code for code in names if code in centres]
    figure.add_scatter(
        x=[centres[code][0] for code in codes],
        y=[centres[code][1] for code in codes],
        mode="markers",
        marker={
            "size": 16,
            "color": [colours.background if code == chosen else colours.mark for code in codes],
            "line": {"width": 6, "color": "rgba(0,0,0,0)"},
        },
        # A selection must not fade the other marks: it only names a borough.
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        customdata=[names[code] for code in codes],
        hovertemplate="%{customdata}<extra></extra>",
    )
    finish(figure, colours, height=340)
    figure.update_xaxes(visible=False, constrain="domain")
    # A degree of longitude in London is 0.62 times as long as one of latitude.
    figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=1.61, constrain="domain")
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, clickmode="event+select")
    where = f"{names[chosen]} is filled" if chosen in names else "none is chosen"
    return Chart(
        figure,
        "Choose a borough on the map",
        "Choose a mark to open its borough.",
        f"Map of the 33 London boroughs, {where}. The list above offers the same choice.",
    )


def _path(geometry: Mapping[str, Any]) -> tuple[list[float | None], list[float | None]]:
    """Outer rings as one line each, parted by gaps."""
    polygons = (
        [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    )
    x: list[float | None] = []
    y: list[float | None] = []
    for polygon in polygons:
        outer: Outline = polygon[0]
        x += [point[0] for point in outer] + [None]
        y += [point[1] for point in outer] + [None]
    return x[:-1], y[:-1]
