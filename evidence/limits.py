"""The limits of one figure: the source's own, or calculated from its counts, or none."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise

import numpy as np
import pandas as pd

from evidence.statistics import proportion_limits, rate_limits
from evidence.vocabulary import Measure


class LimitsFrom(StrEnum):
    """Where the limits of a figure or a gap come from."""

    SOURCE = "source"
    CALCULATED = "calculated"
    COUNTS = "counts"
    ROUNDED_COUNTS = "rounded-counts"
    NONE = "none"

    @property
    def label(self) -> str:
        """What a table or a note says of the limits."""
        return {
            LimitsFrom.SOURCE: "95% limits as published",
            LimitsFrom.CALCULATED: "95% limits calculated by this dashboard",
            LimitsFrom.COUNTS: "95% limits calculated from the published counts",
            LimitsFrom.ROUNDED_COUNTS: (
                "95% limits calculated from the published counts, which are rounded to 5, and "
                "widened for the rounding"
            ),
            LimitsFrom.NONE: "no interval published",
        }[self]


def add_limits(figures: pd.DataFrame) -> pd.DataFrame:
    """Give each figure the estimate that it is compared by and the limits that it can have.

    Published limits are taken as they are. Where there are none, percentages with a numerator
    and a denominator get Wilson limits, and rates with both get exact or Byar's limits.

    A percentage published as a whole number, with counts rounded to 5, is compared by the middle
    of the range that both allow, and its limits are moved apart by half of that range; the limits
    of a rate of rounded counts are those of the fewest and of the most events. A value
    that its own counts don't give gets no limits.

    Parameters
    ----------
    figures
        Columns of the Figure model.

    Returns
    -------
    pandas.DataFrame
        The same rows with the columns estimate (what ratios and differences are worked out
        from; the published value itself is what is shown), limit_lower, limit_upper (in the
        figure's unit) and limits_from (a :class:`LimitsFrom`).
    """
    frame = figures.copy()
    frame["estimate"] = frame["value"]
    frame["limit_lower"], frame["limit_upper"] = frame["lower"], frame["upper"]
    given = np.where(frame["calculation"].isna(), LimitsFrom.SOURCE, LimitsFrom.CALCULATED)
    frame["limits_from"] = np.where(frame["lower"].notna(), given, LimitsFrom.NONE)
    countable = frame["value"].notna() & frame["lower"].isna()
    countable &= frame["numerator"].notna() & (frame["denominator"] > 0)
    # Standardised and adjusted values don't follow from their counts alone.
    countable &= frame["standardisation"].isin(["crude", "not-stated"])
    rounded = frame["count_rounding"] > 1
    shares = countable & (frame["measure"] == Measure.PERCENTAGE)
    rates = countable & (frame["measure"] == Measure.RATE)
    exact = frame[shares & ~rounded]
    parts = [
        proportion_limits(exact["numerator"], exact["denominator"]).set_index(exact.index),
        _of_rounded_percentages(frame[shares & rounded]),
        _of_rates(frame[rates]),
    ]
    found = pd.concat([part for part in parts if len(part)] or parts)
    value = frame["value"].reindex(found.index)
    # Counts that are not those of the value say nothing of it: they must give it to its last
    # digit, or at least lie so near that chance could.
    agree = (value - found["value"]).abs() <= 2 * _error_of_rounding(value)
    agree |= value.between(found["lower"] - 1e-9, found["upper"] + 1e-9)
    found = found[agree]
    frame.loc[found.index, ["estimate", "limit_lower", "limit_upper"]] = found[
        ["value", "lower", "upper"]
    ].to_numpy()
    frame.loc[found.index, "limits_from"] = np.where(
        frame.loc[found.index, "count_rounding"] > 1, LimitsFrom.ROUNDED_COUNTS, LimitsFrom.COUNTS
    )
    return frame


def _of_rounded_percentages(rows: pd.DataFrame) -> pd.DataFrame:
    """Estimate and limits of percentages whose counts are rounded (value, lower, upper).

    The true percentage lies within half a unit of the published one, and within what counts to
    the nearest 5 allow. The estimate is the middle of the range that both allow; the limits are
    Wilson's for the ends of that range.
    """
    people = rows["denominator"]
    counted = 100 * rows["numerator"] / people
    error_of_value = _error_of_rounding(rows["value"])
    error_of_counts = 100 * rows["count_rounding"] / 2 * (1 + rows["value"] / 100) / people
    low, high = rows["value"] - error_of_value, rows["value"] + error_of_value
    lowest = low.where(low > counted - error_of_counts, counted - error_of_counts)
    highest = high.where(high < counted + error_of_counts, counted + error_of_counts)
    # A denominator that was worked out can be a step further out, so that the ranges don't meet:
    # then the narrower of the two stands.
    apart = lowest > highest
    by_counts = error_of_counts < error_of_value
    centre = counted.where(by_counts, rows["value"])
    error = error_of_counts.where(by_counts, error_of_value)
    lowest = lowest.where(~apart, centre - error).clip(lower=0)
    highest = highest.where(~apart, centre + error).clip(upper=100)
    below = proportion_limits(lowest / 100 * people, people)
    above = proportion_limits(highest / 100 * people, people)
    return pd.DataFrame(
        {
            "value": ((lowest + highest) / 2).to_numpy(),
            "lower": below["lower"].to_numpy(),
            "upper": above["upper"].to_numpy(),
        },
        index=rows.index,
    )


def _error_of_rounding(values: pd.Series) -> pd.Series:
    """Half a unit of a published number's last digit: whole, or with decimals."""
    tenths = np.where((values * 10 - (values * 10).round()).abs() < 1e-9, 0.05, 0.005)
    return pd.Series(np.where(values == values.round(), 0.5, tenths), index=values.index)


def _of_rates(rows: pd.DataFrame) -> pd.DataFrame:
    """Value and limits of rates; those of rounded counts lie apart by what rounding may hide."""
    multipliers = rows["unit"].map(people_per)
    parts = [_limits_of(part, float(str(each))) for each, part in rows.groupby(multipliers)]
    return pd.concat([pd.DataFrame(columns=["value", "lower", "upper"], dtype=float), *parts])


def _limits_of(rows: pd.DataFrame, multiplier: float) -> pd.DataFrame:
    events, people = rows["numerator"], rows["denominator"]
    hidden = (rows["count_rounding"] / 2).fillna(0)
    fewest = rate_limits((events - hidden).clip(lower=0), people, multiplier=multiplier)
    most = rate_limits(events + hidden, people, multiplier=multiplier)
    return pd.DataFrame(
        {
            "value": (multiplier * events / people).to_numpy(),
            "lower": fewest["lower"].to_numpy(),
            "upper": most["upper"].to_numpy(),
        },
        index=rows.index,
    )


def people_per(unit: str) -> float | None:
    """The multiplier in a unit such as "per 1,000 births", or None where it has none."""
    for before, word in pairwise(unit.split()):
        digits = word.replace(",", "")
        if before == "per" and digits.isdigit():
            return float(digits)
    return None
