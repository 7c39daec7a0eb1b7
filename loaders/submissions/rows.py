"""From the rows of the suggestions database to the domain's objects, and back."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError
from sqlalchemy.orm import Session

from evidence.attachments import Attachment, FileKind
from evidence.outcomes import State
from evidence.public_log import PublicEntry, public_entry
from evidence.review import Event, corrected, held, public_number, state_of
from evidence.submissions import REFERENCE_ALPHABET, Kind, Suggestion
from evidence.vocabulary import DiseaseArea
from loaders.submissions.database import StoreUnavailableError
from loaders.submissions.tables import AttachmentRow, ContactRow, EventRow, SuggestionRow

_LOG = logging.getLogger(__name__)

CONTACT_DAYS = 180
"""For how many days contact details are kept: older ones are shown to nobody, and deleted."""

_COLUMNS = {"event_id", "at", "kind", "role", "who", "words"}
"""What of an event has a column of its own; the rest is JSON."""


class NotFoundError(LookupError):
    """There is no suggestion with this reference number."""


class UnreadableError(StoreUnavailableError):
    """A suggestion is kept in a way that the checks of today don't take.

    ``number`` is its public number, 0 where it has none.
    """

    def __init__(self, number: int) -> None:
        super().__init__(f"Suggestion {number} can't be read now.")
        self.number = number


@dataclass(frozen=True)
class Receipt:
    """What the sender gets: the reference number, and the moment (UTC) of its writing."""

    reference: str
    received_at: datetime


@dataclass(frozen=True)
class StoredFile:
    """A file of a suggestion, without its content: its number from 1, name, kind and size."""

    number: int
    name: str
    kind: FileKind
    size: int
    digest: str


@dataclass(frozen=True)
class StoredSuggestion:
    """A suggestion as it is kept, with its events from first to last and its files."""

    receipt: Receipt
    suggestion: Suggestion
    events: tuple[Event, ...]
    files: tuple[StoredFile, ...] = ()

    @property
    def state(self) -> State:
        """Where the suggestion stands."""
        return state_of(self.events)

    @property
    def number(self) -> int:
        """Its number in the public log."""
        return public_number(self.events)

    @property
    def last(self) -> int:
        """The number of its last event, by which a step shows that nobody was faster."""
        return self.events[-1].event_id

    @property
    def corrected(self) -> Suggestion:
        """The suggestion with every correction of reviewers."""
        return corrected(self.suggestion, self.events)

    @property
    def held(self) -> dict[str, tuple[str, ...]]:
        """The answers held back from publication, and what looks private in each."""
        return held(self.suggestion, self.events)

    @property
    def public(self) -> PublicEntry:
        """What everyone may see of it."""
        return public_entry(self.suggestion, self.events)


@dataclass(frozen=True)
class Kept:
    """Every suggestion that can be read, the oldest first, and the numbers of the others."""

    readable: tuple[StoredSuggestion, ...]
    unreadable: tuple[int, ...] = ()

    def public_log(self) -> list[PublicEntry]:
        """What everyone may see of every suggestion that can be read, the newest first."""
        events = {one.receipt.reference: one.events for one in self.readable}
        return [
            public_entry(one.suggestion, one.events, events.get) for one in reversed(self.readable)
        ]


def suggestion_row(suggestion: Suggestion, receipt: Receipt, once: str | None) -> SuggestionRow:
    """A suggestion as a row, with its contact beside it."""
    answers = suggestion.model_dump(mode="json")
    contact = answers.pop("contact")
    # The column was made when every suggestion had to say where it is from.
    answers["source_title"] = answers["source_title"] or ""
    return SuggestionRow(
        reference=receipt.reference,
        received_at=receipt.received_at,
        once=once,
        contact=ContactRow(contact=contact) if contact else None,
        **answers,
    )


def event_row(event: Event, reference: str) -> EventRow:
    """An event as a row of a suggestion."""
    content = event.model_dump(mode="json", exclude=_COLUMNS, exclude_none=True)
    return EventRow(
        reference=reference,
        at=event.at,
        kind=event.kind.value,
        detail=event.words,
        role=event.role.value,
        who=event.who,
        content=json.dumps(content, ensure_ascii=False),
    )


def row_of(session: Session, reference: str) -> SuggestionRow:
    """The row of a reference number; raises NotFoundError where there is none."""
    row = session.get(SuggestionRow, plain(reference))
    if row is None:
        raise NotFoundError("There is no suggestion with this reference number.")
    return row


def plain(reference: str) -> str:
    """A reference number as it is kept, however it is cased, spaced or hyphenated.

    What can't be in one is left out: PostgreSQL refuses to be asked for some characters.
    """
    letters = re.sub(r"[^A-Z0-9]", "", reference.upper())
    if len(letters) == 11:
        return f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"
    return re.sub(r"[^A-Z0-9-]", "", reference.upper())


def is_reference(asked: str) -> bool:
    """Whether what somebody asks for has the form of a reference number, so that it may be one."""
    part = f"[{REFERENCE_ALPHABET}]{{4}}"
    return re.fullmatch(f"LRH-{part}-{part}", plain(asked)) is not None


def file_row(attachment: Attachment, reference: str, number: int) -> AttachmentRow:
    """A file as a row of a suggestion."""
    return AttachmentRow(
        reference=reference,
        number=number,
        name=attachment.name,
        kind=attachment.kind.value,
        digest=attachment.digest,
        size=len(attachment.content),
        content=attachment.content,
    )


def stored(row: SuggestionRow) -> StoredSuggestion:
    """A row with all that hangs on it, as the domain sees it.

    Raises
    ------
    UnreadableError
        If it holds what the domain does not know (any more).
    """
    try:
        one = _stored(row)
        # What pages ask of it is asked here first, so that none of them meets trouble.
        _ = one.number, one.state, one.corrected
    except (ValueError, LookupError, TypeError) as error:
        number = row.events[0].event_id if row.events else 0
        _LOG.error("Suggestion %d can't be read: %s", number, _fault(error))
        # Without its cause, whose words hold what people sent: pages log what they meet.
        raise UnreadableError(number) from None
    return one


def _fault(error: Exception) -> str:
    """What is wrong with a row, without anything that people sent."""
    if not isinstance(error, ValidationError):
        return type(error).__name__
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return ", ".join(f"{'.'.join(map(str, each['loc']))} ({each['type']})" for each in found)


def _stored(row: SuggestionRow) -> StoredSuggestion:
    own = {name: getattr(row, name) for name in Suggestion.model_fields if name != "contact"}
    # Columns that must not be empty are so where nothing was said, or it was deleted.
    own["statement"] = own["statement"] or None
    own["source_title"] = own["source_title"] or None
    own["disease_area"] = DiseaseArea(row.disease_area) if row.disease_area else None
    own["kind"] = Kind(row.kind)
    own["contact"] = _contact(row)
    return StoredSuggestion(
        receipt=Receipt(row.reference, row.received_at),
        # It was checked when it came in, and stays readable if the checks change.
        suggestion=Suggestion.model_construct(**own),
        events=tuple(event(entry) for entry in row.events),
        files=tuple(
            StoredFile(file.number, file.name, FileKind(file.kind), file.size, file.digest)
            for file in row.attachments
        ),
    )


def contacts_end() -> datetime:
    """The moment before which suggestions came whose contact details nobody sees any more."""
    return datetime.now(UTC) - timedelta(days=CONTACT_DAYS)


def _contact(row: SuggestionRow) -> str | None:
    """The contact details of a suggestion, while their time lasts."""
    if row.contact is None or row.received_at < contacts_end():
        return None
    return row.contact.contact


def event(row: EventRow) -> Event:
    """A row as an event. A publication that can't be read any more is left out of it."""
    cells = {
        **json.loads(row.content or "{}"),
        "event_id": row.event_id,
        "at": row.at,
        "kind": row.kind,
        "role": row.role,
        "who": row.who,
        "words": row.detail,
    }
    try:
        return Event.model_validate(cells)
    except ValueError:
        if "publication" not in cells:
            raise
        # One preparation that the checks refuse today must not hide the log and the queue.
        return Event.model_validate(cells | {"publication": None})
