"""The entry point: ``streamlit run app.py`` starts the dashboard."""

from __future__ import annotations

import streamlit as st

from pages.shared.layout import NAME, footer, frame

st.set_page_config(page_title=NAME, page_icon="static/icon.svg", layout="wide")
tone = "dark" if st.context.theme.type == "dark" else "light"
st.logo(f"static/logo-{tone}.svg", size="large")

page = st.navigation(
    [
        st.Page("pages/overview.py", title="Overview", default=True),
        st.Page("pages/disease_areas.py", title="Disease areas", url_path="disease-areas"),
        st.Page("pages/boroughs.py", title="Boroughs", url_path="boroughs"),
        st.Page("pages/library.py", title="Evidence library", url_path="library"),
        st.Page("pages/suggest.py", title="Suggest evidence", url_path="suggest"),
        st.Page("pages/methods.py", title="Sources and methods", url_path="methods"),
    ],
    position="top",
)
frame()
page.run()
footer()
