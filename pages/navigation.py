"""The menu and the frame of every page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.shared.layout import NAME, STATIC, footer, frame
from pages.shared.sign_in import reviewer

HERE = Path(__file__).resolve().parent

page = st.navigation(
    [
        st.Page(HERE / "overview.py", title="Overview", default=True),
        st.Page(HERE / "disease_areas.py", title="Disease areas", url_path="disease-areas"),
        st.Page(HERE / "boroughs.py", title="Boroughs", url_path="boroughs"),
        st.Page(HERE / "maps.py", title="Maps", url_path="maps"),
        st.Page(HERE / "gap_map.py", title="Evidence gaps", url_path="evidence-gaps"),
        st.Page(HERE / "explorer.py", title="Widest gaps", url_path="gap-explorer"),
        st.Page(HERE / "library.py", title="Evidence library", url_path="library"),
        st.Page(HERE / "suggest.py", title="Suggest evidence", url_path="suggest"),
        st.Page(
            HERE / "review.py",
            title="Review",
            url_path="review",
            visibility="visible" if reviewer() else "hidden",
        ),
        st.Page(HERE / "methods.py", title="Sources and methods", url_path="methods"),
        st.Page(HERE / "formulas.py", title="Formulas", url_path="formulas"),
    ],
    position="top",
)
st.set_page_config(
    page_title=f"{page.title} - {NAME}", page_icon=str(STATIC / "icon.svg"), layout="wide"
)
tone = "dark" if st.context.theme.type == "dark" else "light"
st.logo(str(STATIC / f"logo-{tone}.svg"), size="large")
frame()
page.run()
footer()
