"""What the buttons of *Suggest evidence* do: look over, go back, send."""

from __future__ import annotations

import streamlit as st

from evidence.submissions import HONEYPOT, Problem, Suggestion, check, looks_automatic
from loaders.submissions import NoRoomError, StoreUnavailableError, TooManyError
from loaders.submissions.limits import check_all
from pages.shared.community import suggestion_store
from pages.shared.data import evidence_base
from pages.shared.suggestion_draft import clear
from pages.shared.suggestion_files import files, forget_files
from pages.shared.suggestion_form import answers, chosen_kind, key
from pages.shared.suggestion_privacy import asks_contact
from pages.shared.suggestion_store import count_against_limit, log_trouble

NOT_SAVED = (
    "Sorry, we could not save your suggestion",
    "Nothing you wrote is lost. Please try again in a few minutes, or keep a copy on your own "
    "device.",
)
NO_ROOM = (
    "We have no room for your files now",
    "Your words are all still here, and we took the files away. Press the button again to send "
    "your words without them.",
)
AUTOMATIC = (
    "We could not take this yet",
    "A field that people don't see was filled in, as programs do. Your browser may have done it. "
    "Nothing you wrote is lost: please press the button again.",
)


def look_over() -> None:
    """Check the form: its problems are shown, or else the summary to check before sending."""
    state = st.session_state
    _pressed()
    kind = chosen_kind()
    if kind is None:
        state.suggest_problems = [Problem("kind", "Choose what you want to tell us.")]
        return
    typed = answers(kind)
    if not asks_contact():
        typed.pop("contact", None)
    checked = check(typed, set(evidence_base().figures["figure_id"]))
    good = isinstance(checked, Suggestion)
    state.suggest_problems = [] if good else checked
    state.suggest_refused = []
    if good:
        state.suggest_checked = checked


def change(field: str | None = None) -> None:
    """Back to the form, to one of its fields where one is named."""
    _pressed()
    st.session_state.pop("suggest_checked", None)
    st.session_state.suggest_problems = []
    st.session_state.suggest_focus = key(field) if field else None


def send(trapped: str) -> None:
    """Keep what was checked. However often the button is pressed, one form is kept once."""
    state = st.session_state
    if "suggest_receipt" in state or "suggest_checked" not in state:
        return
    _pressed()
    if looks_automatic({HONEYPOT: trapped}) and not state.get("suggest_was_trapped"):
        state.suggest_was_trapped = True
        state.suggest_trouble = AUTOMATIC
        return
    try:
        store = suggestion_store()
        count_against_limit("suggest")
        check_all(store.count)
        # A second press may stop this run between the writing and the next line: the form id, not
        # the receipt, makes that press get the same receipt.
        receipt = store.add(state.suggest_checked, state.suggest_form_id, files())
    except StoreUnavailableError:
        log_trouble("a suggestion could not be kept")
        state.suggest_trouble = NOT_SAVED
    except NoRoomError:
        forget_files()
        state.suggest_trouble = NO_ROOM
    except TooManyError as error:
        state.suggest_trouble = ("Please wait a little", f"{error} Nothing you wrote is lost.")
    else:
        state.suggest_receipt = receipt
        clear()


def start_again() -> None:
    """An empty form, after a receipt."""
    _pressed()
    st.session_state.pop("suggest_receipt", None)
    clear()


def _pressed() -> None:
    """Note the press, so that the focus moves, and put earlier trouble away."""
    state = st.session_state
    state.suggest_attempt = state.get("suggest_attempt", 0) + 1
    state.suggest_trouble = None
    state.suggest_focus = None
