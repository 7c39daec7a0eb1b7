"""Mean differences and indices of disparity, with limits by simulation with a fixed seed.

These measures add up absolute differences, which have no slope at zero, so no formula gives their
limits. Drawing each group's estimate again about itself is not enough: it adds the noise of the
estimates a second time, which makes groups that hardly differ look further apart than they are
(of eight groups that are all alike, no such interval ever reaches down to zero). The upper limit
is a percentile of these plain draws. The lower limit is the lower of theirs and that of draws
from a hierarchical model, in which the groups themselves scatter normally about a common level
and each estimate is drawn towards it by as much as its own noise explains (Louis, JASA
1984;79:393-398). The scatter is drawn too, from what Cochran's Q says of it (Viechtbauer,
Statistics in Medicine 2007;26:37-52). Where groups lie well apart the two kinds of draws agree.

As each limit is the outer one of two, the limits are cautious: wider than their level asks. Of
600 simulated sets of eight groups with standard errors of 1, limits of 95% held the true measure
in 98% where all groups were alike, 98% to 99.8% (by measure) where neighbouring groups lay 0.4
standard errors apart, 98% to 99% at 1.3, and 96% to 98% at 3.4.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2

from evidence.statistics.summary_sets import Floats, Sets, Truths, Whole

SEED = 20261122
SCATTERS = 100
"""Values of the scatter between groups, each as probable, that the shrunken draws run through."""
NUMBERS_AT_ONCE = 4_000_000
"""Draws held in memory at a time."""
HALVINGS = 30
"""Bisections for a scatter, each of which halves its error."""

DEVIATIONS = ("mdmu", "mdmw", "mdbu", "mdbw", "mdru", "mdrw", "idisu", "idisw")


def deviations(
    y: Floats, share: Floats, present: Truths, favourable: Truths, reference: Whole
) -> dict[str, Floats]:
    """Give the mean differences and indices of disparity of estimates sets by draws by groups.

    `share` and `present` have the shape sets by groups; the result has sets by draws. The index
    is NaN where the average is zero, and what needs a reference means nothing without one.
    """
    weight, here = share[:, None, :], present[:, None, :]
    groups = np.maximum(present.sum(axis=1), 1)[:, None]
    high = np.max(y, axis=2, initial=-np.inf, where=here)
    low = np.min(y, axis=2, initial=np.inf, where=here)
    # Rounding must not push the average of equal estimates off them.
    average = np.clip((weight * np.where(here, y, 0.0)).sum(axis=2), low, high)
    row = np.arange(len(y))
    from_point = {
        "mdm": average,
        "mdb": np.where(favourable[:, None], high, low),
        "mdr": y[row, :, np.maximum(reference, 0)],
    }
    found = {}
    for name, point in from_point.items():
        gap = np.where(here, np.abs(y - point[..., None]), 0.0)
        found[f"{name}u"] = gap.sum(axis=2) / groups
        found[f"{name}w"] = (weight * gap).sum(axis=2)
    divisor = np.where(average > 0, average, np.nan)
    found["idisu"] = 100 * found["mdmu"] / divisor
    found["idisw"] = 100 * found["mdmw"] / divisor
    return found


def simulated_limits(
    sets: Sets, *, scale: float | None, confidence: float, simulations: int, seed: int
) -> dict[str, tuple[Floats, Floats]]:
    """Lower and upper limit of each measure of `DEVIATIONS`, one value a set.

    Draws stay between zero and `scale`, or have no upper bound where an estimate of the set is
    above it. Limits are NaN for sets in which a standard error is missing. Every set meets the
    same random numbers, so its limits do not depend on what else is simulated with it; its
    groups are those of :meth:`Sets.with_groups_ordered`.
    """
    limits = {name: np.full((2, len(sets.groups)), np.nan) for name in DEVIATIONS}
    ready = sets.known_error & (sets.groups > 1)
    if ready.any():
        ordered = sets.part(ready)
        step = max(1, NUMBERS_AT_ONCE // (simulations * ordered.estimate.shape[1]))
        noise = _Noise(ordered.estimate.shape[1], simulations, seed)
        places = np.flatnonzero(ready)
        for start in range(0, len(places), step):
            chunk = slice(start, start + step)
            for name, found in _limits(ordered.part(chunk), noise, scale, confidence).items():
                limits[name][:, places[chunk]] = found
    return {name: (found[0], found[1]) for name, found in limits.items()}


class _Noise:
    """Standard normal numbers: a row of draws for every group, and one for the common level."""

    def __init__(self, groups: int, simulations: int, seed: int) -> None:
        # Group by group, so that a group's numbers don't depend on how many follow it.
        self.of_groups = np.random.default_rng([seed, 0]).standard_normal((groups, simulations)).T
        self.of_level = np.random.default_rng([seed, 1]).standard_normal(simulations)
        self.turn = np.arange(simulations) % SCATTERS


def _limits(sets: Sets, noise: _Noise, scale: float | None, confidence: float) -> dict[str, Floats]:
    tail = (1 - confidence) / 2
    y = np.where(sets.present, sets.estimate, 0.0)
    error = np.where(sets.present, sets.standard_error, 0.0)
    top = np.full(len(y), np.inf) if scale is None else np.full(len(y), float(scale))
    top = np.where((y > top[:, None]).any(axis=1), np.inf, top)[:, None, None]
    plain = y[:, None, :] + error[:, None, :] * noise.of_groups
    shrunken = _shrunken_draws(sets, y, error, noise)
    high = _percentile(sets, np.clip(plain, 0, top), [tail, 1 - tail])
    low = _percentile(sets, np.clip(shrunken, 0, top), [tail])
    return {n: np.stack([np.minimum(low[n][0], high[n][0]), high[n][1]]) for n in DEVIATIONS}


def _percentile(sets: Sets, draws: Floats, points: list[float]) -> dict[str, Floats]:
    found = deviations(draws, sets.share, sets.present, sets.favourable, sets.reference)
    # A draw in which every estimate is zero shows no differences.
    return {n: np.quantile(np.nan_to_num(v), points, axis=1) for n, v in found.items()}


def _shrunken_draws(sets: Sets, y: Floats, error: Floats, noise: _Noise) -> Floats:
    """Draw the groups' true values from the hierarchical model, sets by draws by groups."""
    widest = y.max(axis=1, keepdims=True)
    # A standard error of zero counts as next to nothing, so that its weight stays a number.
    variance = np.maximum(error, 1e-9 * np.where(widest > 0, widest, 1.0)) ** 2
    scatter = _scatter(y, variance, sets.present)[:, noise.turn]
    weight, level = _level(y, variance, sets.present, scatter)
    level = level + noise.of_level / np.sqrt(weight)
    total = scatter[..., None] + variance[:, None, :]
    own = scatter[..., None] / total
    spread = np.sqrt(own * variance[:, None, :])
    centre = own * y[:, None, :] + (1 - own) * level[..., None]
    return np.asarray(centre + spread * noise.of_groups)


