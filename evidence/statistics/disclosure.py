"""Disclosure control: small counts are hidden so that what is shown doesn't give them away."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog

from evidence.statistics.checks import Booleans, Floats

TOTAL = "Total"
"""The label of the row and the column of totals."""

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Policy:
    """A publisher's rule for small counts.

    Attributes
    ----------
    threshold
        Counts below this are hidden.
    base
        Counts that are shown are rounded to the nearest multiple of this; 1 leaves them alone.
    zeros_shown
        Whether a count of 0 is shown.
    source
        The document that gives the rule.
    """

    threshold: int
    base: int
    zeros_shown: bool
    source: str


POLICIES = {
    "NHS England, mental health": Policy(
        5,
        5,
        zeros_shown=False,
        source="Mental Health Bulletin, 2013-14: numbers under five, zero included, become *; all "
        "others are rounded to the nearest five",
    ),
    "NHS England, hospital episodes": Policy(
        8,
        5,
        zeros_shown=True,
        source="Disclosure control methodology for Hospital Episode Statistics and the Emergency "
        "Care Data Set, September 2018: below national level 1 to 7 are hidden, all others are "
        "rounded to the nearest five",
    ),
    "ONS, births and deaths": Policy(
        3,
        1,
        zeros_shown=True,
        source="Office for National Statistics, Policy on protecting confidentiality in tables of "
        "birth and death statistics; FOI/2021/3301: no rates under 3 deaths, no standardised "
        "rates under 10",
    ),
    "ONS, Longitudinal Study": Policy(
        10,
        1,
        zeros_shown=False,
        source="CeLSIUS, advice from the Office for National Statistics: threshold of 10",
    ),
    "OpenSAFELY": Policy(
        8,
        5,
        zeros_shown=True,
        source="OpenSAFELY, Applying statistical disclosure control: counts of 7 or fewer are "
        "redacted, others rounded to the nearest five",
    ),
}
"""Named rules to take the numbers from; see each one's source before using it."""


class Mark(StrEnum):
    """Why a count is hidden, or that it isn't."""

    SHOWN = "shown"
    PRIMARY = "primary"
    SECONDARY = "secondary"


def suppress(
    table: pd.DataFrame,
    *,
    rows: bool,
    columns: bool,
    threshold: int = 5,
    base: int = 5,
    zeros_shown: bool = True,
) -> pd.DataFrame:
    """A table of counts that can be published, with its totals.

    Counts under the threshold are hidden; so are others, wherever what is shown would otherwise
    leave only one value that a hidden count can have; the rest is rounded.

    Parameters
    ----------
    table
        Whole counts, one row and column a category, without totals.
    rows, columns
        True where a total is shown at the end of each row, and under each column; where both, the
        grand total too.
    threshold
        Counts from 1 to just under this are hidden. The 5 and the rounding to 5 unless said are
        those of NHS England for mental health, whose rule hides 0 too: to follow it, set
        zeros_shown to False. :data:`POLICIES` has the numbers of each rule.
    base
        What shown counts are rounded to (halves go up); 1 leaves them as they are.
    zeros_shown
        False where a count of 0 is hidden like a small one; unless said, 0 is shown.

    Returns
    -------
    pandas.DataFrame
        The table (Int64), rounded, with a last column and row :data:`TOTAL` where asked for;
        hidden counts are missing.

    Raises
    ------
    ValueError
        If a count is missing, below zero or not whole (named by row and column), the table is
        empty, a row or column has the name of the totals that are to be added, or threshold and
        base don't go together.
    """
    marks, counts = _decided(table, rows, columns, threshold, base, zeros_shown)
    shown = pd.DataFrame(_rounded(counts, base), index=marks.index, columns=marks.columns)
    return shown.astype("Int64").mask(marks != Mark.SHOWN)


def suppression(
    table: pd.DataFrame,
    *,
    rows: bool,
    columns: bool,
    threshold: int = 5,
    base: int = 5,
    zeros_shown: bool = True,
) -> pd.DataFrame:
    """Which counts :func:`suppress` hides and why: a :class:`Mark` for each, totals included.

    For us, not for publication. A reader is taken to know the rule, and to guess of every hidden
    count in the body of the table whether it is a small one; not of a total. Hidden counts are
    held between the bounds that follow from that, from the rounding and from every total, by
    linear programming; as the totals of a two-way table form a network,
    its bounds are whole numbers that some table really has (Fischetti and Salazar, Management
    Science 2001;47:1008-1027). The smallest counts near an exposed
    one are hidden next, as many as it takes; the choice is good but not the least possible. A
    count of 0 is never hidden to protect another.

    Parameters, errors: as for :func:`suppress`.
    """
    return _decided(table, rows, columns, threshold, base, zeros_shown)[0]


def _decided(
    table: pd.DataFrame, rows: bool, columns: bool, threshold: int, base: int, zeros_shown: bool
) -> tuple[pd.DataFrame, Counts]:
    _refuse(table, threshold, base, zeros_shown)
    for labels, added, what in ((table.index, columns, "row"), (table.columns, rows, "column")):
        if added and TOTAL in labels:
            raise ValueError(f'a {what} is called "{TOTAL}" already: leave totals out of the table')
    counts = table.to_numpy(dtype=np.int64)
    if columns:
        counts = np.vstack([counts, counts.sum(0)])
    if rows:
        counts = np.hstack([counts, counts.sum(1, keepdims=True)])
    guard = _Guard(counts, rows, columns, threshold, base, zeros_shown)
    while (exposed := guard.exposed()) is not None and guard.hide_beside(exposed):
        pass
    index = [*table.index, *([TOTAL] if columns else [])]
    names = [*table.columns, *([TOTAL] if rows else [])]
    return pd.DataFrame(guard.marks(), index=index, columns=names), counts


