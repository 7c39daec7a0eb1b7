"""Who may review: signing in, and the right, which everything that a reviewer does asks for anew.

Where an identity provider is set up (``[auth]`` in Streamlit's secrets), reviewers sign in there
and must stand on a list. Where none is, a one-time link signs in one session
(:mod:`loaders.submissions.links`). Streamlit keeps an identity in a signed cookie for a month and
does not look when it ends: that is looked at here, each time.

Every use of a right, on a page, in a step or in a download, asks :meth:`Pass.right`. What ends a
right is looked at there and nowhere else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.util import find_spec
from time import monotonic
from typing import Protocol

import streamlit as st

from loaders.submissions import StoreUnavailableError, link_digest
from pages.shared.community import suggestion_store

IDLE_MINUTES = 30
"""How long a session that a link signed in may do nothing before it is signed out."""

LONGEST_MINUTES = 8 * 60
"""How long a link signs a session in at most."""

NEW_LINK = "Ask whoever runs this dashboard for a new link."


@dataclass(frozen=True)
class Reviewer:
    """Someone who may review.

    ``identity`` is kept with every step that they take, and tells one reviewer from another: the
    entry of the list that they stand on, which does not change when they change their name.
    ``name`` is what they are called on the page.
    """

    identity: str
    name: str


@dataclass(frozen=True)
class Refused:
    """Someone whom the identity provider knows and who may not review, and why."""

    reason: str


@dataclass(frozen=True)
class AllowList:
    """Who may review: verified email addresses in lower case, and subjects of the provider.

    ``provider`` is the name of the provider's section in the secrets.
    """

    emails: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    provider: str = "default"


class Pass(Protocol):
    """By what someone is signed in."""

    def right(self, *, certain: bool = False) -> Reviewer | Refused | None:
        """Who may review by it now, or was refused; None once it has ended.

        Where the database can't say now whether it has ended, it stands, so that a short trouble
        signs nobody out. ``certain`` raises StoreUnavailableError then.
        """


@dataclass
class _LinkSession:
    """A session that a link signed in. Only the server can make one.

    ``link`` is the digest of the link's secret: who revokes the link ends the session.
    """

    reviewer: Reviewer
    began: float
    seen: float
    link: str
    ended: bool = False

    def right(self, *, certain: bool = False) -> Reviewer | None:
        """Its reviewer, until they sign out, leave it alone for too long or it is revoked."""
        now = monotonic()
        idle, age = now - self.seen, now - self.began
        lasts = not self.ended and idle <= IDLE_MINUTES * 60 and age <= LONGEST_MINUTES * 60
        return self.reviewer if lasts and self._link_valid(certain=certain) else None

    def _link_valid(self, *, certain: bool) -> bool:
        try:
            return suggestion_store().link_valid(self.link)
        except StoreUnavailableError:
            if certain:
                raise
            return True


@dataclass(frozen=True)
class _ProviderSession:
    """An identity of the provider, in every session that its cookie opened."""

    claims: Mapping[str, object]

    @property
    def token(self) -> str:
        """A digest that tells one sign-in from another, of the same person too."""
        told = {name: self.claims.get(name) for name in ("iss", "sub", "iat", "exp", "nonce")}
        return sha256(json.dumps(told, default=str).encode()).hexdigest()

    def right(self, *, certain: bool = False) -> Reviewer | Refused | None:
        """Whom the list has under this identity, until it is signed out or runs out."""
        if self.token in _signed_out:
            return None
        return recognised(self.claims, allow_list(), datetime.now(UTC))

    def end(self) -> None:
        """End it in every session of this copy of the app, and for what they offered."""
        now = datetime.now(UTC).timestamp()
        for token, until in list(_signed_out.items()):
            if until <= now:
                _signed_out.pop(token, None)
        ends = self.claims.get("exp")
        _signed_out[self.token] = float(ends) if isinstance(ends, int | float) else now


_signed_out: dict[str, float] = {}
"""Identities of the provider that were signed out, and when each would have run out by itself."""


def recognised(
    claims: Mapping[str, object], allowed: AllowList, now: datetime
) -> Reviewer | Refused:
    """Whom an identity of the provider is, if they may review now.

    Parameters
    ----------
    claims
        The claims of the identity token, as Streamlit keeps them, with ``provider``.
    allowed
        Who may review.
    now
        The moment, with its time zone.
    """
    ends = claims.get("exp")
    if not isinstance(ends, int | float) or isinstance(ends, bool) or ends <= now.timestamp():
        return Refused("Your sign-in has run out. Sign in again.")
    subject, email = claims.get("sub"), claims.get("email")
    if claims.get("provider", "default") == allowed.provider:
        if isinstance(subject, str) and subject in allowed.subjects:
            return Reviewer(subject, f"{claims.get('name') or 'reviewer'} ({subject})")
        # What the provider has not verified, anyone may have written there.
        verified = claims.get("email_verified") is True
        if isinstance(email, str) and verified and email.casefold() in allowed.emails:
            return Reviewer(email.casefold(), email.casefold())
        if not verified:
            return Refused(
                "Your identity provider does not say that your email address is verified, so it "
                f"does not tell us who you are. Your subject there is {subject}."
            )
    return Refused(f"You are signed in as {email or subject}, who is not on the list of reviewers.")


def provider_is_set_up() -> bool:
    """Whether reviewers sign in through an identity provider."""
    return bool(_secrets("auth"))


def allow_list() -> AllowList:
    """The list of reviewers: ``[reviewers]`` in the secrets, and the variable ``REVIEWERS``."""
    listed = _secrets("reviewers")
    emails = [*_texts(listed.get("emails")), *os.environ.get("REVIEWERS", "").split(",")]
    return AllowList(
        frozenset(email.strip().casefold() for email in emails if email.strip()),
        frozenset(_texts(listed.get("subjects"))),
        str(listed.get("provider") or "default"),
    )


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _secrets(section: str) -> dict[str, object]:
    """A section of the secrets; empty where there are none, or they can't be read."""
    try:
        found = st.secrets.get(section)
    except FileNotFoundError:
        return {}
    return dict(found) if isinstance(found, Mapping) else {}


