"""Groups as dots on a line, a line a period or an area: how far apart they lie, and who is where.

The form is that of the equiplots of the International Center for Equity in Health.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.chart import Chart
from charts.theme import Palette, finish, wrap
from evidence.ethnicity import Classification
from evidence.inequality_words import distance
from evidence.statements import (
    RowLike,
    figure_limits,
    figure_value,
    named,
    people_and_method,
    place,
    when,
)
from evidence.vocabulary import BlankReason, GeographyLevel

MOST_NAMED = 3
"""How many missing figures of one kind are named each."""

LINE_HEIGHT = 38
"""Pixels for each line of dots."""

PHONE = 140
"""Pixels between the lowest and the highest mark on the narrowest screen, of 320 pixels."""

LETTER, BESIDE = 7.5, 20
"""How wide a letter of a name is, and how far a name may reach beyond the highest mark, in pixels
there."""

STEPS, STEP = 3, 18
"""At how many heights names stand over the first line, so that near ones don't meet, and how many
pixels one is over another."""

SYMBOLS = ("circle", "square", "triangle-up", "diamond", "cross", "x", "star", "pentagon")
"""Marks of groups that stand apart, so that colour is never the only carrier."""


def equiplot(
    rows: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
    colours: Palette,
    *,
    lines: str,
    chosen: str | None = None,
    blanks: pd.DataFrame | None = None,
) -> Chart | None:
    """Every group's figure as a dot on the line of its period or of its area.

    Dots stand for themselves, so the scale need not start at zero. They carry no limits, which
    would hide one another: the table has them.

    Broad groups have a colour and a mark each. Where there are others too, the chosen group and
    the reference stand out and the rest are alike.

    Parameters
    ----------
    rows
        Figures of groups that share no people, of one indicator and unit, in the order in which
        their lines stand from top to bottom.
    indicator
        The indicator's row.
    groups
        The classification.
    colours
        The theme's colours.
    lines
        The column that names the line of each figure: "period" or "geography_name".
    chosen
        The code of the group that the reader chose.
    blanks
        Figures of the same lines that have no value, with ``blank_reason``: the subtitle tells
        how many there are of each kind.

    Returns
    -------
    Chart or None
        None where no line has two groups.
    """
    told = rows[rows["value"].notna()]
    held = told.groupby(lines)["ethnic_group"].nunique()
    told = told[told[lines].isin(held[held > 1].index)]
    if told.empty:
        return None
    names = {name: wrap(str(name)) for name in told[lines].unique()}
    figure = go.Figure()
    for name, label in names.items():
        values = told.loc[told[lines] == name, "value"]
        figure.add_scatter(
            x=[values.min(), values.max()],
            y=[label, label],
            mode="lines",
            line={"color": colours.line, "width": 6},
            hoverinfo="skip",
            showlegend=False,
        )
    marked = list(_marked(told, groups, colours, chosen))
    for name, part, style in marked:
        figure.add_scatter(
            x=part["value"],
            y=[names[line] for line in part[lines]],
            name=name,
            mode="markers",
            marker=style,
            customdata=[_hover(row, groups) for row in part.to_dict("records")],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
            cliponaxis=False,
        )
    first = told.iloc[0].to_dict()
    unit = str(first["unit"])
    finish(figure, colours, height=130 + LINE_HEIGHT * len(names))
    figure.update_xaxes(title_text="Percentage" if unit == "%" else unit.capitalize())
    figure.update_yaxes(
        range=[len(names) - 0.5, -0.5],
        categoryorder="array",
        categoryarray=list(names.values()),
    )
    over = _names_over_first_line(told, lines, [part for _, part, _ in marked], groups)
    for note in over:
        figure.add_annotation(
            **note,
            y=next(iter(names.values())),
            font={"size": 13, "color": colours.text},
            arrowcolor=colours.faint,
        )
    figure.update_layout(
        showlegend=not over,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 14}},
        margin={"t": 24 + STEP * STEPS if over else 48},
    )
    spread = {str(name): _ends(told[told[lines] == name]) for name in names}
    where = place(first) if lines == "period" else _across(told)
    if lines == "period" and len(names) > 1:
        where = f"{where}, {told[lines].iloc[0]} to {told[lines].iloc[-1]}"
    elif lines == "period":
        where = f"{where}, {when(first)}"
    label = "Percentage" if unit == "%" else f"{named(indicator)}, {unit}"
    told_ends = "; ".join(
        f"{name} from {figure_value(low)} ({groups.short(str(low['ethnic_group']))}) to "
        f"{figure_value(high)} ({groups.short(str(high['ethnic_group']))})"
        for name, (low, high) in spread.items()
    )
    return Chart(
        figure,
        _title(spread, indicator, lines),
        f"{label}. {where[:1].upper()}{where[1:]}. One dot a group; the line joins the lowest and "
        f"the highest. {people_and_method(first)}. The scale does not start at zero."
        f"{_without_figure(blanks, told, lines, groups)}",
        f"{named(indicator)} by ethnic group, {where}. The lowest and the highest group of each "
        f"line: {told_ends}.",
    )


def _marked(
    told: pd.DataFrame, groups: Classification, colours: Palette, chosen: str | None
) -> Iterator[tuple[str, pd.DataFrame, dict[str, object]]]:
    """Each entry of the key: its name, its figures and its mark."""
    codes = groups.sort(told["ethnic_group"].unique())
    if set(codes) <= set(colours.broad_groups):
        for code, symbol in zip(codes, SYMBOLS, strict=False):
            colour = colours.broad_groups[code]
            part = told[told["ethnic_group"] == code]
            yield _name(code, part, groups), part, _mark(colour, symbol, 12)
        return
    reference = told.loc[told["is_reference"], "ethnic_group"].unique()
    apart = [code for code in codes if code == chosen or code in reference]
    rest = told[~told["ethnic_group"].isin(apart)]
    if len(rest):
        yield "Other groups compared", rest, _mark(colours.faint, "circle-open", 10)
    for code in apart:
        part = told[told["ethnic_group"] == code]
        own = code == chosen
        mark = _mark(colours.accent, "circle", 14) if own else _mark(colours.mark, "diamond", 12)
        yield _name(code, part, groups), part, mark


def _names_over_first_line(
    told: pd.DataFrame, lines: str, marked: Sequence[pd.DataFrame], groups: Classification
) -> list[dict[str, object]]:
    """Names over the marks of the first line, with a thin line to each; none where they'd meet.

    They say who is who without a key. Each mark of the key has to be one group that stands on the
    first line, and the names must not meet on the narrowest screen, at :data:`STEPS` heights.
    """
    first = told[lines].iloc[0]
    low, high = float(told["value"].min()), float(told["value"].max())
    placed = []
    for part in marked:
        here = part[part[lines] == first]
        if part["ethnic_group"].nunique() > 1 or here.empty or low == high:
            return []
        name = groups.short(str(part["ethnic_group"].iloc[0]))
        placed.append((float(here["value"].iloc[0]), name))
    notes: list[dict[str, object]] = []
    ends = [-math.inf] * STEPS
    for value, name in sorted(placed):
        at, wide = PHONE * (value - low) / (high - low), LETTER * len(name)
        to_left = at + wide / 2 > PHONE + BESIDE
        left = at + BESIDE / 2 - wide if to_left else at - wide / 2
        free = [step for step in range(STEPS) if ends[step] <= left]
        if not free:
            return []
        ends[free[0]] = left + wide + LETTER
        notes.append(
            {
                "x": value,
                "text": name,
                "ax": BESIDE / 2 if to_left else 0,
                "ay": -20 - STEP * free[0],
                "xanchor": "right" if to_left else "center",
                "arrowhead": 0,
                "arrowwidth": 1,
                "standoff": 7,
            }
        )
    return notes


def _across(told: pd.DataFrame) -> str:
    """Where and when lines of areas are of: "London's boroughs, 2019-20"."""
    period = when(told.iloc[0].to_dict())
    boroughs = (told["geography_level"] == GeographyLevel.BOROUGH).all()
    return f"London's boroughs, {period}" if boroughs else period


def _name(code: str, part: pd.DataFrame, groups: Classification) -> str:
    return f"{groups.short(code)} (reference)" if part["is_reference"].all() else groups.short(code)


def _mark(colour: str, symbol: str, size: int) -> dict[str, object]:
    return {"color": colour, "symbol": symbol, "size": size, "opacity": 1}


def _hover(row: RowLike, groups: Classification) -> str:
    between = figure_limits(row)
    interval = f" (95% limits {between})" if between else ""
    return f"{groups.short(str(row['ethnic_group']))} {figure_value(row)}{interval}"


def _without_figure(
    blanks: pd.DataFrame | None, told: pd.DataFrame, lines: str, groups: Classification
) -> str:
    """Which dots are missing and why: by name where they are few, else how many of each kind."""
    if blanks is None:
        return ""
    missing = blanks[blanks[lines].isin(told[lines]) & blanks["value"].isna()]
    missing = missing[missing["ethnic_group"].isin(told["ethnic_group"])]
    kinds = []
    for reason, part in missing.groupby("blank_reason", sort=True):
        label = BlankReason(str(reason)).label
        if len(part) > MOST_NAMED:
            kinds.append(f"{len(part)} dots {label}")
            continue
        kinds += [
            f"{groups.short(str(row['ethnic_group']))}, {row[lines]} {label}"
            for row in part.to_dict("records")
        ]
    return f" Without a figure: {'; '.join(kinds)}." if kinds else ""


def _ends(line: pd.DataFrame) -> tuple[RowLike, RowLike]:
    """The lowest and the highest figure of a line, from counts where there are any."""
    ordered = line.sort_values("estimate", kind="stable")
    return ordered.iloc[0].to_dict(), ordered.iloc[-1].to_dict()


def _title(spread: dict[str, tuple[RowLike, RowLike]], indicator: RowLike, lines: str) -> str:
    """How far apart the groups lie on the first and the last line, or where it is most."""
    apart = {
        name: float(high["estimate"]) - float(low["estimate"])
        for name, (low, high) in spread.items()
    }

    def size(name: str) -> str:
        low, high = spread[name]
        return distance(apart[name], low, high)

    names = list(spread)
    if len(names) == 1:
        return f"{named(indicator)}: groups lie {size(names[0])} apart"
    if lines == "period":
        start, end = names[0], names[-1]
        return (
            f"{named(indicator)}: groups lay {size(start)} apart in {start} and {size(end)} "
            f"in {end}"
        )
    widest = max(names, key=lambda name: apart[name])
    least = min(names, key=lambda name: apart[name])
    return (
        f"{named(indicator)}: groups lie furthest apart in {widest} ({size(widest)}), least in "
        f"{least} ({size(least)})"
    )
