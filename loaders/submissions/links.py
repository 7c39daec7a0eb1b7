"""One-time links by which reviewers sign in where there is no identity provider.

A command on the server prints the link. Only a digest of its secret is kept; it works once, and
not for long. A link can be revoked, and whoever signed in by it is then signed out.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evidence.history import identity
from evidence.typed import CONTACT_LIMIT, clean
from loaders.submissions.opened import Database
from loaders.submissions.tables import LinkRow

LASTS = timedelta(minutes=15)
"""How long a link works."""

LONGEST = timedelta(days=1)
"""How long a link may work at most."""


class Links(Database):
    """The links in the database."""

    def make_link(self, reviewer: str, lasts: timedelta = LASTS) -> str:
        """A new secret for a link, for one reviewer; the only time that it can be read.

        Raises
        ------
        ValueError
            If the reviewer has no name, or one too long, or the link works never or too long.
        """
        name = clean(reviewer, lines=False)
        if not 0 < len(name) <= CONTACT_LIMIT:
            raise ValueError("Give the name or email address of the reviewer.")
        if not timedelta() < lasts <= LONGEST:
            raise ValueError("A link works for at least a minute, and for a day at most.")
        secret = secrets.token_urlsafe(32)
        now = datetime.now(UTC)
        made = LinkRow(
            digest=link_digest(secret), reviewer=name, made_at=now, expires_at=now + lasts
        )
        with self._telling_trouble(), self._writing() as session:
            session.add(made)
        return secret

    def use_link(self, secret: str) -> str | None:
        """The reviewer of a link, once; None for one used, revoked, too old or made up."""
        now = datetime.now(UTC)
        works = (
            LinkRow.digest == link_digest(secret),
            LinkRow.used_at.is_(None),
            LinkRow.revoked_at.is_(None),
            LinkRow.expires_at > now,
        )
        with self._telling_trouble(), self._writing() as session:
            name = session.scalar(select(LinkRow.reviewer).where(*works))
            if name is not None:
                session.execute(update(LinkRow).where(*works).values(used_at=now))
            return name

    def revoke_links(self, reviewer: str) -> int:
        """End every link of a reviewer, used or not; returns how many were made for them.

        Whoever signed in by one of them is signed out: :meth:`link_valid`.
        """
        who = identity(clean(reviewer, lines=False))
        with self._telling_trouble(), self._writing() as session:
            rows = session.scalars(select(LinkRow))
            theirs = [row for row in rows if identity(row.reviewer) == who]
            for row in theirs:
                row.revoked_at = row.revoked_at or datetime.now(UTC)
            return len(theirs)

    def link_valid(self, digest: str) -> bool:
        """Whether a link that somebody signed in by was not revoked since.

        ``digest`` is :func:`link_digest` of its secret.
        """
        query = select(LinkRow.digest).where(LinkRow.digest == digest, LinkRow.revoked_at.is_(None))
        with self._telling_trouble(), Session(self._engine) as session:
            return session.scalar(query) is not None


def link_digest(secret: str) -> str:
    """What is kept of a link's secret, and what a session remembers of its link."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
