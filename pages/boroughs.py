"""Boroughs: who lives in a borough, what is known of it, what is borrowed, what is missing."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from evidence.coverage import areas_around, borrowed_evidence, nearest_evidence, of_groups
from evidence.selection import latest_sets
from evidence.statements import named, when
from evidence.vocabulary import DiseaseArea, GeographyLevel
from pages.shared.address import choose
from pages.shared.borough import borrowed, map_to_choose, not_measured, who_lives_here
from pages.shared.chart import show_set
from pages.shared.data import evidence_base, indicator_row, with_gaps
from pages.shared.figures import headline_of_set, statement_list
from pages.shared.findings import findings_of
from pages.shared.html import OPENS_WITH, link, markdown_text
from pages.shared.indicator import about_indicator
from pages.shared.inequality import show_inequality
from pages.shared.known import about_everyone, history_of, known_here
from pages.shared.layout import page_header, section
from pages.shared.programmes import programmes_that_act

IN_SHORT = 8  # statements that stand in the open before the rest are folded away
KNOWN = "what-is-known"  # the section that stands far down, below many boxes


def measured(own: pd.DataFrame, name: str, code: str) -> None:
    """The borough's own figures: in short, then every group of each indicator."""
    section(f"Measured in {name}", "The newest figures for the borough itself, by ethnic group.")
    if own.empty:
        st.html(
            f"<p>No figures for {escape(name)} alone were found. "
            f"{link('Do you know of one?', 'suggest', about_borough=name)}</p>"
        )
    short = headline_of_set(own[own["ratio"].notna()])
    if len(short):
        st.html(
            "<h3>In short</h3><p class='section-lead'>The newest set of each indicator that is "
            "compared, the strongest evidence first; of its groups the one furthest from the "
            "reference, clear gaps first.</p>" + statement_list(short.head(IN_SHORT))
        )
        folded = len(short) - IN_SHORT
        if folded > 0:
            word = "indicator" if folded == 1 else "indicators"
            with st.expander(f"{folded} more {word}", key="in-short"):
                st.html(statement_list(short.iloc[IN_SHORT:]))
        st.html("<h3>Every group</h3>")
    for found in latest_sets(own).to_dict("records"):
        one = own[own["set_id"] == found["set_id"]]
        indicator = indicator_row(found["indicator_id"])
        title = markdown_text(f"{named(indicator)}, {when(found)}")
        key = f"own-{code}-{found['set_id']}"
        with st.expander(title, key=key, expanded=False, on_change="rerun") as box:
            if not box.open:
                continue
            show_set(one, indicator, key=f"set-{key}")
            show_inequality(one, indicator, key=f"set-{key}", heading=4)
            about_indicator(indicator, one)
            more = link(
                "Other years, groups and comparisons",
                "disease-areas",
                area=DiseaseArea(indicator["disease_area"]).label,
                indicator=str(indicator["name"]),
                place=name,
            )
            st.html(f"<p>{more}</p>")


def show() -> None:
    """The page of one borough."""
    base = evidence_base()
    rows = with_gaps()
    page_header(
        "Boroughs",
        "What is known about ethnic health inequalities in a borough, and what has to be borrowed "
        "from the NHS area, London or England around it.",
    )
    if base.boroughs.empty:
        st.info("The table of boroughs can't be read. See the notice for curators.")
        return

    names = sorted(base.boroughs["name"])
    left, right = st.columns([3, 2], gap="large")
    with left:
        first = OPENS_WITH["boroughs"]["borough"]
        name = choose("Borough", names, "borough", kind="a borough", default=first) or names[0]
        borough = base.boroughs[base.boroughs["name"] == name].iloc[0].to_dict()
        code = str(borough["borough_code"])
        around = areas_around(base.areas, code)
        present = base.figures[~base.figures["history"] & of_groups(base.figures)]
        near = nearest_evidence(present, base.areas, code)
        every = rows[(rows["geography_code"] == code) & rows["value"].notna()]
        own = every[~every["history"]]
        counted = int(of_groups(own).sum())
        here = int((near["level"] == GeographyLevel.BOROUGH).sum())
        st.html(
            f"<p>{escape(name)} is in {borough['inner_or_outer']} London and in the "
            f"{escape(str(borough['icb_name']))} NHS area (Integrated Care Board of 2022).</p>"
            f'<ul class="counts"><li><b>{counted:,}</b> figures of ethnic groups here</li>'
            f"<li><b>{here}</b> indicators measured here</li>"
            f"<li><b>{len(near) - here}</b> indicators measured only for larger areas</li></ul>"
            f'<p><a href="#{KNOWN}">What is known and what is not in {escape(name)}</a></p>'
        )
    with right:
        map_to_choose(code)

    section(f"Who lives in {name}")
    who_lives_here(name, code)

    measured(own, name, code)

    section(
        f"Borrowed for {name}",
        "What is measured only for larger areas, or more recently there. These figures are not "
        "about the borough alone: each carries the label of its own area. Of an indicator's groups "
        "the one furthest from the reference is told, clear gaps first; the link has all groups.",
    )
    recent = rows[~rows["history"]]
    borrowed(recent, borrowed_evidence(present, base.areas, code), around, borough)

    section(
        f"What is known and what is not in {name}",
        "For each ethnic group, how near the nearest figures are.",
        anchor=KNOWN,
    )
    known_here(name)
    text = f"The widest gaps of which we hold no figure for {name}"
    st.html(f"<p>{link(text, 'gap-explorer', unmeasured=name)}</p>")
    not_measured(near, name)

    local = base.findings[base.findings["geography_code"] == code]
    findings_of(local)
    programmes_that_act(place=name)
    history_of(every[every["history"]], name)

    section(
        f"About everyone in {name}",
        "Context without ethnic breakdown: these figures are of all residents together and say "
        "nothing of differences between ethnic groups.",
    )
    about_everyone(code, name)


show()
