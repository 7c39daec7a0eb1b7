"""What becomes of a suggestion: its states, the steps between them, and who may take which.

A suggestion is never edited. Each thing that happens to it is an event, added after the others,
and its state follows from its events alone. A reviewer prepares what will be published, one or
two reviewers accept exactly that, and then it is published; a correction or a new preparation
takes earlier acceptances away. A decision can be appealed by the sender and reopened by a
reviewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from evidence import typed
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.privacy import find
from evidence.publication import Known, Publication, faults
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


@dataclass(frozen=True)
class Rules:
    """How many different reviewers must accept before anything is published: 1 or 2."""

    reviewers: int = 1


OPEN = frozenset(
    {State.RECEIVED, State.CHECKING, State.WAITING, State.ACCEPTED_ONCE, State.ACCEPTED}
    | {State.APPEALED}
)
"""The states in which a decision is still to come."""

CORRECTABLE = frozenset(Suggestion.model_fields) - {"contact"}
"""The answers that a reviewer may correct, and the kind of the suggestion."""

_WORKED_ON = frozenset({State.CHECKING, State.ACCEPTED_ONCE, State.ACCEPTED})

STEPS: Mapping[EventKind, tuple[Role, frozenset[State]]] = {
    EventKind.TAKEN: (
        Role.REVIEWER,
        frozenset({State.RECEIVED, State.APPEALED, State.WAITING}),
    ),
    EventKind.NOTED: (Role.REVIEWER, frozenset(State) - {State.NONE}),
    EventKind.CLEARED: (Role.REVIEWER, frozenset(State) - {State.NONE, State.WITHDRAWN}),
    EventKind.CORRECTED: (Role.REVIEWER, _WORKED_ON),
    EventKind.ASKED: (Role.REVIEWER, _WORKED_ON),
    EventKind.ANSWERED: (Role.SENDER, frozenset({State.WAITING})),
    EventKind.PREPARED: (Role.REVIEWER, _WORKED_ON),
    EventKind.ACCEPTED: (Role.REVIEWER, frozenset({State.CHECKING, State.ACCEPTED_ONCE})),
    EventKind.PUBLISHED: (Role.REVIEWER, frozenset({State.ACCEPTED})),
    EventKind.DECLINED: (Role.REVIEWER, _WORKED_ON | {State.WAITING}),
    EventKind.MERGED: (Role.REVIEWER, _WORKED_ON | {State.WAITING}),
    EventKind.WITHDRAWN: (Role.SENDER, OPEN),
    EventKind.APPEALED: (Role.SENDER, frozenset({State.DECLINED, State.MERGED})),
    EventKind.REOPENED: (
        Role.REVIEWER,
        frozenset({State.DECLINED, State.MERGED, State.PUBLISHED}),
    ),
    EventKind.CONTACT_DELETED: (Role.MACHINE, frozenset(State) - {State.NONE}),
}
"""Who may take each step, and from which states. Receiving is the only way in."""

_LEADS_TO = {
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
}

_NEEDS_WORDS = {
    EventKind.NOTED: "Write the note.",
    EventKind.CLEARED: "Say why this can be published.",
    EventKind.CORRECTED: "Say why this is corrected.",
    EventKind.ASKED: "Write the question.",
    EventKind.ANSWERED: "Write your answer.",
    EventKind.DECLINED: "Say in your own words why it is declined.",
    EventKind.MERGED: "Say why the two are the same.",
    EventKind.APPEALED: "Tell us why you think the decision is wrong.",
    EventKind.REOPENED: "Say why it is reopened.",
}

PUBLIC_WORDS = (EventKind.DECLINED, EventKind.MERGED)
"""The steps whose words stand in the public log."""


def state_of(events: Sequence[Event]) -> State:
    """Where a suggestion stands after its events, first to last."""
    state = State.NONE
    for entry in events:
        state = _LEADS_TO.get(entry.kind, state)
        if entry.kind is EventKind.ACCEPTED:
            before = events[: events.index(entry) + 1]
            enough = len(acceptors(before)) >= entry.needed
            state = State.ACCEPTED if enough else State.ACCEPTED_ONCE
    return state


def acceptors(events: Iterable[Event]) -> tuple[str, ...]:
    """The reviewers whose acceptance still holds."""
    found: list[str] = []
    for entry in events:
        if entry.kind is EventKind.ACCEPTED:
            found.append(entry.who or "")
        elif _LEADS_TO.get(entry.kind):
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
    return _with_changes(suggestion, changes) if changes else suggestion


def _with_changes(suggestion: Suggestion, changes: Mapping[str, str | None]) -> Suggestion:
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


def allowed(
    events: Sequence[Event], role: Role, who: str | None = None, rules: Rules | None = None
) -> tuple[EventKind, ...]:
    """The steps that someone may take now, in the order in which they are usually taken."""
    rules = rules or Rules()
    return tuple(
        kind
        for kind, (by, _) in STEPS.items()
        if by is role and not _forbidden(events, kind, who, rules)
    )


def _forbidden(
    events: Sequence[Event], kind: EventKind, who: str | None, rules: Rules
) -> str | None:
    """Why a step can't be taken now, or None where it can."""
    state = state_of(events)
    if kind not in STEPS or state not in STEPS[kind][1]:
        return f"This can't be done now: the suggestion is {state.label}."
    if kind is EventKind.ACCEPTED and prepared(events) is None:
        return "Prepare what will be published first. What is accepted is exactly that."
    if kind is EventKind.ACCEPTED and who in acceptors(events):
        return "You have accepted this already. Another reviewer must accept it too."
    last = next((entry for entry in reversed(events) if entry.kind in _LEADS_TO), None)
    if kind is EventKind.TAKEN and rules.reviewers > 1 and state is State.APPEALED:
        decision = next(e for e in reversed(events) if e.kind in PUBLIC_WORDS)
        if last and decision.who == who:
            return "An appeal is looked at by another reviewer than the one who decided."
    return None


