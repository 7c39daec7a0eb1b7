"""The two tests of a trend, for many series at once."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit
from scipy.stats import norm

from evidence.statistics.checks import Floats

MOST_EXACT = 20
"""Up to this many points without ties the Mann-Kendall p-value is exact."""

Codes = NDArray[np.intp]
Results = dict[str, Floats]


def weighted_slope(
    code: Codes, year: Floats, figure: Floats, error: Floats, outside: float
) -> Results:
    """A weighted straight line through each series.

    The misfit is the mean squared distance of the points from the line, in squares of their own
    standard errors. Up to 1 the points' own errors explain it, and the slope's error follows from
    them alone: the limits are normal. Above 1 the slope's error is estimated from the points'
    scatter instead, and is held against Student's t.

    Limits of 95% hold the true slope in 96.9% of series of 5 points and in 96.4% of 20 where the
    true misfit is 1, and in 94.1% to 96.9% wherever it is larger (integrated over the chance of
    each misfit, for 5 to 20 points and true misfits of 1 to 10). Two other rules were set aside:
    Student's t on a misfit that counts as 1 at least holds it in 99.9% of 5 points, and Student's
    t on the misfit as it is holds it in 95%, but has no width left where points happen to lie on
    a line.

    Parameters
    ----------
    code
        The series of each point, numbered from 0 without gaps; at least three points each.
    year, figure, error
        Where and how high each point lies, and its standard error.
    outside
        The chance that the slope's limits leave on either side.

    Returns
    -------
    dict
        One float a series: slope, slope_lower, slope_upper, p_value, and start and end, the line
        at the first and the last year.
    """
    weight = 1 / error**2
    sums = np.bincount(code, weight)
    middle = np.bincount(code, weight * year) / sums
    height = np.bincount(code, weight * figure) / sums
    x, y = year - middle[code], figure - height[code]
    squares = np.bincount(code, weight * x**2)
    slope = np.bincount(code, weight * x * y) / squares
    freedom = np.bincount(code) - 2.0
    misfit = np.bincount(code, weight * (y - slope[code] * x) ** 2) / freedom
    explained = misfit <= 1
    own = np.sqrt(np.where(explained, 1, misfit) / squares)
    reach = np.where(explained, norm.isf(outside), stdtrit(freedom, 1 - outside)) * own
    distance = np.abs(slope) / own
    return {
        "slope": slope,
        "slope_lower": slope - reach,
        "slope_upper": slope + reach,
        "p_value": 2 * np.where(explained, norm.sf(distance), stdtr(freedom, -distance)),
        "start": height + slope * (_each(np.minimum, code, year) - middle),
        "end": height + slope * (_each(np.maximum, code, year) - middle),
    }


def mann_kendall(
    code: Codes, year: Floats, figure: Floats, error: Floats, outside: float
) -> Results:
    """The Mann-Kendall test of each series, whose points may be infinite but not missing.

    Parameters
    ----------
    code, year, figure
        As for :func:`weighted_slope`.
    error, outside
        Not used: ranks have no standard error.

    Returns
    -------
    dict
        One float a series: slope (the sign of the trend), slope_lower and slope_upper (missing),
        p_value (two-sided), and start and end, the figures of the first and the last year.
    """
    order = np.lexsort((year, code))
    count = np.bincount(code)
    place = np.arange(len(code)) - np.repeat(np.cumsum(count) - count, count)
    grid = np.full((len(count), count.max()), np.nan)
    grid[code[order], place] = figure[order]
    earlier, later = grid[:, :, None], grid[:, None, :]
    ahead = np.triu(np.ones(grid.shape[1:] * 2, dtype=bool), 1)
    score = ((later > earlier) & ahead).sum((1, 2)) - ((later < earlier) & ahead).sum((1, 2))
    tied = np.maximum((later == earlier).sum(2) - 1, 0)
    variance = count * (count - 1) * (2 * count + 5) - (tied * (2 * tied + 7)).sum(1)
    return {
        "slope": np.sign(score).astype(np.float64),
        "slope_lower": np.full(len(count), np.nan),
        "slope_upper": np.full(len(count), np.nan),
        "p_value": _p_values(np.abs(score), count, variance / 18, tied.any(1)),
        "start": grid[:, 0],
        "end": grid[np.arange(len(count)), count - 1],
    }


def _p_values(
    score: NDArray[np.int_], count: NDArray[np.intp], variance: Floats, ties: NDArray[np.bool_]
) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.maximum(score - 1, 0) / np.sqrt(variance)
    p = np.where(variance > 0, 2 * norm.sf(z), 1.0)
    for points in np.unique(count[~ties & (count <= MOST_EXACT)]):
        mine = (count == points) & ~ties
        p[mine] = _exact(int(points))[score[mine]]
    return np.minimum(p, 1)


@cache
def _exact(points: int) -> Floats:
    """The chance of a score at least so far from 0, for each score from 0 up, in any order."""
    ways = np.ones(1)
    for size in range(2, points + 1):
        ways = np.convolve(ways, np.ones(size)) / size
    # The number of pairs out of order is the place; the score is all pairs less twice that.
    scores = np.abs(len(ways) - 1 - 2 * np.arange(len(ways)))
    by_score = np.bincount(scores, ways)
    return np.cumsum(by_score[::-1], dtype=np.float64)[::-1]


def _each(function: np.ufunc, code: Codes, values: Floats) -> Floats:
    start = np.inf if function is np.minimum else -np.inf
    found = np.full(code.max() + 1, start)
    function.at(found, code, values)
    return found
