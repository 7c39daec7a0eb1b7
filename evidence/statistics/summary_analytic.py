"""Summary measures of many sets of groups, with limits by formula where there is one.

Symbols: y the estimates, p the shares of the population, s the standard errors, mu = sum(p y) the
average. Shares are taken as known and estimates as independent, so that a measure f has the
variance sum((df/dy s)^2), the first-order Taylor (delta) variance of Ahn, Harper, Yu, Feuer, Liu
and Luta (JCO Clinical Cancer Informatics 2018;2:1-19). For the
between-group variance, a quadratic form, the variance is exact for normal estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from evidence.statistics.summary_sets import Floats, Sets, Truths, Whole

PER_THOUSAND = 1000
"""Theil index and mean log deviation are given times 1,000, and so are their limits."""

PER_CENT = 100
"""Coefficient of variation, index of disparity and attributable fraction are percentages."""


@dataclass(frozen=True)
class Measure:
    """A measure of each set: its estimate, its limits, and where they cannot be."""

    estimate: Floats
    lower: Floats
    upper: Floats
    undefined: Truths
    """Sets whose estimates do not allow the measure: a zero stands where it divides."""
    without_limits: Truths
    """Sets whose estimates do not allow limits: a zero stands where a logarithm is taken."""


@dataclass(frozen=True)
class Calculator:
    """Every measure that has limits by formula, for all sets at once.

    `z` is the normal quantile of the confidence level. Absent groups count as zero with the
    share zero. Results mean nothing where a set lacks what the measure needs; the caller
    blanks them.
    """

    sets: Sets
    z: float

    @cached_property
    def y(self) -> Floats:
        """Estimates, zero for absent groups."""
        return np.where(self.sets.present, self.sets.estimate, 0.0)

    @cached_property
    def p(self) -> Floats:
        """Shares of the population."""
        return self.sets.share

    @cached_property
    def s2(self) -> Floats:
        """Squared standard errors, zero for absent groups, NaN where not known."""
        return np.where(self.sets.present, self.sets.standard_error, 0.0) ** 2

    @cached_property
    def mean(self) -> Floats:
        """Average of each set, kept between its extremes against rounding."""
        return np.asarray(np.clip((self.p * self.y).sum(axis=1), self.least, self.most))

    @cached_property
    def least(self) -> Floats:
        """Lowest estimate of each set."""
        return np.asarray(np.min(self.y, axis=1, initial=np.inf, where=self.sets.present))

    @cached_property
    def most(self) -> Floats:
        """Highest estimate of each set."""
        return np.asarray(np.max(self.y, axis=1, initial=-np.inf, where=self.sets.present))

    @cached_property
    def relative(self) -> Floats:
        """Estimates as parts of the average; 1 for absent groups."""
        average = np.where(self.mean > 0, self.mean, 1.0)[:, None]
        return np.where(self.sets.present, self.y / average, 1.0)

    @cached_property
    def log_relative(self) -> Floats:
        """Logarithms of the relative estimates, 0 where the estimate is zero."""
        return np.log(np.where(self.relative > 0, self.relative, 1.0))

    @cached_property
    def zero_somewhere(self) -> Truths:
        """Sets in which a group has the estimate zero."""
        return np.asarray((self.sets.present & (self.sets.estimate == 0)).any(axis=1))

    @cached_property
    def compared(self) -> tuple[Whole, Whole]:
        """Places of the two groups that difference and ratio compare, first the minuend.

        Without a reference the highest and the lowest. With one: for a favourable figure the
        reference and the lowest of the others, for an adverse one the highest of the others and
        the reference, so that a gap to the reference's advantage is above zero.
        """
        named = self.sets.has_reference
        place = np.where(named, self.sets.reference, 0)
        others = self.sets.present.copy()
        others[named, place[named]] = False
        highest = np.argmax(np.where(others, self.y, -np.inf), axis=1)
        lowest = np.argmin(np.where(others, self.y, np.inf), axis=1)
        first = np.where(named & self.sets.favourable, place, highest)
        second = np.where(named & ~self.sets.favourable, place, lowest)
        return first, second

    @cached_property
    def best(self) -> Whole:
        """Place of the best group: highest if favourable, else lowest."""
        signed = np.where(self.sets.favourable[:, None], self.y, -self.y)
        return np.asarray(np.argmax(np.where(self.sets.present, signed, -np.inf), axis=1))

    def difference(self) -> Measure:
        """Difference, with the normal limits of two independent estimates."""
        a, b, a2, b2 = self._pair()
        return self._normal(a - b, a2 + b2)

    def ratio(self) -> Measure:
        """Ratio, with limits that are normal on the scale of logarithms."""
        a, b, a2, b2 = self._pair()
        undefined, zero = b == 0, (a == 0) | (b == 0)
        a_safe, b_safe = np.where(zero, 1.0, a), np.where(zero, 1.0, b)
        error = np.sqrt(a2 / a_safe**2 + b2 / b_safe**2)
        estimate = np.where(undefined, np.nan, a / np.where(undefined, 1.0, b))
        factor = np.exp(self.z * error)
        return Measure(estimate, estimate / factor, estimate * factor, undefined, zero)

    def between_group_variance(self) -> Measure:
        """Between-group variance, sum(p (y - mu)^2)."""
        estimate, variance = self._spread()
        return self._normal(estimate, variance, low=0)

    def between_group_standard_deviation(self) -> Measure:
        """Square root of the between-group variance and of its limits."""
        return _root(self.between_group_variance())

    def coefficient_of_variation(self) -> Measure:
        """Between-group standard deviation as a percentage of the average.

        The limits are square roots of those of its square, which keep near zero what the
        variance of the root itself would lose.
        """
        spread, variance = self._spread()
        average = np.where(self.mean > 0, self.mean, 1.0)
        # Beside the variance of the spread: that of the average, and of the two together.
        slope = -2 * (spread / average)[:, None] * self.p
        own = 2 * self.p * self._deviation()
        variance = variance + (((own + slope) ** 2 - own**2) * self.s2).sum(axis=1)
        scale = (PER_CENT / average) ** 2
        return _root(
            self._normal(spread * scale, np.maximum(variance, 0) * scale**2, self.mean == 0, low=0)
        )

    def theil_index(self) -> Measure:
        """Theil index, 1000 sum(p r log r) with r = y / mu."""
        inside = (self.p * self.relative * self.log_relative).sum(axis=1)
        slope = self._p_per_mean() * (self.log_relative - inside[:, None])
        return self._entropy(inside, slope, self.mean == 0)

    def mean_log_deviation(self) -> Measure:
        """Mean log deviation, -1000 sum(p log r) with r = y / mu."""
        inside = -(self.p * self.log_relative).sum(axis=1)
        positive = np.where(self.relative > 0, self.relative, 1.0)
        slope = self._p_per_mean() * (1 - 1 / positive)
        return self._entropy(inside, slope, self.zero_somewhere)

    def attributable_risk(self) -> Measure:
        """Population attributable risk: the best group's estimate less the average."""
        best, at_best = self._best()
        low, high = self._improvement()
        variance = ((at_best - self.p) ** 2 * self.s2).sum(axis=1)
        return self._normal(best - self.mean, variance, low=low, high=high)

    def attributable_fraction(self) -> Measure:
        """Population attributable fraction: the risk as a percentage of the average."""
        best, at_best = self._best()
        low, high = self._improvement()
        average = np.where(self.mean > 0, self.mean, 1.0)
        slope = at_best - (best / average)[:, None] * self.p
        variance = (slope**2 * self.s2).sum(axis=1) * (PER_CENT / average) ** 2
        fraction = PER_CENT * (best - self.mean) / average
        low = np.maximum(low, -PER_CENT)
        return self._normal(fraction, variance, self.mean == 0, low=low, high=high)

    def _pair(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Estimates and squared standard errors of the two groups compared."""
        a, b = self.compared
        row = np.arange(len(a))
        return self.y[row, a], self.y[row, b], self.s2[row, a], self.s2[row, b]

    def _best(self) -> tuple[Floats, Floats]:
        """Return the best group's estimate, and 1 at its place."""
        row = np.arange(len(self.best))
        at_best = np.zeros_like(self.y)
        at_best[row, self.best] = 1.0
        return self.y[row, self.best], at_best

    def _improvement(self) -> tuple[Floats, Floats]:
        """Bounds of what matching the best group can change: up if favourable, else down."""
        up = self.sets.favourable
        return np.where(up, 0.0, -np.inf), np.where(up, np.inf, 0.0)

    def _deviation(self) -> Floats:
        return np.where(self.sets.present, self.y - self.mean[:, None], 0.0)

    def _p_per_mean(self) -> Floats:
        return self.p / np.where(self.mean > 0, self.mean, 1.0)[:, None]

    def _spread(self) -> tuple[Floats, Floats]:
        """Between-group variance, and the exact variance of that quadratic form."""
        p, s2, deviation = self.p, self.s2, self._deviation()
        first = 4 * (p**2 * s2 * deviation**2).sum(axis=1)
        squares = (p**2 * s2).sum(axis=1) ** 2 - (p**4 * s2**2).sum(axis=1)
        own = (p**2 * (1 - p) ** 2 * s2**2).sum(axis=1)
        return (p * deviation**2).sum(axis=1), first + 2 * (squares + own)

    def _entropy(self, inside: Floats, slope: Floats, undefined: Truths) -> Measure:
        estimate = PER_THOUSAND * np.maximum(inside, 0.0)
        variance = PER_THOUSAND**2 * (slope**2 * self.s2).sum(axis=1)
        return self._normal(estimate, variance, undefined, low=0, zero=self.zero_somewhere)

    def _normal(
        self,
        estimate: Floats,
        variance: Floats,
        undefined: Truths | None = None,
        *,
        zero: Truths | None = None,
        low: Floats | float = -np.inf,
        high: Floats | float = np.inf,
    ) -> Measure:
        """Limits z standard errors either way, kept within what the measure can be."""
        nowhere = np.zeros(len(estimate), dtype=bool)
        reach = self.z * np.sqrt(variance)
        return Measure(
            estimate,
            np.maximum(estimate - reach, low),
            np.minimum(estimate + reach, high),
            nowhere if undefined is None else undefined,
            nowhere if zero is None else zero,
        )


def _root(squared: Measure) -> Measure:
    return Measure(
        np.sqrt(squared.estimate),
        np.sqrt(squared.lower),
        np.sqrt(squared.upper),
        squared.undefined,
        squared.without_limits,
    )
