"""The key of a map as HTML: a list that screen readers read with the counts."""

from __future__ import annotations

from html import escape

from charts.map_draw import inside_of
from charts.map_parts import Fill, MapChart
from charts.palettes import LIGHT, Palette
from charts.pictures import KeyMark

_PATTERNS = {"x": "crossed", "+": "plus", ".": "dotted", "-": "level", "|": "upright", "": "empty"}
"""The class of the style sheet that hatches a swatch as the map hatches an area."""


def map_key(chart: MapChart, colours: Palette) -> str:
    """What each fill of a map means and how many boroughs have it."""
    items = []
    for entry in chart.key:
        boroughs = "borough" if entry.count == 1 else "boroughs"
        items.append(
            f"<li>{_swatch(entry.fill, colours, striped=chart.striped)}"
            f"<span>{escape(entry.label)}</span>"
            f'<span class="count">{entry.count}<span class="unseen"> {boroughs}</span></span></li>'
        )
    return f'<ul class="map-key">{"".join(items)}</ul>'


def picture_key(chart: MapChart) -> list[KeyMark]:
    """The key for the picture of a map that was drawn in the light theme's colours."""
    marks = []
    for entry in chart.key:
        fill, label = entry.fill, f"{entry.label} ({entry.count})"
        kind = _kind(fill, striped=chart.striped)
        colours = {"colour": fill.colour, "inside": inside_of(fill, LIGHT)} if fill.colour else {}
        marks.append(KeyMark(label, kind, **colours))
    return marks


def _kind(fill: Fill, *, striped: bool) -> str:
    if not fill.colour:
        return _PATTERNS[fill.pattern]
    return "solid" if fill.solid else "striped" if striped else "hollow"


def _swatch(fill: Fill, colours: Palette, *, striped: bool) -> str:
    kind = f"swatch swatch-{_kind(fill, striped=striped)}"
    if not fill.colour:
        return f'<span class="{kind}"></span>'
    inside = inside_of(fill, colours)
    return f'<span class="{kind}" style="--swatch:{fill.colour};--inside:{inside}"></span>'
