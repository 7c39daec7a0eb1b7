"""The gap between a group and its reference over the years."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from charts.axes import ratio_ticks
from charts.chart import Chart
from charts.theme import Palette, finish
from charts.years import draw_blanks, draw_breaks, draw_limits, draw_years, upright
from evidence.ethnicity import Classification
from evidence.numbers import is_blank
from evidence.statements import (
    RowLike,
    difference_unit,
    difference_value,
    gap_size,
    named,
    place,
    ratio_told,
)
from evidence.statistics import Verdict
from evidence.timeline import runs
from evidence.trend_words import gap_title, neighbour_words
from evidence.trends import SeriesTrend

LEAST_SPAN = (0.7, 1.4)
"""The ratios that the axis always holds, so that a small gap does not look large."""


FOOT = 0.6
"""The room for upright words below the marks, as a share of what the axis spans."""


def gap_chart(
    found: SeriesTrend,
    indicator: RowLike,
    groups: Classification,
    colours: Palette,
    *,
    beside: pd.DataFrame | None = None,
) -> Chart | None:
    """Ratios to the reference group by period on a log axis, or differences of means.

    Parameters
    ----------
    found
        What the years of the series show.
    indicator
        The indicator's row.
    groups
        The classification.
    colours
        The theme's colours.
    beside
        Figures of :func:`evidence.timeline.neighbours`: their gaps to the same reference group
        are drawn grey and never joined to the series.

    Returns
    -------
    Chart or None
        None where no period has a gap that can be drawn.
    """
    own = found.rows[(found.rows["ethnic_group"] == found.chosen) & found.rows["at"].notna()]
    name = "ratio" if own["ratio"].notna().any() else "difference"
    told = own[own[name].notna()]
    drawn = told[told["ratio"] > 0] if name == "ratio" else told
    if drawn.empty:
        return None
    near = _gaps_beside(found, beside, name)
    rows = found.rows[found.rows["at"].notna()]
    blanks = rows[rows["value"].isna()]
    # Words on breaks and blanks stand upright at the foot: they need room below the marks.
    words = bool(len(near) or len(blanks))
    least, high = _span(pd.concat([drawn, near]) if len(near) else drawn, name)
    low = _lowered(least, high, name) if words else least
    neutral = 1.0 if name == "ratio" else 0.0
    figure = go.Figure()
    figure.add_hline(y=neutral, line={"color": colours.text, "width": 1.5})
    for run in runs(drawn):
        figure.add_scatter(
            x=run["at"],
            y=run[name],
            mode="lines",
            line={"color": colours.accent, "width": 1.5},
            hoverinfo="skip",
            name="gap",
        )
    _draw_beside(figure, near, name, groups, colours)
    limited = drawn[drawn[f"{name}_lower"].notna()]
    # A lower limit of zero or an upper one without end runs off the axis.
    ends = [
        (max(lower, low), min(upper, high))
        for lower, upper in zip(limited[f"{name}_lower"], limited[f"{name}_upper"], strict=True)
    ]
    draw_limits(figure, list(limited["at"]), ends, colours.accent)
    records = drawn.to_dict("records")
    clear = [row["verdict"] in {Verdict.HIGHER, Verdict.LOWER} for row in records]
    figure.add_scatter(
        x=drawn["at"],
        y=drawn[name],
        mode="markers+text",
        marker={
            "size": 12,
            "color": [colours.accent if sure else colours.background for sure in clear],
            "line": {"color": colours.accent, "width": 2.5},
        },
        text=[""] * (len(records) - 1) + [f"  {_label(records[-1], name)}"],
        textposition="middle right",
        textfont={"size": 13, "color": colours.accent},
        customdata=[f"{row['period']}: {gap_size(row, row)}" for row in records],
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
        name="gap",
    )
    if len(records) > 1:
        _name_first(figure, records[0], name, neutral, (low, high), colours)
    for row in told[told["ratio"] == 0].to_dict("records") if name == "ratio" else []:
        upright(figure, row["at"], "ratio of 0: off the scale", colours)
    draw_blanks(figure, blanks.assign(who=blanks["ethnic_group"].map(groups.short)), colours)
    placed = pd.concat([told, blanks]).assign(break_told=None)
    everything = pd.concat([placed, near]) if len(near) else placed
    draw_breaks(figure, everything, colours)
    draw_years(figure, everything, colours)
    finish(figure, colours, height=400 if words else 300)
    # Room for periods that are turned: where a window shrinks, Plotly makes too little.
    figure.update_layout(margin_r=20 + 9 * len(_label(records[-1], name)), margin_b=52)
    reference = groups.short(str(found.reference))
    unit = difference_unit(told.iloc[0].to_dict())
    if name == "ratio":
        ticks = ratio_ticks(least, high)
        figure.update_yaxes(
            type="log",
            range=[math.log10(low), math.log10(high)],
            tickvals=[value for value, _ in ticks],
            ticktext=[text for _, text in ticks],
        )
    else:
        figure.update_yaxes(range=[low, high], nticks=6)
    figure.update_yaxes(
        gridcolor=colours.line,
        showgrid=True,
        title_text="Ratio (times)" if name == "ratio" else f"Difference, {unit}",
        title_font={"size": 14, "color": colours.muted},
    )
    first, last = told.iloc[0].to_dict(), told.iloc[-1].to_dict()
    what = (
        f"Ratio to the {reference} group, on a log scale"
        if name == "ratio"
        else f"Difference from the {reference} group, {unit}"
    )
    where = place(first)
    size = "; ".join(f"{row['period']} {gap_size(row, row)}" for row in told.to_dict("records"))
    title = gap_title(found, groups)
    grey = " Grey marks are no part of the series." if len(near) else ""
    apart = f" {neighbour_words(near)}" if len(near) else ""
    return Chart(
        figure,
        title,
        f"{what}. {named(indicator)}. {where[:1].upper()}{where[1:]}, {first['period']} to "
        f"{last['period']}. The line is no gap.{grey}",
        f"{title}. {what}, {named(indicator)} in {where}, by period: {size}.{apart}",
    )


def _span(rows: pd.DataFrame, name: str) -> tuple[float, float]:
    """The ends of the axis of gaps, with all finite limits and the place of no gap on it."""
    columns = [name, f"{name}_lower", f"{name}_upper"]
    numbers = [
        float(x) for column in columns for x in rows[column].dropna() if math.isfinite(float(x))
    ]
    if name == "ratio":
        above = [x for x in numbers if x > 0]
        return min(min(above) / 1.25, LEAST_SPAN[0]), max(max(above) * 1.25, LEAST_SPAN[1])
    low, high = min(*numbers, 0.0), max(*numbers, 0.0)
    room = 0.18 * (high - low) or 1.0
    return low - room, high + room


def _gaps_beside(found: SeriesTrend, beside: pd.DataFrame | None, name: str) -> pd.DataFrame:
    """Of the figures beside the series, the chosen group's that have the same kind of gap."""
    if beside is None or beside.empty:
        return found.rows.head(0)
    own = beside[beside["ethnic_group"] == found.chosen]
    own = own[own["reference_group"] == found.reference]
    return own[own[name] > 0] if name == "ratio" else own[own[name].notna()]


