"""Every group of each borough as dots on a line, with the same numbers as a table."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from charts.equiplot import equiplot
from charts.equiplot_words import ends
from evidence.downloads import download_csv
from evidence.inequality_words import distance
from evidence.place_groups import (
    NAME,
    caution_of_groups,
    distances,
    groups_across,
    in_lines,
    why_no_groups,
)
from evidence.place_values import AcrossBoroughs
from evidence.statements import RowLike, figure_limits, figure_value, named, when
from pages.shared.address import switch
from pages.shared.chart_download import save_buttons, sources_of
from pages.shared.data import against, evidence_base
from pages.shared.figures import cited
from pages.shared.html import age_chip, link, table
from pages.shared.layout import statement, theme
from pages.shared.place_picker import WAYS, PlaceChoice

KEY = "map-groups"
BY_DISTANCE, BY_NAME = "Distance between groups", "Name"


def show_groups(choice: PlaceChoice, opening: DeltaGenerator) -> None:
    """The finding in ``opening``, then the chart, its table, its source and its downloads."""
    base = evidence_base()
    across = choice.across
    apart = groups_across(choice.rows, base.groups, group=across.group, reference=across.reference)
    if why := why_no_groups(choice.rows, apart):
        st.info(f"{why} The other ways show one group at a time.")
        return
    order = switch("Order", [BY_NAME, BY_DISTANCE], "order", kind="an order")
    apart = in_lines(apart, base.groups, by_distance=order == BY_DISTANCE)
    chart = equiplot(
        apart,
        choice.indicator,
        base.groups,
        theme(),
        lines=NAME,
        chosen=across.group,
        blanks=choice.rows[choice.rows["value"].isna()],
    )
    if chart is None:
        return
    first = apart.iloc[0].to_dict()
    note = " ".join([HOW_READ, as_figures(across), caution_of_groups(apart)])
    with opening:
        statement(f"{chart.title}.")
        st.html(
            f'<p class="subtitle">{escape(chart.subtitle)}</p><p>{age_chip(first)}</p>'
            f'<p class="reading">{escape(note)} {link("What limits are", "methods")}.</p>'
        )
    st.plotly_chart(
        chart.figure,
        theme=None,
        key=KEY,
        alt=chart.alternative,
        config={"displayModeBar": False, "responsive": True},
    )
    st.html(groups_table(choice, apart) + _without_line(apart))
    st.html(cited(first))
    save_buttons(
        chart,
        partial(figures_of_groups, apart, across.reference),
        source_ids=sources_of(apart),
        name=f"{first['indicator_id']}-boroughs-groups",
        key=KEY,
        note=note,
    )


HOW_READ = (
    "A borough has a line if two groups or more have a figure there; every group is a mark on its "
    "line, or just above or below where marks would hide one another."
)


def as_figures(across: AcrossBoroughs) -> str:
    """What the choices above the chart do here, where every group's own figure is drawn."""
    if across.reference is None:
        return ""
    against = evidence_base().groups.short(across.reference)
    way = WAYS[across.shown]
    return f"Marks are the groups' own figures; the {way} {against} are in the CSV file."


def groups_table(choice: PlaceChoice, apart: pd.DataFrame) -> str:
    """Every borough with each group's figure and limits, and how far the ends lie apart.

    ``apart`` is :func:`evidence.place_groups.in_lines`.
    """
    groups = evidence_base().groups
    codes = groups.sort(apart["ethnic_group"].unique())
    every = choice.rows.drop_duplicates(["geography_code", "ethnic_group"])
    told = {
        (row[NAME], row["ethnic_group"]): row
        for row in every[every["ethnic_group"].isin(codes)].to_dict("records")
    }
    wide = distances(apart)
    of_lines = {str(name): ends(rows) for name, rows in apart.groupby(NAME, sort=False)}
    body = [
        [
            link(name, "boroughs", borough=name),
            *(_cell(told.get((name, code))) for code in codes),
            distance(float(wide[name]), *of_lines[name]),
        ]
        for name in map(str, apart[NAME].unique())
    ]
    columns = ["Borough", *map(groups.short, codes), "Distance"]
    first = apart.iloc[0].to_dict()
    limited = any(figure_limits(row) for row in told.values())
    figures = "figures with their 95% limits" if limited else "figures"
    return table(
        body,
        columns,
        caption=f"{named(choice.indicator)} by borough and ethnic group, {when(first)}: {figures}, "
        "and how far the lowest and the highest lie apart",
        numeric=range(1, len(columns)),
        raw=[0],
    )


def _cell(row: RowLike | None) -> str:
    if row is None:
        return "not measured"
    between = figure_limits(row)
    return f"{figure_value(row)} ({between})" if between else figure_value(row)


def _without_line(apart: pd.DataFrame) -> str:
    """Which boroughs have no line."""
    names = sorted(set(evidence_base().boroughs["name"]) - set(apart[NAME]))
    if not names:
        return ""
    told = f"Without figures of two groups: {', '.join(names)}."
    return f'<p class="reading">{escape(told)}</p>'


def figures_of_groups(apart: pd.DataFrame, reference: str | None) -> bytes:
    """The figures of the chart, each with its gap, limits, definition and citation."""
    base = evidence_base()
    # Each borough is a set of its own, in which the reader's choice is the reference.
    own = apart.assign(set_id=apart["geography_code"])
    gaps = against(own, reference or "")
    return download_csv(gaps, base.indicators, base.sources, base.groups)
