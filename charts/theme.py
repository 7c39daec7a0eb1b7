"""Type and the common layout of every chart; its colours are those of :mod:`charts.palettes`."""

from __future__ import annotations

import plotly.graph_objects as go

from charts.palettes import DARK, LIGHT, Palette, palette

__all__ = ["DARK", "FONT", "LIGHT", "Palette", "finish", "palette", "wrap"]

FONT = "Atkinson Hyperlegible Next, Segoe UI, Arial, sans-serif"


def finish(figure: go.Figure, colours: Palette, *, height: int) -> go.Figure:
    """Apply the common layout: type, background, margins, no legend, no zoom by mistake."""
    figure.update_layout(
        height=height,
        font={"family": FONT, "size": 15, "color": colours.text},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 8, "r": 24, "t": 16, "b": 8},
        showlegend=False,
        dragmode=False,
        hoverlabel={"font": {"family": FONT, "size": 14}},
    )
    # Where marks differ in size, Plotly lets what lies behind shine through them.
    figure.update_traces(
        marker_opacity=1, selector=lambda t: t.type == "scatter" and t.marker.opacity is None
    )
    figure.update_xaxes(
        gridcolor=colours.line,
        zeroline=False,
        fixedrange=True,
        automargin=True,
        tickfont={"color": colours.muted},
        title_font={"size": 14, "color": colours.muted},
        title_standoff=8,
    )
    figure.update_yaxes(showgrid=False, zeroline=False, fixedrange=True, automargin=True)
    return figure


def wrap(label: str, width: int = 18) -> str:
    """A label broken over lines, so that long group names fit beside a chart on a phone."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + len(word) < width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "<br>".join(lines)
