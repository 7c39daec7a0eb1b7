"""One-time links by which reviewers sign in where there is no identity provider.

A command on the server prints the link. Only a digest of its secret is kept; it works once, and
not for long.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from evidence.typed import CONTACT_LIMIT, clean
from loaders.submissions.database import writing
from loaders.submissions.tables import LinkRow

LASTS = timedelta(minutes=15)
"""How long a link works."""


def make_link(engine: Engine, reviewer: str, lasts: timedelta = LASTS) -> str:
    """A new secret for a link, for one reviewer; the only time that it can be read.

    Raises
    ------
    ValueError
        If the reviewer has no name, or one too long, or the link would never work.
    """
    name = clean(reviewer, lines=False)
    if not 0 < len(name) <= CONTACT_LIMIT:
        raise ValueError("Give the name or email address of the reviewer.")
    if lasts <= timedelta():
        raise ValueError("Give the link at least a minute.")
    secret = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    with writing(engine) as connection, Session(connection) as session:
        session.add(
            LinkRow(digest=_digest(secret), reviewer=name, made_at=now, expires_at=now + lasts)
        )
        session.flush()
    return secret


def use_link(engine: Engine, secret: str) -> str | None:
    """The reviewer of a link, once; None for a link that is used, too old or made up."""
    now = datetime.now(UTC)
    with writing(engine) as connection, Session(connection) as session:
        works = (
            LinkRow.digest == _digest(secret),
            LinkRow.used_at.is_(None),
            LinkRow.expires_at > now,
        )
        name = session.scalar(select(LinkRow.reviewer).where(*works))
        if name is not None:
            session.execute(update(LinkRow).where(*works).values(used_at=now))
        return name


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
