"""Examples of the seventeen summary measures, all on one real set of three groups."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evidence.inequality_groups import NORMAL_95
from evidence.methods.model import Reader, Z, to
from evidence.methods.work_simulated import simulated
from evidence.numbers import limits, number, ours

Worked = tuple[list[str], dict[str, float]]

GROUPS = ("cvd-032", "cvd-033", "cvd-031")
"""Statins started when due: Black African and Black Caribbean, South Asian, White people, from
the lowest to the highest percentage. More is better, and White people are the reference group."""

LOWEST, HIGHEST = 0, 2
REFERENCE = 2
BEST = 2


@dataclass(frozen=True)
class Set:
    """The set's percentages, shares, standard errors and average."""

    y: tuple[float, ...]
    p: tuple[float, ...]
    s: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The average, weighted by people."""
        return math.fsum(p * y for p, y in zip(self.p, self.y, strict=True))

    @property
    def spread(self) -> float:
        """The between-group variance."""
        return math.fsum(p * (y - self.mean) ** 2 for p, y in zip(self.p, self.y, strict=True))

    def sum(self, term: Callable[[float, float, float], float]) -> float:
        """A sum over the groups, of their percentage, share and standard error."""
        return math.fsum(term(y, p, s) for y, p, s in zip(self.y, self.p, self.s, strict=True))


def _opened(read: Reader) -> tuple[Set, list[str]]:
    limited = [read.limits(figure) for figure in GROUPS]
    counts = [read.counts(figure) for figure in GROUPS]
    everyone = sum(people for _, people in counts)
    one = Set(
        tuple(value for value, _, _ in limited),
        tuple(people / everyone for _, people in counts),
        tuple((high - low) / (2 * NORMAL_95) for _, low, high in limited),
    )
    told = "; ".join(
        f"{number(events)} of {number(people)} = {to(y, 4)}% ({to(low, 4)} to {to(high, 4)})"
        for (events, people), (y, low, high) in zip(counts, limited, strict=True)
    )
    steps = [
        f"The groups, as listed below, with their 95% limits: {told}.",
        f"Shares of all {number(everyone)} people: {_list(one.p, 5)}. Average: "
        f"μ = {to(one.mean, 4)}%.",
        f"Standard errors, the width of the limits ÷ {to(2 * NORMAL_95, 2)}: {_list(one.s, 4)} "
        "percentage points.",
    ]
    return one, steps


def _ended(
    steps: list[str], estimate: float, low: float, high: float, unit: str, words: str = ""
) -> Worked:
    told = limits(low, high, style="ours", unit=unit)
    said = f"{ours(estimate, unit)}{words} (95% limits {told})"
    steps.append(f"Rounded: {said}.")
    return steps, {"estimate": estimate, "lower": low, "upper": high}


def _normal(
    steps: list[str],
    estimate: float,
    variance: float,
    unit: str,
    words: str = "",
    *,
    least: float = -math.inf,
) -> Worked:
    error = math.sqrt(variance)
    low, high = max(estimate - Z * error, least), estimate + Z * error
    steps.append(
        f"Standard error {to(error, 5)}: {to(estimate, 4)} ± {to(Z, 2)} × {to(error, 5)} = "
        f"{to(low, 4)} to {to(high, 4)}."
    )
    return _ended(steps, estimate, low, high, unit, words)


def d(read: Reader) -> Worked:
    """Difference."""
    one, steps = _opened(read)
    found = one.y[HIGHEST] - one.y[LOWEST]
    steps.append(
        f"The highest less the lowest: {to(one.y[HIGHEST], 4)} − "
        f"{to(one.y[LOWEST], 4)} = {to(found, 4)}."
    )
    return _normal(
        steps, found, one.s[HIGHEST] ** 2 + one.s[LOWEST] ** 2, "%", " percentage points"
    )


def r(read: Reader) -> Worked:
    """Ratio."""
    one, steps = _opened(read)
    found = one.y[HIGHEST] / one.y[LOWEST]
    error = math.hypot(one.s[HIGHEST] / one.y[HIGHEST], one.s[LOWEST] / one.y[LOWEST])
    low, high = found / math.exp(Z * error), found * math.exp(Z * error)
    steps += [
        f"The highest divided by the lowest: {to(one.y[HIGHEST], 4)} ÷ "
        f"{to(one.y[LOWEST], 4)} = {to(found, 4)}.",
        f"Standard error of its logarithm: √({to(one.s[HIGHEST] / one.y[HIGHEST], 5)}² + "
        f"{to(one.s[LOWEST] / one.y[LOWEST], 5)}²) = {to(error, 5)}.",
        f"{to(found, 4)} ÷ and × e^({to(Z, 2)} × {to(error, 5)}): {to(low, 4)} to {to(high, 4)}.",
        f"Rounded: {found:.2f} times (95% limits {limits(low, high, style='ratio')}).",
    ]
    return steps, {"estimate": found, "lower": low, "upper": high}


def bgv(read: Reader) -> Worked:
    """Between-group variance."""
    one, steps = _opened(read)
    steps.append(_spread_told(one))
    return _normal(steps, one.spread, _variance_of_spread(one), "", least=0)


def bgsd(read: Reader) -> Worked:
    """Between-group standard deviation."""
    one, steps = _opened(read)
    error = math.sqrt(_variance_of_spread(one))
    low, high = max(one.spread - Z * error, 0), one.spread + Z * error
    steps += [
        _spread_told(one),
        f"Its limits: {to(one.spread, 4)} ± {to(Z, 2)} × {to(error, 5)} = {to(low, 4)} to "
        f"{to(high, 4)}.",
        f"Square roots: √{to(one.spread, 4)} = {to(math.sqrt(one.spread), 4)}, with limits "
        f"{to(math.sqrt(low), 4)} to {to(math.sqrt(high), 4)}.",
    ]
    ends = math.sqrt(one.spread), math.sqrt(low), math.sqrt(high)
    return _ended(steps, *ends, "%", " percentage points")


def cov(read: Reader) -> Worked:
    """Coefficient of variation."""
    one, steps = _opened(read)
    mean, spread = one.mean, one.spread
    own = one.sum(lambda y, p, s: (2 * p * (y - mean) * s) ** 2)
    both = one.sum(lambda y, p, s: ((2 * p * (y - mean) - 2 * spread / mean * p) * s) ** 2)
    square = spread * (100 / mean) ** 2
    error = math.sqrt(_variance_of_spread(one) + both - own) * (100 / mean) ** 2
    low, high = max(square - Z * error, 0), square + Z * error
    steps += [
        _spread_told(one),
        f"Its square: {to(spread, 4)} × (100 ÷ {to(mean, 4)})² = {to(square, 4)}, with limits "
        f"{to(square, 4)} ± {to(Z, 2)} × {to(error, 5)} = {to(low, 4)} to {to(high, 4)}.",
        f"Square roots: {to(math.sqrt(square), 4)}, with limits {to(math.sqrt(low), 4)} to "
        f"{to(math.sqrt(high), 4)}.",
    ]
    return _ended(steps, math.sqrt(square), math.sqrt(low), math.sqrt(high), "%", "%")


def ti(read: Reader) -> Worked:
    """Theil index."""
    one, steps = _opened(read)
    mean = one.mean
    inside = one.sum(lambda y, p, s: p * y / mean * math.log(y / mean))
    parts = [p * y / mean * math.log(y / mean) * 1000 for y, p in zip(one.y, one.p, strict=True)]
    steps.append(f"1,000 × p × (y/μ) × ln(y/μ) of each: {_list(parts, 4)}. Sum: "
                 f"{to(1000 * inside, 4)}.")  # fmt: skip
    variance = one.sum(lambda y, p, s: (p / mean * (math.log(y / mean) - inside) * s) ** 2)
    return _normal(steps, 1000 * inside, 1000**2 * variance, "", least=0)


def mld(read: Reader) -> Worked:
    """Mean log deviation."""
    one, steps = _opened(read)
    mean = one.mean
    parts = [-1000 * p * math.log(y / mean) for y, p in zip(one.y, one.p, strict=True)]
    steps.append(f"−1,000 × p × ln(y/μ) of each: {_list(parts, 4)}. Sum: "
                 f"{to(math.fsum(parts), 4)}.")  # fmt: skip
    variance = one.sum(lambda y, p, s: (p / mean * (1 - mean / y) * s) ** 2)
    return _normal(steps, math.fsum(parts), 1000**2 * variance, "", least=0)


def par(read: Reader) -> Worked:
    """Population attributable risk."""
    one, steps = _opened(read)
    found = one.y[BEST] - one.mean
    steps.append(
        f"The best group less the average: {to(one.y[BEST], 4)} − {to(one.mean, 4)} = "
        f"{to(found, 4)}."
    )
    slopes = [(place == BEST) - p for place, p in enumerate(one.p)]
    variance = math.fsum((a * s) ** 2 for a, s in zip(slopes, one.s, strict=True))
    return _normal(steps, found, variance, "%", " percentage points", least=0)


def paf(read: Reader) -> Worked:
    """Population attributable fraction."""
    one, steps = _opened(read)
    best, mean = one.y[BEST], one.mean
    found = 100 * (best - mean) / mean
    steps.append(
        f"100 × ({to(best, 4)} − {to(mean, 4)}) ÷ {to(mean, 4)} = {to(found, 4)} per cent."
    )
    slopes = [(place == BEST) - best / mean * p for place, p in enumerate(one.p)]
    variance = math.fsum((a * s) ** 2 for a, s in zip(slopes, one.s, strict=True))
    return _normal(steps, found, variance * (100 / mean) ** 2, "%", "%", least=0)


def mdmu(read: Reader) -> Worked:
    """Mean difference from the average, each group counted once."""
    return _mean_difference(read, "mdmu")


def mdmw(read: Reader) -> Worked:
    """Mean difference from the average, by people."""
    return _mean_difference(read, "mdmw")


def mdbu(read: Reader) -> Worked:
    """Mean difference from the best group, each group counted once."""
    return _mean_difference(read, "mdbu")


def mdbw(read: Reader) -> Worked:
    """Mean difference from the best group, by people."""
    return _mean_difference(read, "mdbw")


def mdru(read: Reader) -> Worked:
    """Mean difference from the reference group, each group counted once."""
    return _mean_difference(read, "mdru")


def mdrw(read: Reader) -> Worked:
    """Mean difference from the reference group, by people."""
    return _mean_difference(read, "mdrw")


def idisu(read: Reader) -> Worked:
    """Index of disparity, each group counted once."""
    return _mean_difference(read, "idisu")


def idisw(read: Reader) -> Worked:
    """Index of disparity, by people."""
    return _mean_difference(read, "idisw")


def _mean_difference(read: Reader, code: str) -> Worked:
    one, steps = _opened(read)
    index = code.startswith("idis")
    kind = "m" if index else code[2]
    point = {"m": one.mean, "b": one.y[BEST], "r": one.y[REFERENCE]}[kind]
    name = {"m": "the average", "b": "the best group", "r": "the reference group"}[kind]
    gaps = [abs(y - point) for y in one.y]
    by_people = code.endswith("w")
    weights = one.p if by_people else [1 / len(gaps)] * len(gaps)
    found = math.fsum(w * gap for w, gap in zip(weights, gaps, strict=True))
    how = f"weighted by {_list(one.p, 5)}" if by_people else f"divided by {len(gaps)} groups"
    steps.append(
        f"Distances from {name} ({to(point, 4)}): {_list(gaps, 4)}; {how}: {to(found, 4)}."
    )
    if index:
        steps.append(f"100 × {to(found, 4)} ÷ {to(one.mean, 4)} = {to(100 * found / one.mean, 4)}.")
        found = 100 * found / one.mean
    low, high = simulated(one.y, one.p, one.s, code).ends
    steps.append(
        f"Limits by simulation, 10,000 draws: {to(low, 5)} to {to(high, 5)} (see “Simulated "
        "limits”)."
    )
    return _ended(steps, found, low, high, "%", "%" if index else " percentage points")


def simulation(read: Reader) -> Worked:
    """Limits that are drawn, for the mean difference from the average by people."""
    one, steps = _opened(read)
    found = simulated(one.y, one.p, one.s, "mdmw")
    low, high = found.ends
    steps += [
        f"Scatter between the groups, at the 1st, 50th and 100th of its 100 values: "
        f"{_list([found.scatter[0], found.scatter[49], found.scatter[99]], 3)} (as a variance).",
        "Mean difference from the average, weighted by people, in each of 10,000 draws about the "
        f"estimates: the 2.5th and 97.5th of 100 are {to(found.plain[0], 5)} and "
        f"{to(found.plain[1], 5)}.",
        "In each of 10,000 draws that are pulled towards the common level: the 2.5th of 100 is "
        f"{to(found.shrunken, 5)}.",
        f"Lower limit: the lower of {to(found.plain[0], 5)} and {to(found.shrunken, 5)}. Upper "
        f"limit: {to(found.plain[1], 5)}.",
        f"Rounded: {limits(low, high, style='ours', unit='%')} percentage points.",
    ]
    return steps, {"lower": low, "upper": high}


def _variance_of_spread(one: Set) -> float:
    mean = one.mean
    first = 4 * one.sum(lambda y, p, s: (p * s * (y - mean)) ** 2)
    squares = one.sum(lambda y, p, s: (p * s) ** 2) ** 2 - one.sum(lambda y, p, s: (p * s) ** 4)
    return first + 2 * (squares + one.sum(lambda y, p, s: (p * (1 - p) * s**2) ** 2))


def _spread_told(one: Set) -> str:
    squares = [(y - one.mean) ** 2 for y in one.y]
    return (
        f"Squared distances from the average: {_list(squares, 4)}; weighted by the shares: "
        f"{to(one.spread, 4)}."
    )


def _list(values: Sequence[float], places: int) -> str:
    *first, last = [to(value, places) for value in values]
    return f"{', '.join(first)} and {last}"
