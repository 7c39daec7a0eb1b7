"""The entry point: ``streamlit run app.py`` starts the dashboard.

The menu and the pages are in ``pages/``. Streamlit takes a folder of that name beside its script
for a menu of its own kind until the script has first run, so that whoever opened a deep link
first would get a bare page. Its script is therefore ``pages/navigation.py``, and this file is the
server that holds it.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

ROOT = Path(__file__).resolve().parent

app = st.App(
    ROOT / "pages" / "navigation.py",
    routes=[Mount("/assets", StaticFiles(directory=ROOT / "static"), name="assets")],
)
