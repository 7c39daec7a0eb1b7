"""The summary of a suggestion before it is sent: every answer, and what in it looks private."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from evidence.privacy import Span, find
from evidence.submissions import FORMS, READ_FOR_PRIVACY, Suggestion
from pages.shared.figures import told
from pages.shared.html import user_text
from pages.shared.suggestion_browser import change_links
from pages.shared.suggestion_files import file_words, files
from pages.shared.suggestion_privacy import asks_contact
from pages.shared.suggestion_questions import KIND_QUESTION, answer_words, question
from pages.shared.suggestion_sending import change

Lists = Mapping[str, Mapping[str, str]]


def private_parts(suggestion: Suggestion) -> dict[str, list[Span]]:
    """What in each answer looks as if it tells who someone is."""
    found = {field: find(getattr(suggestion, field) or "") for field in READ_FOR_PRIVACY}
    return {field: spans for field, spans in found.items() if spans}


def show_summary(suggestion: Suggestion, lists: Lists) -> None:
    """The answers as a list, each with a link to change it."""
    private = private_parts(suggestion)
    rows = [_row("kind", KIND_QUESTION, escape(suggestion.kind.label))]
    for field in FORMS[suggestion.kind].fields:
        if field == "contact" and not asks_contact():
            continue
        asked = question(suggestion.kind, field)[0]
        spans = private.get(field, [])
        text = answer_words(field, getattr(suggestion, field), lists)
        marks = [(span.start, span.end) for span in spans]
        # What was chosen from a list stands there as its label, which holds nothing private.
        marks = marks if text == getattr(suggestion, field) else []
        shown = user_text(text, marks) if text else "<span class='none'>No answer</span>"
        if field == "figure_id":
            shown += told(text)
        reasons = dict.fromkeys(span.reason for span in spans)
        shown += "".join(f"<p class='suggest-private'>{escape(reason)}</p>" for reason in reasons)
        rows.append(_row(field, asked, shown))
    listed = "<br>".join(file_words(file) for file in files())
    rows.append(_row("files", "Files", listed or "<span class='none'>No files</span>"))
    st.html(f"<dl class='suggest-summary'>{''.join(rows)}</dl>")
    change_links(_change_asked)


HELD_IF_SENT = (
    "If you send it, we hold your suggestion back: only our reviewers see it until one of them has "
    "looked at this."
)
"""What becomes of a suggestion that is sent with something private in it."""


def show_private_notice(private: Mapping[str, list[Span]], if_sent: str = HELD_IF_SENT) -> None:
    """Say that something looks private, and what can be done; ``if_sent`` is who then sees it."""
    kinds = dict.fromkeys(span.kind for spans in private.values() for span in spans)
    several = "s" if sum(map(len, private.values())) > 1 else ""
    st.html(
        "<div class='suggest-warning'><p><strong>Some of this may tell who someone is."
        f"</strong></p><p>We found: {escape(', '.join(kinds))}. The place{several} "
        f"{'are' if several else 'is'} marked below. You can change it, or send it all the same. "
        f"{escape(if_sent)}</p></div>"
    )


def _row(field: str, asked: str, shown: str) -> str:
    """One answer of the summary; ``shown`` is HTML."""
    plain = escape(asked.removesuffix(" (optional)"))
    link = f'<a href="#change-{field}">Change<span class="off-screen">: {plain}</span></a>'
    return f"<div><dt>{plain}</dt><dd>{shown}</dd><dd class='change'>{link}</dd></div>"


def _change_asked() -> None:
    field = str(st.session_state.suggest_change.get("field") or "")
    known = (*FORMS[st.session_state.suggest_checked.kind].fields, "kind")
    change(field if field in known else None)
