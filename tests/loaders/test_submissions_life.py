"""The life of suggestions in the store, on both databases: steps, publication, log, contacts."""

import csv
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from evidence.attachments import Attachment, FileKind
from evidence.history import comes_back, on_pages
from evidence.models import Indicator, Source
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.publication import Publication, known, mark_in
from evidence.review import IllegalStepError, Rules, Step
from evidence.submissions import FORMS, Kind, Suggestion, check
from loaders.__main__ import main
from loaders.community import with_community
from loaders.read import read_table
from loaders.submissions import (
    NoRoomError,
    NotFoundError,
    SomebodyWasFasterError,
    StoreUnavailableError,
    SuggestionStore,
    link_digest,
)
from loaders.tables import FIGURES, SOURCES
from tests.loaders.suggested import (
    BASE,
    REVIEWERS,
    by_reviewer,
    by_sender,
    figure,
    publication,
    publish,
    source,
    suggestion,
)

WRITERS = 20
PAYLOADS = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) **bold** :red[x] $x^2$",
    '=HYPERLINK("https://evil.example","click")',
    "+1+cmd|' /C calc'!A0",
    "\t@SUM(1)",
    "\u202ereversed\u202d \u200fright to left \u2067isolate",
    "null\x00byte \x1b[31m",
    "🏥👩🏾‍⚕️ صحة ਪੰਜਾਬੀ \ud800",
    "'; DROP TABLE suggestions; --",
    "line one\r\nline two",
    'quoted ", and, commas',
]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{tmp_path / 'kept.sqlite3'}"


@pytest.fixture
def store(url):
    store = SuggestionStore(url, Rules(reviewers=1))
    store.create()
    yield store
    store.close()


def kinds(stored) -> list[EventKind]:
    return [event.kind for event in stored.events]


@pytest.mark.parametrize("kind", Kind)
def test_every_answer_of_every_kind_comes_back(store, kind):
    typed = {field: f"{field} \n é" for field in FORMS[kind].fields}
    exact = {
        "source_url": "https://example.org/a",
        "disease_area": "maternity",
        "geography_code": "E09000022",
        "ethnic_group": "black",
        "contact": "ama@example.org",
        "figure_id": "mat-001",
    }
    sent = check(typed | {k: v for k, v in exact.items() if k in typed} | {"kind": kind})
    assert isinstance(sent, Suggestion), sent
    assert store.get(store.add(sent).reference).suggestion == sent


def test_a_suggestion_goes_all_the_way_and_every_step_is_kept(store):
    receipt = store.add(suggestion())
    before = store.version()
    done = publish(store, receipt.reference)
    assert done.state is State.PUBLISHED
    assert kinds(done) == ["received", "taken", "prepared", "accepted", "published"]
    assert {event.who for event in done.events[1:]} == {REVIEWERS[0]}
    assert store.get(receipt.reference) == done
    assert store.version() == done.last > before
    numbers = [event.event_id for event in done.events]
    assert numbers == sorted(numbers)
    assert store.by_number(done.number) == done
    assert store.by_number(done.last) is None


def test_what_is_published_has_the_columns_of_the_tables_and_says_who_suggested_it(store):
    receipt = store.add(suggestion())
    number = store.get(receipt.reference).number
    made = figure(f"community-{number}-1", source_id="community-report", note="Table 2.")
    publish(store, receipt.reference, Publication(figures=(made,), sources=(source(),)))
    found = store.published()
    (row,) = found.figures.to_dict("records")
    today = date.today()
    told = f"Suggested by the community, checked on {today.day} {today:%B %Y}."
    assert row["note"] == f"{told} Table 2."
    assert mark_in(row["note"]) == told
    assert list(found.figures) == FIGURES.columns
    assert (
        found.figures.dtypes.astype(str).to_dict() == FIGURES.frame([]).dtypes.astype(str).to_dict()
    )
    assert list(found.sources["source_id"]) == ["community-report"]
    assert receipt.reference.lower() not in str(found).lower()


def test_what_is_held_back_after_it_was_published_is_off_the_pages_until_it_is_cleared(store):
    one, other = store.add(suggestion()).reference, store.add(suggestion()).reference
    number = publish(store, one).number
    publish(store, other)
    figure_id = f"community-{number}-1"
    store.step(one, by_reviewer(EventKind.HELD))
    assert figure_id not in set(store.published().figures["figure_id"])
    assert len(store.published().figures) == 1, "the other one stays"
    entry = store.get(one).public
    assert entry.figures == ()
    assert "what we published of it is off the pages" in entry.withheld
    store.step(one, by_reviewer(EventKind.CLEARED))
    assert figure_id in set(store.published().figures["figure_id"])
    assert store.get(one).public.figures == (figure_id,)
    store.step(one, by_reviewer(EventKind.HELD))
    store.step(one, by_reviewer(EventKind.REOPENED))
    store.step(one, by_reviewer(EventKind.CLEARED))
    assert figure_id not in set(store.published().figures["figure_id"]), "it is reopened"


