"""The menu and the frame of every page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.shared.layout import NAME, STATIC, footer, frame
from pages.shared.sign_in import reviewer

HERE = Path(__file__).resolve().parent


def _page(file: str, title: str, address: str, *, visible: bool = True) -> StreamlitPage:
    return st.Page(
        HERE / f"{file}.py",
        title=title,
        url_path=address,
        visibility="visible" if visible else "hidden",
    )


page = st.navigation(
    {
        "": [
            st.Page(HERE / "overview.py", title="Overview", default=True),
            _page("disease_areas", "Disease areas", "disease-areas"),
            _page("boroughs", "Boroughs", "boroughs"),
            _page("maps", "Maps", "maps"),
            _page("library", "Evidence library", "library"),
            _page("programmes", "What is being done", "programmes"),
        ],
        "Gaps": [
            _page("explorer", "Widest gaps", "gap-explorer"),
            _page("gap_map", "Evidence gaps", "evidence-gaps"),
        ],
        "Take part": [
            _page("suggest", "Suggest evidence", "suggest"),
            _page("follow", "Follow a suggestion", "follow"),
            _page("answers", "What became of suggestions", "answers"),
            _page("review", "Review", "review", visible=reviewer() is not None),
        ],
        "About": [
            _page("methods", "Sources and methods", "methods"),
            _page("formulas", "Formulas", "formulas"),
        ],
    },
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
