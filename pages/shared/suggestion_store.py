"""The public log as pages read it, and how often one reader may do what."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass

import streamlit as st

from evidence.public_log import PublicEntry
from loaders.submissions import Limits
from pages.shared.community import suggestion_store


@dataclass(frozen=True)
class PublicLog:
    """The public log, the newest first, and the numbers of suggestions that can't be read."""

    entries: tuple[PublicEntry, ...]
    unreadable: tuple[int, ...]


def public_log() -> PublicLog:
    """The public log; read anew only where something happened since.

    Raises
    ------
    StoreUnavailableError
        If the database can't be read.
    """
    store = suggestion_store()
    return _log(store.url.render_as_string(), store.version())


def log_trouble(doing: str) -> None:
    """Log what the database said; readers are told in plain words alone."""
    logging.getLogger(__name__).exception("The suggestions database failed: %s", doing)


def count_against_limit(what: str, times: int = 1) -> None:
    """Count what this reader does; ``what`` and ``times`` as in :meth:`Limits.check`.

    Raises
    ------
    TooManyError
        If it was too often.
    """
    sender = st.session_state.setdefault("suggestion_sender", secrets.token_hex(16))
    limits().check(what, sender, reader_address(), times)


def reader_address() -> str | None:
    """The network address of this reader, where it is known; kept nowhere as it is."""
    address = st.context.ip_address
    return address if isinstance(address, str) else None


@st.cache_resource(show_spinner=False)
def limits() -> Limits:
    """The counts of this copy of the app."""
    return Limits()


@st.cache_resource(show_spinner=False, max_entries=2)
def _log(address: str, version: int) -> PublicLog:
    """Shared by all readers: nothing in a public entry is private."""
    kept = suggestion_store().read()
    return PublicLog(tuple(kept.public_log()), kept.unreadable)
