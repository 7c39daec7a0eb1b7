"""The key of a map as HTML: a list that screen readers read with the counts."""

from __future__ import annotations

from html import escape

from charts.map_draw import inside_of
from charts.map_parts import Fill, MapChart
from charts.theme import Palette

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


def _swatch(fill: Fill, colours: Palette, *, striped: bool) -> str:
    if not fill.colour:
        return f'<span class="swatch swatch-{_PATTERNS[fill.pattern]}"></span>'
    kind = "solid" if fill.solid else "striped" if striped else "hollow"
    inside = inside_of(fill, colours)
    return (
        f'<span class="swatch swatch-{kind}" '
        f'style="--swatch:{fill.colour};--inside:{inside}"></span>'
    )
