"""Colours, type and the common layout of every chart, for the light and the dark theme."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

FONT = "Atkinson Hyperlegible Next, Segoe UI, Arial, sans-serif"


@dataclass(frozen=True)
class Palette:
    """The colours of one theme. ``accent`` is kept for what the reader chose."""

    background: str
    text: str
    muted: str
    line: str
    mark: str
    faint: str
    accent: str


LIGHT = Palette(
    background="#FFFFFF",
    text="#1E1B24",
    muted="#5C5866",
    line="#DDD8E0",
    mark="#55505F",
    faint="#85808E",
    accent="#7A1F5C",
)
DARK = Palette(
    background="#17141C",
    text="#F2EFF5",
    muted="#BDB7C8",
    line="#3D3747",
    mark="#C9C3D3",
    faint="#8D8697",
    accent="#F29BCB",
)


def palette(theme: str | None) -> Palette:
    """The palette of a theme's name: "dark", or light for anything else."""
    return DARK if theme == "dark" else LIGHT


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
