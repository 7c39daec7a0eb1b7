"""What is being done: every programme that acts on inequality, by health topic and borough."""

from __future__ import annotations

import streamlit as st

from evidence.programmes import programmes_csv, that_act
from evidence.vocabulary import DiseaseArea
from pages.shared.address import choose
from pages.shared.data import evidence_base, programmes
from pages.shared.html import link
from pages.shared.layout import page_header
from pages.shared.programmes import programme_list


def show() -> None:
    """The page: choose a topic and a borough; the programmes, and their download."""
    base, every = evidence_base(), programmes()
    page_header(
        "What is being done",
        "Programmes that act on racial inequality in health in London. People suggested them, "
        "and reviewers checked them against the source beside each.",
    )
    if not every:
        st.html(
            '<p class="finding">Nobody has told us of a programme yet.</p><p>That does not mean '
            "that nothing is being done. Do you run or know of a programme? "
            f"{link('Tell us about it', 'suggest')}.</p>"
        )
        return
    topics = [area for area in DiseaseArea if any(each.disease_area is area for each in every)]
    boroughs = sorted(base.boroughs["name"])
    with st.container(horizontal=True):
        area = choose(
            "Health topic",
            topics,
            "area",
            kind="a health topic with a programme",
            show=lambda each: each.label,
            empty="All topics",
            width=320,
        )
        place = choose(
            "Borough", boroughs, "borough", kind="a borough", empty="All boroughs", width=320
        )
    found = that_act(every, area, place)
    if not found:
        st.html(
            "<p>We know of no programme for these choices. That does not mean that there is none. "
            f"{link('Show all', 'programmes')}, or {link('tell us of one', 'suggest')}.</p>"
        )
        return
    count = "1 programme" if len(found) == 1 else f"{len(found):,} programmes"
    wide = sum(not each.areas for each in found)
    of_it = f", {wide:,} of them for all of London" if place and wide else ""
    st.html(f'<p class="finding">{count}{of_it}.</p>')
    st.html(programme_list(found, base))
    st.download_button(
        f"Download {count} as CSV",
        lambda: programmes_csv(found),
        file_name="programmes-racial-health-inequalities-london.csv",
        mime="text/csv",
        on_click="ignore",
    )
    st.html(
        "<p>A programme stands here because it acts, not because we found that it works. What "
        f"changed is what the programme itself reports. {link('Suggest another', 'suggest')}.</p>"
    )


show()
