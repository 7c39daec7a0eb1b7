"""The boroughs side by side: one group's figure in each, or its gap to another group.

A comparison set belongs to one place. Here the sets that differ in their place alone are joined,
so that one indicator, source, period and group of people can be looked at across London.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

import pandas as pd

from evidence.ethnicity import REFERENCE_GROUPS, Classification
from evidence.numbers import is_blank
from evidence.population import LONDON
from evidence.sets import SET_KEYS
from evidence.statements import (
    RowLike,
)
from evidence.vocabulary import GeographyLevel, Measure

PLACE_KEYS = tuple(key for key in SET_KEYS if key != "geography_code")
"""What figures of different places have in common to be shown side by side."""

NOT_GROUPS = frozenset({"all", "unknown"})
"""Codes that are not set against others."""


class Shown(StrEnum):
    """What is shown of each borough."""

    FIGURE = "figure"
    RATIO = "ratio"
    DIFFERENCE = "difference"


def across_boroughs(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures of boroughs, with the sets that differ in their borough alone made one.

    Parameters
    ----------
    rows
        Figures with the columns that :func:`evidence.sets.add_sets` adds.

    Returns
    -------
    pandas.DataFrame
        The rows of boroughs. ``set_id`` is the same for figures that agree on
        :data:`PLACE_KEYS` (and, for comparisons that a source published, on the comparator), and
        ``breakdown`` is empty, as a borough may have only the broad groups or only the detailed.
    """
    frame = rows[rows["geography_level"] == GeographyLevel.BOROUGH].copy()
    published = frame["measure"].isin([m for m in Measure if m.is_published_comparison])
    keys = [frame[name].fillna("") for name in PLACE_KEYS]
    keys.append(frame["comparator"].where(published, "").fillna(""))
    joined = keys[0].str.cat(pd.concat(keys[1:], axis=1), sep="\x1f") if len(frame) else keys[0]
    codes = {key: hashlib.sha256(key.encode()).hexdigest()[:10] for key in joined.unique()}
    frame["set_id"] = joined.map(codes).astype("str")
    frame["breakdown"] = ""
    return frame


def indicators_across(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each indicator that boroughs have figures of.

    Parameters
    ----------
    rows
        :func:`across_boroughs` of every figure.

    Returns
    -------
    pandas.DataFrame
        Columns indicator_id, disease_area, boroughs (how many have a figure with a value),
        compared (in how many, of the set that has most, more than one group has) and divided
        (whether groups can be divided by one another).
    """
    told = rows["value"].notna()
    narrow = pd.DataFrame(
        {
            "indicator_id": rows["indicator_id"],
            "disease_area": rows["disease_area"],
            "boroughs": rows["geography_code"].where(told),
            "divided": rows["measure"].isin([m for m in Measure if m.has_ratio]),
        }
    )
    found = narrow.groupby("indicator_id", as_index=False).agg(
        disease_area=("disease_area", "first"),
        boroughs=("boroughs", "nunique"),
        divided=("divided", "any"),
    )
    groups = rows[told].groupby(["indicator_id", "set_id", "geography_code"]).size()
    several = (groups > 1).groupby(level=["indicator_id", "set_id"]).sum()
    most = several.groupby(level="indicator_id").max()
    found["compared"] = found["indicator_id"].map(most).fillna(0).astype("int64")
    return found


def london_of(rows: pd.DataFrame, one: pd.DataFrame, group: str) -> RowLike | None:
    """London's own figure of a group in a joined set, or None where there is none.

    Parameters
    ----------
    rows
        Figures of every place.
    one
        A joined set of :func:`across_boroughs`.
    group
        The group's code.
    """
    first = one.iloc[0]
    same = (rows["geography_code"] == LONDON) & (rows["ethnic_group"] == group)
    found = rows[same & rows["value"].notna()]
    for key in PLACE_KEYS:
        found = found[found[key].fillna("") == ("" if is_blank(first[key]) else first[key])]
    return None if found.empty else found.iloc[0].to_dict()


def ways_to_show(one: pd.DataFrame) -> list[Shown]:
    """What can be shown of a joined set: figures, and the gap that its measure allows."""
    measure = Measure(one["measure"].iloc[0])
    if measure.is_published_comparison:
        return [Shown.RATIO if measure.is_published_ratio else Shown.DIFFERENCE]
    ways = [Shown.FIGURE]
    if measure.has_ratio:
        ways.append(Shown.RATIO)
    elif measure.has_difference:
        ways.append(Shown.DIFFERENCE)
    return ways


def references_of(one: pd.DataFrame, group: str, groups: Classification) -> list[str]:
    """The groups that a group of a joined set can be held against, the usual one first.

    The usual one is White for a broad group and White British for others, where the set has it;
    for comparisons that a source published it is the source's own comparator.
    """
    if Measure(one["measure"].iloc[0]).is_published_comparison:
        return [str(code) for code in one["comparator"].dropna().unique()]
    held = one.loc[one["value"].notna(), "ethnic_group"].unique()
    codes = [
        code for code in groups.sort(held) if code not in NOT_GROUPS | {group}
        and not groups.overlap(code, group)
    ]  # fmt: skip
    usual = list(REFERENCE_GROUPS)
    if group in groups.broad:
        usual = usual[::-1]
    return [code for code in usual if code in codes] + [code for code in codes if code not in usual]
