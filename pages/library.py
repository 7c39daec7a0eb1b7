"""Evidence library: every figure, to search, filter, open and download."""

from __future__ import annotations

import streamlit as st

from evidence.downloads import download_csv
from evidence.search import search
from pages.shared.data import evidence_base, with_gaps
from pages.shared.detail import show_figure
from pages.shared.filters import choose_filters
from pages.shared.html import link
from pages.shared.layout import page_header, section, unknown
from pages.shared.results import result_list


def show() -> None:
    """The search, its filters and what it found."""
    base = evidence_base()
    rows = with_gaps()
    page_header(
        "Evidence library",
        "Every figure, with everything known of it. Filter, open one, or download what you see.",
    )
    asked = st.query_params.get("figure")
    if asked:
        if (rows["figure_id"] == asked).any():
            show_figure(asked)
        else:
            unknown("a figure", asked)
    if rows.empty:
        st.info("No figures can be shown: the tables can't be read. See the notice for curators.")
        return

    section("Find figures")
    found = search(rows, choose_filters(rows), base.indicators, base.sources)
    blank = int(found["value"].isna().sum())
    section(
        f"{len(found):,} figures" if len(found) != 1 else "1 figure",
        f"{blank:,} of them blank: suppressed, or not published for the group." if blank else "",
    )
    if found.empty:
        st.html(
            "<p>We hold no figure that fits. Try fewer words or filters. If there are none to take "
            "away, this is a gap in the evidence that we found: if you know of a figure, "
            f"{link('tell us about it', 'suggest')}.</p>"
        )
        return
    result_list(found)
    st.download_button(
        f"Download all {len(found):,} as CSV",
        lambda: download_csv(found, base.indicators, base.sources, base.groups),
        file_name="racial-health-inequalities-london.csv",
        mime="text/csv",
        on_click="ignore",
    )


show()
