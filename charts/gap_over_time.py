"""The gap between a group and its reference over the years."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from charts.axes import ratio_ticks
from charts.chart import Chart
from charts.theme import Palette, finish
from charts.years import draw_limits, draw_years, upright
from evidence.ethnicity import Classification
from evidence.statements import (
    RowLike,
    difference_unit,
    difference_value,
    gap_size,
    place,
    ratio_told,
)
from evidence.statistics import Verdict
from evidence.timeline import runs
from evidence.trend_words import gap_title
from evidence.trends import SeriesTrend

LEAST_SPAN = (0.7, 1.4)
"""The ratios that the axis always holds, so that a small gap does not look large."""


def gap_chart(
    found: SeriesTrend, indicator: RowLike, groups: Classification, colours: Palette
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
    low, high = _span(drawn, name)
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
    limited = drawn[drawn[f"{name}_lower"].notna()]
    # A lower limit of zero or an upper one without end runs off the axis.
    ends = [
        (max(lower, low), min(upper, high))
        for lower, upper in zip(limited[f"{name}_lower"], limited[f"{name}_upper"], strict=True)
    ]
    draw_limits(figure, list(limited["at"]), ends, colours.accent)
    records = drawn.to_dict("records")
    clear = [row["verdict"] in {Verdict.HIGHER, Verdict.LOWER} for row in records]
    ends_told = {0, len(records) - 1}
    figure.add_scatter(
        x=drawn["at"],
        y=drawn[name],
        mode="markers+text",
        marker={
            "size": 12,
            "color": [colours.accent if sure else colours.background for sure in clear],
            "line": {"color": colours.accent, "width": 2.5},
        },
        text=[_label(row, name) if n in ends_told else "" for n, row in enumerate(records)],
        textposition="top center",
        textfont={"size": 13, "color": colours.accent},
        customdata=[f"{row['period']}: {gap_size(row, row)}" for row in records],
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
        name="gap",
    )
    for row in told[told["ratio"] == 0].to_dict("records") if name == "ratio" else []:
        upright(figure, row["at"], "ratio of 0: off the scale", colours)
    draw_years(figure, told, colours)
    finish(figure, colours, height=300)
    reference = groups.short(str(found.reference))
    if name == "ratio":
        ticks = ratio_ticks(low, high)
        figure.update_yaxes(
            type="log",
            range=[math.log10(low), math.log10(high)],
            tickvals=[value for value, _ in ticks],
            ticktext=[text for _, text in ticks],
        )
    else:
        figure.update_yaxes(range=[low, high], nticks=6)
    figure.update_yaxes(gridcolor=colours.line, showgrid=True)
    first, last = told.iloc[0].to_dict(), told.iloc[-1].to_dict()
    what = (
        f"Ratio to the {reference} group, on a log scale"
        if name == "ratio"
        else f"Difference from the {reference} group, {difference_unit(first)}"
    )
    where = place(first)
    size = "; ".join(f"{row['period']} {gap_size(row, row)}" for row in told.to_dict("records"))
    title = gap_title(found, groups)
    return Chart(
        figure,
        title,
        f"{what}. {indicator['name']}. {where[:1].upper()}{where[1:]}, {first['period']} to "
        f"{last['period']}. The line is no gap.",
        f"{title}. {what}, {indicator['name']} in {where}, by period: {size}.",
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


def _label(row: RowLike, name: str) -> str:
    return ratio_told(row) if name == "ratio" else difference_value(row, row)
