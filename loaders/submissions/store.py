"""The store: suggestions in, steps added, what everyone may see and what is published out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, delete, func, or_, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session, selectinload

from evidence.attachments import Attachment, FileKind
from evidence.outcomes import EventKind, Role, State
from evidence.public_log import PublicEntry
from evidence.publication import Known
from evidence.review import Event, Rules, Step, check_merge, prepared, step
from evidence.submissions import Suggestion, new_reference
from loaders.submissions.database import (
    StoreUnavailableError,
    database_url,
    default_url,
    open_engine,
    rules_from_environment,
    writing,
)
from loaders.submissions.links import LASTS, make_link, use_link
from loaders.submissions.migrate import migrate
from loaders.submissions.published import Published, published
from loaders.submissions.rows import (
    Kept,
    Receipt,
    StoredFile,
    StoredSuggestion,
    UnreadableError,
    event_row,
    file_row,
    stored,
    suggestion_row,
)
from loaders.submissions.tables import (
    AttachmentRow,
    ContactRow,
    EventRow,
    PublishedRow,
    SuggestionRow,
)

__all__ = [
    "Kept",
    "NotFoundError",
    "Published",
    "Receipt",
    "SomebodyWasFasterError",
    "StoredFile",
    "StoredSuggestion",
    "SuggestionStore",
    "UnreadableError",
]

REFERENCE_TRIES = 5
"""How often a new reference number is drawn when one is taken already."""


class NotFoundError(LookupError):
    """There is no suggestion with this reference number."""


class SomebodyWasFasterError(RuntimeError):
    """Someone else took a step since the suggestion was looked at; nothing was added."""


class SuggestionStore:
    """The database of suggestions. One store serves every thread.

    Parameters
    ----------
    url
        A SQLAlchemy address; :func:`default_url` where none is given. Nothing is opened before
        the first use.
    rules
        How many reviewers must accept; :func:`rules_from_environment` where none are given.

    Raises
    ------
    StoreUnavailableError
        If the address or its driver is not known here; and, from each method, if the database
        can't be reached, read or written.
    """

    def __init__(self, url: str | URL | None = None, rules: Rules | None = None) -> None:
        self.url = default_url() if url is None else database_url(url)
        self.rules = rules or rules_from_environment()
        try:
            self._engine = open_engine(self.url)
        except (SQLAlchemyError, NoSuchModuleError, ImportError) as error:
            raise StoreUnavailableError(
                f"A {self.url.drivername} database can't be opened on this machine: {error}"
            ) from error

    def create(self) -> None:
        """Bring the tables up to date, and make the folder of an SQLite file where it lacks."""
        with self._telling_trouble():
            if self.url.get_backend_name() == "sqlite" and self.url.database:
                Path(self.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            migrate(self._engine)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def add(
        self,
        suggestion: Suggestion,
        form_id: str | None = None,
        files: Sequence[Attachment] = (),
    ) -> Receipt:
        """Keep a suggestion with its files; once this returns, it is on disk.

        Parameters
        ----------
        suggestion
            What :func:`evidence.submissions.check` made of a form.
        form_id
            Names the form that was filled in. The same suggestion added again from the same form
            is kept once, and gets its first receipt again.
        files
            What :func:`evidence.attachments.examine` made of the files that were sent with it.
        """
        once = _once(suggestion, form_id, files)
        with self._telling_trouble():
            for _ in range(REFERENCE_TRIES):
                try:
                    return self._insert(suggestion, once, files)
                except IntegrityError:
                    if once and (earlier := self._sent_before(once)):
                        return earlier
        raise StoreUnavailableError("No free reference number was found, so nothing was kept.")

    def step(
        self,
        reference: str,
        wanted: Step,
        seen: int | None = None,
        base: Known | None = None,
    ) -> StoredSuggestion:
        """Take a step, once it is on disk; returns the suggestion after it.

        Parameters
        ----------
        reference
            The suggestion's reference number.
        wanted
            The step.
        seen
            The last event of the suggestion that the person saw
            (:attr:`StoredSuggestion.last`); None for what does not depend on the others.
        base
            What the evidence base holds; needed to prepare and to publish.

        Raises
        ------
        NotFoundError
            If there is no such suggestion.
        SomebodyWasFasterError
            If there is a later event than ``seen``.
        IllegalStepError
            If the step can't be taken.
        """
        with self._telling_trouble(), self._writing() as session:
            row = session.get(SuggestionRow, _plain(reference))
            if row is None:
                raise NotFoundError("There is no suggestion with this reference number.")
            now = stored(row)
            if seen is not None and seen != now.last:
                raise SomebodyWasFasterError(
                    "Somebody else was faster, and nothing of yours was added. Look again."
                )
            check_merge(row.reference, wanted, lambda other: self._events(session, other))
            event = step(now.suggestion, now.events, wanted, datetime.now(UTC), self.rules, base)
            added = event_row(event, row.reference)
            session.add(added)
            session.flush()
            if event.kind is EventKind.PUBLISHED and (publication := prepared(now.events)):
                text = publication.model_dump_json()
                session.add(
                    PublishedRow(event_id=added.event_id, reference=row.reference, publication=text)
                )
            session.expire_all()
            return stored(row)

    def get(self, reference: str) -> StoredSuggestion | None:
        """The suggestion of a reference number, however it is spaced or cased; else None.

        Raises UnreadableError if it is kept in a way that the checks of today don't take.
        """
        with self._telling_trouble(), Session(self._engine) as session:
            row = session.get(SuggestionRow, _plain(reference))
            return stored(row) if row else None

    def by_number(self, number: int) -> StoredSuggestion | None:
        """The suggestion of a public number, for reviewers; else None."""
        first = (EventRow.event_id == number) & (EventRow.kind == EventKind.RECEIVED.value)
        return next(iter(self._all(_select().where(SuggestionRow.events.any(first)))), None)

    def all(self) -> list[StoredSuggestion]:
        """Every suggestion that can be read, the oldest first, for reviewers."""
        return self._all(_select())

    def read(self) -> Kept:
        """Every suggestion that can be read, and the public numbers of those that can't."""
        return self._read(_select())

    def queue(self) -> list[StoredSuggestion]:
        """The suggestions that wait for a reviewer, the oldest first."""
        waiting = {State.RECEIVED, State.APPEALED, State.CHECKING}
        waiting |= {State.ACCEPTED_ONCE, State.ACCEPTED}
        return [one for one in self.all() if one.state in waiting]

    def like(self, one: StoredSuggestion) -> list[StoredSuggestion]:
        """Other suggestions about the same figure or from the same web address."""
        now = one.corrected
        same = [
            column == value
            for column, value in (
                (SuggestionRow.figure_id, now.figure_id),
                (SuggestionRow.source_url, now.source_url),
            )
            if value
        ]
        if not same:
            return []
        others = SuggestionRow.reference != one.receipt.reference
        return self._all(_select().where(or_(*same), others))

    def public_log(self) -> list[PublicEntry]:
        """What everyone may see of every suggestion that can be read, the newest first."""
        return self.read().public_log()

    def file(self, reference: str, number: int) -> Attachment | None:
        """A file of a suggestion with its content, for reviewers alone; else None."""
        with self._telling_trouble(), Session(self._engine) as session:
            row = session.get(AttachmentRow, (_plain(reference), number))
            return Attachment(row.name, FileKind(row.kind), row.content) if row else None

    def published(self) -> Published:
        """Everything that is published now, as frames in the columns of the models."""
        with self._telling_trouble(), Session(self._engine) as session:
            return published(session)

    def version(self) -> int:
        """The number of the last event: whoever has seen it has seen everything."""
        with self._telling_trouble(), Session(self._engine) as session:
            return session.scalar(select(func.max(EventRow.event_id))) or 0

    def count(self, since: timedelta | None = None) -> int:
        """How many suggestions are kept, or came in the time since."""
        query = select(func.count()).select_from(SuggestionRow)
        if since is not None:
            query = query.where(SuggestionRow.received_at >= datetime.now(UTC) - since)
        with self._telling_trouble(), Session(self._engine) as session:
            return session.scalar(query) or 0

    def delete_contacts(self, older_than: timedelta, who: str) -> int:
        """Delete the contact details of suggestions that came before; returns how many.

        That they were deleted becomes an event of each suggestion. On SQLite what was deleted is
        written over too.
        """
        with self._telling_trouble(), self._writing() as session:
            if self.url.get_backend_name() == "sqlite":
                session.execute(text("PRAGMA secure_delete=ON"))
            before = datetime.now(UTC) - older_than
            old = select(SuggestionRow).join(ContactRow).where(SuggestionRow.received_at < before)
            rows = list(session.scalars(old))
            wanted = Step(kind=EventKind.CONTACT_DELETED, role=Role.MACHINE, who=who)
            for row in rows:
                now = stored(row)
                event = step(now.suggestion, now.events, wanted, datetime.now(UTC), self.rules)
                session.add(event_row(event, row.reference))
            references = [row.reference for row in rows]
            session.execute(delete(ContactRow).where(ContactRow.reference.in_(references)))
            return len(rows)

    def make_link(self, reviewer: str, lasts: timedelta = LASTS) -> str:
        """The secret of a new one-time link; raises ValueError as the function of that name."""
        with self._telling_trouble():
            return make_link(self._engine, reviewer, lasts)

    def use_link(self, secret: str) -> str | None:
        """The reviewer whom a one-time link signs in; None where it does not (any more)."""
        with self._telling_trouble():
            return use_link(self._engine, secret)

    def _insert(
        self, suggestion: Suggestion, once: str | None, files: Sequence[Attachment]
    ) -> Receipt:
        receipt = Receipt(new_reference(), datetime.now(UTC))
        wanted = Step(kind=EventKind.RECEIVED, role=Role.SENDER)
        event = step(suggestion, (), wanted, receipt.received_at, self.rules)
        with self._writing() as session:
            row = suggestion_row(suggestion, receipt, once)
            row.events = [event_row(event, receipt.reference)]
            row.attachments = [
                file_row(file, receipt.reference, number) for number, file in enumerate(files, 1)
            ]
            session.add(row)
        return receipt

    def _sent_before(self, once: str) -> Receipt | None:
        with Session(self._engine) as session:
            row = session.scalar(select(SuggestionRow).where(SuggestionRow.once == once))
            return Receipt(row.reference, row.received_at) if row else None

    def _all(self, query: Select[SuggestionRow]) -> list[StoredSuggestion]:
        return list(self._read(query).readable)

    def _read(self, query: Select[SuggestionRow]) -> Kept:
        found: list[StoredSuggestion] = []
        unreadable: list[int] = []
        with self._telling_trouble(), Session(self._engine) as session:
            for row in session.scalars(query):
                try:
                    found.append(stored(row))
                except UnreadableError as error:
                    unreadable.append(error.number)
        found.sort(key=lambda one: one.number)
        return Kept(tuple(found), tuple(sorted(unreadable)))

    @staticmethod
    def _events(session: Session, reference: str) -> Sequence[Event] | None:
        row = session.get(SuggestionRow, reference)
        return stored(row).events if row else None

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with writing(self._engine) as connection, Session(connection) as session:
            yield session
            session.flush()

    @contextmanager
    def _telling_trouble(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            where = self.url.render_as_string(hide_password=True)
            raise StoreUnavailableError(
                f"The suggestions database {where} can't be used: {error}"
            ) from error


def _select() -> Select[SuggestionRow]:
    return select(SuggestionRow).options(
        selectinload(SuggestionRow.contact),
        selectinload(SuggestionRow.events),
        selectinload(SuggestionRow.attachments),
    )


def _plain(reference: str) -> str:
    return "".join(reference.split()).upper()


def _once(suggestion: Suggestion, form_id: str | None, files: Sequence[Attachment]) -> str | None:
    if form_id is None:
        return None
    parts = [form_id, suggestion.model_dump_json(), *(file.digest for file in files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