def test_what_is_published_is_appealed_and_prepared_anew_without_being_in_its_own_way(store):
    one = store.add(suggestion()).reference
    number = publish(store, one).number
    store.step(one, by_sender(EventKind.APPEALED))
    store.step(one, by_reviewer(EventKind.TAKEN))
    assert list(store.published().figures["value"]) == [12.5]
    better = publication(number, value=13.5)
    store.step(one, by_reviewer(EventKind.PREPARED, publication=better), base=BASE)
    assert list(store.published().figures["value"]) == [12.5], "it stays until then"
    store.step(one, by_reviewer(EventKind.ACCEPTED))
    store.step(one, by_reviewer(EventKind.PUBLISHED), base=BASE)
    assert list(store.published().figures["value"]) == [13.5]
    store.step(one, by_sender(EventKind.APPEALED))
    store.step(one, by_reviewer(EventKind.DECLINED))
    assert store.published().figures.empty


def test_what_is_held_back_stays_off_once_something_else_is_prepared_in_its_place(store):
    one = store.add(suggestion()).reference
    number = publish(store, one).number
    store.step(one, by_reviewer(EventKind.HELD))
    store.step(one, by_sender(EventKind.APPEALED))
    store.step(one, by_reviewer(EventKind.TAKEN))
    assert comes_back(store.get(one).events)
    better = publication(number, value=13.5)
    store.step(one, by_reviewer(EventKind.PREPARED, publication=better), base=BASE)
    assert not comes_back(store.get(one).events)
    now = store.step(one, by_reviewer(EventKind.CLEARED), base=BASE)
    assert store.published().figures.empty, "what is cleared is the new one"
    assert on_pages(now.events) is None
    store.step(one, by_reviewer(EventKind.ACCEPTED))
    now = store.step(one, by_reviewer(EventKind.PUBLISHED), base=BASE)
    assert list(store.published().figures["value"]) == [13.5]
    assert on_pages(now.events) == better
    store.step(one, by_sender(EventKind.APPEALED))
    store.step(one, by_reviewer(EventKind.TAKEN))
    store.step(one, by_reviewer(EventKind.PREPARED, publication=publication(number)), base=BASE)
    assert list(store.published().figures["value"]) == [13.5], "the hold ended with publication"


def test_what_was_held_back_does_not_come_back_beside_the_same_finding(store):
    one, other = store.add(suggestion()).reference, store.add(suggestion()).reference
    first = publish(store, one, publication(store.get(one).number, age="40"))
    store.step(one, by_reviewer(EventKind.HELD))
    publish(store, other, publication(store.get(other).number, age="40", value=15))
    with pytest.raises(IllegalStepError, match="same finding"):
        store.step(one, by_reviewer(EventKind.CLEARED), base=BASE)
    assert list(store.published().figures["value"]) == [15]
    store.step(other, by_reviewer(EventKind.REOPENED))
    store.step(one, by_reviewer(EventKind.CLEARED), base=BASE)
    assert list(store.published().figures["figure_id"]) == [f"community-{first.number}-1"]


@pytest.mark.parametrize("again", [(source(),), ()], ids=["brought again", "chosen"])
def test_an_appealed_publication_may_use_the_source_that_it_brought(store, again):
    one = store.add(suggestion()).reference
    number = store.get(one).number

    def made(value: float, sources: tuple[Source, ...]) -> Publication:
        ours = figure(f"community-{number}-1", source_id="community-report", value=value)
        return Publication(figures=(ours,), sources=sources)

    publish(store, one, made(12.5, (source(),)))
    store.step(one, by_sender(EventKind.APPEALED))
    publish(store, one, made(13.5, again))
    assert list(store.published().figures["value"]) == [13.5]
    assert list(store.published().sources["source_id"]) == ["community-report"]


def test_an_appealed_correction_of_a_figure_of_the_community_is_published_again(store):
    one = store.add(suggestion()).reference
    figure_id = f"community-{publish(store, one).number}-1"
    other = store.add(suggestion(kind="correction", figure_id=figure_id)).reference

    def made(value: float) -> Publication:
        return publication(store.get(one).number, value=value, correction="It was 12.5")

    publish(store, other, made(13.5))
    store.step(other, by_sender(EventKind.APPEALED))
    publish(store, other, made(14))
    assert 14 in set(store.published().figures["value"])


