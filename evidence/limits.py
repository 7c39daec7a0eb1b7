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
    COUNTS = "counts"
    ROUNDED_COUNTS = "rounded-counts"
    NONE = "none"

    @property
    def label(self) -> str:
        """What a table or a note says of the limits."""
        return {
            LimitsFrom.SOURCE: "95% limits as published",
            LimitsFrom.COUNTS: "95% limits calculated from the published counts",
            LimitsFrom.ROUNDED_COUNTS: (
                "95% limits calculated from the published percentage and number of people, "
                "which is rounded to 5"
            ),
            LimitsFrom.NONE: "no interval published",
        }[self]


def add_limits(figures: pd.DataFrame) -> pd.DataFrame:
    """Give each figure the limits that it can have, and say where they come from.

    Published limits are taken as they are. Where there are none, percentages with a numerator
    and a denominator get Wilson limits, and rates with both get exact or Byar's limits. Where
    the counts are rounded, a published percentage is nearer to the truth than the one that the
    rounded counts give, so the limits are those of the published percentage of the rounded
    denominator. A value that lies outside the limits of its own counts gets none.

    Parameters
    ----------
    figures
        Columns of the Figure model.

    Returns
    -------
    pandas.DataFrame
        The same rows with the columns limit_lower, limit_upper (in the figure's unit) and
        limits_from (a :class:`LimitsFrom`).
    """
    frame = figures.copy()
    frame["limit_lower"], frame["limit_upper"] = frame["lower"], frame["upper"]
    frame["limits_from"] = np.where(frame["lower"].notna(), LimitsFrom.SOURCE, LimitsFrom.NONE)
    countable = frame["value"].notna() & frame["lower"].isna()
    countable &= frame["numerator"].notna() & (frame["denominator"] > 0)
    # Standardised and adjusted values don't follow from their counts alone.
    countable &= frame["standardisation"].isin(["crude", "not-stated"])
    shares = frame[countable & (frame["measure"] == Measure.PERCENTAGE)]
    rates = frame[countable & (frame["measure"] == Measure.RATE)]
    found = pd.concat([_of_percentages(shares), _of_rates(rates)])
    value = frame["value"].reindex(found.index)
    tolerance = 1e-9
    found = found[value.between(found["lower"] - tolerance, found["upper"] + tolerance)]
    frame.loc[found.index, ["limit_lower", "limit_upper"]] = found[["lower", "upper"]].to_numpy()
    frame.loc[found.index, "limits_from"] = np.where(
        frame.loc[found.index, "count_rounding"] > 1, LimitsFrom.ROUNDED_COUNTS, LimitsFrom.COUNTS
    )
    return frame


def _of_percentages(rows: pd.DataFrame) -> pd.DataFrame:
    from_value = rows["value"] / 100 * rows["denominator"]
    events = rows["numerator"].where(~(rows["count_rounding"] > 1), from_value)
    return proportion_limits(events, rows["denominator"]).set_index(rows.index)


def _of_rates(rows: pd.DataFrame) -> pd.DataFrame:
    multipliers = rows["unit"].map(_per)
    parts = [
        rate_limits(
            part["numerator"], part["denominator"], multiplier=float(str(multiplier))
        ).set_index(part.index)
        for multiplier, part in rows.groupby(multipliers)
    ]
    return pd.concat([pd.DataFrame(columns=["lower", "upper"], dtype=float), *parts])


def _per(unit: str) -> float | None:
    """The multiplier in a unit such as "per 1,000 births", or None where it has none."""
    for before, word in pairwise(unit.split()):
        digits = word.replace(",", "")
        if before == "per" and digits.isdigit():
            return float(digits)
    return None
