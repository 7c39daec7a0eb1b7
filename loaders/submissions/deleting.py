"""Deleting: contact details after their time, a suggestion's text when somebody asks, and files.

These are the exceptions to "nothing is edited in place". What is deleted is written over in the
database too, as far as a database lets us: SQLite's file and its journal hold nothing of it
afterwards; PostgreSQL writes the tables anew, and what stands in its own journal and in backups
goes when those do.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from evidence.history import published_by
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.review import Event, IllegalStepError, Rules, Step, step
from evidence.submissions import Kind, Suggestion
from loaders.submissions.database import BUSY_SECONDS, StoreUnavailableError
from loaders.submissions.opened import Database
from loaders.submissions.rows import CONTACT_DAYS, StoredSuggestion, event_row, row_of, stored
from loaders.submissions.tables import (
    AttachmentRow,
    Base,
    ContactRow,
    EventRow,
    PublishedRow,
    SuggestionRow,
)

SKELETON = frozenset({"reference", "received_at", "kind"})
"""The columns of a suggestion that stay when it is deleted; every other one is emptied."""

EVENT_SKELETON = frozenset({"needed", "reason", "into"})
"""What stays of what its events hold beside their kind, their moment and who took them."""


UNWANTED = frozenset({DeclineReason.ADVERTISING, DeclineReason.ABUSE})
"""Why a suggestion was declined whose files may be deleted."""


class Deleting(Database):
    """What may be deleted in the database."""

    _deleted_on: date | None = None

    def delete_contacts(self, older_than: timedelta, who: str) -> int:
        """Delete the contact details of suggestions that came before; returns how many.

        That they were deleted becomes an event of each suggestion, and what they leave behind in
        the database is written over too.
        """
        with self._telling_trouble():
            with self._writing() as session:
                before = datetime.now(UTC) - older_than
                count = _delete_contacts(session, before, who, self.rules)
            _wipe(self._engine, [ContactRow.__tablename__])
        return count

    def delete_old_contacts(self, who: str = "the dashboard itself") -> int:
        """Delete contact details after :data:`CONTACT_DAYS`; returns how many. Best every day."""
        return self.delete_contacts(timedelta(days=CONTACT_DAYS), who)

    def delete_old_contacts_daily(self) -> None:
        """The same, at most once a day however often it is called, for the running dashboard.

        What goes wrong is logged, and tried again the next day.
        """
        today = datetime.now(UTC).date()
        if self._deleted_on == today:
            return
        self._deleted_on = today
        try:
            self.delete_old_contacts()
        except StoreUnavailableError:
            logging.getLogger(__name__).exception("Old contact details could not be deleted")

    def delete_unwanted_files(self, older_than: timedelta) -> dict[int, int]:
        """Delete the files of suggestions that were declined as advertising or abuse.

        Those under appeal, or reopened, keep theirs, and so do those declined more lately. Nothing
        else of a suggestion changes.

        Parameters
        ----------
        older_than
            How long ago they were declined at least, so that there is time to appeal.

        Returns
        -------
        dict[int, int]
            By the public number of a suggestion, how many bytes its files had.
        """
        deleted: dict[int, int] = {}
        with self._telling_trouble():
            with self._writing() as session:
                with_files = select(SuggestionRow).where(SuggestionRow.attachments.any())
                for row in list(session.scalars(with_files)):
                    now = _readable(row)
                    if now and _unwanted(now, datetime.now(UTC) - older_than):
                        deleted[now.number] = sum(file.size for file in now.files)
                        theirs = AttachmentRow.reference == row.reference
                        session.execute(delete(AttachmentRow).where(theirs))
            _wipe(self._engine, [AttachmentRow.__tablename__])
        return deleted

    def erase(self, reference: str, words: str, who: str, *, published: bool = False) -> int:
        """Delete what was written in a suggestion, because somebody asked; returns its number.

        The number is 0 where the suggestion has no event, and so no number.

        The one exception to "nothing is edited in place". Every answer goes, with the contact, the
        files, what was published, and the words of every event, those of reviewers too, for they
        quote. Who did what and when stays, and what kind of suggestion it was. To do it again
        writes once more over what it leaves behind in the database.

        Parameters
        ----------
        reference
            The suggestion's reference number.
        words
            Why, in words that tell of nobody: they are kept.
        who
            Which command does it.
        published
            Whether what is published of it goes too; without, a published one is refused.

        Raises
        ------
        NotFoundError
            If there is no such suggestion.
        IllegalStepError
            If it is published, or the words are missing or private.
        StoreUnavailableError
            Also if it is deleted, and others use the database so much that what it leaves behind
            in its files could not be written over.
        """
        wanted = Step(kind=EventKind.ERASED, role=Role.MACHINE, who=who, words=words)
        with self._telling_trouble():
            with self._writing() as session:
                row = row_of(session, reference)
                # A row that lost its events, by hand or in a copy, is deleted as well.
                number = row.events[0].event_id if row.events else 0
                _erase(session, row, wanted, self.rules, out=published)
            _wipe(self._engine, list(Base.metadata.tables), whole_file=True)
        return number


def _delete_contacts(session: Session, before: datetime, who: str, rules: Rules) -> int:
    """Delete the contact details of suggestions that came before; returns of how many."""
    old = select(SuggestionRow).join(ContactRow).where(SuggestionRow.received_at < before)
    rows = list(session.scalars(old))
    wanted = Step(kind=EventKind.CONTACT_DELETED, role=Role.MACHINE, who=who)
    for row in rows:
        session.add(_taken(row, _readable(row), wanted, rules))
    references = [row.reference for row in rows]
    session.execute(delete(ContactRow).where(ContactRow.reference.in_(references)))
    return len(rows)


def _unwanted(one: StoredSuggestion, before: datetime) -> bool:
    """Whether a suggestion stands declined as advertising or abuse, and was so at a moment."""
    decided = next((e for e in reversed(one.events) if e.kind is EventKind.DECLINED), None)
    return (
        one.state is State.DECLINED
        and decided is not None
        and decided.reason in UNWANTED
        and decided.at <= before
    )


def _erase(session: Session, row: SuggestionRow, wanted: Step, rules: Rules, *, out: bool) -> None:
    """Delete what was written in a suggestion and of it; ``out`` if it may be published."""
    now = _readable(row)
    if now and now.state is State.ERASED:
        return
    # What is appealed is published all the same, and goes only where that is asked for.
    if now and (now.state is State.PUBLISHED or published_by(now.events)) and not out:
        raise IllegalStepError(
            f"Suggestion {now.number} is published. Reopen it first on the page Review, or add "
            "--published: what is published of it then goes from the pages too."
        )
    event = _taken(row, now, wanted, rules)
    for table in (ContactRow, AttachmentRow, PublishedRow):
        session.execute(delete(table).where(table.reference == row.reference))
    for entry in row.events:
        entry.detail, entry.content = None, _skeleton(entry.content)
    row.kind = (now.corrected.kind if now else Kind.READ).value
    for column in SuggestionRow.__table__.columns:
        if column.name not in SKELETON:
            setattr(row, column.name, None if column.nullable else "")
    session.add(event)


def _readable(row: SuggestionRow) -> StoredSuggestion | None:
    """A suggestion; None where it is kept in a way that the checks of today don't take.

    To be deleted, nothing has to be right.
    """
    try:
        return stored(row)
    except (ValueError, LookupError, TypeError, StoreUnavailableError):
        return None


def _taken(
    row: SuggestionRow, now: StoredSuggestion | None, wanted: Step, rules: Rules
) -> EventRow:
    """The event of a step, checked against what is known of the suggestion."""
    if now is None:
        events = (Event(kind=EventKind.RECEIVED, role=Role.SENDER, at=row.received_at),)
        event = step(Suggestion.model_construct(), events, wanted, datetime.now(UTC), rules)
    else:
        event = step(now.suggestion, now.events, wanted, datetime.now(UTC), rules)
    return event_row(event, row.reference)


def _skeleton(content: str | None) -> str:
    """What stays of what an event holds beside words; all else in it may quote the sender."""
    try:
        held = json.loads(content or "{}")
    except ValueError:
        held = {}
    return json.dumps({name: held[name] for name in held if name in EVENT_SKELETON})


def _wipe(engine: Engine, tables: list[str], *, whole_file: bool = False) -> None:
    """Write over what deleted rows leave behind; raises StoreUnavailableError where it can't.

    Parameters
    ----------
    engine
        The engine of the database.
    tables
        The tables in which rows were deleted.
    whole_file
        Whether to write the whole file of an SQLite database anew.
    """
    try:
        if engine.dialect.name == "sqlite":
            busy = _wipe_sqlite(engine, whole_file=whole_file)
        else:
            busy = _wipe_postgresql(engine, tables)
    except SQLAlchemyError:
        busy = True
    if busy:
        raise StoreUnavailableError(
            "It is deleted, but the database was too busy to write over what its files still hold "
            "of it. Give the same command again."
        )


def _wipe_sqlite(engine: Engine, *, whole_file: bool) -> bool:
    """Write SQLite's journal into its file and empty it; whether that could not be done.

    Each connection has ``secure_delete`` on, which writes zeros over rows that are deleted. What
    it can't reach are copies of rows that were moved as pages filled up: the whole file is
    written anew to be rid of them.
    """
    with engine.connect() as opened:
        connection = opened.execution_options(alone=True)
        if whole_file:
            connection.exec_driver_sql("VACUUM")
        checkpoint = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return bool(checkpoint.scalar_one())


def _wipe_postgresql(engine: Engine, tables: list[str]) -> bool:
    """Write tables anew, without the rows that nobody sees any more."""
    with engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        try:
            for table in tables:
                connection.exec_driver_sql(f'VACUUM (FULL) "{table}"')
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
    return False
