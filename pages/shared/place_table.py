"""The tables beside the maps: every borough with its figure, its limits and a link to its page."""

from __future__ import annotations

from html import escape

import pandas as pd

from evidence.downloads import download_csv
from evidence.numbers import is_blank
from evidence.place_sentences import verdict_across
from evidence.place_values import AcrossBoroughs, Standing
from evidence.places import Shown
from evidence.statements import RowLike, figure_value, named, when
from pages.shared.data import against, evidence_base
from pages.shared.html import link, table

BY_VALUE, BY_NAME = "Figure", "Name"


def place_table(across: AcrossBoroughs, indicator: RowLike, first: RowLike, order: str) -> str:
    """Every borough with what is shown of it, as HTML.

    Parameters
    ----------
    across
        What is shown of each borough.
    indicator
        The indicator's row.
    first
        A figure of the set, for its period.
    order
        :data:`BY_VALUE`, the highest first and those without a number last, or :data:`BY_NAME`.
    """
    groups = evidence_base().groups
    rows = across.boroughs
    if order == BY_VALUE:
        rows = rows.sort_values(["value", "name"], ascending=[False, True], na_position="last")
    limited = bool(rows["lower"].notna().any())
    judged = limited and bool(rows["verdict"].notna().any())
    heading = {
        Shown.FIGURE: groups.short(across.group),
        Shown.RATIO: f"Ratio to {groups.short(str(across.reference))}" if across.reference else "",
        Shown.DIFFERENCE: f"Difference ({across.unit})",
    }[across.shown]
    columns = ["Borough", heading]
    columns += ["95% limits"] if limited else []
    columns += ["In words"] if judged else []
    body = []
    for row in rows.to_dict("records"):
        cells = [_to_borough(row["name"]), str(row["told"]).removesuffix(" times")]
        if limited:
            cells.append(_limits(row))
        if judged:
            there = row["standing"] == Standing.MEASURED
            direction = str(indicator["direction"])
            cells.append(verdict_across(row, across, direction) if there else "")
        body.append(cells)
    who = groups.people(across.group, str(indicator["people"]))
    note = ""
    if across.london is not None:
        rule = " A borough is called higher or lower where its limits leave that out."
        told = f"London as a whole: {figure_value(across.london)}.{rule if judged else ''}"
        note = f'<p class="reading">{escape(told)}</p>'
    return note + table(
        body,
        columns,
        caption=f"{named(indicator)}, {who}, by borough, {when(first)}",
        numeric=[1, 2] if limited else [1],
        raw=[0],
    )


def years_table(
    series: pd.DataFrame, across: AcrossBoroughs, indicator: RowLike, reference: str | None
) -> str:
    """Every borough with each period's figure, and that of the other group in brackets."""
    base = evidence_base()
    names = dict(zip(base.boroughs["borough_code"], base.boroughs["name"], strict=True))
    mine = series[series["geography_code"].isin(names)]
    periods = list(mine.loc[mine["value"].notna(), "period"].unique())
    told = {
        (row["geography_code"], row["period"], row["ethnic_group"]): row["told"]
        for row in mine.to_dict("records")
    }
    body = []
    for code, name in sorted(names.items(), key=lambda item: item[1]):
        cells = []
        for period in periods:
            own = told.get((code, period, across.group))
            other = told.get((code, period, reference))
            text = own or "not measured"
            cells.append(f"{text} ({other})" if reference is not None and other else text)
        body.append([_to_borough(name), *cells])
    groups = base.groups
    others = f", in brackets {groups.short(reference)}" if reference else ""
    return table(
        body,
        ["Borough", *periods],
        caption=f"{indicator['name']}: {groups.short(across.group)}{others}",
        numeric=range(1, len(periods) + 1),
        raw=[0],
    )


def figures_behind(rows: pd.DataFrame, across: AcrossBoroughs) -> bytes:
    """The figures behind a map, each with its limits, definition and citation, as CSV.

    ``rows`` are the joined set that ``across`` was made from, or its years.
    """
    base = evidence_base()
    pair = [across.group, *([across.reference] if across.reference else [])]
    own = rows[rows["ethnic_group"].isin(pair)]
    # Each borough and period is a set of its own, in which the reader's choice is the reference.
    own = own.assign(set_id=own["geography_code"] + " " + own["period"])
    gaps = against(own, across.reference or "")
    return download_csv(gaps, base.indicators, base.sources, base.groups)


def _to_borough(name: str) -> str:
    return link(name, "boroughs", borough=name)


def _limits(row: RowLike) -> str:
    if row["standing"] != Standing.MEASURED:
        return ""
    return "not published" if is_blank(row["lower"]) else str(row["limits_told"])
