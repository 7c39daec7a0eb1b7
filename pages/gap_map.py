"""Evidence gaps: what is known and what is not, by borough and by ethnic group."""

from __future__ import annotations

import streamlit as st

from evidence.gap_map_words import map_csv
from evidence.periods import HISTORY_BEFORE
from pages.shared.data import evidence_base
from pages.shared.gap_choice import GapView, choose_view
from pages.shared.gap_map import legend, list_table, map_table
from pages.shared.html import link
from pages.shared.layout import NAME, page_header, released, section, statement

NOTE = (
    "A cell counts the figures of the nearest place that has any. Figures of everyone, and of "
    "people whose ethnic group is not known, are not counted, and figures from before "
    f"{HISTORY_BEFORE} only where there is nothing newer: the library lists them, too. “Nothing "
    "found” may mean that nobody has measured it, or that we have not found it. Where a cell says "
    "that own figures are suppressed or not published, a source measured them and left the "
    "numbers out. “Undated” figures come from sources that state no year."
)


def show() -> None:
    """The switch and the filters, the finding, the legend, the map."""
    base = evidence_base()
    page_header(
        "Evidence gaps",
        "Where there are figures by ethnic group, how near and how new, and where there are none. "
        "This shows what evidence there is, not what it says.",
    )
    if base.boroughs.empty or base.figures.empty:
        st.info("No map can be shown: the tables can't be read. See the notice for curators.")
        return
    view = choose_view()
    statement(view.finding())
    section(_title(view), f"Tables of {released(base)}. Choose a cell to open what is behind it.")
    st.html(legend(view.cells, view.home))
    draw = list_table if view.is_list else map_table
    caption = f"{_title(view)}: whose figures are the nearest, how many, and the year of the newest"
    drawn = draw(
        view.cells,
        view.home,
        caption=caption,
        strength=view.strength.label if view.strength else None,
    )
    skip = "" if view.is_list else '<a class="skip" href="#after-the-map">Skip the map</a>'
    after = f"{NOTE} {link('Tell us what we have missed', 'suggest')}."
    st.html(f'{skip}{drawn}<p id="after-the-map" tabindex="-1" class="reading">{after}</p>')
    citation = f"{NAME}. Evidence gap map, {_title(view)}. Tables of {released(base)}."
    st.download_button(
        "Download this map (CSV)",
        lambda: map_csv(view.cells, view.home, base.groups, citation=citation),
        file_name="evidence-gap-map-london.csv",
        mime="text/csv",
        on_click="ignore",
    )
    if view.borough:
        text = f"The widest gaps of which we hold no figure for {view.borough}"
        st.html(f"<p>{link(text, 'gap-explorer', unmeasured=view.borough)}</p>")


def _title(view: GapView) -> str:
    """What the map shows: "Diabetes by borough, for people from Black ethnic groups"."""
    what = view.area.label if view.area else "All disease areas"
    if view.by_group:
        rows = evidence_base().groups.people(view.group) if view.group else "by ethnic group"
    else:
        rows = f"in {view.borough}" if view.borough else "by borough"
    joint = ", for" if view.by_group and view.group else ""
    about = f", {view.about}" if view.about else ""
    return f"{what}{joint} {rows}{about}"


show()
