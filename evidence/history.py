"""The history of a suggestion: its events, and what follows from them.

Nothing of a suggestion is ever edited. Its state, the wording that reviewers corrected, who
accepted it, and what is held back all follow from its events.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from evidence import typed
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.privacy import find
from evidence.publication import Publication
from evidence.submissions import PUBLIC_ANSWERS, READ_FOR_PRIVACY, Kind, Suggestion, check
from evidence.vocabulary import DiseaseArea

HELD_BY_HAND = "held back by a reviewer"
"""Why an answer is held back in which no rule found anything."""

HELD_BY_REASON = "declined for a reason that hides it"
"""Why an answer stays held back after a decision that has since been appealed or reopened."""

TOGETHER = ", read with the other answers"
"""What stands behind the reason for holding back what no answer tells by itself."""

PREPARED = "prepared: "
"""How what is held back of a preparation is named: this, and the column."""


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
    answers
        The answers that a reviewer holds back by hand.
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
    answers: tuple[str, ...] | None = None


class Event(Step):
    """A step that was taken: with its number, which grows, and its moment in UTC.

    ``needed`` is how many reviewers an acceptance needed when it was given; ``flags`` has what
    looked private in each answer or preparation that the event brought (None: not looked at).
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
    EventKind.PUT_RIGHT: State.PUT_RIGHT,
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
        elif entry.kind is EventKind.CLEARED and state in {State.ACCEPTED, State.ACCEPTED_ONCE}:
            state = State.CHECKING  # whoever accepted it saw it held back
    return state


DECISIONS = frozenset(
    {EventKind.PUBLISHED, EventKind.DECLINED, EventKind.MERGED, EventKind.PUT_RIGHT}
)
"""The steps by which reviewers answer a suggestion."""

DECIDED = frozenset(LEADS_TO[kind] for kind in DECISIONS)
"""The states of a suggestion that reviewers have answered."""


TAKES_DOWN = frozenset(
    {EventKind.REOPENED, EventKind.DECLINED, EventKind.MERGED, EventKind.PUT_RIGHT}
)
"""The steps after which nothing that was published of a suggestion before is on the pages."""


REPLACES = frozenset({EventKind.CORRECTED, EventKind.PREPARED})
"""The steps that write something else in the place of what is held back."""


def published_by(events: Sequence[Event]) -> Publication | None:
    """What was published of a suggestion last, unless it was taken down since.

    What is held back of it is off the pages all the same: :func:`on_pages`.
    """
    out: Publication | None = None
    for number, entry in enumerate(events):
        if entry.kind is EventKind.PUBLISHED:
            out = prepared(events[:number])
        elif entry.kind in TAKES_DOWN | {EventKind.ERASED}:
            out = None
    return out


def on_pages(events: Sequence[Event]) -> Publication | None:
    """What is on the pages of a suggestion: what was published and neither taken down nor held.

    What a reviewer holds back after it was published is off the pages until it is cleared or
    published anew; once something else is written in its place, only until it is published anew.
    """
    return None if _hold(events)[0] else published_by(events)


def comes_back(events: Sequence[Event]) -> bool:
    """Whether what was published is off the pages because it is held, and clearing brings it back.

    Not where something else was written in its place since.
    """
    is_held, replaced = _hold(events)
    return is_held and not replaced and published_by(events) is not None


def _hold(events: Sequence[Event]) -> tuple[bool, bool]:
    """Whether a suggestion is held back since it was published, and something else was written."""
    is_held = replaced = False
    for entry in events:
        if entry.kind is EventKind.PUBLISHED:
            is_held = replaced = False
        elif entry.kind is EventKind.HELD:
            is_held = True
        elif entry.kind in REPLACES:
            replaced = replaced or is_held
        elif entry.kind is EventKind.CLEARED and not replaced:
            is_held = False
    return is_held, replaced


def identity(who: str | None) -> str:
    """A reviewer's name as it is compared: however it is cased and spaced, it is one person."""
    return "".join(unicodedata.normalize("NFKC", who or "").casefold().split())


def decided_before_appeal(events: Iterable[Event]) -> str:
    """The :func:`identity` of who took the decision that is under appeal; "" where none is."""
    decided = appealed = ""
    for entry in events:
        if entry.kind in DECISIONS:
            decided, appealed = identity(entry.who), ""
        elif entry.kind is EventKind.APPEALED:
            appealed = decided
    return appealed


def acceptors(events: Iterable[Event]) -> tuple[str, ...]:
    """The reviewers whose acceptance still holds, each by their :func:`identity`."""
    found: list[str] = []
    for entry in events:
        if entry.kind is EventKind.ACCEPTED:
            found.append(identity(entry.who))
        elif LEADS_TO.get(entry.kind) or entry.kind is EventKind.CLEARED:
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
    """The suggestion with every correction that reviewers made.

    Each was checked when it was made, and stays as it is if the checks change.
    """
    changes: dict[str, str | None] = {}
    for entry in events:
        changes |= entry.fields or {}
    if not changes:
        return suggestion
    try:
        return with_changes(suggestion, changes)
    except IllegalStepError:
        kept: dict[str, object] = dict(changes)
        if kind := changes.get("kind"):
            kept["kind"] = Kind(kind)
        if area := changes.get("disease_area"):
            kept["disease_area"] = DiseaseArea(area)
        return suggestion.model_copy(update=kept)


def with_changes(suggestion: Suggestion, changes: Mapping[str, str | None]) -> Suggestion:
    """The suggestion with other answers, checked as the form is; raises IllegalStepError."""
    checked = check(suggestion.model_dump(mode="json") | dict(changes))
    if isinstance(checked, Suggestion):
        return checked
    raise IllegalStepError(" ".join(problem.message for problem in checked))


