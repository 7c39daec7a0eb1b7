"""Sets of groups as arrays: one row a set, one column a group, padded where a set has fewer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Whole = NDArray[np.int64]

NO_REFERENCE = -1
"""Stands in `Sets.reference` for a set that names no reference group."""


@dataclass(frozen=True)
class Sets:
    """Groups of many sets; the arrays have the shape sets by groups, or one value a set.

    A group is present where it has an estimate; the padding and groups without an estimate hold
    NaN. `population` and `standard_error` hold NaN where they are not known.
    """

    estimate: Floats
    population: Floats
    standard_error: Floats
    favourable: Truths
    reference: Whole
    left_out: Whole

    @cached_property
    def present(self) -> Truths:
        """Which groups have an estimate."""
        return ~np.isnan(self.estimate)

    @cached_property
    def groups(self) -> Whole:
        """How many groups of each set have an estimate."""
        return np.asarray(self.present.sum(axis=1), dtype=np.int64)

    @cached_property
    def known_population(self) -> Truths:
        """Sets in which every present group has a population."""
        return np.asarray(np.all(~self.present | ~np.isnan(self.population), axis=1))

    @cached_property
    def known_error(self) -> Truths:
        """Sets in which every present group has a standard error."""
        return np.asarray(np.all(~self.present | ~np.isnan(self.standard_error), axis=1))

    @cached_property
    def has_reference(self) -> Truths:
        """Sets that name a reference group."""
        return np.not_equal(self.reference, NO_REFERENCE)

    @cached_property
    def share(self) -> Floats:
        """Each present group's part of the population; zero where that is not known."""
        counted = self.present & self.known_population[:, None]
        people = np.where(counted, self.population, 0.0)
        total = people.sum(axis=1, keepdims=True)
        return people / np.where(total > 0, total, 1.0)

    def with_groups_ordered(self) -> Sets:
        """Order the groups of each set by their figures, absent ones last.

        Of groups with the same estimate the least certain stands first, so that it is the one
        taken where they tie for highest or lowest; of groups with the same figures the reference.

        What is drawn at random for a group then depends on its figures alone, neither on the
        order in which groups are listed nor on groups that were left out.
        """
        is_other = np.arange(self.estimate.shape[1]) != self.reference[:, None]
        order = np.argsort(is_other, axis=1, kind="stable")
        for key in (self.population, -self.standard_error, self.estimate):
            within = np.argsort(np.take_along_axis(key, order, axis=1), axis=1, kind="stable")
            order = np.take_along_axis(order, within, axis=1)
        place = np.argmax(order == self.reference[:, None], axis=1)
        estimate, population, standard_error = (
            np.take_along_axis(figures, order, axis=1)
            for figures in (self.estimate, self.population, self.standard_error)
        )
        reference = np.where(self.has_reference, place, NO_REFERENCE)
        return Sets(estimate, population, standard_error, self.favourable, reference, self.left_out)

    def part(self, chosen: slice | Truths) -> Sets:
        """Return some of the sets."""
        return Sets(
            self.estimate[chosen],
            self.population[chosen],
            self.standard_error[chosen],
            self.favourable[chosen],
            self.reference[chosen],
            self.left_out[chosen],
        )


def column(values: ArrayLike | None, name: str, rows: int | None = None) -> Floats:
    """One checked number a row, NaN where it is missing (and throughout if None is given).

    Raises
    ------
    ValueError
        If there are not as many values as rows, or one is negative or not finite, or a
        population is zero; the message names the row, counting from 0.
    """
    if values is None:
        return np.full(rows or 0, np.nan)
    if np.ndim(values) > 1:
        raise ValueError(f"the {name} must be one value a row")
    series = pd.Series(np.atleast_1d(values) if np.ndim(values) == 0 else values)
    numbers: Floats = np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan))
    if rows is not None and len(numbers) != rows:
        raise ValueError(f"{len(numbers)} values of the {name} for {rows} estimates")
    _refuse(np.isinf(numbers), numbers, f"the {name} is not finite")
    _refuse(numbers < 0, numbers, f"the {name} is below zero")
    if name == "population":
        _refuse(numbers == 0, numbers, "the population is zero")
    return numbers


def sets_of_rows(
    place: Whole,
    within: Whole,
    columns: tuple[Floats, Floats, Floats],
    favourable: Truths,
    reference: Whole,
) -> Sets:
    """Lay rows out as sets: row i is group `within[i]` of set `place[i]`.

    `columns` are the checked estimates, populations and standard errors of the rows.
    """
    shape = (len(favourable), int(within.max(initial=-1)) + 1)
    absent = np.isnan(columns[0])

    def laid_out(values: Floats) -> Floats:
        array = np.full(shape, np.nan)
        array[place, within] = np.where(absent, np.nan, values)
        return array

    left_out = np.bincount(place[absent], minlength=shape[0])
    estimate, population, standard_error = (laid_out(values) for values in columns)
    return Sets(estimate, population, standard_error, favourable, reference, left_out)


def _refuse(wrong: Truths, numbers: Floats, fault: str) -> None:
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(f"row {row}: {fault} ({numbers[row]:g})")
