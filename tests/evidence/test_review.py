"""The life of a suggestion: which steps can be taken, by whom, and what follows from them."""

from datetime import UTC, datetime, timedelta

import pytest

from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.public_log import public_entry
from evidence.review import (
    Event,
    IllegalStepError,
    Rules,
    Step,
    allowed,
    corrected,
    flags,
    held,
    prepared,
    state_of,
    step,
)
from evidence.submissions import Suggestion
from tests.loaders.suggested import (
    BASE,
    REVIEWERS,
    by_reviewer,
    by_sender,
    publication,
    suggestion,
)

AMA, BO = REVIEWERS
START = datetime(2026, 11, 1, 10, tzinfo=UTC)


class Life:
    """A suggestion with its events, as a store would keep them."""

    def __init__(self, reviewers: int = 1, **answers: str) -> None:
        self.suggestion: Suggestion = suggestion(**answers)
        self.rules = Rules(reviewers)
        self.events: list[Event] = []
        self.take(Step(kind=EventKind.RECEIVED, role=Role.SENDER))

    def take(self, *steps: Step) -> "Life":
        for wanted in steps:
            at = START + timedelta(days=len(self.events))
            event = step(self.suggestion, self.events, wanted, at, self.rules, BASE)
            self.events.append(event.model_copy(update={"event_id": len(self.events) + 1}))
        return self

    def by(self, *kinds: EventKind, who: str = AMA) -> "Life":
        made = {"publication": publication(1)}
        for kind in kinds:
            content = made if kind is EventKind.PREPARED else {}
            self.take(by_reviewer(kind, who, **content))
        return self

    @property
    def state(self) -> State:
        return state_of(self.events)

    @property
    def public(self):
        return public_entry(self.suggestion, self.events)


CHECKED = (EventKind.TAKEN, EventKind.PREPARED, EventKind.ACCEPTED)


def test_from_received_to_published():
    life = Life()
    states = [life.state]
    for kind in (*CHECKED, EventKind.PUBLISHED):
        states.append(life.by(kind).state)
    assert states == ["received", "checking", "checking", "accepted", "published"]
    assert prepared(life.events) == publication(1)
    assert (life.public.figures, life.public.days) == (("community-1-1",), 4)


def test_what_is_accepted_is_exactly_what_was_prepared():
    life = Life().by(EventKind.TAKEN)
    with pytest.raises(IllegalStepError, match="Prepare what will be published first"):
        life.by(EventKind.ACCEPTED)
    life.by(EventKind.PREPARED, EventKind.ACCEPTED)
    assert life.by(EventKind.PREPARED).state is State.CHECKING
    with pytest.raises(IllegalStepError, match="being checked"):
        life.by(EventKind.PUBLISHED)


def test_a_correction_takes_acceptance_and_preparation_away_and_keeps_the_first_text():
    life = Life().by(*CHECKED)
    life.take(by_reviewer(EventKind.CORRECTED, fields={"source_title": "The right report"}))
    assert life.state is State.CHECKING
    assert prepared(life.events) is None
    assert life.suggestion.source_title == "A report"
    assert corrected(life.suggestion, life.events).source_title == "The right report"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "Correct at least one"),
        ({"source_title": "A report"}, "Nothing is changed"),
        ({"contact": "ama@example.org"}, "can't be corrected: contact"),
        ({"reference": "LRH-2222-2222"}, "can't be corrected: reference"),
        ({"source_url": "javascript:alert(1)"}, "not a web address"),
        ({"statement": ""}, "Tell us what the statistic says"),
        ({"disease_area": "magic"}, "Choose a health topic"),
    ],
)
def test_a_correction_is_checked_as_the_form_was(fields, problem):
    with pytest.raises(IllegalStepError, match=problem):
        Life().by(EventKind.TAKEN).take(by_reviewer(EventKind.CORRECTED, fields=fields))


def test_what_was_only_read_becomes_a_statistic_by_a_correction():
    life = Life(kind="read").by(EventKind.TAKEN)
    life.take(by_reviewer(EventKind.CORRECTED, fields={"kind": "statistic", "period": "2024"}))
    assert corrected(life.suggestion, life.events).period == "2024"


def test_two_reviewers_are_two_people():
    life = Life(reviewers=2).by(*CHECKED)
    assert life.state is State.ACCEPTED_ONCE
    assert EventKind.ACCEPTED not in allowed(life.events, Role.REVIEWER, AMA, life.rules)
    assert EventKind.ACCEPTED in allowed(life.events, Role.REVIEWER, BO, life.rules)
    with pytest.raises(IllegalStepError, match="Another reviewer must accept"):
        life.by(EventKind.ACCEPTED)
    assert life.by(EventKind.ACCEPTED, who=BO).state is State.ACCEPTED


def test_a_change_of_the_rules_does_not_change_what_was_decided():
    life = Life(reviewers=2).by(*CHECKED)
    life.rules = Rules(reviewers=1)
    assert life.state is State.ACCEPTED_ONCE
    assert life.by(EventKind.ACCEPTED, who=BO).state is State.ACCEPTED


def test_a_question_waits_for_its_answer():
    life = Life().by(EventKind.TAKEN, EventKind.ASKED)
    assert life.state is State.WAITING
    assert allowed(life.events, Role.SENDER) == (EventKind.ANSWERED, EventKind.WITHDRAWN)
    assert life.take(by_sender(EventKind.ANSWERED)).state is State.CHECKING


