"""The life of a suggestion: which steps can be taken, by whom, and what follows from them."""

from datetime import UTC, datetime, timedelta

import pytest

from evidence.history import flags_of
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.public_log import MergedInto, median_days, merged_into, public_entry
from evidence.publication import Programme, Publication
from evidence.review import (
    OPEN,
    PUBLIC_WORDS,
    STEPS,
    Event,
    IllegalStepError,
    Rules,
    Step,
    allowed,
    barred_by_appeal,
    corrected,
    flags,
    held,
    prepared,
    state_of,
    step,
)
from evidence.submissions import Kind, Suggestion
from evidence.vocabulary import DiseaseArea
from tests.loaders.suggested import (
    BASE,
    REVIEWERS,
    by_reviewer,
    by_sender,
    figure,
    publication,
    source,
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


ENDS = frozenset({State.PUBLISHED, State.PUT_RIGHT, State.DECLINED, State.MERGED})
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


def test_what_one_accepted_needs_a_second_reviewer_once_two_are_needed():
    life = Life().by(*CHECKED)
    life.rules = Rules(reviewers=2)
    with pytest.raises(IllegalStepError, match="Two reviewers must accept this"):
        life.by(EventKind.PUBLISHED)
    with pytest.raises(IllegalStepError, match="You have accepted this already"):
        life.by(EventKind.ACCEPTED)
    life.by(EventKind.ACCEPTED, who=BO)
    assert EventKind.ACCEPTED not in allowed(life.events, Role.REVIEWER, "cy@b.org", life.rules)
    assert life.by(EventKind.PUBLISHED).state is State.PUBLISHED


def test_nobody_clears_and_publishes_alone_what_two_accepted():
    life = Life(reviewers=2, notes="Call me: 07700 900123").by(*CHECKED)
    life.by(EventKind.ACCEPTED, who=BO)
    assert life.by(EventKind.CLEARED).state is State.CHECKING
    with pytest.raises(IllegalStepError, match="being checked"):
        life.by(EventKind.PUBLISHED)
    life.by(EventKind.ACCEPTED)
    assert life.by(EventKind.ACCEPTED, EventKind.PUBLISHED, who=BO).state is State.PUBLISHED


def test_what_is_published_can_be_appealed_and_stays_on_the_pages_meanwhile():
    life = Life().by(*CHECKED, EventKind.PUBLISHED).take(by_sender(EventKind.APPEALED))
    assert (life.state, life.public.figures) == (State.APPEALED, ("community-1-1",))
    with pytest.raises(IllegalStepError, match="can't be withdrawn"):
        life.take(by_sender(EventKind.WITHDRAWN))
    life.by(EventKind.TAKEN, EventKind.PREPARED)
    assert life.public.figures == ("community-1-1",)
    assert life.by(EventKind.ACCEPTED, EventKind.PUBLISHED).state is State.PUBLISHED
    life.take(by_sender(EventKind.APPEALED)).by(EventKind.DECLINED)
    assert life.public.figures == ()


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
    with pytest.raises(IllegalStepError, match="is held back"):
        life.by(EventKind.PUBLISHED)
    life.by(EventKind.CLEARED, EventKind.ACCEPTED, EventKind.PUBLISHED)
    assert life.public.statement == "A number"


def test_a_correction_that_takes_it_out_clears_it_and_one_that_brings_it_in_holds_it():
    life = Life(statement="My mother, Ama, was admitted and died").by(EventKind.TAKEN)
    assert flags(life.suggestion)
    life.take(by_reviewer(EventKind.CORRECTED, fields={"statement": "People wait longer"}))
    assert held(life.suggestion, life.events) == {}
    assert life.public.statement == "People wait longer"
    life.take(by_reviewer(EventKind.CORRECTED, fields={"statement": "Ask ama@example.org"}))
    assert held(life.suggestion, life.events) == {"statement": ("email address",)}


def test_what_is_private_only_when_read_together_holds_every_public_answer():
    life = Life(statement="Waited in SW9 8SQ", source_title="What Ama Mensah told us")
    together = ("postcode with a name, read with the other answers",)
    held_back = {"statement": together, "source_title": together}
    assert held(life.suggestion, life.events) == held_back
    assert life.by(EventKind.TAKEN).public.statement is None
    life.take(by_reviewer(EventKind.CORRECTED, fields={"notes": "Another page"}))
    assert held(life.suggestion, life.events) == held_back
    life.take(by_reviewer(EventKind.CORRECTED, fields={"source_title": "a report"}))
    assert held(life.suggestion, life.events) == {}, "neither tells anything without the other"
    life.take(by_reviewer(EventKind.CORRECTED, fields={"source_title": "Told by Ama Mensah"}))
    assert held(life.suggestion, life.events) == held_back
    life.by(EventKind.CLEARED)
    life.take(by_reviewer(EventKind.CORRECTED, fields={"notes": "A third page"}))
    assert held(life.suggestion, life.events) == {}, "what was cleared stays cleared"


def test_what_nobody_has_read_yet_or_was_an_attack_is_not_shown():
    life = Life()
    assert life.public.statement is None
    assert life.by(EventKind.TAKEN).public.statement == "A number"
    life.take(by_reviewer(EventKind.DECLINED, reason=DeclineReason.ABUSE))
    assert life.public.statement is None
    assert life.take(by_sender(EventKind.APPEALED)).public.statement is None
    gone = Life().by(EventKind.TAKEN).take(by_sender(EventKind.WITHDRAWN))
    assert gone.public.withheld == "The sender withdrew it."


@pytest.mark.parametrize("kind", [EventKind.NOTED, EventKind.CLEARED, EventKind.HELD])
def test_a_step_that_does_not_move_it_on_shows_nothing(kind):
    life = Life().by(kind)
    assert life.state is State.RECEIVED
    assert life.public.withheld == "It is shown once a reviewer has looked at it."
    assert life.public.statement is None


@pytest.mark.parametrize(
    "reason", [reason for reason in DeclineReason if reason.hides_text], ids=str
)
def test_an_attack_is_declined_at_once_and_was_never_shown(reason):
    life = Life()
    life.take(by_reviewer(EventKind.DECLINED, reason=reason))
    assert life.state is State.DECLINED
    assert (life.public.statement, life.public.source_title) == (None, None)


@pytest.mark.parametrize("appealed", [False, True])
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (EventKind.DECLINED, {}),
        (EventKind.MERGED, {"into": "LRH-2222-2222"}),
        (EventKind.CORRECTED, {"fields": {"statement": "Another number"}}),
    ],
)
def test_nobody_need_start_looking_to_decline_merge_or_correct(kind, content, appealed):
    life = Life()
    if appealed:
        life.by(EventKind.DECLINED).take(by_sender(EventKind.APPEALED))
    life.take(by_reviewer(kind, **content))
    now = {EventKind.DECLINED: State.DECLINED, EventKind.MERGED: State.MERGED}
    assert life.state is now.get(kind, State.CHECKING)
    corrected_to = "Another number" if kind is EventKind.CORRECTED else "A number"
    assert life.public.statement == corrected_to


