"""What the summary measures of inequality are called, and one plain line on what each says.

The lines tell sums, never causes: a measure says how far apart groups are, not why.
"""

from __future__ import annotations

from dataclasses import dataclass

from evidence.numbers import is_blank, limits, ours, three_figures, with_unit
from evidence.statements import (
    RowLike,
    difference_unit,
    difference_value,
    figure_value,
    ratio_told,
)

NAMES = {
    "d": "Difference",
    "r": "Ratio",
    "mdru": "Mean difference from the reference group",
    "idisu": "Index of disparity",
    "paf": "Population attributable fraction",
    "par": "Population attributable risk",
    "mdrw": "Mean difference from the reference group, by people",
    "idisw": "Index of disparity, by people",
    "mdmu": "Mean difference from the average",
    "mdmw": "Mean difference from the average, by people",
    "mdbu": "Mean difference from the best-off group",
    "mdbw": "Mean difference from the best-off group, by people",
    "bgsd": "Between-group standard deviation",
    "bgv": "Between-group variance",
    "cov": "Coefficient of variation",
    "ti": "Theil index (times 1,000)",
    "mld": "Mean log deviation (times 1,000)",
}
"""The measures by their codes, under the names of the World Health Organization."""

BOARD = ("d", "r", "mdru", "idisu", "paf")
"""What a board reads first: a gap and a ratio, two averages over all groups, and what is lost."""

ADVANCED = tuple(code for code in NAMES if code not in BOARD)
"""The other measures, for analysts."""

PERCENTAGES = ("cov", "idisu", "idisw", "paf")
PURE = ("ti", "mld")
_POINTS = "percentage points"


@dataclass(frozen=True)
class Extremes:
    """The groups of a set that its plain lines name, each with its figure: "Black, 12.1%"."""

    groups: int
    highest: str
    lowest: str
    high_row: RowLike
    low_row: RowLike
    best: str
    """Empty where neither higher nor lower is better."""
    favourable: bool
    reference: str
    """The reference group's short name, empty where the set has none."""
    softened: bool
    """Whether the source softens one of the figures ("almost")."""


def value_told(row: RowLike, extremes: Extremes) -> str:
    """The value of a measure with its unit, or an empty string where there is none.

    ``row`` holds measure and estimate; what the best-off group's figure would change is told
    without a sign, with "lower" or "higher".
    """
    if is_blank(row["estimate"]):
        return ""
    code = row["measure"]
    text = _size(row, extremes)
    if code in {"par", "paf"} and float(row["estimate"]) != 0:
        text = f"{text} {_change(extremes)}"
    return f"about {text}" if extremes.softened and code != "r" else text


def limits_told(row: RowLike, extremes: Extremes) -> str:
    """The limits of a measure as text, or an empty string where there are none."""
    low, high = row["lower"], row["upper"]
    if row["measure"] == "r":
        return limits(low, high, style="ratio")
    if is_blank(low) or is_blank(high):
        return ""
    if row["measure"] in {"par", "paf"} and not extremes.favourable:
        low, high = -float(high) + 0.0, -float(low) + 0.0
    return limits(low, high, style="ours", unit=_number_unit(row["measure"], extremes))


def plain_line(row: RowLike, extremes: Extremes) -> str:
    """What a measure says, with the set's own figures; empty where it has no value."""
    if is_blank(row["estimate"]):
        return ""
    code = str(row["measure"])
    size = f"{'about ' if extremes.softened and code != 'r' else ''}{_size(row, extremes)}"
    if code in {"d", "r"}:
        return _distance(code, row, size, extremes)
    if code in {"par", "paf"}:
        return _if_all_were_best(row, size, extremes)
    return _average(code, size, extremes)


def lead(difference: RowLike, ratio: RowLike, extremes: Extremes) -> str:
    """The sentence above the measures: how far apart the highest and the lowest group are.

    Parameters
    ----------
    difference, ratio
        The rows of those measures: measure, estimate, lower and upper; the ratio may be missing.
    extremes
        The groups that it names.
    """
    opening = f"Of the {extremes.groups} groups in this source"
    if _all_alike(extremes):
        return f"{opening}, all have the same figure: {figure_value(extremes.high_row)}."
    between = limits_told(difference, extremes)
    interval = f"95% limits {between}" if between else "no interval published"
    apart = _distance("d", difference, value_told(difference, extremes), extremes)
    sentence = f"{opening}, {apart[:1].lower()}{apart[1:-1]} ({interval})"
    if between and float(difference["lower"]) <= 0:
        return f"{sentence}: no clear difference."
    times = value_told(ratio, extremes)
    return f"{sentence}: the highest is {times} the lowest." if times else f"{sentence}."