def test_what_is_published_and_appealed_is_not_deleted_unasked(store):
    one = store.add(suggestion()).reference
    publish(store, one)
    store.step(one, by_sender(EventKind.APPEALED))
    with pytest.raises(IllegalStepError, match="is published"):
        store.erase(one, "The sender asked", "the owner")
    store.erase(one, "The sender asked", "the owner", published=True)
    assert store.published().figures.empty
    assert store.get(one).public.figures == ()


def test_nothing_is_merged_into_what_is_withdrawn_or_deleted(store):
    one, gone, deleted = (store.add(suggestion()).reference for _ in range(3))
    store.step(gone, by_sender(EventKind.WITHDRAWN))
    store.erase(deleted, "The sender asked", "the owner")
    for into, state in ((gone, "withdrawn by the sender"), (deleted, "deleted on request")):
        with pytest.raises(IllegalStepError, match=f"live on in a suggestion that is {state}"):
            store.step(one, by_reviewer(EventKind.MERGED, into=into))


def test_what_is_reopened_is_no_longer_published_until_it_is_published_again(store):
    receipt = store.add(suggestion())
    done = publish(store, receipt.reference)
    again = store.step(receipt.reference, by_reviewer(EventKind.REOPENED), done.last)
    assert store.published().figures.empty
    for wanted in (by_reviewer(EventKind.ACCEPTED), by_reviewer(EventKind.PUBLISHED)):
        again = store.step(receipt.reference, wanted, again.last, BASE)
    assert len(store.published().figures) == 1


def test_another_copy_of_the_app_sees_a_publication_at_once(store, url):
    other = SuggestionStore(url)
    assert other.version() == 0
    publish(store, store.add(suggestion()).reference)
    assert other.version() == store.version()
    assert len(other.published().figures) == 1
    other.close()


def test_two_reviewers_at_once_one_is_told_that_somebody_was_faster(store):
    receipt = store.add(suggestion())
    seen = store.get(receipt.reference).last
    together = threading.Barrier(2)

    def take(who: str) -> str:
        together.wait()
        try:
            store.step(receipt.reference, by_reviewer(EventKind.TAKEN, who), seen)
        except SomebodyWasFasterError as error:
            return str(error)
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(take, REVIEWERS))
    assert answers == [
        "Somebody else was faster, and nothing of yours was added. Look again.",
        "taken",
    ]
    assert kinds(store.get(receipt.reference)) == ["received", "taken"]


def test_two_reviewers_are_needed_where_so_configured_and_nobody_counts_twice(store, url):
    strict = SuggestionStore(url, Rules(reviewers=2))
    receipt = store.add(suggestion())
    number = store.get(receipt.reference).number
    strict.step(receipt.reference, by_reviewer(EventKind.TAKEN))
    prepare = by_reviewer(EventKind.PREPARED, publication=publication(number))
    strict.step(receipt.reference, prepare, base=BASE)
    once = strict.step(receipt.reference, by_reviewer(EventKind.ACCEPTED))
    assert once.state is State.ACCEPTED_ONCE
    with pytest.raises(IllegalStepError, match="Another reviewer must accept"):
        strict.step(receipt.reference, by_reviewer(EventKind.ACCEPTED))
    with pytest.raises(IllegalStepError, match="waiting for a second"):
        strict.step(receipt.reference, by_reviewer(EventKind.PUBLISHED), base=BASE)
    strict.step(receipt.reference, by_reviewer(EventKind.ACCEPTED, REVIEWERS[1]))
    done = strict.step(receipt.reference, by_reviewer(EventKind.PUBLISHED), base=BASE)
    assert done.state is State.PUBLISHED
    strict.close()


def test_a_step_on_nothing_is_told(store):
    with pytest.raises(NotFoundError):
        store.step("LRH-2222-2222", by_reviewer(EventKind.TAKEN))


def test_suggestions_merge_into_one_that_is_there_and_never_round_in_a_ring(store):
    first, second = (store.add(suggestion()).reference for _ in range(2))
    for reference in (first, second):
        store.step(reference, by_reviewer(EventKind.TAKEN))
    for into, problem in ((first, "into itself"), ("LRH-2222-2222", "There is no suggestion")):
        with pytest.raises(IllegalStepError, match=problem):
            store.step(first, by_reviewer(EventKind.MERGED, into=into))
    assert store.step(first, by_reviewer(EventKind.MERGED, into=second)).state is State.MERGED
    with pytest.raises(IllegalStepError, match="into itself"):
        store.step(second, by_reviewer(EventKind.MERGED, into=first))


