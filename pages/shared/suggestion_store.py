"""The database of suggestions as the pages open it, and how often one reader may do what."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from evidence.public_log import PublicEntry
from loaders.submissions import Limits, StoreUnavailableError, SuggestionStore, default_url


def suggestion_store() -> SuggestionStore:
    """The database of suggestions, opened once for all readers.

    Raises
    ------
    StoreUnavailableError
        If it can't be opened.
    """
    return _opened(_address())


def public_log() -> list[PublicEntry]:
    """The public log, the newest first; read anew only where something happened since.

    Raises
    ------
    StoreUnavailableError
        If the database can't be read.
    """
    address = _address()
    return _log(address, _opened(address).version())


def forget_store(doing: str) -> None:
    """After trouble: log it, and open the database anew the next time."""
    logging.getLogger(__name__).exception("The suggestions database failed: %s", doing)
    _opened.clear()


def count_against_limit(what: str) -> None:
    """Count what this reader does: "suggest", "look up" or "step".

    Raises
    ------
    TooManyError
        If it was too often.
    """
    sender = st.session_state.setdefault("suggestion_sender", secrets.token_hex(16))
    limits().check(what, sender)


@st.cache_resource(show_spinner=False)
def limits() -> Limits:
    """The counts of this copy of the app."""
    return Limits()


def _address() -> str:
    return default_url().render_as_string(hide_password=False)


@st.cache_resource(show_spinner=False)
def _opened(address: str) -> SuggestionStore:
    store = SuggestionStore(address)
    store.create()
    return store


@st.cache_resource(show_spinner=False, max_entries=2)
def _log(address: str, version: int) -> list[PublicEntry]:
    """Shared by all readers: nothing in a public entry is private."""
    return _opened(address).public_log()


__all__ = [
    "StoreUnavailableError",
    "count_against_limit",
    "forget_store",
    "limits",
    "public_log",
    "suggestion_store",
]
