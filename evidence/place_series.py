"""The years of every borough side by side: one group and the group it is held against."""

from __future__ import annotations

import pandas as pd

from evidence.numbers import is_blank
from evidence.periods import HISTORY_BEFORE
from evidence.places import PLACE_KEYS
from evidence.population import LONDON
from evidence.statements import figure_value
from evidence.vocabulary import GeographyLevel

COLUMNS = ["geography_code", "period", "year", "ethnic_group", "value", "told"]


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
        Columns geography_code (boroughs and London), period, year, ethnic_group, value (missing
        where there is none) and told (as printed, or why there is none), in order of the years.
        Periods before history, which the dashboard keeps apart, are left out, unless the set
        itself is history.
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
    told = [figure_value(row) for row in found.to_dict("records")]
    found = found.assign(told=pd.Series(told, index=found.index, dtype="str"))
    keys = ["geography_code", "period", "ethnic_group"]
    return found.sort_values(["year", "period"])[COLUMNS].drop_duplicates(keys, ignore_index=True)