def test_suggestions_of_the_same_source_or_figure_are_found(store):
    address = "https://example.org/report"
    one = store.add(suggestion(source_url=address)).reference
    other = store.add(suggestion(source_url=address)).reference
    figure_ = store.add(suggestion(kind="correction", figure_id="mat-001")).reference
    assert [found.receipt.reference for found in store.like(store.get(one))] == [other]
    assert store.like(store.get(figure_)) == []


def test_files_lie_beside_the_suggestion_and_come_back_whole(store):
    content = b"a,b\n=1+1,2\n" * 1000
    sent = Attachment("my table.csv", FileKind.CSV, content)
    receipt = store.add(suggestion(), "form", [sent])
    assert store.add(suggestion(), "form", [sent]) == receipt
    (file,) = store.get(receipt.reference).files
    assert (file.number, file.name, file.size) == (1, "my table.csv", len(content))
    assert store.file(receipt.reference, 1) == sent
    assert store.file(receipt.reference, 2) is None
    assert store.add(suggestion(), "form").reference != receipt.reference


def test_the_public_log_gives_nobody_away(store):
    files = [Attachment("ama-mensah.csv", FileKind.CSV, b"a,b\n")]
    sent = suggestion(notes="Ama told me", contact="ama@example.org", statement="1 in 5")
    receipt = store.add(sent, "form", files)
    (entry,) = store.public_log()
    assert (entry.statement, entry.state) == (None, State.RECEIVED)
    assert "once a reviewer" in entry.withheld
    store.step(receipt.reference, by_reviewer(EventKind.TAKEN))
    store.step(receipt.reference, by_reviewer(EventKind.DECLINED))
    (entry,) = store.public_log()
    assert (entry.statement, entry.reason) == ("1 in 5", DeclineReason.CONTRADICTED)
    assert (entry.words, entry.days) == ("The report gives another number", 0)
    told = repr(entry)
    for secret in (receipt.reference, "Ama", "ama", *REVIEWERS, "form"):
        assert secret not in told


def test_old_contact_details_are_deleted_and_the_rest_stays(store, url):
    receipt = store.add(suggestion(contact="ama@example.org"))
    assert store.delete_contacts(timedelta(days=1), "tests") == 0
    assert store.delete_contacts(timedelta(0), "tests") == 1
    assert store.delete_contacts(timedelta(0), "tests") == 0
    left = store.get(receipt.reference)
    assert left.suggestion == suggestion()
    assert kinds(left) == ["received", "contact-deleted"]
    assert left.state is State.RECEIVED


def test_a_one_time_link_works_once_and_not_for_ever(store):
    secret = store.make_link(REVIEWERS[0])
    assert store.use_link("made up \ud800") is None
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: store.use_link(secret) or "", range(4))) == [
            "",
            "",
            "",
            REVIEWERS[0],
        ]
    late = store.make_link(REVIEWERS[0], timedelta(microseconds=1))
    assert store.use_link(late) is None
    for wrong in ("", " ", "a" * 300):
        with pytest.raises(ValueError, match="Give the name"):
            store.make_link(wrong)


def test_a_revoked_link_signs_nobody_in_and_what_it_signed_in_ends(store):
    used, unused, other = (store.make_link(who) for who in ("Ama Mensah", "ama mensah", "Bo"))
    assert store.use_link(used) == "Ama Mensah"
    assert store.link_valid(link_digest(used))
    assert store.revoke_links(" AMA  MENSAH ") == 2
    assert store.use_link(unused) is None
    assert not store.link_valid(link_digest(used))
    assert not store.link_valid(link_digest("made up"))
    assert store.link_valid(link_digest(other))
    assert store.use_link(other) == "Bo"
    assert store.revoke_links("nobody") == 0
    # Whoever counts as one person when they accept is one person here too.
    joined = store.make_link("AmaMensah")
    assert store.revoke_links("Ama Mensah") == 3
    assert store.use_link(joined) is None
    assert store.use_link(store.make_link("Ama Mensah")) == "Ama Mensah"


def test_a_link_works_for_a_day_at_most(store):
    assert store.make_link("Ama", timedelta(days=1))
    for wrong in (timedelta(0), timedelta(days=1, seconds=1)):
        with pytest.raises(ValueError, match="for a day at most"):
            store.make_link("Ama", wrong)


@pytest.mark.parametrize("typed", ["LRH-2222\x00-2222", "\x00", "\ud800", "LRH-\u0660000-0000"])
def test_a_number_with_what_no_number_has_is_looked_up_and_not_found(store, typed):
    assert store.get(typed) is None
    assert store.file(typed, 1) is None
    with pytest.raises(NotFoundError):
        store.step(typed, by_reviewer(EventKind.TAKEN))


