"""What the years of a series show, in words: one place for pages, charts and their alternatives."""

from __future__ import annotations

import math

import pandas as pd

from evidence.ethnicity import Classification
from evidence.numbers import number, with_unit
from evidence.statements import (
    RowLike,
    difference_limits,
    difference_unit,
    difference_value,
    figure_sentence,
    figure_value,
    gap_size,
    noun,
)
from evidence.statistics.trend import GapTrend, Trend
from evidence.timeline import CHANGED
from evidence.trends import Change, SeriesTrend, number_word
from evidence.vocabulary import Direction

NO_STEADY_CHANGE = "no steady change"
"""A figure can change for good and yet in no one direction: the tests ask for a steady one."""

NOT_TESTED = "not tested"

TESTS = ["Of", "In words", "Change a year (95% limits)", "Test", "Periods", "p-value"]
"""The columns of :func:`table_of_tests`."""

_KINDS = {"relative": "as a ratio", "absolute": "as a difference"}


def trend_word(change: Change, indicator: RowLike) -> str:
    """The verdict on a figure with what it means: "rising (better)", "no steady change"."""
    if change.verdict is None:
        return NOT_TESTED
    if change.verdict == Trend.NEITHER:
        return NO_STEADY_CHANGE
    direction = Direction(indicator["direction"])
    if direction is Direction.NEITHER:
        return change.verdict
    worse = (change.verdict == Trend.RISING) == (direction is Direction.HIGHER_IS_WORSE)
    return f"{change.verdict} ({'worse' if worse else 'better'})"


def gap_word(change: Change) -> str:
    """The verdict on a gap: "closing", "widening", "no steady change" or that places changed."""
    if change.verdict is None:
        return NOT_TESTED
    if change.crossed:
        return "the groups changed places"
    return NO_STEADY_CHANGE if change.verdict == GapTrend.NEITHER else change.verdict


def series_title(found: SeriesTrend, indicator: RowLike, groups: Classification) -> str:
    """The finding as the title of a chart."""
    words = {groups.short(found.chosen): trend_word(found.group, indicator)}
    if found.other is not None:
        words[groups.short(str(found.reference))] = trend_word(found.other, indicator)
    told = set(words.values())
    if told == {NOT_TESTED}:
        return f"{indicator['name']} over the years"
    if len(told) == 1 and len(words) > 1:
        return f"{indicator['name']}: {told.pop()} for the {' and '.join(words)} groups"
    parts = [f"{word} for the {name} group" for name, word in words.items()]
    return f"{indicator['name']}: {', '.join(parts)}"


def gap_title(found: SeriesTrend, groups: Classification) -> str:
    """The finding on the gap as the title of a chart."""
    pair = f"{groups.short(found.chosen)} and {groups.short(str(found.reference))}"
    words = {kind: gap_word(change) for kind, change in found.gaps.items()}
    told = set(words.values())
    if told <= {NOT_TESTED}:
        return f"The gap between the {pair} groups over the years"
    if len(told) == 1:
        return f"The gap between the {pair} groups: {told.pop()}"
    parts = [f"{word} {_KINDS[kind]}" for kind, word in words.items()]
    return f"The gap between the {pair} groups: {', '.join(parts)}"


def figure_words(found: SeriesTrend, indicator: RowLike, groups: Classification) -> str:
    """What the years show of the group's figure.

    For example "In England in 2017-18, the rate of referral to Talking Therapies among people
    from Black ethnic groups was 16.6 per 1,000 residents. In 2024-25 the figure was 34.6 per
    1,000 residents. Over these eight periods it was rising, by about 11% a year (95% limits 8.4
    to 13)."
    """
    change = found.group
    if change.first is None or change.last is None:
        return f"Which way the figure goes can't be told: {change.reason}."
    told = figure_sentence(change.first, indicator, groups)
    if change.points > 1:
        told += f" In {change.last['period']} the figure was {figure_value(change.last)}."
    return f"{told} {_verdict_words(change, indicator)}"


def reference_words(found: SeriesTrend, indicator: RowLike, groups: Classification) -> str:
    """What the years show of the reference group's figure; empty where there is none."""
    other = found.other
    if other is None or other.first is None or other.last is None:
        return ""
    people = groups.people(str(found.reference), noun(other.first, indicator))
    told = f"Among {people} the figure was {figure_value(other.first)} in {other.first['period']}"
    if other.points > 1:
        told += f" and {figure_value(other.last)} in {other.last['period']}"
    same = other.verdict is None and other.reason == found.group.reason
    return f"{told}." if same else f"{told}. {_verdict_words(other, indicator)}"


