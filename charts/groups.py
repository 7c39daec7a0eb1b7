"""Charts of one comparison set: ratios to the reference group, and values, by ethnic group."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from charts.chart import Chart
from charts.theme import Palette, finish, wrap
from evidence.ethnicity import Classification
from evidence.findings import finding
from evidence.gaps import Verdict
from evidence.numbers import is_blank, limits
from evidence.statements import (
    RowLike,
    figure_limits,
    figure_value,
    people_and_method,
    place,
    ratio_told,
    verdict_words,
    when,
)
from evidence.vocabulary import Measure

ROW_HEIGHT = 44
"""Pixels for each group's row: enough for a label over two lines on a phone."""

_TICKS = {
    0.1: "a tenth",
    0.2: "a fifth",
    1 / 3: "a third",
    0.5: "half",
    0.75: "0.75 times",
    1: "same",
    1.5: "1.5 times",
    2: "twice",
    3: "3 times",
    5: "5 times",
    10: "10 times",
    20: "20 times",
    50: "50 times",
}


def ratio_chart(
    rows: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
    colours: Palette,
    *,
    chosen: str | None = None,
) -> Chart | None:
    """Ratios to the reference group with their limits, on a log axis (a forest plot).

    Parameters
    ----------
    rows
        One comparison set: figures with the columns of their gaps.
    indicator
        The indicator's row.
    groups
        The classification.
    colours
        The theme's colours.
    chosen
        The code of the group that the reader chose, drawn in the accent colour.

    Returns
    -------
    Chart or None
        None where no group of the set has a ratio above zero.
    """
    shown = rows[rows["ratio"].notna() & (rows["ratio"] > 0)]
    if shown.empty:
        return None
    shown = _in_order(shown, groups)
    reference = groups.short(str(shown["reference_group"].iloc[0]))
    names = [wrap(groups.short(code)) for code in shown["ethnic_group"]]
    low = shown["ratio_lower"].where(shown["ratio_lower"] > 0)
    spread = [*shown["ratio"], *low.dropna(), *shown["ratio_upper"].dropna(), 1.0]
    finite = [x for x in spread if math.isfinite(x)]
    left, right = min(finite) / 1.25, max(finite) * 1.25
    left, right = min(left, 0.7), max(right, 1.4)
    figure = go.Figure()
    figure.add_vline(x=1, line={"color": colours.text, "width": 1.5})
    # A lower limit of zero or an upper one without end runs off the axis.
    for name, row in zip(names, shown.to_dict("records"), strict=True):
        colour = _colour(row, chosen, colours)
        if not is_blank(row["ratio_lower"]):
            ends = [max(row["ratio_lower"], left), min(row["ratio_upper"], right)]
            figure.add_scatter(
                x=ends,
                y=[name, name],
                mode="lines",
                line={"color": colour, "width": 3},
                hoverinfo="skip",
            )
    figure.add_scatter(
        x=shown["ratio"],
        y=names,
        mode="markers+text",
        marker=_markers(shown, chosen, colours),
        text=[ratio_told(row) for row in shown.to_dict("records")],
        textposition="top center",
        textfont={"size": 13, "color": colours.text},
        customdata=[_hover(row, indicator) for row in shown.to_dict("records")],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
        cliponaxis=False,
    )
    ticks = _ticks(left, right)
    figure.update_xaxes(
        type="log",
        range=[math.log10(left), math.log10(right)],
        tickvals=[value for value, _ in ticks],
        ticktext=[text for _, text in ticks],
        tickangle=0,
        title_text=f"Compared with {reference} (log scale)",
    )
    figure.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=names)
    finish(figure, colours, height=90 + ROW_HEIGHT * len(shown))
    title = finding(rows, indicator, groups)
    # A log axis has no place for a ratio of zero; the words have.
    told = _in_order(rows[rows["ratio"].notna()], groups)
    subtitle = _subtitle(rows, f"Ratio to the {reference} group")
    return Chart(figure, title, subtitle, _ratio_alt(told, groups))


def set_chart(
    rows: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
    colours: Palette,
    *,
    chosen: str | None = None,
    values: bool = False,
) -> Chart | None:
    """The chart of a comparison set: ratios where it has them, else values.

    Parameters are those of :func:`ratio_chart`; ``values`` asks for values first. Ratios that
    a source published have no values of their own.
    """
    published = Measure(rows["measure"].iloc[0]).is_published_ratio
    makers = [ratio_chart, value_chart] if published or not values else [value_chart, ratio_chart]
    for make in makers:
        chart = make(rows, indicator, groups, colours, chosen=chosen)
        if chart:
            return chart
    return None