def test_a_reviewer_need_not_wait_for_ever():
    assert Life().by(EventKind.TAKEN, EventKind.ASKED, EventKind.TAKEN).state is State.CHECKING


@pytest.mark.parametrize("decision", [EventKind.DECLINED, EventKind.MERGED])
def test_a_decision_can_be_appealed_and_another_reviewer_looks_at_it(decision):
    content = {"into": "LRH-2222-2222"} if decision is EventKind.MERGED else {}
    life = Life(reviewers=2).by(EventKind.TAKEN).take(by_reviewer(decision, **content))
    life.take(by_sender(EventKind.APPEALED))
    assert life.state is State.APPEALED
    with pytest.raises(IllegalStepError, match="another reviewer than the one who decided"):
        life.by(EventKind.TAKEN)
    assert life.by(EventKind.TAKEN, who=BO).state is State.CHECKING
    assert life.public.appeals == 1


def test_a_declined_suggestion_needs_a_reason_of_the_list_and_words_of_ones_own():
    life = Life().by(EventKind.TAKEN)
    with pytest.raises(IllegalStepError, match="Choose a reason"):
        life.take(by_reviewer(EventKind.DECLINED, reason=None))
    with pytest.raises(IllegalStepError, match="in your own words"):
        life.take(by_reviewer(EventKind.DECLINED, words="\u200b \n"))
    with pytest.raises(IllegalStepError, match="These words will be public"):
        life.take(by_reviewer(EventKind.DECLINED, words="Ask ama@example.org"))
    life.by(EventKind.DECLINED)
    assert (life.state, life.public.reason) == (State.DECLINED, DeclineReason.CONTRADICTED)


@pytest.mark.parametrize(
    "wanted",
    [
        Step(kind=EventKind.TAKEN, role=Role.SENDER),
        Step(kind=EventKind.TAKEN, role=Role.REVIEWER),
        Step(kind=EventKind.TAKEN, role=Role.REVIEWER, who=" \u200b"),
        Step(kind=EventKind.RECEIVED, role=Role.SENDER),
        Step(kind=EventKind.TAKEN, role=Role.REVIEWER, who=AMA, into="LRH-2222-2222"),
        Step(kind=EventKind.TAKEN, role=Role.REVIEWER, who=AMA, publication=publication(1)),
        Step(kind=EventKind.WITHDRAWN, role=Role.REVIEWER, who=AMA),
    ],
)
def test_nobody_takes_a_step_that_is_not_theirs_or_smuggles_something_in(wanted):
    with pytest.raises(IllegalStepError):
        Life().take(wanted)


def test_a_life_starts_with_receiving():
    with pytest.raises(IllegalStepError, match="not sent yet"):
        step(suggestion(), [], by_reviewer(EventKind.TAKEN), START)


def test_what_looks_private_is_held_until_a_reviewer_clears_it():
    life = Life(notes="Call me: 07700 900123")
    assert held(life.suggestion, life.events) == {"notes": ("phone number",)}
    life.by(*CHECKED)
    assert life.public.withheld == "It is held back because something in it looks private."
    assert (life.public.statement, life.public.source_title) == (None, None)
    with pytest.raises(IllegalStepError, match="looks private"):
        life.by(EventKind.PUBLISHED)
    life.by(EventKind.CLEARED, EventKind.PUBLISHED)
    assert life.public.statement == "A number"


def test_a_correction_that_takes_it_out_clears_it_and_one_that_brings_it_in_holds_it():
    life = Life(statement="My mother, Ama, was admitted and died").by(EventKind.TAKEN)
    assert flags(life.suggestion)
    life.take(by_reviewer(EventKind.CORRECTED, fields={"statement": "People wait longer"}))
    assert held(life.suggestion, life.events) == {}
    assert life.public.statement == "People wait longer"
    life.take(by_reviewer(EventKind.CORRECTED, fields={"statement": "Ask ama@example.org"}))
    assert held(life.suggestion, life.events) == {"statement": ("email address",)}


def test_what_nobody_has_read_yet_or_was_an_attack_is_not_shown():
    life = Life()
    assert life.public.statement is None
    assert life.by(EventKind.TAKEN).public.statement == "A number"
    life.take(by_reviewer(EventKind.DECLINED, reason=DeclineReason.ABUSE))
    assert life.public.statement is None
    assert life.take(by_sender(EventKind.APPEALED)).public.statement is None
    gone = Life().by(EventKind.TAKEN).take(by_sender(EventKind.WITHDRAWN))
    assert gone.public.withheld == "The sender withdrew it."


def test_without_the_evidence_base_nothing_is_published():
    life = Life().by(*CHECKED)
    wanted = by_reviewer(EventKind.PUBLISHED)
    with pytest.raises(IllegalStepError, match="evidence base can't be read"):
        step(life.suggestion, life.events, wanted, START, life.rules, None)


@pytest.mark.parametrize("words", [State, EventKind, Role, DeclineReason])
def test_every_word_has_a_label_to_read(words):
    labels = [word.label for word in words]
    assert len(set(labels)) == len(labels)
    assert all(label and "_" not in label for label in labels)