def step(
    suggestion: Suggestion,
    events: Sequence[Event],
    wanted: Step,
    at: datetime,
    rules: Rules | None = None,
    base: Known | None = None,
) -> Event:
    """The event of a step, checked; nothing is changed.

    Parameters
    ----------
    suggestion
        As it was sent.
    events
        All that happened to it so far, first to last; empty only for the receiving itself.
    wanted
        The step.
    at
        The moment, with its time zone.
    rules
        How many reviewers must accept.
    base
        What the evidence base holds: needed to prepare and to publish.

    Raises
    ------
    IllegalStepError
        If the step can't be taken, with what is wrong.
    """
    rules = rules or Rules()
    if wanted.kind is EventKind.RECEIVED:
        if events:
            raise IllegalStepError("This suggestion was received already.")
        return Event(**dict(wanted), at=at, flags=flags(suggestion))
    if STEPS[wanted.kind][0] is not wanted.role:
        raise IllegalStepError(f"Only a {STEPS[wanted.kind][0].label} can do this.")
    if wanted.role is Role.REVIEWER and not wanted.who:
        raise IllegalStepError("Sign in first: every step of a review has a name.")
    if reason := _forbidden(events, wanted.kind, wanted.who, rules):
        raise IllegalStepError(reason)
    _check_content(suggestion, events, wanted)
    if wanted.kind in {EventKind.PREPARED, EventKind.PUBLISHED}:
        _check_publication(suggestion, events, wanted.publication or prepared(events), base)
    event = Event(**dict(wanted), at=at, needed=rules.reviewers)
    if wanted.kind is EventKind.CORRECTED:
        changed = corrected(suggestion, [*events, event])
        changes = wanted.fields or {}
        found = {name: kinds for name, kinds in flags(changed).items() if name in changes}
        event = event.model_copy(update={"flags": found})
    return event


def _check_content(suggestion: Suggestion, events: Sequence[Event], wanted: Step) -> None:
    """Raise where a step lacks what it must hold, or holds what belongs to another one."""
    kind = wanted.kind
    if kind in _NEEDS_WORDS and not wanted.words:
        raise IllegalStepError(_NEEDS_WORDS[kind])
    belongs = {
        "reason": (EventKind.DECLINED, "Choose a reason from the list."),
        "fields": (EventKind.CORRECTED, "Correct at least one answer."),
        "into": (EventKind.MERGED, "Say which suggestion it is merged into."),
        "publication": (EventKind.PREPARED, "Fill in the figure that will be published."),
    }
    for name, (owner, message) in belongs.items():
        given = getattr(wanted, name)
        if kind is owner and not given:
            raise IllegalStepError(message)
        if kind is not owner and given is not None:
            raise IllegalStepError(f"{name} does not belong to this step.")
    if kind in PUBLIC_WORDS and (spans := find(wanted.words or "")):
        raise IllegalStepError(f"These words will be public. {spans[0].reason}")
    if kind is EventKind.CORRECTED and wanted.fields:
        if unknown := set(wanted.fields) - CORRECTABLE:
            raise IllegalStepError(f"This can't be corrected: {', '.join(sorted(unknown))}.")
        now = corrected(suggestion, events)
        if _with_changes(now, wanted.fields) == now:
            raise IllegalStepError("Nothing is changed by this correction.")
    if kind is EventKind.PUBLISHED and held(suggestion, events):
        raise IllegalStepError(
            "Something in this suggestion looks private. Clear it or correct it before publishing."
        )


def _check_publication(
    suggestion: Suggestion,
    events: Sequence[Event],
    publication: Publication | None,
    base: Known | None,
) -> None:
    """Raise where what is prepared does not fit the evidence base as it is now."""
    if publication is None or base is None:
        raise IllegalStepError("The evidence base can't be read, so nothing can be published now.")
    now = corrected(suggestion, events)
    if found := faults(publication, base, public_number(events), now.kind, now.figure_id):
        raise IllegalStepError(" ".join(found))


def public_number(events: Sequence[Event]) -> int:
    """The number of a suggestion in the public log, which leads nobody to its reference number."""
    return events[0].event_id