def test_what_the_rules_missed_is_held_back_by_hand_until_it_is_corrected():
    life = Life().by(*CHECKED)
    assert life.public.statement == "A number"
    life.by(EventKind.HELD)
    assert life.state is State.ACCEPTED, "to hold back decides nothing"
    assert life.public.withheld == "A reviewer holds it back."
    assert (life.public.statement, life.public.source_title) == (None, None)
    with pytest.raises(IllegalStepError, match="is held back"):
        life.by(EventKind.PUBLISHED)
    life.take(by_reviewer(EventKind.CORRECTED, fields={"source_title": "Another report"}))
    assert life.public.statement is None, "another answer than the one that is held"
    life.take(by_reviewer(EventKind.CORRECTED, fields={"statement": "People wait longer"}))
    assert life.public.statement == "People wait longer"


def test_what_is_held_back_by_hand_is_shown_again_once_it_is_cleared():
    life = Life(statement="Ask ama@example.org").by(EventKind.TAKEN, EventKind.HELD)
    assert held(life.suggestion, life.events) == {
        "statement": ("email address", "held back by a reviewer")
    }
    life.by(EventKind.CLEARED)
    assert life.public.statement == "Ask ama@example.org"


def test_text_can_be_held_back_in_every_state_in_which_it_may_be_shown():
    shown = set()
    for steps in (
        (),
        (EventKind.TAKEN,),
        (EventKind.TAKEN, EventKind.ASKED),
        CHECKED,
        (*CHECKED, EventKind.PUBLISHED),
        (EventKind.DECLINED,),
        (EventKind.TAKEN, EventKind.PUT_RIGHT),
    ):
        life = Life().by(*steps)
        shown.add(life.state)
        life.by(EventKind.HELD)
        assert life.public.statement is None
    merged = Life().take(by_reviewer(EventKind.MERGED, into="LRH-2222-2222"))
    appealed = Life().by(EventKind.DECLINED).take(by_sender(EventKind.APPEALED))
    once = Life(reviewers=2).by(*CHECKED)
    for life in (merged, appealed, once):
        shown.add(life.state)
        assert life.by(EventKind.HELD).public.statement is None
    gone = Life().take(by_sender(EventKind.WITHDRAWN))
    assert EventKind.HELD not in allowed(gone.events, Role.REVIEWER, AMA)
    assert shown == {state for state in State if state in OPEN | ENDS}


