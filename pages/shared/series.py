"""A comparison over the years: chart, table and download."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from charts.trend import trend_chart
from evidence.downloads import download_csv
from evidence.selection import series_of
from evidence.statements import figure_limits, figure_value, gap_size, verdict_words
from pages.shared.data import evidence_base
from pages.shared.html import link, table
from pages.shared.layout import theme
from pages.shared.picker import Choice


def show_series(choice: Choice, rows: pd.DataFrame) -> None:
    """Show the chosen group and the reference group in every period of the same series.

    ``rows`` are the figures of the disease area with the columns of their gaps.
    """
    base = evidence_base()
    series = series_of(rows, choice.rows)
    references = choice.rows["reference_group"].dropna().unique()
    pair = [choice.group, *references]
    shown = series[series["ethnic_group"].isin(pair)].sort_values(["year", "period"])
    if shown["period"].nunique() < 2:
        st.info("This source has figures for one period alone here, so there is nothing to follow.")
        return
    chart = trend_chart(shown, choice.indicator, base.groups, theme(), chosen=choice.group)
    st.html(f'<h3>{escape(chart.title)}</h3><p class="subtitle">{escape(chart.subtitle)}</p>')
    st.plotly_chart(
        chart.figure, theme=None, key="series", alt=chart.alt, config={"displayModeBar": False}
    )
    body = [
        [
            f"{row['period']} (history)" if row["history"] else str(row["period"]),
            base.groups.short(str(row["ethnic_group"])),
            figure_value(row),
            figure_limits(row) or "not published",
            gap_size(row, row) if pd.notna(row["ratio"]) else "",
            verdict_words(str(row["verdict"]), str(choice.indicator["direction"]))
            if pd.notna(row["verdict"])
            else "",
            link("Details", "library", figure=str(row["figure_id"])),
        ]
        for row in shown.to_dict("records")
    ]
    st.html(
        table(
            body,
            ["Period", "Ethnic group", "Figure", "95% limits", "Ratio", "In words", "More"],
            caption=chart.title,
            numeric=[2, 3],
            raw=[6],
        )
    )
    st.download_button(
        "Download every period (CSV)",
        download_csv(series, base.indicators, base.sources, base.groups),
        file_name=f"{choice.indicator['indicator_id']}-over-the-years.csv",
        mime="text/csv",
        key="series-download",
        on_click="ignore",
    )
