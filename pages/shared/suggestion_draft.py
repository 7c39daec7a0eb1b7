"""The draft of a suggestion: kept in the browser's tab, brought back, and emptied.

What is typed lives in the session on the server, which outlives a change of page and a short loss
of the connection. A link followed, a page reloaded or a server started anew begins another
session: for these the tab keeps the draft too. Files and contact details are not in it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping

import streamlit as st

from evidence.submissions import FREE_TEXT, Kind
from pages.shared.suggestion_browser import draft_in_tab
from pages.shared.suggestion_files import forget_files
from pages.shared.suggestion_form import ANSWERS, key

IN_DRAFT = ("kind", *(field for field in ANSWERS if field != "contact"))
"""The answers that the tab keeps."""

LONGEST = 100_000
"""The most characters of an answer in the draft; the form takes fewer."""

Lists = Mapping[str, Mapping[str, str]]


def keep_draft() -> None:
    """Write what is typed to the tab, or ask the tab for what was typed before."""
    state = st.session_state
    typed = {field: str(state.get(key(field)) or "")[:LONGEST] for field in IN_DRAFT}
    draft = None
    waits = "suggest_offered" in state
    if not waits and any(typed[field] for field in FREE_TEXT):
        state.suggest_asked_tab = True
        draft = json.dumps(typed | {"asked": state.get("suggest_asked", {})})
    ask = not state.get("suggest_asked_tab", False)
    draft_in_tab(draft, ask=ask, forget=not (ask or waits or draft), on_kept=_kept)


def _kept() -> None:
    """What the tab kept: taken where it is of the same form, else offered."""
    state = st.session_state
    state.suggest_asked_tab = True
    found = readable(str(state.suggest_draft.get("kept") or ""))
    if not found or any(state.get(key(field)) for field in FREE_TEXT):
        return
    if state.get("suggest_asked") and found["asked"] != state.suggest_asked:
        state.suggest_offered = found
    else:
        state.suggest_brought = found


def readable(text: str) -> dict[str, object]:
    """A draft as the tab gave it, nothing where it is none: the tab may give anything."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    typed = {name: str(found[name])[:LONGEST] for name in IN_DRAFT if found.get(name)}
    asked = found.get("asked")
    return {**typed, "asked": asked if isinstance(asked, dict) else {}} if typed else {}


def bring_back(lists: Lists) -> bool:
    """Fill in what the tab gave back, before the fields are drawn; whether there was any."""
    found = st.session_state.pop("suggest_brought", None)
    if not found:
        return False
    for field in IN_DRAFT:
        value = found.get(field)
        known = set(Kind) if field == "kind" else lists.get(field)
        if value and (known is None or value in known):
            st.session_state[key(field)] = value
    return True


def offer_draft() -> None:
    """Where the reader came for another form, ask what becomes of the one that they began."""
    if "suggest_offered" not in st.session_state:
        return
    with st.container(key="suggest_offer"):
        st.info("You began another suggestion in this tab and have not sent it.")
        st.button("Bring it back", on_click=_accept)
        st.button("Throw it away", on_click=_refuse)


def _accept() -> None:
    st.session_state.suggest_brought = st.session_state.pop("suggest_offered")


def _refuse() -> None:
    st.session_state.pop("suggest_offered")


def clear() -> None:
    """Empty the form, for the next suggestion or the next person at a shared computer."""
    state = st.session_state
    for field in ANSWERS:
        state[key(field)] = ""
    state[key("kind")] = None
    state.suggest_form_id = secrets.token_hex(16)
    state.suggest_asked_tab = True
    for name in ("suggest_checked", "suggest_brought", "suggest_offered"):
        state.pop(name, None)
    forget_files()
