"""The figures of a series in time: where they stand, what may be joined, and what lies beside."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evidence.numbers import is_blank
from evidence.periods import extent
from evidence.sets import SET_KEYS
from evidence.strength import INCOMPLETE
from evidence.vocabulary import BlankReason

DEFINITION_KEYS = (*[key for key in SET_KEYS if key != "period"], "calculation")
"""What two figures must share to be counted in the same way."""

_TOUCH = 1e-9
"""Decimal years that meet differ by no more than the error of their sums."""

JOINED_WITHIN = 0.5
"""Years that may lie between two periods that a line joins: less than a year left out."""

WITHOUT_PERIOD = "the period is not stated"
SOFTENED = "the source gives no exact number"
LOOKS_INCOMPLETE = "the records look incomplete"
OVERLAPS = "the period shares years with a later one"

CHANGED = "definition changed"
ELSEWHERE = "another source"
"""What parts a series from figures beside it."""


def timed(rows: pd.DataFrame) -> pd.DataFrame:
    """Place figures in time, and say which can't be held against the others.

    Of periods that share years, such as averages over three years rolled forward, the newest
    stands, then the newest that ended before it began, and so on: the others repeat it.

    Parameters
    ----------
    rows
        Figures of one or more groups that differ in their period alone.

    Returns
    -------
    pandas.DataFrame
        The same rows from the first period to the last, with the columns starts, ends and at
        (the period's begin, end and middle in decimal years, missing where it gives no year) and
        left_out (why the figure takes no part in a test; missing where it does).
    """
    frame = rows.copy()
    extents = [extent(str(period)) or (np.nan, np.nan) for period in frame["period"]]
    frame[["starts", "ends"]] = np.array(extents, dtype=float).reshape(-1, 2)
    frame["at"] = (frame["starts"] + frame["ends"]) / 2
    frame = frame.sort_values(["at", "period"], kind="stable")
    why = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    blank = frame["value"].isna()
    why[blank] = [BlankReason(reason).label for reason in frame.loc[blank, "blank_reason"]]
    for reason, found in (
        (WITHOUT_PERIOD, frame["at"].isna()),
        (SOFTENED, frame["qualifier"].notna()),
        (LOOKS_INCOMPLETE, frame["note"].str.contains(INCOMPLETE, regex=False, na=False)),
    ):
        why[found & why.isna()] = reason
    for _, part in frame[why.isna()].groupby("ethnic_group"):
        newest_first = part.sort_values("ends", ascending=False)
        begun = np.inf
        for label, starts, ends in zip(
            newest_first.index, newest_first["starts"], newest_first["ends"], strict=True
        ):
            if ends > begun + _TOUCH:
                why[label] = OVERLAPS
            else:
                begun = starts
    frame["left_out"] = why
    return frame


def neighbours(
    figures: pd.DataFrame, series: pd.DataFrame, indicators: pd.DataFrame, pair: list[str]
) -> pd.DataFrame:
    """Figures of the same thing, place and groups that other years count in another way.

    A definition that changed makes an indicator of its own in the tables, which the same source
    tells in the same phrase; and the same indicator can go on in another source. Only figures
    whose years no figure of the series shares are wanted, to show what came before or after it.

    Parameters
    ----------
    figures
        Figures to look in.
    series
        The figures of the series.
    indicators
        The table of that name.
    pair
        The codes of the groups.

    Returns
    -------
    pandas.DataFrame
        Rows of ``figures`` with the columns of :func:`timed` and break_told ("definition changed"
        or "another source").
    """
    first = series.iloc[0]
    phrases = indicators.set_index("indicator_id")["phrase"]
    alike = phrases.index[phrases == phrases[first["indicator_id"]]]
    same = figures["indicator_id"].isin(alike) & figures["ethnic_group"].isin(pair)
    near = figures[same & figures["value"].notna()]
    for key in ("geography_code", "age", "sex", "population", "measure", "unit"):
        near = near[near[key].fillna("") == ("" if is_blank(first[key]) else first[key])]
    changed = (near["indicator_id"] != first["indicator_id"]) & (
        near["source_id"] == first["source_id"]
    )
    elsewhere = (near["indicator_id"] == first["indicator_id"]) & (
        near["source_id"] != first["source_id"]
    )
    told = np.where(changed, CHANGED, ELSEWHERE)
    near = near.assign(break_told=told)[changed | elsewhere]
    found, ours = timed(near), timed(series[series["value"].notna()])
    begins, ends = ours["starts"].to_numpy()[None, :], ours["ends"].to_numpy()[None, :]
    sooner = found["starts"].to_numpy()[:, None] < ends - _TOUCH
    later = found["ends"].to_numpy()[:, None] > begins + _TOUCH
    shared = (sooner & later).any(axis=1)
    free = found["at"].notna().to_numpy() & ~shared
    return found[free].drop_duplicates(["ethnic_group", "at"])


def runs(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The figures of one group that a line may join: without a year or a definition between."""
    used = rows[rows["value"].notna() & rows["at"].notna()]
    used = used[used["left_out"].isin([OVERLAPS]) | used["left_out"].isna()]
    if used.empty:
        return []
    apart = used["starts"] - used["ends"].shift() > JOINED_WITHIN
    code = definitions(used)
    broken = apart | (code != code.shift()) & code.shift().notna()
    return [part for _, part in used.groupby(broken.cumsum())]


def definitions(rows: pd.DataFrame) -> pd.Series:
    """A number for each way of counting among figures, in the order in which they come."""
    return rows.groupby(list(DEFINITION_KEYS), dropna=False, sort=False).ngroup()
