"""How maps of the boroughs are drawn: areas by their fill, and what is told of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import plotly.graph_objects as go

from charts.map_parts import CLEAR, Fill, Outline
from charts.palettes import Palette
from evidence.numbers import with_unit
from evidence.place_values import AcrossBoroughs, Standing
from evidence.places import Shown
from evidence.statements import RowLike

TINT = 0.3
"""How much of its colour a hollow area keeps inside."""


def short_name(name: str) -> str:
    """The first four letters of a borough's name, of which no two are the same."""
    return name[:4].strip()


def hover(row: RowLike, across: AcrossBoroughs) -> str:
    """What is told of a borough when its mark is pointed at."""
    measured = row["standing"] == Standing.MEASURED
    # Ratios and figures have their unit in them.
    unit = across.unit if measured and across.shown is Shown.DIFFERENCE else ""
    lines = [f"<b>{row['name']}</b>", with_unit(str(row["told"]), unit)]
    if measured:
        lines.append(
            f"95% limits {row['limits_told']}" if row["limits_told"] else "no limits published"
        )
        if isinstance(row["verdict"], str):
            clear = row["verdict"] in CLEAR and across.shown is Shown.FIGURE
            lines.append(f"{row['verdict']}{' than London' if clear else ''}")
    return "<br>".join(lines)


def add_areas(
    figure: go.Figure,
    shapes: dict[str, Outline],
    fills: dict[str, Fill],
    colours: Palette,
    *,
    inner: dict[str, Outline] | None = None,
) -> None:
    """Draw the boroughs: one trace for all that look alike, named by how they look.

    Parameters
    ----------
    figure
        The figure to draw on.
    shapes
        The outline of each borough, by code.
    fills
        The fill of each, by code.
    colours
        The theme's colours.
    inner
        The outline within which a hollow area is tinted; without it hollow areas are striped, as
        the rims of shapes that touch would run into one another.
    """
    by_fill: dict[Fill, list[str]] = {}
    for code, fill in fills.items():
        if code in shapes:
            by_fill.setdefault(fill, []).append(code)
    for fill, codes in by_fill.items():
        _area(figure, shapes, codes, _style(fill, colours, striped=inner is None), _name(fill))
        if inner is not None and fill.colour and not fill.solid:
            style = {"fillcolor": inside_of(fill, colours), "line": {"width": 0}}
            _area(figure, inner, codes, style, f"inside {_name(fill)}")


def inside_of(fill: Fill, colours: Palette) -> str:
    """The colour behind what is written on an area."""
    if not fill.colour:
        return colours.background
    return fill.colour if fill.solid else mixed(fill.colour, colours.background, TINT)


def mixed(one: str, other: str, share: float) -> str:
    """A colour with ``share`` of one and the rest of another, each as "#RRGGBB"."""
    parts = []
    for start in (1, 3, 5):
        low, high = int(other[start : start + 2], 16), int(one[start : start + 2], 16)
        parts.append(f"{round(low + (high - low) * share):02X}")
    return f"#{''.join(parts)}"


def _area(
    figure: go.Figure,
    shapes: dict[str, Outline],
    codes: list[str],
    style: dict[str, Any],
    name: str,
) -> None:
    x, y = joined(shapes[code] for code in codes)
    figure.add_scatter(
        x=x, y=y, mode="lines", fill="toself", hoverinfo="skip", name=name, meta=codes, **style
    )


def _style(fill: Fill, colours: Palette, *, striped: bool) -> dict[str, Any]:
    """How Plotly draws a fill; the lightest classes need their outline to be seen."""
    outline = {"color": colours.faint, "width": 1}
    if fill.colour and (fill.solid or not striped):
        return {"fillcolor": fill.colour, "line": outline}
    if fill.colour:
        tint = inside_of(fill, colours)
        pattern = _hatching("/", fill.colour, tint, size=6, solidity=0.25)
        return {"fillpattern": pattern, "line": outline}
    if fill.pattern:
        pattern = _hatching(fill.pattern, colours.faint, colours.background, size=7, solidity=0.2)
        return {"fillpattern": pattern, "line": outline}
    return {"fillcolor": "rgba(0,0,0,0)", "line": {**outline, "dash": "dot"}}


def joined(paths: Iterable[Outline]) -> Outline:
    """Several outlines as one, parted by gaps."""
    x: list[float | None] = []
    y: list[float | None] = []
    for one, other in paths:
        x += [*one, None]
        y += [*other, None]
    return x[:-1], y[:-1]


def _hatching(
    shape: str, colour: str, behind: str, *, size: int, solidity: float
) -> dict[str, object]:
    return {
        "shape": shape,
        "fgcolor": colour,
        "bgcolor": behind,
        "fillmode": "replace",
        "size": size,
        "solidity": solidity,
    }


def _name(fill: Fill) -> str:
    """What a trace shows, for tests and for whoever reads the figure's data."""
    if fill.colour:
        return f"{'clear' if fill.solid else 'no clear difference'} {fill.colour}"
    return f"hatched {fill.pattern}" if fill.pattern else "not measured"
