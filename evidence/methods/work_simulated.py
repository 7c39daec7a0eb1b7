"""Simulated limits of one small set, reckoned anew beside the fast version for many sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import chi2

from evidence.statistics.summary import SIMULATIONS
from evidence.statistics.summary_simulated import SCATTERS, SEED

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Simulated:
    """What a simulation gives: percentiles of its two kinds of draws, and the scatters behind."""

    plain: tuple[float, float]
    shrunken: float
    scatter: tuple[float, ...]

    @property
    def ends(self) -> tuple[float, float]:
        """The lower and the upper limit."""
        return min(self.plain[0], self.shrunken), self.plain[1]


def simulated(y: Sequence[float], p: Sequence[float], s: Sequence[float], code: str) -> Simulated:
    """The simulation of one measure of one set of percentages.

    Parameters
    ----------
    y, p, s
        Percentages, shares of the people and standard errors, the lowest percentage first and
        the best and reference group last.
    code
        The measure, such as "mdmw".
    """
    share = np.asarray(p, dtype=np.float64)
    plain, shrunken, scatter = _drawn(tuple(y), tuple(s))
    low, high = np.quantile(_measured(plain, share, code), [0.025, 0.975])
    pulled = np.quantile(_measured(shrunken, share, code), 0.025)
    return Simulated((float(low), float(high)), float(pulled), scatter)


@lru_cache(maxsize=4)
def _drawn(y: tuple[float, ...], s: tuple[float, ...]) -> tuple[Floats, Floats, tuple[float, ...]]:
    """Draws about the estimates, draws pulled to their common level, and the scatters behind."""
    estimate, error = np.array(y), np.array(s)
    noise = np.random.default_rng([SEED, 0]).standard_normal((len(estimate), SIMULATIONS))
    of_level = np.random.default_rng([SEED, 1]).standard_normal(SIMULATIONS)
    scatter = _scatters(estimate, error)
    plain = [estimate + error * noise[:, draw] for draw in range(SIMULATIONS)]
    shrunken = []
    for draw in range(SIMULATIONS):
        between = scatter[draw % SCATTERS]
        weight = 1 / (error**2 + between)
        level = (weight * estimate).sum() / weight.sum()
        level += of_level[draw] / np.sqrt(weight.sum())
        kept = between / (between + error**2)
        centre = kept * estimate + (1 - kept) * level
        shrunken.append(centre + np.sqrt(kept) * error * noise[:, draw])
    return np.array(plain), np.array(shrunken), tuple(scatter)


def _measured(draws: Floats, share: Floats, code: str) -> Floats:
    """The measure of each draw, its percentages kept between 0 and 100."""
    values = np.clip(draws, 0, 100)
    average = values @ share
    kind = "m" if code.startswith("idis") else code[2]
    point = {"m": average, "b": values.max(axis=1), "r": values[:, -1]}[kind]
    gaps = np.abs(values - point[:, None])
    found = gaps @ share if code.endswith("w") else gaps.mean(axis=1)
    return np.asarray(100 * found / average if code.startswith("idis") else found)


def _scatters(estimate: Floats, error: Floats) -> list[float]:
    """The variances between groups at which Cochran's Q takes each of its likely values."""

    def excess(between: float, wanted: float) -> float:
        weight = 1 / (error**2 + between)
        level = (weight * estimate).sum() / weight.sum()
        return float((weight * (estimate - level) ** 2).sum() - wanted)

    found = []
    for place in range(SCATTERS):
        wanted = float(chi2.ppf((place + 0.5) / SCATTERS, len(estimate) - 1))
        most = float(((estimate - estimate.mean()) ** 2).sum()) / wanted
        if excess(0, wanted) <= 0:
            found.append(0.0)
        else:
            found.append(float(brentq(excess, 0, most, args=(wanted,), xtol=1e-12)))
    return found
