"""Comparison sets: which figures can be compared, and with which reference group.

Figures that share source, indicator, area, period, age, sex, population, measure, unit,
standardisation and adjustment form a comparison set. Where a source gives both broad groups and
the detailed groups within them, each is a set of its own, so that broad groups are compared with
White and detailed ones with White British.
"""

from __future__ import annotations

import hashlib

import pandas as pd

from evidence.ethnicity import REFERENCE_GROUPS, Classification
from evidence.vocabulary import Measure

SET_KEYS = (
    "indicator_id",
    "source_id",
    "geography_code",
    "period",
    "age",
    "sex",
    "population",
    "measure",
    "unit",
    "standardisation",
    "adjusted_for",
)
"""What the figures of a comparison set have in common."""

IDENTITY_KEYS = (*SET_KEYS, "ethnic_group", "comparator")
"""What no two figures may have in common: these are the same finding."""


def add_sets(figures: pd.DataFrame, groups: Classification) -> pd.DataFrame:
    """Give each figure its comparison set and the set's reference group.

    The reference group is White British if the set has it, else White, else the comparator that
    the source itself names.

    Parameters
    ----------
    figures
        Columns of the Figure model, one row a figure.
    groups
        The classification.

    Returns
    -------
    pandas.DataFrame
        The same rows with the columns set_id (a short code that stays the same as long as the
        set's keys do), breakdown ("broad" or "detailed" where a source gives both, else empty),
        reference_group (a group code, missing where the set has none) and is_reference.
    """
    frame = figures.copy()
    published = frame["measure"].isin([m for m in Measure if m.is_published_comparison])
    keys = [frame[name].fillna("") for name in SET_KEYS]
    # Comparisons that a source published hold only against the source's own comparator.
    keys.append(frame["comparator"].where(published, "").fillna(""))
    joined = keys[0].str.cat(pd.concat(keys[1:], axis=1), sep="\x1f")
    frame["breakdown"] = _breakdown(frame["ethnic_group"], joined, groups)
    joined = joined.str.cat(frame["breakdown"], sep="\x1f")
    codes = {key: hashlib.sha256(key.encode()).hexdigest()[:10] for key in joined.unique()}
    frame["set_id"] = joined.map(codes).astype("str")
    frame["reference_group"] = _references(frame, published)
    frame["is_reference"] = frame["ethnic_group"] == frame["reference_group"]
    return frame


def _breakdown(codes: pd.Series, keys: pd.Series, groups: Classification) -> pd.Series:
    """Whether a figure belongs to the broad or the detailed half of a source that gives both."""
    # All but White British can only be set against White British, which stands in this half.
    detailed = codes.isin([*groups.detailed, "ethnic-minority"])
    has_both = pd.Series(True, index=codes.index)
    for code in ("white", "white-british"):
        holders = set(keys[codes == code])
        has_both &= keys.isin(holders)
    result = pd.Series("", index=codes.index, dtype="str")
    result[has_both] = "broad"
    result[has_both & detailed] = "detailed"
    return result


def _references(frame: pd.DataFrame, published: pd.Series) -> pd.Series:
    """The reference group of each figure's set, missing where the set has none."""
    comparators = frame.loc[frame["comparator"].notna()].groupby("set_id")["comparator"].first()
    reference = (
        frame["set_id"]
        .map(comparators)
        .where(published | _holds(frame, frame["set_id"].map(comparators)))
    )
    for code in reversed(REFERENCE_GROUPS):
        holders = set(frame.loc[(frame["ethnic_group"] == code) & frame["value"].notna(), "set_id"])
        reference = reference.mask(~published & frame["set_id"].isin(holders), code)
    return reference.astype("str")


def _holds(frame: pd.DataFrame, wanted: pd.Series) -> pd.Series:
    """True where the figure's set has a value for the group wanted of it."""
    present = set(
        frame.loc[frame["value"].notna(), "set_id"].str.cat(
            frame.loc[frame["value"].notna(), "ethnic_group"], sep=" "
        )
    )
    return frame["set_id"].str.cat(wanted.astype(object).fillna(""), sep=" ").isin(present)
