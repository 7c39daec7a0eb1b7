"""A figure opened: everything known of it."""

from __future__ import annotations

import streamlit as st

from evidence.vocabulary import DiseaseArea
from pages.shared.chart import set_table
from pages.shared.data import evidence_base, indicator_row, source_row, with_gaps
from pages.shared.figures import other_source, sentence
from pages.shared.html import area_chip, description_list, figure_facts, link, marks, wrong_link
from pages.shared.layout import section, statement
from pages.shared.results import kept_filters


def show_figure(figure_id: str) -> None:
    """Show one figure: its sentence, its facts, and the set that it is compared in."""
    base = evidence_base()
    every = with_gaps()
    row = every[every["figure_id"] == figure_id].iloc[0].to_dict()
    indicator = indicator_row(str(row["indicator_id"]))
    source = source_row(str(row["source_id"]))
    section(f"Figure {figure_id}")
    statement(sentence(row))
    st.html(f"<p>{area_chip(row)} {marks(row)}</p>")
    label = base.groups.people(str(row["ethnic_group"]), str(indicator["people"]))
    named = label[:1].upper() + label[1:]
    facts = figure_facts(row, indicator, source, named, other_source(row))
    st.html(description_list(facts, raw=["Source"]))
    together = every[every["set_id"] == row["set_id"]]
    if len(together) > 1:
        st.html("<h3>Compared with</h3>")
        st.html(set_table(together, indicator, base.groups, chosen=str(row["ethnic_group"])))
    area = DiseaseArea(row["disease_area"]).label
    see = link(
        "See it as a chart",
        "disease-areas",
        area=area,
        indicator=str(indicator["name"]),
        place=str(row["geography_name"]),
    )
    close = link("Close this figure", "library", **kept_filters())
    st.html(f"<p>{see} · {wrong_link(figure_id)} · {close}</p>")
