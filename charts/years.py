"""What charts over the years share: an axis of time, breaks, and what stands for a blank."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts.theme import Palette
from evidence.periods import HISTORY_BEFORE
from evidence.vocabulary import BlankReason

MOST_LABELS = 8
"""As many periods as fit under a chart on a phone, turned on their side."""

_LINES = 2.2
_LETTER = 7.5
"""How high a name over two lines is, in lines, and how wide a letter is, in pixels."""


def draw_years(figure: go.Figure, rows: pd.DataFrame, colours: Palette) -> None:
    """An axis of true time with the periods as its labels, so that missing years show.

    ``rows`` have the columns of :func:`evidence.timeline.timed`. Years before 2010 are shaded.
    """
    placed = rows[rows["at"].notna()].drop_duplicates("at").sort_values("at")
    # The newest period is always named, then every second or third one before it.
    step = -(-len(placed) // MOST_LABELS) or 1
    named = placed.iloc[::-1].iloc[::step]
    first, last = float(placed["starts"].min()), float(placed["ends"].max())
    room = 0.04 * (last - first)
    figure.update_xaxes(
        range=[first - room, last + room],
        tickvals=list(named["at"]),
        ticktext=list(named["period"]),
        showgrid=False,
    )
    if first < HISTORY_BEFORE:
        figure.add_vrect(
            x0=first - room,
            x1=min(HISTORY_BEFORE, last + room),
            fillcolor=colours.line,
            opacity=0.35,
            line_width=0,
            layer="below",
            annotation_text=f"History: before {HISTORY_BEFORE}",
            annotation_position="top left",
            annotation_font={"size": 13, "color": colours.muted},
        )


def draw_limits(
    figure: go.Figure, at: list[float], ends: list[tuple[float, float]], colour: str
) -> None:
    """The limits of figures as upright lines, all of one group as one mark for the browser."""
    x: list[float | None] = []
    y: list[float | None] = []
    for place, (low, high) in zip(at, ends, strict=True):
        x += [place, place, None]
        y += [low, high, None]
    if x:
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line={"color": colour, "width": 3},
            hoverinfo="skip",
            name="limits",
        )


def draw_blanks(figure: go.Figure, rows: pd.DataFrame, colours: Palette) -> None:
    """Why there is no mark, written upright where the mark would stand.

    ``rows`` are blanks with the column ``who``, whose figure each is.
    """
    for at, part in rows[rows["at"].notna()].groupby("at"):
        words = [
            f"{who}: {BlankReason(reason).label.partition(' (')[0]}"
            for who, reason in zip(part["who"], part["blank_reason"], strict=True)
        ]
        upright(figure, float(str(at)), "<br>".join(words), colours)


def draw_breaks(figure: go.Figure, rows: pd.DataFrame, colours: Palette) -> None:
    """A dotted line wherever the way of counting changes, with what changes there.

    ``rows`` are the figures of the series and those beside it, with the columns of
    :func:`evidence.timeline.timed` and break_told (missing for the series' own).
    """
    placed = rows[rows["at"].notna()].drop_duplicates("at").sort_values("at")
    told = placed["break_told"].fillna("").tolist()
    begins, ends = placed["starts"].tolist(), placed["ends"].tolist()
    for n in range(1, len(placed)):
        if told[n] != told[n - 1]:
            at = (ends[n - 1] + begins[n]) / 2
            figure.add_vline(x=at, line={"color": colours.muted, "width": 1.5, "dash": "dot"})
            upright(figure, at, told[n] or told[n - 1], colours)


def name_ends(figure: go.Figure, ends: list[tuple[float, float, str, str]], scale: float) -> None:
    """Names to the right of the last marks, pushed apart where they would cover one another.

    ``ends`` are where each mark stands (x, y), its name and its colour, the lowest first;
    ``scale`` is how much of the axis of values a line of text is high.
    """
    places = [y for _, y, _, _ in ends]
    for n in range(1, len(places)):
        short = _LINES * scale - (places[n] - places[n - 1])
        if short > 0:
            places[n - 1], places[n] = places[n - 1] - short / 2, places[n] + short / 2
    for (x, _, name, colour), y in zip(ends, places, strict=True):
        figure.add_annotation(
            x=x,
            y=y,
            text=name,
            xanchor="left",
            yanchor="middle",
            xshift=12,
            align="left",
            showarrow=False,
            font={"size": 13, "color": colour},
        )
    widest = max((len(line) for end in ends for line in end[2].split("<br>")), default=0)
    figure.update_layout(margin_r=20 + _LETTER * widest)


def upright(figure: go.Figure, at: float, text: str, colours: Palette) -> None:
    """Words written upwards from the foot of a chart."""
    figure.add_annotation(
        x=at,
        y=0.02,
        yref="y domain",
        text=text,
        textangle=-90,
        xanchor="right",
        yanchor="bottom",
        showarrow=False,
        font={"size": 13, "color": colours.muted},
    )
