"""Which groups of a comparison set are summed up together, and which may stand out by chance."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from evidence.ethnicity import Classification
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
    extremes = _extremes(used)
    if standard_errors(used) is None:
        handful = [groups.short(code) for code in extremes if _of_a_handful(used, code)]
        flat = ""
        if handful:
            flat = f" {_are(handful)} at 0% or 100%, which comes from very few people."
        return (
            "Not every group has limits, so how much of the distance between the highest and the "
            "lowest is chance can't be told. The more groups there are, the wider it is by chance "
            f"alone.{flat}"
        )
    beside = [groups.short(code) for code in extremes if _not_clearly_apart(used, code)]
    few = [groups.short(code) for code in extremes if _of_few_people(used, code)]
    reasons = []
    if beside:
        reasons.append(f"{_are(beside)} not clearly apart from other groups")
    if few:
        reasons.append(f"{_are(few)} of fewer than {SMALLEST_ROUNDED} people")
    if not reasons:
        return ""
    return (
        f"The highest and the lowest of {len(used)} groups may be partly luck: "
        f"{', and '.join(reasons)}. So the difference and the ratio are likely to be too large, "
        "and their limits too narrow."
    )


def _are(names: list[str]) -> str:
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _extremes(used: pd.DataFrame) -> list[str]:
    places = (used["estimate"].argmax(), used["estimate"].argmin())
    return list(dict.fromkeys(str(used["ethnic_group"].iloc[place]) for place in places))


def _of_few_people(used: pd.DataFrame, code: str) -> bool:
    return bool((used.loc[used["ethnic_group"] == code, "denominator"] < SMALLEST_ROUNDED).any())


def _of_a_handful(used: pd.DataFrame, code: str) -> bool:
    """True for a percentage of 0 or 100 without limits: nobody, or all, of very few people."""
    own = used.loc[used["ethnic_group"] == code]
    flat = own["value"].isin([0, 100]) & (own["unit"] == "%") & own["limit_lower"].isna()
    return bool(flat.any())


def _not_clearly_apart(used: pd.DataFrame, code: str) -> bool:
    names = ["estimate", "limit_lower", "limit_upper"]
    own = used.loc[used["ethnic_group"] == code].iloc[0]
    others = used.loc[used["ethnic_group"] != code, names]
    mine = [np.full(len(others), float(own[name])) for name in names]
    gap = compare_limits(*mine, *(others[name] for name in names))
    return bool(((gap["difference_lower"] <= 0) & (gap["difference_upper"] >= 0)).any())


def left_out_of_inequality(rows: pd.DataFrame, groups: Classification) -> str:
    """One line that names the groups that the measures leave out, or an empty string."""
    told = rows[~rows["ethnic_group"].isin(NO_GROUPS)]
    used = set(groups_apart(rows, groups)["ethnic_group"])
    blank = told[told["value"].isna()]["ethnic_group"]
    double = told[told["value"].notna() & ~told["ethnic_group"].isin(used)]["ethnic_group"]
    parts = []
    for codes, why in (
        (blank, "no figure"),
        (double, "people in them are counted in other groups here"),
    ):
        names = ", ".join(groups.short(code) for code in groups.sort(set(codes)))
        if names:
            parts.append(f"{names} ({why})")
    return f"Left out: {'; '.join(parts)}." if parts else ""
