"""A comparison over the years: which figures can be followed, and which way they and the gap go.

The tests are those of :mod:`evidence.statistics.trend`; this module decides what they are given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evidence.numbers import is_blank
from evidence.periods import extent
from evidence.sets import SET_KEYS
from evidence.statements import RowLike, difference_unit
from evidence.statistics import Verdict
from evidence.statistics.trend import FEWEST_POINTS, WEIGHTED, Scale, gap_trend, trend
from evidence.strength import INCOMPLETE
from evidence.vocabulary import BlankReason, Measure

DEFINITION_KEYS = (*[key for key in SET_KEYS if key != "period"], "calculation")
"""What two figures must share to be counted in the same way."""

_TOUCH = 1e-9
"""Decimal years that meet differ by no more than the error of their sums."""

JOINED_WITHIN = 0.5
"""Years that may lie between two periods that a line joins: less than a year left out."""

WITHOUT_PERIOD = "the period is not stated"
SOFTENED = "the source gives no exact number"
LOOKS_INCOMPLETE = "the records look incomplete"
OVERLAPS = "the period shares years with a later one"

CHANGED = "definition changed"
ELSEWHERE = "another source"
"""What parts a series from figures beside it."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Change:
    """Which way a figure or a gap goes over the years, or why that can't be told.

    ``verdict`` is a :class:`evidence.statistics.trend.Trend` or, of a gap, a ``GapTrend``, as
    text; None where ``reason`` says why. ``change`` with ``lower`` and ``upper`` is how much a
    year in ``unit``, missing for the Mann-Kendall test, which says no size. ``first`` and
    ``last`` are the rows of the first and last figure that took part. ``crossed`` is true where a
    group and its reference changed places.
    """

    verdict: str | None
    reason: str | None
    points: int
    first: RowLike | None
    last: RowLike | None
    change: float
    lower: float
    upper: float
    unit: str
    p_value: float
    test: str | None
    crossed: bool = False


@dataclass(frozen=True)
class SeriesTrend:
    """What the years of one series show, for a group and its reference.

    ``rows`` are the figures of both with the columns of :func:`timed`. ``other`` is the change of
    the reference group; ``relative`` and ``absolute`` are those of the ratio and of the
    difference. Each is None where there is none, for gaps because of ``no_gap``.
    """

    rows: pd.DataFrame
    chosen: str
    reference: str | None
    group: Change
    other: Change | None
    relative: Change | None
    absolute: Change | None
    no_gap: str | None

    @property
    def gaps(self) -> dict[str, Change]:
        """The changes of the gap that there are: "relative", "absolute" or both, in this order."""
        both = {"relative": self.relative, "absolute": self.absolute}
        return {kind: change for kind, change in both.items() if change is not None}

    @property
    def left_out(self) -> dict[str, list[str]]:
        """The periods that take no part in the tests of the figures, by the reason."""
        skipped = self.rows[self.rows["left_out"].notna()]
        return {
            str(why): list(dict.fromkeys(part["period"]))
            for why, part in skipped.groupby("left_out", sort=False)
        }


def over_the_years(series: pd.DataFrame, chosen: str, reference: str | None) -> SeriesTrend:
    """Test whether a group's figure, its reference's and the gap between them go up or down.

    Parameters
    ----------
    series
        The figures of one series (:func:`evidence.selection.series_of`) with the columns of
        their gaps to the reference; blanks may be among them.
    chosen, reference
        The codes of the group and of its reference group, None where there is none.
    """
    pair = {chosen} if reference is None else {chosen, reference}
    rows = timed(series[series["ethnic_group"].isin(pair)])
    group = rows[rows["ethnic_group"] == chosen]
    other = rows[rows["ethnic_group"] == reference] if reference not in {None, chosen} else None
    no_gap = _why_no_gap(group, other)
    gaps: dict[str, Change] = {}
    if other is not None and no_gap is None:
        gaps = _gap_changes(group, other)
    return SeriesTrend(
        rows=rows,
        chosen=chosen,
        reference=None if other is None else reference,
        group=_figure_change(group),
        other=None if other is None else _figure_change(other),
        relative=gaps.get("relative"),
        absolute=gaps.get("absolute"),
        no_gap=no_gap,
    )