def accepted(store, age: str) -> str:
    """A suggestion with a finding of this age that can be published; its reference number."""
    reference = store.add(suggestion(statement=age)).reference
    made = publication(store.get(reference).number, age=age)
    for wanted in (
        by_reviewer(EventKind.TAKEN),
        by_reviewer(EventKind.PREPARED, publication=made),
        by_reviewer(EventKind.ACCEPTED),
    ):
        store.step(reference, wanted, base=BASE)
    return reference


def test_two_reviewers_who_publish_one_finding_at_once_publish_it_once(store):
    for age in ("1", "2", "3"):
        both = [accepted(store, age), accepted(store, age)]
        start = threading.Barrier(2)

        def out(reference: str, start: threading.Barrier = start) -> str:
            start.wait()
            try:
                return store.step(reference, by_reviewer(EventKind.PUBLISHED), base=BASE).state
            except IllegalStepError as error:
                return str(error)

        with ThreadPoolExecutor(2) as pool:
            first, second = sorted(pool.map(out, both))
        assert first.startswith("The same finding is published already as community-")
        assert second == State.PUBLISHED
        assert list(store.published().figures["age"]).count(age) == 1


def test_what_another_published_since_a_page_was_opened_counts(store):
    one, other = (store.add(suggestion(statement=n)).reference for n in "12")
    brought = figure(f"community-{store.get(one).number}-1", source_id="community-report")
    publish(store, one, Publication(figures=(brought,), sources=(source(),)))
    store.step(other, by_reviewer(EventKind.TAKEN))
    number = store.get(other).number
    same = by_reviewer(EventKind.PREPARED, publication=publication(number, age="all"))
    # BASE was read before.
    again = figure(f"community-{number}-1", source_id="community-report", age="1")
    twice = Publication(figures=(again,), sources=(source(),))
    wanted = by_reviewer(EventKind.PREPARED, publication=twice)
    with pytest.raises(IllegalStepError, match="There is a source community-report already"):
        store.step(other, wanted, base=BASE)
    uses = by_reviewer(EventKind.PREPARED, publication=Publication(figures=(again,)))
    assert store.step(other, uses, base=BASE).state is State.CHECKING
    alike = figure(f"community-{number}-1", source_id="community-report")
    wanted = by_reviewer(EventKind.PREPARED, publication=Publication(figures=(alike,)))
    with pytest.raises(IllegalStepError, match="The same finding is published already"):
        store.step(other, wanted, base=BASE)
    assert store.step(other, same, base=BASE).state is State.CHECKING
    store.step(one, by_reviewer(EventKind.REOPENED))
    free = Publication(figures=(alike,), sources=(source(),))
    wanted = by_reviewer(EventKind.PREPARED, publication=free)
    assert store.step(other, wanted, base=BASE).state is State.CHECKING


def prepared_correction(store, value: float) -> str:
    """Prepare and accept a correction of one figure of the tables; gives its reference."""
    reference = store.add(suggestion(kind="correction", figure_id="made-1")).reference
    take_to_acceptance(store, reference, value)
    return reference


def take_to_acceptance(store, reference: str, value: float) -> None:
    right = figure("made-1", value=value, correction="It was 12.5.")
    made = Publication(figures=(right,), replaces="0123456789ab")
    if store.get(reference).state is State.RECEIVED:
        store.step(reference, by_reviewer(EventKind.TAKEN))
    for wanted in (
        by_reviewer(EventKind.PREPARED, publication=made),
        by_reviewer(EventKind.ACCEPTED),
    ):
        store.step(reference, wanted, base=BASE)


def test_a_correction_undoes_none_that_was_published_since_it_was_prepared(store):
    first, second = prepared_correction(store, 20.0), prepared_correction(store, 12.5)
    out = by_reviewer(EventKind.PUBLISHED)
    store.step(first, out, base=BASE)
    number = store.get(first).number
    since = f"made-1 was corrected by suggestion {number} since this was prepared. Prepare it anew."
    with pytest.raises(IllegalStepError, match=since):
        store.step(second, out, base=BASE)
    assert list(store.published().figures["value"]) == [20.0]
    assert store.get(second).state is State.ACCEPTED
    take_to_acceptance(store, second, 21.0)
    store.step(second, out, base=BASE)
    assert list(store.published().figures["value"]) == [21.0]
    store.step(first, by_reviewer(EventKind.REOPENED))
    store.step(first, by_reviewer(EventKind.ACCEPTED), base=BASE)
    with pytest.raises(IllegalStepError, match="was corrected by suggestion"):
        store.step(first, out, base=BASE)