def gap_words(found: SeriesTrend, indicator: RowLike, groups: Classification) -> str:
    """What the years show of the gap; ratio and difference told apart where they differ."""
    if found.no_gap is not None:
        return f"No gap is worked out here: {found.no_gap}."
    changes = list(found.gaps.items())
    words = {gap_word(change) for _, change in changes}
    if words == {NOT_TESTED}:
        return f"Whether the gap is closing or widening can't be told: {changes[0][1].reason}."
    first = dict(found.rows.iloc[0])
    gap = f"gap to {groups.people(str(found.reference), noun(first, indicator))}"
    if len(words) == 1:
        kind, change = changes[0]
        how = ", as a ratio and as a difference" if len(changes) > 1 else ""
        return f"The {gap} {_gap_clause(kind, change, how)}. {_ends(kind, change)}"
    clauses = [
        f"{_capital(_KINDS[kind])}, the {gap} {_gap_clause(kind, change)}. {_ends(kind, change)}"
        for kind, change in changes
    ]
    return " ".join(clauses)


def size_words(change: Change, *, signed: bool = False) -> str:
    """How much a year: "0.5 percentage points a year (95% limits 0.2 to 0.8)"; empty if unknown.

    Two figures are told, no more than the limits bear; without its sign unless ``signed``.
    """
    sizes = [change.change, change.lower, change.upper]
    if change.verdict is None or not all(math.isfinite(size) for size in sizes):
        return ""
    if change.change < 0 and not signed:
        sizes = [-change.change, -change.upper, -change.lower]
    size, low, high = (number(float(f"{size:.2g}")) for size in sizes)
    if signed and change.change > 0:
        size = f"+{size}"
    return f"{with_unit(size, change.unit)} a year (95% limits {low} to {high})"


def table_of_tests(found: SeriesTrend, groups: Classification) -> list[list[str]]:
    """Each test with what it found: rows of a table with the columns :data:`TESTS`."""
    told = [(groups.short(found.chosen), found.group, _plain_word(found.group))]
    if found.other is not None:
        told.append((groups.short(str(found.reference)), found.other, _plain_word(found.other)))
    names = {"relative": "Ratio of the two", "absolute": "Difference between the two"}
    told += [(names[kind], change, gap_word(change)) for kind, change in found.gaps.items()]
    return [
        [
            name,
            word if change.verdict else f"{word}: {change.reason}",
            size_words(change, signed=True) or ("no size" if change.verdict else ""),
            change.test or "",
            str(change.points),
            _p_value(change.p_value),
        ]
        for name, change, word in told
    ]


def left_out_words(found: SeriesTrend) -> str:
    """Which periods took no part in the tests, and why; empty where all did."""
    parts = [f"{_list(periods)} ({why})" for why, periods in found.left_out.items()]
    return f"Left out of the tests: {'; '.join(parts)}." if parts else ""


def neighbour_words(beside: pd.DataFrame) -> str:
    """Which figures stand beside the series without being part of it; empty where none do."""
    parts = []
    for told, rows in beside.groupby("break_told", sort=False):
        how = "by another definition" if told == CHANGED else "from another source"
        parts.append(f"those of {_list(list(dict.fromkeys(rows['period'])))} are {how}")
    return f"Grey figures are no part of the series: {'; '.join(parts)}." if parts else ""


def _verdict_words(change: Change, indicator: RowLike) -> str:
    if change.verdict is None:
        return f"Whether it is rising or falling can't be told: {change.reason}."
    over = f"Over these {number_word(change.points)} periods"
    word = trend_word(change, indicator)
    if change.verdict == Trend.NEITHER:
        return f"{over} there was {word}{_ends_apart(change, 'limit')}."
    size = size_words(change)
    return f"{over} it was {word}{f', by about {size}' if size else ''}."


def _ends_apart(change: Change, name: str) -> str:
    """A caution where what went up and down again has ends whose limits don't meet."""
    if change.first is None or change.last is None:
        return ""
    highest_low = max(change.first[f"{name}_lower"], change.last[f"{name}_lower"])
    apart = highest_low > min(change.first[f"{name}_upper"], change.last[f"{name}_upper"])
    return ", though the first and the last differ by more than chance" if apart else ""


def _gap_clause(kind: str, change: Change, how: str = "") -> str:
    word = gap_word(change)
    if change.crossed:
        return f"neither closed nor widened{how}, as the two groups changed places"
    if word == NO_STEADY_CHANGE:
        apart = _ends_apart(change, {"relative": "ratio", "absolute": "difference"}[kind])
        return f"showed {word}{how}{apart}"
    return f"was {word}{how}"


def _ends(kind: str, change: Change) -> str:
    """The gap of the first and of the last period."""
    if change.first is None or change.last is None:
        return ""
    return (
        f"In {change.first['period']} it was {_size(kind, change.first)}; "
        f"in {change.last['period']}, {_size(kind, change.last)}."
    )


def _size(kind: str, row: RowLike) -> str:
    if kind == "relative":
        return gap_size(row, row)
    text = with_unit(difference_value(row, row), difference_unit(row))
    between = difference_limits(row, row)
    return f"{text} ({f'95% limits {between}' if between else 'no interval published'})"


def _plain_word(change: Change) -> str:
    if change.verdict is None:
        return NOT_TESTED
    return NO_STEADY_CHANGE if change.verdict == Trend.NEITHER else change.verdict


def _p_value(value: float) -> str:
    if math.isnan(value):
        return ""
    return "below 0.001" if value < 0.001 else f"{value:.3f}"


def _list(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
