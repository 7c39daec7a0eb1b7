"""Examples of two groups compared, each reckoned by its formula written out."""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy.optimize import brentq

from evidence.burden import whole
from evidence.methods.model import Reader, Z, to
from evidence.methods.work_figures import wilson_ends
from evidence.numbers import limits, number, ours
from evidence.numbers import ratio as shown_ratio
from evidence.statistics.verdicts import TOO_WIDE

Worked = tuple[list[str], dict[str, float]]

PERCENTAGES = ("cvd-055", "cvd-052")
RATES = ("births-2022-stillbirth-black-african", "births-2022-stillbirth-white-british")
WITH_LIMITS = (
    "mha-2023-24-detention-standardised-england-black",
    "mha-2023-24-detention-standardised-england-white",
)
PUBLISHED_RATIO = "dia-044"
PUBLISHED_DIFFERENCE = "mat-010"
VERDICTS = ("cvd-002", "res-010", "dia-044", "men-093")
PER_BIRTHS = 1000


def ratio(read: Reader) -> Worked:
    """How many times as high."""
    (a, n), (b, m) = (read.counts(figure) for figure in PERCENTAGES)
    found = (a / n) / (b / m)
    steps = [
        f"The group: {number(a)} ÷ {number(n)} = {to(100 * a / n, 4)}%. The reference group: "
        f"{number(b)} ÷ {number(m)} = {to(100 * b / m, 4)}%.",
        f"{to(100 * a / n, 4)} ÷ {to(100 * b / m, 4)} = {to(found, 4)}.",
        f"The page prints {shown_ratio(found)} times.",
    ]
    return steps, {"ratio": found}


def difference(read: Reader) -> Worked:
    """How much more or less."""
    (a, n), (b, m) = (read.counts(figure) for figure in PERCENTAGES)
    found = 100 * (a / n - b / m)
    steps = [
        f"The group: {to(100 * a / n, 4)}%. The reference group: {to(100 * b / m, 4)}%.",
        f"{to(100 * a / n, 4)} − {to(100 * b / m, 4)} = {to(found, 4)}.",
        f"The page prints +{ours(found, '%')} percentage points.",
    ]
    return steps, {"difference": found}


def score_proportions(read: Reader) -> Worked:
    """Miettinen and Nurminen's limits for two percentages."""
    (a, n), (b, m) = case = tuple(read.counts(figure) for figure in PERCENTAGES)
    spread = (n + m) / (n + m - 1)

    def by_ratio(guess: float) -> float:
        other = _likeliest_by_ratio(case, guess)
        one = guess * other
        variance = one * (1 - one) / n + guess**2 * other * (1 - other) / m
        return (a / n - guess * b / m) / math.sqrt(variance * spread)

    def by_difference(guess: float) -> float:
        other = _likeliest_by_difference(case, guess)
        one = other + guess
        variance = one * (1 - one) / n + other * (1 - other) / m
        return (a / n - b / m - guess) / math.sqrt(variance * spread)

    times, more = (a / n) / (b / m), a / n - b / m
    r = _ends(by_ratio, times, 0.01 * times, 100 * times)
    d = _ends(by_difference, more, -0.999, 0.999)
    at_low, at_high = _likeliest_by_ratio(case, r[0]), _likeliest_by_ratio(case, r[1])
    found = {
        "ratio": times,
        "ratio_lower": r[0],
        "ratio_upper": r[1],
        "difference": 100 * more,
        "difference_lower": 100 * d[0],
        "difference_upper": 100 * d[1],
    }
    steps = [
        f"{number(a)} of {number(n)} against {number(b)} of {number(m)}: ratio {to(times, 4)}, "
        f"difference {to(100 * more, 4)} points. N ÷ (N − 1) = {to(spread, 7)}.",
        f"Were the ratio {to(r[0], 4)}, the likeliest percentages would be "
        f"{to(100 * r[0] * at_low, 3)} and {to(100 * at_low, 3)}, and the counts would lie "
        f"{to(by_ratio(r[0]), 2)} standard errors from them: this is the lower limit.",
        f"Were it {to(r[1], 4)}, they would be {to(100 * r[1] * at_high, 3)} and "
        f"{to(100 * at_high, 3)}, and the counts would lie {to(by_ratio(r[1]), 2)} standard "
        "errors away: this is the upper limit.",
        f"The same search for the difference ends at {to(100 * d[0], 4)} and {to(100 * d[1], 4)}.",
        *_printed(found, "%", "percentage points"),
    ]
    return steps, found


