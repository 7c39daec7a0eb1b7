"""Review suggestions: what people sent, looked at, answered and published, by reviewers alone."""

from __future__ import annotations

import streamlit as st

from evidence.history import on_pages
from evidence.outcomes import EventKind
from evidence.review import prepared
from loaders.submissions import StoredSuggestion, StoreUnavailableError
from pages.shared.data import tables
from pages.shared.html import numbers_words
from pages.shared.layout import page_header, section
from pages.shared.review_actions import show_actions
from pages.shared.review_case import show_case, show_past
from pages.shared.review_preview import preview
from pages.shared.review_queue import close_one, open_number, show_queue
from pages.shared.review_steps import NoRightError, show_notice, store_for_reviewer
from pages.shared.sign_in import (
    Reviewer,
    ask_to_sign_in,
    reviewer,
    sign_out,
    take_link_from_address,
)


def show() -> None:
    """The page: closed, the list, or one suggestion."""
    take_link_from_address()
    page_header(
        "Review suggestions",
        "Look at what people sent, find out whether it is right, and answer them.",
    )
    who = reviewer()
    if who is None:
        ask_to_sign_in()
        return
    top = st.empty()
    with top.container(key="review_who", horizontal=True, vertical_alignment="center"):
        st.text(f"Signed in as {who.name}")
        st.button("Sign out", on_click=sign_out, key="review_sign_out")
    try:
        show_work(who)
    except StoreUnavailableError:
        st.error("The database of suggestions can't be reached now. Try again soon.")
    except NoRightError:
        # It ended, or was taken away, since the page began.
        top.empty()
        ask_to_sign_in()


def show_work(who: Reviewer) -> None:
    """The list, or one suggestion.

    Raises
    ------
    StoreUnavailableError, NoRightError
        If the database or the right to review goes meanwhile.
    """
    kept = store_for_reviewer().read()
    found = list(kept.readable)
    asked = open_number()
    one = next((each for each in found if each.number == asked), None)
    if one is not None:
        show_one(one, who, found)
        return
    if asked is not None and asked not in kept.unreadable:
        st.warning("There is no suggestion with this number.")
    if kept.unreadable:
        st.warning(
            f"{numbers_words(kept.unreadable)} can't be read: what is kept does not fit the checks "
            "of today. The log of the app says what is wrong. Nothing of it is lost."
        )
    show_queue(found, tables().base)


def show_one(one: StoredSuggestion, who: Reviewer, found: list[StoredSuggestion]) -> None:
    """One suggestion: what was sent, what is known, what to do, and what was done."""
    store, held = store_for_reviewer(), tables()
    alike = store.like(one)
    st.button("Back to the list", on_click=close_one, key="review_back")
    show_notice()
    show_case(one, held, alike)
    ready = prepared(one.events)
    if ready:
        out = on_pages(one.events) == ready
        on = [each.at.date() for each in one.events if each.kind is EventKind.PUBLISHED]
        if out:
            section("Published", "Readers see exactly this.")
        else:
            section("Prepared for publication", "Once it is published, readers see exactly this.")
        st.html(preview(ready, held, on[-1] if out else None))
    section("What to do now")
    others = [each for each in found if each.number != one.number]
    show_actions(one, who, others, alike, held, store.rules)
    show_past(one, found, held)


show()
