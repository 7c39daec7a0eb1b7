"""A small chart of the years for each borough, placed where the borough lies."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from charts.map_draw import joined, short_name
from charts.map_parts import MapChart, Outline, Words
from charts.theme import Palette, finish
from charts.tile_map import HALF, frame_squares, places_of, square, whole_name
from evidence.ethnicity import Classification
from evidence.numbers import number, with_unit
from evidence.population import LONDON

LOW, HIGH = -0.4, 0.06
"""Where in a square the least and the largest value lie; its name stands above."""

SIDE = 0.38
"""How far to the left and right of a square's middle the first and last period lie."""

LARGE = 2.0
"""How much larger London's panel is, which carries the scale."""


@dataclass(frozen=True)
class Scale:
    """The common scale of every panel: periods from left to right, values from low to high."""

    periods: tuple[str, ...]
    low: float
    high: float

    def point(
        self, middle: tuple[float, float], period: str, value: float, size: float = 1
    ) -> tuple[float, float]:
        """Where a value of a period lies in a panel around a point."""
        steps = max(len(self.periods) - 1, 1)
        along = self.periods.index(period) / steps if len(self.periods) > 1 else 0.5
        up = (value - self.low) / (self.high - self.low)
        x = middle[0] + size * SIDE * (2 * along - 1)
        return x, middle[1] + size * (LOW + (HIGH - LOW) * up)


def small_multiples(
    series: pd.DataFrame,
    boroughs: pd.DataFrame,
    tiles: pd.DataFrame,
    groups: Classification,
    words: Words,
    colours: Palette,
    *,
    group: str,
    reference: str | None,
    unit: str,
) -> MapChart:
    """Panels of one scale: the chosen group in the accent colour, the other one in grey.

    Parameters
    ----------
    series
        :func:`evidence.place_series.series_across`.
    boroughs
        The table of boroughs.
    tiles
        The column and row of each borough's square.
    groups
        The classification.
    words
        The chart's words, without the numbers of the text alternative, which are added here.
    colours
        The theme's colours.
    group, reference
        The codes of the groups that are followed; the second may be missing.
    unit
        That of the figures.
    """
    of_boroughs = series["geography_code"].isin(boroughs["borough_code"])
    periods = series.loc[of_boroughs & series["value"].notna(), "period"]
    # London has years that no borough has.
    told = series[series["value"].notna() & series["period"].isin(periods)]
    places = places_of(tiles)
    names = dict(zip(boroughs["borough_code"], boroughs["name"], strict=True))
    scale = _scale(told)
    figure = go.Figure()
    held = [code for code in places if code in set(told["geography_code"])]
    lacking = [code for code in places if code not in set(held)]
    _panels(figure, places, held, lacking, colours)
    corner = (0.5, -0.5)
    for code, colour, width in ((reference, colours.faint, 2), (group, colours.accent, 2.5)):
        if code is None or scale is None:
            continue
        of_code = told[told["ethnic_group"] == code]
        _lines(
            figure, of_code, {**places, LONDON: corner}, scale, colour, width, groups.short(code)
        )
    if scale is not None:
        _axes(figure, corner, scale, unit, colours)
        _ends(figure, told, corner, scale, groups, colours, group=group, reference=reference)
    for whole in (True, False):
        _write(figure, places, names, lacking, colours, whole=whole)
    shown = [code for code in places if code in names]
    figure.add_scatter(
        x=[places[code][0] for code in shown],
        y=[places[code][1] for code in shown],
        mode="markers",
        marker={"size": 40, "symbol": "square", "color": "rgba(0,0,0,0)"},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=[names[code] for code in shown],
        text=[
            _hover(names[code], series[series["geography_code"] == code], groups) for code in shown
        ],
        hovertemplate="%{text}<extra></extra>",
        name="choose",
    )
    finish(figure, colours, height=736)
    frame_squares(figure, tiles)
    alt = f"{words.alt} {_alt(told, names, lacking, groups)}"
    return MapChart(figure, words.title, words.subtitle, alt, ())


def _scale(told: pd.DataFrame) -> Scale | None:
    """The scale that holds every value, its ends on round numbers; None where there is none."""
    if told.empty:
        return None
    low, high = float(told["value"].min()), float(told["value"].max())
    step = 10.0 ** math.floor(math.log10(high - low)) if high > low else 1.0
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    periods = told.drop_duplicates("period").sort_values(["year", "period"])["period"]
    return Scale(tuple(str(period) for period in periods), low, high if high > low else low + step)


def _panels(
    figure: go.Figure,
    places: dict[str, tuple[float, float]],
    held: Iterable[str],
    lacking: Iterable[str],
    colours: Palette,
) -> None:
    """The squares behind the lines: filled where there is something to show, else outlined."""
    styles = (
        ("measured", held, {"fillcolor": colours.surface, "line": {"width": 0}}),
        (
            "not measured",
            lacking,
            {
                "fillcolor": "rgba(0,0,0,0)",
                "line": {"color": colours.faint, "width": 1, "dash": "dot"},
            },
        ),
    )
    for name, codes, style in styles:
        x, y = joined(square(*places[code], HALF) for code in codes)
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            fill="toself",
            hoverinfo="skip",
            name=name,
            meta=list(codes),
            **style,
        )