def score_rates(read: Reader) -> Worked:
    """Score limits for two rates: Graham's for the ratio, a search for the difference."""
    (a, n), (b, m) = (read.counts(figure) for figure in RATES)
    low, high, _ = wilson_ends(a, a + b)
    times, more = (a / n) / (b / m), a / n - b / m

    d = rate_difference_ends((a, n), (b, m))
    found = {
        "ratio": times,
        "ratio_lower": low / (1 - low) * m / n,
        "ratio_upper": high / (1 - high) * m / n,
        "difference": PER_BIRTHS * more,
        "difference_lower": PER_BIRTHS * d[0],
        "difference_upper": PER_BIRTHS * d[1],
    }
    steps = [
        f"{number(a)} events in {number(n)} births against {number(b)} in {number(m)}: ratio "
        f"{to(times, 4)}, difference {to(PER_BIRTHS * more, 4)} per 1,000.",
        f"The group had {number(a)} of all {number(a + b)} events: a share of "
        f"{to(a / (a + b), 4)}, with Wilson's limits {to(low, 5)} and {to(high, 5)}.",
        f"Lower: {to(low, 5)} ÷ {to(1 - low, 5)} × {number(m)} ÷ {number(n)} = "
        f"{to(found['ratio_lower'], 4)}. Upper: {to(high, 5)} ÷ {to(1 - high, 5)} × {number(m)} ÷ "
        f"{number(n)} = {to(found['ratio_upper'], 4)}.",
        f"The difference lies {to(Z, 2)} standard errors away at "
        f"{to(found['difference_lower'], 4)} and {to(found['difference_upper'], 4)}.",
        *_printed(found, "per 1,000", "per 1,000"),
    ]
    return steps, found


def rate_difference_ends(
    one: tuple[float, float], other: tuple[float, float]
) -> tuple[float, float]:
    """Score limits of the difference of two rates, each of events and people, by a search."""
    (a, n), (b, m) = one, other
    more = a / n - b / m

    def score(guess: float) -> float:
        # The likeliest rate of the reference group solves a quadratic equation.
        whole_people = n + m
        middle = whole_people * guess - a - b
        likeliest = -middle + math.sqrt(middle**2 + 4 * whole_people * b * guess)
        likeliest /= 2 * whole_people
        return (more - guess) / math.sqrt((likeliest + guess) / n + likeliest / m)

    return _ends(score, more, -0.9 * b / m, 10 * (a / n + b / m))


def mover(read: Reader) -> Worked:
    """Limits of a ratio and a difference from each group's own limits."""
    one, other = (read.limits(figure) for figure in WITH_LIMITS)
    found = mover_ends(one, other)
    (a, a_low, a_high), (b, b_low, b_high) = one, other
    steps = [
        f"The group: {number(a)} ({number(a_low)} to {number(a_high)}). The reference group: "
        f"{number(b)} ({number(b_low)} to {number(b_high)}).",
        f"Difference: {number(a)} − {number(b)} = {to(a - b, 2)}. Lower: {to(a - b, 2)} − "
        f"√({to(a - a_low, 2)}² + {to(b_high - b, 2)}²) = {to(found['difference_lower'], 4)}. "
        f"Upper: {to(a - b, 2)} + √({to(a_high - a, 2)}² + {to(b - b_low, 2)}²) = "
        f"{to(found['difference_upper'], 4)}.",
        f"Ratio: {number(a)} ÷ {number(b)} = {to(a / b, 4)}, ab = {to(a * b, 2)}.",
        f"Lower: the group's lower limit gives {to(a_low * (2 * a - a_low), 2)}, the reference's "
        f"upper one {to(b_high * (2 * b - b_high), 2)}; the formula gives "
        f"{to(found['ratio_lower'], 4)}.",
        f"Upper: the other two limits give {to(a_high * (2 * a - a_high), 2)} and "
        f"{to(b_low * (2 * b - b_low), 2)}; the formula gives {to(found['ratio_upper'], 4)}.",
        *_printed(found, "per 100,000", "per 100,000"),
    ]
    return steps, found