@pytest.mark.parametrize("answers", [None, (), ("notes",), ("contact",), ("statement", "who")])
def test_only_what_would_be_shown_is_held_back(answers):
    with pytest.raises(IllegalStepError, match=r"Choose what|not shown to anyone"):
        Life().take(by_reviewer(EventKind.HELD, answers=answers))


@pytest.mark.parametrize("kind", EventKind)
def test_words_are_public_only_where_they_are_written_for_everyone(kind):
    """A life that ends with the step, whose words are then on the page or on no page."""
    if STEPS.get(kind, (None,))[0] is not Role.REVIEWER:
        return
    content = {"words": "Between reviewers"}
    if kind is EventKind.MERGED:
        content["into"] = "LRH-2222-2222"
    if kind is EventKind.CORRECTED:
        content["fields"] = {"statement": "Another number"}
    if kind is EventKind.PREPARED:
        content["publication"] = publication(1)
    life = Life()
    if kind is EventKind.REOPENED:
        life.by(EventKind.DECLINED)
    elif kind is not EventKind.TAKEN:
        before = CHECKED[: 3 if kind is EventKind.PUBLISHED else 2]
        life.by(*before)
    life.take(by_reviewer(kind, **content))
    assert life.public.words == ("Between reviewers" if kind in PUBLIC_WORDS else None)


