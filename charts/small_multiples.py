"""A small chart of the years for each borough, placed where the borough lies."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from charts.map_draw import joined, short_name
from charts.map_parts import MapChart, Outline, Words
from charts.panel_scale import HIGH, LOW, SIDE, Scale, scale_of
from charts.theme import Palette, finish, wrap
from charts.tile_map import HALF, frame_squares, places_of, square, whole_name
from evidence.ethnicity import Classification
from evidence.place_values import Standing
from evidence.population import LONDON
from evidence.timeline import OVERLAPS, runs

LARGE = 2.0
"""How much larger London's panel is, which carries the scale."""


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
    told = series[series["value"].notna() & series["at"].notna()]
    places = places_of(tiles)
    names = dict(zip(boroughs["borough_code"], boroughs["name"], strict=True))
    scale = scale_of(series, unit)
    figure = go.Figure()
    held = [code for code in places if code in set(told["geography_code"])]
    lacking = {code: _reason(series, code) for code in places if code not in set(held)}
    _panels(figure, places, held, lacking, colours)
    corner = (0.5, -0.5)
    for code, colour, width in ((reference, colours.faint, 2), (group, colours.accent, 2.5)):
        if code is None or scale is None:
            continue
        of_code = told[told["ethnic_group"] == code]
        name = groups.short(code)
        style = (colour, colours.surface, width)
        _lines(figure, of_code, {**places, LONDON: corner}, scale, style, name)
    if scale is not None:
        _axes(figure, corner, scale, colours)
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
    # The words of the map are of one period, and of the gap in it, which is not drawn here.
    alt = f"{words.title}. {_alt(told, names, lacking, groups)}"
    subtitle = words.subtitle if scale is None else f"{words.subtitle} {scale.told}"
    return MapChart(figure, words.title, subtitle, alt, ())


def _reason(series: pd.DataFrame, code: str) -> str:
    """Why a borough has no figure: that of its newest row, or that it has none."""
    reasons = series.loc[series["geography_code"] == code, "blank_reason"].dropna()
    standing = Standing(reasons.iloc[-1]) if len(reasons) else Standing.NOT_MEASURED
    return standing.label


def _panels(
    figure: go.Figure,
    places: dict[str, tuple[float, float]],
    held: Iterable[str],
    lacking: dict[str, str],
    colours: Palette,
) -> None:
    """The squares behind the lines: filled where there is something to show, else outlined.

    The outline is dotted where nothing was measured, and whole where figures are withheld.
    """
    unmeasured = Standing.NOT_MEASURED.label
    styles = (
        ("measured", held, {"fillcolor": colours.surface, "line": {"width": 0}}),
        (
            unmeasured,
            [code for code, reason in lacking.items() if reason == unmeasured],
            {
                "fillcolor": "rgba(0,0,0,0)",
                "line": {"color": colours.faint, "width": 1, "dash": "dot"},
            },
        ),
        (
            "withheld",
            [code for code, reason in lacking.items() if reason != unmeasured],
            {"fillcolor": "rgba(0,0,0,0)", "line": {"color": colours.faint, "width": 1}},
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
    style: tuple[str, str, float],
    name: str,
) -> None:
    """One group in every panel: a line for each run of periods, and marks.

    Marks stand where the newest value is and where a value has no neighbour to be joined to;
    they are hollow where a figure takes no part in tests. ``style`` is the colour, that behind
    it, and the width.
    """
    colour, behind, width = style
    paths: list[Outline] = []
    solid: list[tuple[float, float]] = []
    hollow: list[tuple[float, float]] = []
    for code, rows in told.groupby("geography_code", sort=False):
        if code not in places:
            continue
        size = LARGE if code == LONDON else 1

        def points(
            part: pd.DataFrame, middle: tuple[float, float] = places[str(code)], size: float = size
        ) -> list[tuple[float, float]]:
            pairs = zip(part["at"], part["value"], strict=True)
            return [scale.point(middle, at, value, size) for at, value in pairs]

        joinable = runs(rows)
        for place, run in enumerate(joinable):
            path = points(run)
            paths.append(([x for x, _ in path], [y for _, y in path]))
            if len(path) == 1 or place == len(joinable) - 1:
                solid.append(path[-1])
        apart = rows["left_out"].notna() & (rows["left_out"] != OVERLAPS)
        hollow += points(rows[apart])
    x, y = joined(paths)
    line = {"color": colour, "width": width}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", name=name)
    edge = {"color": colour, "width": 1.5}
    for marks, inside, told_of in (
        (solid, colour, f"{name}, newest or alone"),
        (hollow, behind, f"{name}, left out"),
    ):
        figure.add_scatter(
            x=[point[0] for point in marks],
            y=[point[1] for point in marks],
            mode="markers",
            marker={"size": 5, "color": inside, "line": edge},
            hoverinfo="skip",
            name=told_of,
        )


def _axes(figure: go.Figure, corner: tuple[float, float], scale: Scale, colours: Palette) -> None:
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
    unit = "" if scale.unit == "%" else f" {scale.unit}"
    for y, text, anchor in (
        (top, wrap(f"{scale.printed(scale.high)}{unit}", 16), "top"),
        (bottom, scale.printed(scale.low), "bottom"),
    ):
        figure.add_annotation(
            x=left,
            y=y,
            text=text,
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
    lines = [(f"{'London' if london else 'Every borough'}, {scale.years}", colours.text)]
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
    lacking: dict[str, str],
    colours: Palette,
    *,
    whole: bool,
) -> None:
    """The names of the boroughs, and why one has no figure."""
    shown = [code for code in places if code in names]
    texts = []
    for code in shown:
        name = whole_name(names[code]) if whole else short_name(names[code])
        gone = f"<br>{lacking[code].split(' (')[0]}" if whole and code in lacking else ""
        texts.append(f"{name}{gone}")
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
    told: pd.DataFrame, names: dict[str, str], lacking: dict[str, str], groups: Classification
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
    for reason in sorted(set(lacking.values())):
        without = sorted(names[code] for code in lacking if lacking[code] == reason)
        parts.append(f"{reason[:1].upper()}{reason[1:]}: {', '.join(without)}.")
    return " ".join(parts)
