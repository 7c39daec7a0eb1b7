"""The boroughs as squares of one size, so that a small borough counts as much as a large one."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts.map_draw import add_areas, hover, inside_of, short_name
from charts.map_parts import Look, MapChart, Outline, Words
from charts.theme import Palette, finish, wrap
from evidence.place_values import AcrossBoroughs

HALF = 0.47
"""Half the side of a square; what is left to 0.5 parts it from the next."""

HALF_INSIDE = 0.4
"""Half the side of what a hollow square's rim goes round."""


def tile_map(
    across: AcrossBoroughs,
    tiles: pd.DataFrame,
    look: Look,
    words: Words,
    colours: Palette,
) -> MapChart:
    """A square for each borough, with its name and its number on it.

    Parameters
    ----------
    across
        What is shown of each borough.
    tiles
        The column and row of each borough's square (columns of the BoroughTile model).
    look
        :func:`charts.map_parts.look` of it.
    words
        The map's words.
    colours
        The theme's colours.
    """
    figure = go.Figure()
    places = places_of(tiles)
    shapes = {code: square(*place, HALF) for code, place in places.items()}
    inner = {code: square(*place, HALF_INSIDE) for code, place in places.items()}
    add_areas(figure, shapes, look.fills, colours, inner=inner)
    shown = across.boroughs[across.boroughs["borough_code"].isin(places)]
    _write(figure, shown, places, look, colours, whole=True)
    _write(figure, shown, places, look, colours, whole=False)
    figure.add_scatter(
        x=[places[code][0] for code in shown["borough_code"]],
        y=[places[code][1] for code in shown["borough_code"]],
        mode="markers",
        marker={"size": 40, "symbol": "square", "color": "rgba(0,0,0,0)"},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=list(shown["name"]),
        text=[hover(row, across) for row in shown.to_dict("records")],
        hovertemplate="%{text}<extra></extra>",
        name="choose",
    )
    finish(figure, colours, height=560)
    frame_squares(figure, tiles)
    return MapChart(figure, words.title, words.subtitle, words.alt, look.key)


def places_of(tiles: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """The middle of each borough's square, by code: a unit to the next, the north at the top."""
    return {
        str(row["borough_code"]): (float(row["column"]), -float(row["row"]))
        for row in tiles.to_dict("records")
    }


def frame_squares(figure: go.Figure, tiles: pd.DataFrame) -> None:
    """Fit the axes to the squares, as wide as high, whatever the size of the figure."""
    whole_domain = {"visible": False, "constrain": "domain"}
    figure.update_xaxes(**whole_domain, range=[-0.5, tiles["column"].max() + 0.5])
    figure.update_yaxes(**whole_domain, scaleanchor="x", range=[-tiles["row"].max() - 0.5, 0.5])
    # A square is a mark that can be pointed at anywhere on it.
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, clickmode="event+select", hoverdistance=60
    )


def square(x: float, y: float, half: float = HALF) -> Outline:
    """The outline of a square around a point."""
    return (
        [x - half, x - half, x + half, x + half, x - half],
        [y - half, y + half, y + half, y - half, y - half],
    )


def _write(
    figure: go.Figure,
    shown: pd.DataFrame,
    places: dict[str, tuple[float, float]],
    look: Look,
    colours: Palette,
    *,
    whole: bool,
) -> None:
    """The names and numbers: whole names for wide screens, four letters for narrow ones."""
    texts, inks = [], []
    for row in shown.to_dict("records"):
        code, name = row["borough_code"], str(row["name"])
        inks.append(colours.on(inside_of(look.fills[code], colours)))
        number = f"<br><b>{look.numbers[code]}</b>" if code in look.numbers else ""
        told = whole_name(name) if whole else short_name(name)
        texts.append(told + number)
    figure.add_scatter(
        x=[places[code][0] for code in shown["borough_code"]],
        y=[places[code][1] for code in shown["borough_code"]],
        mode="text",
        text=texts,
        textfont={"size": 11.5 if whole else 12, "color": inks},
        hoverinfo="skip",
        name="whole names" if whole else "short names",
        opacity=1 if whole else 0,
    )


def whole_name(name: str) -> str:
    """A name as it fits on a square: "Barking &<br>Dagenham", "Richmond"."""
    return wrap(name.removesuffix(" upon Thames").replace(" and ", " & "), 12)
