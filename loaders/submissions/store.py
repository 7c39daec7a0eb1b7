"""The store: suggestions in, steps added, what everyone may see and what is published out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from evidence.attachments import Attachment, FileKind
from evidence.outcomes import EventKind, Role
from evidence.public_log import PublicEntry
from evidence.publication import Known
from evidence.review import Event, IllegalStepError, Step, check_merge, prepared, step
from evidence.submissions import Suggestion, new_reference
from loaders.submissions.database import StoreUnavailableError
from loaders.submissions.deleting import Deleting
from loaders.submissions.limits import ALL_FILES, NoRoomError
from loaders.submissions.links import Links
from loaders.submissions.published import (
    Published,
    published,
    standing_alone,
    with_published,
)
from loaders.submissions.rows import (
    Kept,
    NotFoundError,
    Receipt,
    StoredFile,
    StoredSuggestion,
    UnreadableError,
    event_row,
    file_row,
    plain,
    row_of,
    stored,
    suggestion_row,
)
from loaders.submissions.tables import AttachmentRow, EventRow, PublishedRow, SuggestionRow

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


class SomebodyWasFasterError(RuntimeError):
    """Someone else took a step since the suggestion was looked at; nothing was added."""


class SuggestionStore(Links, Deleting):
    """The database of suggestions. One store serves every thread.

    How it is opened: :class:`loaders.submissions.opened.Database`.
    """

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

        Raises
        ------
        NoRoomError
            If the files are more than :attr:`room` has left; nothing is kept then.
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
            What the evidence base holds; needed to prepare and to publish. What was published of
            other suggestions since it was read is added.

        Raises
        ------
        NotFoundError
            If there is no such suggestion.
        SomebodyWasFasterError
            If there is a later event than ``seen``.
        IllegalStepError
            If the step can't be taken.
        """
        if wanted.role is Role.MACHINE:
            raise IllegalStepError("What is deleted is deleted by a command of its own.")
        with self._telling_trouble(), self._writing() as session:
            row = row_of(session, reference)
            now = stored(row)
            if seen is not None and seen != now.last:
                raise SomebodyWasFasterError(
                    "Somebody else was faster, and nothing of yours was added. Look again."
                )
            check_merge(row.reference, wanted, lambda other: self._events(session, other))
            if base is not None:
                base = with_published(base, published(session))
            event = step(now.suggestion, now.events, wanted, datetime.now(UTC), self.rules, base)
            added = event_row(event, row.reference)
            session.add(added)
            session.flush()
            if event.kind is EventKind.PUBLISHED and (publication := prepared(now.events)):
                text = standing_alone(session, publication).model_dump_json()
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
            row = session.get(SuggestionRow, plain(reference))
            return stored(row) if row else None

    def by_number(self, number: int) -> StoredSuggestion | None:
        """The suggestion of a public number, for reviewers; else None."""
        first = (EventRow.event_id == number) & (EventRow.kind == EventKind.RECEIVED.value)
        return next(iter(self._all(_select().where(SuggestionRow.events.any(first)))), None)

    def reference_of(self, number: int) -> str | None:
        """The reference number of a public number, also of what can't be read; else None."""
        query = select(EventRow.reference).where(
            EventRow.event_id == number, EventRow.kind == EventKind.RECEIVED.value
        )
        with self._telling_trouble(), Session(self._engine) as session:
            return session.scalar(query)

    def all(self) -> list[StoredSuggestion]:
        """Every suggestion that can be read, the oldest first, for reviewers."""
        return self._all(_select())

    def read(self) -> Kept:
        """Every suggestion that can be read, and the public numbers of those that can't."""
        return self._read(_select())

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
            row = session.get(AttachmentRow, (plain(reference), number))
            return Attachment(row.name, FileKind(row.kind), row.content) if row else None

    def room(self) -> int:
        """How many bytes of files can still be kept now."""
        with self._telling_trouble(), Session(self._engine) as session:
            return self._room(session)

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

    def _insert(
        self, suggestion: Suggestion, once: str | None, files: Sequence[Attachment]
    ) -> Receipt:
        receipt = Receipt(new_reference(), datetime.now(UTC))
        wanted = Step(kind=EventKind.RECEIVED, role=Role.SENDER)
        event = step(suggestion, (), wanted, receipt.received_at, self.rules)
        with self._writing() as session:
            if files and sum(len(file.content) for file in files) > self._room(session):
                raise NoRoomError("There is no room for files now.")
            row = suggestion_row(suggestion, receipt, once)
            row.events = [event_row(event, receipt.reference)]
            row.attachments = [
                file_row(file, receipt.reference, number) for number, file in enumerate(files, 1)
            ]
            session.add(row)
        return receipt

    def _room(self, session: Session) -> int:
        most, time = ALL_FILES
        size = select(func.sum(AttachmentRow.size))
        kept = session.scalar(size) or 0
        since = SuggestionRow.received_at >= datetime.now(UTC) - time
        lately = session.scalar(size.join_from(AttachmentRow, SuggestionRow).where(since)) or 0
        return min(self._files_limit - int(kept), most - int(lately))

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


def _select() -> Select[SuggestionRow]:
    return select(SuggestionRow).options(
        selectinload(SuggestionRow.contact),
        selectinload(SuggestionRow.events),
        selectinload(SuggestionRow.attachments),
    )


def _once(suggestion: Suggestion, form_id: str | None, files: Sequence[Attachment]) -> str | None:
    if form_id is None:
        return None
    parts = [form_id, suggestion.model_dump_json(), *(file.digest for file in files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
