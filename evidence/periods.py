"""When a figure is about: reading the years out of a period as a source writes it."""

from __future__ import annotations

import re
from calendar import month_name

import pandas as pd

HISTORY_BEFORE = 2010
"""Data that ended before this year is history: shown as such, and ranking nothing."""

RECENT_YEARS = 7
"""Data that ended no more than this many years before the tables' date counts as recent."""

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_SPAN = re.compile(r"\b((?:19|20)\d{2})\s*[-/–]\s*(\d{2})\b(?!\d)")  # noqa: RUF001

_MONTHS = list(month_name)
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS[1:])})\b")
_QUARTER = 0.25
"""Where in a calendar year a financial year begins and ends; a school year is near enough."""


def years(period: str) -> tuple[int, int] | None:
    """The first and last calendar year of a period, or None where it gives no year.

    Reads "2019", "2019-20", "2019/20", "2013-2016", "April 2019 to March 2023" and "February
    2025". "2019-20" is a financial or school year, which ends in 2020.
    """
    found: list[int] = []
    for first, last in _SPAN.findall(period):
        century = int(first) // 100 * 100
        end = century + int(last)
        found += [int(first), end if end >= int(first) else end + 100]
    found += [int(year) for year in _YEAR.findall(_SPAN.sub(" ", period))]
    return (min(found), max(found)) if found else None


def extent(period: str) -> tuple[float, float] | None:
    """When a period begins and ends, in decimal years, or None where it gives no year.

    "2019" is 2019.0 to 2020.0 and "2016-2018" is 2016.0 to 2019.0, as both name whole calendar
    years. "2019-20" and "2019/20" are the year from April 2019: periods of this kind name the
    same year where they touch, and share none of it. "2013-14 to 2015-16" is three such years.
    """
    span = years(period)
    if span is None:
        return None
    months = _MONTH.findall(period)
    if months:
        begins, ends = _MONTHS.index(months[0]) - 1, _MONTHS.index(months[-1])
        return span[0] + begins / 12, span[1] + ends / 12
    spans = _SPAN.findall(period)
    across = all((int(first) + 1) % 100 == int(last) for first, last in spans)
    if spans and across and not _YEAR.search(_SPAN.sub(" ", period)):
        return span[0] + _QUARTER, span[1] + _QUARTER
    return float(span[0]), span[1] + 1.0


def add_years(figures: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Give each figure the year in which its data ended, and whether that is history.

    Data whose period is not stated is history if its source was published before 2010: it
    can't be newer than its publication.

    Parameters
    ----------
    figures
        Columns of the Figure model.
    sources
        Columns of the Source model.

    Returns
    -------
    pandas.DataFrame
        The same rows with the columns year (the last calendar year of the period, missing where
        it gives none) and history (bool).
    """
    frame = figures.copy()
    spans = {period: years(period) for period in frame["period"].unique()}
    ends = {period: span[1] for period, span in spans.items() if span}
    frame["year"] = frame["period"].map(ends).astype("Int64")
    printed = pd.to_numeric(sources["published"].str[:4], errors="coerce")
    printed.index = pd.Index(sources["source_id"])
    latest = frame["year"].astype("Float64").fillna(frame["source_id"].map(printed))
    frame["history"] = (latest < HISTORY_BEFORE).fillna(False).astype(bool)
    return frame
