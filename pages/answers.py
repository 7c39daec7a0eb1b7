"""What became of suggestions: the public log, without names."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from evidence.public_log import PublicEntry
from loaders.submissions import StoreUnavailableError
from pages.shared.address import choose
from pages.shared.data import evidence_base
from pages.shared.html import link
from pages.shared.layout import page_header, section
from pages.shared.suggestion_log import (
    PER_SHEET,
    Outcome,
    area_of,
    count_table,
    days_words,
    log_table,
    median_days,
    outcome,
    place_of,
)
from pages.shared.suggestion_store import log_trouble, public_log

HOW = f"""<ul><li>Everyone can suggest evidence: {link("suggest something", "suggest")}.</li>
<li>Names, contact details and files are never shown. What looks private is held back.</li>
<li>What was suggested is not evidence until it is published. Then it is a figure like any other,
with its source, and it is marked as suggested by the community.</li>
<li>If we declined your suggestion and you disagree, you can appeal: open
{link("Follow a suggestion", "follow")} with your reference number, and tell us why. A reviewer
looks again, and the log shows that you appealed.</li></ul>"""


def show_counts(entries: list[PublicEntry]) -> None:
    counts = {"suggestions": len(entries)}
    for each in (Outcome.WAITING, Outcome.PUBLISHED, Outcome.DECLINED):
        counts[each.value.lower()] = sum(outcome(entry) is each for entry in entries)
    items = "".join(f"<li><b>{count:,}</b> {name}</li>" for name, count in counts.items())
    st.html(f'<ul class="counts">{items}</ul>')
    if (days := median_days(entries)) is not None:
        took = "on the day they came" if days == 0 else f"within {days_words(days)}"
        st.html(f"<p>Half of our decisions were made {took}.</p>")


def show_log(entries: list[PublicEntry]) -> None:
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
    st.html(log_table(shown, base, datetime.now(UTC).date(), caption))


def show(entries: list[PublicEntry]) -> None:
    if not entries:
        st.html(
            '<p class="finding">Nobody has suggested anything yet.</p>'
            "<p>Here will stand every suggestion: what it says, whether we published or declined "
            "it and why, and how long that took. "
            f"{link('Be the first to suggest evidence', 'suggest')}.</p>"
        )
        return
    show_counts(entries)
    show_log(entries)
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


base = evidence_base()
page_header(
    "What became of suggestions",
    "Everything that people suggested, without their names: what we did with it, why, and how "
    "long it took.",
)
try:
    entries = public_log()
except StoreUnavailableError:
    log_trouble("the public log could not be read")
    st.error("Please try again in a few minutes.", title="Sorry, we can't show the log now")
else:
    show(entries)
section("How this works")
st.html(HOW)
