"""Directly standardised rates: what a group's rate would be had it a standard set of ages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evidence.statistics.checks import (
    Floats,
    aligned,
    reasons,
    refuse,
    refuse_counts,
    refuse_multiplier,
)
from evidence.statistics.limits import rate_limits

FEWEST_EVENTS = 10
"""Under this many events no rate is given, as in the Fingertips profiles: the method of Dobson
needs more, and the Office for National Statistics gives no standardised rate under 10 deaths
(User guide to mortality statistics, section 15)."""

ALIKE = 1e-9
"""As a part of a standard population: how far two may lie apart and be the same."""

EUROPEAN_STANDARD_POPULATION_2013: Mapping[str, int] = MappingProxyType(
    {
        "0-4": 5_000,
        "5-9": 5_500,
        "10-14": 5_500,
        "15-19": 5_500,
        "20-24": 6_000,
        "25-29": 6_000,
        "30-34": 6_500,
        "35-39": 7_000,
        "40-44": 7_000,
        "45-49": 7_000,
        "50-54": 7_000,
        "55-59": 6_500,
        "60-64": 6_000,
        "65-69": 5_500,
        "70-74": 5_000,
        "75-79": 4_000,
        "80-84": 2_500,
        "85-89": 1_500,
        "90+": 1_000,
    }
)
"""People of each age in 100,000, in 19 bands, both sexes together (Eurostat, Revision of the
European Standard Population, 2013, doi 10.2785/11470)."""


def directly_standardised_rate(
    events: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    *,
    group: ArrayLike,
    band: ArrayLike | None = None,
    multiplier: float = 100_000,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Directly standardised rates with the limits of Dobson and others.

    The rate is the mean of the rates at each age, weighted by the standard population. Its limits
    are Byar's Poisson limits for the group's number of events, moved and scaled to the rate and
    its variance (Dobson, Kuulasmaa, Eberle and Scherer, Statistics in Medicine 1991;10:457-462), as
    in R's PHEindicatormethods.

    Parameters
    ----------
    events, population, standard
        One row a group and age band: events, people (or person-years) and the people of the
        standard population, such as :data:`EUROPEAN_STANDARD_POPULATION_2013`.
    group
        The group of each row.
    band
        The age band of each row. Without it bands are told apart by their standard populations
        alone: a group that has fewer of them than another counts as lacking bands, so that one
        extra band in one group can't be told from a band that all others lack unless it repeats
        a standard population and most groups go without.
    multiplier
        100,000 gives rates per 100,000.
    confidence
        The confidence level, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        One row a group in the order of their first rows, indexed by group: value, lower, upper
        (float, in units of the multiplier), events (float, the group's total) and reason (str,
        why there is no rate: under 10 events, a missing count, an age band with nobody in it, or
        bands that other groups have and this one hasn't).

    Raises
    ------
    ValueError
        If a count is below zero or infinite, a standard population is missing or below zero, a
        row has no group or band, a group has a band twice or another standard population than
        the other groups, a result is too large for a number, the multiplier is not above zero
        and finite, or confidence is not in (0, 1). The message names the row.
    """
    count, people, weight = aligned(events, population, standard)
    refuse_multiplier(multiplier)
    keys = _labels(group, "group", len(count))
    refuse_counts(count, people, proportion=False)
    refuse(~np.isfinite(weight) | (weight < 0), "the standard population is missing or below zero")
    if band is None:
        _refuse_unlike_standards(keys, weight)
    else:
        _refuse_unlike_bands(keys, _labels(band, "band", len(count)), weight)
    bands = _bands(count, people, weight)
    totals = bands.groupby(keys.rename("group"), sort=False).sum(min_count=1)
    blank = bands.isna().groupby(keys.rename("group"), sort=False).any()
    totals = totals.mask(blank)
    whole = totals["standard"]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rate = (totals["rate"] / whole).to_numpy()
        spread = (np.sqrt(totals["variance"]) / whole / np.sqrt(totals["events"])).to_numpy()
    limits = rate_limits(
        totals["events"], np.ones(len(totals)), multiplier=1, confidence=confidence
    )
    moved = {
        "value": rate,
        "lower": rate + spread * (limits["lower"].to_numpy() - totals["events"].to_numpy()),
        "upper": rate + spread * (limits["upper"].to_numpy() - totals["events"].to_numpy()),
    }
    why = _why_not(totals, blank)
    with np.errstate(over="ignore", invalid="ignore"):
        frame = pd.DataFrame(
            {name: np.where(why.notna(), np.nan, x * multiplier) for name, x in moved.items()},
            index=totals.index,
        )
    for name in moved:
        lost = keys.map(why.isna().to_numpy() & ~np.isfinite(frame[name]))
        refuse(lost, "the rate of this group is too large for a computer's numbers")
    return frame.assign(events=totals["events"], reason=why.to_numpy())


