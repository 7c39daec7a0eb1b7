"""The privacy note of suggestions: what is kept, where, who sees it, for how long, and rights.

Who answers for it is named by whoever runs the dashboard, in the environment variables
``DASHBOARD_ORGANISATION`` and ``DASHBOARD_CONTACT``. Where they are not, the note says so, and
nobody is asked for contact details.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape

import streamlit as st

from evidence.typed import clean
from loaders.submissions import CONTACT_DAYS


@dataclass(frozen=True)
class Organisation:
    """Who runs this copy of the dashboard: the name, and an address to write to."""

    name: str
    contact: str


def organisation() -> Organisation | None:
    """Who runs this copy of the dashboard; None where they have not said both who and where."""
    name, contact = (
        clean(os.environ.get(variable), lines=False)
        for variable in ("DASHBOARD_ORGANISATION", "DASHBOARD_CONTACT")
    )
    return Organisation(name, contact) if name and contact else None


def asks_contact() -> bool:
    """Whether contact details are asked for: only where somebody named answers for them."""
    return organisation() is not None


def privacy_note() -> str:
    """The note, as HTML."""
    parts = (_kept(), _seen(), _how_long(), _rights())
    return f'<div class="suggest-note">{"".join(parts)}</div>'


def _kept() -> str:
    contact = (
        "<li>Your email or phone number, if you give one. It is kept apart from the rest.</li>"
    )
    unless = ", unless you ask us to delete them" if organisation() else ""
    # Streamlit's setting counts seconds.
    minutes = int(st.get_option("server.disconnectedSessionTTL") or 0) // 60
    return f"""<h2>What we keep</h2>
<ul><li>Your answers and files, when they came, and each step that we take with them. We keep
these for good, so that everyone can see how suggestions were answered{unless}.
Files sent with advertising or abuse are deleted sooner.</li>
{contact if asks_contact() else ""}
<li>We do not ask who you are. This form does not keep the internet address that you write
from.</li>
<li>While you write, this browser tab keeps your answers (not your email, phone or files), so that
you don't lose them if the page reloads. They go when you send them or close the tab.</li>
<li>What you type or add and do not send is in this dashboard's memory while the page is open, and
for up to {minutes} minutes after you close it or lose the connection. Then it goes.</li></ul>"""


def _seen() -> str:
    runs = organisation()
    who = f"{escape(runs.name)} runs this dashboard" if runs else _UNNAMED
    contact = "your contact details, your files" if runs else "your files"
    return f"""<h2>Where, and who sees it</h2>
<ul><li>It is kept in the database of this dashboard. {who}.</li>
<li>Reviewers see everything. Everyone else sees what you suggest and where it is from, after a
reviewer has looked at it, and what became of it.</li>
<li>Nobody but reviewers sees {contact} and what you write under “Anything else?”.</li>
<li>What looks private is held back until a reviewer has looked at it.</li></ul>"""


_UNNAMED = (
    "<strong>Whoever runs this copy of the dashboard has not said here who they are</strong>. So "
    "we do not ask for your email or phone number. Please write nothing about yourself, and send "
    "nothing that you may want to have deleted"
)


def _how_long() -> str:
    if not asks_contact():
        return ""
    return f"""<h2>How long we keep your email or phone number</h2>
<p>For at most {CONTACT_DAYS} days. After that nobody is shown it. It is deleted on the same day, or
on the next day on which someone opens this dashboard. We use it only to ask you about this
suggestion, or to tell you what became of it.</p>"""


def _rights() -> str:
    runs = organisation()
    asking = (
        f"""<p>You can ask {escape(runs.name)} to show you what we keep about you, to put it right
or to delete it: {escape(runs.contact)}. Give your reference number. If you have lost it, give the
number in the public log. If we delete your suggestion, everything that you and our reviewers wrote
in it goes, and your files too. What stays is its number, what kind of suggestion it was, and which
steps were taken when and by which reviewer. Copies that we keep against loss go later, when they
are replaced.</p>"""
        if runs
        else "<p>There is nobody named here whom you could ask to show or delete what you sent.</p>"
    )
    return f"""<h2>Your rights</h2>
<p>You can withdraw a suggestion until it is decided, with its reference number. It is then not
shown any more, and still kept.</p>{asking}
<p>If you are not happy with what we do, you can complain to the Information Commissioner's
Office.</p>"""
