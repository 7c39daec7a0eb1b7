"""Follow a suggestion: by its reference number, where it stands, and what its sender can do."""

from __future__ import annotations

import streamlit as st

from loaders.submissions import (
    StoredSuggestion,
    StoreUnavailableError,
    TooManyError,
    UnreadableError,
    is_reference,
)
from pages.shared.community import suggestion_store
from pages.shared.data import evidence_base
from pages.shared.html import link
from pages.shared.layout import page_header
from pages.shared.suggestion_browser import move_focus
from pages.shared.suggestion_check import show_private_notice
from pages.shared.suggestion_follow import (
    ONLY_REVIEWERS,
    pointed_out,
    show_choices,
    show_history,
    show_sent,
    show_state,
)
from pages.shared.suggestion_questions import choices
from pages.shared.suggestion_store import (
    count_against_limit,
    limits,
    log_trouble,
    reader_address,
)

UNKNOWN = "We have no suggestion with this reference number. Check each letter and number."


def find(asked: str, *, counted: bool) -> StoredSuggestion | None:
    """The suggestion of a number; where there is none, what to say is noted.

    What a reader asks for is counted against the limits (``counted``); to draw again the page that
    they have open is not.
    """
    state = st.session_state
    state.follow_trouble = None
    try:
        if counted:
            count_against_limit("look up")
            # Before looking: who guesses must not be told of a hit.
            limits().check_missed(reader_address())
        if found := suggestion_store().get(asked[:100]):
            return found
        if is_reference(asked[:100]):
            limits().missed()
        state.follow_trouble = UNKNOWN
    except TooManyError as error:
        state.follow_trouble = str(error)
    except UnreadableError as error:
        state.follow_trouble = (
            f"We have your suggestion. It has the number {error.number} in the public log, but we "
            "can't show it now. Please try again another day."
        )
    except StoreUnavailableError:
        log_trouble("a suggestion could not be looked up")
        state.follow_trouble = "We can't look it up now. Please try again in a few minutes."
    return None


def look_up() -> None:
    """Look up what was typed, and remember the number where there is such a suggestion."""
    state = st.session_state
    state.follow_attempt = state.get("follow_attempt", 0) + 1
    state.follow_done = state.follow_error = None
    found = find(state.get("follow_asked") or "", counted=True)
    state.follow_reference = found.receipt.reference if found else None


def leave() -> None:
    """Put the suggestion away, for another number or another person at this computer."""
    told = ("done", "error", "trouble", "pointed_out")
    for name in ("follow_reference", *(f"follow_{name}" for name in told)):
        st.session_state[name] = None
    st.session_state.follow_asked = st.session_state.follow_words = ""
    st.session_state.follow_attempt += 1


def show_question() -> None:
    page_header("Follow a suggestion", "See what became of it, answer a question, or appeal.")
    trouble = st.session_state.get("follow_trouble")
    with st.container(key="suggest_notice"):
        if trouble:
            st.error(f"- [{trouble}](#follow_asked)", title="There is a problem")
    with st.container(key="follow_form"):
        hint = "You got it when you sent your suggestion. It looks like LRH-7K2M-9QX4."
        error = [f"**Error: {trouble}**"] if trouble else []
        label = "  \n".join(["Reference number", hint, *error])
        st.text_input(label, key="follow_asked", autocomplete="off", width=420)
        st.button("Follow it", on_click=look_up, type="primary")
    st.html(
        "<p>Lost the number? We can't look it up for you, for we don't keep who sent what. "
        f"{link('The public log', 'answers')} shows every suggestion without names.</p>"
    )


def show(one: StoredSuggestion) -> None:
    base = evidence_base()
    page_header("Follow a suggestion", f"Reference number {one.receipt.reference}.")
    with st.container(key="suggest_notice"):
        if done := st.session_state.get("follow_done"):
            st.success(done)
        elif error := st.session_state.get("follow_error"):
            st.error(f"- [{error}](#follow_words)", title="There is a problem")
        elif private := pointed_out():
            show_private_notice({"words": private}, ONLY_REVIEWERS)
    show_state(one, base)
    show_choices(one)
    show_history(one)
    show_sent(one, choices(base, one.suggestion.ethnic_group))
    st.html(
        f"<p>In {link('the public log', 'answers')} it has the number {one.number}. That number "
        "does not lead to this page.</p>"
    )
    st.button("Close, and follow another one", on_click=leave)


if asked := st.query_params.get("reference"):
    # Read once and taken out again: an address is kept by browsers and shown to others.
    del st.query_params["reference"]
    st.session_state.follow_asked = asked[:100]
    look_up()
one = (
    find(reference, counted=False)
    if (reference := st.session_state.get("follow_reference"))
    else None
)
if one:
    show(one)
else:
    show_question()
if attempt := st.session_state.get("follow_attempt"):
    wrong = ["follow_words"] if st.session_state.get("follow_error") else []
    wrong += ["follow_asked"] if st.session_state.get("follow_trouble") and not one else []
    move_focus(attempt, wrong)