def _draw_beside(
    figure: go.Figure, rows: pd.DataFrame, name: str, groups: Classification, colours: Palette
) -> None:
    if rows.empty:
        return
    figure.add_scatter(
        x=rows["at"],
        y=rows[name],
        mode="markers",
        marker={
            "size": 10,
            "color": colours.background,
            "line": {"color": colours.faint, "width": 2},
        },
        customdata=[
            f"{row['period']}: {gap_size(row, row)}, {row['break_told']}"
            for row in rows.to_dict("records")
        ],
        hovertemplate="%{customdata}<extra></extra>",
        name="beside",
    )


def _lowered(low: float, high: float, name: str) -> float:
    """Where the axis starts so that words have room below the lowest mark."""
    if name == "ratio":
        return low / math.pow(high / low, FOOT)
    return low - FOOT * (high - low)


def _name_first(
    figure: go.Figure,
    row: RowLike,
    name: str,
    neutral: float,
    span: tuple[float, float],
    colours: Palette,
) -> None:
    """The number of the first mark, beyond its limits: beside it, it met the second on a phone.

    It stands on the side away from the line of no gap, unless the limits run off the axis there.
    """
    limited = not is_blank(row[f"{name}_lower"])
    lower, upper = (row[f"{name}_lower"], row[f"{name}_upper"]) if limited else [row[name]] * 2
    runs_off = upper >= span[1] if row[name] >= neutral else lower <= span[0]
    above = (row[name] >= neutral) != runs_off
    at = min(upper, span[1]) if above else max(lower, span[0])
    room = 1 if limited else 7
    figure.add_annotation(
        x=row["at"],
        y=math.log10(at) if name == "ratio" else at,
        text=_label(row, name),
        yanchor="bottom" if above else "top",
        yshift=room if above else -room,
        showarrow=False,
        font={"size": 13, "color": colours.accent},
    )


def _label(row: RowLike, name: str) -> str:
    return ratio_told(row) if name == "ratio" else difference_value(row, row)
