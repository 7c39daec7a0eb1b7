"""What everyone may see of a suggestion: what was suggested, what became of it, and why.

Never names, contact details, notes, files or reference numbers. What was suggested is shown once a
reviewer has started to check it, and held back where something in it looks private. Of one that
was deleted on request its number and kind stay, and that it was deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evidence.outcomes import DeclineReason, EventKind, State
from evidence.publication import Publication
from evidence.review import OPEN, Event, corrected, held, prepared, public_number, state_of
from evidence.submissions import Kind, Suggestion
from evidence.vocabulary import DiseaseArea

_DECIDED = frozenset({State.PUBLISHED, State.DECLINED, State.MERGED, State.WITHDRAWN})
_DECISIONS = frozenset(
    {EventKind.PUBLISHED, EventKind.DECLINED, EventKind.MERGED, EventKind.WITHDRAWN}
)


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
    state
        Where it stands.
    received, decided, days
        When it came, when it was last decided (None while it is open), and how many days that
        took.
    reason, words
        Why it was declined or merged: the reason of the list, and the reviewer's own words.
    figures
        The ids of its published figures.
    appeals
        How many times the sender appealed.
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
    received: date
    decided: date | None
    days: int | None
    reason: DeclineReason | None
    words: str | None
    figures: tuple[str, ...]
    appeals: int

    @property
    def is_open(self) -> bool:
        """Whether a decision is still to come."""
        return self.state in OPEN


def public_entry(suggestion: Suggestion, events: Sequence[Event]) -> PublicEntry:
    """What everyone may see of a suggestion and its events."""
    state = state_of(events)
    now = corrected(suggestion, events)
    decision = next((e for e in reversed(events) if e.kind in _DECISIONS), None)
    if state not in _DECIDED:
        decision = None
    withheld = _withheld(suggestion, events, state)
    publication = prepared(events) if state is State.PUBLISHED else None
    received = events[0].at.date()
    appeals = sum(entry.kind is EventKind.APPEALED for entry in events)
    decided = decision.at.date() if decision else None
    return PublicEntry(
        number=public_number(events),
        kind=now.kind,
        disease_area=now.disease_area,
        geography_code=now.geography_code,
        ethnic_group=now.ethnic_group,
        figure_id=now.figure_id,
        statement=None if withheld else now.statement,
        source_title=None if withheld else now.source_title,
        source_url=None if withheld else now.source_url,
        withheld=withheld,
        state=state,
        received=received,
        decided=decided,
        days=(decided - received).days if decided else None,
        reason=decision.reason if decision else None,
        words=decision.words if decision else None,
        figures=_figures(publication),
        appeals=appeals if state is not State.ERASED else 0,
    )


def _figures(publication: Publication | None) -> tuple[str, ...]:
    return tuple(figure.figure_id for figure in publication.figures) if publication else ()


def _withheld(suggestion: Suggestion, events: Sequence[Event], state: State) -> str | None:
    if state is State.WITHDRAWN:
        return "The sender withdrew it."
    if state is State.ERASED:
        return "What was written in it is gone."
    if not any(entry.kind is EventKind.TAKEN for entry in events):
        return "It is shown once a reviewer has started to check it."
    if held(suggestion, events):
        return "It is held back because something in it looks private."
    hidden = [e for e in events if e.kind is EventKind.DECLINED and e.reason]
    if (
        hidden
        and hidden[-1].reason
        and hidden[-1].reason.hides_text
        and state is not State.PUBLISHED
    ):
        return "It is not shown because of why it was declined."
    return None
