"""What became of suggestions: the public log, without names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from evidence.days import london_date
from evidence.public_log import PublicEntry
from loaders.submissions import StoreUnavailableError
from pages.shared.address import choose
from pages.shared.data import evidence_base
from pages.shared.html import link, numbers_words
from pages.shared.layout import page_header, section
from pages.shared.suggestion_log import (
    PER_SHEET,
    Outcome,
    area_of,
    count_table,
    counts,
    log_table,
    outcome,
    place_of,
)
from pages.shared.suggestion_open import open_questions
from pages.shared.suggestion_store import PublicLog, log_trouble, public_log

HOW = f"""<ul><li>Everyone can suggest evidence: {link("suggest something", "suggest")}.</li>
<li>Names, contact details and files are never shown. What looks private is held back.</li>
<li>What was right and brought no new number, such as a wrong title, is put right, and the log says
what was changed.</li>
<li>What was suggested is not evidence until it is published. Then it is a figure like any other,
with its source, and it is marked as suggested by the community.</li>
<li>If you disagree with what we decided, or we published it wrong, you can appeal: open
{link("Follow a suggestion", "follow")} with your reference number, and tell us why. A reviewer
looks again, and the log shows that you appealed.</li></ul>"""


def show_log(entries: Sequence[PublicEntry]) -> None:
    section("Every suggestion", "The newest first.")
    areas = sorted({area_of(entry, base) for entry in entries})
    places = sorted({place_of(entry, base) for entry in entries})
    with st.container(horizontal=True):
        area = choose(
            "Health topic", areas, "area", kind="a health topic", empty="All topics", width=260
        )
        place = choose(
            "Borough", places, "borough", kind="a borough", empty="All boroughs", width=260
        )
        state = choose(
            "What became of it",
            list(Outcome),
            "state",
            kind="an answer",
            show=lambda each: each.value,
            empty="Any answer",
            width=260,
        )
    found = [
        entry
        for entry in entries
        if (area is None or area_of(entry, base) == area)
        and (place is None or place_of(entry, base) == place)
        and (state is None or outcome(entry) is state)
    ]
    if not found:
        st.html(
            "<p>No suggestion fits these choices. "
            f"{link('Show all', 'answers')}, or {link('suggest something', 'suggest')}.</p>"
        )
        return
    sheets = -(-len(found) // PER_SHEET)
    sheet = 1
    if sheets > 1:
        sheet = st.number_input(
            f"Page (of {sheets:,})", 1, sheets, key="sheet", width=160, bind="query-params"
        )
    before = (sheet - 1) * PER_SHEET
    shown = found[before : before + PER_SHEET]
    caption = f"Suggestions {before + 1:,} to {before + len(shown):,} of {len(found):,}"
    st.html(log_table(shown, base, today, caption))


def show(log: PublicLog) -> None:
    entries = log.entries
    if log.unreadable:
        several = len(log.unreadable) > 1
        st.warning(
            f"{numbers_words(log.unreadable)} {'are' if several else 'is'} kept, but can't be "
            f"shown just now. {'They are' if several else 'It is'} not counted below."
        )
    if not entries and not log.unreadable:
        st.html(
            '<p class="finding">Nobody has suggested anything yet.</p>'
            "<p>Here will stand every suggestion: what it says, whether we published or declined "
            "it and why, and how long that took. "
            f"{link('Be the first to suggest evidence', 'suggest')}.</p>"
        )
        return
    st.html(counts(entries))
    show_log(entries)
    section("Open questions", "What still waits for an answer, and from whom.")
    st.html(open_questions(entries, base, today))
    section("By health topic and borough")
    st.html(
        count_table(
            entries,
            base,
            area_of,
            column="Health topic",
            caption="Suggestions by health topic",
            filter_name="area",
        )
        + count_table(
            entries,
            base,
            place_of,
            column="Borough",
            caption="Suggestions by borough",
            filter_name="borough",
        )
    )


base, today = evidence_base(), london_date(datetime.now(UTC))
page_header(
    "What became of suggestions",
    "Everything that people suggested, without their names: what we did with it, why, and how "
    "long it took.",
)
try:
    log = public_log()
except StoreUnavailableError:
    log_trouble("the public log could not be read")
    st.error("Please try again in a few minutes.", title="Sorry, we can't show the log now")
else:
    show(log)
section("How this works")
st.html(HOW)
