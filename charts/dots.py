"""Dots with their limits, a row a group: the common drawing of every chart of one set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from charts.theme import Palette, finish, wrap
from evidence.ethnicity import Classification
from evidence.numbers import is_blank
from evidence.statements import RowLike
from evidence.statistics import Verdict
from evidence.vocabulary import BlankReason

ROW_HEIGHT = 44
"""Pixels for each group's row: enough for a label over two lines on a phone."""

AROUND_ROWS = 90
"""Pixels for the axis and its title."""

CLEAR = frozenset({Verdict.HIGHER, Verdict.LOWER})
"""Verdicts that the limits bear: their marks are filled."""


@dataclass(frozen=True)
class Dots:
    """What each row of a chart shows.

    ``value``, ``lower`` and ``upper`` name columns; ``text`` writes the number on the mark and
    ``hover`` what is told of it. ``blank_at`` is where on the axis a group without a number says
    why it has none.
    """

    value: str
    lower: str
    upper: str
    text: Callable[[RowLike], str]
    hover: Callable[[RowLike], str]
    blank_at: float = 0.0


def draw(
    rows: pd.DataFrame,
    blanks: pd.DataFrame,
    dots: Dots,
    groups: Classification,
    colours: Palette,
    *,
    chosen: str | None,
    span: tuple[float, float] | None = None,
    by_value: bool = False,
) -> go.Figure:
    """A figure with one row a group: limits as a line, the value as a mark, its number on it.

    Parameters
    ----------
    rows
        Figures with a number in ``dots.value``.
    blanks
        Figures of the set that have none, with ``blank_reason``.
    dots
        What is drawn.
    groups, colours
        The classification and the theme's colours.
    chosen
        The code of the group drawn in the accent colour.
    span
        Where the axis ends, if lines may run off it.
    by_value
        True to have the largest on top, False for the classification's order.
    """
    listed = in_order(pd.concat([rows, blanks]), groups, dots.value if by_value else None)
    labels = {row["figure_id"]: wrap(group_name(row, groups)) for row in listed.to_dict("records")}
    shown = listed[listed["figure_id"].isin(rows["figure_id"])].to_dict("records")
    names = [labels[row["figure_id"]] for row in shown]
    figure = go.Figure()
    for name, row in zip(names, shown, strict=True):
        if is_blank(row[dots.lower]):
            continue
        ends = [row[dots.lower], row[dots.upper]]
        if span:
            ends = [max(ends[0], span[0]), min(ends[1], span[1])]
        figure.add_scatter(
            x=ends,
            y=[name, name],
            mode="lines",
            line={"color": _colour(row, chosen, colours), "width": 3},
            hoverinfo="skip",
        )
    if len(blanks):
        _say_blanks(figure, blanks, labels, dots.blank_at, colours)
    figure.add_scatter(
        x=[row[dots.value] for row in shown],
        y=names,
        mode="markers+text",
        marker=_markers(shown, chosen, colours),
        text=[dots.text(row) for row in shown],
        textposition="top center",
        textfont={"size": 13, "color": colours.text},
        customdata=[dots.hover(row) for row in shown],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
        cliponaxis=False,
    )
    figure.update_yaxes(
        autorange="reversed", categoryorder="array", categoryarray=list(labels.values())
    )
    return finish(figure, colours, height=AROUND_ROWS + ROW_HEIGHT * len(labels))


def in_order(
    rows: pd.DataFrame, groups: Classification, by_value: str | None = None
) -> pd.DataFrame:
    """Rows in the classification's order or, given a column, the largest number first."""
    listed = rows.sort_values("ethnic_group", key=lambda codes: codes.map(groups.order))
    if by_value is None:
        return listed
    return listed.sort_values(by_value, ascending=False, na_position="last", kind="stable")


def group_name(row: RowLike, groups: Classification) -> str:
    """A group's label in a chart or a table, which marks the reference."""
    name = groups.short(str(row["ethnic_group"]))
    return f"{name} (reference)" if row["is_reference"] else name


def reference_line(figure: go.Figure, at: float, colours: Palette, *, dotted: bool = False) -> None:
    """An upright line where "no difference", or the reference group's value, lies."""
    line = {"color": colours.text, "width": 1.5, **({"dash": "dot"} if dotted else {})}
    figure.add_vline(x=at, line=line)


def _say_blanks(
    figure: go.Figure,
    blanks: pd.DataFrame,
    labels: dict[str, str],
    at: float,
    colours: Palette,
) -> None:
    """Write why a group has no number where its number would stand."""
    records = blanks.to_dict("records")
    figure.add_scatter(
        x=[at] * len(records),
        y=[labels[row["figure_id"]] for row in records],
        mode="text",
        text=[BlankReason(row["blank_reason"]).label for row in records],
        textposition="middle right",
        textfont={"size": 13, "color": colours.muted},
        hoverinfo="skip",
        cliponaxis=False,
    )


def _clear(row: RowLike) -> bool:
    return bool(row["is_reference"]) or row["verdict"] in CLEAR


def _colour(row: RowLike, chosen: str | None, colours: Palette) -> str:
    if row["ethnic_group"] == chosen:
        return colours.accent
    strong = _clear(row) and not row["history"]
    return colours.mark if strong else colours.faint


def _markers(rows: Sequence[RowLike], chosen: str | None, colours: Palette) -> dict[str, object]:
    """Filled where the limits show a difference, hollow where they don't or there are none."""
    edge = [_colour(row, chosen, colours) for row in rows]
    fill = [
        colour if _clear(row) else colours.background
        for colour, row in zip(edge, rows, strict=True)
    ]
    return {
        "size": [18 if row["ethnic_group"] == chosen else 13 for row in rows],
        "color": fill,
        "line": {"color": edge, "width": 2.5},
        "opacity": 1,
        "symbol": ["diamond" if row["is_reference"] else "circle" for row in rows],
    }
