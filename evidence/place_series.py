"""The years of every borough side by side: one group and the group it is held against."""

from __future__ import annotations

import pandas as pd

from evidence.numbers import is_blank
from evidence.periods import HISTORY_BEFORE
from evidence.places import PLACE_KEYS
from evidence.population import LONDON
from evidence.statements import RowLike, figure_value
from evidence.timeline import timed
from evidence.vocabulary import GeographyLevel


def series_across(
    rows: pd.DataFrame, one: pd.DataFrame, group: str, reference: str | None
) -> pd.DataFrame:
    """The figures that differ from a joined set in place and period alone.

    Parameters
    ----------
    rows
        Figures of every place.
    one
        A joined set of :func:`evidence.places.across_boroughs`.
    group, reference
        The codes of the groups that are followed; the second may be missing.

    Returns
    -------
    pandas.DataFrame
        Figures of boroughs, and London's of the periods that a borough has, in order of time:
        the columns of ``rows``, those of :func:`evidence.timeline.timed` and told (as printed, or
        why there is no value). Periods before history, which the dashboard keeps apart, are left
        out, unless the set itself is history.
    """
    first = one.iloc[0]
    borough = rows["geography_level"] == GeographyLevel.BOROUGH
    wanted = {group} if reference is None else {group, reference}
    found = rows[(borough | (rows["geography_code"] == LONDON)) & rows["ethnic_group"].isin(wanted)]
    for key in PLACE_KEYS:
        if key != "period":
            found = found[found[key].fillna("") == ("" if is_blank(first[key]) else first[key])]
    if not first["history"]:
        found = found[(found["year"] >= HISTORY_BEFORE).fillna(False)]
    keys = ["geography_code", "period", "ethnic_group"]
    found = found.sort_values(["year", "period"]).drop_duplicates(keys, ignore_index=True)
    mine = found["geography_level"] == GeographyLevel.BOROUGH
    held = found.loc[mine & found["value"].notna(), "period"]
    found = found[mine | found["period"].isin(held)]
    told = [figure_value(row) for row in found.to_dict("records")]
    found = found.assign(told=pd.Series(told, index=found.index, dtype="str"))
    # Each place has a time of its own: what its newest period repeats is left out there.
    parts = [timed(part) for _, part in found.groupby("geography_code")] or [timed(found)]
    return pd.concat(parts).sort_values(["at", "period"], kind="stable", ignore_index=True)


def ends_of(series: pd.DataFrame, group: str) -> list[tuple[RowLike, RowLike]]:
    """The first and the newest figure of a group in each borough that can be held together.

    Figures that take no part in tests (see :func:`evidence.timeline.timed`) are passed over, and
    so are boroughs with one period alone.
    """
    own = series[series["ethnic_group"] == group]
    own = own[(own["geography_level"] == GeographyLevel.BOROUGH) & own["left_out"].isna()]
    return [
        (rows.iloc[0].to_dict(), rows.iloc[-1].to_dict())
        for _, rows in own.groupby("geography_code")
        if len(rows) > 1
    ]
