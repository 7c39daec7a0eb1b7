"""The sentences that the dashboard writes, each made from the rows that it speaks of.

They stand in one place, so that a page, a chart's text alternative and a download say the same
thing in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evidence.ethnicity import Classification
from evidence.gaps import Verdict
from evidence.limits import LimitsFrom
from evidence.models import NOT_STATED
from evidence.numbers import is_blank, limits, number, ratio, with_unit
from evidence.vocabulary import BlankReason, Direction, GeographyLevel, Measure, Standardisation

RowLike = Mapping[Any, Any]

_ARTICLE = {"K02000001": "the United Kingdom", "E09000001": "the City of London"}


def figure_value(figure: RowLike) -> str:
    """The value of a figure as it is printed everywhere: qualifier, number, unit, or why blank."""
    if is_blank(figure["value"]):
        return BlankReason(figure["blank_reason"]).label
    text = number(float(figure["value"]))
    if Measure(figure["measure"]).is_published_ratio:
        text = f"{text} times"
    else:
        text = with_unit(text, str(figure["unit"]))
    return text if is_blank(figure["qualifier"]) else f"{figure['qualifier']} {text}"


def figure_limits(figure: RowLike) -> str:
    """The limits of a figure: the source's own as published, ours to three figures."""
    own = figure["limits_from"] == LimitsFrom.SOURCE
    return limits(
        figure["limit_lower"],
        figure["limit_upper"],
        style="published" if own else "ours",
        unit=str(figure["unit"]),
    )


def place(figure: RowLike) -> str:
    """Where, as it stands after "in": "Lambeth", "the United Kingdom"."""
    return _ARTICLE.get(str(figure["geography_code"]), str(figure["geography_name"]))


def when(figure: RowLike) -> str:
    """The period, or that it is not stated."""
    return "period not stated" if figure["period"] == NOT_STATED else str(figure["period"])


def where_and_when(figure: RowLike) -> str:
    """The opening of a statement: "In Lambeth in 2019-20"."""
    if figure["period"] == NOT_STATED:
        return f"In {place(figure)} (period not stated)"
    return f"In {place(figure)} in {figure['period']}"


def who(figure: RowLike, groups: Classification, noun: str = "people") -> str:
    """Who a figure counts: the group as people."""
    return groups.people(str(figure["ethnic_group"]), noun)


def figure_sentence(figure: RowLike, indicator: RowLike, groups: Classification) -> str:
    """One sentence that says a figure by itself: value, who, where and when."""
    people = who(figure, groups, str(indicator["people"]))
    measure = Measure(figure["measure"])
    value = figure_value(figure)
    if is_blank(figure["value"]):
        return f"{where_and_when(figure)}, the figure for {people} is {value}."
    if measure.is_published_comparison:
        return _published_sentence(figure, indicator, groups)
    if measure is Measure(indicator["measure"]):
        clause = str(indicator["phrase"]).format(value=value, people=people)
    elif measure is Measure.SHARE:
        clause = f"{people} were {value} of all those counted for {indicator['outcome']}"
    else:
        clause = f"the {measure.label} for {indicator['outcome']} was {value} among {people}"
    return f"{where_and_when(figure)}, {clause}.{_population(figure)}"


def gap_sentence(
    figure: RowLike,
    gap: RowLike,
    reference: RowLike | None,
    indicator: RowLike,
    groups: Classification,
) -> str:
    """The statement of a gap, every number from its rows.

    Parameters
    ----------
    figure, reference
        The group's figure and the reference group's (None for a ratio that the source gives).
    gap
        The row of :func:`evidence.comparison.gaps` for the figure.
    indicator
        The indicator's row.
    groups
        The classification, for the groups as people.

    Returns
    -------
    str
        For example "In Lambeth in 2019-20, 41% of people from Black ethnic groups who finished
        treatment recovered, against 52% of people from White ethnic groups: 0.79 times (95%
        limits 0.70 to 0.89)."
    """
    if reference is None:
        return _published_sentence(figure, indicator, groups)
    if gap["verdict"] == Verdict.NOT_COMPARED:
        return f"{figure_sentence(figure, indicator, groups)} Not compared: {gap['reason']}."
    told = figure_sentence(figure, indicator, groups).removesuffix(_population(figure))
    opening = told.removesuffix(".")
    noun = str(indicator["people"])
    joint = "of" if figure["unit"] == "%" and _counts_people(indicator) else "among"
    against = f"against {figure_value(reference)} {joint} {who(reference, groups, noun)}"
    return f"{opening}, {against}: {gap_size(gap, figure)}.{_population(figure)}"


def gap_size(gap: RowLike, figure: RowLike) -> str:
    """How large a gap is, with its limits: "0.79 times (95% limits 0.70 to 0.89)"."""
    if not is_blank(gap["ratio"]):
        size = f"{ratio(float(gap['ratio']))} times"
        text = limits(gap["ratio_lower"], gap["ratio_upper"], style="ratio")
    elif not is_blank(gap["difference"]):
        value = difference_value(gap, figure)
        size = f"a difference of {with_unit(value, difference_unit(figure))}"
        text = difference_limits(gap, figure)
    else:
        return "no ratio can be given"
    return f"{size} (95% limits {text})" if text else f"{size} (no interval published)"


def difference_value(gap: RowLike, figure: RowLike) -> str:
    """The absolute gap with its sign, or an empty string where there is none.

    The difference of two published numbers has as many decimals as they have.
    """
    if is_blank(gap["difference"]):
        return ""
    value = float(gap["difference"])
    return f"+{number(value)}" if value > 0 else number(value)


