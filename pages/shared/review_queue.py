"""The list of suggestions, the oldest first, and which one is open."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from evidence.outcomes import State
from evidence.public_log import merged_into
from evidence.review import GONE
from evidence.submissions import Suggestion
from loaders.open import EvidenceBase
from loaders.submissions import StoredSuggestion
from pages.shared.review_text import about, waited

FOR_US = (
    State.RECEIVED,
    State.APPEALED,
    State.CHECKING,
    State.ACCEPTED_ONCE,
    State.ACCEPTED,
)
VIEWS = {
    "For us": FOR_US,
    "For the sender": (State.WAITING,),
    "Published or put right": (State.PUBLISHED, State.PUT_RIGHT),
    "Declined or merged": (State.DECLINED, State.MERGED),
    "Withdrawn or deleted": (State.WITHDRAWN, State.ERASED),
}
"""The views of the list: for whom it waits, or how it ended."""

PER_SHEET = 20
WORDS_AT_MOST = 140  # characters of a suggestion that stand in the list


def open_number() -> int | None:
    """The public number of the suggestion that the address opens."""
    asked = st.query_params.get("suggestion", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def open_one(number: int) -> None:
    """Open a suggestion: what was said of the last one goes."""
    st.session_state.pop("review_notice", None)
    st.query_params["suggestion"] = str(number)


def close_one() -> None:
    """Back to the list."""
    st.session_state.pop("review_notice", None)
    st.query_params.pop("suggestion", None)


def _left_out(base: EvidenceBase) -> None:
    """Which suggestions that are published are not shown, and why; nothing where all are."""
    if base.notices:
        with st.container(key="review_left_out"):
            st.warning("Something that is published is not shown, or the tables overrule it.")
            for notice in base.notices:
                st.text(notice)


def show_queue(found: Sequence[StoredSuggestion], base: EvidenceBase) -> None:
    """The list in the view that the reviewer chose; ``found`` is every suggestion."""
    _left_out(base)
    lost = lost_by_merging(found)
    views = {name: _in_view(found, lost, name) for name in VIEWS}
    view = st.segmented_control(
        "Waiting, or how it ended",
        list(VIEWS),
        default="For us",
        format_func=lambda name: f"{name} ({len(views[name])})",
        key="review_view",
        required=True,
    )
    listed = views[str(view)]
    if not listed:
        st.html("<p>Nothing here. Every suggestion of this kind is dealt with.</p>")
        return
    sheets = -(-len(listed) // PER_SHEET)
    sheet = 1
    if sheets > 1:
        sheet = st.number_input(f"Page (of {sheets})", 1, sheets, key="review_sheet", width=160)
    with st.container(key="review_queue"):
        for one in listed[(sheet - 1) * PER_SHEET : sheet * PER_SHEET]:
            _item(one, base, lost=one in lost)


def _first_words(suggestion: Suggestion) -> str:
    text = " ".join((suggestion.statement or suggestion.source_title or "").split())
    return text if len(text) <= WORDS_AT_MOST else f"{text[:WORDS_AT_MOST]}…"


def lost_by_merging(found: Sequence[StoredSuggestion]) -> list[StoredSuggestion]:
    """The suggestions that were merged into one of which nothing is left, so wait for us again."""
    events = {one.receipt.reference: one.events for one in found}
    merged = [one for one in found if one.state is State.MERGED]
    ends = [(one, merged_into(one.events, events.get)) for one in merged]
    return [one for one, end in ends if end and end.state in GONE]


def _in_view(
    found: Sequence[StoredSuggestion], lost: Sequence[StoredSuggestion], view: str
) -> list[StoredSuggestion]:
    """The suggestions of a view; those that a merger lost are for us, wherever they ended."""
    states = VIEWS[view]
    return [one for one in found if (states is FOR_US if one in lost else one.state in states)]


def _item(one: StoredSuggestion, base: EvidenceBase, *, lost: bool) -> None:
    now = one.corrected
    st.button(
        f"Suggestion {one.number}: {now.kind.label}",
        key=f"review_open_{one.number}",
        on_click=open_one,
        args=(one.number,),
        type="tertiary",
    )
    since = one.receipt.received_at
    came = "Came today" if waited(since) == "today" else f"Came {waited(since)} ago"
    flags = sorted({kind for kinds in one.held.values() for kind in kinds})
    warning = f"May hold personal information: {', '.join(flags)}." if flags else ""
    files = len(one.files)
    gone = " That one is gone: reopen this one." if lost else ""
    attached = f" {files} file{'' if files == 1 else 's'}." if files else ""
    st.html(
        f'<p class="queue-line">“{escape(_first_words(now))}”<br>{escape(about(now, base))}.<br>'
        f"{came}. It is {escape(one.state.label)}.{gone}{attached}"
        f"{f'<br><strong>{escape(warning)}</strong>' if warning else ''}</p>"
    )
