"""Gaps: how far each group of a comparison set stands from the set's reference group."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd

from evidence.ethnicity import Classification
from evidence.limits import LimitsFrom, multiplier
from evidence.statistics import Verdict, compare_counts, compare_limits, verdict
from evidence.statistics.counts import Kind
from evidence.vocabulary import Measure


class GapMethod(StrEnum):
    """How the limits of a gap were found."""

    PUBLISHED = "published"
    """The source's own ratio or difference, with its own limits."""
    COUNTS = "counts"
    """Score limits from the counts of both groups."""
    LIMITS = "limits"
    """Recovered from the limits of both groups (MOVER)."""
    NONE = "none"
    """No limits: the source gives neither them nor counts for both groups."""


_KINDS: dict[Measure, Kind] = {Measure.PERCENTAGE: "proportion", Measure.RATE: "rate"}
"""What the counts of a measure are."""

_GAP = [f"{name}{end}" for name in ("ratio", "difference") for end in ("", "_lower", "_upper")]


OF_GAP = {"limits_from": "gap_limits_from", "method": "gap_method"}
"""What the columns of a gap are called where they stand beside those of its figure."""


def gaps(figures: pd.DataFrame, groups: Classification) -> pd.DataFrame:
    """Set each group against the reference group of its comparison set.

    Parameters
    ----------
    figures
        Figures with the columns that :func:`add_limits` and :func:`add_sets` add.
    groups
        The classification, which tells groups that contain one another.

    Returns
    -------
    pandas.DataFrame
        One row for each figure that has a comparison: figure_id, set_id, reference_id (the
        reference group's figure, missing for published ratios), reference_value, ratio,
        ratio_lower, ratio_upper, difference, difference_lower, difference_upper, softened (the
        source's softening word, or "about" where a number behind the gap has one), limits_from,
        method (a :class:`GapMethod`), verdict (a :class:`~evidence.statistics.Verdict`) and
        reason (why not compared, else missing).

    Notes
    -----
    Where both groups have exact counts, ratio and difference have score limits from the counts
    (:func:`~evidence.statistics.compare_counts`); otherwise limits are recovered from those of
    each group (:func:`~evidence.statistics.compare_limits`). Published ratios and differences
    are taken as they are.
    """
    usable = figures[figures["reference_group"].notna() & figures["value"].notna()]
    published = usable["measure"].isin([m for m in Measure if m.is_published_comparison])
    parts = [_published(usable[published]), _calculated(usable[~published], groups)]
    return pd.concat(parts, ignore_index=True)


def _published(rows: pd.DataFrame) -> pd.DataFrame:
    is_ratio = rows["measure"].isin([m for m in Measure if m.is_published_ratio])
    result = pd.DataFrame(
        {
            "figure_id": rows["figure_id"],
            "set_id": rows["set_id"],
            "reference_id": pd.Series([None] * len(rows), index=rows.index, dtype="str"),
            "reference_value": np.nan,
        }
    )
    for name, chosen in (("ratio", is_ratio), ("difference", ~is_ratio)):
        result[name] = rows["value"].where(chosen)
        result[f"{name}_lower"] = rows["limit_lower"].where(chosen)
        result[f"{name}_upper"] = rows["limit_upper"].where(chosen)
    result["softened"] = rows["qualifier"]
    result["limits_from"] = rows["limits_from"]
    result["method"] = np.where(rows["limit_lower"].isna(), GapMethod.NONE, GapMethod.PUBLISHED)
    result["verdict"] = np.where(
        is_ratio,
        verdict(result["ratio_lower"], result["ratio_upper"], 1),
        verdict(result["difference_lower"], result["difference_upper"], 0),
    )
    result["reason"] = pd.Series([None] * len(rows), index=rows.index, dtype="str")
    return result


