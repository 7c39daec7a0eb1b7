"""Examples of one figure and its limits, each reckoned by its formula written out."""

from __future__ import annotations

import math

from scipy.special import gammaincinv

from evidence.methods.model import Reader, Z, to
from evidence.numbers import limits, number, ours

Worked = tuple[list[str], dict[str, float]]

PUBLISHED = "mat-011"
PERCENTAGE = "cvd-055"
RATE = "births-2022-stillbirth-black-african"
ROUNDED_PERCENTAGE = "tt-2019-20-lambeth-recovery-asian"
ROUNDED_RATE = "calc-tt-2018-19-lambeth-referral-rate-black"
FEW_EVENTS = "calc-tt-2018-19-ealing-referral-rate-asian-chinese"
PER_BIRTHS = 1000
PER_RESIDENTS = 1000


def published(read: Reader) -> Worked:
    """Show a figure with the source's own limits."""
    value, low, high = (read(PUBLISHED, name) for name in ("value", "lower", "upper"))
    steps = [
        f"The source prints {number(value)} with 95% limits {number(low)} to {number(high)}.",
        f"Nothing is worked out: the page prints {number(value)} ({limits(low, high)}).",
    ]
    return steps, {"value": value, "lower": low, "upper": high}


def wilson(read: Reader) -> Worked:
    """Wilson's limits of a percentage of people counted one by one."""
    events, people = read.counts(PERCENTAGE)
    low, high, root = wilson_ends(events, people)
    share, foot = events / people, 2 * (people + Z**2)
    shown = {"value": 100 * share, "lower": 100 * low, "upper": 100 * high}
    steps = [
        f"{number(events)} of {number(people)} people: p = {to(share, 4)}.",
        f"2x + z² = 2 × {number(events)} + {to(Z**2, 4)} = {to(2 * events + Z**2, 4)}.",
        f"z√(z² + 4x(1 − p)) = {to(Z, 2)} × √({to(Z**2, 4)} + 4 × {number(events)} × "
        f"{to(1 - share, 4)}) = {to(root, 4)}.",
        f"2(n + z²) = {to(foot, 4)}.",
        f"Lower: ({to(2 * events + Z**2, 4)} − {to(root, 4)}) ÷ {to(foot, 4)} = {to(low, 4)}. "
        f"Upper: ({to(2 * events + Z**2, 4)} + {to(root, 4)}) ÷ {to(foot, 4)} = {to(high, 4)}.",
        f"The page prints limits {_percent(shown['lower'])} to {_percent(shown['upper'])}, around "
        f"{_percent(shown['value'])}.",
    ]
    return steps, shown


def wilson_ends(events: float, people: float) -> tuple[float, float, float]:
    """Wilson's limits as shares, and the root that they lie either side by."""
    share = events / people
    root = Z * math.sqrt(Z**2 + 4 * events * (1 - share))
    foot = 2 * (people + Z**2)
    return (2 * events + Z**2 - root) / foot, (2 * events + Z**2 + root) / foot, root


def byar(read: Reader) -> Worked:
    """Byar's limits of a rate."""
    events, births = read.counts(RATE)
    low, high = byar_ends(events, events)
    scale = PER_BIRTHS / births
    more = events + 1
    shown = {"value": events * scale, "lower": low * scale, "upper": high * scale}
    steps = [
        f"{number(events)} events among {number(births)} births: {number(events)} ÷ "
        f"{number(births)} × 1,000 = {to(shown['value'], 4)}.",
        f"Lower, in events: {number(events)} × (1 − 1 ÷ {number(9 * events)} − {to(Z, 2)} ÷ "
        f"{to(3 * math.sqrt(events), 4)})³ = {to(low, 4)}.",
        f"Upper, in events: {number(more)} × (1 − 1 ÷ {number(9 * more)} + {to(Z, 2)} ÷ "
        f"{to(3 * math.sqrt(more), 4)})³ = {to(high, 4)}.",
        f"Each × 1,000 ÷ {number(births)}: {to(shown['lower'], 4)} and {to(shown['upper'], 4)}.",
        f"The page prints limits {_rate(shown['lower'])} to {_rate(shown['upper'])} per 1,000.",
    ]
    return steps, shown


def byar_ends(fewest: float, most: float) -> tuple[float, float]:
    """Byar's lower limit of the fewest and upper limit of the most events, in events."""
    low = fewest * (1 - 1 / (9 * fewest) - Z / (3 * math.sqrt(fewest))) ** 3
    more = most + 1
    return low, more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3