@pytest.mark.parametrize("kind", sorted(PUBLIC_WORDS))
def test_public_words_are_read_for_what_looks_private(kind):
    into = {"into": "LRH-2222-2222"} if kind is EventKind.MERGED else {}
    life = Life().by(EventKind.TAKEN)
    with pytest.raises(IllegalStepError, match="These words will be public"):
        life.take(by_reviewer(kind, words="Ask ama@example.org", **into))
    life.take(by_reviewer(kind, **into))
    # As an older version of the rules may have let it pass.
    life.events[-1] = life.events[-1].model_copy(update={"words": "Ask ama@example.org"})
    assert life.public.words is None


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"source_url": "https://example.org/?mail=ama%40example.org"}, "source_url"),
        ({"kind": "correction", "figure_id": "07700-900123"}, "figure_id"),
        ({"source_title": "A letter by ama@example.org"}, "source_title"),
        ({"kind": "programme", "run_by": "Ama, +233 24 123 4567"}, "run_by"),
    ],
)
def test_everything_that_can_be_typed_is_read_for_what_looks_private(answers, field):
    life = Life(**answers)
    assert list(held(life.suggestion, life.events)) == [field]
    life.by(EventKind.TAKEN)
    assert life.public.withheld
    assert (life.public.source_url, life.public.figure_id) == (None, None)


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (publication(1, note="Ask ama@example.org"), "prepared: note"),
        (publication(1, ethnic_group_label="Ring 020 7946 0123"), "prepared: ethnic_group_label"),
        (
            Publication(
                figures=(figure("community-1-1", source_id="community-report"),),
                sources=(source(title="My mother, Grace, was admitted and died"),),
            ),
            "prepared: title",
        ),
    ],
)
def test_what_is_prepared_is_read_for_what_looks_private(made, name):
    life = Life().by(EventKind.TAKEN).take(by_reviewer(EventKind.PREPARED, publication=made))
    assert list(held(life.suggestion, life.events)) == [name]
    assert life.public.statement == "A number", "what was sent is none the worse for it"
    with pytest.raises(IllegalStepError, match="what is prepared, is held back"):
        life.by(EventKind.ACCEPTED, EventKind.PUBLISHED)
    again = Life().by(EventKind.TAKEN).take(by_reviewer(EventKind.PREPARED, publication=made))
    assert again.by(*CHECKED[1:], EventKind.PUBLISHED).state is State.PUBLISHED, "prepared anew"
    life.by(EventKind.CLEARED, EventKind.ACCEPTED, EventKind.PUBLISHED)
    assert life.state is State.PUBLISHED


def test_what_a_programme_says_is_read_for_what_looks_private():
    made = Publication(
        programme=Programme(
            name="Hearts",
            run_by="A group",
            does="Talk to Mrs Okafor, SW9 8SQ",
            url="https://www.example.org/",
        )
    )
    assert flags_of(made) == {"prepared: does": ("postcode with a name",)}


def test_what_brings_no_number_is_put_right_and_everyone_reads_what_was_changed():
    life = Life(kind="correction", figure_id="made-1").by(EventKind.TAKEN)
    with pytest.raises(IllegalStepError, match="Say what was put right"):
        life.take(by_reviewer(EventKind.PUT_RIGHT, words=" "))
    life.by(EventKind.PUT_RIGHT)
    assert (life.state, life.public.days) == (State.PUT_RIGHT, 2)
    assert life.public.words == "The title of the source was the old one"
    assert not life.public.is_open
    assert allowed(life.events, Role.SENDER) == (EventKind.APPEALED,)
    assert life.by(EventKind.REOPENED).state is State.CHECKING
    assert (life.public.words, life.public.decided) == (None, None)


HIDING = [reason for reason in DeclineReason if reason.hides_text]


def hidden(reason: DeclineReason = DeclineReason.PRIVATE) -> Life:
    """A suggestion that was declined for a reason that hides it, appealed and taken up."""
    life = Life().take(by_reviewer(EventKind.DECLINED, reason=reason))
    return life.take(by_sender(EventKind.APPEALED), by_reviewer(EventKind.TAKEN))


@pytest.mark.parametrize("reason", HIDING, ids=str)
@pytest.mark.parametrize(
    ("kind", "content"),
    [(EventKind.PUT_RIGHT, {}), (EventKind.DECLINED, {}), (EventKind.MERGED, {"into": "LRH-2"})],
)
def test_what_a_decline_hid_stays_hidden_whatever_is_decided_afterwards(reason, kind, content):
    life = hidden(reason).take(by_reviewer(kind, **content))
    assert life.public.withheld == "It is not shown because of why it was declined."
    assert (life.public.statement, life.public.source_title) == (None, None)
    assert life.public.words, "what the last reviewer wrote for everyone is shown"