def _calculated(rows: pd.DataFrame, groups: Classification) -> pd.DataFrame:
    measured = rows["measure"].isin([m for m in Measure if m.has_difference])
    rows = _enclosing(rows[measured])
    wanted = ["set_id", "figure_id", "value", "estimate", "qualifier", "numerator", "denominator"]
    wanted += ["limit_lower", "limit_upper", "limits_from"]
    references = rows.loc[rows["is_reference"], wanted].drop_duplicates("set_id")
    pairs = rows[~rows["is_reference"]].merge(
        references, on="set_id", suffixes=("", "_reference"), validate="many_to_one"
    )
    found, counted = _compared(pairs)
    overlapping = {
        (group, reference): groups.overlap(group, reference)
        for group, reference in pairs[["ethnic_group", "reference_group"]]
        .drop_duplicates()
        .itertuples(index=False)
    }
    mixed = np.array(
        [
            overlapping[pair]
            for pair in zip(pairs["ethnic_group"], pairs["reference_group"], strict=True)
        ],
        dtype=bool,
    )
    unknown = (pairs["ethnic_group"] == "unknown").to_numpy(dtype=bool)
    divides = pairs["measure"].isin([m for m in Measure if m.has_ratio]).to_numpy(dtype=bool)
    result = pd.DataFrame(
        {
            "figure_id": pairs["figure_id"],
            "set_id": pairs["set_id"],
            "reference_id": pairs["figure_id_reference"],
            "reference_value": pairs["value_reference"],
        }
    )
    soft = pairs["qualifier"].notna() | pairs["qualifier_reference"].notna()
    result["softened"] = pd.Series("about", index=pairs.index, dtype="str").where(soft)
    hidden = mixed | unknown
    for name in ("ratio", "ratio_lower", "ratio_upper"):
        result[name] = found[name].where(divides & ~hidden)
    for name in ("difference", "difference_lower", "difference_upper"):
        result[name] = found[name].where(~hidden)
    result["limits_from"] = np.where(
        result["difference_lower"].isna(),
        LimitsFrom.NONE,
        [
            _weaker(one, other)
            for one, other in zip(pairs["limits_from"], pairs["limits_from_reference"], strict=True)
        ],
    )
    result["method"] = np.select(
        [result["difference_lower"].isna(), counted],
        [GapMethod.NONE, GapMethod.COUNTS],
        GapMethod.LIMITS,
    )
    result["verdict"] = np.where(
        hidden,
        Verdict.NOT_COMPARED,
        np.where(
            divides & found["ratio"].notna(),
            verdict(result["ratio_lower"], result["ratio_upper"], 1),
            verdict(result["difference_lower"], result["difference_upper"], 0),
        ),
    )
    reasons = np.where(mixed, "the two groups hold some of the same people", "")
    reasons = np.where(unknown, "people whose ethnic group is not known are no group", reasons)
    result["reason"] = pd.Series(reasons, index=result.index, dtype="str")
    result.loc[result["reason"] == "", "reason"] = None
    return result


def _compared(pairs: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Ratio and difference of each pair, and which of them are from exact counts."""
    found = compare_limits(
        pairs["estimate"],
        pairs["limit_lower"],
        pairs["limit_upper"],
        pairs["estimate_reference"],
        pairs["limit_lower_reference"],
        pairs["limit_upper_reference"],
    )
    exact = (pairs["limits_from"] == LimitsFrom.COUNTS) & (
        pairs["limits_from_reference"] == LimitsFrom.COUNTS
    )
    counted = exact.to_numpy(dtype=bool)
    for (measure, unit), part in pairs[counted].groupby(["measure", "unit"], sort=False):
        by_counts = compare_counts(
            part["numerator"],
            part["denominator"],
            part["numerator_reference"],
            part["denominator_reference"],
            kind=_KINDS[Measure(str(measure))],
            multiplier=multiplier(str(unit)),
        )
        # Without a ratio, as where the reference has no events, the difference tells.
        of_ratio = ["ratio_lower", "ratio_upper"]
        by_counts[of_ratio] = by_counts[of_ratio].mask(by_counts["ratio"].isna())
        found.loc[part.index, _GAP] = by_counts[_GAP].to_numpy()
    return found, counted


def _enclosing(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows without limits that were rounded onto their own value, which bear no interval."""
    value = rows["estimate"]
    flat = (rows["limit_lower"] == value) | (rows["limit_upper"] == value)
    flat &= (rows["limits_from"] == LimitsFrom.SOURCE) & ~value.isin([0, 100])
    return rows.assign(
        limit_lower=rows["limit_lower"].mask(flat), limit_upper=rows["limit_upper"].mask(flat)
    )


def _weaker(one: str, other: str) -> LimitsFrom:
    order = [
        LimitsFrom.SOURCE,
        LimitsFrom.CALCULATED,
        LimitsFrom.COUNTS,
        LimitsFrom.ROUNDED_COUNTS,
        LimitsFrom.NONE,
    ]
    return max(LimitsFrom(one), LimitsFrom(other), key=order.index)
