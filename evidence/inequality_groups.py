"""Which groups of a comparison set are summed up together, and which may stand out by chance."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from evidence.ethnicity import Classification
from evidence.numbers import is_blank
from evidence.selection import SMALLEST_ROUNDED
from evidence.statistics import compare_limits

FEWEST_GROUPS = 3
"""Of two groups the ratio and the difference say all."""

NO_GROUPS = ("all", "unknown", "ethnic-minority", "ethnic-minority-excl-white")
"""Codes of everyone, of nobody known, and of everyone but one group: not groups beside others."""

NORMAL_95 = 1.96
"""How many standard errors lie between an estimate and either of its 95% limits."""


def groups_apart(rows: pd.DataFrame, groups: Classification) -> pd.DataFrame:
    """The rows of a comparison set whose groups share no people, one level of detail.

    Left out are figures that are blank, totals, people whose group is not known, and aggregates
    of all but one group. Where groups that contain one another stand together, those stay that
    leave nobody out, and of two such choices the more detailed one; the reference group stays in
    any case. Chinese people beside one Asian group, without other groups within Asian, count as
    apart from it: school statistics and others that use the census groups of 2001 list them so.

    Parameters
    ----------
    rows
        One comparison set: figures as the evidence base holds them.
    groups
        The classification.

    Returns
    -------
    pandas.DataFrame
        Those of the rows, in the classification's order.
    """
    told = rows[rows["value"].notna() & ~rows["ethnic_group"].isin(NO_GROUPS)]
    if told.empty:
        return told
    codes = groups.sort(set(told["ethnic_group"]))
    members = _members(codes, groups)
    held = set(told.loc[told["is_reference"], "ethnic_group"])
    choices = [_apart(codes, members, held, sign) for sign in (-1, 1)]
    best = max(choices, key=lambda one: _worth(one, members))
    kept = told[told["ethnic_group"].isin(best)].drop_duplicates("ethnic_group")
    return kept.sort_values("ethnic_group", key=lambda column: column.map(groups.order))


def _members(codes: list[str], groups: Classification) -> dict[str, frozenset[str]]:
    members = {code: groups.members(code) for code in codes}
    within_asian = [code for code in codes if code.startswith("asian-") and "+" not in code]
    if "asian" in members and within_asian == ["asian-chinese"]:
        members["asian"] -= members["asian-chinese"]
    return members


def _apart(
    codes: list[str], members: dict[str, frozenset[str]], held: set[str], sign: int
) -> list[str]:
    """Groups without common people: the reference, then the widest (-1) or the narrowest (1)."""
    taken: list[str] = []
    people: set[str] = set()
    for code in sorted(codes, key=lambda one: (one not in held, sign * len(members[one]))):
        if not people & members[code]:
            taken.append(code)
            people |= members[code]
    return taken


def _worth(codes: Iterable[str], members: dict[str, frozenset[str]]) -> tuple[bool, int, int]:
    listed = list(codes)
    covered = sum(len(members[code]) for code in listed)
    return len(listed) >= FEWEST_GROUPS, covered, len(listed)


def standard_errors(used: pd.DataFrame) -> np.ndarray | None:
    """Standard errors from the 95% limits, or None where a group has none that can be used."""
    width = (used["limit_upper"] - used["limit_lower"]).to_numpy(dtype=float)
    # Limits without width are limits that the source rounded away.
    known = np.isfinite(width) & (width > 0)
    return width / (2 * NORMAL_95) if known.all() else None


def warning_of_extremes(rows: pd.DataFrame, groups: Classification) -> str:
    """One line where the highest and the lowest group may be so by chance, else an empty string.

    They may where their limits don't set them apart from the group next to them, and where they
    are of fewer than 50 people; and that can't be told where a group has no limits.
    """
    used = groups_apart(rows, groups)
    if len(used) < FEWEST_GROUPS:
        return ""
    if standard_errors(used) is None:
        return (
            "Not every group has limits, so how much of the distance between the highest and the "
            "lowest is chance can't be told. The more groups there are, the wider it is by chance "
            "alone."
        )
    doubtful = [groups.short(code) for code in _extreme_codes(used) if _may_be_chance(used, code)]
    if not doubtful:
        return ""
    verb = "is" if len(doubtful) == 1 else "are"
    return (
        f"The highest and the lowest of {len(used)} groups are partly luck. "
        f"{' and '.join(doubtful)} {verb} not clearly apart from other groups, or of few people: "
        "the difference and the ratio are likely to be too large, and their limits too narrow."
    )


def _extreme_codes(used: pd.DataFrame) -> list[str]:
    places = (used["estimate"].argmax(), used["estimate"].argmin())
    return list(dict.fromkeys(str(used["ethnic_group"].iloc[place]) for place in places))


def _may_be_chance(used: pd.DataFrame, code: str) -> bool:
    names = ["estimate", "limit_lower", "limit_upper"]
    own = used.loc[used["ethnic_group"] == code].iloc[0]
    others = used.loc[used["ethnic_group"] != code, names]
    mine = [np.full(len(others), float(own[name])) for name in names]
    gap = compare_limits(*mine, *(others[name] for name in names))
    beside = ((gap["difference_lower"] <= 0) & (gap["difference_upper"] >= 0)).any()
    few = not is_blank(own["denominator"]) and float(own["denominator"]) < SMALLEST_ROUNDED
    return bool(beside) or few


def left_out_of_inequality(rows: pd.DataFrame, groups: Classification) -> str:
    """One line that names the groups that the measures leave out, or an empty string."""
    told = rows[~rows["ethnic_group"].isin(NO_GROUPS)]
    used = set(groups_apart(rows, groups)["ethnic_group"])
    blank = told[told["value"].isna()]["ethnic_group"]
    double = told[told["value"].notna() & ~told["ethnic_group"].isin(used)]["ethnic_group"]
    parts = []
    for codes, why in (
        (blank, "no figure in this source"),
        (double, "people in them are counted in other groups here"),
    ):
        names = ", ".join(groups.short(code) for code in groups.sort(set(codes)))
        if names:
            parts.append(f"{names} ({why})")
    return f"Left out: {'; '.join(parts)}." if parts else ""