def _lines(
    figure: go.Figure,
    told: pd.DataFrame,
    places: dict[str, tuple[float, float]],
    scale: Scale,
    colour: str,
    width: float,
    name: str,
) -> None:
    """One group's line in every panel, with a dot where its newest value is."""
    paths: list[Outline] = []
    last_x, last_y = [], []
    for code, rows in told.groupby("geography_code", sort=False):
        if code not in places:
            continue
        size = LARGE if code == LONDON else 1
        points = [
            scale.point(places[str(code)], str(row["period"]), float(row["value"]), size)
            for row in rows.sort_values(["year", "period"]).to_dict("records")
        ]
        paths.append(([point[0] for point in points], [point[1] for point in points]))
        last_x.append(points[-1][0])
        last_y.append(points[-1][1])
    x, y = joined(paths)
    line = {"color": colour, "width": width}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", name=name)
    marker = {"size": 5, "color": colour}
    figure.add_scatter(
        x=last_x, y=last_y, mode="markers", marker=marker, hoverinfo="skip", name=f"{name}, newest"
    )


def _axes(
    figure: go.Figure, corner: tuple[float, float], scale: Scale, unit: str, colours: Palette
) -> None:
    """London's panel with the scale that every panel shares."""
    top, bottom = corner[1] + LARGE * HIGH, corner[1] + LARGE * LOW
    left, right = corner[0] - LARGE * SIDE, corner[0] + LARGE * SIDE
    figure.add_scatter(
        x=[left, left, right],
        y=[top, bottom, bottom],
        mode="lines",
        line={"color": colours.faint, "width": 1},
        hoverinfo="skip",
        name="scale",
    )
    # Inside the panel, as there is no room beside it on a phone.
    for y, value, anchor in ((top, scale.high, "top"), (bottom, scale.low, "bottom")):
        figure.add_annotation(
            x=left,
            y=y,
            text=with_unit(number(round(value, 1)), "%" if unit == "%" else ""),
            showarrow=False,
            font={"size": 12, "color": colours.muted},
            xanchor="left",
            yanchor=anchor,
            xshift=2,
        )


def _ends(
    figure: go.Figure,
    told: pd.DataFrame,
    corner: tuple[float, float],
    scale: Scale,
    groups: Classification,
    colours: Palette,
    *,
    group: str,
    reference: str | None,
) -> None:
    """The names of the lines over London's panel, each in its colour."""
    london = (told["geography_code"] == LONDON).any()
    first, last = scale.periods[0], scale.periods[-1]
    years = first if first == last else f"{first} to {last}"
    lines = [(f"{'London' if london else 'Every borough'}, {years}", colours.text)]
    lines.append((groups.short(group), colours.accent))
    if reference is not None:
        lines.append((groups.short(reference), colours.muted))
    text = "<br>".join(
        f'<span style="color:{colour}"><b>{name}</b></span>' for name, colour in lines
    )
    left, top = corner[0] - LARGE * SIDE, corner[1] + LARGE * HIGH
    figure.add_annotation(
        x=left,
        y=top,
        text=text,
        showarrow=False,
        align="left",
        xanchor="left",
        yanchor="bottom",
        font={"size": 13},
        yshift=6,
    )


def _write(
    figure: go.Figure,
    places: dict[str, tuple[float, float]],
    names: dict[str, str],
    lacking: list[str],
    colours: Palette,
    *,
    whole: bool,
) -> None:
    """The names of the boroughs, and that one was not measured."""
    shown = [code for code in places if code in names]
    texts = []
    for code in shown:
        name = whole_name(names[code]) if whole else short_name(names[code])
        gone = "<br>not measured" if whole else ""
        texts.append(f"{name}{gone}" if code in lacking else name)
    figure.add_scatter(
        x=[places[code][0] for code in shown],
        y=[places[code][1] + (0 if code in lacking else 0.42) for code in shown],
        mode="text",
        text=texts,
        textposition=["middle center" if code in lacking else "bottom center" for code in shown],
        textfont={
            "size": 11,
            "color": [colours.muted if code in lacking else colours.text for code in shown],
        },
        hoverinfo="skip",
        name="whole names" if whole else "short names",
        opacity=1 if whole else 0,
    )


def _hover(name: str, rows: pd.DataFrame, groups: Classification) -> str:
    lines = [f"<b>{name}</b>"]
    for code, one in rows.groupby("ethnic_group", sort=False):
        told = ", ".join(f"{row['period']}: {row['told']}" for row in one.to_dict("records"))
        lines.append(f"{groups.short(str(code))}: {told}")
    return "<br>".join(lines if len(lines) > 1 else [*lines, "not measured"])


def _alt(
    told: pd.DataFrame, names: dict[str, str], lacking: list[str], groups: Classification
) -> str:
    """The first and the newest value of each group in each borough."""
    parts = []
    for code, name in sorted(names.items(), key=lambda item: item[1]):
        lines = []
        for group, rows in told[told["geography_code"] == code].groupby("ethnic_group", sort=False):
            ends = rows.iloc[[0, -1]] if len(rows) > 1 else rows
            values = " to ".join(f"{r['told']} in {r['period']}" for r in ends.to_dict("records"))
            lines.append(f"{groups.short(str(group))} {values}")
        if lines:
            parts.append(f"{name}: {'; '.join(lines)}.")
    without = ", ".join(sorted(names[code] for code in lacking if code in names))
    return " ".join([*parts, f"Not measured: {without}."] if without else parts)
