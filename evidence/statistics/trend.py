"""Time: is a figure rising, falling or neither, and is a gap closing, widening or neither."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evidence.statistics.checks import (
    Booleans,
    Floats,
    aligned,
    normal_quantile,
    reasons,
    refuse,
    refuse_limits,
    tail,
)
from evidence.statistics.comparison import compare_limits
from evidence.statistics.trend_tests import mann_kendall, weighted_slope

FEWEST_POINTS = 5
"""A series of fewer years than this gets no verdict: the Fingertips profiles ask for five too,
and no series of four can pass the Mann-Kendall test at 95%."""

WEIGHTED = "weighted least squares"
MANN_KENDALL = "Mann-Kendall"

Scale = Literal["log", "logit", "identity"]
"""Where a steady change is a straight line: log for rates, logit for percentages, identity for
means and differences."""

SCALES: tuple[Scale, ...] = get_args(Scale)


class Trend(StrEnum):
    """Which way a figure goes."""

    RISING = "rising"
    FALLING = "falling"
    NEITHER = "neither"


class GapTrend(StrEnum):
    """Which way a gap goes."""

    CLOSING = "closing"
    WIDENING = "widening"
    NEITHER = "neither"


def trend(
    value: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    year: ArrayLike,
    *,
    scale: Scale,
    group: ArrayLike | None = None,
    series: ArrayLike | None = None,
    whole: float = 100,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Whether each group's figure rises, falls or does neither over at least five years.

    Where every point has limits: least squares on the scale, each point weighted by the inverse
    of the squared standard error that its limits imply. Where those limits explain how far the
    points lie from the line, the slope's limits are normal. Where they don't, its standard error
    is widened to match (Thompson and Sharp, Statistics in Medicine 1999;18:2693-2708) and held
    against Student's t with two degrees of freedom less than there are points (Knapp and
    Hartung, Statistics in Medicine 2003;22:2693-2710). That the misfit decides between the two is
    our choice; :func:`evidence.statistics.trend_tests.weighted_slope` says how well it does.

    Where a point has none, or has no place on the scale: the test of Mann (Econometrica
    1945;13:245-259) and Kendall (Rank Correlation Methods, 1975), exact up
    to 20 points without ties, else normal with the correction for ties.

    Years must be of periods that don't overlap: moving averages repeat one another and would seem
    surer than they are.

    Parameters
    ----------
    value, lower, upper
        Figures with their limits, one row a group and year; limits may be missing. Years without
        a value are left out.
    year
        The year of each row.
    scale
        "log", "logit" (of percentages) or "identity".
    group
        The group of each row; all rows are one group unless given.
    series
        The definition that each row was made by. A group whose rows have more than one gets no
        verdict.
    whole
        For the logit, what everybody is: 100 for percentages.
    confidence
        The level of the limits and of the verdict, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        One row a group, indexed by group in the order of their first rows: verdict (a
        :class:`Trend`, missing where there is none), change, change_lower, change_upper (float; a
        year, in percent on the log scale, in percent of the odds on the logit scale, in the
        figure's unit on the identity scale; missing for the Mann-Kendall test), p_value (float),
        test (str), points (int), first_year, last_year (float) and reason (str, why there is no
        verdict).

    Raises
    ------
    ValueError
        If the scale is unknown, limits are out of order, a value is off the scale, a year is
        missing, or a group has two values for one year and series. The message names the row.
    """
    if scale not in SCALES:
        raise ValueError(f'scale must be one of {", ".join(SCALES)}, not "{scale}"')
    figure, low, high, when = aligned(value, lower, upper, year)
    refuse_limits(figure, low, high)
    if scale != "identity":
        refuse((figure < 0) | (low < 0), f"below zero has no place on the {scale} scale")
    if scale == "logit":
        refuse(
            (figure > whole) | (high > whole), f"above {whole:g} has no place on the logit scale"
        )
    points, names = _points(figure, when, group, series)
    placed = [_placed(each, scale, whole) for each in (figure, low, high)]
    found = _tested(points, len(names), *placed, confidence=confidence)
    verdict = np.select(
        [found["p_value"] >= 1 - confidence, found["slope"] > 0], [Trend.NEITHER, Trend.RISING],
        Trend.FALLING,
    )  # fmt: skip
    return _table(found, names, verdict, scale)


