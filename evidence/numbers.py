"""How numbers are written: as published, or to the figures that our own calculation bears."""

from __future__ import annotations

import math

import pandas as pd

MINUS = "\N{MINUS SIGN}"
"""What people read before a number below zero; a hyphen breaks lines and is read as a dash."""


def is_blank(value: object) -> bool:
    """True for a missing cell of any kind: None, NA, NaN or an empty string."""
    if value is None or value is pd.NA:
        return True
    return value == "" or (isinstance(value, float) and math.isnan(value))


def number(value: float, places: int = 0) -> str:
    """A number as published: no digits lost, thousands with commas.

    ``places`` is the least number of decimals, for numbers that stand beside others.
    """
    text = f"{value:,.10g}" if abs(value) < 1e10 else f"{value:,.0f}"
    if len(text.partition(".")[2]) < places:
        text = f"{value:,.{places}f}"
    return text.replace("-", MINUS)


def ratio(value: float) -> str:
    """A ratio to two decimals; more for ratios so near to nothing that they would vanish."""
    if 0 < value < 0.01:
        return f"{value:.2g}"
    return f"{value:,.2f}"


def three_figures(value: float) -> str:
    """A number that we calculated, to three significant figures."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(float(f"{value:.2e}")))))
    return f"{value:,.{digits}f}".replace("-", MINUS)


def ours(value: float, unit: str) -> str:
    """A number that we calculated: percentages to one decimal, others to three figures."""
    if unit == "%":
        return f"{value:z,.1f}".replace("-", MINUS)
    return three_figures(value)


def with_unit(text: str, unit: str) -> str:
    """A number's text with its unit: "52%", "3.5 per 1,000 births", "12 percentage points"."""
    if unit == "%":
        return f"{text}%"
    return text if unit in {"", "ratio"} else f"{text} {unit}"


def limits(
    lower: object, upper: object, *, style: str = "published", unit: str = "", places: int = 0
) -> str:
    """Limits as text, "0.80 to 0.92", or an empty string where there are none.

    ``style`` is "published" (digits as they are), "ratio" (two decimals) or "ours" (calculated,
    in the unit given); ``places`` is the least number of decimals of published limits.
    """
    if is_blank(lower) or is_blank(upper):
        return ""
    low, high = float(lower), float(upper)  # type: ignore[arg-type]

    def show(value: float) -> str:
        if math.isinf(value):
            return "no upper limit"
        if style == "ours":
            return ours(value, unit)
        if style == "ratio":
            return _beside_one(value)
        return number(value, places)

    return f"{show(low)} to {show(high)}"


def _beside_one(value: float) -> str:
    """A limit of a ratio; one that rounds to 1.00 says on which side of 1 it lies."""
    text = ratio(value)
    if text != "1.00" or value == 1:
        return text
    return "just above 1" if value > 1 else "just below 1"
