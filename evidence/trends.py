"""A comparison over the years: which figures can be followed, and which way they and the gap go.

The tests are those of :mod:`evidence.statistics.trend`; this module decides what they are given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evidence.numbers import is_blank
from evidence.statements import RowLike, difference_unit
from evidence.statistics import Verdict
from evidence.statistics.trend import FEWEST_POINTS, WEIGHTED, Scale, gap_trend, trend
from evidence.timeline import OVERLAPS, definitions, timed
from evidence.vocabulary import Measure

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

    ``rows`` are the figures of both with the columns of :func:`evidence.timeline.timed`.
    ``other`` is the change of the reference group; ``relative`` and ``absolute`` are those of the
    ratio and of the difference. Each is None where there is none, for gaps because of ``no_gap``.
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
    if other is not None and other.empty:
        other = None
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


def number_word(count: int) -> str:
    """A small number as a word: "eight", and 11 and more as digits."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


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
        series=definitions(used),
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
        series=definitions(used),
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
    codes = definitions(used)
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
    if measure.is_published_comparison:
        return "each figure is the gap itself, as the source gives it"
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
