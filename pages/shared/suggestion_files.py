"""The files of a suggestion: examined as they come, kept beside the draft, and taken away again.

How many files, and how much of them, one sender adds is limited before anything is sent.
"""

from __future__ import annotations

from html import escape
from math import ceil

import streamlit as st

from evidence.attachments import FILE_LIMIT, FILES_LIMIT, Attachment, examine
from evidence.refused import RefusedFileError
from evidence.typed import clean
from loaders.submissions import StoreUnavailableError, TooManyError
from pages.shared.community import suggestion_store
from pages.shared.suggestion_browser import name_uploader
from pages.shared.suggestion_store import count_against_limit, log_trouble

_MEGABYTE = 1_000_000
KINDS = ["pdf", "png", "jpg", "jpeg", "xlsx", "csv"]

NO_ROOM = "We have no room for files now. You can send your words, with a web address, without it."


def files() -> list[Attachment]:
    """The files that were examined and taken."""
    found: list[Attachment] = st.session_state.setdefault("suggest_files", [])
    return found


def ask_files() -> None:
    """Ask for files, say which were taken and which refused, and let each be taken away."""
    state = st.session_state
    with st.container(key="suggest_attachments"):
        st.file_uploader(
            f"Files (optional)  \nUp to {FILES_LIMIT} files of {FILE_LIMIT // _MEGABYTE} MB each: "
            "PDF, picture (PNG or JPEG), Excel workbook (.xlsx) or CSV. "
            "Please send nothing that names a patient. We look for that in tables, but can't look "
            "into PDF files and pictures: check those yourself.",
            type=KINDS,
            accept_multiple_files=True,
            key=_uploader(),
            on_change=take,
            max_upload_size=-(-FILE_LIMIT // (1 << 20)),
        )
        name_uploader()
        told = [
            f"<p class='suggest-error'>Error: we can't take <bdi>{escape(name)}</bdi>. "
            f"{escape(message)}</p>"
            for name, message in state.get("suggest_refused", [])
        ]
        told += [f"<p>{file_words(file)}</p>" for file in files()]
        if told:
            # Screen readers read out what appears here.
            st.html(f"<div role='status'>{''.join(told)}</div>")
        for number, file in enumerate(files(), 1):
            st.button(
                f"Take away file {number}",
                key=f"suggest_drop_{file.digest}",
                on_click=drop,
                args=(file.digest,),
            )


def take() -> None:
    """Examine what was uploaded; what is taken is kept, and the field is empty for the next."""
    state = st.session_state
    kept = files()
    refused: list[tuple[str, str]] = []
    for uploaded in state.get(_uploader()) or []:
        name = clean(uploaded.name, lines=False)[-100:]
        try:
            # Before it is examined, which takes the server's time.
            _check_limits(uploaded.size, sum(len(file.content) for file in kept), len(kept))
            file = examine(uploaded.name, uploaded.getvalue())
        except (RefusedFileError, TooManyError) as error:
            refused.append((name, str(error)))
            continue
        if all(file.digest != other.digest for other in kept):
            kept.append(file)
    state.suggest_refused = refused
    state.suggest_files_round = state.get("suggest_files_round", 0) + 1


def _check_limits(size: int, kept_bytes: int, kept: int) -> None:
    """Raise where one more file of so many bytes is more than we take."""
    if kept >= FILES_LIMIT:
        raise RefusedFileError(f"We take up to {FILES_LIMIT} files. Take one away first.")
    count_against_limit("file")
    count_against_limit("megabyte", max(1, ceil(size / _MEGABYTE)))
    try:
        room = suggestion_store().room()
    except StoreUnavailableError:
        log_trouble("the room for files could not be read")
        return  # it is looked at again when the suggestion is sent
    if size + kept_bytes > room:
        raise RefusedFileError(NO_ROOM)


def drop(digest: str) -> None:
    """Take a file away."""
    st.session_state.suggest_files = [file for file in files() if file.digest != digest]
    st.session_state.suggest_refused = []


def forget_files() -> None:
    """Take every file away, for the next suggestion."""
    st.session_state.suggest_files = []
    st.session_state.suggest_refused = []


def file_words(file: Attachment) -> str:
    """A file's name, kind and size, and what in it looks private, as HTML."""
    size = max(len(file.content) / _MEGABYTE, 0.1)
    words = f"<bdi>{escape(file.name)}</bdi> ({file.kind.value.upper()}, {size:.1f} MB)"
    if file.private:
        words += (
            "<br><strong>This file may tell who someone is.</strong> We found: "
            f"{escape(', '.join(file.private))}. If you can, take that out and add the file "
            "again. If you send it, only our reviewers see it."
        )
    return words


def _uploader() -> str:
    return f"suggest_files_{st.session_state.get('suggest_files_round', 0)}"
