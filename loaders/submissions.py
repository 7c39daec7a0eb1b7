"""Where suggestions are kept: a database that is added to and never changed.

A suggestion is written once. What becomes of it is told by its events, which are added beside
it; its state is the kind of its last event. Contact details lie in a table of their own, so that
they can be deleted one day without touching the record.

SQLite, in ``var/suggestions.sqlite3``, unless ``DATABASE_URL`` names another database.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    String,
    Text,
    TypeDecorator,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.schema import CreateIndex, CreateTable

from evidence.submissions import FIELDS, EventKind, Suggestion, new_reference
from evidence.vocabulary import DiseaseArea

SQLITE_FILE = Path(__file__).resolve().parent.parent / "var" / "suggestions.sqlite3"
"""The database where nothing else is named. The folder is made when it is first needed."""

BUSY_SECONDS = 30
"""How long a writer waits for another one before it gives up."""

REFERENCE_TRIES = 5
"""How often a new reference number is drawn when one is taken already."""


class StoreUnavailableError(RuntimeError):
    """The database can't be reached, read or written; what was being added has no receipt."""


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
    """A suggestion as it was sent. Never updated."""

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

    contact: Mapped[ContactRow | None] = relationship()
    events: Mapped[list[EventRow]] = relationship(order_by="EventRow.event_id")


class ContactRow(Base):
    """How to reach the sender of a suggestion, for reviewers alone."""

    __tablename__ = "suggestion_contacts"

    reference: Mapped[str] = mapped_column(ForeignKey(SuggestionRow.reference), primary_key=True)
    contact: Mapped[str] = mapped_column(Text)


