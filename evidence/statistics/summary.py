"""How unequal a whole set of groups is: the World Health Organization's summary measures.

The measures are those for groups without order of Schlotheuber and Hosseinpoor (International
Journal of Environmental Research and Public Health 2022;19:3697, doi 10.3390/ijerph19063697) and
of the technical notes of the Health Equity Assessment Toolkit (World Health Organization).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evidence.statistics.summary_sets import (
    NO_REFERENCE,
    Truths,
    Whole,
    column,
    sets_of_rows,
)
from evidence.statistics.summary_table import MEASURES, REASONS, Columns, measure_sets

SIMULATIONS = 10_000
"""Draws behind each simulated limit."""


def summary_measures(
    estimate: ArrayLike,
    *,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    favourable: bool,
    reference: int | None = None,
    scale: float | None = 100,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Summary measures of inequality for one set of groups without order, with limits.

    d and r compare the highest with the lowest estimate or, given a reference group, that group
    with the worst of the others (above 0 or 1 where the reference is better off). bgv, bgsd, cov,
    ti and mld are the between-group variance, its root, the coefficient of variation, the Theil
    index and the mean log deviation; mdm, mdb and mdr the mean differences from the average, the
    best group and the reference, mdm and idis (index of disparity) weighted by population (w) or
    not (u); par and paf what would change if every group had the best group's figure. The average
    is weighted by population throughout.

    Limits need standard errors and take the groups as independent and the populations as known.
    d, bgv, ti, mld, par and paf have normal limits by the delta method, bgsd and cov the roots of
    such limits for their squares, r limits on the log scale; those for md* and idis* are simulated
    with a fixed seed (`summary_simulated` says how) and cautious: limits of 95% hold the true value
    in 96% to 99.8% of sets, least where groups lie well apart. Limits never go past zero for
    measures that cannot. Those of d, r, par and paf take the best and worst group as picked
    beforehand: where several groups lie within their errors of the extreme one, the truth is nearer
    no difference than they say.

    Those of par and paf differ from R's healthequal 1.0.1, which leaves the standard errors given
    aside: it takes the population for one simple random sample and counts in it, in a fourfold
    table, who belongs to the best group and who has the outcome. Beside a survey's standard
    errors that is far too narrow, and its limits of paf are a further 100 times too narrow (the
    fraction is given in per cent, its standard error is not). Ours follow the errors given.

    Parameters
    ----------
    estimate
        One figure a group, not negative; groups without one (NaN) are left out.
    population
        People in each group, above zero.
    standard_error
        Standard error of each estimate, in its unit.
    favourable
        True if more is better, False if less is.
    reference
        Position of the reference group in `estimate`, counting from 0.
    scale
        What the estimates are per, such as 100 for percentages: simulated estimates stay between
        zero and this, unless an estimate is above it. None sets no upper bound.
    confidence
        The confidence level, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        Indexed by measure in the order of `MEASURES`; columns estimate, lower, upper (NaN where
        there is none; d, bgsd, md* and par in the unit of the estimates, bgv in its square, ti
        and mld times 1,000, cov, idis* and paf in per cent), reason (one of `REASONS`, empty
        where nothing is missing), groups and left_out (how many were used and left out).

    Raises
    ------
    ValueError
        If a figure is negative or infinite, a population zero, a length or the reference does
        not fit, or favourable is not a truth value; the message names the row, from 0.
    """
    estimates = column(estimate, "estimate")
    rows = len(estimates)
    columns = (
        estimates,
        column(population, "population", rows),
        column(standard_error, "standard error", rows),
    )
    sets = sets_of_rows(
        np.zeros(rows, dtype=np.int64),
        np.arange(rows),
        columns,
        np.array([_truth(favourable)]),
        np.array([_place(reference, rows)]),
    )
    found = measure_sets(sets, scale, confidence, simulations=SIMULATIONS)
    index = pd.Index(list(MEASURES), name="measure")
    return pd.DataFrame(_columns(found, [REASONS[code] for code in found.reason]), index=index)