def value_chart(
    rows: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
    colours: Palette,
    *,
    chosen: str | None = None,
) -> Chart | None:
    """Values by ethnic group with their limits; the reference group's value as a dotted line.

    Parameters are those of :func:`ratio_chart`. The axis starts at zero for rates, percentages
    and counts. Returns None where the set has no value.
    """
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return None
    shown = _in_order(shown, groups)
    names = [wrap(_name(row, groups)) for row in shown.to_dict("records")]
    figure = go.Figure()
    reference = shown[shown["is_reference"]]
    if len(reference):
        figure.add_vline(
            x=float(reference["value"].iloc[0]),
            line={"color": colours.text, "width": 1.5, "dash": "dot"},
        )
    for name, row in zip(names, shown.to_dict("records"), strict=True):
        if not is_blank(row["limit_lower"]):
            figure.add_scatter(
                x=[row["limit_lower"], row["limit_upper"]],
                y=[name, name],
                mode="lines",
                line={"color": _colour(row, chosen, colours), "width": 3},
                hoverinfo="skip",
            )
    figure.add_scatter(
        x=shown["value"],
        y=names,
        mode="markers+text",
        marker=_markers(shown, chosen, colours),
        text=[figure_value(row).split(" per ")[0] for row in shown.to_dict("records")],
        textposition="top center",
        textfont={"size": 13, "color": colours.text},
        customdata=[
            " ".join(filter(None, [figure_value(row), _bracket(figure_limits(row))]))
            for row in shown.to_dict("records")
        ],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
        cliponaxis=False,
    )
    first = shown.iloc[0].to_dict()
    unit = str(first["unit"])
    figure.update_xaxes(title_text="Percentage" if unit == "%" else unit.capitalize())
    measure = Measure(first["measure"])
    if measure.is_published_comparison:
        against = groups.short(str(first["reference_group"]))
        figure.add_vline(x=0, line={"color": colours.text, "width": 1.5})
        figure.update_xaxes(rangemode="tozero", title_text=f"Difference from {against}, {unit}")
    elif measure not in {Measure.MEAN, Measure.MEDIAN, Measure.THRESHOLD}:
        figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=names)
    finish(figure, colours, height=90 + ROW_HEIGHT * len(shown))
    label = "Percentage" if unit == "%" else f"{indicator['name']}, {unit}"
    if measure.is_published_comparison:
        label = f"{indicator['name']}: difference from the {against} group, {unit}"
    alt = "; ".join(
        f"{_name(row, groups)} {figure_value(row)}{_bracket(figure_limits(row))}"
        for row in shown.to_dict("records")
    )
    return Chart(
        figure,
        finding(rows, indicator, groups),
        _subtitle(rows, label),
        f"{indicator['name']} by ethnic group in {place(first)}, {when(first)}: {alt}.",
    )


def _in_order(rows: pd.DataFrame, groups: Classification) -> pd.DataFrame:
    return rows.sort_values("ethnic_group", key=lambda codes: codes.map(groups.order))


def _name(row: RowLike, groups: Classification) -> str:
    name = groups.short(str(row["ethnic_group"]))
    return f"{name} (reference)" if row["is_reference"] else name


def _clear(row: RowLike) -> bool:
    return bool(row["is_reference"]) or row["verdict"] in {Verdict.HIGHER, Verdict.LOWER}


def _colour(row: RowLike, chosen: str | None, colours: Palette) -> str:
    if row["ethnic_group"] == chosen:
        return colours.accent
    strong = _clear(row) and not row["history"]
    return colours.mark if strong else colours.faint


def _markers(rows: pd.DataFrame, chosen: str | None, colours: Palette) -> dict[str, object]:
    """Filled where the limits show a difference, hollow where they don't or there are none."""
    records = rows.to_dict("records")
    edge = [_colour(row, chosen, colours) for row in records]
    fill = [
        colour if _clear(row) else colours.background
        for colour, row in zip(edge, records, strict=True)
    ]
    return {
        "size": [18 if row["ethnic_group"] == chosen else 13 for row in records],
        "color": fill,
        "line": {"color": edge, "width": 2.5},
        "symbol": ["diamond" if row["is_reference"] else "circle" for row in records],
    }


def _hover(row: RowLike, indicator: RowLike) -> str:
    interval = limits(row["ratio_lower"], row["ratio_upper"], style="ratio")
    words = verdict_words(str(row["verdict"]), str(indicator["direction"]))
    return f"{ratio_told(row)} times{_bracket(interval)}, {words}"


def _bracket(text: str) -> str:
    return f" (95% limits {text})" if text else ""


def _subtitle(rows: pd.DataFrame, measure: str) -> str:
    first = rows.iloc[0].to_dict()
    where = place(first)
    return f"{measure}. {where[:1].upper()}{where[1:]}, {when(first)}. {people_and_method(first)}."


def _ratio_alt(shown: pd.DataFrame, groups: Classification) -> str:
    first = shown.iloc[0].to_dict()
    reference = groups.short(str(first["reference_group"]))
    parts = []
    for row in shown.to_dict("records"):
        text = limits(row["ratio_lower"], row["ratio_upper"], style="ratio")
        interval = f" (95% limits {text})" if text else " (no interval published)"
        parts.append(
            f"{groups.short(row['ethnic_group'])} {ratio_told(row)} times{interval}, "
            f"{row['verdict']}"
        )
    return f"Ratios to the {reference} group in {place(first)}, {when(first)}: {'; '.join(parts)}."


def _ticks(left: float, right: float) -> list[tuple[float, str]]:
    """Ticks that speak, thinned so that they don't run into one another on a phone."""
    inside = [(value, text) for value, text in _TICKS.items() if left <= value <= right]
    wide = math.log10(right / left)
    kept: list[tuple[float, str]] = []
    for value, text in sorted(inside, key=lambda tick: abs(math.log10(tick[0]))):
        if all(abs(math.log10(value / other)) > wide / 5 for other, _ in kept):
            kept.append((value, text))
    return sorted(kept)
