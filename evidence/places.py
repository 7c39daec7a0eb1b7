"""The boroughs side by side: one group's figure in each, or its gap to another group.

A comparison set belongs to one place. Here the sets that differ in their place alone are joined,
so that one indicator, source, period and group of people can be looked at across London.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from evidence.ethnicity import REFERENCE_GROUPS, Classification
from evidence.gaps import gaps
from evidence.numbers import is_blank, limits
from evidence.population import LONDON
from evidence.sets import SET_KEYS
from evidence.statements import (
    RowLike,
    difference_limits,
    difference_unit,
    difference_value,
    figure_limits,
    figure_value,
    ratio_told,
)
from evidence.statistics import Verdict
from evidence.vocabulary import BlankReason, GeographyLevel, Measure

PLACE_KEYS = tuple(key for key in SET_KEYS if key != "geography_code")
"""What figures of different places have in common to be shown side by side."""

NOT_GROUPS = frozenset({"all", "unknown"})
"""Codes that are not set against others."""


class Shown(StrEnum):
    """What is shown of each borough."""

    FIGURE = "figure"
    RATIO = "ratio"
    DIFFERENCE = "difference"


class Standing(StrEnum):
    """Whether a borough has what is shown, and if not, why."""

    MEASURED = "measured"
    SUPPRESSED = BlankReason.SUPPRESSED.value
    NOT_COLLECTED = BlankReason.NOT_COLLECTED.value
    NOT_PUBLISHED = BlankReason.NOT_PUBLISHED.value
    NOT_APPLICABLE = BlankReason.NOT_APPLICABLE.value
    NOT_COMPARED = "not-compared"
    NOT_MEASURED = "not-measured"

    @property
    def label(self) -> str:
        """The standing in words, as printed in a key or a cell."""
        reasons = {reason.value: reason.label for reason in BlankReason}
        return reasons.get(self.value, self.value.replace("-", " "))


@dataclass(frozen=True)
class AcrossBoroughs:
    """What is shown of every borough, and what each is held against.

    ``boroughs`` has one row a borough, in order of name: borough_code, name, standing (a
    :class:`Standing`), value (the number that is drawn; missing unless measured), lower and
    upper (its limits, missing where none), told and limits_told (both as printed), verdict (a
    :class:`~evidence.statistics.Verdict` against ``reference`` or, for figures, against London;
    missing where there is nothing to hold it against) and figure_id.

    ``london`` is London's own figure where figures are shown and it is known.
    """

    boroughs: pd.DataFrame
    shown: Shown
    group: str
    reference: str | None
    unit: str
    london: RowLike | None = None

    @property
    def measured(self) -> pd.DataFrame:
        """The boroughs that have what is shown, the lowest value first."""
        there = self.boroughs[self.boroughs["standing"] == Standing.MEASURED]
        return there.sort_values(["value", "name"], kind="stable")


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


def show_across(
    one: pd.DataFrame,
    boroughs: pd.DataFrame,
    groups: Classification,
    *,
    shown: Shown,
    group: str,
    reference: str | None = None,
    london: RowLike | None = None,
) -> AcrossBoroughs:
    """What is shown of each borough: a group's figure, or its ratio to or difference from another.

    Parameters
    ----------
    one
        One joined set of :func:`across_boroughs`.
    boroughs
        The table of boroughs; every one of them has a row in what comes back.
    groups
        The classification.
    shown
        What is shown; ratios and differences need ``reference``.
    group, reference
        Group codes.
    london
        London's figure of the group (see :func:`london_of`), to which figures are held. A
        figure is called higher or lower where its limits leave London's value out.
    """
    names = boroughs[["borough_code", "name"]].sort_values("name")
    told = (
        _figures(one, group, london)
        if shown is Shown.FIGURE
        else _gaps(one, groups, shown, group, str(reference))
    )
    frame = names.merge(told, on="borough_code", how="left", validate="one_to_one")
    frame["standing"] = frame["standing"].fillna(Standing.NOT_MEASURED)
    frame["told"] = frame["told"].fillna(frame["standing"].map(lambda one: Standing(one).label))
    frame["limits_told"] = frame["limits_told"].fillna("")
    unit = str(one["unit"].iloc[0])
    if shown is Shown.RATIO:
        unit = "times"
    elif shown is Shown.DIFFERENCE:
        unit = difference_unit(one.iloc[0].to_dict())
    against = reference if shown is not Shown.FIGURE else None
    held = london if shown is Shown.FIGURE else None
    return AcrossBoroughs(frame.reset_index(drop=True), shown, group, against, unit, held)


_COLUMNS = [
    "borough_code", "standing", "value", "lower", "upper", "told", "limits_told", "verdict",
    "figure_id",
]  # fmt: skip


def _figures(one: pd.DataFrame, group: str, london: RowLike | None) -> pd.DataFrame:
    """The figure of a group in each borough that has a row of it."""
    rows = one[one["ethnic_group"] == group].drop_duplicates("geography_code")
    benchmark = None if london is None else float(london["value"])
    body = []
    for row in rows.to_dict("records"):
        blank = is_blank(row["value"])
        body.append(
            {
                "borough_code": row["geography_code"],
                "standing": Standing(row["blank_reason"]) if blank else Standing.MEASURED,
                "value": row["value"],
                "lower": row["limit_lower"],
                "upper": row["limit_upper"],
                "told": figure_value(row),
                "limits_told": figure_limits(row),
                "verdict": None if blank or benchmark is None else _held_to(row, benchmark),
                "figure_id": row["figure_id"],
            }
        )
    return _told(body)


def _held_to(row: RowLike, benchmark: float) -> Verdict:
    """Where a figure lies to London's value, as far as its limits bear it."""
    if is_blank(row["limit_lower"]) or is_blank(row["limit_upper"]):
        return Verdict.NO_INTERVAL
    if row["limit_lower"] > benchmark:
        return Verdict.HIGHER
    return Verdict.LOWER if row["limit_upper"] < benchmark else Verdict.NO_CLEAR_DIFFERENCE


