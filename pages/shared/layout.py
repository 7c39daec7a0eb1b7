"""The frame of every page: heading, notices, footer."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from charts.theme import LIGHT, Palette, palette
from evidence.citations import DASHBOARD
from evidence.days import day_words
from loaders.open import EvidenceBase
from pages.shared.data import community_is_missing, evidence_base
from pages.shared.html import link, palette_css

STATIC = Path(__file__).resolve().parents[2] / "static"
NAME = DASHBOARD
SCRIPTS = "".join(
    f'<script src="assets/{name}.js"></script>' for name in ("page", "chart-download")
)
"""The menu of a phone and the address of a print; the pictures of charts."""

_THEME = st.components.v2.component(
    "theme",
    js="""let told = null;
export default function({data, setTriggerValue}) {
  const app = document.querySelector('.stApp');
  const look = () => {
    const seen = getComputedStyle(app).colorScheme;
    // Told once: if the script can't follow, asking again would not help.
    if (seen === data.drawn) told = null;
    else if (seen !== told) setTriggerValue('seen', told = seen);
  };
  const watch = new MutationObserver(look);
  watch.observe(app, {attributes: true, attributeFilter: ['class']});
  look();
  return () => watch.disconnect();
}""",
)


def theme() -> Palette:
    """The colours of the theme that the reader sees."""
    return palette(st.context.theme.type)


def follow_theme() -> None:
    """Have the page drawn anew when the reader's system, or the menu, changes the theme.

    Streamlit changes its own colours at once but does not run the script, whose ink would stay
    that of the other ground.
    """
    drawn = "light" if theme() == LIGHT else "dark"
    _THEME(key="theme", data={"drawn": drawn}, on_seen_change=lambda: None, height=1)


def frame() -> None:
    """Put the style sheets on the page, with the theme's colours, and the scripts."""
    follow_theme()
    st.html(STATIC / "app.css")
    st.html(STATIC / "print.css")
    st.html(palette_css(theme().variables(), LIGHT.variables()))
    st.html(SCRIPTS, unsafe_allow_javascript=True)


def page_header(title: str, lead: str) -> None:
    """The page's heading and one sentence that says what the page answers."""
    st.html(f'<h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>')


def section(title: str, lead: str = "", *, anchor: str = "") -> None:
    """A section's heading, and a sentence on it; links on the page lead to its ``anchor``."""
    named = f' id="{escape(anchor)}" tabindex="-1"' if anchor else ""
    more = f'<p class="section-lead">{escape(lead)}</p>' if lead else ""
    st.html(f"<h2{named}>{escape(title)}</h2>{more}")


def statement(text: str) -> None:
    """A finding in words, set large."""
    st.html(f'<p class="finding">{escape(text)}</p>')


def unknown(kind: str, value: str) -> None:
    """A notice that an address names something that the dashboard does not have."""
    # In a code span nothing that stands in an address can become a link or a picture.
    plain = " ".join(value.replace("`", "'").split())[:60]
    st.warning(
        f"The address names {kind} that we don't have: `{plain}`. Showing the page without it."
    )


def curators_notice(base: EvidenceBase) -> None:
    """Say what was left out of the tables, so that a curator can mend it."""
    if base.notices:
        count = len(base.notices)
        what = "1 thing" if count == 1 else f"{count:,} things"
        with st.expander(f"For curators: {what} about published suggestions"):
            for notice in base.notices:
                st.text(notice)
    if not base.faults:
        return
    lost = f" Tables that can't be read: {', '.join(base.unreadable)}." if base.unreadable else ""
    count = len(base.faults)
    rows = "1 fault was" if count == 1 else f"{count:,} faults were"
    with st.expander(f"For curators: {rows} found in the tables"):
        st.write(f"What is faulty is left out of every page until it is mended.{lost}")
        for fault in base.faults[:20]:
            st.text(str(fault))
        if count > 20:
            st.text(f"and {count - 20:,} more: run python -m loaders check")


def released(base: EvidenceBase) -> str:
    """The date of the tables, in words."""
    return day_words(base.released) if base.released.year > 1970 else "a date not known"


def community_notice() -> None:
    """Say that figures of the community are missing, while their database can't be read."""
    if community_is_missing():
        st.warning(
            "Figures that the community suggested can't be read just now. They may be missing "
            "from this page, or out of date. Every other figure is here."
        )


def footer() -> None:
    """The foot of every page: date, licence, ways to answer."""
    base = evidence_base()
    community_notice()
    curators_notice(base)
    st.html(
        f'<footer class="foot"><p>Tables of {released(base)}. Figures are the publishers\' own '
        "unless marked as calculated by us; comparisons are ours. "
        f"{link('How we compare', 'methods')}. {link('Suggest evidence', 'suggest')}. "
        f"{link('What became of suggestions', 'answers')}. "
        "Contains public sector information licensed under the Open Government Licence v3.0.</p>"
        '<p class="print-only" data-printed></p></footer>'
    )