class EventRow(Base):
    """A step in the life of a suggestion. Added, never updated."""

    __tablename__ = "suggestion_events"

    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    reference: Mapped[str] = mapped_column(ForeignKey(SuggestionRow.reference), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class Receipt:
    """What the sender gets: the reference number, and the moment (UTC) of its writing."""

    reference: str
    received_at: datetime


@dataclass(frozen=True)
class Event:
    """A step in the life of a suggestion, at a moment in UTC."""

    at: datetime
    kind: EventKind
    detail: str | None


@dataclass(frozen=True)
class StoredSuggestion:
    """A suggestion as it is kept, with its events from first to last."""

    receipt: Receipt
    suggestion: Suggestion
    events: tuple[Event, ...]

    @property
    def state(self) -> EventKind:
        """What has become of the suggestion: the kind of its last event."""
        return self.events[-1].kind


def default_url() -> URL:
    """The address of the database: ``DATABASE_URL``, or the SQLite file of this project.

    ``postgres://`` and ``postgresql://``, as hosting services write them, are opened with
    psycopg 3.

    Raises
    ------
    StoreUnavailableError
        If ``DATABASE_URL`` is not the address of a database.
    """
    return _database_url(os.environ.get("DATABASE_URL") or f"sqlite:///{SQLITE_FILE}")


def _database_url(url: str | URL) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreUnavailableError(
            "DATABASE_URL is not the address of a database. It should look like "
            "postgresql://user:password@host/name or sqlite:////folder/file.sqlite3."
        ) from None
    if address.drivername in {"postgres", "postgresql"}:
        address = address.set(drivername="postgresql+psycopg")
    return address


class SuggestionStore:
    """The database of suggestions. One store serves every thread.

    Parameters
    ----------
    url
        A SQLAlchemy address; :func:`default_url` where none is given. Nothing is opened before
        the first use.

    Raises
    ------
    StoreUnavailableError
        If the address or its driver is not known here; and, from each method, if the database
        can't be reached, read or written.
    """

    def __init__(self, url: str | URL | None = None) -> None:
        self.url = default_url() if url is None else _database_url(url)
        try:
            self._engine = _engine(self.url)
        except (SQLAlchemyError, NoSuchModuleError, ImportError) as error:
            raise StoreUnavailableError(
                f"A {self.url.drivername} database can't be opened on this machine: {error}"
            ) from error

    def create(self) -> None:
        """Make the tables, and the folder of an SQLite file, where they are not there yet."""
        try:
            if self.url.get_backend_name() == "sqlite" and self.url.database:
                Path(self.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._engine.begin() as connection:
                for table in Base.metadata.sorted_tables:
                    connection.execute(CreateTable(table, if_not_exists=True))
                    for index in table.indexes:
                        connection.execute(CreateIndex(index, if_not_exists=True))
        except (SQLAlchemyError, OSError) as error:
            raise self._unavailable(error) from error

    def add(self, suggestion: Suggestion, form_id: str | None = None) -> Receipt:
        """Keep a suggestion; once this returns, it is on disk.

        Parameters
        ----------
        suggestion
            What :func:`evidence.submissions.check` made of a form.
        form_id
            Names the form that was filled in. The same suggestion added again from the same form
            is kept once, and gets its first receipt again.
        """
        once = _once(suggestion, form_id)
        try:
            for _ in range(REFERENCE_TRIES):
                try:
                    return self._insert(suggestion, once)
                except IntegrityError:
                    if once and (earlier := self._sent_before(once)):
                        return earlier
        except SQLAlchemyError as error:
            raise self._unavailable(error) from error
        raise StoreUnavailableError("No free reference number was found, so nothing was kept.")

    def get(self, reference: str) -> StoredSuggestion | None:
        """The suggestion of a reference number, however it is spaced or cased; else None."""
        try:
            with Session(self._engine) as session:
                row = session.get(SuggestionRow, "".join(reference.split()).upper())
                return _stored(row) if row else None
        except SQLAlchemyError as error:
            raise self._unavailable(error) from error

    def count(self) -> int:
        """How many suggestions are kept."""
        try:
            with Session(self._engine) as session:
                return session.scalar(select(func.count()).select_from(SuggestionRow)) or 0
        except SQLAlchemyError as error:
            raise self._unavailable(error) from error

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def _insert(self, suggestion: Suggestion, once: str | None) -> Receipt:
        receipt = Receipt(new_reference(), datetime.now(UTC))
        answers = suggestion.model_dump(mode="json")
        contact = answers.pop("contact")
        with Session(self._engine) as session, session.begin():
            session.add(
                SuggestionRow(
                    reference=receipt.reference,
                    received_at=receipt.received_at,
                    once=once,
                    contact=ContactRow(contact=contact) if contact else None,
                    events=[EventRow(at=receipt.received_at, kind=EventKind.RECEIVED.value)],
                    **answers,
                )
            )
        return receipt

    def _sent_before(self, once: str) -> Receipt | None:
        with Session(self._engine) as session:
            row = session.scalar(select(SuggestionRow).where(SuggestionRow.once == once))
            return Receipt(row.reference, row.received_at) if row else None

    def _unavailable(self, error: Exception) -> StoreUnavailableError:
        where = self.url.render_as_string(hide_password=True)
        return StoreUnavailableError(f"The suggestions database {where} can't be used: {error}")


def _once(suggestion: Suggestion, form_id: str | None) -> str | None:
    if form_id is None:
        return None
    return hashlib.sha256(f"{form_id}\n{suggestion.model_dump_json()}".encode()).hexdigest()


def _stored(row: SuggestionRow) -> StoredSuggestion:
    answers = {name: getattr(row, name) for name in FIELDS if name != "contact"}
    answers["disease_area"] = DiseaseArea(row.disease_area) if row.disease_area else None
    answers["contact"] = row.contact.contact if row.contact else None
    return StoredSuggestion(
        receipt=Receipt(row.reference, row.received_at),
        # It was checked when it came in, and stays readable if the checks change.
        suggestion=Suggestion.model_construct(**answers),
        events=tuple(Event(entry.at, EventKind(entry.kind), entry.detail) for entry in row.events),
    )


def _engine(url: URL) -> Engine:
    # Errors go to the log, and a log must not hold what people sent: no parameters in them.
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _durable)
    return engine


def _durable(connection: sqlite3.Connection, record: Any) -> None:
    """Make each commit of an SQLite file wait for the disk, and readers not wait for writers."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
