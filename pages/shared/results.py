"""The list of figures that a search found, a sheet at a time."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from evidence.numbers import is_blank
from evidence.statements import RowLike, figure_limits, figure_value, when
from evidence.strength import Strength
from pages.shared.data import evidence_base, source_row
from pages.shared.html import link, marks, table

PER_SHEET = 25


def kept_filters() -> dict[str, str]:
    """The filters of the address, without what is opened and the page number."""
    passing = {"figure", "open", "sheet"}
    return {name: value for name, value in st.query_params.items() if name not in passing}


def choose_sheet(count: int, per_sheet: int) -> int:
    """Let the reader turn the pages of a list of ``count`` rows; how many rows come before."""
    filters = kept_filters()
    if st.session_state.setdefault("searched", filters) != filters:
        # Another search starts again at its first page.
        st.session_state["searched"] = filters
        st.session_state["sheet"] = 1
    sheets = -(-count // per_sheet)
    if sheets < 2:
        return 0
    sheet = st.number_input(
        f"Page (of {sheets:,})", 1, sheets, key="sheet", width=160, bind="query-params"
    )
    return (sheet - 1) * per_sheet


def _who(row: RowLike) -> str:
    """The group of a figure, with what narrows it."""
    group = evidence_base().groups.short(str(row["ethnic_group"]))
    return group if is_blank(row["population"]) else f"{group}, {row['population']}"


def result_list(found: pd.DataFrame) -> None:
    """Show figures as a table; ``found`` is in the order in which they are listed."""
    base = evidence_base()
    filters = kept_filters()
    before = choose_sheet(len(found), PER_SHEET)
    shown = found.iloc[before : before + PER_SHEET]
    names = base.indicators.set_index("indicator_id")["name"]
    body = []
    for row in shown.to_dict("records"):
        origin = source_row(row["source_id"])
        body.append(
            [
                link(names[row["indicator_id"]], "library", **filters, figure=row["figure_id"]),
                _who(row),
                " ".join(filter(None, [escape(figure_value(row)), marks(row)])),
                figure_limits(row) or "not published",
                row["geography_name"],
                when(row),
                "" if is_blank(row["strength"]) else Strength(row["strength"]).label,
                "not available" if origin is None else str(origin["publisher"]),
            ]
        )
    html = table(
        body,
        [
            "Indicator",
            "Ethnic group",
            "Figure",
            "95% limits",
            "Area",
            "Period",
            "Evidence",
            "Source",
        ],
        caption=f"Figures {before + 1:,} to {before + len(shown):,} of {len(found):,}, "
        "the newest first, history last",
        numeric=[3],
        raw=[0, 2],
    )
    st.html(f'<div class="results">{html}</div>')