def test_a_correction_that_was_taken_down_keeps_no_other_back(store):
    first, second = prepared_correction(store, 20.0), prepared_correction(store, 12.5)
    out = by_reviewer(EventKind.PUBLISHED)
    store.step(first, out, base=BASE)
    store.step(first, by_reviewer(EventKind.REOPENED))
    assert store.step(second, out, base=BASE).state is State.PUBLISHED


def publish_with_a_source(store) -> str:
    reference = store.add(suggestion()).reference
    brought = figure(
        f"community-{store.get(reference).number}-1",
        indicator_id="visits",
        source_id="community-report",
    )
    made = Publication(figures=(brought,), sources=(source(),), indicators=(indicator(),))
    publish(store, reference, made)
    return reference


def indicator(**cells: str) -> Indicator:
    return Indicator.model_validate(
        {
            "indicator_id": "visits",
            "name": "Home visits",
            "disease_area": "maternity",
            "life_stage": "starting-well",
            "definition": "Home visits made",
            "measure": "percentage",
            "unit": "%",
            "direction": "higher-is-better",
            "people": "people",
            "outcome": "visits",
            "phrase": "{value} of {people} were visited",
        }
        | cells
    )


def publish_with_the_same(store, age: str) -> str:
    """Publish a figure of the source and the indicator that another suggestion brought."""
    reference = store.add(suggestion()).reference
    number = store.get(reference).number
    used = {"indicator_id": "visits", "source_id": "community-report"}
    publish(store, reference, publication(number, age=age, **used))
    return reference


@pytest.mark.parametrize("goes", ["erased", "reopened"])
def test_a_figure_keeps_its_source_and_indicator_when_who_brought_them_goes(
    store, base, goes, tmp_path, monkeypatch
):
    first = publish_with_a_source(store)
    second = publish_with_the_same(store, "1")
    third = publish_with_the_same(store, "2")
    if goes == "erased":
        store.erase(first, "The sender asked", "a test", published=True)
    else:
        store.step(first, by_reviewer(EventKind.REOPENED))
    then = store.published()
    assert then.notices == ()
    assert list(then.sources["source_id"]) == ["community-report"]
    assert list(then.indicators["indicator_id"]) == ["visits"]
    own = [f"community-{store.get(each).number}-1" for each in (second, third)]
    joined = with_community(base, then)
    assert set(own) <= set(joined.figures["figure_id"])
    assert "community-report" in set(joined.sources["source_id"])
    monkeypatch.setenv("DATABASE_URL", store.url.render_as_string(hide_password=False))
    assert main(["reviews", "export", str(tmp_path)]) == 0
    assert list(read_table(SOURCES, tmp_path).frame["source_id"]) == ["community-report"]
    for each in (second, third):
        store.step(each, by_reviewer(EventKind.REOPENED))
    assert store.published().sources.empty, "nothing uses it any more"


def test_who_brought_a_source_publishes_it_again_and_in_other_words(store):
    first = publish_with_a_source(store)
    publish_with_the_same(store, "1")
    store.step(first, by_reviewer(EventKind.REOPENED))
    name = f"community-{store.get(first).number}-1"
    again = figure(name, indicator_id="visits", source_id="community-report")
    made = Publication(
        figures=(again,),
        sources=(source(title="Its right title"),),
        indicators=(indicator(name="Visits at home"),),
    )
    for wanted in (
        by_reviewer(EventKind.PREPARED, publication=made),
        by_reviewer(EventKind.ACCEPTED),
        by_reviewer(EventKind.PUBLISHED),
    ):
        store.step(first, wanted, base=BASE)
    then = store.published()
    assert list(then.sources["title"]) == ["Its right title"]
    assert list(then.indicators["name"]) == ["Visits at home"]
    assert then.lent == frozenset()


def test_files_have_a_limit_together_and_words_are_taken_all_the_same(url, monkeypatch):
    monkeypatch.setenv("FILES_MEGABYTES", "1")
    store = SuggestionStore(url)
    store.create()
    big = Attachment("a.csv", FileKind.CSV, b"a,b\n" * 150_000)
    store.add(suggestion(), "one", [big])
    assert store.room() == 400_000
    with pytest.raises(NoRoomError):
        store.add(suggestion(), "two", [big])
    assert store.count() == 1
    small = Attachment("b.csv", FileKind.CSV, b"a,b\n" * 100_000)
    store.add(suggestion(), "three", [small])
    assert store.room() == 0
    store.add(suggestion(), "four")
    assert store.count() == 3
    monkeypatch.setenv("FILES_MEGABYTES", "2 GB")
    with pytest.raises(StoreUnavailableError, match="write a whole number"):
        SuggestionStore(url)


