"""How fast the statistics are: rows per second, and against a plain Python loop of the same run.

Run with `make bench` or `python -m tests.bench.bench_statistics`. The loop goes
through a sample of the same rows with the standard library's mathematics; like the functions it
is set against, it checks its figures and gives a frame. Nothing here is a test.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from timeit import default_timer

import numpy as np
import pandas as pd
from scipy.stats import chi2

from evidence.statistics.comparison import compare_limits
from evidence.statistics.counts import MULTIPLIERS, compare_counts
from evidence.statistics.limits import BYAR_FROM, proportion_limits, rate_limits
from evidence.statistics.summary import summary_measures_of_sets

ROWS = 1_000_000
SETS = 100_000
GROUPS = 8
SAMPLE = 20_000
REPEATS = 3
Z = NormalDist().inv_cdf(0.975)


def proportion_of_one(events: int, people: int) -> tuple[float, float, float]:
    """Wilson limits of one row."""
    share = events / people
    spread = Z * math.sqrt(Z**2 + 4 * events * (1 - share))
    low = (2 * events + Z**2 - spread) / (2 * (people + Z**2))
    high = (2 * events + Z**2 + spread) / (2 * (people + Z**2))
    return 100 * share, 100 * low, 100 * high


def rate_of_one(events: int, people: int) -> tuple[float, float, float]:
    """Exact or Byar's limits of one row."""
    if events < BYAR_FROM:
        low = float(chi2.ppf(0.025, 2 * events)) / 2 if events else 0.0
        high = float(chi2.ppf(0.975, 2 * events + 2)) / 2
    else:
        low = events * (1 - 1 / (9 * events) - Z / (3 * math.sqrt(events))) ** 3
        more = events + 1
        high = more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3
    factor = 100_000 / people
    return events * factor, low * factor, high * factor


def comparison_of_one(
    a: float, a_low: float, a_high: float, b: float, b_low: float, b_high: float
) -> tuple[float, float, float, float, float, float]:
    """Ratio and difference of one pair by MOVER."""
    product = a * b
    low_a, high_a = a_low * (2 * a - a_low), a_high * (2 * a - a_high)
    low_b, high_b = b_low * (2 * b - b_low), b_high * (2 * b - b_high)
    low = low_a / (product + math.sqrt(max(product**2 - low_a * high_b, 0)))
    high = (product + math.sqrt(max(product**2 - high_a * low_b, 0))) / low_b
    difference = a - b
    below, above = math.hypot(a - a_low, b_high - b), math.hypot(a_high - a, b - b_low)
    return a / b, low, high, difference, difference - below, difference + above


def counts_of_one(one: int, n_one: int, other: int, n_other: int) -> tuple[float, ...]:
    """Ratio and difference of one pair of rates by normal limits, simpler than score limits."""
    a, b = one + 0.5, other + 0.5
    ratio, spread = a / n_one / (b / n_other), math.exp(Z * math.sqrt(1 / a + 1 / b))
    difference = one / n_one - other / n_other
    half = Z * math.sqrt(one / n_one**2 + other / n_other**2)
    return ratio, ratio / spread, ratio * spread, difference, difference - half, difference + half


def measures_of_one(y: list[float], people: list[float], s: list[float]) -> list[float]:
    """The measures of one set, and the standard errors of those that have a formula."""
    total = sum(people)
    p = [n / total for n in people]
    mu = sum(share * value for share, value in zip(p, y, strict=True))
    groups = list(zip(p, y, s, strict=True))
    best, worst = y.index(max(y)), y.index(min(y))
    bgv = sum(w * (v - mu) ** 2 for w, v, _ in groups)
    theil = sum(w * v / mu * math.log(v / mu) for w, v, _ in groups)
    variance = 4 * sum((w * e * (v - mu)) ** 2 for w, v, e in groups) + 2 * (
        sum((w * e) ** 2 for w, _, e in groups) ** 2
        - sum((w * e) ** 4 for w, _, e in groups)
        + sum((w * (1 - w) * e * e) ** 2 for w, _, e in groups)
    )
    risk = [(float(i == best) - w) * e for i, (w, _, e) in enumerate(groups)]
    fraction = [
        (float(i == best) - y[best] / mu * w) * e / mu for i, (w, _, e) in enumerate(groups)
    ]
    return [
        y[best] - y[worst], math.hypot(s[best], s[worst]),
        y[best] / y[worst], math.hypot(s[best] / y[best], s[worst] / y[worst]),
        bgv, math.sqrt(variance), math.sqrt(bgv), 100 * math.sqrt(bgv) / mu,
        1000 * theil,
        1000 * math.sqrt(sum((w / mu * (math.log(v / mu) - theil) * e) ** 2 for w, v, e in groups)),
        -1000 * sum(w * math.log(v / mu) for w, v, _ in groups),
        1000 * math.sqrt(sum((w * (1 / mu - 1 / v) * e) ** 2 for w, v, e in groups)),
        sum(abs(v - mu) for v in y) / len(y), sum(w * abs(v - mu) for w, v, _ in groups),
        sum(abs(v - y[best]) for v in y) / len(y), sum(w * (y[best] - v) for w, v, _ in groups),
        sum(abs(v - y[0]) for v in y) / len(y), sum(w * abs(v - y[0]) for w, v, _ in groups),
        100 * sum(abs(v - mu) for v in y) / len(y) / mu,
        100 * sum(w * abs(v - mu) for w, v, _ in groups) / mu,
        100 * (y[best] - mu) / mu, 100 * math.sqrt(sum(f * f for f in fraction)),
        y[best] - mu, math.sqrt(sum(r * r for r in risk)),
    ]  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    """Shortest time of a few runs."""
    times = []
    for _ in range(REPEATS):
        start = default_timer()
        work()
        times.append(default_timer() - start)
    return min(times)


