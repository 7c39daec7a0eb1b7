"""Every group of a joined set in each borough, and how far the groups of a borough lie apart."""

from __future__ import annotations

import pandas as pd

from evidence.ethnicity import Classification
from evidence.inequality_groups import NO_GROUPS, groups_apart
from evidence.vocabulary import Measure

NAME = "geography_name"


def why_no_groups(one: pd.DataFrame, apart: pd.DataFrame) -> str:
    """Why the groups of a joined set are not put side by side, or an empty string where they are.

    Parameters
    ----------
    one
        A joined set of :func:`evidence.places.across_boroughs`.
    apart
        :func:`groups_across` of it.
    """
    if not Measure(one["measure"].iloc[0]).has_difference:
        return (
            "Groups are put side by side for rates, percentages and averages alone: counts and "
            "shares follow from how many people a group has, and a published comparison tells no "
            "group's own figure."
        )
    if apart.empty:
        return "No borough has figures of two groups that hold different people."
    return ""


def groups_across(
    one: pd.DataFrame, groups: Classification, *, group: str, reference: str | None = None
) -> pd.DataFrame:
    """The figures of groups that share no people, in every borough that has two of them or more.

    The groups are the same in every borough. They are the broad ones where the chosen group is
    broad, else the others, so that one level of detail stands together.

    Parameters
    ----------
    one
        A joined set of :func:`evidence.places.across_boroughs`.
    groups
        The classification.
    group, reference
        The codes of the chosen group and of that which it is held against: where groups contain
        one another, these stay.

    Returns
    -------
    pandas.DataFrame
        Rows of ``one`` that have a value; ``is_reference`` is true of ``reference`` alone.
    """
    told = one[one["value"].notna()].drop_duplicates(["geography_code", "ethnic_group"])
    level = told[told["ethnic_group"].isin(_of_one_level(told, groups, group, reference))]
    held = level.assign(is_reference=level["ethnic_group"].isin([group, reference]))
    codes = groups_apart(held.drop_duplicates("ethnic_group"), groups)["ethnic_group"]
    apart = level[level["ethnic_group"].isin(codes)]
    several = apart.groupby("geography_code")["ethnic_group"].transform("nunique") > 1
    kept = apart[several]
    return kept.assign(is_reference=kept["ethnic_group"] == reference)


def _of_one_level(
    told: pd.DataFrame, groups: Classification, group: str, reference: str | None
) -> set[str]:
    """The codes to choose from: the broad groups or the others, and the two that were chosen."""
    codes = set(told["ethnic_group"]) - set(NO_GROUPS)
    broad = codes & set(groups.broad)
    # School statistics list Chinese people alone beside the broad groups.
    alone = {code for code in codes - broad if _only_one_within(code, codes - broad, groups)}
    wanted = broad | alone if group in groups.broad or group in NO_GROUPS else codes - broad
    if len(wanted) < 2:
        return codes
    return wanted | {str(code) for code in (group, reference) if code in codes}


def _only_one_within(code: str, others: set[str], groups: Classification) -> bool:
    whole = groups.broad_of(code)
    return sum(groups.broad_of(other) == whole for other in others) == 1


def distances(apart: pd.DataFrame) -> pd.Series:
    """How far the lowest and the highest figure of each borough lie apart, by its name.

    In the unit of the figures, from counts where there are any; the widest first, then by name.
    """
    ends = apart.groupby(NAME)["estimate"].agg(["min", "max"])
    return (ends["max"] - ends["min"]).sort_index().sort_values(ascending=False, kind="stable")


def in_lines(apart: pd.DataFrame, groups: Classification, *, by_distance: bool) -> pd.DataFrame:
    """The rows of :func:`groups_across` in the order of their lines, then of the groups.

    The boroughs whose groups lie furthest apart come first, else they go by name.
    """
    if apart.empty:
        return apart
    names = list(distances(apart).index)
    names = names if by_distance else sorted(names)
    place = apart[NAME].map({name: number for number, name in enumerate(names)})
    order = apart["ethnic_group"].map(groups.order)
    ranked = apart.assign(place=place, order=order).sort_values(["place", "order"], kind="stable")
    return ranked.drop(columns=["place", "order"])


def caution_of_groups(apart: pd.DataFrame) -> str:
    """How far the distances between groups can be relied on, as one or two sentences."""
    count = apart[NAME].nunique()
    if apart["limit_lower"].isna().all():
        return (
            "No limits are published for these figures, so how much of a distance is chance can't "
            "be told, nor how far which group is lowest or highest. The more groups there are, the "
            "wider it is by chance alone."
        )
    among = f"Among {count} boroughs the widest" if count > 1 else "The"
    return (
        f"{among} distance may be partly luck, and so may which group is lowest or highest, as "
        "some figures are of few people: the table has their limits. How far groups lie apart was "
        "not tested."
    )
