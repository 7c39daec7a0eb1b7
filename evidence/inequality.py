"""How unequal a whole comparison set is: the summary measures of its groups, ready to be read.

The measures themselves are :func:`evidence.statistics.summary_measures`. Here stands what they
take from a set of figures: which groups, whose people, which standard errors; and which measures
a set can't have, with the reason.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evidence.ethnicity import Classification
from evidence.inequality_groups import FEWEST_GROUPS, groups_apart, standard_errors
from evidence.inequality_words import (
    ADVANCED,
    BOARD,
    NAMES,
    Extremes,
    lead,
    limits_told,
    plain_line,
    value_told,
)
from evidence.statements import RowLike, figure_value
from evidence.statistics import summary_measures, summary_measures_of_sets
from evidence.vocabulary import Direction, Measure

NO_BEST = ("mdbu", "mdbw", "paf", "par")
"""Measures against the best-off group."""

RELATIVE = ("r", "cov", "ti", "mld", "idisu", "idisw", "paf")
"""Measures that divide by a figure, so that zero must mean none."""

REASONS = {
    "needs population": "the source does not say how many people each group has",
    "needs a reference group": "the set has no reference group",
    "the reference group has no estimate": "the reference group has no figure",
    "not defined where an estimate is zero": "a group's figure is zero, and nothing divides by it",
    "not defined where every estimate is zero": "every figure is zero",
    "too large to calculate": "the figures are too far apart to calculate it",
    "limits need standard errors": "no limits, as not every group has them",
    "limits not defined where an estimate is zero": "no limits, as a group's figure is zero",
    "limits not simulated": "limits were not worked out",
}
"""What people read for the reasons of the statistics."""

NO_DIRECTION = "neither higher nor lower is better, so that no group is best off"
NOT_DIVIDED = "means and medians are compared by their difference alone"
NO_AVERAGE = "medians of groups can't be averaged"


def why_no_inequality(rows: pd.DataFrame, groups: Classification) -> str:
    """Why a comparison set has no summary measures, or an empty string where it has."""
    if rows.empty or not Measure(rows["measure"].iloc[0]).has_difference:
        return "only rates, percentages, means and medians are summed up"
    if len(groups_apart(rows, groups)) < FEWEST_GROUPS:
        return "fewer than three groups that hold different people have a figure"
    return ""


def inequality_of_set(
    rows: pd.DataFrame, indicator: RowLike, groups: Classification
) -> pd.DataFrame:
    """The summary measures of one comparison set, with limits and a plain line on each.

    Standard errors are a quarter of the width of the 95% limits, near enough (width / 3.92). For
    limits that lie unevenly about their figure this takes the mean of the two sides, so that the
    limits of a measure are about right where groups have many people and rough where they have
    few; limits that were widened for rounded counts give errors that are rather too large. Where
    one group has no limits, or limits that were rounded onto its figure, no measure has any.

    Groups count by their denominators where every group has one. Simulated figures are kept
    below 100 for percentages; rates have no bound, as a person may count more than once.

    Parameters
    ----------
    rows
        One comparison set: figures as the evidence base holds them.
    indicator
        The indicator's row.
    groups
        The classification.

    Returns
    -------
    pandas.DataFrame
        One row a measure, in the order in which they are read: measure (its code), name,
        audience ("board" or "analysts"), estimate, lower, upper (float, in the units of
        :func:`evidence.statistics.summary_measures`), value (text with its unit, empty where
        there is none), limits (text), says (one plain line, empty without a value) and reason
        (str, why the value or its limits are missing, else empty). No rows where
        :func:`why_no_inequality` says why.
    """
    order = [*BOARD, *ADVANCED]
    if why_no_inequality(rows, groups):
        return pd.DataFrame(
            columns=[
                "measure", "name", "audience", "estimate", "lower", "upper",
                "value", "limits", "says", "reason",
            ]
        )  # fmt: skip
    used = groups_apart(rows, groups)
    found = _measured(used, indicator)
    extremes = extremes_of(used, indicator, groups)
    result = found.reindex(order).rename_axis("measure").reset_index()
    result.insert(1, "name", result["measure"].map(NAMES))
    result.insert(2, "audience", np.where(result["measure"].isin(BOARD), "board", "analysts"))
    each = result.to_dict("records")
    result["value"] = [value_told(row, extremes) for row in each]
    result["limits"] = [limits_told(row, extremes) for row in each]
    result["says"] = [plain_line(row, extremes) for row in each]
    columns = [name for name in result if name != "reason"]
    return result[[*columns, "reason"]]


def missing_told(found: pd.DataFrame) -> str:
    """One line that names the measures without a value and why, or an empty string.

    ``found`` are rows of :func:`inequality_of_set`.
    """
    blank = found[found["value"] == ""]
    parts = [
        f"{', '.join(of_reason['name'])} ({reason})"
        for reason, of_reason in blank.groupby("reason", sort=False)
    ]
    return f"Not given for this set: {'; '.join(parts)}." if parts else ""


def lead_of_set(rows: pd.DataFrame, indicator: RowLike, groups: Classification) -> str:
    """The sentence that leads: how far apart the highest and the lowest group of a set are.

    An empty string where :func:`why_no_inequality` says why there is none.
    """
    if why_no_inequality(rows, groups):
        return ""
    used = groups_apart(rows, groups)
    found = _of_extremes(_numbers(used), indicator).reset_index().to_dict("records")
    difference, ratio = (next(row for row in found if row["measure"] == code) for code in "dr")
    return lead(difference, ratio, extremes_of(used, indicator, groups))


def _numbers(used: pd.DataFrame) -> pd.DataFrame:
    """What the statistics take of each group: estimate, people and standard error.

    Only rates and percentages have a ratio; the estimates of the others are moved up where one
    is below zero, which leaves their differences as they are.
    """
    measure = Measure(used["measure"].iloc[0])
    errors = standard_errors(used)
    estimate = used["estimate"].to_numpy(dtype=float)
    if not measure.has_ratio and estimate.min() < 0:
        # Draws about the lowest then stay clear of zero, below which the statistics cut them.
        room = 0.0 if errors is None else 10 * float(errors.max())
        estimate = estimate - estimate.min() + room
    return pd.DataFrame(
        {
            "set": 0,
            "estimate": estimate,
            "people": None if measure is Measure.MEDIAN else _people(used),
            "error": errors,
            "is_reference": used["is_reference"].to_numpy(dtype=bool),
            "measure": str(measure),
            "scale": 100.0 if measure.has_ratio and used["unit"].iloc[0] == "%" else np.nan,
        }
    )


def _of_extremes(numbers: pd.DataFrame, indicator: RowLike) -> pd.DataFrame:
    """Difference and ratio of the highest and the lowest group, whatever the reference is."""
    found = summary_measures_of_sets(
        numbers,
        by="set",
        favourable=_favourable(indicator),
        standard_error="error",
    ).set_index("measure")
    found["reason"] = found["reason"].astype("str")
    return _without_nonsense(found.loc[["d", "r"]], numbers, indicator)


def _measured(used: pd.DataFrame, indicator: RowLike) -> pd.DataFrame:
    """Estimates, limits and reasons of the measures of a set, by their codes."""
    numbers = _numbers(used)
    places = np.flatnonzero(numbers["is_reference"])
    scale = float(numbers["scale"].iloc[0])
    found = summary_measures(
        numbers["estimate"],
        population=numbers["people"],
        standard_error=numbers["error"],
        favourable=_favourable(indicator),
        reference=int(places[0]) if len(places) else None,
        scale=None if np.isnan(scale) else scale,
    ).drop(index=["d", "r"])
    rest = _without_nonsense(found, numbers, indicator)
    return pd.concat([_of_extremes(numbers, indicator), rest])


def _favourable(indicator: RowLike) -> bool:
    """Whether the highest group counts as the best; of no matter where neither direction is."""
    return Direction(indicator["direction"]) is Direction.HIGHER_IS_BETTER


def _without_nonsense(
    found: pd.DataFrame, numbers: pd.DataFrame, indicator: RowLike
) -> pd.DataFrame:
    """The measures without those that mean nothing for such figures, with reasons in words."""
    measure = Measure(numbers["measure"].iloc[0])
    result = found[["estimate", "lower", "upper", "reason"]].copy()
    result["reason"] = [REASONS.get(str(reason), str(reason)) for reason in result["reason"]]
    if measure is Measure.MEDIAN:
        result["reason"] = result["reason"].replace(REASONS["needs population"], NO_AVERAGE)
    undirected = Direction(indicator["direction"]) is Direction.NEITHER
    for codes, holds, reason in (
        (RELATIVE, not measure.has_ratio, NOT_DIVIDED),
        (NO_BEST, undirected, NO_DIRECTION),
    ):
        hidden = result.index.isin(codes) & holds
        result.loc[hidden, ["estimate", "lower", "upper"]] = np.nan
        result.loc[hidden, "reason"] = reason
    return result


def _people(used: pd.DataFrame) -> np.ndarray | None:
    """How many people each group's figure is of, or None where that is not known of every one."""
    counted = used["denominator"].to_numpy(dtype=float)
    return counted if (np.isfinite(counted) & (counted > 0)).all() else None