def test_files_of_a_day_have_a_limit_for_all_that_ends_with_the_day(store, monkeypatch):
    file = Attachment("a.csv", FileKind.CSV, b"a,b\n" * 100_000)
    monkeypatch.setattr("loaders.submissions.store.ALL_FILES", (600_000, timedelta(days=1)))
    store.add(suggestion(), "one", [file])
    assert store.room() == 200_000
    with pytest.raises(NoRoomError):
        store.add(suggestion(), "two", [file])
    monkeypatch.setattr("loaders.submissions.store.ALL_FILES", (600_000, timedelta(0)))
    store.add(suggestion(), "two", [file])
    assert store.count() == 2


def test_a_figure_whose_indicator_no_table_has_is_written_too_and_told(
    store, tmp_path, monkeypatch, capsys
):
    publish(store, store.add(suggestion()).reference)
    lost = store.add(suggestion()).reference
    number = store.get(lost).number
    made = publication(number, indicator_id="not-here-any-more")
    known_then = replace(BASE, indicators=frozenset({"not-here-any-more"}))
    publish(store, lost, made, known_then)
    monkeypatch.setenv("DATABASE_URL", store.url.render_as_string(hide_password=False))
    assert main(["reviews", "export", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "2 figures of the community written" in told
    assert "1 of them in figures/indicator-not-known.csv" in told
    assert "not-here-any-more" in told
    written = pd.concat(pd.read_csv(path) for path in (tmp_path / "out/figures").iterdir())
    assert set(written["figure_id"]) == set(store.published().figures["figure_id"])


def test_twenty_writers_at_once_lose_nothing_and_keep_the_order(store):
    def write(writer: int) -> list[str]:
        references = []
        for number in range(3):
            sent = suggestion(statement=f"{writer}/{number}")
            reference = store.add(sent, f"{writer}").reference
            store.step(reference, by_reviewer(EventKind.TAKEN))
            store.step(reference, by_reviewer(EventKind.NOTED))
            references.append(reference)
        return references

    with ThreadPoolExecutor(WRITERS) as pool:
        references = [reference for batch in pool.map(write, range(WRITERS)) for reference in batch]
    everything = store.all()
    assert {one.receipt.reference for one in everything} == set(references)
    assert len(everything) == WRITERS * 3
    assert all(kinds(one) == ["received", "taken", "noted"] for one in everything)
    numbers = sorted(event.event_id for one in everything for event in one.events)
    assert len(numbers) == len(set(numbers)) == WRITERS * 9
    assert store.version() == numbers[-1]


def test_who_sees_an_event_has_every_event_before_it(store):
    seen: list[tuple[int, int]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            version = store.version()
            seen.append((version, sum(len(one.events) for one in store.all())))

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.add(suggestion(statement=str(n))), range(40)))
    done.set()
    watcher.join()
    assert seen
    assert store.version() == 40
    assert all(events >= version for version, events in seen)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_breaks_the_store_or_survives_into_a_csv_file(
    store, payload, tmp_path, monkeypatch
):
    text = Kind.RESEARCH
    fields = [
        f
        for f in FORMS[text].fields
        if f in {"statement", "source_title", "method", "notes", "period"}
    ]
    sent = check(dict.fromkeys(fields, payload) | {"kind": text})
    assert isinstance(sent, Suggestion)
    receipt = store.add(sent, payload.encode("utf-8", "replace").decode())
    stored = store.get(receipt.reference)
    assert stored.suggestion == sent
    assert not set("\x00\x1b\u202e\u202d\ud800") & set(stored.suggestion.statement)
    wanted = Step(kind=EventKind.TAKEN, role=Role.REVIEWER, who=payload)
    assert store.step(receipt.reference, wanted).events[-1].who
    note = by_reviewer(EventKind.NOTED, words=payload)
    assert store.step(receipt.reference, note).events[-1].words == note.words
    made = publication(stored.number, note=note.words, ethnic_group_label=note.words)
    store.step(receipt.reference, by_reviewer(EventKind.CLEARED))
    for last in (
        by_reviewer(EventKind.PREPARED, publication=made),
        by_reviewer(EventKind.ACCEPTED),
        by_reviewer(EventKind.PUBLISHED),
    ):
        store.step(receipt.reference, last, base=BASE)
    monkeypatch.setenv("DATABASE_URL", store.url.render_as_string(hide_password=False))
    assert main(["reviews", "export", str(tmp_path / "out")]) == 0
    with (tmp_path / "out/figures/maternity.csv").open(encoding="utf-8", newline="") as handle:
        (row,) = csv.DictReader(handle)
    assert row["ethnic_group_label"].lstrip(" ")[:1] not in set("=+-@\t\r")
    assert all(cell.lstrip(" ")[:1] not in set("=+@\t\r") for cell in row.values())


def test_a_megabyte_is_refused_in_words_and_keeps_nothing(store):
    huge = "a" * 1_000_000
    problems = check(dict.fromkeys(FORMS[Kind.RESEARCH].fields, huge) | {"kind": "research"})
    assert {problem.field for problem in problems} == set(FORMS[Kind.RESEARCH].fields)
    with pytest.raises(ValueError, match="1,000,000 characters"):
        by_reviewer(EventKind.NOTED, words=huge)
    assert store.count() == 0


def test_published_figures_join_the_evidence_base_and_are_written_as_the_tables_have_them(
    store, base, tmp_path, monkeypatch
):
    row = base.figures[base.figures["figure_id"] == "mat-001"].iloc[0]
    tables = known(base.figures, base.sources, base.indicators, base.areas, base.ethnic_groups)
    assert tables.figures >= {"mat-001"}
    receipt = store.add(suggestion(kind="correction", figure_id="mat-001"))
    cells = row[FIGURES.columns].astype(object).where(row[FIGURES.columns].notna(), None).to_dict()
    del cells["figure_id"]
    right = figure("mat-001", **cells | {"correction": "It was 3.7.", "value": 3.5})
    publish(store, receipt.reference, Publication(figures=(right,)), tables)
    extra = store.add(suggestion()).reference
    number = store.get(extra).number
    mine = figure(
        f"community-{number}-1", indicator_id="maternal-death", source_id="community-report"
    )
    publish(store, extra, Publication(figures=(mine,), sources=(source(),)), tables)

    joined = with_community(base, store.published())
    assert len(joined.figures) == len(base.figures) + 1
    assert list(joined.figures.dtypes) == list(base.figures.dtypes)
    now = joined.figures.set_index("figure_id")
    assert now.at["mat-001", "value"] == 3.5
    assert now.at[f"community-{number}-1", "disease_area"] == "maternity"
    others = set(base.figures["figure_id"]) - {"mat-001"}
    old = base.figures.set_index("figure_id").loc[sorted(others)]
    pd.testing.assert_frame_equal(now.loc[sorted(others)], old)
    untouched = joined.gaps[joined.gaps["figure_id"].isin(others)].set_index("figure_id")
    pd.testing.assert_frame_equal(
        untouched.sort_index(),
        base.gaps[base.gaps["figure_id"].isin(others)].set_index("figure_id").sort_index(),
    )

    monkeypatch.setenv("DATABASE_URL", store.url.render_as_string(hide_password=False))
    assert main(["reviews", "export", str(tmp_path)]) == 0
    written = read_table(FIGURES, tmp_path)
    assert [f for f in written.faults if f.row] == []
    assert set(written.frame["figure_id"]) == {"mat-001", f"community-{number}-1"}
    assert read_table(SOURCES, tmp_path).faults == []


def test_the_commands_say_what_they_did_and_what_is_wrong(url, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["reviews", "link", REVIEWERS[0], "--address", "https://example.org/"]) == 0
    address = capsys.readouterr().out.splitlines()[0]
    assert address.startswith("https://example.org/review?link=")
    store = SuggestionStore(url)
    assert store.use_link(address.split("link=")[1]) == REVIEWERS[0]
    assert main(["reviews", "revoke", REVIEWERS[0].upper()]) == 0
    assert "No link of" in capsys.readouterr().out
    assert main(["reviews", "revoke", "nobody"]) == 1
    assert "Check the name" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["reviews", "link", REVIEWERS[0], "--minutes", "1441"])
    assert "from 1 to 1,440" in capsys.readouterr().err
    store.add(suggestion(contact="ama@example.org"))
    assert main(["reviews", "delete-contacts", "--older-than", "90"]) == 0
    assert "Deleted 0 contact details" in capsys.readouterr().out
    assert main(["reviews", "export", str(tmp_path / "out")]) == 0
    assert "0 figures" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["reviews", "delete-contacts", "--older-than", "soon"])
    assert "not a whole number" in capsys.readouterr().err
    monkeypatch.setenv("REVIEWERS_NEEDED", "many")
    assert main(["reviews", "link", "x"]) == 1
    assert "write 1 or 2" in capsys.readouterr().err