def summary_measures_of_sets(
    frame: pd.DataFrame,
    *,
    by: str | list[str],
    favourable: bool | str,
    estimate: str = "estimate",
    population: str | None = None,
    standard_error: str | None = None,
    reference: str | None = None,
    scale: float | None = 100,
    confidence: float = 0.95,
    simulate: bool = False,
    simulations: int = SIMULATIONS,
) -> pd.DataFrame:
    """Summary measures of many sets of groups at once; see `summary_measures`.

    Parameters
    ----------
    frame
        One row a group of a set.
    by
        The column or columns that tell the sets apart.
    favourable
        A truth value for every set, or the name of a column of truth values, the same for all
        groups of a set.
    estimate, population, standard_error
        Names of the columns of figures.
    reference
        Name of a column of truth values, true for the reference group of its set.
    scale, confidence
        As in `summary_measures`.
    simulate
        Whether the measures without a formula get limits, which takes long for many sets.
    simulations
        How many draws they are simulated from.

    Returns
    -------
    pandas.DataFrame
        One row a set and measure, sets in the order in which they first appear: the columns of
        `by`, measure, estimate, lower, upper, reason, groups and left_out.

    Raises
    ------
    ValueError
        As in `summary_measures`, and if a set has two reference groups or is favourable in one
        row and not in another; the message names the row by its position, from 0.
    """
    keys = [by] if isinstance(by, str) else list(by)
    grouped = frame.groupby(keys, sort=False, dropna=False, observed=True)
    place: Whole = np.asarray(grouped.ngroup(), dtype=np.int64)
    within: Whole = np.asarray(grouped.cumcount(), dtype=np.int64)
    first: Whole = np.flatnonzero(within == 0).astype(np.int64)
    rows = len(frame)
    columns = (
        column(frame[estimate], "estimate"),
        column(frame[population] if population else None, "population", rows),
        column(frame[standard_error] if standard_error else None, "standard error", rows),
    )
    laid_out = sets_of_rows(
        place,
        within,
        columns,
        _direction(frame, favourable, place, first),
        _references(frame, reference, place, within, len(first)),
    )
    found = measure_sets(laid_out, scale, confidence, simulations=simulations if simulate else 0)
    sets = frame[keys].iloc[first]
    labels = {key: sets[key].repeat(len(MEASURES)).array for key in keys}
    order = np.tile(np.arange(len(MEASURES), dtype=np.int8), len(first))
    measure: Any = pd.Categorical.from_codes(order, pd.Index(list(MEASURES)))
    reasons: Any = pd.Categorical.from_codes(found.reason, pd.Index(REASONS))
    result = {**labels, "measure": measure, **_columns(found, reasons)}
    return pd.DataFrame(result, copy=False)


def _columns(found: Columns, reasons: Any) -> dict[str, Any]:
    return {
        "estimate": found.estimate,
        "lower": found.lower,
        "upper": found.upper,
        "reason": reasons,
        "groups": found.groups,
        "left_out": found.left_out,
    }


def _truth(favourable: object) -> bool:
    if not isinstance(favourable, bool | np.bool_):
        raise ValueError(f"favourable must be True or False, not {favourable!r}")
    return bool(favourable)


def _place(reference: object, rows: int) -> int:
    if reference is None:
        return NO_REFERENCE
    if isinstance(reference, bool | np.bool_) or not isinstance(reference, int | np.integer):
        raise ValueError(f"the reference must be the position of a group, not {reference!r}")
    if not 0 <= reference < rows:
        raise ValueError(f"the reference {reference} is no position among {rows} groups, from 0")
    return int(reference)


def _direction(frame: pd.DataFrame, favourable: bool | str, place: Whole, first: Whole) -> Truths:
    if not isinstance(favourable, str):
        return np.full(len(first), _truth(favourable))
    values = _truths(frame, favourable)
    of_sets = values[first]
    differs = values != of_sets[place]
    if differs.any():
        raise ValueError(f"row {np.argmax(differs)}: {favourable} differs within its set")
    return of_sets


def _references(
    frame: pd.DataFrame, reference: str | None, place: Whole, within: Whole, sets: int
) -> Whole:
    found = np.full(sets, NO_REFERENCE)
    if reference is None:
        return found
    rows = np.flatnonzero(_truths(frame, reference))
    again = pd.Series(place[rows]).duplicated().to_numpy()
    if again.any():
        raise ValueError(f"row {rows[again][0]}: a second reference group in its set")
    found[place[rows]] = within[rows]
    return found


def _truths(frame: pd.DataFrame, name: str) -> Truths:
    if frame[name].dtype == np.bool_:
        return np.asarray(frame[name], dtype=bool)
    values = frame[name].to_numpy(dtype=object)
    wrong = np.array([not isinstance(v, bool | np.bool_) for v in values], dtype=bool)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(f"row {row}: {name} must be True or False, not {values[row]!r}")
    return values.astype(bool)


__all__ = ["MEASURES", "REASONS", "summary_measures", "summary_measures_of_sets"]
