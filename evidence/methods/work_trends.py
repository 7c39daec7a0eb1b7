"""Examples of change over time, and of hiding small counts, by their formulas written out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations

from scipy.stats import norm
from scipy.stats import t as student

from evidence.methods.model import Reader, Z, to
from evidence.methods.work_comparisons import mover_ends
from evidence.numbers import limits, number, ours

Worked = tuple[list[str], dict[str, float]]

YEARS = range(2007, 2023)
GROUP, REFERENCE = "black-african", "white-british"
SCHOOL_YEARS = ("2017-18", "2018-19", "2021-22", "2022-23", "2023-24", "2024-25")
COUNT = "tt-2019-20-lambeth-recovery-asian"


def trend(read: Reader) -> Worked:
    """A weighted line through the logarithms of a rate."""
    points = [read.limits(f"births-{year}-stillbirth-{GROUP}") for year in YEARS]
    steps = [
        f"Stillbirths per 1,000 births in {YEARS[0]}: {to(points[0][0], 4)} "
        f"({to(points[0][1], 4)} to {to(points[0][2], 4)}); in {YEARS[-1]}: {to(points[-1][0], 4)} "
        f"({to(points[-1][1], 4)} to {to(points[-1][2], 4)})."
    ]
    found, line = _line(points)
    steps += line
    if found["p_value"] >= 0.05:
        word = "neither rising nor falling"
    else:
        word = "rising" if found["slope"] > 0 else "falling"
    change = _change(found)
    told = limits(change["change_lower"], change["change_upper"], style="ours", unit="%")
    steps.append(
        f"100 × (e^b − 1): {ours(change['change'], '%')}% a year (95% limits {told}): {word}."
    )
    return steps, change | {"p_value": found["p_value"]}


def gap_trend(read: Reader) -> Worked:
    """A weighted line through the logarithms of a ratio."""
    points = []
    for year in YEARS:
        one = read.limits(f"births-{year}-stillbirth-{GROUP}")
        other = read.limits(f"births-{year}-stillbirth-{REFERENCE}")
        gap = mover_ends(one, other)
        points.append((gap["ratio"], gap["ratio_lower"], gap["ratio_upper"]))
    steps = [
        f"Ratio to the reference group, by the MOVER method, in {YEARS[0]}: {to(points[0][0], 4)} "
        f"({to(points[0][1], 4)} to {to(points[0][2], 4)}); in {YEARS[-1]}: {to(points[-1][0], 4)} "
        f"({to(points[-1][1], 4)} to {to(points[-1][2], 4)})."
    ]
    found, line = _line(points)
    change = _change(found)
    told = limits(change["change_lower"], change["change_upper"], style="ours", unit="%")
    if found["p_value"] >= 0.05 or found["start"] * found["end"] < 0:
        word = "neither closing nor widening"
    else:
        word = "widening" if found["start"] * found["slope"] > 0 else "closing"
    steps += line
    steps.append(
        f"100 × (e^b − 1): {ours(change['change'], '%')}% a year (95% limits {told}). The relative "
        f"gap is {word}."
    )
    return steps, change | {"p_value": found["p_value"]}


def mann_kendall(read: Reader) -> Worked:
    """Pairs of years in order and out of order."""
    values = [read(f"attainment-8-{year}-london-black", "value") for year in SCHOOL_YEARS]
    score = _score(values)
    orders = [_score(order) for order in permutations(values)]
    extreme = sum(abs(each) >= abs(score) for each in orders)
    later = sum(b > a for a, b in _pairs(values))
    chance = extreme / len(orders)
    word = ("rising" if score > 0 else "falling") if chance < 0.05 else "neither rising nor falling"
    steps = [
        f"Average points in {', '.join(SCHOOL_YEARS)}: {', '.join(number(v) for v in values)}.",
        f"Of {len(_pairs(values))} pairs of years the later is higher in {later} and lower in "
        f"{len(_pairs(values)) - later}: S = {later} − {len(_pairs(values)) - later} = "
        f"{number(score)}.",
        f"Of the {len(orders):,} orders in which {len(values)} figures can come, {extreme} have an "
        f"S at least as far from 0: p = {extreme} ÷ {len(orders):,} = {to(chance, 4)}.",
        f"p is {'below' if chance < 0.05 else 'not below'} 0.05: {word}.",
    ]
    return steps, {"p_value": chance, "score": score}


def suppression(read: Reader) -> Worked:
    """What a published count that is rounded to 5 can have been."""
    count, step = read(COUNT, "numerator"), read(COUNT, "count_rounding")
    least, most = count - step // 2, count + (step - 1) // 2
    steps = [
        f"The source prints {number(count)} people, rounded to {number(step)}.",
        f"{number(step)} × ⌊{number(least)} ÷ {number(step)} + 0.5⌋ = {number(count)}, and the "
        f"same of {number(most)}: the true count lies from {number(least)} to {number(most)}.",
        f"{number(least - 1)} would be printed as {number(count - step)}, {number(most + 1)} as "
        f"{number(count + step)}.",
        f"A count under {number(step)} would not be printed at all.",
    ]
    return steps, {"least": least, "most": most}


def _line(points: Sequence[tuple[float, float, float]]) -> tuple[dict[str, float], list[str]]:
    """The weighted line through the logarithms of values with limits, and how it was got."""
    height = [math.log(value) for value, _, _ in points]
    error = [(math.log(high) - math.log(low)) / (2 * Z) for _, low, high in points]
    weight = [1 / one**2 for one in error]
    total = math.fsum(weight)
    middle = math.fsum(w * x for w, x in zip(weight, YEARS, strict=True)) / total
    mean = math.fsum(w * y for w, y in zip(weight, height, strict=True)) / total
    squares = math.fsum(w * (x - middle) ** 2 for w, x in zip(weight, YEARS, strict=True))
    products = math.fsum(
        w * (x - middle) * (y - mean) for w, x, y in zip(weight, YEARS, height, strict=True)
    )
    slope = products / squares
    freedom = len(points) - 2
    misfit = math.fsum(
        w * (y - mean - slope * (x - middle)) ** 2
        for w, x, y in zip(weight, YEARS, height, strict=True)
    )
    explained = misfit <= freedom
    own = math.sqrt((1 if explained else misfit / freedom) / squares)
    quantile = Z if explained else float(student.ppf(0.975, freedom))
    distance = abs(slope) / own
    found = {
        "slope": slope,
        "low": slope - quantile * own,
        "high": slope + quantile * own,
        "p_value": 2 * float(norm.sf(distance) if explained else student.sf(distance, freedom)),
        "start": mean + slope * (YEARS[0] - middle),
        "end": mean + slope * (YEARS[-1] - middle),
    }
    chance = found["p_value"]
    steps = [
        f"Logarithms {to(height[0], 4)} and {to(height[-1], 4)}, standard errors "
        f"{to(error[0], 4)} and {to(error[-1], 4)}, weights {to(weight[0], 1)} and "
        f"{to(weight[-1], 1)}; and so for all {len(points)} years.",
        f"Weighted mean year {middle:.3f}, weighted mean logarithm {to(mean, 4)}. Slope: "
        f"{to(products, 3)} ÷ {to(squares, 1)} = {to(slope, 5)}.",
        f"Misfit: {to(misfit, 3)} ÷ {freedom} = {to(misfit / freedom, 4)}, "
        f"{'not above' if explained else 'above'} 1. Standard error of the slope: {to(own, 5)}. "
        + (
            f"z: {to(quantile, 3)}."
            if explained
            else f"t with {freedom} degrees of freedom: {to(quantile, 3)}."
        ),
        f"Limits of the slope: {to(found['low'], 5)} to {to(found['high'], 5)}; p "
        f"{'below 0.0001' if chance < 0.0001 else f'= {to(chance, 4)}'}.",
    ]
    return found, steps


def _change(found: dict[str, float]) -> dict[str, float]:
    names = {"change": "slope", "change_lower": "low", "change_upper": "high"}
    return {name: 100 * math.expm1(found[key]) for name, key in names.items()}


def _pairs(values: Sequence[float]) -> list[tuple[float, float]]:
    return [(a, b) for place, a in enumerate(values) for b in values[place + 1 :]]


def _score(values: Sequence[float]) -> float:
    return float(sum((b > a) - (b < a) for a, b in _pairs(values)))
