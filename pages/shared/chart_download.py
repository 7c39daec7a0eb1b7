"""Buttons that save a chart as a picture, with its title, source and citation inside.

The picture is made in the reader's browser by ``static/chart-download.js``: the server needs no
browser of its own, and nothing leaves the reader's machine. plotly.js is fetched from this
server when a button is pressed, not before. The script is a file of this server and not a
Streamlit component, whose inline code a strict content security policy would refuse;
``pages/shared/layout.py`` puts it on every page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from html import escape

import pandas as pd
import plotly
import streamlit as st

from charts.chart import Chart
from charts.pictures import KeyMark, picture_figure
from evidence.citations import citation as whole_citation
from evidence.citations import short_citation
from pages.shared.data import evidence_base, source_row
from pages.shared.layout import NAME, released

LIBRARY = f"assets/plotly.min.js?{plotly.__version__}"
"""The address of plotly.js, as ``app.py`` serves it; the version renews what browsers keep."""
MOST_SOURCES = 12
"""More sources than these are counted and not named: each figure of the download names its own."""

FORMATS = {"png": "PNG", "svg": "SVG"}


def cited_in_picture(source_ids: Iterable[str]) -> tuple[str, str]:
    """The source line and the citation of a picture, as plain text, from the sources' ids.

    The citation names this dashboard with the date of its tables, then each source in full,
    unless there are more than :data:`MOST_SOURCES`.
    """
    rows = [row for row in map(source_row, dict.fromkeys(source_ids)) if row]
    ours = f"{NAME}, tables of {released(evidence_base())}."
    if len(rows) > MOST_SOURCES:
        return f"{len(rows)} publications, named in the download of the figures", ours
    told = "; ".join(short_citation(row) for row in rows)
    return told, " ".join([ours, *map(whole_citation, rows)])


def sources_of(rows: pd.DataFrame) -> list[str]:
    """The sources of figures, the second sources of those that we calculated among them."""
    both = pd.concat([rows["source_id"], rows["calculation_source_id"]])
    return [str(name) for name in both.dropna().unique()]


def chart_downloads(
    chart: Chart,
    *,
    source: str,
    citation: str,
    name: str,
    key: str,
    note: str = "",
    legend: Sequence[KeyMark] = (),
) -> None:
    """Show the buttons "Download chart as PNG" and "Download chart as SVG".

    Parameters
    ----------
    chart
        The chart as it is shown, in the colours of either theme. What writes on its fills or
        mixes colours, as maps do, is made anew with the light palette for this.
    source
        Who published the figures and when, as plain text: "Office for ..., 2024".
    citation
        How the figures are cited, as plain text.
    name
        The name of the file, without its ending.
    key
        A name for the buttons, unique on the page.
    note
        How the marks are read, as plain text, for those who meet the picture alone.
    legend
        The key of a map, whose page has it beside the chart.
    """
    st.html(
        picture_buttons(
            chart,
            source=source,
            citation=citation,
            name=name,
            key=key,
            note=note,
            legend=legend,
        ),
        width="content",
    )


def save_buttons(
    chart: Chart | None,
    csv: bytes | Callable[[], bytes],
    *,
    source_ids: Iterable[str],
    name: str,
    key: str,
    label: str = "Download these figures (CSV)",
    note: str = "",
) -> None:
    """Show in one row the buttons that save the figures as CSV and their chart as a picture.

    Parameters
    ----------
    chart
        The chart, or None where there is a table alone.
    csv
        The figures, as :func:`evidence.downloads.download_csv` gives them, or what makes them
        once they are asked for.
    source_ids
        The sources of the figures, which the picture cites.
    name
        The name of the files, without their ending.
    key
        A name for the buttons, unique on the page.
    label
        What the button of the CSV file says.
    note
        How the marks are read.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            label,
            csv,
            file_name=f"{name}.csv",
            mime="text/csv",
            key=f"{key}-download",
            on_click="ignore",
        )
        if chart:
            source, citation = cited_in_picture(source_ids)
            chart_downloads(chart, source=source, citation=citation, name=name, key=key, note=note)


def picture_buttons(
    chart: Chart,
    *,
    source: str,
    citation: str,
    name: str,
    key: str,
    note: str = "",
    legend: Sequence[KeyMark] = (),
) -> str:
    """The HTML of the buttons, which carries all that the picture needs.

    Parameters are those of :func:`chart_downloads`.
    """
    words = {
        "title": chart.title,
        "subtitle": chart.subtitle,
        "alt": chart.alt,
        "note": note,
        "legend": [asdict(mark) for mark in legend],
        "source": f"Source: {source}" if source else "",
        "citation": f"Cite as: {citation}" if citation else "",
        "name": name,
        "library": LIBRARY,
        "height": int(chart.figure.layout.height or 450),
    }
    buttons = "".join(
        f'<button type="button" class="download" data-format="{kind}">'
        f"Download chart as {label}</button>"
        for kind, label in FORMATS.items()
    )
    return (
        f'<div class="downloads" role="group" id="{escape(f"{key}-pictures")}"'
        f' aria-label="{escape(f"Pictures of the chart: {chart.title}")}"'
        f' data-figure="{_attribute(picture_figure(chart.figure))}"'
        f' data-words="{_attribute(json.dumps(words))}">'
        f'{buttons}<span class="download-status" role="status"></span></div>'
    )


def _attribute(text: str) -> str:
    """JSON as an attribute's value; no tag can be read into it, which cleaners would drop."""
    return escape(text.replace("<", "\\u003c").replace(">", "\\u003e"))
