"""Score limits for two groups, solved for the multiplier of the constraint and not for the rates.

Score limits are the values of a difference or a ratio that a score test doesn't refuse. The two
rates that are likeliest under such a value have a Lagrange multiplier m, and every one of the
four score statistics is a short, increasing function of m alone. So one root for each limit
gives what textbooks find by solving an equation for the rates within a search for the limit.

The limits are those of Miettinen and Nurminen (Statistics in Medicine 1985;4:213-226,
doi 10.1002/sim.4780040211). Each function gives a lower limit; an upper limit is the lower one of
the groups turned round.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evidence.statistics.checks import Floats

_MOST_STEPS = 100

_CLOSE = 1e-9
"""A relative step this small is the last: Newton's next one would be about its square."""


def proportion_ratio_lower(
    events: Floats, people: Floats, other_events: Floats, other_people: Floats, square: Floats
) -> Floats:
    """The lower score limit of a ratio of two proportions (0 where there are no events).

    The likeliest proportions are (x1 - m) / (n1 - m) and (x2 + m) / (n2 + m); the root is that
    of the cubic of Nam (Biometrical Journal 1995;37:375-379).

    Parameters
    ----------
    events, people, other_events, other_people
        Counts of the group and of the one it is set against.
    square
        The squared normal quantile, times any correction of the variance.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        free, other_free = 1 - events / people, 1 - other_events / other_people
        root = _root(other_free, other_events, free, events, square)
        # Where everybody has the outcome the likeliest proportion stays 1 until m reaches n1,
        # and only then gives way.
        left = np.maximum(square - root**2 * other_free / (other_events + root), 0)
        share = np.where(free > 0, (events - root) / (people - root), people / (people + left))
        other_share = (other_events + root) / (other_people + root)
        return np.where(events > 0, share / other_share, 0.0)


def rate_difference_lower(
    events: Floats, time: Floats, other_events: Floats, other_time: Floats, square: Floats
) -> Floats:
    """The lower score limit of a difference of two Poisson rates, in events a unit of time.

    The likeliest rates are x1 / (n1 + m) and x2 / (n2 - m).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rate, other_rate = events / time, other_events / other_time
        root = _root(rate, time, other_rate, other_time, square)
        return rate - other_rate - square / root


def rate_ratio_lower(
    events: Floats, time: Floats, other_events: Floats, other_time: Floats, square: Floats
) -> Floats:
    """The lower score limit of a ratio of two Poisson rates (0 where there are no events).

    Non-iterative, after Graham, Mengersen and Morton (Statistics in Medicine 2003;22:2071-2083,
    with its correction 2004;23:3549): Wilson's limit for the group's share
    of all events, as odds. It is multiplied out so that no digits are lost when the share is near
    0 or 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        both = events + other_events
        spread = np.sqrt(square * (square + 4 * events * other_events / both))
        numerator = 4 * events**2 * (1 + square / both) / (2 * events + square + spread)
        odds = numerator / (2 * other_events + square + spread)
        return odds * other_time / time


def proportion_difference_lower(
    events: Floats, people: Floats, other_events: Floats, other_people: Floats, square: Floats
) -> Floats:
    """The lower score limit of a difference of two proportions, from -1 to 1.

    The root is found by Newton's method on logarithms, and by halving what lies between too
    small and too large wherever a step of Newton's leaves it or doesn't halve the step before.
    """
    whole = np.stack([events, people, other_events, other_people, square])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        difference = events / people - other_events / other_people
        least = np.sqrt(square / (0.25 / people + 0.25 / other_people))
        root = np.log(np.maximum(least, square / (1 + difference)))
        # Nobody against everybody: no difference could be larger, and no root is sought.
        rows = np.flatnonzero(np.isfinite(root))
        low, high = np.full(rows.shape, -np.inf), np.full(rows.shape, np.inf)
        last = np.full(rows.shape, np.inf)
        for _ in range(_MOST_STEPS):
            case, here = whole[:, rows], root[rows]
            excess, slope = _log_score(np.exp(here), *case[:4])
            excess -= np.log(case[4])
            low, high = np.where(excess < 0, here, low), np.where(excess >= 0, here, high)
            there = here - excess / slope
            sound = (there >= low) & (there <= high) & (np.abs(there - here) <= last / 2)
            midway = np.where(np.isinf(high), here + 2, (low + high) / 2)
            there = np.where(sound, there, midway)
            root[rows] = there
            last = np.abs(there - here)
            left = last > _CLOSE
            rows, low, high, last = rows[left], low[left], high[left], last[left]
            if not rows.size:
                break
        return np.clip(difference - square * np.exp(-root), -1, 1)


def _log_score(
    root: Floats, events: Floats, people: Floats, other_events: Floats, other_people: Floats
) -> tuple[Floats, Floats]:
    """The logarithm of the score statistic at a multiplier, and its slope on the log scale."""
    under, other_under = people - root, other_people - root
    spread = np.sqrt(under**2 + 4 * root * (people - events))
    other_spread = np.sqrt(other_under**2 + 4 * root * other_events)
    yes = 2 * events / (people + root + spread)
    no = np.where(
        under > 0, 2 * (people - events) / (under + spread), (spread - under) / (2 * root)
    )
    other_yes = np.where(
        other_under > 0,
        2 * other_events / (other_under + other_spread),
        (other_spread - other_under) / (2 * root),
    )
    other_no = 2 * (other_people - other_events) / (other_people + root + other_spread)
    part, other_part = yes * no / people, other_yes * other_no / other_people
    variance = part + other_part
    change = other_part * (other_no - other_yes) / other_spread - part * (no - yes) / spread
    return np.log(root**2 * variance), 2 + root * change / variance


def _root(a: Floats, p: Floats, b: Floats, q: Floats, goal: Floats) -> Floats:
    """The m between 0 and q with m² (a / (p + m) + b / (q - m)) = goal; q where there is none.

    Both parts grow and are convex in m. The smaller of the roots that each part has alone lies
    above the root, where the sum is at most twice the goal; from there Newton's method comes
    down without ever passing the root.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        first = (goal + np.sqrt(goal**2 + 4 * a * goal * p)) / (2 * a)
        second = 2 * goal * q / (goal + np.sqrt(goal**2 + 4 * b * goal * q))
        here = np.fmin(first, second)
        for _ in range(_MOST_STEPS):
            left, right = p + here, q - here
            part = np.where(b > 0, b / right, 0.0)
            value = here**2 * (a / left + part)
            slope = here * (a * (2 * p + here) / left**2 + part * (2 * q - here) / right)
            step = (value - goal) / slope
            step = np.where(np.isfinite(step) & (b > 0), np.maximum(step, 0), 0.0)
            here = here - step
            if not np.any(step > _CLOSE * here):
                break
    return here


Limit = Callable[[Floats, Floats, Floats, Floats, Floats], Floats]

PROPORTIONS: tuple[Limit, Limit] = (proportion_ratio_lower, proportion_difference_lower)
"""The lower limits of a ratio and of a difference of proportions."""

RATES: tuple[Limit, Limit] = (rate_ratio_lower, rate_difference_lower)
"""The lower limits of a ratio and of a difference of rates."""
