"""A group and its reference group over the years."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts.chart import Chart
from charts.theme import Palette, finish, wrap
from charts.years import draw_blanks, draw_breaks, draw_limits, draw_years, name_ends
from evidence.ethnicity import Classification
from evidence.numbers import is_blank, number
from evidence.periods import HISTORY_BEFORE
from evidence.statements import (
    RowLike,
    figure_limits,
    figure_value,
    named,
    people_and_method,
    place,
)
from evidence.timeline import runs
from evidence.trend_words import neighbour_words, series_title, trend_word
from evidence.trends import SeriesTrend
from evidence.vocabulary import Measure

ASIDE = 0.06
"""Years by which marks of the two groups stand apart, so that limits don't hide one another."""

LINES = 18
"""How many lines of text the chart is high."""


def trend_chart(
    found: SeriesTrend,
    indicator: RowLike,
    groups: Classification,
    colours: Palette,
    *,
    beside: pd.DataFrame | None = None,
) -> Chart | None:
    """Values with their limits by period, for the chosen group and the reference group.

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
        Figures of :func:`evidence.timeline.neighbours`, drawn grey and never joined to the series.

    Returns
    -------
    Chart or None
        None where no figure has both a value and a year.
    """
    rows = found.rows[found.rows["at"].notna()].assign(break_told=None)
    told = rows[rows["value"].notna()]
    if told.empty:
        return None
    near = rows.head(0) if beside is None else beside
    figure = go.Figure()
    codes = [code for code in (found.reference, found.chosen) if code is not None]
    ends = []
    for code in codes:
        own = code == found.chosen
        style = {"color": colours.accent if own else colours.mark, "own": own}
        _draw_neighbours(figure, near[near["ethnic_group"] == code], own, groups, colours)
        part = told[told["ethnic_group"] == code]
        _draw_group(figure, part, groups.short(code), style, colours)
        ends += [
            (row["at"] + ASIDE, row["value"], _name(row, groups), str(style["color"]))
            for row in part.tail(1).to_dict("records")
        ]
    blanks = rows[rows["value"].isna()]
    draw_blanks(figure, blanks.assign(who=blanks["ethnic_group"].map(groups.short)), colours)
    everything = pd.concat([rows, near]) if len(near) else rows
    draw_breaks(figure, everything, colours)
    draw_years(figure, everything, colours)
    # Words on breaks and blanks stand upright at the foot: they need room below the marks.
    words = bool(len(near) or len(blanks))
    finish(figure, colours, height=460 if words else 380)
    starts = _draw_values(figure, everything, colours, foot=0.6 if words else 0.2)
    low, high = figure.layout.yaxis.range
    name_ends(figure, sorted(ends, key=lambda end: end[1]), (high - low) / LINES)
    alt = [_told(told[told["ethnic_group"] == code], groups.short(code)) for code in codes[::-1]]
    verdicts = [f"{groups.short(found.chosen)}: {trend_word(found.group, indicator)}"]
    if found.other is not None:
        name = groups.short(str(found.reference))
        verdicts.append(f"{name}: {trend_word(found.other, indicator)}")
    first = told.iloc[0].to_dict()
    return Chart(
        figure,
        series_title(found, indicator, groups),
        _subtitle(told, indicator, starts),
        f"{named(indicator)} by period in {place(first)}. {'. '.join(alt)}. "
        f"Over the years, {'; '.join(verdicts)}. {neighbour_words(near)}".strip(),
    )


def _draw_group(
    figure: go.Figure,
    rows: pd.DataFrame,
    name: str,
    style: dict[str, object],
    colours: Palette,
) -> None:
    """One group: a line for each run of years, limits and marks."""
    colour, own = str(style["color"]), bool(style["own"])
    aside = ASIDE if own else -ASIDE
    for run in runs(rows):
        figure.add_scatter(
            x=run["at"] + aside,
            y=run["value"],
            mode="lines",
            line={"color": colour, "width": 1.5, "dash": "solid" if own else "dot"},
            hoverinfo="skip",
            name=name,
        )
    limited = rows[rows["limit_lower"].notna()]
    ends = list(zip(limited["limit_lower"], limited["limit_upper"], strict=True))
    draw_limits(figure, list(limited["at"] + aside), ends, colour)
    records = rows.to_dict("records")
    tested = [is_blank(row["left_out"]) for row in records]
    figure.add_scatter(
        x=rows["at"] + aside,
        y=rows["value"],
        mode="markers",
        marker={
            "size": 12,
            "color": [colour if whole else colours.background for whole in tested],
            "line": {"color": colour, "width": 2.5},
            "symbol": "circle" if own else "diamond",
        },
        customdata=[_hover(row) for row in records],
        hovertemplate=f"{name}, %{{customdata}}<extra></extra>",
        cliponaxis=False,
        name=name,
    )