def _gaps(
    one: pd.DataFrame, groups: Classification, shown: Shown, group: str, reference: str
) -> pd.DataFrame:
    """The gap between two groups in each borough that has a row of either."""
    published = Measure(one["measure"].iloc[0]).is_published_comparison
    wanted = [group] if published else [group, reference]
    pair = one[one["ethnic_group"].isin(wanted)].copy()
    pair = pair.drop_duplicates(["geography_code", "ethnic_group"])
    # Each borough is a set of its own, in which the reader's choice is the reference.
    pair["set_id"] = pair["geography_code"]
    pair["reference_group"] = reference
    pair["is_reference"] = ~pair["ethnic_group"].isin([group])
    found = gaps(pair, groups).set_index("figure_id")
    body = []
    for code, rows in pair.groupby("geography_code"):
        own = rows[rows["ethnic_group"] == group]
        row = {} if own.empty else own.iloc[0].to_dict()
        gap = found.loc[row["figure_id"]].to_dict() if row.get("figure_id") in found.index else {}
        body.append({"borough_code": code, **_gap_cells(rows, row, gap, shown, len(wanted))})
    return _told(body)


def _gap_cells(
    rows: pd.DataFrame, row: RowLike, gap: RowLike, shown: Shown, wanted: int
) -> dict[str, object]:
    """What is told of the gap of one borough; why there is none where there is none."""
    if not gap or is_blank(gap[shown.value]) or np.isinf(gap[shown.value]):
        blank = rows["blank_reason"].dropna()
        standing = Standing(blank.iloc[0]) if len(blank) else Standing.NOT_COMPARED
        if len(blank) == 0 and len(rows) < wanted:
            standing = Standing.NOT_MEASURED
        return {"standing": standing, "figure_id": row.get("figure_id")}
    name = shown.value
    ratios = shown is Shown.RATIO
    between = (
        limits(gap["ratio_lower"], gap["ratio_upper"], style="ratio")
        if ratios
        else difference_limits(gap, row)
    )
    return {
        "standing": Standing.MEASURED,
        "value": gap[name],
        "lower": gap[f"{name}_lower"],
        "upper": gap[f"{name}_upper"],
        "told": f"{ratio_told(gap)} times" if ratios else difference_value(gap, row),
        "limits_told": between,
        "verdict": gap["verdict"],
        "figure_id": row["figure_id"],
    }


def _told(body: Iterable[dict[str, object]]) -> pd.DataFrame:
    """Rows as a frame with every column, also where there is no row."""
    frame = pd.DataFrame(list(body), columns=_COLUMNS)
    for column in ("value", "lower", "upper"):
        frame[column] = frame[column].astype("float64")
    return frame