def flags(suggestion: Suggestion) -> dict[str, tuple[str, ...]]:
    """What looks private in each answer: for each field, the reasons.

    What looks private only where the public answers are read one after the other, as in the log,
    is told of each of them, with :data:`TOGETHER`.
    """
    found = {
        field: tuple(sorted({span.kind for span in find(getattr(suggestion, field) or "")}))
        for field in READ_FOR_PRIVACY
    }
    public = [field for field in PUBLIC_ANSWERS if getattr(suggestion, field)]
    alone = {kind for field in public for kind in found[field]}
    joined = "\n".join(getattr(suggestion, field) for field in public)
    together = sorted({span.kind for span in find(joined)} - alone)
    for field in public:
        found[field] += tuple(f"{kind}{TOGETHER}" for kind in together)
    return {field: kinds for field, kinds in found.items() if kinds}


def flags_of_correction(
    changed: Suggestion, corrected_fields: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """What a correction brings that looks private: in what it changed, or read together with it.

    What was cleared in the other answers stays cleared.
    """
    fields = set(corrected_fields)
    reads_together = bool(fields & set(PUBLIC_ANSWERS))
    found = {
        field: kinds
        if field in fields
        else tuple(kind for kind in kinds if reads_together and kind.endswith(TOGETHER))
        for field, kinds in flags(changed).items()
    }
    return {field: kinds for field, kinds in found.items() if kinds}


def flags_of(publication: Publication) -> dict[str, tuple[str, ...]]:
    """What looks private in what is prepared: for each column (:data:`PREPARED`), the reasons."""
    found: dict[str, set[str]] = {}
    for name, text in _texts(publication.model_dump(mode="json")):
        if kinds := {span.kind for span in find(text)}:
            found.setdefault(f"{PREPARED}{name}", set()).update(kinds)
    return {name: tuple(sorted(kinds)) for name, kinds in found.items()}


def _texts(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in what a model holds, with the name of its column."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, name)


def held(suggestion: Suggestion, events: Sequence[Event]) -> dict[str, tuple[str, ...]]:
    """What is held back from publication: each answer, and what looks private in it.

    What was pointed out when it came in, and what a reviewer held back by hand, is held until a
    reviewer clears it or corrects it; so is every public answer of what was declined for a reason
    that hides it, whatever is decided afterwards. What looks private in what is prepared is held
    too, under its column with :data:`PREPARED` before it, until it is cleared or prepared anew.
    """
    found: dict[str, tuple[str, ...]] = {}
    for number, entry in enumerate(events, 1):
        if entry.kind is EventKind.RECEIVED:
            found = dict(flags(suggestion) if entry.flags is None else entry.flags)
        elif entry.kind is EventKind.CORRECTED:
            found = _after_correction(_answers_of(found), entry)
        elif entry.kind is EventKind.PREPARED:
            found = _answers_of(found) | dict(entry.flags or {})
        elif entry.kind is EventKind.HELD:
            found = _held_too(found, entry.answers or (), HELD_BY_HAND)
        elif entry.kind is EventKind.DECLINED and entry.reason and entry.reason.hides_text:
            now = corrected(suggestion, events[:number])
            given = [name for name in PUBLIC_ANSWERS if getattr(now, name)]
            found = _held_too(found, given, HELD_BY_REASON)
        elif entry.kind is EventKind.CLEARED:
            found = {}
    return found


def hidden_by_decline(events: Iterable[Event]) -> bool:
    """Whether the last decline of a suggestion has a reason that hides what it says."""
    reasons = [entry.reason for entry in events if entry.kind is EventKind.DECLINED]
    return bool(reasons and reasons[-1] and reasons[-1].hides_text)


def _after_correction(
    found: Mapping[str, tuple[str, ...]], entry: Event
) -> dict[str, tuple[str, ...]]:
    """What is still held back after a correction, and what it brings."""
    fields = set(entry.fields or {})
    kept = {name: kinds for name, kinds in found.items() if name not in fields}
    if fields & set(PUBLIC_ANSWERS):  # what they tell together is looked for anew
        kept = {
            name: tuple(kind for kind in kinds if not kind.endswith(TOGETHER))
            for name, kinds in kept.items()
        }
    more = {name: (*kept.get(name, ()), *kinds) for name, kinds in (entry.flags or {}).items()}
    both = {name: tuple(dict.fromkeys(kinds)) for name, kinds in (kept | more).items()}
    return {name: kinds for name, kinds in both.items() if kinds}


def _held_too(
    found: Mapping[str, tuple[str, ...]], answers: Iterable[str], why: str
) -> dict[str, tuple[str, ...]]:
    more = {name: (*found.get(name, ()), why) for name in answers}
    return dict(found) | {name: tuple(dict.fromkeys(kinds)) for name, kinds in more.items()}


def held_by_hand(suggestion: Suggestion, events: Sequence[Event]) -> bool:
    """Whether a reviewer holds back any answer by hand."""
    return any(HELD_BY_HAND in kinds for kinds in held(suggestion, events).values())


def held_answers(suggestion: Suggestion, events: Sequence[Event]) -> dict[str, tuple[str, ...]]:
    """What of :func:`held` was sent, and not prepared by a reviewer."""
    return _answers_of(held(suggestion, events))


def _answers_of(found: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: kinds for name, kinds in found.items() if not name.startswith(PREPARED)}


def public_number(events: Sequence[Event]) -> int:
    """The number of a suggestion in the public log, which leads nobody to its reference number."""
    return events[0].event_id
