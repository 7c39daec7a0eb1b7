"""What becomes of a suggestion: its states, the steps between them, and who may take which.

A suggestion is never edited. Each thing that happens to it is an event, added after the others,
and its state follows from its events alone. The one exception is a suggestion that is deleted on
request: its text goes, its events stay without their words, and nothing more can be done with it.
A reviewer prepares what will be published, one or
two reviewers accept exactly that, and then it is published; a correction or a new preparation
takes earlier acceptances away. A decision can be appealed by the sender and reopened by a
reviewer. Where two reviewers are needed, an appeal is decided by another one than before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from evidence.history import (
    DECISIONS,
    LEADS_TO,
    Event,
    IllegalStepError,
    Step,
    acceptors,
    comes_back,
    corrected,
    decided_before_appeal,
    flags,
    flags_of,
    flags_of_correction,
    held,
    held_answers,
    hidden_by_decline,
    identity,
    prepared,
    public_number,
    published_by,
    state_of,
    with_changes,
)
from evidence.outcomes import EventKind, Role, State
from evidence.privacy import find
from evidence.publication import FIGURE_IDS, Known, Publication, doubles, faults
from evidence.submissions import PUBLIC_ANSWERS, Suggestion

__all__ = [
    "GONE",
    "OPEN",
    "PUBLIC_WORDS",
    "SENDER_WORDS",
    "STEPS",
    "Event",
    "IllegalStepError",
    "Rules",
    "Step",
    "allowed",
    "barred_by_appeal",
    "check_merge",
    "corrected",
    "flags",
    "held",
    "held_answers",
    "hidden_by_decline",
    "prepared",
    "public_number",
    "state_of",
    "step",
]


@dataclass(frozen=True)
class Rules:
    """How many different reviewers must accept before anything is published: 1 or 2."""

    reviewers: int = 1


OPEN = frozenset(
    {State.RECEIVED, State.CHECKING, State.WAITING, State.ACCEPTED_ONCE, State.ACCEPTED}
    | {State.APPEALED}
)
"""The states in which a decision is still to come."""

GONE = frozenset({State.WITHDRAWN, State.ERASED})
"""The states in which nothing of a suggestion is left, nor of what was merged into it."""

CORRECTABLE = frozenset(Suggestion.model_fields) - {"contact"}
"""The answers that a reviewer may correct, and the kind of the suggestion."""

_WORKED_ON = frozenset({State.CHECKING, State.ACCEPTED_ONCE, State.ACCEPTED})
_KEPT = frozenset(State) - {State.NONE, State.ERASED}

STEPS: Mapping[EventKind, tuple[Role, frozenset[State]]] = {
    EventKind.TAKEN: (
        Role.REVIEWER,
        frozenset({State.RECEIVED, State.APPEALED, State.WAITING}),
    ),
    EventKind.NOTED: (Role.REVIEWER, _KEPT),
    EventKind.CLEARED: (Role.REVIEWER, _KEPT - {State.WITHDRAWN}),
    # Also before it is shown, for to hold it back afterwards may be too late.
    EventKind.HELD: (Role.REVIEWER, _KEPT - {State.WITHDRAWN}),
    EventKind.CORRECTED: (Role.REVIEWER, _WORKED_ON | {State.RECEIVED, State.APPEALED}),
    EventKind.ASKED: (Role.REVIEWER, _WORKED_ON),
    EventKind.ANSWERED: (Role.SENDER, frozenset({State.WAITING})),
    EventKind.PREPARED: (Role.REVIEWER, _WORKED_ON),
    EventKind.ACCEPTED: (Role.REVIEWER, _WORKED_ON),
    EventKind.PUBLISHED: (Role.REVIEWER, frozenset({State.ACCEPTED})),
    EventKind.PUT_RIGHT: (Role.REVIEWER, _WORKED_ON | {State.WAITING}),
    EventKind.DECLINED: (Role.REVIEWER, OPEN),
    EventKind.MERGED: (Role.REVIEWER, OPEN),
    EventKind.WITHDRAWN: (Role.SENDER, OPEN),
    EventKind.APPEALED: (
        Role.SENDER,
        frozenset({State.DECLINED, State.MERGED, State.PUT_RIGHT, State.PUBLISHED}),
    ),
    EventKind.REOPENED: (
        Role.REVIEWER,
        frozenset({State.DECLINED, State.MERGED, State.PUT_RIGHT, State.PUBLISHED}),
    ),
    EventKind.CONTACT_DELETED: (Role.MACHINE, _KEPT),
    EventKind.ERASED: (Role.MACHINE, _KEPT),
}
"""Who may take each step, and from which states. Receiving is the only way in."""

_NEEDS_WORDS = {
    EventKind.NOTED: "Write the note.",
    EventKind.CLEARED: "Say why this can be published.",
    EventKind.HELD: "Say why this is held back.",
    EventKind.CORRECTED: "Say why this is corrected.",
    EventKind.ASKED: "Write the question.",
    EventKind.ANSWERED: "Write your answer.",
    EventKind.DECLINED: "Say in your own words why it is declined.",
    EventKind.MERGED: "Say why the two are the same.",
    EventKind.PUT_RIGHT: "Say what was put right.",
    EventKind.APPEALED: "Tell us why you think the decision is wrong.",
    EventKind.REOPENED: "Say why it is reopened.",
    EventKind.ERASED: "Say why it is deleted.",
}

PUBLIC_WORDS = frozenset({EventKind.DECLINED, EventKind.MERGED, EventKind.PUT_RIGHT})
"""The steps whose words everyone can read in the public log."""

SENDER_WORDS = PUBLIC_WORDS | {
    EventKind.HELD,
    EventKind.CORRECTED,
    EventKind.ASKED,
    EventKind.ANSWERED,
    EventKind.APPEALED,
    EventKind.REOPENED,
}
"""The steps whose words the sender can read; those of every other step are for reviewers alone."""


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
    if kind is EventKind.CLEARED and state is State.DECLINED and hidden_by_decline(events):
        return "It is declined for a reason that hides it. Reopen it before you clear it."
    if kind is EventKind.WITHDRAWN and published_by(events):
        return "What is published can't be withdrawn. A reviewer decides about your appeal first."
    if reason := _not_acceptable(events, kind, who, rules):
        return reason
    return _barred(events, kind, who, rules)


def _not_acceptable(
    events: Sequence[Event], kind: EventKind, who: str | None, rules: Rules
) -> str | None:
    """Why what is prepared can't be accepted, or published, by someone; None where it can.

    What was accepted while one reviewer was enough needs a second where two are needed now.
    """
    enough = state_of(events) is State.ACCEPTED and len(acceptors(events)) >= rules.reviewers
    if kind is EventKind.PUBLISHED and not enough:
        return "Two reviewers must accept this before it is published. Another one must accept it."
    if kind is not EventKind.ACCEPTED:
        return None
    if enough:
        return f"This can't be done now: the suggestion is {state_of(events).label}."
    if prepared(events) is None:
        return "Prepare what will be published first. What is accepted is exactly that."
    if identity(who) in acceptors(events):
        return "You have accepted this already. Another reviewer must accept it too."
    return None


def _barred(events: Sequence[Event], kind: EventKind, who: str | None, rules: Rules) -> str | None:
    """Why who decided before may not take a step after the appeal, or None where they may."""
    if barred_by_appeal(events, who, rules):
        state = state_of(events)
        if kind is EventKind.ACCEPTED and len(acceptors(events)) + 1 >= rules.reviewers:
            return "You took the decision that is appealed, so another reviewer must accept last."
        takes_it_up = state is State.APPEALED and LEADS_TO.get(kind) is State.CHECKING
        if takes_it_up or kind in DECISIONS - {EventKind.PUBLISHED}:
            return "An appeal is decided by another reviewer than the one who decided before."
    return None


def barred_by_appeal(events: Sequence[Event], who: str | None, rules: Rules) -> bool:
    """Whether a reviewer took the decision under appeal, where two reviewers are needed."""
    return rules.reviewers > 1 and bool(who) and identity(who) == decided_before_appeal(events)


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
    if wanted.kind is EventKind.CLEARED and base and comes_back(events):
        back = published_by(events)
        if same := doubles(back.figures if back else (), base):
            raise IllegalStepError(" ".join(same))
    event = Event(**dict(wanted), at=at, needed=rules.reviewers)
    if wanted.kind is EventKind.CORRECTED:
        changed = corrected(suggestion, [*events, event])
        found = flags_of_correction(changed, wanted.fields or {})
        event = event.model_copy(update={"flags": found})
    if event.publication:
        event = event.model_copy(update={"flags": flags_of(event.publication)})
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
        "answers": (EventKind.HELD, "Choose what is held back."),
    }
    for name, (owner, message) in belongs.items():
        given = getattr(wanted, name)
        if kind is owner and not given:
            raise IllegalStepError(message)
        if kind is not owner and given is not None:
            raise IllegalStepError(f"{name} does not belong to this step.")
    if unknown := set(wanted.answers or ()) - set(PUBLIC_ANSWERS):
        raise IllegalStepError(f"This is not shown to anyone: {', '.join(sorted(unknown))}.")
    if kind in PUBLIC_WORDS and (spans := find(wanted.words or "")):
        raise IllegalStepError(f"These words will be public. {spans[0].reason}")
    if kind is EventKind.ERASED and (spans := find(wanted.words or "")):
        raise IllegalStepError(f"These words are kept for good. {spans[0].reason}")
    if kind is EventKind.CORRECTED and wanted.fields:
        if unknown := set(wanted.fields) - CORRECTABLE:
            raise IllegalStepError(f"This can't be corrected: {', '.join(sorted(unknown))}.")
        now = corrected(suggestion, events)
        if with_changes(now, wanted.fields) == now:
            raise IllegalStepError("Nothing is changed by this correction.")
    if kind is EventKind.PUBLISHED and held(suggestion, events):
        raise IllegalStepError(
            "Something in this suggestion, or in what is prepared, is held back. Clear it or "
            "correct it before publishing."
        )


def check_merge(
    reference: str, wanted: Step, events_of: Callable[[str], Sequence[Event] | None]
) -> None:
    """Refuse to merge a suggestion into none, one that is gone, itself, or round in a ring.

    Parameters
    ----------
    reference
        The suggestion of the step.
    wanted
        The step; one that merges nothing is let through.
    events_of
        The events of another suggestion by its reference number, or None.

    Raises
    ------
    IllegalStepError
        If the step merges into what can't be.
    """
    seen = {reference}
    into = wanted.into
    while into is not None:
        if into in seen:
            raise IllegalStepError("A suggestion can't be merged into itself.")
        seen.add(into)
        events = events_of(into)
        if events is None:
            raise IllegalStepError(f"There is no suggestion {into} to merge into.")
        if (state := state_of(events)) in GONE:
            raise IllegalStepError(f"Nothing can live on in a suggestion that is {state.label}.")
        merges = [entry.into for entry in events if entry.kind is EventKind.MERGED]
        into = merges[-1] if state is State.MERGED else None


def without(base: Known, publication: Publication, number: int) -> Known:
    """What the evidence base holds besides what a publication of suggestion ``number`` brought.

    Its sources and indicators may be brought again, and used: they count as lent. A figure that it
    only corrects stays.
    """
    ids = {figure.figure_id for figure in publication.figures}
    own = {name for name in ids if (told := FIGURE_IDS.fullmatch(name)) and int(told[1]) == number}
    brought = {source.source_id for source in publication.sources}
    brought |= {each.indicator_id for each in publication.indicators}
    return replace(
        base,
        lent=base.lent | brought,
        figures=base.figures - own,
        identities={key: name for key, name in base.identities.items() if name not in ids},
        corrections={
            name: each for name, each in base.corrections.items() if each.number != number
        },
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
    now, number = corrected(suggestion, events), public_number(events)
    if out := published_by(events):  # after an appeal: what takes its place is not in its own way
        base = without(base, out, number)
    prepared_by = None
    if publication is prepared(events):
        prepared_by = max(each.event_id for each in events if each.kind is EventKind.PREPARED)
    if found := faults(publication, base, number, now.kind, now.figure_id, prepared_by):
        raise IllegalStepError(" ".join(found))
