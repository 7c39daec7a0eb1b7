"""What is shown of each borough: a group's figure, or its gap to another group, or why neither."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from evidence.ethnicity import Classification
from evidence.gaps import gaps
from evidence.numbers import is_blank, limits
from evidence.places import Shown
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
from evidence.vocabulary import BlankReason, Measure


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

    ``unit`` and ``measure`` are those of the figures, but the unit of a ratio is "times".
    ``london`` is London's own figure where figures are shown and it is known.
    """

    boroughs: pd.DataFrame
    shown: Shown
    group: str
    reference: str | None
    unit: str
    measure: Measure
    london: RowLike | None = None

    @property
    def measured(self) -> pd.DataFrame:
        """The boroughs that have what is shown, the lowest value first."""
        there = self.boroughs[self.boroughs["standing"] == Standing.MEASURED]
        return there.sort_values(["value", "name"], kind="stable")


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
    measure = Measure(one["measure"].iloc[0])
    return AcrossBoroughs(frame.reset_index(drop=True), shown, group, against, unit, measure, held)


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
    numbers = dict.fromkeys(("value", "lower", "upper"), "float64")
    return frame.astype({**numbers, "told": "str", "limits_told": "str"})