def mover_ends(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> dict[str, float]:
    """Ratio and difference of two values with their limits, by Donner and Zou's formulas."""
    (a, a_low, a_high), (b, b_low, b_high) = one, other
    under, over = b_high * (2 * b - b_high), b_low * (2 * b - b_low)
    below = math.sqrt((a * b) ** 2 - a_low * (2 * a - a_low) * under)
    above = math.sqrt((a * b) ** 2 - a_high * (2 * a - a_high) * over)
    return {
        "ratio": a / b,
        "ratio_lower": (a * b - below) / under,
        "ratio_upper": (a * b + above) / over,
        "difference": a - b,
        "difference_lower": a - b - math.hypot(a - a_low, b_high - b),
        "difference_upper": a - b + math.hypot(a_high - a, b - b_low),
    }


def published_ratio(read: Reader) -> Worked:
    """Show a ratio as its source has it."""
    value, low, high = (read(PUBLISHED_RATIO, name) for name in ("value", "lower", "upper"))
    steps = [
        f"The source prints {number(value)} with 95% limits {number(low)} to {number(high)}.",
        "Nothing is worked out again: the page prints "
        f"{number(value)} times ({limits(low, high)}).",
    ]
    return steps, {"ratio": value, "ratio_lower": low, "ratio_upper": high}


def published_difference(read: Reader) -> Worked:
    """Show a difference as its source has it."""
    value, low, high = (read(PUBLISHED_DIFFERENCE, name) for name in ("value", "lower", "upper"))
    steps = [
        f"The source prints {number(value)} per 1,000 births higher, with 95% limits "
        f"{number(low)} to {number(high)}.",
        f"Nothing is worked out again: the page prints {number(value)} ({limits(low, high)}).",
    ]
    return steps, {"difference": value, "difference_lower": low, "difference_upper": high}


def excess(read: Reader) -> Worked:
    """How many fewer events there would have been at the reference group's rate."""
    (events, births), (others, other_births) = (read.counts(figure) for figure in RATES)
    ends = rate_difference_ends((events, births), (others, other_births))
    more = events / births - others / other_births
    found = {
        "events": min(births * more, events),
        "lower": min(births * ends[0], events),
        "upper": min(births * ends[1], events),
    }
    gap = [to(PER_BIRTHS * one, 4) for one in (more, *ends)]
    steps = [
        f"The group: {number(events)} events in {number(births)} births, "
        f"{to(PER_BIRTHS * events / births, 4)} per 1,000. The reference group: {number(others)} "
        f"in {number(other_births)}, {to(PER_BIRTHS * others / other_births, 4)} per 1,000.",
        f"Difference: {gap[0]} ({gap[1]} to {gap[2]}) per 1,000, by score limits, as both groups "
        "have exact counts.",
        f"× {number(births)} ÷ 1,000 births: {to(births * more, 2)} ({to(births * ends[0], 2)} to "
        f"{to(births * ends[1], 2)}).",
        f"All lie under the {number(events)} that were counted, so nothing is cut.",
        f"The page prints about {whole(found['events'])} fewer (95% limits "
        f"{whole(found['lower'])} to {whole(found['upper'])} fewer).",
    ]
    return steps, found


def verdict(read: Reader) -> Worked:
    """Tell what four published ratios bear."""
    steps, found = [], {}
    for figure in VERDICTS:
        low, high = read(figure, "limit_lower"), read(figure, "limit_upper")
        told = f"{number(read(figure, 'value'))} times ({limits(low, high)}): "
        if low > 1 or high < 1:
            steps.append(told + ("above 1, so “higher”." if low > 1 else "below 1, so “lower”."))
        else:
            wide = high / low > TOO_WIDE
            size = f"{to(high, 4)} ÷ {to(low, 4)} = {to(high / low, 2)}, "
            words = "more than 4, so “too uncertain to say”." if wide else (
                "not more than 4, so “no clear difference”.")  # fmt: skip
            steps.append(f"{told}1 lies between the limits, and {size}{words}")
        found[figure] = high / low
    return steps, found


def _ends(
    score: Callable[[float], float], estimate: float, least: float, most: float
) -> tuple[float, float]:
    """Where a score that falls with its argument equals z, and where it equals minus z."""
    low = brentq(lambda guess: score(guess) - Z, least, estimate, xtol=1e-14, rtol=1e-13)
    high = brentq(lambda guess: score(guess) + Z, estimate, most, xtol=1e-14, rtol=1e-13)
    return float(low), float(high)


def _likeliest_by_ratio(case: tuple[tuple[float, float], ...], guess: float) -> float:
    """The reference group's likeliest share where the group's is ``guess`` times as large."""
    (a, n), (b, m) = case
    square, line = (n + m) * guess, (a + m) + guess * (b + n)
    return (line - math.sqrt(line**2 - 4 * square * (a + b))) / (2 * square)


def _likeliest_by_difference(case: tuple[tuple[float, float], ...], guess: float) -> float:
    """The reference group's likeliest share where the group's is larger by ``guess``."""
    (a, n), (b, m) = case

    def slope(share: float) -> float:
        one = share + guess
        return a / one - (n - a) / (1 - one) + b / share - (m - b) / (1 - share)

    least, most = max(0.0, -guess), min(1.0, 1 - guess)
    nearly = 1e-12
    return float(brentq(slope, least + nearly, most - nearly, xtol=1e-15, rtol=1e-14))


def _printed(found: dict[str, float], unit: str, words: str) -> list[str]:
    """What the page prints of a ratio and a difference."""
    times = limits(found["ratio_lower"], found["ratio_upper"], style="ratio")
    more = limits(found["difference_lower"], found["difference_upper"], style="ours", unit=unit)
    return [
        f"The page prints {shown_ratio(found['ratio'])} times ({times}) and "
        f"+{ours(found['difference'], unit)} {words} ({more})."
    ]