def gap_trend(
    value: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    reference_value: ArrayLike,
    reference_lower: ArrayLike,
    reference_upper: ArrayLike,
    year: ArrayLike,
    *,
    group: ArrayLike | None = None,
    series: ArrayLike | None = None,
    ratios: bool = True,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Whether each group's gap to its reference closes, widens or does neither, both ways.

    The tests of :func:`trend`, on the logarithm of the ratio (the relative gap) and on the
    difference (the absolute gap) of each year, with the limits of :func:`compare_limits`. The two
    can go different ways: when both rates fall, a difference can shrink while the ratio grows.
    A gap closes where it goes towards no gap on the side that it is on; where the fitted line
    crosses from one side to the other the two groups change places, and the verdict is "neither".

    Parameters
    ----------
    value, lower, upper, reference_value, reference_lower, reference_upper
        Figures of the groups and of the reference group with their limits, one row a group and
        year; limits may be missing. Not negative, unless ``ratios`` are not asked for.
    year, group, series, confidence
        As for :func:`trend`.
    ratios
        Whether one figure divided by another means something. Means and scores, which can lie
        below zero, are compared by their difference alone.

    Returns
    -------
    pandas.DataFrame
        Two rows a group, indexed by group and gap ("relative" unless no ratios are asked for, and
        "absolute"), with the columns of :func:`trend`; verdict is a :class:`GapTrend`, and change
        is percent a year of the ratio or units a year of the difference.

    Raises
    ------
    ValueError
        As for :func:`trend`, or if a value is below zero where ratios are asked for.
    """
    one, low, high, other, other_low, other_high, when = aligned(
        value, lower, upper, reference_value, reference_lower, reference_upper, year
    )
    refuse_limits(one, low, high)
    refuse_limits(other, other_low, other_high, of="of the reference group")
    if ratios:
        refuse((one < 0) | (low < 0) | (other < 0) | (other_low < 0), "a value is below zero")
    gaps = compare_limits(one, low, high, other, other_low, other_high)
    # Against a reference of zero a figure above zero is infinitely higher: a rank, if no ratio.
    ratio = gaps["ratio"].mask((other == 0) & (one > 0), np.inf)
    tables = {}
    kinds = [("relative", ratio, "ratio", "log")] if ratios else []
    for gap, figure, name, scale in (
        *kinds,
        ("absolute", gaps["difference"], "difference", "identity"),
    ):
        at: Scale = "log" if scale == "log" else "identity"
        points, names = _points(figure.to_numpy(), when, group, series)
        ends = (gaps[f"{name}_lower"], gaps[f"{name}_upper"])
        placed = [_placed(each.to_numpy(), at, 1) for each in (figure, *ends)]
        found = _tested(points, len(names), *placed, confidence=confidence)
        tables[gap] = _table(found, names, _gap_verdicts(found, confidence), at)
        changed = _crossed(found) & (found["p_value"] < 1 - confidence).to_numpy()
        why = tables[gap]["reason"].mask(changed, "the group and the reference change places")
        tables[gap]["reason"] = why
    whole = pd.concat(tables, names=["gap", "group"]).swaplevel()
    order = pd.MultiIndex.from_product([names, list(tables)], names=["group", "gap"])
    return whole.reindex(order)


def _points(
    figure: Floats, when: Floats, group: ArrayLike | None, series: ArrayLike | None
) -> tuple[pd.DataFrame, pd.Index]:
    """The rows with their group and definition as numbers, and the names of the groups."""
    rows = len(figure)
    keys = pd.Series(np.zeros(rows, dtype=int) if group is None else np.asarray(group))
    definitions = pd.Series(np.zeros(rows, dtype=int) if series is None else np.asarray(series))
    for name, column in (("group", keys), ("series", definitions)):
        if len(column) != rows:
            raise ValueError(f"{rows} rows of figures have {len(column)} rows of {name}")
    refuse(keys.isna(), "no group is given")
    refuse(~np.isfinite(when), "the year is missing")
    codes, names = pd.factorize(keys)
    definition = pd.factorize(definitions, use_na_sentinel=False)[0]
    frame = pd.DataFrame({"code": codes, "year": when, "definition": definition})
    frame["kept"] = ~np.isnan(figure)
    twice = frame[frame["kept"]].duplicated(["code", "year", "definition"])
    refuse(twice.reindex(frame.index, fill_value=False), "a second value for the group and year")
    return frame, pd.Index(names, name="group")


def _placed(figure: Floats, scale: Scale, whole: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        if scale == "log":
            return np.log(figure)
        if scale == "logit":
            return np.log(figure) - np.log(whole - figure)
        return figure.astype(np.float64)


def _tested(
    points: pd.DataFrame,
    size: int,
    figure: Floats,
    low: Floats,
    high: Floats,
    *,
    confidence: float,
) -> pd.DataFrame:
    """Slope, limits and p-value of each group on the scale, with the test that gave them."""
    kept = points["kept"].to_numpy()
    code, year = points["code"].to_numpy()[kept], points["year"].to_numpy()[kept]
    figure, low, high = figure[kept], low[kept], high[kept]
    error = _standard_error(figure, low, high, normal_quantile(confidence))
    found = pd.DataFrame({"points": np.bincount(code, minlength=size)})
    years = pd.DataFrame({"year": year}).groupby(code)["year"]
    found["first_year"], found["last_year"] = years.min(), years.max()
    definitions = points[points["kept"]].groupby("code")["definition"].nunique()
    found["definitions"] = definitions.reindex(found.index, fill_value=0)
    usable = np.isfinite(figure) & (error > 0) & np.isfinite(error)
    found["enough"] = (found["points"] >= FEWEST_POINTS) & (found["definitions"] == 1)
    fit = found["enough"].to_numpy() & (np.bincount(code, ~usable, minlength=size) == 0)
    rank = found["enough"].to_numpy() & ~fit
    for name in ("slope", "slope_lower", "slope_upper", "p_value", "start", "end"):
        found[name] = np.nan
    found["test"] = pd.Series([None] * size, dtype="str")
    for which, test, words in ((fit, weighted_slope, WEIGHTED), (rank, mann_kendall, MANN_KENDALL)):
        if which.any():
            mine = which[code]
            part = test(_renumbered(code[mine]), year[mine], figure[mine], error[mine],
                        tail(confidence))  # fmt: skip
            found.loc[which, list(part)] = np.column_stack(list(part.values()))
            found.loc[which, "test"] = words
    return found


def _standard_error(figure: Floats, low: Floats, high: Floats, z: float) -> Floats:
    """The standard error that limits imply; from one of them where the other is off the scale."""
    with np.errstate(invalid="ignore"):
        both = (high - low) / (2 * z)
        above, below = (high - figure) / z, (figure - low) / z
    one = np.where(np.isfinite(above), above, below)
    return np.where(np.isfinite(both), both, np.where(np.isnan(low) | np.isnan(high), np.nan, one))


def _renumbered(code: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.unique(code, return_inverse=True)[1]


def _crossed(found: pd.DataFrame) -> Booleans:
    return np.asarray(np.sign(found["start"]) * np.sign(found["end"]) < 0, dtype=bool)


def _gap_verdicts(found: pd.DataFrame, confidence: float) -> NDArray[np.str_]:
    side = np.sign(found["start"] + found["end"])
    return np.select(
        [(found["p_value"] >= 1 - confidence) | _crossed(found), side * found["slope"] > 0],
        [GapTrend.NEITHER, GapTrend.WIDENING],
        GapTrend.CLOSING,
    )


def _table(
    found: pd.DataFrame, names: pd.Index, verdict: NDArray[np.str_], scale: Scale
) -> pd.DataFrame:
    slopes = found[["slope", "slope_lower", "slope_upper"]].to_numpy()
    fitted = (found["test"] == WEIGHTED).to_numpy()[:, None]
    with np.errstate(over="ignore"):
        change = slopes if scale == "identity" else 100 * np.expm1(slopes)
    change = np.where(fitted, change, np.nan)
    why = reasons(
        len(found),
        [
            ((found["definitions"] > 1).to_numpy(), "the definition changed over the years"),
            (
                (found["points"] < FEWEST_POINTS).to_numpy(),
                f"fewer than {FEWEST_POINTS} years that can be compared",
            ),
        ],
    )
    frame = pd.DataFrame(change, columns=["change", "change_lower", "change_upper"])
    frame.insert(0, "verdict", pd.Series(verdict, dtype="str").where(found["enough"]))
    columns = ["p_value", "test", "points", "first_year", "last_year"]
    frame[columns] = found[columns]
    return frame.assign(reason=why).set_axis(names, axis="index")
