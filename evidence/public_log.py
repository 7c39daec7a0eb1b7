"""What everyone may see of a suggestion: what was suggested, what became of it, and why.

Never names, contact details, notes, files or reference numbers. What was suggested is shown once a
reviewer took a step that moves it on, and held back where something in it looks private or a
reviewer holds it back by hand. Of reviewers' words only those are shown that are written for
everyone (:data:`evidence.review.PUBLIC_WORDS`), and none while anything is held back by hand, for
they may quote it. Of one that was deleted on request its number and
kind stay, and that it was deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from evidence.days import london_date
from evidence.history import (
    DECISIONS,
    HELD_BY_REASON,
    LEADS_TO,
    held_by_hand,
    on_pages,
    published_by,
)
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.privacy import find
from evidence.review import (
    OPEN,
    PUBLIC_WORDS,
    Event,
    corrected,
    held_answers,
    hidden_by_decline,
    public_number,
    state_of,
)
from evidence.submissions import PUBLIC_ANSWERS, Kind, Suggestion
from evidence.vocabulary import DiseaseArea

EventsOf = Callable[[str], Sequence[Event] | None]
"""Gives the events of a suggestion by its reference number; None where it can't be read."""


@dataclass(frozen=True)
class MergedInto:
    """The suggestion in which a merged one lives on: its number, state and what is published."""

    number: int
    state: State
    figures: tuple[str, ...]
    programme: bool = False


@dataclass(frozen=True)
class PublicEntry:
    """A suggestion in the public log.

    Attributes
    ----------
    number
        Its public number; it does not lead to its reference number.
    kind, disease_area, geography_code, ethnic_group, figure_id
        What it is about, as chosen from lists.
    statement, source_title, source_url
        What was suggested, as corrected; None where it is held back or not read yet.
    withheld
        Why the text is not shown, in a sentence; None where it is.
    state, since
        Where it stands, and since when.
    received, decided, days
        When it came, when it was last decided (None while it is open), and how many days that
        took. Dates are London's.
    reason, words
        Why it was declined, from the list; and what the reviewer who declined it, merged it or
        put it right wrote for everyone.
    into
        For a merged one, the suggestion in which it lives on.
    figures
        The ids of its figures that are on the pages.
    appeals
        How many times the sender appealed.
    programme
        Whether a programme of it is on the pages.
    """

    number: int
    kind: Kind
    disease_area: DiseaseArea | None
    geography_code: str | None
    ethnic_group: str | None
    figure_id: str | None
    statement: str | None
    source_title: str | None
    source_url: str | None
    withheld: str | None
    state: State
    since: date
    received: date
    decided: date | None
    days: int | None
    reason: DeclineReason | None
    words: str | None
    into: MergedInto | None
    figures: tuple[str, ...]
    appeals: int
    programme: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a decision is still to come."""
        return self.state in OPEN


def public_entry(
    suggestion: Suggestion, events: Sequence[Event], events_of: EventsOf | None = None
) -> PublicEntry:
    """What everyone may see of a suggestion and its events.

    ``events_of`` gives the events of others; without it a merged one does not say into which.
    """
    state = state_of(events)
    now = corrected(suggestion, events)
    # What is decided last is what it came to; a decision that was reopened or appealed is none.
    ends = next((entry for entry in reversed(events) if entry.kind in LEADS_TO), None)
    decision = ends if ends and ends.kind in DECISIONS | {EventKind.WITHDRAWN} else None
    withheld = _withheld(suggestion, events, state)
    hidden = set(PUBLIC_ANSWERS) if withheld else set()
    hidden |= set(held_answers(suggestion, events))
    received = london_date(events[0].at)
    decided = london_date(decision.at) if decision else None
    appeals = sum(entry.kind is EventKind.APPEALED for entry in events)
    return PublicEntry(
        number=public_number(events),
        kind=now.kind,
        disease_area=now.disease_area,
        geography_code=now.geography_code,
        ethnic_group=None if "ethnic_group" in hidden else now.ethnic_group,
        figure_id=None if "figure_id" in hidden else now.figure_id,
        statement=None if "statement" in hidden else now.statement,
        source_title=None if "source_title" in hidden else now.source_title,
        source_url=None if "source_url" in hidden else now.source_url,
        withheld=withheld,
        state=state,
        since=_since(events, state),
        received=received,
        decided=decided,
        days=(decided - received).days if decided else None,
        reason=decision.reason if decision else None,
        words=None if held_by_hand(suggestion, events) else _words(decision),
        into=merged_into(events, events_of) if events_of else None,
        figures=_figures(events),
        appeals=0 if state is State.ERASED else appeals,
        programme=_is_programme(events),
    )


def merged_into(events: Sequence[Event], events_of: EventsOf) -> MergedInto | None:
    """The suggestion in which a merged one lives on: where that one was merged too, the last one.

    None where it is not merged, or the other can't be read.
    """
    seen: set[str] = set()
    state = state_of(events)
    found: Sequence[Event] | None = None
    while state is State.MERGED:
        into = next(e.into for e in reversed(events) if e.kind is EventKind.MERGED) or ""
        found = None if into in seen else events_of(into)
        if not found:
            return None
        seen.add(into)
        events, state = found, state_of(found)
    if not found:
        return None
    figures, programme = _figures(found), _is_programme(found)
    return MergedInto(public_number(found), state, figures, programme)


def median_days(entries: Iterable[PublicEntry], fewest: int = 1) -> float | None:
    """The median of the days from receiving to our decision; None below ``fewest`` decisions.

    What its sender withdrew was not decided by us.
    """
    decided = [entry for entry in entries if entry.state is not State.WITHDRAWN]
    taken = [entry.days for entry in decided if entry.days is not None]
    return median(taken) if len(taken) >= fewest else None


def _since(events: Sequence[Event], state: State) -> date:
    """The day on which a suggestion came to stand where it stands."""
    first = len(events)
    while first > 1 and state_of(events[: first - 1]) is state:
        first -= 1
    return london_date(events[first - 1].at)


def _words(decision: Event | None) -> str | None:
    """What a reviewer wrote for everyone, unless it looks private by the rules of today."""
    if decision is None or decision.kind not in PUBLIC_WORDS:
        return None
    return None if find(decision.words or "") else decision.words


def _figures(events: Sequence[Event]) -> tuple[str, ...]:
    publication = on_pages(events)
    return tuple(figure.figure_id for figure in publication.figures) if publication else ()


def _is_programme(events: Sequence[Event]) -> bool:
    publication = on_pages(events)
    return publication is not None and publication.programme is not None


_GONE = {
    State.WITHDRAWN: "The sender withdrew it.",
    State.ERASED: "What was written in it is gone.",
}
"""Why nothing is shown of what is over in these ways."""


def _withheld(suggestion: Suggestion, events: Sequence[Event], state: State) -> str | None:
    if gone := _GONE.get(state):
        return gone
    if not any(entry.role is Role.REVIEWER and entry.kind in LEADS_TO for entry in events):
        return "It is shown once a reviewer has looked at it."
    if published_by(events) and not on_pages(events):
        return "A reviewer holds it back, and what we published of it is off the pages for now."
    if held_by_hand(suggestion, events):
        return "A reviewer holds it back."
    held = held_answers(suggestion, events)
    by_reason = any(HELD_BY_REASON in kinds for kinds in held.values())
    if by_reason or (state is State.DECLINED and hidden_by_decline(events)):
        return "It is not shown because of why it was declined."
    return "It is held back because something in it looks private." if held else None
