"""The sentences that the dashboard writes, each made from the rows that it speaks of.

They stand in one place, so that a page, a chart's text alternative and a download say the same
thing in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from evidence.ethnicity import Classification
from evidence.limits import LimitsFrom
from evidence.models import NOT_STATED
from evidence.numbers import is_blank, limits, number, ours, ratio, with_unit
from evidence.statistics import Verdict
from evidence.vocabulary import BlankReason, Direction, GeographyLevel, Measure, Standardisation

RowLike = Mapping[Any, Any]

_WITH_ARTICLE = ("United Kingdom", "City of London")
"""Openings of names of areas that take "the"."""


def figure_value(figure: RowLike) -> str:
    """The value of a figure as it is printed everywhere: qualifier, number, unit, or why blank."""
    if is_blank(figure["value"]):
        return BlankReason(figure["blank_reason"]).label
    text = number(float(figure["value"]), places=_places(figure))
    measure = Measure(figure["measure"])
    if measure.is_published_ratio:
        text = f"{text} times"
    else:
        if measure.is_published_comparison and float(figure["value"]) > 0:
            text = f"+{text}"
        text = with_unit(text, str(figure["unit"]))
    return text if is_blank(figure["qualifier"]) else f"{figure['qualifier']} {text}"


def figure_limits(figure: RowLike) -> str:
    """The limits of a figure: the source's own as published, ours to three figures.

    A value that was rounded out of the limits of its own counts is told with what they give.
    """
    own = figure["limits_from"] in {LimitsFrom.SOURCE, LimitsFrom.CALCULATED}
    text = limits(
        figure["limit_lower"],
        figure["limit_upper"],
        style="published" if own else "ours",
        unit=str(figure["unit"]),
        places=_places(figure),
    )
    if own or not text or is_blank(figure["value"]):
        return text
    if figure["limit_lower"] <= figure["value"] <= figure["limit_upper"]:
        return text
    return f"{text}, around {ours(float(figure['estimate']), str(figure['unit']))} by the counts"


def place(figure: RowLike) -> str:
    """Where, as it stands after "in": "Lambeth", "the United Kingdom"."""
    name = str(figure["geography_name"])
    return f"the {name}" if name.startswith(_WITH_ARTICLE) else name


def when(figure: RowLike) -> str:
    """The period, or that it is not stated."""
    return "period not stated" if figure["period"] == NOT_STATED else str(figure["period"])


def where_and_when(figure: RowLike) -> str:
    """The opening of a statement: "In Lambeth in 2019-20"."""
    period = str(figure["period"])
    if period == NOT_STATED:
        return f"In {place(figure)} (period not stated)"
    return f"In {place(figure)} {'from' if ' to ' in period else 'in'} {period}"


_YEARS_AT_END = re.compile(
    r",(?: (?:to|and|\d{4}(?:-\d\d)?|January|February|March|April|May|June|July|August|September"
    r"|October|November|December))+$"
)


def named(indicator: RowLike) -> str:
    """An indicator's name as it stands beside a period: without the years that end some names.

    "Good level of development at age 5, 2015-16 to 2018-19" tells an older definition by its
    years; a title that has its period says them by that.
    """
    return _YEARS_AT_END.sub("", str(indicator["name"]))


_BY_SEX = {
    "female": {
        "people": "women",
        "adults": "women",
        "residents": "women",
        "young people": "girls and young women",
        "children": "girls",
        "babies": "baby girls",
    },
    "male": {
        "people": "men",
        "adults": "men",
        "residents": "men",
        "young people": "boys and young men",
        "children": "boys",
        "babies": "baby boys",
    },
}


def noun(figure: RowLike, indicator: RowLike) -> str:
    """Who a figure counts, by its sex: "people", "women", "boys"."""
    people = str(indicator["people"])
    return _BY_SEX.get(str(figure["sex"]), {}).get(people, people)


def figure_sentence(figure: RowLike, indicator: RowLike, groups: Classification) -> str:
    """One sentence that says a figure by itself: value, who, where and when."""
    people = groups.people(str(figure["ethnic_group"]), noun(figure, indicator))
    measure = Measure(figure["measure"])
    value = figure_value(figure)
    if is_blank(figure["value"]):
        return f"{where_and_when(figure)}, the figure for {people} is {value}.{_population(figure)}"
    if measure.is_published_comparison:
        return _published_sentence(figure, indicator, groups)
    if measure is Measure(indicator["measure"]):
        if measure is Measure.SHARE:
            # A share is of everyone counted: its sex says who was counted, not who is in the group.
            people = groups.people(str(figure["ethnic_group"]), str(indicator["people"]))
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
        The row of :func:`evidence.gaps.gaps` for the figure.
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
    others = groups.people(str(reference["ethnic_group"]), noun(reference, indicator))
    joint = "of" if figure["unit"] == "%" and _counts_people(indicator) else "among"
    against = f"against {figure_value(reference)} {joint} {others}"
    return f"{opening}, {against}: {gap_size(gap, figure)}.{_population(figure)}"


def gap_size(gap: RowLike, figure: RowLike) -> str:
    """How large a gap is, with its limits: "0.79 times (95% limits 0.70 to 0.89)"."""
    if not is_blank(gap["ratio"]):
        size, after = f"{ratio_told(gap)} times", _rounding(gap, figure)
        text = limits(gap["ratio_lower"], gap["ratio_upper"], style="ratio")
    elif not is_blank(gap["difference"]):
        value, after = difference_value(gap, figure), ""
        size = f"a difference of {with_unit(value, difference_unit(figure))}"
        text = difference_limits(gap, figure)
    else:
        return "no ratio can be given"
    interval = f"(95% limits {text})" if text else "(no interval published)"
    return f"{size} {interval}{after}"


def ratio_told(gap: RowLike) -> str:
    """A ratio as it is printed everywhere; one from a softened number keeps its word."""
    value = float(gap["ratio"])
    if is_blank(gap["softened"]):
        return ratio(value)
    return f"{gap['softened']} {number(float(f'{value:.2g}'))}"


def _rounding(gap: RowLike, figure: RowLike) -> str:
    """Words for a ratio that is not that of the published percentages, which are rounded."""
    if is_blank(gap["reference_value"]) or not float(gap["reference_value"]):
        return ""
    if not is_blank(gap["softened"]):
        return ""
    shown = ratio(float(figure["value"]) / float(gap["reference_value"]))
    return "" if shown == ratio(float(gap["ratio"])) else ", allowing for rounding"


def difference_value(gap: RowLike, figure: RowLike) -> str:
    """The absolute gap with its sign, or an empty string where there is none.

    The difference of two published numbers has as many decimals as they have.
    """
    if is_blank(gap["difference"]):
        return ""
    value = float(gap["difference"])
    if figure["unit"] == "%":
        text = ours(value, "%").removesuffix(".0")
    else:
        both = (figure["value"], gap["reference_value"])
        shown = [number(float(one)) for one in both if not is_blank(one)]
        places = max((len(one.partition(".")[2]) for one in shown), default=0)
        text = number(round(value, places) + 0.0) if len(shown) > 1 else number(value)
    return f"+{text}" if value > 0 and text != "0" else text


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
    """What narrows a figure beyond area, period and sex, and what it is adjusted for."""
    parts = [] if is_blank(figure["population"]) else [str(figure["population"])]
    age = str(figure["age"])
    if age[:1].isdigit():
        parts.insert(0, f"age {age}")
    elif age.startswith(("under ", "over ")):
        parts.insert(0, f"aged {age}")
    if figure["measure"] == Measure.SHARE and figure["sex"] in _BY_SEX:
        parts.insert(0, {"female": "girls and women", "male": "boys and men"}[str(figure["sex"])])
    told = f" Counted: {'; '.join(parts)}." if parts else ""
    if not is_blank(figure["adjusted_for"]):
        return f"{told} Adjusted for {figure['adjusted_for']}."
    if figure["standardisation"] in {
        Standardisation.ADJUSTED,
        Standardisation.AGE,
        Standardisation.AGE_SEX,
    }:
        return f"{told} {Standardisation(figure['standardisation']).label.capitalize()}."
    return told


def _published_sentence(figure: RowLike, indicator: RowLike, groups: Classification) -> str:
    counted = noun(figure, indicator)
    people = groups.people(str(figure["ethnic_group"]), counted)
    other = groups.people(str(figure["comparator"]), counted)
    measure = Measure(figure["measure"])
    text = _unsigned_limits(figure)
    interval = f" (95% limits {text})" if text else " (no interval published)"
    softened = "" if is_blank(figure["qualifier"]) else f"{figure['qualifier']} "
    size = number(float(figure["value"]), places=_places(figure))
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
    both = groups.overlap(str(figure["ethnic_group"]), str(figure["comparator"]))
    warning = " The two groups hold some of the same people." if both else ""
    return f"{where_and_when(figure)}, {clause}.{_population(figure)}{warning}"


def _unsigned_limits(figure: RowLike) -> str:
    """The limits of a published comparison; without signs where "lower" says the sign."""
    shrinks = not Measure(figure["measure"]).is_published_ratio and float(figure["value"]) < 0
    if not shrinks or is_blank(figure["limit_lower"]) or float(figure["limit_upper"]) > 0:
        return figure_limits(figure)
    low, high = -float(figure["limit_upper"]), -float(figure["limit_lower"])
    return limits(low, high)


def _places(figure: RowLike) -> int:
    """How many decimals a number with published limits has: as many as the longest of them."""
    if is_blank(figure["lower"]) and not Measure(figure["measure"]).is_published_ratio:
        return 0
    numbers = [figure[name] for name in ("value", "lower", "upper") if not is_blank(figure[name])]
    return max((len(number(float(x)).partition(".")[2]) for x in numbers), default=0)
