"""A group and its reference group over the years."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts.chart import Chart
from charts.theme import Palette, finish
from evidence.ethnicity import Classification
from evidence.numbers import is_blank
from evidence.periods import HISTORY_BEFORE
from evidence.statements import RowLike, figure_limits, figure_value, place


def trend_chart(
    series: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
    colours: Palette,
    *,
    chosen: str,
) -> Chart:
    """Values with their limits by period, for the chosen group and the reference group.

    Parameters
    ----------
    series
        Figures of one series (:func:`evidence.selection.series_of`) of the two groups.
    indicator
        The indicator's row.
    groups
        The classification.
    colours
        The theme's colours.
    chosen
        The code of the group that the reader chose.
    """
    ordered = series[series["value"].notna()].sort_values(["year", "period"])
    figure = go.Figure()
    told = []
    for code in (*[c for c in ordered["ethnic_group"].unique() if c != chosen], chosen):
        rows = ordered[ordered["ethnic_group"] == code].to_dict("records")
        colour = colours.accent if code == chosen else colours.mark
        periods = [row["period"] for row in rows]
        for row in rows:
            if not is_blank(row["limit_lower"]):
                figure.add_scatter(
                    x=[row["period"]] * 2,
                    y=[row["limit_lower"], row["limit_upper"]],
                    mode="lines",
                    line={"color": colour, "width": 3},
                    hoverinfo="skip",
                )
        name = groups.short(code)
        figure.add_scatter(
            x=periods,
            y=[row["value"] for row in rows],
            mode="lines+markers+text",
            line={"color": colour, "width": 1.5, "dash": "solid" if code == chosen else "dot"},
            marker={
                "size": 12,
                "color": colour,
                "symbol": "circle" if code == chosen else "diamond",
            },
            text=[*[""] * (len(rows) - 1), f"{name} {figure_value(rows[-1])}" if rows else ""],
            textposition="top center",
            textfont={"size": 13, "color": colour},
            customdata=[f"{figure_value(row)} ({figure_limits(row)})" for row in rows],
            hovertemplate=f"{name}, %{{x}}: %{{customdata}}<extra></extra>",
            cliponaxis=False,
        )
        told.append(f"{name}: " + ", ".join(f"{r['period']} {figure_value(r)}" for r in rows))
    finish(figure, colours, height=360)
    unit = str(ordered["unit"].iloc[0])
    periods_in_order = list(ordered["period"].unique())
    figure.update_xaxes(
        type="category", showgrid=False, categoryorder="array", categoryarray=periods_in_order
    )
    past = int(ordered.loc[ordered["history"], "period"].nunique())
    if past:
        # On an axis of categories the first period stands at 0.
        figure.add_vrect(
            x0=-0.5,
            x1=past - 0.5,
            fillcolor=colours.line,
            opacity=0.35,
            line_width=0,
            layer="below",
            annotation_text=f"History: before {HISTORY_BEFORE}",
            annotation_position="top left",
            annotation_font={"size": 13, "color": colours.muted},
        )
    figure.update_yaxes(
        rangemode="tozero",
        title_text="Percentage" if unit == "%" else unit.capitalize(),
        gridcolor=colours.line,
        showgrid=True,
    )
    old = f" Data from before {HISTORY_BEFORE} is history and shaded." if past else ""
    first = ordered.iloc[0].to_dict()
    ours = not is_blank(first["calculation"])
    origin = "Figures calculated by this dashboard," if ours else "Published figures"
    last = str(ordered["period"].iloc[-1])
    return Chart(
        figure,
        f"{indicator['name']} in {place(first)}, {first['period']} to {last}",
        f"{origin} of one source and definition, with 95% limits where there are any. "
        f"Whether a change is more than chance is not tested here.{old}",
        f"{indicator['name']} by period in {place(first)}. {'. '.join(told)}.",
    )
