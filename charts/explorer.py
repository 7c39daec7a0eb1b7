"""Every comparison as one point: the size of its gap against the strength of its evidence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.chart import Chart
from charts.theme import Palette, finish
from evidence.ethnicity import Classification
from evidence.explorer import Sense, widest
from evidence.numbers import ratio
from evidence.statistics import Verdict
from evidence.strength import ORDER, Strength

TICKS = {1: "same", 1.5: "1.5", 2: "2", 3: "3", 5: "5", 10: "10"}
"""Sizes of gaps that the axis names, on both sides of "same"."""

EDGE_SHARE = 0.005
"""The share of points at each end that may lie beyond the axis; they are drawn at its edge."""

NARROWEST = 2.0
"""The axis reaches at least to this size on the worse side."""

SPREAD = 0.78
"""How much of its band the points of one strength fill."""

OPACITY = 0.6
"""Of the many small filled marks, so that a crowd of them looks darker than a few."""

_SYMBOLS = {Sense.WORSE: "circle", Sense.BETTER: "circle", Sense.NEITHER: "diamond"}


def explorer_chart(
    points: pd.DataFrame,
    names: Mapping[str, str],
    groups: Classification,
    colours: Palette,
    *,
    listed: frozenset[str] = frozenset(),
    opened: str | None = None,
) -> Chart:
    """Points in bands by strength; worse for the group to the right, on a log axis.

    Within its band a point's height means nothing: it is spread by its set's code, so that
    points lie apart and stay where they are. Filled marks are clear of chance, hollow ones are
    not, or have no limits. Diamonds are indicators that are neither better nor worse.

    Parameters
    ----------
    points
        :func:`evidence.explorer.points`, at least one.
    names
        The name of each indicator by its id.
    groups
        The classification.
    colours
        The theme's colours.
    listed
        The sets that stand in the list beside the chart, drawn in the accent.
    opened
        The set that is open, drawn with a ring.
    """
    low, high = _range(points["across"])
    drawn = points.assign(
        x=points["across"].clip(low, high),
        y=-points["strength"].map(ORDER) + (_spread(points["set_id"]) - 0.5) * SPREAD,
        told=_hover(points, names, groups),
        symbol=_symbols(points, low, high),
    )
    in_list = drawn["set_id"].isin(listed)
    figure = go.Figure()
    for rows, colour, size, filled in (
        (drawn[~drawn["clear"] & ~in_list], colours.faint, 6, False),
        (drawn[drawn["clear"] & ~in_list], colours.mark, 6, True),
        (drawn[in_list & ~drawn["clear"]], colours.accent, 11, False),
        (drawn[in_list & drawn["clear"]], colours.accent, 11, True),
    ):
        _marks(figure, rows, colour, size, filled=filled)
    ring = drawn[drawn["set_id"] == opened]
    if len(ring):
        _marks(figure, ring, colours.text, 19, filled=False)
    _axes(figure, drawn, colours, low, high)
    return Chart(figure, _title(points), _subtitle(points), _alt(points, names, groups))


def _range(across: pd.Series) -> tuple[float, float]:
    """The ends of the axis, which leave out the few points that lie furthest away."""
    low, high = np.quantile(across, [EDGE_SHARE, 1 - EDGE_SHARE])
    return min(float(low), 1 / 1.25), max(float(high) * 1.05, NARROWEST)


def _spread(sets: pd.Series) -> pd.Series:
    """A number from 0 to 1 for each set, from its code, so that it is the same every time."""
    return sets.map(lambda code: int(code[:8], 16) / 16**8)


def _symbols(points: pd.DataFrame, low: float, high: float) -> np.ndarray:
    """Triangles for what lies beyond the axis, diamonds for what is neither better nor worse."""
    symbols = points["sense"].map(_SYMBOLS)
    chosen = np.select(
        [points["across"] > high, points["across"] < low],
        ["triangle-right", "triangle-left"],
        symbols,
    )
    hollow = np.where(points["clear"], "", "-open")
    return np.char.add(chosen.astype(str), hollow.astype(str))


def _marks(figure: go.Figure, rows: pd.DataFrame, colour: str, size: int, *, filled: bool) -> None:
    figure.add_scatter(
        x=rows["x"],
        y=rows["y"],
        mode="markers",
        marker={
            "size": size,
            "symbol": rows["symbol"] if size < 19 else "circle-open",
            "color": colour,
            "opacity": OPACITY if filled and size < 10 else 1,
            "line": {"width": 1 if size < 10 else 2, "color": colour},
        },
        # A selection must not fade the other points: it only opens one.
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": OPACITY if filled and size < 10 else 1}},
        customdata=rows["set_id"],
        hovertext=rows["told"],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(points: pd.DataFrame, names: Mapping[str, str], groups: Classification) -> pd.Series:
    """What a point is, in three short lines."""
    shorts = {code: groups.short(code) for code in points["ethnic_group"].unique()}
    others = {code: groups.short(code) for code in points["reference_group"].unique()}
    group, other = points["ethnic_group"].map(shorts), points["reference_group"].map(others)
    size = points["ratio"].map(lambda value: f"{ratio(value)} times, ")
    return (
        points["indicator_id"].map(dict(names))
        + "<br>"
        + group
        + ", compared with "
        + other
        + "<br>"
        + points["geography_name"]
        + ", "
        + points["period"]
        + "<br>"
        + size
        + points["verdict"].astype("str")
    )


def _axes(
    figure: go.Figure, drawn: pd.DataFrame, colours: Palette, low: float, high: float
) -> None:
    finish(figure, colours, height=600)
    both = {1 / size: words for size, words in TICKS.items()} | dict(TICKS.items())
    shown = {at: words for at, words in sorted(both.items()) if low <= at <= high}
    figure.update_xaxes(
        type="log",
        range=[np.log10(low) - 0.02, np.log10(high) + 0.02],
        tickvals=list(shown),
        ticktext=list(shown.values()),
        tickangle=0,
        title_text="← better for the group, worse →<br>(ratio, times)",
    )
    figure.add_vline(x=1, line={"color": colours.text, "width": 1.5})
    counts = drawn["strength"].value_counts()
    bands = [one for one in Strength if one in counts.index]
    figure.update_yaxes(
        tickvals=[-ORDER[one] for one in bands],
        ticktext=[f"<b>{one.value.capitalize()}</b><br>{counts[one]:,}" for one in bands],
        range=[-max(ORDER[one] for one in bands) - 0.5, -min(ORDER[one] for one in bands) + 0.5],
    )
    for one in bands[:-1]:
        figure.add_hline(y=-ORDER[one] - 0.5, line={"color": colours.line, "width": 1})
    figure.update_layout(clickmode="event+select", hovermode="closest")


def _title(points: pd.DataFrame) -> str:
    clear, every = int(points["clear"].sum()), len(points)
    return (
        f"{clear:,} of {every:,} comparisons hold a gap that is clear of chance"
        if every > 1
        else "One comparison"
    )


def _subtitle(points: pd.DataFrame) -> str:
    none = int((points["verdict"] == Verdict.NO_INTERVAL).sum())
    limits = f" {none:,} have no limits." if none else ""
    places = points["geography_name"].unique()
    where = str(places[0]) if len(places) == 1 else f"{len(places):,} places"
    years = points["year"].dropna().astype(int)
    span = f", data of {years.min()} to {years.max()}" if len(years) else ""
    return (
        f"{where}{span}. One point for each comparison of groups in one source, place and "
        f"period, by the widest gap in it: the ratio of the group to its reference, on a "
        f"log scale.{limits}"
    )


def _alt(points: pd.DataFrame, names: Mapping[str, str], groups: Classification) -> str:
    """The text alternative: how many of each strength, and the widest that one can be sure of.

    History and small numbers are counted, and no more: the widest of those is often luck.
    """
    counts = points["strength"].value_counts()
    told = ", ".join(f"{one.value} {counts[one]:,}" for one in Strength if one in counts.index)
    sure = widest(points)
    text = f"{len(points):,} comparisons by strength of evidence: {told}. {_title(points)}."
    if len(sure):
        first = sure.iloc[0].to_dict()
        text += (
            f" The widest that we can be sure of: {names[first['indicator_id']]}"
            f", {groups.short(first['ethnic_group'])} compared with "
            f"{groups.short(first['reference_group'])}, {first['geography_name']}, "
            f"{first['period']}: {ratio(first['ratio'])} times, {first['strength']} evidence."
        )
    return f"{text} The list gives the same by links."