def report(
    name: str, rows: int, whole: Callable[[], object], loop: Callable[[], object], sample: int
) -> None:
    """Print the speed of the arrays, of the loop over a sample, and their ratio."""
    fast, slow = rows / seconds(whole), sample / seconds(loop)
    print(f"{name:<34}{rows:>10,}{fast:>15,.0f}{slow:>15,.0f}{fast / slow:>9,.0f}x")


def each(
    function: Callable[..., tuple[float, ...] | list[float]], frame: pd.DataFrame
) -> Callable[[], object]:
    """Return work that goes through a frame row by row and makes a frame of the results."""

    def work() -> pd.DataFrame:
        found = []
        for row in frame.itertuples(index=False):
            if any(figure < 0 for figure in row):
                raise ValueError("a figure is below zero")
            found.append(function(*row))
        return pd.DataFrame(found)

    return work


def each_set(y: list[list[float]], people: list[list[float]], s: list[list[float]]) -> object:
    """Go through sets one by one and make a frame of the results."""
    return pd.DataFrame([measures_of_one(*one) for one in zip(y, people, s, strict=True)])


def main() -> None:
    """Time each kind of statistic and print a line of it."""
    random = np.random.default_rng(20261122)
    people = random.integers(100, 50_000, ROWS)
    # From one in ten thousand to one in two, so that a good part of the counts is below 10.
    events = random.binomial(people, 10 ** random.uniform(-4, -0.3, ROWS))
    counts = pd.DataFrame({"events": events, "people": people})[:SAMPLE]
    print(f"{'':<34}{'rows':>10}{'rows a second':>15}{'in a loop':>15}{'ratio':>10}")
    report("limits of proportions (Wilson)", ROWS,
           lambda: proportion_limits(events, people), each(proportion_of_one, counts),
           SAMPLE)  # fmt: skip
    report("limits of rates (exact, Byar)", ROWS,
           lambda: rate_limits(events, people), each(rate_of_one, counts), SAMPLE)  # fmt: skip

    limits = proportion_limits(events + 1, people + 2)
    sides = [side[name].to_numpy() for side in (limits, limits[::-1])
             for name in ("value", "lower", "upper")]  # fmt: skip
    pairs = pd.DataFrame(np.column_stack(sides)[:SAMPLE])
    report("comparisons of pairs (MOVER)", ROWS,
           lambda: compare_limits(*sides), each(comparison_of_one, pairs), SAMPLE)  # fmt: skip

    four = [events, people, events[::-1], people[::-1]]
    of_four = pd.DataFrame(np.column_stack(four)[:SAMPLE])
    for kind in MULTIPLIERS:
        # The loop does less: it takes normal limits, which need no search.
        report(f"comparisons of {kind}s (score)", ROWS,
               lambda kind=kind: compare_counts(*four, kind=kind),  # type: ignore[misc]
               each(counts_of_one, of_four), SAMPLE)  # fmt: skip

    shape = (SETS, GROUPS)
    y, n = random.uniform(5, 60, shape), random.integers(100, 50_000, shape)
    error = y * random.uniform(0.02, 0.15, shape)
    frame = pd.DataFrame(
        {
            "set": np.repeat(np.arange(SETS), GROUPS),
            "estimate": y.ravel(),
            "population": n.ravel(),
            "standard_error": error.ravel(),
            "is_reference": np.tile(np.arange(GROUPS) == 0, SETS),
        }
    )
    some = SAMPLE // GROUPS
    sets = [y[:some].tolist(), n[:some].tolist(), error[:some].tolist()]

    def measures() -> pd.DataFrame:
        return summary_measures_of_sets(
            frame,
            by="set",
            favourable=True,
            population="population",
            standard_error="standard_error",
            reference="is_reference",
        )

    report(f"summary measures ({GROUPS} groups a set)", SETS, measures,
           lambda: each_set(*sets), some)  # fmt: skip


if __name__ == "__main__":
    main()
