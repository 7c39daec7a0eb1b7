"""Random sequences of actions: no illegal step is taken, no step is lost, the order is kept."""

import contextlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.public_log import merged_into
from evidence.publication import Known
from evidence.review import IllegalStepError, Rules, Step, allowed, check_merge, step
from evidence.submissions import Suggestion
from loaders.submissions import (
    Receipt,
    SomebodyWasFasterError,
    StoredSuggestion,
    SuggestionStore,
)
from tests.loaders.suggested import (
    BASE,
    REVIEWERS,
    by_reviewer,
    by_sender,
    publication,
    suggestion,
)

K, S = EventKind, State
SENDERS = {K.ANSWERED, K.WITHDRAWN, K.APPEALED}
WORKED_ON = {S.CHECKING, S.ACCEPTED_ONCE, S.ACCEPTED}
OPEN = {S.RECEIVED, S.WAITING, S.APPEALED, *WORKED_ON}
WHO = (*REVIEWERS, f" {REVIEWERS[0].upper()}")
"""Two people, of whom one is also spelled otherwise."""

FROM = {
    K.TAKEN: {S.RECEIVED, S.APPEALED, S.WAITING},
    K.NOTED: set(S),
    K.CLEARED: set(S) - {S.WITHDRAWN},
    K.HELD: set(S) - {S.WITHDRAWN},
    K.CORRECTED: {S.RECEIVED, S.APPEALED, *WORKED_ON},
    K.ASKED: WORKED_ON,
    K.ANSWERED: {S.WAITING},
    K.PREPARED: WORKED_ON,
    K.ACCEPTED: {S.CHECKING, S.ACCEPTED_ONCE},
    K.PUBLISHED: {S.ACCEPTED},
    K.PUT_RIGHT: WORKED_ON | {S.WAITING},
    K.DECLINED: OPEN,
    K.MERGED: OPEN,
    K.WITHDRAWN: OPEN,
    K.APPEALED: {S.DECLINED, S.MERGED, S.PUT_RIGHT, S.PUBLISHED},
    K.REOPENED: {S.DECLINED, S.MERGED, S.PUT_RIGHT, S.PUBLISHED},
}
TO = {
    K.TAKEN: S.CHECKING,
    K.CORRECTED: S.CHECKING,
    K.ASKED: S.WAITING,
    K.ANSWERED: S.CHECKING,
    K.PREPARED: S.CHECKING,
    K.PUBLISHED: S.PUBLISHED,
    K.PUT_RIGHT: S.PUT_RIGHT,
    K.DECLINED: S.DECLINED,
    K.MERGED: S.MERGED,
    K.WITHDRAWN: S.WITHDRAWN,
    K.APPEALED: S.APPEALED,
    K.REOPENED: S.CHECKING,
}
"""What the life of a suggestion should be, written down a second time."""

ONWARDS = {
    S.RECEIVED: K.TAKEN,
    S.CHECKING: K.ACCEPTED,
    S.ACCEPTED_ONCE: K.ACCEPTED,
    S.ACCEPTED: K.PUBLISHED,
    S.WAITING: K.ANSWERED,
    S.DECLINED: K.APPEALED,
    S.MERGED: K.APPEALED,
    S.PUT_RIGHT: K.APPEALED,
    S.APPEALED: K.TAKEN,
}


@dataclass
class Expected:
    """What should be known of a suggestion."""

    number: int
    private: bool
    state: State = S.RECEIVED
    steps: list[tuple[EventKind, str | None]] = field(default_factory=list)
    accepted_by: set[str] = field(default_factory=set)
    is_prepared: bool = False
    decided_by: str | None = None
    under_appeal: bool = False
    by_hand: bool = False
    hidden: set[str] = field(default_factory=set)
    out: bool = False
    off: bool = False
    looked_at: bool = False
    texts: int = 0