def _level(y: Floats, variance: Floats, present: Truths, scatter: Floats) -> tuple[Floats, Floats]:
    """Summed weight and weighted mean of each set under each scatter, sets by scatters."""
    weight = np.where(present[:, None, :], 1 / (variance[:, None, :] + scatter[..., None]), 0.0)
    total = weight.sum(axis=2)
    return total, np.asarray((weight * y[:, None, :]).sum(axis=2) / total)


def _scatter(y: Floats, variance: Floats, present: Truths) -> Floats:
    """Variance between groups at which Cochran's Q takes each of its equally likely values.

    Q falls as the scatter grows, so bisection finds it; zero where Q is too small already.
    """
    freedom = present.sum(axis=1)[:, None] - 1
    wanted = chi2.ppf((np.arange(SCATTERS) + 0.5) / SCATTERS, freedom)
    mean = np.where(present, y, 0.0).sum(axis=1) / (freedom[:, 0] + 1)
    squares = np.where(present, (y - mean[:, None]) ** 2, 0.0).sum(axis=1)
    low, high = np.zeros_like(wanted), squares[:, None] / wanted
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        _, level = _level(y, variance, present, middle)
        gap = (y[:, None, :] - level[..., None]) ** 2
        shrunk = gap / (variance[:, None, :] + middle[..., None])
        too_small = np.where(present[:, None, :], shrunk, 0.0).sum(axis=2) > wanted
        low, high = np.where(too_small, middle, low), np.where(too_small, high, middle)
    return np.asarray(low)