def _labels(values: ArrayLike, name: str, rows: int) -> pd.Series:
    labels = pd.Series(np.asarray(values)).reset_index(drop=True)
    if len(labels) != rows:
        raise ValueError(f"{rows} rows of counts have {len(labels)} rows of {name}s")
    refuse(labels.isna(), f"no {name} is given")
    return labels


def _refuse_unlike_bands(keys: pd.Series, band: pd.Series, weight: Floats) -> None:
    """Refuse a band that a group has twice, or that has another weight in another group."""
    again = pd.DataFrame({"group": keys, "band": band}).duplicated().to_numpy()
    standard = pd.Series(weight).groupby(band, sort=False).transform("first").to_numpy()
    unlike = np.abs(weight - standard) > ALIKE * standard
    for wrong, what in (
        (again, "twice"),
        (unlike, "with another standard population than another group"),
    ):
        if wrong.any():
            row = int(np.argmax(wrong))
            refuse(wrong, f"the group {keys[row]} has the age band {band[row]} {what}")


def _refuse_unlike_standards(keys: pd.Series, weight: Floats) -> None:
    """Refuse groups whose weights can't be part of one standard, where bands have no names."""
    rows = pd.DataFrame({"group": keys, "weight": weight})[weight > 0]
    if rows["group"].nunique() < 2:
        return
    fullest = rows.groupby("group", sort=False)["weight"].sum().idxmax()
    # To nine figures, so that weights worked out in another order are alike.
    rows["weight"] = rows["weight"].map("{:.9g}".format)
    # Which of its group's bands of this weight a row is, from 0.
    turn = rows.groupby(["group", "weight"]).cumcount()
    times = pd.crosstab(rows["group"], rows["weight"])
    whole = times[times.index == fullest].iloc[0]
    strange = (turn >= rows["weight"].map(whole)).reindex(keys.index, fill_value=False)
    if strange.any():
        name = keys[int(np.argmax(strange))]
        refuse(strange, f"the standard population of the group {name} isn't that of {fullest}")
    same = (times == whole).all(axis=1)
    if same.all():
        return
    others = times[~same].value_counts()
    common = pd.Series(others.index[0], index=times.columns)
    if not (common > 0).all():
        return
    doubled = (whole % common == 0).all() and (whole // common).nunique() == 1
    if doubled or others.iloc[0] > same.sum():
        twice = (rows["group"] == fullest) & (turn >= rows["weight"].map(common))
        again = twice.reindex(keys.index, fill_value=False)
        refuse(again, f"the group {fullest} has an age band twice (if not, name the bands)")


def _bands(count: Floats, people: Floats, weight: Floats) -> pd.DataFrame:
    """What each age band adds to its group's sums; missing where it can add nothing."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share = np.where(people > 0, weight / people, np.nan)
        # A band that the standard gives no weight needs no people.
        share = np.where(weight == 0, 0.0, share)
        rate, variance = share * count, share**2 * count
    return pd.DataFrame(
        {
            "events": count,
            "population": people,
            "standard": weight,
            "rate": rate,
            "variance": variance,
        }
    )


def _why_not(totals: pd.DataFrame, blank: pd.DataFrame) -> pd.Series:
    whole = totals["standard"].to_numpy()
    return reasons(
        len(totals),
        [
            ((blank["events"] | blank["population"]).to_numpy(), "a count is missing"),
            (blank["rate"].to_numpy(), "an age band has nobody in it"),
            (whole == 0, "the standard population is empty"),
            (whole < whole.max(initial=0) * (1 - ALIKE), "an age band of the standard is missing"),
            (
                (totals["events"] < FEWEST_EVENTS).to_numpy(),
                f"fewer than {FEWEST_EVENTS} events, too few for a standardised rate",
            ),
        ],
    )