def _draw_neighbours(
    figure: go.Figure, rows: pd.DataFrame, own: bool, groups: Classification, colours: Palette
) -> None:
    if rows.empty:
        return
    name = groups.short(str(rows["ethnic_group"].iloc[0]))
    figure.add_scatter(
        x=rows["at"] + (ASIDE if own else -ASIDE),
        y=rows["value"],
        mode="markers",
        marker={
            "size": 10,
            "color": colours.background,
            "line": {"color": colours.faint, "width": 2},
            "symbol": "circle" if own else "diamond",
        },
        customdata=[f"{_hover(row)}, {row['break_told']}" for row in rows.to_dict("records")],
        hovertemplate=f"{name}, %{{customdata}}<extra></extra>",
        name="beside",
    )


def _draw_values(
    figure: go.Figure, rows: pd.DataFrame, colours: Palette, *, foot: float
) -> float | None:
    """The axis of values; where it doesn't start at zero, where it does.

    It starts at zero unless all figures lie so far above it that nothing else could be seen.
    ``foot`` is the room below the marks, as a share of what they span.
    """
    numbers = rows[["value", "limit_lower", "limit_upper"]]
    low, high = float(numbers.min().min()), float(numbers.max().max())
    unit = str(rows["unit"].iloc[0])
    figure.update_yaxes(
        title_text="Percentage" if unit == "%" else unit.capitalize(),
        title_font={"size": 14, "color": colours.muted},
        gridcolor=colours.line,
        showgrid=True,
        zeroline=low < 0,
        zerolinecolor=colours.text,
        nticks=6,
    )
    far = Measure(rows["measure"].iloc[0]) is not Measure.COUNT and low > high / 2
    room = 0.12 * (high - low)
    start = low - foot * (high - low)
    if far and room > 0 and start > 0:
        figure.update_yaxes(range=[start, high + room])
        return start
    if low >= 0:
        figure.update_yaxes(range=[0, 1.12 * high or 1])
    else:
        figure.update_yaxes(range=[low - room, high + room])
    return None


def _subtitle(rows: pd.DataFrame, indicator: RowLike, starts: float | None) -> str:
    first, last = rows.iloc[0].to_dict(), rows.iloc[-1].to_dict()
    where = place(first)
    unit = "Percentage" if first["unit"] == "%" else str(first["unit"]).capitalize()
    ours = not is_blank(first["calculation"])
    parts = [
        f"{unit}. {where[:1].upper()}{where[1:]}, {first['period']} to {last['period']}.",
        f"{people_and_method(first)}.",
        f"{'Calculated by this dashboard' if ours else 'Published figures'}, of one source and "
        "definition, with 95% limits where there are any.",
    ]
    if rows["left_out"].notna().any():
        parts.append("Hollow marks take no part in the tests.")
    if starts is not None:
        parts.append("The scale does not start at zero.")
    if rows["history"].any():
        parts.append(f"Data from before {HISTORY_BEFORE} is history and shaded.")
    return " ".join(parts)


def _name(row: RowLike, groups: Classification) -> str:
    """A group's name with its value, over lines so narrow that a phone has room beside them."""
    value = number(float(row["value"]))
    name = wrap(groups.short(str(row["ethnic_group"])), 12)
    return f"{name}<br>{value}{'%' if row['unit'] == '%' else ''}"


def _hover(row: RowLike) -> str:
    text = figure_limits(row)
    return f"{row['period']}: {figure_value(row)}{f' (95% limits {text})' if text else ''}"


def _told(rows: pd.DataFrame, name: str) -> str:
    values = [f"{row['period']} {figure_value(row)}" for row in rows.to_dict("records")]
    return f"{name}: {', '.join(values)}"
