"""One suggestion as a reviewer sees it: words, sender, files, what is known, the past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from html import escape

import streamlit as st

from evidence.attachments import for_download
from evidence.days import moment_words
from evidence.history import DECIDED, comes_back, on_pages, published_by
from evidence.review import OPEN
from loaders.submissions import StoredFile, StoredSuggestion, StoreUnavailableError
from pages.shared.community import suggestion_store
from pages.shared.data import Tables
from pages.shared.layout import section
from pages.shared.review_known import known_table
from pages.shared.review_queue import open_one
from pages.shared.review_text import about, held_words, history, sent, waited
from pages.shared.sign_in import lasting_right


def show_case(one: StoredSuggestion, held: Tables, alike: Sequence[StoredSuggestion]) -> None:
    """What was sent, by whom, with which files, and what is known already."""
    now, base = one.corrected, held.base
    since = one.receipt.received_at
    section(f"Suggestion {one.number}: {now.kind.label}")
    waits = f" {_waits(one)}" if one.state in OPEN else ""
    st.html(
        f"<p>{escape(about(now, base))}. Came on {moment_words(since)}. "
        f"It is {escape(one.state.label)}.{escape(waits)}</p>"
    )
    _held(one)
    st.html(sent(one, base))
    with st.container(key="review_contact"):
        st.html("<h3>The sender</h3><p>For reviewers alone. Never copy it anywhere.</p>")
        st.text(one.suggestion.contact or "No contact was given, or it was deleted.")
    if one.files:
        _files(one)
    section("What is known already")
    st.html(known_table(now, held))
    if alike:
        st.html("<h3>Suggestions about the same figure or web address</h3>")
    for each in alike:
        st.button(
            f"Suggestion {each.number}: {each.corrected.kind.label}, {each.state.label}",
            key=f"review_alike_{each.number}",
            on_click=open_one,
            args=(each.number,),
            type="tertiary",
        )


def _waits(one: StoredSuggestion) -> str:
    told = waited(one.receipt.received_at, datetime.now(UTC))
    return "It came today." if told == "today" else f"It has waited {told}."


def _held(one: StoredSuggestion) -> None:
    if one.held:
        # What is published can't be corrected before it is reopened.
        how = (
            "clear it, or reopen and correct it" if one.state in DECIDED else "clear or correct it"
        )
        st.warning(
            f"Held back from everyone until you {how}. What looks private is marked below. "
            f"{held_words(one.held)}.",
            title="This may hold personal information",
        )
    if published_by(one.events) and not on_pages(one.events):
        how = (
            "you clear it, or publish it anew" if comes_back(one.events) else "it is published anew"
        )
        st.warning(
            "What was published of it is off the pages and out of the data files that people "
            f"download here. It comes back once {how}.",
            title="Not on the pages",
        )


def _files(one: StoredSuggestion) -> None:
    st.html(
        "<h3>Files</h3><p>From a stranger. What runs was refused or taken out, but open them "
        "with care, on a computer that is kept up to date. Of workbooks only the values are "
        "kept.</p>"
    )
    may = lasting_right()
    for file in one.files:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{file.name} ({file.kind.value.upper()}, {_size(file)})")
            st.download_button(
                f"Download file {file.number}",
                partial(_content, one.receipt.reference, file.number, may),
                # The name is ours, and the kind says nothing: no browser opens it in a page.
                file_name=f"suggestion-{one.number}-file-{file.number}.{file.kind.value}",
                mime="application/octet-stream",
                on_click="ignore",
                key=f"review_file_{one.number}_{file.number}",
            )
        if found := _private_in(one.receipt.reference, file):
            st.html(
                f"<p><strong>May hold personal information: {escape(', '.join(found))}.</strong> "
                "Never copy it anywhere.</p>"
            )


def _private_in(reference: str, file: StoredFile) -> tuple[str, ...]:
    """What in a table looks private, by its kinds; looked for once in a session."""
    known = st.session_state.setdefault("review_private", {})
    if file.digest not in known:
        try:
            whole = suggestion_store().file(reference, file.number)
        except StoreUnavailableError:
            return ()
        known[file.digest] = whole.private if whole else ()
    found: tuple[str, ...] = known[file.digest]
    return found


def _size(file: StoredFile) -> str:
    if file.size >= 100_000:
        return f"{file.size / 1e6:.1f} MB"
    return f"{file.size / 1e3:.1f} kB" if file.size >= 1_000 else f"{file.size} bytes"


def _content(reference: str, number: int, may: Callable[[], bool]) -> bytes:
    """The bytes of a file, for someone who may review at the moment they ask for it."""
    try:
        file = suggestion_store().file(reference, number) if may() else None
    except StoreUnavailableError:
        file = None
    if file is None:
        return b"This file can't be had now. Sign in again, or try again soon."
    return for_download(file, "file", number)[2]


def show_past(one: StoredSuggestion, found: Sequence[StoredSuggestion], held: Tables) -> None:
    """Everything that happened to the suggestion, first to last."""
    section("What happened so far", "Every step is kept for ever: who, when, what and why.")
    numbers = {each.receipt.reference: each.number for each in found}
    st.html(history(one.events, numbers, held.base))
