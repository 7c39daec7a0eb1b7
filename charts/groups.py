"""Charts of one comparison set by ethnic group: ratios, differences and the figures themselves."""

from __future__ import annotations

import math
from enum import StrEnum

import pandas as pd
import plotly.graph_objects as go

from charts.axes import ratio_ticks
from charts.chart import Chart
from charts.dots import Dots, draw, group_name, in_order, reference_line
from charts.theme import Palette
from evidence.ethnicity import Classification
from evidence.findings import finding
from evidence.numbers import limits, with_unit
from evidence.statements import (
    RowLike,
    difference_limits,
    difference_unit,
    difference_value,
    figure_limits,
    figure_value,
    named,
    people_and_method,
    place,
    ratio_told,
    verdict_words,
    when,
)
from evidence.vocabulary import BlankReason, Measure


class Way(StrEnum):
    """How a comparison set is shown."""

    RATIOS = "ratios"
    DIFFERENCES = "differences"
    FIGURES = "figures"

    @property
    def label(self) -> str:
        """What the switch says."""
        return {
            Way.RATIOS: "Ratios",
            Way.DIFFERENCES: "Differences",
            Way.FIGURES: "Figures",
        }[self]


def ways(rows: pd.DataFrame) -> list[Way]:
    """The ways in which a comparison set can be shown, the first to show first.

    A comparison that its source published is shown as that alone.
    """
    measure = Measure(rows["measure"].iloc[0])
    if measure.is_published_ratio:
        return [Way.RATIOS]
    if measure.is_published_comparison:
        return [Way.FIGURES]
    found = [
        way
        for way, shown in (
            (Way.RATIOS, bool((rows["ratio"] > 0).any())),
            (Way.DIFFERENCES, bool(rows["difference"].notna().any())),
        )
        if shown
    ]
    return [*found, Way.FIGURES] if Way.RATIOS in found else [Way.FIGURES, *found]


def set_chart(
    rows: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
    colours: Palette,
    *,
    chosen: str | None = None,
    way: Way | None = None,
    by_value: bool = False,
) -> Chart | None:
    """The chart of a comparison set in the way asked for, else in the first that it has.

    Parameters
    ----------
    rows
        One comparison set: figures with the columns of their gaps. Figures without a value say
        why in place of a mark.
    indicator
        The indicator's row.
    groups
        The classification.
    colours
        The theme's colours.
    chosen
        The code of the group that the reader chose, drawn in the accent colour.
    way
        A way of :func:`ways`; the first of them where it is None or not among them.
    by_value
        True to have the largest on top, False for the classification's order.

    Returns
    -------
    Chart or None
        None where the set has nothing to draw.
    """
    possible = ways(rows)
    make = {
        Way.RATIOS: ratio_chart,
        Way.DIFFERENCES: difference_chart,
        Way.FIGURES: value_chart,
    }[way if way in possible else possible[0]]
    return make(rows, indicator, groups, colours, chosen=chosen, by_value=by_value)


def ratio_chart(
    rows: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
    colours: Palette,
    *,
    chosen: str | None = None,
    by_value: bool = False,
) -> Chart | None:
    """Ratios to the reference group with their limits, on a log axis (a forest plot).

    Parameters are those of :func:`set_chart`. Returns None where no group has a ratio above zero.
    """
    shown = rows[rows["ratio"].notna() & (rows["ratio"] > 0)]
    if shown.empty:
        return None
    reference = groups.short(str(shown["reference_group"].iloc[0]))
    span = left, right = _span(shown)
    dots = Dots(
        "ratio",
        "ratio_lower",
        "ratio_upper",
        ratio_told,
        lambda row: _told(f"{ratio_told(row)} times", _ratio_limits(row), row, indicator),
        blank_at=left,
    )
    # A lower limit of zero or an upper one without end runs off the axis.
    figure = draw(
        shown, _blanks(rows), dots, groups, colours, chosen=chosen, span=span, by_value=by_value
    )
    reference_line(figure, 1, colours)
    ticks = ratio_ticks(left, right)
    figure.update_xaxes(
        type="log",
        range=[math.log10(left), math.log10(right)],
        tickvals=[value for value, _ in ticks],
        ticktext=[text for _, text in ticks],
        tickangle=0,
        title_text=f"Compared with {reference} (log scale)",
    )
    # A log axis has no place for a ratio of zero; the words have.
    told = rows[rows["ratio"].notna()]
    return _chart(
        figure,
        rows,
        indicator,
        groups,
        label=f"Ratio to the {reference} group",
        opening=f"Ratios to the {reference} group",
        parts=[
            f"{groups.short(str(row['ethnic_group']))} "
            + _told(f"{ratio_told(row)} times", _ratio_limits(row), row)
            for row in in_order(told, groups).to_dict("records")
        ],
    )


