"""A chart as it goes into a picture that readers keep: always in the light theme's colours."""

from __future__ import annotations

import re
from dataclasses import dataclass

import plotly.graph_objects as go
import plotly.io

from charts.palettes import DARK, LIGHT

_FOR_POINTERS = {"customdata", "hoverinfo", "hovertemplate", "hovertext", "selected", "unselected"}
"""What a picture has no use for; of thousands of points it would be most of the page."""

_DARK, _LIGHT = DARK.variables(), LIGHT.variables()
_LIGHT_OF = {_DARK[name]: _LIGHT[name] for name in _DARK if not name.startswith("on-")}
_DARK_COLOURS = re.compile("|".join(map(re.escape, _LIGHT_OF)))


@dataclass(frozen=True)
class KeyMark:
    """A line of the key that a map's picture needs: a swatch and what it means.

    ``kind`` is "solid", "hollow" (a rim of ``colour`` on ``inside``), "striped" (``colour`` on
    ``inside``), or for places without a number "crossed", "plus", "level", "upright", "dotted" or
    "empty". Colours are those of the light theme.
    """

    label: str
    kind: str
    colour: str = LIGHT.faint
    inside: str = LIGHT.background


def picture_figure(figure: go.Figure) -> str:
    """The figure as JSON for plotly.js, in the light theme's colours.

    Parameters
    ----------
    figure
        A figure in the colours of either theme. Each colour of the dark palette is exchanged for
        the light one of the same name. The text on a fill has no such partner: a chart that
        writes on its fills has to be made anew with the light palette.

    Returns
    -------
    str
        JSON with data and layout, as ``Plotly.toImage`` takes it.
    """
    parts = figure.to_plotly_json()
    parts["data"] = [
        {name: value for name, value in trace.items() if name not in _FOR_POINTERS}
        for trace in parts["data"]
    ]
    told = str(plotly.io.to_json(parts, validate=False))
    return _DARK_COLOURS.sub(lambda found: _LIGHT_OF[found.group()], told)
