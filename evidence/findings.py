"""What a comparison set shows, in a line: the titles of charts."""

from __future__ import annotations

import pandas as pd

from evidence.ethnicity import Classification
from evidence.statements import RowLike, figure_value
from evidence.statistics import Verdict


def finding(rows: pd.DataFrame, indicator: RowLike, groups: Classification) -> str:
    """A chart's title: what a comparison set shows, from the verdicts of its gaps.

    Parameters
    ----------
    rows
        The set's figures with their gaps (columns ethnic_group, verdict, reference_group);
        one row a group, the reference group's row without a verdict.
    indicator
        The indicator's row.
    groups
        The classification.
    """
    name = str(indicator["name"])
    compared = rows[rows["verdict"].notna() & (rows["verdict"] != Verdict.NOT_COMPARED)]
    if compared.empty:
        return f"{name} by ethnic group"
    reference = groups.short(str(compared["reference_group"].iloc[0]))
    if (compared["verdict"] == Verdict.NO_INTERVAL).all():
        return f"{name}{_range(rows, groups)} (published without limits)"
    parts = []
    for verdict in (Verdict.LOWER, Verdict.HIGHER):
        codes = groups.sort(compared.loc[compared["verdict"] == verdict, "ethnic_group"].unique())
        if codes:
            parts.append(f"{verdict} for {_some(codes, len(compared), groups)}")
    if not parts and (compared["verdict"] == Verdict.TOO_UNCERTAIN).all():
        return f"{name}: too uncertain to say how groups differ from the {reference} group"
    if not parts:
        return f"{name}: no clear difference from the {reference} group"
    return f"{name}: {' and '.join(parts)} than for the {reference} group"


def _range(rows: pd.DataFrame, groups: Classification) -> str:
    told = rows[rows["value"].notna() & ~rows["ethnic_group"].isin(["all", "unknown"])]
    if ((told["unit"] == "%") & told["value"].isin([0, 100])).any():
        # Nobody or everybody is what a handful of people looks like: not for a headline.
        return " by ethnic group"
    in_order = told.sort_values("value").to_dict("records")
    lowest, highest = in_order[0], in_order[-1]
    if lowest["value"] == highest["value"]:
        return f": {figure_value(lowest)} for {groups.short(str(lowest['ethnic_group']))}"
    ends = [
        f"{figure_value(end)} ({groups.short(str(end['ethnic_group']))})"
        for end in (lowest, highest)
    ]
    return f": from {ends[0]} to {ends[1]}"


def _some(codes: list[str], total: int, groups: Classification) -> str:
    if len(codes) == total and total > 3:
        return "every group compared"
    if len(codes) > 3:
        return f"{len(codes)} of {total} groups"
    names = [groups.short(code) for code in codes]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"the {joined} group{'s' if len(names) > 1 else ''}"
