"""What every map of the boroughs shares: how each borough is filled, its key and its words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from charts.chart import Chart
from charts.palettes import Palette
from evidence.classes import NO_CLASS, Classes, Method, classes, classes_of_gaps
from evidence.numbers import is_blank, number
from evidence.numbers import ratio as ratio_number
from evidence.place_values import AcrossBoroughs, Standing
from evidence.places import Shown
from evidence.statistics import Verdict

CLEAR = frozenset({Verdict.HIGHER, Verdict.LOWER})
"""Verdicts that the limits bear."""

PATTERNS = {
    Standing.SUPPRESSED: "x",
    Standing.NOT_COLLECTED: "+",
    Standing.NOT_PUBLISHED: ".",
    Standing.NOT_APPLICABLE: "-",
    Standing.NOT_COMPARED: "|",
}
"""How a borough without a number is hatched, by the reason; one not measured is only outlined."""

SMALL_DIFFERENCE = 2.0
"""Differences are written with two decimals where all are smaller than this."""

Outline = tuple[list[float | None], list[float | None]]
"""The x and y of outlines, parted by gaps."""


@dataclass(frozen=True)
class Fill:
    """How an area is filled.

    ``colour`` is that of its class; ``solid`` tells a full fill from a hollow one, which has only
    a rim or stripes of the colour on a tint of it. ``pattern`` is the hatching of a borough
    without a number, empty where it has one; without colour and pattern it is only outlined.
    """

    colour: str | None = None
    solid: bool = True
    pattern: str = ""


@dataclass(frozen=True)
class KeyEntry:
    """A line of a map's key: what a fill means and how many boroughs have it."""

    fill: Fill
    label: str
    count: int


@dataclass(frozen=True)
class MapChart(Chart):
    """A map with its key, the lowest class first and what has no number last.

    ``striped`` tells that hollow areas are striped, not rimmed. ``lines`` says what the thick
    lines over the areas are, where there are any.
    """

    key: tuple[KeyEntry, ...]
    striped: bool = False
    lines: str = ""


@dataclass(frozen=True)
class Words:
    """The words of a map: the finding, what is shown, and the text alternative."""

    title: str
    subtitle: str
    alt: str


@dataclass(frozen=True)
class Look:
    """How each borough looks: its fill and its number, by code; and the key of them all."""

    fills: dict[str, Fill]
    numbers: dict[str, str]
    key: tuple[KeyEntry, ...]


def classify(across: AcrossBoroughs, method: Method, count: int) -> Classes:
    """The classes of what is shown: gaps alike on both sides of "the same", figures in a row.

    Numbers are parted as they are printed on a map, so that a key never contradicts a square.
    """
    values = list(across.boroughs["value"])
    show = short_number(across)
    if across.shown is Shown.FIGURE:
        values = [value if is_blank(value) else three_figured(value) for value in values]
        return classes(values, method=method, count=count, show=number)
    return classes_of_gaps(
        values,
        method=method,
        count=count,
        show=show,
        is_ratio=across.shown is Shown.RATIO,
        places=_places(across),
        clear=list(across.boroughs["verdict"].isin(CLEAR)),
    )


def look(across: AcrossBoroughs, found: Classes, colours: Palette) -> Look:
    """How each borough looks, by its class, its limits and what it lacks.

    A fill is solid where the limits set the borough apart from what it is held to (the other
    group, or London); else it is hollow. Where boroughs are held to nothing, or none has limits,
    all are solid.

    Parameters
    ----------
    across
        What is shown of each borough.
    found
        :func:`classify` of it.
    colours
        The theme's colours.
    """
    shades = class_colours(found, colours)
    short = short_number(across)
    fills: dict[str, Fill] = {}
    numbers: dict[str, str] = {}
    limited = bool(across.boroughs["lower"].notna().any())
    for row, place in zip(across.boroughs.to_dict("records"), found.members, strict=True):
        code = row["borough_code"]
        if place == NO_CLASS:
            fills[code] = Fill(pattern=PATTERNS.get(row["standing"], ""))
            continue
        judged = limited and isinstance(row["verdict"], str)
        fills[code] = Fill(shades[place], solid=not judged or row["verdict"] in CLEAR)
        numbers[code] = short(float(row["value"]))
    return Look(fills, numbers, _key(across, found, shades, fills, colours.mark))


