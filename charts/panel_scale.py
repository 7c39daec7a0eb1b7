"""The scale that small charts of the years share: true time from left to right, values upwards."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from evidence.numbers import number, with_unit

LOW, HIGH = -0.4, 0.06
"""Where in a square the least and the largest value lie; its name stands above."""

SIDE = 0.38
"""How far to the left and right of a square's middle the first and last period lie."""


@dataclass(frozen=True)
class Scale:
    """Years and values between which every panel is drawn, and the periods at both ends."""

    first: float
    last: float
    low: float
    high: float
    periods: tuple[str, str]
    unit: str

    def point(
        self, middle: tuple[float, float], at: float, value: float, size: float = 1
    ) -> tuple[float, float]:
        """Where a value lies in a panel around a point; ``at`` is in decimal years."""
        along = (at - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        up = (value - self.low) / (self.high - self.low)
        x = middle[0] + size * SIDE * (2 * along - 1)
        return x, middle[1] + size * (LOW + (HIGH - LOW) * up)

    def printed(self, value: float) -> str:
        """A value as it is printed at an end of the scale."""
        return with_unit(number(round(value, 1)), "%" if self.unit == "%" else "")

    @property
    def years(self) -> str:
        """The periods at both ends."""
        first, last = self.periods
        return first if first == last else f"{first} to {last}"

    @property
    def told(self) -> str:
        """The scale in a sentence."""
        unit = "" if self.unit == "%" else f" ({self.unit})"
        start = "" if self.low == 0 else " and does not start at zero"
        low, high = self.printed(self.low), self.printed(self.high)
        return f"Every panel has one scale: it runs from {low} to {high}{unit}{start}."


def scale_of(series: pd.DataFrame, unit: str) -> Scale | None:
    """The scale that holds every value, its ends on round numbers; None where there is none.

    ``series`` is that of :func:`evidence.place_series.series_across`, ``unit`` that of its
    figures.
    """
    told = series[series["value"].notna() & series["at"].notna()].sort_values("at")
    if told.empty:
        return None
    low, high = float(told["value"].min()), float(told["value"].max())
    step = 10.0 ** math.floor(math.log10(high - low)) if high > low else 1.0
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    return Scale(
        float(told["at"].min()),
        float(told["at"].max()),
        low,
        high if high > low else low + step,
        (str(told["period"].iloc[0]), str(told["period"].iloc[-1])),
        unit,
    )
