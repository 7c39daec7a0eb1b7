"""A chart as it goes into a picture that readers keep: always in the light theme's colours."""

from __future__ import annotations

import re
from dataclasses import dataclass

import plotly.graph_objects as go

from charts.palettes import DARK, LIGHT

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
    return _DARK_COLOURS.sub(lambda found: _LIGHT_OF[found.group()], str(figure.to_json()))
