"""The table of summary measures: what each needs, and why one is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.statistics.checks import normal_quantile
from evidence.statistics.summary_analytic import Calculator, Measure
from evidence.statistics.summary_sets import Floats, Sets, Whole
from evidence.statistics.summary_simulated import DEVIATIONS, SEED, deviations, simulated_limits


@dataclass(frozen=True)
class Needs:
    """What a measure asks of its set beside two estimates."""

    population: bool = False
    reference: bool = False


MEASURES = {
    "d": Needs(),
    "r": Needs(),
    "bgv": Needs(population=True),
    "bgsd": Needs(population=True),
    "cov": Needs(population=True),
    "ti": Needs(population=True),
    "mld": Needs(population=True),
    "mdmu": Needs(population=True),
    "mdmw": Needs(population=True),
    "mdbu": Needs(),
    "mdbw": Needs(population=True),
    "mdru": Needs(reference=True),
    "mdrw": Needs(population=True, reference=True),
    "idisu": Needs(population=True),
    "idisw": Needs(population=True),
    "paf": Needs(population=True),
    "par": Needs(population=True),
}
"""The measures in the order of the results, and what each needs."""

REASONS = (
    "",
    "needs at least two groups",
    "needs population",
    "needs a reference group",
    "the reference group has no estimate",
    "not defined where an estimate is zero",
    "not defined where every estimate is zero",
    "too large to calculate",
    "limits need standard errors",
    "limits not defined where an estimate is zero",
    "limits not simulated",
)
"""Why a measure or its limits are missing."""

Codes = NDArray[np.int8]


@dataclass(frozen=True)
class Columns:
    """Columns of the result: every measure of the first set, then of the next."""

    estimate: Floats
    lower: Floats
    upper: Floats
    reason: Codes
    """Positions in `REASONS`."""
    groups: Whole
    left_out: Whole


def measure_sets(
    sets: Sets, scale: float | None, confidence: float, *, simulations: int
) -> Columns:
    """Every measure of every set; no limits by simulation where `simulations` is 0.

    Raises
    ------
    ValueError
        If the confidence level is not between 0 and 1 or the scale not above zero.
    """
    z = normal_quantile(confidence)
    if scale is not None and not scale > 0:
        raise ValueError("the scale must be above zero, such as 100 for percentages, or None")
    if len(sets.groups) == 0 or sets.estimate.shape[1] == 0:
        measures = dict.fromkeys(MEASURES, _nothing(len(sets.groups)))
    else:
        sets = sets.with_groups_ordered()
        # Figures near the largest that a computer holds overflow; `_reasons` says so.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            measures = _by_formula(sets, z) | _by_simulation(sets, scale, confidence, simulations)
    codes = {name: _reasons(name, measures[name], sets, bool(simulations)) for name in MEASURES}
    none, no_limits = REASONS.index(""), REASONS.index("limits need standard errors")
    blank = {name: (code != none) & (code < no_limits) for name, code in codes.items()}
    return Columns(
        estimate=_rows([np.where(blank[n], np.nan, measures[n].estimate) for n in MEASURES]),
        lower=_rows([np.where(codes[n] != none, np.nan, measures[n].lower) for n in MEASURES]),
        upper=_rows([np.where(codes[n] != none, np.nan, measures[n].upper) for n in MEASURES]),
        reason=np.stack([codes[n] for n in MEASURES], axis=1).ravel(),
        groups=np.repeat(sets.groups, len(MEASURES)),
        left_out=np.repeat(sets.left_out, len(MEASURES)),
    )


def _by_formula(sets: Sets, z: float) -> dict[str, Measure]:
    calculator = Calculator(sets, z)
    return {
        "d": calculator.difference(),
        "r": calculator.ratio(),
        "bgv": calculator.between_group_variance(),
        "bgsd": calculator.between_group_standard_deviation(),
        "cov": calculator.coefficient_of_variation(),
        "ti": calculator.theil_index(),
        "mld": calculator.mean_log_deviation(),
        "paf": calculator.attributable_fraction(),
        "par": calculator.attributable_risk(),
    }


def _by_simulation(
    sets: Sets, scale: float | None, confidence: float, simulations: int
) -> dict[str, Measure]:
    y = np.where(sets.present, sets.estimate, 0.0)[:, None, :]
    points = deviations(y, sets.share, sets.present, sets.favourable, sets.reference)
    nowhere = np.zeros(len(sets.groups), dtype=bool)
    unknown = np.full(len(sets.groups), np.nan)
    limits = dict.fromkeys(DEVIATIONS, (unknown, unknown))
    if simulations:
        limits = simulated_limits(
            sets, scale=scale, confidence=confidence, simulations=simulations, seed=SEED
        )
    all_zero = (y[:, 0, :] == 0).all(axis=1)
    return {
        name: Measure(
            points[name][:, 0], *limits[name],
            all_zero if name.startswith("idis") else nowhere, nowhere,
        )
        for name in DEVIATIONS
    }  # fmt: skip


def _reasons(name: str, measure: Measure, sets: Sets, simulated: bool) -> Codes:
    """Say for each set why the measure or its limits are missing, the first reason that holds."""
    needs = MEASURES[name]
    at_zero = "an" if name in {"r", "mld"} else "every"
    referred = sets.has_reference & (needs.reference | (name in {"d", "r"}))
    row = np.arange(len(sets.groups))
    width = sets.estimate.shape[1]
    there = sets.present[row, np.clip(sets.reference, 0, None)] if width else row < 0
    # A ratio may have no upper limit; of the others an infinite limit is one that overflowed.
    overflowed = np.isinf(measure.lower) | np.isinf(measure.upper) & (name != "r")
    holds = {
        "needs at least two groups": sets.groups < 2,
        "needs population": needs.population & ~sets.known_population,
        "needs a reference group": needs.reference & ~sets.has_reference,
        "the reference group has no estimate": referred & ~there,
        f"not defined where {at_zero} estimate is zero": measure.undefined,
        "too large to calculate": overflowed | ~np.isfinite(measure.estimate),
        "limits not simulated": np.full(len(row), name in DEVIATIONS and not simulated),
        "limits not defined where an estimate is zero": measure.without_limits,
        "limits need standard errors": np.isnan(measure.lower) | np.isnan(measure.upper),
    }
    codes = [REASONS.index(reason) for reason in holds]
    return np.select(list(holds.values()), codes, 0).astype(np.int8)


def _rows(measures: list[Floats]) -> Floats:
    return np.stack(measures, axis=1).ravel()


def _nothing(sets: int) -> Measure:
    unknown, nowhere = np.full(sets, np.nan), np.zeros(sets, dtype=bool)
    return Measure(unknown, unknown, unknown, nowhere, nowhere)
