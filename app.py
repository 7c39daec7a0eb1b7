"""The entry point: ``streamlit run app.py`` starts the dashboard.

The menu and the pages are in ``pages/``. Streamlit takes a folder of that name beside its script
for a menu of its own kind until the script has first run, so that whoever opened a deep link
first would get a bare page. Its script is therefore ``pages/navigation.py``, and this file is the
server that holds it.
"""

from __future__ import annotations

from pathlib import Path

import plotly
import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

ROOT = Path(__file__).resolve().parent
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def plotly_script(request: Request) -> FileResponse:
    """plotly.js as it comes with the Python library, for pictures of charts.

    Its address carries the version (``pages/shared/chart_download.py``), so browsers may keep it.
    """
    return FileResponse(PLOTLY, headers={"Cache-Control": "public, max-age=31536000, immutable"})


app = st.App(
    ROOT / "pages" / "navigation.py",
    routes=[
        Route("/assets/plotly.min.js", plotly_script),
        Mount("/assets", StaticFiles(directory=ROOT / "static"), name="assets"),
    ],
)