def timed(rows: pd.DataFrame) -> pd.DataFrame:
    """Place figures in time, and say which can't be held against the others.

    Of periods that share years, such as averages over three years rolled forward, the newest
    stands, then the newest that ended before it began, and so on: the others repeat it.

    Parameters
    ----------
    rows
        Figures of one or more groups that differ in their period alone.

    Returns
    -------
    pandas.DataFrame
        The same rows from the first period to the last, with the columns starts, ends and at
        (the period's begin, end and middle in decimal years, missing where it gives no year) and
        left_out (why the figure takes no part in a test; missing where it does).
    """
    frame = rows.copy()
    extents = [extent(str(period)) or (np.nan, np.nan) for period in frame["period"]]
    frame[["starts", "ends"]] = np.array(extents, dtype=float).reshape(-1, 2)
    frame["at"] = (frame["starts"] + frame["ends"]) / 2
    frame = frame.sort_values(["at", "period"], kind="stable")
    why = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    blank = frame["value"].isna()
    why[blank] = [BlankReason(reason).label for reason in frame.loc[blank, "blank_reason"]]
    for reason, found in (
        (WITHOUT_PERIOD, frame["at"].isna()),
        (SOFTENED, frame["qualifier"].notna()),
        (LOOKS_INCOMPLETE, frame["note"].str.startswith(INCOMPLETE, na=False)),
    ):
        why[found & why.isna()] = reason
    for _, part in frame[why.isna()].groupby("ethnic_group"):
        newest_first = part.sort_values("ends", ascending=False)
        begun = np.inf
        for label, starts, ends in zip(
            newest_first.index, newest_first["starts"], newest_first["ends"], strict=True
        ):
            if ends > begun + _TOUCH:
                why[label] = OVERLAPS
            else:
                begun = starts
    frame["left_out"] = why
    return frame


def neighbours(
    figures: pd.DataFrame, series: pd.DataFrame, indicators: pd.DataFrame, pair: list[str]
) -> pd.DataFrame:
    """Figures of the same thing, place and groups that other years count in another way.

    A definition that changed makes an indicator of its own in the tables, which the same source
    tells in the same phrase; and the same indicator can go on in another source. Only figures
    whose years no figure of the series shares are wanted, to show what came before or after it.

    Parameters
    ----------
    figures
        Figures to look in.
    series
        The figures of the series.
    indicators
        The table of that name.
    pair
        The codes of the groups.

    Returns
    -------
    pandas.DataFrame
        Rows of ``figures`` with the columns of :func:`timed` and break_told ("definition changed"
        or "another source").
    """
    first = series.iloc[0]
    phrases = indicators.set_index("indicator_id")["phrase"]
    alike = phrases.index[phrases == phrases[first["indicator_id"]]]
    same = figures["indicator_id"].isin(alike) & figures["ethnic_group"].isin(pair)
    near = figures[same & figures["value"].notna()]
    for key in ("geography_code", "age", "sex", "population", "measure", "unit"):
        near = near[near[key].fillna("") == ("" if is_blank(first[key]) else first[key])]
    changed = (near["indicator_id"] != first["indicator_id"]) & (
        near["source_id"] == first["source_id"]
    )
    elsewhere = (near["indicator_id"] == first["indicator_id"]) & (
        near["source_id"] != first["source_id"]
    )
    told = np.where(changed, CHANGED, ELSEWHERE)
    near = near.assign(break_told=told)[changed | elsewhere]
    found, ours = timed(near), timed(series[series["value"].notna()])
    begins, ends = ours["starts"].to_numpy()[None, :], ours["ends"].to_numpy()[None, :]
    sooner = found["starts"].to_numpy()[:, None] < ends - _TOUCH
    later = found["ends"].to_numpy()[:, None] > begins + _TOUCH
    shared = (sooner & later).any(axis=1)
    free = found["at"].notna().to_numpy() & ~shared
    return found[free].drop_duplicates(["ethnic_group", "at"])


