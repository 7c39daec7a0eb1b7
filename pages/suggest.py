"""Suggest evidence: a form in plain words, kept in a database, answered with a reference number.

The fields stand outside ``st.form``, so that each answer reaches the server when it is left and
a draft survives a change of page. What people type is shown back in its own field and nowhere
else.
"""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from evidence.submissions import FIELDS, Suggestion, check
from loaders.submissions import StoreUnavailableError, SuggestionStore, default_url
from pages.shared.data import evidence_base
from pages.shared.html import link
from pages.shared.layout import page_header
from pages.shared.suggestion_form import (
    QUESTIONS,
    STYLE,
    ask,
    choices,
    fill_from_address,
    key,
    move_focus,
)

NEXT = """
- A person reads every suggestion and looks up where it came from.
- They decide whether to add it. Nothing is added before it is checked.
- If you gave us a way to reach you, a reviewer may ask you a question.
"""


@st.cache_resource(show_spinner=False)
def open_store(url: str) -> SuggestionStore:
    store = SuggestionStore(url)
    store.create()
    return store


def send() -> None:
    """Check the form and keep it. However often the button is pressed, one form is kept once."""
    state = st.session_state
    if "suggest_receipt" in state:
        return
    state.suggest_attempt = state.get("suggest_attempt", 0) + 1
    state.suggest_failed = False
    checked = check({field: state.get(key(field)) for field in FIELDS})
    state.suggest_problems = [] if isinstance(checked, Suggestion) else checked
    if not isinstance(checked, Suggestion):
        return
    try:
        store = open_store(default_url().render_as_string(hide_password=False))
        # A second press may stop this run between the writing and the next line: the form id, not
        # the receipt, makes that press get the same receipt.
        state.suggest_receipt = store.add(checked, state.suggest_form_id)
    except StoreUnavailableError:
        logging.getLogger(__name__).exception("A suggestion could not be kept")
        open_store.clear()
        state.suggest_failed = True
    else:
        clear()


def clear() -> None:
    """Empty the form, for the next suggestion or the next person at a shared computer."""
    for field in FIELDS:
        st.session_state[key(field)] = ""
    st.session_state.suggest_form_id = secrets.token_hex(16)


def start_again() -> None:
    st.session_state.pop("suggest_receipt", None)
    clear()


def show_receipt(reference: str) -> None:
    page_header("Thank you. We have your suggestion", "It is saved. Keep your reference number.")
    with st.container(key="suggest_notice"):
        st.html(f"<p>Your reference number</p><p class='suggest-reference'>{reference}</p>")
    st.markdown(f"**What happens next**\n{NEXT}")
    st.button("Suggest something else", on_click=start_again, type="primary")


def show_failure() -> None:
    st.error(
        "Nothing you wrote is lost. It is still in the form below. Please try again in a few "
        "minutes, or keep a copy on your own device.",
        title="Sorry, we could not save your suggestion",
    )
    answers = [(QUESTIONS[field][0], st.session_state.get(key(field))) for field in FIELDS]
    copy = "\n\n".join(f"{question}\n{answer}" for question, answer in answers if answer)
    st.download_button("Keep a copy", copy, "my-suggestion.txt", "text/plain", on_click="ignore")


def show_form() -> None:
    problems = st.session_state.get("suggest_problems", [])
    page_header(
        "Suggest evidence",
        "Tell us of a statistic on racial inequalities in health in London. You need no account.",
    )
    for notice in unknown:
        st.warning(notice)
    with st.container(key="suggest_notice"):
        if problems:
            lines = [f"- [{problem.message}](#{key(problem.field)})" for problem in problems]
            st.error("\n".join(lines), title="There is a problem")
        elif st.session_state.get("suggest_failed"):
            show_failure()
    st.html(f"<p>Not sure? {link('Look first whether we have it', 'library')}.</p>")
    st.markdown(f"**What happens next**\n\nWe give you a reference number at once.\n{NEXT}")
    st.markdown(
        "**Keep people safe.** Please do not write about a patient or anyone else who could be "
        "recognised. Do not give names or NHS numbers."
    )
    errors = {problem.field: problem.message for problem in problems}
    with st.container(key="suggest_form"):
        for field in FIELDS:
            ask(field, lists, errors.get(field))
    st.markdown(
        "Your email or phone number is optional. Only our reviewers see it. They use it only to "
        "ask you about this suggestion, or to tell you what became of it."
    )
    st.button("Send suggestion", on_click=send, type="primary")


st.html(STYLE)
st.session_state.setdefault("suggest_form_id", secrets.token_hex(16))
base = evidence_base()
lists = choices(base)
unknown = fill_from_address(base, lists)
if "suggest_receipt" in st.session_state:
    show_receipt(st.session_state.suggest_receipt.reference)
else:
    show_form()
if attempt := st.session_state.get("suggest_attempt"):
    move_focus(attempt)
