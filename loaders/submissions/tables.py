"""The tables of the suggestions database. Rows are added and never changed.

There are four exceptions. Contact details, which lie in a table of their own, are deleted after
their time. One-time links are marked when they are used or revoked. What was written in a
suggestion is deleted when somebody asks, and the files of what was declined as advertising or abuse
by a command (:mod:`loaders.submissions.deleting`). The tables are made by the migrations of
``loaders/migrations/``.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, also where the database (SQLite) keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as UTC, on its way in."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment with its time zone, on its way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The tables of the suggestions database."""


class SuggestionRow(Base):
    """A suggestion as it was sent."""

    __tablename__ = "suggestions"

    reference: Mapped[str] = mapped_column(String(16), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    statement: Mapped[str] = mapped_column(Text)
    source_title: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str | None] = mapped_column(Text)
    disease_area: Mapped[str | None] = mapped_column(String(40))
    geography_code: Mapped[str | None] = mapped_column(String(40))
    ethnic_group: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20), server_default="statistic")
    figure_id: Mapped[str | None] = mapped_column(String(200), index=True)
    should_say: Mapped[str | None] = mapped_column(Text)
    method: Mapped[str | None] = mapped_column(Text)
    run_by: Mapped[str | None] = mapped_column(Text)
    outcomes: Mapped[str | None] = mapped_column(Text)
    period: Mapped[str | None] = mapped_column(Text)

    contact: Mapped[ContactRow | None] = relationship()
    events: Mapped[list[EventRow]] = relationship(order_by="EventRow.event_id")
    attachments: Mapped[list[AttachmentRow]] = relationship(order_by="AttachmentRow.number")


class ContactRow(Base):
    """How to reach the sender of a suggestion, for reviewers alone."""

    __tablename__ = "suggestion_contacts"

    reference: Mapped[str] = mapped_column(ForeignKey(SuggestionRow.reference), primary_key=True)
    contact: Mapped[str] = mapped_column(Text)


class EventRow(Base):
    """A step in the life of a suggestion. ``content`` is JSON: what the step holds beside words."""

    __tablename__ = "suggestion_events"

    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    reference: Mapped[str] = mapped_column(ForeignKey(SuggestionRow.reference), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(20), server_default="sender")
    who: Mapped[str | None] = mapped_column(String(254))
    content: Mapped[str | None] = mapped_column(Text)


class AttachmentRow(Base):
    """A file that was sent with a suggestion, as checked; for reviewers alone."""

    __tablename__ = "suggestion_attachments"

    reference: Mapped[str] = mapped_column(ForeignKey(SuggestionRow.reference), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class PublishedRow(Base):
    """What was published of a suggestion, as JSON, by the event that published it."""

    __tablename__ = "published"

    event_id: Mapped[int] = mapped_column(ForeignKey(EventRow.event_id), primary_key=True)
    reference: Mapped[str] = mapped_column(ForeignKey(SuggestionRow.reference), index=True)
    publication: Mapped[str] = mapped_column(Text)


class LinkRow(Base):
    """A one-time link by which a reviewer signs in: only a digest of its secret is kept."""

    __tablename__ = "reviewer_links"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    reviewer: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