def extremes_of(used: pd.DataFrame, indicator: RowLike, groups: Classification) -> Extremes:
    """What the plain lines name: the highest, the lowest, the best-off and the reference group.

    ``used`` are the rows of :func:`groups_apart`.
    """
    high, low = used["estimate"].max(), used["estimate"].min()
    direction = Direction(indicator["direction"])
    best = {Direction.HIGHER_IS_BETTER: high, Direction.HIGHER_IS_WORSE: low}.get(direction)
    references = used.loc[used["is_reference"], "ethnic_group"]
    return Extremes(
        groups=len(used),
        highest=_named(used, high, groups),
        lowest=_named(used, low, groups),
        high_row=used.iloc[int(used["estimate"].argmax())].to_dict(),
        low_row=used.iloc[int(used["estimate"].argmin())].to_dict(),
        best="" if best is None else _named(used, best, groups),
        favourable=direction is Direction.HIGHER_IS_BETTER,
        reference="" if references.empty else groups.short(str(references.iloc[0])),
        softened=bool(used["qualifier"].notna().any()),
    )


def _named(used: pd.DataFrame, estimate: float, groups: Classification) -> str:
    """The groups with an estimate and their figure: "Black, 12.1%"."""
    there = used[used["estimate"] == estimate]
    names = [groups.short(str(code)) for code in there["ethnic_group"]]
    shown = figure_value(there.iloc[0].to_dict())
    if len(names) > 3:
        return f"{len(names)} groups, {shown}"
    # Some names hold an "and" of their own.
    last = " as well as " if any(" and " in name for name in names) else " and "
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}{last}{names[-1]}"
    return f"{joined}, {shown}"