def test_what_was_declined_as_private_is_published_once_it_is_cleared_and_no_sooner():
    life = hidden().by(*CHECKED[1:])
    with pytest.raises(IllegalStepError, match="is held back"):
        life.by(EventKind.PUBLISHED)
    life.by(EventKind.CLEARED, *CHECKED[1:], EventKind.PUBLISHED)
    assert life.public.statement == "A number"


def test_what_was_declined_as_private_is_shown_answer_by_answer_as_it_is_corrected():
    life = hidden().take(by_reviewer(EventKind.CORRECTED, fields={"statement": "People wait"}))
    assert list(held(life.suggestion, life.events)) == ["source_title"]
    life.take(by_reviewer(EventKind.CORRECTED, fields={"source_title": "Another report"}))
    assert life.public.statement == "People wait"


def test_what_is_hidden_by_its_decline_is_cleared_only_after_it_is_reopened():
    life = Life().take(by_reviewer(EventKind.DECLINED, reason=DeclineReason.PRIVATE))
    with pytest.raises(IllegalStepError, match="Reopen it before you clear it"):
        life.by(EventKind.CLEARED)
    assert life.by(EventKind.REOPENED).public.statement is None
    assert life.by(EventKind.CLEARED).public.statement == "A number"


@pytest.mark.parametrize("kind", sorted(PUBLIC_WORDS))
def test_holding_back_an_answer_hides_the_words_that_may_quote_it(kind):
    into = {"into": "LRH-2222-2222"} if kind is EventKind.MERGED else {}
    life = Life().by(EventKind.TAKEN).take(by_reviewer(kind, words="You say: Ama knows", **into))
    assert life.public.words == "You say: Ama knows"
    life.by(EventKind.HELD)
    assert life.public.words is None
    assert life.by(EventKind.CLEARED).public.words == "You say: Ama knows"


# Two reviewers and an appeal


def appealed(who: str = AMA) -> Life:
    return Life(reviewers=2).by(EventKind.DECLINED, who=who).take(by_sender(EventKind.APPEALED))


DECIDING = [
    (EventKind.DECLINED, {}),
    (EventKind.MERGED, {"into": "LRH-2222-2222"}),
    (EventKind.PUT_RIGHT, {}),
]


@pytest.mark.parametrize(("kind", "content"), DECIDING)
@pytest.mark.parametrize("who", [AMA, " AMA@Example.org ", "ama @example.org"])
def test_who_decided_does_not_decide_the_appeal_after_another_took_it_up(kind, content, who):
    life = appealed().by(EventKind.TAKEN, who=BO)
    with pytest.raises(IllegalStepError, match="another reviewer than the one who decided"):
        life.take(by_reviewer(kind, who, **content))
    assert kind not in allowed(life.events, Role.REVIEWER, who, life.rules)
    before = life.state
    assert life.take(by_reviewer(kind, BO, **content)).state is not before


@pytest.mark.parametrize(
    ("kind", "content"), [*DECIDING[:2], (EventKind.CORRECTED, {"fields": {"statement": "x"}})]
)
def test_who_decided_does_not_take_the_appeal_up_by_another_step(kind, content):
    with pytest.raises(IllegalStepError, match="another reviewer than the one who decided"):
        appealed().take(by_reviewer(kind, AMA, **content))


def test_of_two_who_accept_after_an_appeal_the_first_decider_is_never_the_last():
    life = appealed().by(EventKind.TAKEN, EventKind.PREPARED, EventKind.ACCEPTED, who=BO)
    with pytest.raises(IllegalStepError, match="another reviewer must accept last"):
        life.by(EventKind.ACCEPTED)
    life.by(EventKind.PREPARED, EventKind.ACCEPTED)
    assert life.by(EventKind.ACCEPTED, who=BO).state is State.ACCEPTED


def test_an_appeal_that_was_decided_bars_nobody_any_more_and_the_next_bars_its_decider():
    life = appealed().by(EventKind.TAKEN, EventKind.DECLINED, who=BO)
    life.take(by_sender(EventKind.APPEALED))
    assert not barred_by_appeal(life.events, AMA, life.rules)
    assert barred_by_appeal(life.events, BO, life.rules)
    life.by(EventKind.TAKEN, EventKind.DECLINED)
    assert not barred_by_appeal(life.events, AMA, life.rules)