def _all_alike(extremes: Extremes) -> bool:
    return bool(extremes.high_row["estimate"] == extremes.low_row["estimate"])


def _distance(code: str, row: RowLike, size: str, extremes: Extremes) -> str:
    if _all_alike(extremes):
        return "All groups have the same figure."
    if code == "r":
        return f"The highest figure ({extremes.highest}) is {size} the lowest ({extremes.lowest})."
    shown = float(extremes.high_row["value"]) - float(extremes.low_row["value"])
    as_shown = _size({**row, "estimate": shown}, extremes) == _size(row, extremes)
    rounding = "" if as_shown or extremes.softened else ", allowing for rounding"
    return (
        f"The highest figure ({extremes.highest}) and the lowest ({extremes.lowest}) lie {size} "
        f"apart{rounding}."
    )


def _if_all_were_best(row: RowLike, size: str, extremes: Extremes) -> str:
    if float(row["estimate"]) == 0:
        return "No group's figure differs from that of the best-off group."
    return (
        f"If every group had the figure of the best-off group ({extremes.best}), that of all "
        f"groups together would be {size} {_change(extremes)}."
    )


_ALIKE = "0 would mean that all groups are alike; the larger, the more unequal."
_YEARS = "It can be compared between years of this set, but not with other indicators."


def _average(code: str, size: str, extremes: Extremes) -> str:
    how = {"u": "each group counting the same", "w": "each group counting by its people"}
    counting = how.get(code[-1], "")
    return {
        "mdr": f"On average a group's figure lies {size} from that of the reference group "
        f"({extremes.reference}), {counting} and the reference itself as 0.",
        "mdm": f"On average a group's figure lies {size} from that of all groups together, "
        f"{counting}.",
        "mdb": f"On average a group's figure lies {size} from that of the best-off group "
        f"({extremes.best}), {counting} and the best-off itself as 0.",
        "idi": f"On average a group's figure lies {size} away from that of all groups together, "
        f"{counting}.",
        "bgs": f"Groups typically lie {size} from the figure of all groups together; those far "
        "off and those with many people count more.",
        "bgv": f"The square of the standard deviation. {_ALIKE}",
        "cov": f"The standard deviation between groups is {size} of the figure of all groups "
        "together.",
        "ti": f"{_ALIKE} {_YEARS} Groups with high figures count more.",
        "mld": f"{_ALIKE} {_YEARS} Groups with low figures count more.",
    }[code[:3]]


def _change(extremes: Extremes) -> str:
    return "higher" if extremes.favourable else "lower"


def _size(row: RowLike, extremes: Extremes) -> str:
    """The size of a measure with its unit, without a sign."""
    code, size = str(row["measure"]), abs(float(row["estimate"]))
    soft = "about" if extremes.softened else None
    if code == "r":
        return f"{ratio_told({'ratio': size, 'softened': soft})} times"
    unit = difference_unit(extremes.high_row)
    if code == "d":
        return distance(size, extremes.low_row, extremes.high_row)
    if code in PURE:
        return three_figures(size)
    if code in PERCENTAGES:
        return with_unit(ours(size, "%"), "%")
    text = ours(size, _number_unit(code, extremes))
    if text == "0.0" and size > 0:
        text = "under 0.1"
    if code == "bgv":
        return f"{text} squared {unit}" if unit == _POINTS else text
    return with_unit(text, unit)


def distance(size: float, low: RowLike, high: RowLike) -> str:
    """How far apart two figures lie, with the unit and as many digits as the figures bear.

    Parameters
    ----------
    size
        The distance, from counts where there are any, in the figures' unit.
    low, high
        The two figures.
    """
    text, unit = _distance_told(size, low, high)
    return with_unit(text, unit)


def distance_between(
    least: float,
    least_ends: tuple[RowLike, RowLike],
    most: float,
    most_ends: tuple[RowLike, RowLike],
) -> str:
    """The least and the widest of several distances: "5.3 to 33 percentage points".

    Each is given with the lowest and the highest figure of its line, as in :func:`distance`.
    """
    start, _ = _distance_told(least, *least_ends)
    end, unit = _distance_told(most, *most_ends)
    return with_unit(end if start == end else f"{start} to {end}", unit)


def _distance_told(size: float, low: RowLike, high: RowLike) -> tuple[str, str]:
    """A distance as a number, and its unit."""
    unit = difference_unit(high)
    gap = {"difference": size, "reference_value": low["value"]}
    text = difference_value(gap, high).removeprefix("+")
    return text, "percentage point" if text == "1" and unit == _POINTS else unit


def _number_unit(code: str, extremes: Extremes) -> str:
    """The unit that decides how many digits a number has."""
    if code in PERCENTAGES:
        return "%"
    return "" if code in {*PURE, "bgv"} else str(extremes.high_row["unit"])