def difference_limits(gap: RowLike, figure: RowLike) -> str:
    """The limits of the absolute gap, or an empty string where there are none."""
    return limits(
        gap["difference_lower"], gap["difference_upper"], style="ours", unit=str(figure["unit"])
    )


def difference_unit(figure: RowLike) -> str:
    """The unit of a difference: percentages differ by percentage points."""
    return "percentage points" if figure["unit"] == "%" else str(figure["unit"])


def verdict_words(verdict: str, direction: str) -> str:
    """The verdict with what it means: "lower (worse)"; words only where the limits bear them."""
    worse = {Direction.HIGHER_IS_WORSE: Verdict.HIGHER, Direction.HIGHER_IS_BETTER: Verdict.LOWER}
    if verdict not in {Verdict.HIGHER, Verdict.LOWER} or direction == Direction.NEITHER:
        return str(verdict)
    return f"{verdict} ({'worse' if verdict == worse[Direction(direction)] else 'better'})"


def is_worse(verdict: str, direction: str) -> bool:
    """True where the limits show that the group fares worse than the reference group."""
    return verdict_words(verdict, direction).endswith("(worse)")


def area_label(figure: RowLike) -> str:
    """The label of a figure's own area: "Lambeth", "England", "London, one hospital"."""
    return str(figure["geography_name"])


def area_kind(figure: RowLike) -> str:
    """What kind of area a figure describes, in words."""
    return GeographyLevel(figure["geography_level"]).label


def people_and_method(figure: RowLike) -> str:
    """Age, sex, population and adjustment in one line, with only what narrows the figure."""
    parts = []
    if figure["age"] not in {"all", NOT_STATED}:
        parts.append(
            f"age {figure['age']}" if str(figure["age"])[0].isdigit() else str(figure["age"])
        )
    if figure["sex"] != "all":
        parts.append({"female": "women and girls", "male": "men and boys"}[str(figure["sex"])])
    if not is_blank(figure["population"]):
        parts.append(str(figure["population"]))
    how = Standardisation(figure["standardisation"]).label
    if not is_blank(figure["adjusted_for"]):
        how = f"adjusted for {figure['adjusted_for']}"
    parts.append(how)
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _counts_people(indicator: RowLike) -> bool:
    return "{value} of {people}" in str(indicator["phrase"])


def _population(figure: RowLike) -> str:
    return "" if is_blank(figure["population"]) else f" Counted: {figure['population']}."


def _published_sentence(figure: RowLike, indicator: RowLike, groups: Classification) -> str:
    noun = str(indicator["people"])
    people = who(figure, groups, noun)
    other = groups.people(str(figure["comparator"]), noun)
    measure = Measure(figure["measure"])
    text = limits(figure["limit_lower"], figure["limit_upper"])
    interval = f" (95% limits {text})" if text else " (no interval published)"
    softened = "" if is_blank(figure["qualifier"]) else f"{figure['qualifier']} "
    size = number(float(figure["value"]))
    if measure.is_published_ratio:
        what = {
            Measure.ODDS_RATIO: "odds",
            Measure.RATE_RATIO: "rate",
            Measure.RISK_RATIO: "risk"
            if indicator["direction"] != Direction.HIGHER_IS_BETTER
            else "likelihood",
            Measure.HAZARD_RATIO: "hazard",
        }[measure]
        clause = (
            f"the {what} of {indicator['outcome']} among {people} was {softened}{size} times "
            f"that among {other}{interval}"
        )
        if measure is Measure.ODDS_RATIO:
            clause = clause.replace(" was ", " were ", 1).replace("that among", "those among", 1)
    else:
        unit = "%" if measure is Measure.PERCENTAGE_DIFFERENCE else str(figure["unit"])
        value = with_unit(number(abs(float(figure["value"]))), unit)
        sense = "higher" if float(figure["value"]) >= 0 else "lower"
        clause = (
            f"{indicator['outcome']} was {softened}{value} {sense} among {people} than among "
            f"{other}{interval}"
        )
    return f"{where_and_when(figure)}, {clause}.{_population(figure)}"


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
        return f"{name}: {_range(rows, groups)} (published without limits)"
    parts = []
    for verdict in (Verdict.LOWER, Verdict.HIGHER):
        codes = groups.sort(compared.loc[compared["verdict"] == verdict, "ethnic_group"].unique())
        if codes:
            parts.append(f"{verdict} for {_some(codes, len(compared), groups)}")
    if not parts:
        return f"{name}: no clear difference from the {reference} group"
    return f"{name}: {' and '.join(parts)} than for the {reference} group"


def _range(rows: pd.DataFrame, groups: Classification) -> str:
    told = rows[rows["value"].notna() & ~rows["ethnic_group"].isin(["all", "unknown"])]
    in_order = told.sort_values("value").to_dict("records")
    lowest, highest = in_order[0], in_order[-1]
    if lowest["value"] == highest["value"]:
        return f"{figure_value(lowest)} for {groups.short(str(lowest['ethnic_group']))}"
    ends = [
        f"{figure_value(end)} ({groups.short(str(end['ethnic_group']))})"
        for end in (lowest, highest)
    ]
    return f"from {ends[0]} to {ends[1]}"


def _some(codes: list[str], total: int, groups: Classification) -> str:
    if len(codes) == total and total > 1:
        return "every group compared"
    if len(codes) > 3:
        return f"{len(codes)} of {total} groups"
    names = [groups.short(code) for code in codes]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"the {joined} group{'s' if len(names) > 1 else ''}"