def difference_chart(
    rows: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
    colours: Palette,
    *,
    chosen: str | None = None,
    by_value: bool = False,
) -> Chart | None:
    """Differences from the reference group with their limits; no difference is the line at 0.

    Parameters are those of :func:`set_chart`. Returns None where no group has a difference.
    """
    shown = rows[rows["difference"].notna()]
    if shown.empty:
        return None
    first = shown.iloc[0].to_dict()
    reference = groups.short(str(first["reference_group"]))
    unit = difference_unit(first)

    def sized(row: RowLike) -> str:
        return with_unit(difference_value(row, row), unit)

    def between(row: RowLike) -> str:
        return difference_limits(row, row)

    dots = Dots(
        "difference",
        "difference_lower",
        "difference_upper",
        lambda row: difference_value(row, row),
        lambda row: _told(sized(row), between(row), row, indicator),
    )
    figure = draw(shown, _blanks(rows), dots, groups, colours, chosen=chosen, by_value=by_value)
    reference_line(figure, 0, colours)
    figure.update_xaxes(rangemode="tozero", title_text=f"Difference from {reference}, {unit}")
    return _chart(
        figure,
        rows,
        indicator,
        groups,
        label=f"Difference from the {reference} group, {unit}",
        opening=f"Differences from the {reference} group",
        parts=[
            f"{groups.short(str(row['ethnic_group']))} " + _told(sized(row), between(row), row)
            for row in in_order(shown, groups).to_dict("records")
        ],
    )


def value_chart(
    rows: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
    colours: Palette,
    *,
    chosen: str | None = None,
    by_value: bool = False,
) -> Chart | None:
    """Values by ethnic group with their limits; the reference group's value as a dotted line.

    Parameters are those of :func:`set_chart`. The axis starts at zero for rates, percentages
    and counts. Returns None where the set has no value.
    """
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return None
    dots = Dots(
        "value",
        "limit_lower",
        "limit_upper",
        lambda row: figure_value(row).split(" per ")[0],
        lambda row: " ".join(filter(None, [figure_value(row), _bracket(figure_limits(row))])),
    )
    figure = draw(shown, _blanks(rows), dots, groups, colours, chosen=chosen, by_value=by_value)
    reference = shown[shown["is_reference"]]
    if len(reference):
        reference_line(figure, float(reference["value"].iloc[0]), colours, dotted=True)
    first = shown.iloc[0].to_dict()
    unit = str(first["unit"])
    measure = Measure(first["measure"])
    label = "Percentage" if unit == "%" else f"{named(indicator)}, {unit}"
    axis = "Percentage" if unit == "%" else unit.capitalize()
    if measure.is_published_comparison:
        against = groups.short(str(first["reference_group"]))
        reference_line(figure, 0, colours)
        axis = f"Difference from {against}, {unit}"
        label = f"{named(indicator)}: difference from the {against} group, {unit}"
    figure.update_xaxes(title_text=axis)
    if measure not in {Measure.MEAN, Measure.MEDIAN, Measure.THRESHOLD}:
        figure.update_xaxes(rangemode="tozero")
    return _chart(
        figure,
        rows,
        indicator,
        groups,
        label=label,
        opening=f"{named(indicator)} by ethnic group",
        parts=[
            f"{group_name(row, groups)} {figure_value(row)}{_bracket(figure_limits(row))}"
            for row in in_order(shown, groups).to_dict("records")
        ],
    )


def _chart(
    figure: go.Figure,
    rows: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
    *,
    label: str,
    opening: str,
    parts: list[str],
) -> Chart:
    """The figure with its title, subtitle and the text that says every number of it."""
    first = rows.iloc[0].to_dict()
    where = place(first)
    parts = parts + [
        f"{groups.short(str(row['ethnic_group']))} {BlankReason(row['blank_reason']).label}"
        for row in in_order(_blanks(rows), groups).to_dict("records")
    ]
    return Chart(
        figure,
        finding(rows, indicator, groups),
        f"{label}. {where[:1].upper()}{where[1:]}, {when(first)}. {people_and_method(first)}.",
        f"{opening} in {where}, {when(first)}: {'; '.join(parts)}.",
    )


def _blanks(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["value"].isna()]


def _span(shown: pd.DataFrame) -> tuple[float, float]:
    """Where a log axis of ratios ends: beyond every mark and limit, with 1 well inside."""
    low = shown["ratio_lower"].where(shown["ratio_lower"] > 0)
    spread = [*shown["ratio"], *low.dropna(), *shown["ratio_upper"].dropna(), 1.0]
    finite = [x for x in spread if math.isfinite(x)]
    return min(min(finite) / 1.25, 0.7), max(max(finite) * 1.25, 1.4)


def _ratio_limits(row: RowLike) -> str:
    return limits(row["ratio_lower"], row["ratio_upper"], style="ratio")


def _told(size: str, between: str, row: RowLike, indicator: RowLike | None = None) -> str:
    """A gap in words: its size, its limits, and what they bear, with better or worse if asked."""
    words = str(row["verdict"])
    if indicator is not None:
        words = verdict_words(words, str(indicator["direction"]))
        return f"{size}{_bracket(between)}, {words}"
    return f"{size}{_bracket(between) or ' (no interval published)'}, {words}"


def _bracket(text: str) -> str:
    return f" (95% limits {text})" if text else ""