class _Guard:
    """What is hidden so far, and what a reader can work out from the rest."""

    def __init__(
        self,
        counts: Counts,
        rows: bool,
        columns: bool,
        threshold: int,
        base: int,
        zeros_shown: bool,
    ) -> None:
        self.counts, self.threshold, self.base = counts, threshold, base
        self.lowest = 1 if zeros_shown else 0
        self.rows, self.columns = rows, columns
        self.totals = np.zeros(counts.shape, dtype=bool)
        self.totals[:, -1] |= rows
        self.totals[-1, :] |= columns
        self.primary = (counts >= self.lowest) & (counts < threshold)
        self.hidden = self.primary.copy()
        # The least and greatest value of each count in any table found that fits what is shown.
        self.least, self.most = counts.astype(float), counts.astype(float)
        self.sums = _sums(counts.shape, rows, columns)

    def marks(self) -> NDArray[np.str_]:
        return np.select([self.primary, self.hidden], [Mark.PRIMARY, Mark.SECONDARY], Mark.SHOWN)

    def exposed(self) -> tuple[int, int] | None:
        """A hidden count that can have one value only, or None."""
        for cell in np.argwhere(self.hidden):
            place = (int(cell[0]), int(cell[1]))
            for sign in (1.0, -1.0):
                if self.most[place] == self.least[place]:
                    self._look(place, sign)
            if self.most[place] == self.least[place]:
                return place
        return None

    def hide_beside(self, exposed: tuple[int, int]) -> bool:
        """Hide one more: the smallest count that shares a total with the exposed one, then any.

        False where nothing is left to hide: then no total says anything of any count.
        """
        row, column = exposed
        alone = self.hidden[row, :].sum() == 1, self.hidden[:, column].sum() == 1
        near = np.zeros(self.counts.shape, dtype=bool)
        near[row, :] |= self.rows and (alone[0] or not alone[1])
        near[:, column] |= self.columns and (alone[1] or not alone[0])
        free = ~self.hidden & (self.counts > 0)
        if not free.any():
            return False
        company = self.hidden.sum(0)[None, :] + self.hidden.sum(1)[:, None]
        # Near before far, the body before totals; then where others are hidden already, as one
        # count may serve two totals; then the smallest.
        order = np.lexsort(
            (
                self.counts.ravel(),
                -company.ravel(),
                self.totals.ravel(),
                ~near.ravel(),
                ~free.ravel(),
            )
        )
        self.hidden.flat[order[0]] = True
        return True

    def _look(self, place: tuple[int, int], sign: float) -> None:
        """Note the table that fits what is shown and has most, or least, in one place."""
        goal = np.zeros(self.counts.shape)
        goal[place] = -sign
        low, high = self._bounds()
        found = linprog(
            goal.ravel(),
            A_eq=self.sums,
            b_eq=np.zeros(self.sums.shape[0]),
            bounds=list(zip(low.ravel().tolist(), high.ravel().tolist(), strict=True)),
            method="highs-ds",
        )
        if found.status == 3:  # HiGHS: it may grow without end.
            self.most[place] = np.inf
            return
        if found.status != 0:
            raise RuntimeError(f"the bounds of a hidden count were not found: {found.message}")
        table = np.round(np.asarray(found.x, dtype=float)).reshape(self.counts.shape)
        self.least, self.most = np.minimum(self.least, table), np.maximum(self.most, table)

    def _bounds(self) -> tuple[Floats, Floats]:
        """What a reader knows of each count by itself."""
        rounded = _rounded(self.counts, self.base)
        low = np.maximum(rounded - self.base // 2, self.threshold).astype(float)
        high = (rounded + (self.base - 1) // 2).astype(float)
        zero = self.counts == 0
        low[zero], high[zero] = 0, 0
        low[self.hidden], high[self.hidden] = self.threshold, np.inf
        low[self.primary], high[self.primary] = self.lowest, self.threshold - 1
        unsure = self.hidden & self.totals
        low[unsure], high[unsure] = self.lowest, np.inf
        return low, high


def _sums(shape: tuple[int, ...], rows: bool, columns: bool) -> Floats:
    """Every total as an equation: its parts less itself are nothing."""
    place = np.arange(shape[0] * shape[1]).reshape(shape)
    lines = [*(place if rows else []), *(place.T if columns else [])]
    equations = np.zeros((len(lines), place.size))
    for equation, line in zip(equations, lines, strict=True):
        equation[line[:-1]], equation[line[-1]] = 1, -1
    return equations


def _rounded(counts: Counts, base: int) -> Counts:
    return (2 * counts + base) // (2 * base) * base


def _refuse(table: pd.DataFrame, threshold: int, base: int, zeros_shown: bool) -> None:
    if table.empty:
        raise ValueError("the table is empty")
    if threshold < (3 if zeros_shown else 2):
        raise ValueError(
            f"a threshold of {threshold} leaves a hidden count one value only; it must be 3 or "
            "more, or 2 where zeros are hidden too"
        )
    if not 1 <= base <= 2 * threshold:
        raise ValueError("base must lie between 1 and twice the threshold, or counts round to 0")
    numbers = table.to_numpy(dtype=float, na_value=np.nan)
    bad: Booleans = ~np.isfinite(numbers) | (numbers < 0) | (numbers != np.round(numbers))
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"row {table.index[row]}, column {table.columns[column]}: "
            f"{numbers[row, column]} is not a count"
        )