def _pass() -> Pass | None:
    """By what this session is signed in; None where nobody is."""
    if provider_is_set_up():
        claims = st.user.to_dict()
        return _ProviderSession(claims) if claims.get("is_logged_in") is True else None
    session = st.session_state.get("review_session")
    return session if isinstance(session, _LinkSession) else None


def right(*, certain: bool = False) -> Reviewer | Refused | None:
    """Who is there and may review, or was refused; None where nobody is signed in.

    ``certain`` is that of :meth:`Pass.right`.
    """
    held = _pass()
    found = held.right(certain=certain) if held else None
    if isinstance(held, _LinkSession):
        if found is None:
            forget()
            notice = f"You were signed out after a while. {NEW_LINK}"
            st.session_state["review_sign_in_notice"] = notice
        else:
            held.seen = monotonic()
    return found


def reviewer() -> Reviewer | None:
    """Who is there and may review now; what reads or writes asks :func:`certain_reviewer`."""
    found = right()
    return found if isinstance(found, Reviewer) else None


def certain_reviewer() -> Reviewer | None:
    """Who is there and may review now; every read and write of a reviewer asks for it.

    Raises
    ------
    StoreUnavailableError
        If the database can't say now whether the right has ended.
    """
    found = right(certain=True)
    return found if isinstance(found, Reviewer) else None


def lasting_right() -> Callable[[], bool]:
    """The right of whoever is there, to be asked for again where no page is run.

    What is downloaded is made when it is asked for, outside the page that offered it. It raises
    StoreUnavailableError as :func:`certain_reviewer` does.
    """
    held = _pass()
    return lambda: held is not None and isinstance(held.right(certain=True), Reviewer)


def forget() -> None:
    """Sign this session out, and let go of everything that a reviewer had open in it."""
    held = _pass()
    if isinstance(held, _ProviderSession):
        held.end()
    elif isinstance(held, _LinkSession):
        held.ended = True
    for name in list(st.session_state):
        if str(name).startswith("review"):
            del st.session_state[name]


def take_link_from_address() -> None:
    """Move the secret of a one-time link out of the address at once, where it would be seen."""
    if "link" in st.query_params:
        secret = st.query_params["link"]
        del st.query_params["link"]
        if not provider_is_set_up():
            st.session_state["review_link"] = secret


def ask_to_sign_in() -> None:
    """What the page shows instead of its work: a way to sign in, or that it is closed."""
    found = right()
    if isinstance(found, Refused):
        st.error(found.reason.replace("`", "'"), title="You can't review")
    if notice := st.session_state.pop("review_sign_in_notice", None):
        st.error(notice)
    st.html("<p>This page is for the people who check suggestions. Nothing is shown to others.</p>")
    if provider_is_set_up():
        _ask_at_provider(signed_in=isinstance(found, Refused))
    elif "review_link" in st.session_state:
        st.html("<p>Your link is good for one sign-in, in this window only.</p>")
        st.button("Sign in to review", on_click=_use_link, type="primary")
    else:
        st.info(
            "It opens with a one-time link. Whoever runs this dashboard can make one for you on "
            "the server.",
            title="The page is closed",
        )


def _ask_at_provider(*, signed_in: bool) -> None:
    if find_spec("authlib") is None:
        st.info("The server lacks the package Authlib, so nobody can sign in.")
        return
    if signed_in:
        st.button("Sign out", on_click=sign_out)
    provider = allow_list().provider
    st.button(
        "Sign in again" if signed_in else "Sign in to review",
        on_click=lambda: st.login(None if provider == "default" else provider),
        type="primary",
    )
    st.html("<p>After signing in you come to the first page. Choose Review in its menu.</p>")


def _use_link() -> None:
    state = st.session_state
    secret = state.get("review_link")
    try:
        name = suggestion_store().use_link(str(secret)) if secret else None
    except StoreUnavailableError:
        state["review_sign_in_notice"] = "The database can't be reached now. Try again soon."
        return
    state.pop("review_link", None)
    if name is None:
        state["review_sign_in_notice"] = f"This link was used already, or is too old. {NEW_LINK}"
        return
    now = monotonic()
    # The history shows it as the command wrote it; however that is, it is the same reviewer
    # (:func:`evidence.history.identity`).
    who = Reviewer(" ".join(name.split()), name)
    link = link_digest(str(secret))
    state["review_session"] = _LinkSession(who, began=now, seen=now, link=link)


def sign_out() -> None:
    """Sign the reviewer out."""
    by_provider = provider_is_set_up()
    forget()
    if by_provider:
        st.logout()
