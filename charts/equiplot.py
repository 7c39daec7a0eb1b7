"""Groups as dots on a line, a line a period or an area: how far apart they lie, and who is where.

The form is that of the equiplots of the International Center for Equity in Health.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.chart import Chart
from charts.equiplot_words import ends_told, title, where_of, without_figure
from charts.lanes import lanes as lanes_of
from charts.theme import Palette, finish, wrap
from evidence.ethnicity import Classification
from evidence.statements import RowLike, figure_limits, figure_value, named, people_and_method

LINE_HEIGHT = 42
"""Pixels for each line of dots."""

MARK, CHOSEN = 9, 10
"""Pixels across a mark, and across that of the chosen group, which has an outline."""

NEAR = 0.05
"""Marks nearer than this share of the scale would hide one another on a phone, where the scale is
about 200 pixels long."""

PITCH, FURTHEST = 10 / LINE_HEIGHT, 1 / 3
"""How far such marks stand above one another, and from their line at most, in heights of it."""

FEW = 2
"""So many groups may stand beside the broad ones, each with a mark of its own."""

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

    Broad groups have a colour and a mark each, and so has a group or two beside them. Where there
    are more, the chosen group and the reference stand out and the rest are alike. Near marks of a
    line stand above and below it.

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
    told = told.assign(at=_heights(told, lines))
    names = [wrap(str(name)) for name in told[lines].unique()]
    figure = go.Figure()
    for number, (_, values) in enumerate(told.groupby(lines, sort=False)["value"]):
        figure.add_scatter(
            x=[values.min(), values.max()],
            y=[number, number],
            mode="lines",
            line={"color": colours.line, "width": 6},
            hoverinfo="skip",
            showlegend=False,
        )
    marked = list(_marked(told, groups, colours, chosen))
    for name, part, style in marked:
        figure.add_scatter(
            x=part["value"],
            y=part["at"],
            name=name,
            mode="markers",
            marker=style,
            customdata=[f"{row[lines]}: {_hover(row, groups)}" for row in part.to_dict("records")],
            hovertemplate="%{customdata}<extra></extra>",
            cliponaxis=False,
        )
    first = told.iloc[0].to_dict()
    unit = str(first["unit"])
    finish(figure, colours, height=130 + LINE_HEIGHT * len(names))
    figure.update_xaxes(title_text="Percentage" if unit == "%" else unit.capitalize())
    figure.update_yaxes(
        range=[len(names) - 0.5, -0.5],
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=names,
    )
    over = _names_over_first_line(told, lines, [part for _, part, _ in marked], groups)
    for note in over:
        figure.add_annotation(
            **note, font={"size": 13, "color": colours.text}, arrowcolor=colours.faint
        )
    figure.update_layout(
        showlegend=not over,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 14}},
        margin={"t": 24 + STEP * STEPS if over else 48},
    )
    where = where_of(told, lines)
    label = "Percentage" if unit == "%" else f"{named(indicator)}, {unit}"
    return Chart(
        figure,
        title(told, indicator, lines, groups),
        f"{label}. {where[:1].upper()}{where[1:]}. {_how_drawn(told, lines, groups, chosen)} "
        f"{people_and_method(first)}. The scale does not start at zero."
        f"{without_figure(blanks, told, lines, groups)}",
        f"{named(indicator)} by ethnic group, {where}. The lowest and the highest group of each "
        f"line: {ends_told(told, lines, groups)}.",
    )


def _heights(told: pd.DataFrame, lines: str) -> pd.Series:
    """Where each mark stands: at the number of its line from the top, or near it."""
    number = pd.Series(pd.factorize(told[lines])[0], index=told.index, dtype=float)
    near = NEAR * float(told["value"].max() - told["value"].min())
    for place, part in told["value"].groupby(number):
        moved = lanes_of(part.tolist(), near, pitch=PITCH, most=FURTHEST)
        number.loc[part.index] = [float(place) + by for by in moved]
    return number


def _how_drawn(told: pd.DataFrame, lines: str, groups: Classification, chosen: str | None) -> str:
    """What a dot and a line are, where near dots stand, and which group has an outline."""
    moved = (told["at"] != told["at"].round()).any()
    near = ", above or below its line where near ones would hide it" if moved else ""
    own = chosen is not None and (told["ethnic_group"] == chosen).any()
    outlined = f" {groups.short(str(chosen))} has an outline." if own else ""
    return f"One dot a group{near}; the line joins the lowest and the highest.{outlined}"


def _marked(
    told: pd.DataFrame, groups: Classification, colours: Palette, chosen: str | None
) -> Iterator[tuple[str, pd.DataFrame, dict[str, object]]]:
    """Each entry of the key: its name, its figures and its mark."""
    codes = groups.sort(told["ethnic_group"].unique())
    broad = colours.broad_groups
    others = [code for code in codes if code not in broad]
    if len(others) <= FEW < len(codes) or not others:
        # A broad group's colour and mark are the same in every chart.
        symbols = dict(zip([*broad, *others], SYMBOLS, strict=False))
        for code in codes:
            part = told[told["ethnic_group"] == code]
            mark = _mark(broad.get(code, colours.mark), symbols[code], MARK)
            yield _name(code, part, groups), part, _outlined(mark, colours, code == chosen)
        return
    reference = told.loc[told["is_reference"], "ethnic_group"].unique()
    apart = [code for code in codes if code == chosen or code in reference]
    rest = told[~told["ethnic_group"].isin(apart)]
    if len(rest):
        yield "Other groups compared", rest, _mark(colours.faint, "circle-open", MARK)
    for code in apart:
        part = told[told["ethnic_group"] == code]
        own = code == chosen
        mark = _mark(*((colours.accent, "circle") if own else (colours.mark, "diamond")), MARK)
        yield _name(code, part, groups), part, _outlined(mark, colours, own)


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
        placed.append((float(here["value"].iloc[0]), float(here["at"].iloc[0]), name))
    notes: list[dict[str, object]] = []
    ends = [-math.inf] * STEPS
    for value, height, name in sorted(placed):
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
                "y": height,
                "text": name,
                "ax": BESIDE / 2 if to_left else 0,
                # Names stand at one height, however far their mark is from the line.
                "ay": -20 - STEP * free[0] - LINE_HEIGHT * height,
                "xanchor": "right" if to_left else "center",
                "arrowhead": 0,
                "arrowwidth": 1,
                "standoff": 7,
            }
        )
    return notes


def _name(code: str, part: pd.DataFrame, groups: Classification) -> str:
    return f"{groups.short(code)} (reference)" if part["is_reference"].all() else groups.short(code)


def _mark(colour: str, symbol: str, size: int) -> dict[str, object]:
    return {"color": colour, "symbol": symbol, "size": size, "opacity": 1}


def _outlined(mark: dict[str, object], colours: Palette, chosen: bool) -> dict[str, object]:
    """The mark, larger and with an outline where its group is the one that the reader chose."""
    line = {"color": colours.text, "width": 2}
    return {**mark, "size": CHOSEN, "line": line} if chosen else mark


def _hover(row: RowLike, groups: Classification) -> str:
    between = figure_limits(row)
    interval = f" (95% limits {between})" if between else ""
    return f"{groups.short(str(row['ethnic_group']))} {figure_value(row)}{interval}"
