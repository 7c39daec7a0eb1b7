"""Formulas: how every number of the dashboard is got, with an example from its own figures."""

from __future__ import annotations

import streamlit as st

from evidence.methods import METHODS, Family
from pages.shared.html import link
from pages.shared.layout import page_header, section, unknown
from pages.shared.method_note import show_method

page_header(
    "Formulas",
    "How every number on this dashboard is got: the formula, its source, and an example worked "
    "out from our own figures.",
)

# A link to one method puts it on top: the page is drawn bit by bit, so that a browser can't find
# a place further down when it opens.
asked = st.query_params.get("method")
if asked is not None and asked not in METHODS:
    unknown("a method", asked)
elif asked is not None:
    section(METHODS[asked].name, METHODS[asked].answers)
    show_method(METHODS[asked])
    st.html(f"<p>{link('Close this method', 'formulas')}</p>")

st.html(
    "<p>Open a method for its formula, the same in words, and an example. Examples are checked "
    "against the program that the pages use. "
    f"{link('How figures are compared', 'methods')} tells the rules in short.</p>"
)
for family in Family:
    section(family.value)
    for one in METHODS.values():
        if one.family is family:
            label = f"**{one.name}.** {one.answers}"
            with st.expander(label, key=f"method-{one.key}", type="compact"):
                show_method(one, heading=True)