def exact(read: Reader) -> Worked:
    """Exact limits of a rate of few events, here also rounded ones."""
    events, people = read.counts(FEW_EVENTS)
    hidden = read(FEW_EVENTS, "count_rounding") / 2
    fewest, most = events - hidden, events + hidden
    # Half a chi-squared quantile with twice k degrees of freedom is a gamma quantile of shape k.
    low, high = float(gammaincinv(fewest, 0.025)), float(gammaincinv(most + 1, 0.975))
    scale = PER_RESIDENTS / people
    shown = {"value": events * scale, "lower": low * scale, "upper": high * scale}
    steps = [
        f"{number(events)} events among {number(people)} residents: {number(events)} ÷ "
        f"{number(people)} × 1,000 = {to(shown['value'], 4)}.",
        f"The count is rounded to 5, so it may be as few as {number(fewest)} or as many as "
        f"{number(most)}.",
        f"Lower, in events, of {number(fewest)}: half the chi-squared quantile of 0.025 with "
        f"{number(2 * fewest)} degrees of freedom = {to(low, 4)}.",
        f"Upper, in events, of {number(most)}: half the chi-squared quantile of 0.975 with "
        f"{number(2 * most + 2)} degrees of freedom = {to(high, 4)}.",
        f"Each × 1,000 ÷ {number(people)}: {to(shown['lower'], 4)} and {to(shown['upper'], 4)}.",
        f"The page prints limits {_rate(shown['lower'])} to {_rate(shown['upper'])} per 1,000.",
    ]
    return steps, shown


def rounded_percentage(read: Reader) -> Worked:
    """The middle of what a rounded percentage and rounded counts allow, with Wilson's limits."""
    value = read(ROUNDED_PERCENTAGE, "value")
    events, people = read.counts(ROUNDED_PERCENTAGE)
    step = read(ROUNDED_PERCENTAGE, "count_rounding")
    counted = 100 * events / people
    error = 100 * step / 2 * (1 + value / 100) / people
    lowest, highest = max(value - 0.5, counted - error), min(value + 0.5, counted + error)
    low = 100 * wilson_ends(lowest / 100 * people, people)[0]
    high = 100 * wilson_ends(highest / 100 * people, people)[1]
    middle = (lowest + highest) / 2
    steps = [
        f"The source prints {number(value)}%, {number(events)} of {number(people)} people, counts "
        f"rounded to {number(step)}.",
        f"By the percentage: {number(value)} − 0.5 to {number(value)} + 0.5 = "
        f"{number(value - 0.5)} to {number(value + 0.5)}.",
        f"By the counts: {to(counted, 4)} give or take 100 × {number(step / 2)} × (1 + "
        f"{to(value / 100, 2)}) ÷ {number(people)} = {to(error, 4)}, so {to(counted - error, 4)} "
        f"to {to(counted + error, 4)}.",
        f"Both allow {to(lowest, 4)} to {to(highest, 4)}. The middle is {to(middle, 4)}.",
        f"Wilson's lower limit for {to(lowest, 4)}% of {number(people)} is {to(low, 4)}; his upper "
        f"limit for {to(highest, 4)}% is {to(high, 4)}.",
        f"The page prints {number(value)}% as published, compares by {_percent(middle)}, and gives "
        f"limits {_percent(low)} to {_percent(high)}.",
    ]
    return steps, {"value": middle, "lower": low, "upper": high}


def rounded_rate(read: Reader) -> Worked:
    """Byar's limits of the fewest and the most events that a rounded count allows."""
    events, people = read.counts(ROUNDED_RATE)
    hidden = read(ROUNDED_RATE, "count_rounding") / 2
    low, high = byar_ends(events - hidden, events + hidden)
    scale = PER_RESIDENTS / people
    shown = {"value": events * scale, "lower": low * scale, "upper": high * scale}
    steps = [
        f"{number(events)} events, rounded to {number(2 * hidden)}, among {number(people)} "
        f"residents: {number(events)} ÷ {number(people)} × 1,000 = {to(shown['value'], 4)}.",
        f"The count may be as few as {number(events - hidden)} or as many as "
        f"{number(events + hidden)}.",
        f"Byar's lower limit of {number(events - hidden)} events is {to(low, 4)}; his upper limit "
        f"of {number(events + hidden)} is {to(high, 4)}.",
        f"Each × 1,000 ÷ {number(people)}: {to(shown['lower'], 4)} and {to(shown['upper'], 4)}.",
        f"The page prints limits {_rate(shown['lower'])} to {_rate(shown['upper'])} per 1,000.",
    ]
    return steps, shown


def _percent(value: float) -> str:
    return f"{ours(value, '%')}%"


def _rate(value: float) -> str:
    return ours(value, "per 1,000")