class Shelf:
    """Suggestions in memory, as the store keeps them, by the rules of the domain alone."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.kept: dict[str, StoredSuggestion] = {}
        self.last = 0

    def add(self, sent: Suggestion) -> Receipt:
        receipt = Receipt(f"LRH-{len(self.kept)}", datetime.now(UTC))
        self.kept[receipt.reference] = StoredSuggestion(receipt, sent, ())
        self.step(receipt.reference, Step(kind=K.RECEIVED, role=Role.SENDER))
        return receipt

    def step(
        self, reference: str, wanted: Step, seen: int | None = None, base: Known | None = None
    ) -> StoredSuggestion:
        one = self.kept[reference]
        if seen is not None and seen != one.last:
            raise SomebodyWasFasterError
        check_merge(reference, wanted, lambda other: self.kept[other].events)
        event = step(one.suggestion, one.events, wanted, datetime.now(UTC), self.rules, base)
        self.last += 1
        taken = event.model_copy(update={"event_id": self.last})
        self.kept[reference] = replace(one, events=(*one.events, taken))
        return self.kept[reference]

    def get(self, reference: str) -> StoredSuggestion:
        return self.kept[reference]

    def all(self) -> list[StoredSuggestion]:
        return list(self.kept.values())

    def version(self) -> int:
        return self.last

    def close(self) -> None:
        self.kept.clear()


class Lives(RuleBasedStateMachine):
    """Senders and reviewers who do what they like, against what should come of it."""

    references = Bundle("references")

    @initialize(target=references, reviewers=st.sampled_from([1, 2]), private=st.booleans())
    def open(self, reviewers: int, private: bool) -> str:
        self.reviewers = reviewers
        self.store = self.new_store(Rules(reviewers))
        self.expected: dict[str, Expected] = {}
        return self.send(private=private)

    def new_store(self, rules: Rules) -> "Shelf":
        return Shelf(rules)

    @rule(target=references, private=st.booleans())
    def send(self, private: bool) -> str:
        said = "Call 07700 900123" if private else "I read it"
        reference = self.store.add(suggestion(notes=said)).reference
        number = self.store.get(reference).number
        self.expected[reference] = Expected(number, private, steps=[(K.RECEIVED, None)])
        return reference

    @rule(
        reference=references,
        other=references,
        kind=st.sampled_from(sorted(FROM)),
        onwards=st.booleans(),
        who=st.sampled_from(WHO),
        late=st.sampled_from([False] * 5 + [True]),
        hides=st.booleans(),
    )
    def act(
        self,
        reference: str,
        other: str,
        kind: EventKind,
        onwards: bool,
        who: str,
        late: bool,
        hides: bool,
    ) -> None:
        now, expected = self.store.get(reference), self.expected[reference]
        if onwards:  # most of the time towards publication, or no life would get so far
            kind = ONWARDS.get(expected.state, kind)
            if kind is K.ACCEPTED and not expected.is_prepared:
                kind = K.PREPARED
        wanted = self.wanted(kind, who, expected, other, hides=hides)
        legal = self.is_legal(kind, who, expected, reference, other)
        role = Role.SENDER if kind in SENDERS else Role.REVIEWER
        if legal:
            assert kind in allowed(now.events, role, who, self.store.rules)
        seen = now.last - late
        try:
            after = self.store.step(reference, wanted, seen, BASE)
        except SomebodyWasFasterError:
            assert late
            return
        except IllegalStepError:
            assert not legal
            return
        assert legal
        assert not late
        self.follow(expected, kind, who, hides=hides)
        assert after.state is expected.state
        event(f"reached {after.state}")

    @rule(reference=references, kind=st.sampled_from(sorted(FROM)), who=st.sampled_from(WHO))
    def pretend(self, reference: str, kind: EventKind, who: str) -> None:
        """A reviewer's step by a sender, or the other way round, is never taken."""
        role = Role.REVIEWER if kind in SENDERS else Role.SENDER
        before = self.store.version()
        with contextlib.suppress(IllegalStepError):
            self.store.step(reference, Step(kind=kind, role=role, who=who, words="x"), base=BASE)
        assert self.store.version() == before

    def wanted(
        self, kind: EventKind, who: str, expected: Expected, other: str, *, hides: bool
    ) -> Step:
        if kind in SENDERS:
            return by_sender(kind)
        content: dict[str, object] = {
            K.CORRECTED: {"fields": {"source_title": f"Report {expected.texts + 1}"}},
            K.HELD: {"answers": ("source_title",)},
            K.PREPARED: {"publication": publication(expected.number)},
            K.MERGED: {"into": other},
            K.DECLINED: {"reason": DeclineReason.PRIVATE} if hides else {},
        }.get(kind, {})
        return by_reviewer(kind, who, **content)

    def is_legal(
        self, kind: EventKind, who: str, expected: Expected, reference: str, other: str
    ) -> bool:
        if expected.state not in FROM[kind]:
            return False
        person = self.person(who)
        barred = self.reviewers == 2 and expected.under_appeal and person == expected.decided_by
        if kind is K.ACCEPTED:
            last = len(expected.accepted_by) + 1 == self.reviewers
            new = person not in expected.accepted_by
            return expected.is_prepared and new and not (barred and last)
        keeps = {
            K.PUBLISHED: expected.private or expected.by_hand or expected.hidden,
            K.CLEARED: expected.state is S.DECLINED and expected.hidden,
            K.WITHDRAWN: expected.out,
        }
        if kind in keeps:
            return not keeps[kind]
        decides = kind in {K.DECLINED, K.MERGED, K.PUT_RIGHT}
        takes_up = kind in {K.TAKEN, K.CORRECTED} and expected.state is S.APPEALED
        if barred and (decides or takes_up):
            return False
        return kind is not K.MERGED or not self.leads_to(other, reference)

    def leads_to(self, start: str, end: str) -> bool:
        """Whether a suggestion lives on in another, or nothing of it is left."""
        seen: list[str] = []
        while start not in seen:
            if start == end or self.expected[start].state is S.WITHDRAWN:
                return True
            seen.append(start)
            into = [e.into for e in self.store.get(start).events if e.kind is K.MERGED]
            if self.expected[start].state is S.MERGED:
                start = into[-1]
        return False

    @staticmethod
    def person(who: str) -> str:
        return who.strip().lower()

    def follow(self, expected: Expected, kind: EventKind, who: str, *, hides: bool) -> None:
        expected.steps.append((kind, None if kind in SENDERS else who))
        expected.state = TO.get(kind, expected.state)
        if kind in TO:
            expected.accepted_by = set()
        if kind is K.ACCEPTED:
            expected.accepted_by.add(self.person(who))
            enough = len(expected.accepted_by) >= self.reviewers
            expected.state = S.ACCEPTED if enough else S.ACCEPTED_ONCE
        if kind is K.CORRECTED:
            expected.texts += 1
        if kind in {K.PREPARED, K.CORRECTED}:
            expected.is_prepared = kind is K.PREPARED
        if kind in {K.DECLINED, K.MERGED, K.PUT_RIGHT, K.PUBLISHED}:
            expected.decided_by, expected.under_appeal = self.person(who), False
        if kind is K.APPEALED:
            expected.under_appeal = True
        self.follow_what_is_shown(expected, kind, hides=hides)
        if kind in {K.HELD, K.CORRECTED}:  # it is the title that is held and corrected
            expected.by_hand = kind is K.HELD
        expected.looked_at |= kind in TO and kind not in SENDERS

    @staticmethod
    def follow_what_is_shown(expected: Expected, kind: EventKind, *, hides: bool) -> None:
        if kind is K.CLEARED:
            expected.private = expected.by_hand = False
            expected.hidden, expected.accepted_by = set(), set()
            if expected.state in WORKED_ON:
                expected.state = S.CHECKING
        if kind is K.DECLINED and hides:
            expected.hidden = {"statement", "source_title"}
        if kind is K.CORRECTED:
            expected.hidden -= {"source_title"}
        if kind in {K.PUBLISHED, K.DECLINED, K.MERGED, K.PUT_RIGHT, K.REOPENED}:
            expected.out = kind is K.PUBLISHED
        if kind in {K.PUBLISHED, K.CLEARED, K.HELD}:
            expected.off = kind is K.HELD

    @invariant()
    def nothing_is_lost_and_the_order_is_kept(self) -> None:
        everything = {one.receipt.reference: one for one in self.store.all()}
        assert set(everything) == set(self.expected)
        events = {reference: one.events for reference, one in everything.items()}
        for reference, expected in self.expected.items():
            one = everything[reference]
            taken = [(each.kind, each.who) for each in one.events]
            assert taken == [(kind, who and who.strip()) for kind, who in expected.steps]
            assert one.state is expected.state
            into = merged_into(one.events, events.get)
            assert (into is not None) is (expected.state is S.MERGED)
            assert into is None or into.state is not S.MERGED
            held = expected.private or expected.by_hand or bool(expected.hidden)
            assert bool(one.held) is held
            numbers = [taken.event_id for taken in one.events]
            assert numbers == sorted(set(numbers))
            shown = expected.looked_at and expected.state is not S.WITHDRAWN
            shown &= not held
            assert (one.public.statement is not None) is shown
            assert (one.public.words is not None) is (
                expected.state in {S.DECLINED, S.MERGED, S.PUT_RIGHT} and not expected.by_hand
            )

    @invariant()
    def exactly_what_is_published_is_shown(self) -> None:
        should = {e.number for e in self.expected.values() if e.out and not e.off}
        shown = {figure for one in self.store.all() for figure in one.public.figures}
        assert shown == {f"community-{number}-1" for number in should}
        if isinstance(self.store, SuggestionStore):
            assert set(self.store.published().figures["figure_id"]) == shown
        assert self.store.version() == sum(len(e.steps) for e in self.expected.values())

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()


class StoredLives(Lives):
    """The same in a database."""

    def new_store(self, rules: Rules) -> SuggestionStore:
        store = SuggestionStore("sqlite:///:memory:", rules)
        store.create()
        return store


Lives.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestLives = Lives.TestCase
StoredLives.TestCase.settings = settings(max_examples=8, stateful_step_count=30, deadline=None)
TestStoredLives = StoredLives.TestCase
