"""The history of a suggestion: its events, and what follows from them.

Nothing of a suggestion is ever edited. Its state, the wording that reviewers corrected, who
accepted it, and what is held back because it looks private all follow from its events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from evidence import typed
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.privacy import find
from evidence.publication import Publication
from evidence.submissions import FREE_TEXT, Suggestion, check


class IllegalStepError(ValueError):
    """A step that can't be taken now; the message says why, for the person who tried."""


Words = Annotated[str | None, BeforeValidator(typed.answer(typed.NOTES_LIMIT, lines=True))]
Name = Annotated[str | None, BeforeValidator(typed.answer(254, lines=False))]


class Step(BaseModel):
    """Something that someone wants to do with a suggestion.

    Attributes
    ----------
    kind
        What is done.
    role
        As whom: sender, reviewer, or the machine itself.
    who
        The identity of a reviewer (as the identity provider gives it). Empty for senders, who
        are known by their reference number alone.
    words
        The question, the answer, the reason in words of one's own.
    reason
        Why it is declined, from the list.
    fields
        A correction: each answer that is corrected, with its new text.
    into
        The reference number of the suggestion that this one is merged into.
    publication
        What is prepared to be published.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: EventKind
    role: Role
    who: Name = None
    words: Words = None
    reason: DeclineReason | None = None
    fields: Mapping[str, str | None] | None = None
    into: str | None = None
    publication: Publication | None = None


class Event(Step):
    """A step that was taken: with its number, which grows, and its moment in UTC.

    ``needed`` is how many reviewers an acceptance needed when it was given; ``flags`` has what
    looked private in each answer that the event brought (None: not looked at).
    """

    event_id: int = 0
    at: datetime
    needed: int = 1
    flags: Mapping[str, tuple[str, ...]] | None = None


LEADS_TO = {
    EventKind.RECEIVED: State.RECEIVED,
    EventKind.TAKEN: State.CHECKING,
    EventKind.CORRECTED: State.CHECKING,
    EventKind.ASKED: State.WAITING,
    EventKind.ANSWERED: State.CHECKING,
    EventKind.PREPARED: State.CHECKING,
    EventKind.PUBLISHED: State.PUBLISHED,
    EventKind.DECLINED: State.DECLINED,
    EventKind.MERGED: State.MERGED,
    EventKind.WITHDRAWN: State.WITHDRAWN,
    EventKind.APPEALED: State.APPEALED,
    EventKind.REOPENED: State.CHECKING,
    EventKind.ERASED: State.ERASED,
}
"""The state that a step leads to, if it changes the state. Acceptances are counted apart."""


def state_of(events: Sequence[Event]) -> State:
    """Where a suggestion stands after its events, first to last."""
    state = State.NONE
    for number, entry in enumerate(events, 1):
        state = LEADS_TO.get(entry.kind, state)
        if entry.kind is EventKind.ACCEPTED:
            enough = len(acceptors(events[:number])) >= entry.needed
            state = State.ACCEPTED if enough else State.ACCEPTED_ONCE
    return state


def acceptors(events: Iterable[Event]) -> tuple[str, ...]:
    """The reviewers whose acceptance still holds."""
    found: list[str] = []
    for entry in events:
        if entry.kind is EventKind.ACCEPTED:
            found.append(entry.who or "")
        elif LEADS_TO.get(entry.kind):
            found = []
    return tuple(dict.fromkeys(found))


def prepared(events: Sequence[Event]) -> Publication | None:
    """What was last prepared to be published, unless an answer was corrected since."""
    for entry in reversed(events):
        if entry.kind is EventKind.PREPARED:
            return entry.publication
        if entry.kind is EventKind.CORRECTED:
            return None
    return None


def corrected(suggestion: Suggestion, events: Iterable[Event]) -> Suggestion:
    """The suggestion with every correction that reviewers made."""
    changes: dict[str, str | None] = {}
    for entry in events:
        changes |= entry.fields or {}
    return with_changes(suggestion, changes) if changes else suggestion


def with_changes(suggestion: Suggestion, changes: Mapping[str, str | None]) -> Suggestion:
    """The suggestion with other answers, checked as the form is; raises IllegalStepError."""
    checked = check(suggestion.model_dump(mode="json") | dict(changes))
    if isinstance(checked, Suggestion):
        return checked
    raise IllegalStepError(" ".join(problem.message for problem in checked))


def flags(suggestion: Suggestion) -> dict[str, tuple[str, ...]]:
    """What looks private in each answer: for each field, the reasons."""
    found = {
        field: tuple(sorted({span.kind for span in find(getattr(suggestion, field) or "")}))
        for field in FREE_TEXT
    }
    return {field: kinds for field, kinds in found.items() if kinds}


def held(suggestion: Suggestion, events: Iterable[Event]) -> dict[str, tuple[str, ...]]:
    """The answers held back from publication: each field, and what looks private in it.

    What was pointed out when it came in is held until a reviewer clears it or corrects it.
    """
    found: dict[str, tuple[str, ...]] = {}
    for entry in events:
        if entry.kind is EventKind.RECEIVED:
            found = dict(flags(suggestion) if entry.flags is None else entry.flags)
        elif entry.kind is EventKind.CORRECTED:
            changes = entry.fields or {}
            found = {name: kinds for name, kinds in found.items() if name not in changes}
            found |= entry.flags or {}
        elif entry.kind is EventKind.CLEARED:
            found = {}
    return found


def public_number(events: Sequence[Event]) -> int:
    """The number of a suggestion in the public log, which leads nobody to its reference number."""
    return events[0].event_id