def test_one_reviewer_alone_may_decide_an_appeal():
    life = Life().by(EventKind.DECLINED).take(by_sender(EventKind.APPEALED))
    assert life.by(EventKind.DECLINED).state is State.DECLINED


@pytest.mark.parametrize("who", ["AMA@EXAMPLE.ORG", "ama@example.org ", "\uff41ma@example.org"])
def test_a_reviewer_who_is_spelled_otherwise_is_no_second_one(who):
    life = Life(reviewers=2).by(*CHECKED)
    with pytest.raises(IllegalStepError, match="Another reviewer must accept"):
        life.by(EventKind.ACCEPTED, who=who)


# What everyone may see


def test_a_merged_one_names_the_number_and_state_of_the_one_it_lives_on_in():
    last = Life()
    last.events[0] = last.events[0].model_copy(update={"event_id": 30})
    middle = Life().take(by_reviewer(EventKind.MERGED, into="LRH-LAST"))
    first = Life().take(by_reviewer(EventKind.MERGED, into="LRH-MIDDLE"))
    shelf = {"LRH-LAST": last.events, "LRH-MIDDLE": middle.events}
    assert merged_into(first.events, shelf.get) == MergedInto(30, State.RECEIVED, ())
    last.take(by_reviewer(EventKind.TAKEN))
    last.take(by_reviewer(EventKind.PREPARED, publication=publication(30)))
    last.by(EventKind.ACCEPTED, EventKind.PUBLISHED)
    found = merged_into(first.events, shelf.get)
    assert found == MergedInto(30, State.PUBLISHED, ("community-30-1",))
    assert public_entry(first.suggestion, first.events, shelf.get).into == found
    assert merged_into(first.events, {}.get) is None, "the other can't be read"
    assert merged_into(last.events, shelf.get) is None, "it is not merged"


def test_a_ring_of_merged_ones_ends():
    one = Life().take(by_reviewer(EventKind.MERGED, into="LRH-B"))
    other = Life().take(by_reviewer(EventKind.MERGED, into="LRH-A"))
    assert merged_into(one.events, {"LRH-A": one.events, "LRH-B": other.events}.get) is None


def test_an_open_one_says_since_when_it_stands_where_it_stands():
    life = Life().by(EventKind.NOTED)
    assert life.public.since == life.public.received
    life.by(EventKind.TAKEN, EventKind.PREPARED, EventKind.NOTED)
    assert life.public.since == (START + timedelta(days=2)).date()
    assert life.by(EventKind.ASKED).public.since == (START + timedelta(days=5)).date()


def test_half_of_our_decisions_leaves_out_what_senders_withdrew():
    ours = Life().by(*CHECKED, EventKind.DECLINED).public
    theirs = Life().take(by_sender(EventKind.WITHDRAWN)).public
    assert (ours.days, theirs.days) == (4, 1)
    assert median_days([ours, theirs, theirs]) == 4
    assert median_days([theirs]) is None


def test_days_are_those_of_london():
    life = Life()
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    life.events[0] = life.events[0].model_copy(update={"at": late})
    assert life.public.received.isoformat() == "2026-07-01"


# What was kept by earlier rules


def test_a_correction_that_the_checks_of_today_refuse_is_still_read():
    life = Life().by(EventKind.TAKEN)
    fields = {"statement": "x" * 10_000, "disease_area": "cancer", "kind": "research"}
    step_then = by_reviewer(EventKind.CORRECTED, fields=fields)
    life.events.append(Event(**dict(step_then), at=START, event_id=9))
    now = corrected(life.suggestion, life.events)
    assert (now.statement, now.disease_area) == ("x" * 10_000, DiseaseArea.CANCER)
    assert life.public.kind is Kind.RESEARCH


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