def runs(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The figures of one group that a line may join: without a year or a definition between."""
    used = rows[rows["value"].notna() & rows["at"].notna()]
    used = used[used["left_out"].isin([OVERLAPS]) | used["left_out"].isna()]
    if used.empty:
        return []
    apart = used["starts"] - used["ends"].shift() > JOINED_WITHIN
    code = _definitions(used)
    broken = apart | (code != code.shift()) & code.shift().notna()
    return [part for _, part in used.groupby(broken.cumsum())]


def number_word(count: int) -> str:
    """A small number as a word: "eight", and 11 and more as digits."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _definitions(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby(list(DEFINITION_KEYS), dropna=False, sort=False).ngroup()


def _scale(rows: pd.DataFrame) -> Scale:
    """Where a steady change is a straight line: by the measure, if every figure has a place there.

    A percentage of everyone is between 0 and 100; others, such as coverage of an estimate, are
    not, and no figure below zero has a logarithm.
    """
    measure = Measure(rows["measure"].iloc[0])
    numbers = rows[["estimate", "limit_lower", "limit_upper"]]
    if measure in {Measure.PERCENTAGE, Measure.SHARE} and numbers.max().max() <= 100:
        scale: Scale = "logit"
    elif measure.has_ratio or measure.is_published_ratio or measure is Measure.COUNT:
        scale = "log"
    else:
        return "identity"
    return "identity" if numbers.min().min() < 0 else scale


def _figure_change(rows: pd.DataFrame) -> Change:
    """The change of one group's figure."""
    used = rows[rows["left_out"].isna()]
    if used.empty:
        return _untested(rows, used)
    scale = _scale(used)
    found = trend(
        used["estimate"],
        used["limit_lower"],
        used["limit_upper"],
        used["at"],
        scale=scale,
        series=_definitions(used),
    ).to_dict("records")[0]
    if is_blank(found["verdict"]):
        return _untested(rows, used)
    sizes = [float(found[name]) for name in ("change", "change_lower", "change_upper")]
    unit = "%"
    if scale == "logit":
        middle = float(used["estimate"].mean())
        sizes, unit = [_points(size, middle) for size in sizes], "percentage points"
    elif scale == "identity":
        unit = difference_unit(used.iloc[0].to_dict())
    return _change(found, used, sizes, unit, _test(found, scale))


def _gap_changes(rows: pd.DataFrame, other: pd.DataFrame) -> dict[str, Change]:
    """The changes of the ratio and of the difference, over the periods that both groups have."""
    kept = rows[rows["left_out"].isna() | (rows["left_out"] == OVERLAPS)]
    beside = other[other["left_out"].isna() | (other["left_out"] == OVERLAPS)]
    kept = kept[kept["period"].isin(beside["period"])]
    # Which of overlapping periods stand is a matter of those that both groups have.
    used = timed(kept)
    used = used[used["left_out"].isna()]
    against = beside.set_index("period").reindex(used["period"]).set_axis(used.index)
    # A gap is tested with the limits that it is shown with: with none where it has none.
    bare = used["difference_lower"].isna()
    ends = ["limit_lower", "limit_upper"]
    own = used[ends].mask(bare)
    theirs = against[ends].mask(bare)
    ratios = Measure(rows["measure"].iloc[0]).has_ratio and len(used) > 0
    ratios = ratios and bool((used["estimate"] >= 0).all() and (against["estimate"] >= 0).all())
    kinds = ["relative", "absolute"] if ratios else ["absolute"]
    if used.empty:
        return {kind: _untested(rows, used, of_both=True) for kind in kinds}
    found = gap_trend(
        used["estimate"],
        own["limit_lower"],
        own["limit_upper"],
        against["estimate"],
        theirs["limit_lower"],
        theirs["limit_upper"],
        used["at"],
        series=_definitions(used),
        ratios=ratios,
    ).to_dict("records")
    units = {"relative": "%", "absolute": difference_unit(used.iloc[0].to_dict())}
    changes = {}
    for kind, row in zip(kinds, found, strict=True):
        if is_blank(row["verdict"]):
            # Of two figures of zero there is a difference, and no ratio.
            divided = used[against["estimate"] + used["estimate"] > 0]
            tried = divided if kind == "relative" else used
            changes[kind] = _untested(rows, tried, of_both=True)
            continue
        sizes = [float(row[name]) for name in ("change", "change_lower", "change_upper")]
        test = _test(row, "log" if kind == "relative" else "identity")
        changes[kind] = _change(
            row, used, sizes, units[kind], test, crossed=not is_blank(row["reason"])
        )
    return changes


def _change(
    found: RowLike,
    used: pd.DataFrame,
    sizes: list[float],
    unit: str,
    test: str,
    *,
    crossed: bool = False,
) -> Change:
    ordered = used.to_dict("records")
    return Change(
        verdict=str(found["verdict"]),
        reason=None,
        points=int(found["points"]),
        first=ordered[0],
        last=ordered[-1],
        change=sizes[0],
        lower=sizes[1],
        upper=sizes[2],
        unit=unit,
        p_value=float(found["p_value"]),
        test=test,
        crossed=crossed,
    )


def _untested(rows: pd.DataFrame, used: pd.DataFrame, *, of_both: bool = False) -> Change:
    """A change without a verdict, with the reason in plain words."""
    ordered = used.to_dict("records")
    nothing = float("nan")
    return Change(
        verdict=None,
        reason=_reason(rows, used, of_both=of_both),
        points=len(used),
        first=ordered[0] if ordered else None,
        last=ordered[-1] if ordered else None,
        change=nothing,
        lower=nothing,
        upper=nothing,
        unit="",
        p_value=nothing,
        test=None,
    )


def _reason(rows: pd.DataFrame, used: pd.DataFrame, *, of_both: bool) -> str:
    codes = _definitions(used)
    if codes.nunique() > 1:
        breaks = used.loc[codes != codes.shift().fillna(codes.iloc[0]), "period"]
        return f"the series breaks in {breaks.iloc[0]}, when the way of counting changed"
    years = f"{number_word(len(used))} period{'' if len(used) == 1 else 's'}"
    whom = " with figures of both groups" if of_both else ""
    told = f"{years}{whom} can be compared; at least {number_word(FEWEST_POINTS)} are needed"
    if (rows["left_out"] == OVERLAPS).any():
        return f"the periods overlap, and of those that don't only {told}"
    return told


def _why_no_gap(rows: pd.DataFrame, other: pd.DataFrame | None) -> str | None:
    """Why the two groups are not set against one another, or None where they are."""
    if other is None or rows.empty:
        return "there is no group to compare with"
    measure = Measure(rows["measure"].iloc[0])
    if not measure.has_difference:
        return f"a {measure.label} is not compared between groups"
    refused = rows.loc[rows["verdict"] == Verdict.NOT_COMPARED, "reason"].dropna()
    return str(refused.iloc[0]) if len(refused) else None


def _test(found: RowLike, scale: Scale) -> str:
    """The name of the test with what it was made on."""
    if found["test"] != WEIGHTED:
        return str(found["test"])
    return f"{found['test']} on {_ON[scale]}"


_ON = {"log": "logarithms", "logit": "log odds", "identity": "the values"}


def _points(percent_of_odds: float, middle: float) -> float:
    """A change of the odds as percentage points a year, from the middle of the series."""
    share = middle / 100
    odds = share / (1 - share) * (1 + percent_of_odds / 100) if share < 1 else np.inf
    return float(100 * (odds / (1 + odds) - share)) if np.isfinite(odds) else float("nan")