def class_colours(found: Classes, colours: Palette) -> list[str]:
    """A colour for each class, spread evenly over the theme's scale."""
    count = len(found.labels)
    if found.middle is not None:
        below = _spread(colours.diverging[:3], found.middle, from_end=True)
        above = _spread(colours.diverging[4:], found.middle, from_end=False)
        return [*below, colours.diverging[3], *above]
    steps = colours.sequential
    if count == 1:
        return [steps[3]]
    return [steps[round(place * (len(steps) - 1) / (count - 1))] for place in range(count)]


def _spread(steps: tuple[str, ...], count: int, *, from_end: bool) -> list[str]:
    """As many of three steps as there are classes on a side; one class takes the step between."""
    picked = {0: (), 1: (1,), 2: (0, 2), 3: (0, 1, 2)}[count]
    if from_end:
        picked = tuple(sorted(2 - place for place in picked))
    return [steps[place] for place in picked]


def short_number(across: AcrossBoroughs) -> Callable[[float], str]:
    """How a number is written on a square and in a key."""
    if across.shown is Shown.RATIO:
        return ratio_number
    percent = "%" if across.unit == "%" else ""
    places = _places(across)

    def figure(value: float) -> str:
        return f"{number(three_figured(value))}{percent}"

    def difference(value: float) -> str:
        text = number(round(value, places) + 0.0)
        return f"+{text}" if value > 0 and text != "0" else text

    return figure if across.shown is Shown.FIGURE else difference


def three_figured(value: float) -> float:
    """A number with at most three figures after it stops being whole: a square holds no more."""
    if value == 0:
        return 0.0
    return round(value, max(0, 2 - math.floor(math.log10(abs(value)))))


def _places(across: AcrossBoroughs) -> int:
    """Decimals of a gap: two for ratios and small differences, one for larger ones."""
    largest = across.boroughs["value"].abs().max()
    return 1 if across.shown is Shown.DIFFERENCE and largest >= SMALL_DIFFERENCE else 2


def _key(
    across: AcrossBoroughs, found: Classes, shades: list[str], fills: dict[str, Fill], mark: str
) -> tuple[KeyEntry, ...]:
    """Each class with its count, hollow or not alike, then the reasons for having no number."""
    unit = "%" if across.shown is Shown.FIGURE and across.unit == "%" else ""
    entries = []
    for place, (shade, label) in enumerate(zip(shades, found.labels, strict=True)):
        entries.append(KeyEntry(Fill(shade), f"{label}{unit}", found.counts[place]))
    hollow = sum(fill.colour is not None and not fill.solid for fill in fills.values())
    if hollow:
        than = "from London" if across.shown is Shown.FIGURE else "between the groups"
        unlimited = (across.boroughs["verdict"] == Verdict.NO_INTERVAL).any()
        words = f"of these, no clear difference {than}{', or no limits' if unlimited else ''}"
        entries.append(KeyEntry(Fill(mark, solid=False), words, hollow))
    standings = across.boroughs["standing"]
    for standing in Standing:
        count = int((standings == standing).sum())
        if count and standing is not Standing.MEASURED:
            entries.append(
                KeyEntry(Fill(pattern=PATTERNS.get(standing, "")), standing.label, count)
            )
    return tuple(entries)


def words_of(
    across: AcrossBoroughs, found: Classes, *, title: str, what: str, caution: str
) -> Words:
    """The words of a map.

    Parameters
    ----------
    across, found
        What is shown of each borough, and its classes.
    title
        The finding, without a full stop.
    what
        What is shown: measure, people, period, unit, as the subtitle.
    caution
        How far it can be relied on.
    """
    parts = [f"{title}."]
    for place, label in enumerate(found.labels):
        names = [
            f"{row['name']} {row['told']}"
            for row, member in zip(across.boroughs.to_dict("records"), found.members, strict=True)
            if member == place
        ]
        if names:
            parts.append(f"{label}: {', '.join(names)}.")
    without = across.boroughs[across.boroughs["standing"] != Standing.MEASURED]
    for standing, rows in without.groupby("standing"):
        told = Standing(str(standing)).label
        parts.append(f"{told[:1].upper()}{told[1:]}: {', '.join(rows['name'])}.")
    if caution:
        parts.append(caution)
    return Words(title, what, " ".join(parts))
