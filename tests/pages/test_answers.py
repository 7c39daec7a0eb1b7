"""What became of suggestions: the public log, as everyone sees it."""

from datetime import date, timedelta
from html import escape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.public_log import PublicEntry
from evidence.review import Step
from evidence.submissions import Kind, Suggestion, check
from loaders.submissions import SuggestionStore
from pages.shared.data import evidence_base
from pages.shared.suggestion_log import Outcome, days_words, log_table, median_days, outcome

PAGE = Path(__file__).resolve().parents[2] / "pages" / "answers.py"
CAME = date(2026, 3, 2)


@pytest.fixture
def store(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", url)
    store = SuggestionStore(url)
    store.create()
    yield store
    store.close()


def sent(store: SuggestionStore, *steps: tuple[EventKind, dict], **answers: str) -> str:
    given = {"statement": "One in N waited.", "source_title": "A report", "kind": "statistic"}
    suggestion = check(given | answers)
    assert isinstance(suggestion, Suggestion)
    reference = store.add(suggestion).reference
    for kind, holds in steps:
        store.step(reference, Step(kind=kind, role=Role.REVIEWER, who="r@example.org", **holds))
    return reference


TAKEN = (EventKind.TAKEN, {})
DECLINED = (EventKind.DECLINED, {"reason": DeclineReason.NO_SOURCE, "words": "We looked in vain."})


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, page.exception
    return page


def written(page: AppTest) -> str:
    return "\n".join(html.value for html in page.html)


def entry(**different: object) -> PublicEntry:
    plain = {
        "number": 7,
        "kind": Kind.STATISTIC,
        "disease_area": None,
        "geography_code": None,
        "ethnic_group": None,
        "figure_id": None,
        "statement": "One in N",
        "source_title": "A report",
        "source_url": None,
        "withheld": None,
        "state": State.RECEIVED,
        "received": CAME,
        "decided": None,
        "days": None,
        "reason": None,
        "words": None,
        "figures": (),
        "appeals": 0,
    }
    return PublicEntry(**plain | different)


def test_a_log_without_suggestions_says_so_and_what_will_stand_there(store):
    text = written(opened())
    assert "Nobody has suggested anything yet." in text
    assert "Here will stand every suggestion" in text
    assert "<table" not in text


def test_each_suggestion_stands_there_with_what_became_of_it_and_why_without_its_sender(store):
    reference = sent(store, TAKEN, DECLINED, contact="ama@example.org", notes="My note")
    text = written(opened())
    for shown in ("One in N waited.", "A report", "Declined", "We looked in vain."):
        assert shown in text, shown
    assert DeclineReason.NO_SOURCE.label in text
    for secret in (reference, "ama@example.org", "My note", "r@example.org"):
        assert secret not in text, secret


def test_what_is_not_read_yet_or_looks_private_is_not_shown(store):
    sent(store, statement="Nobody read this")
    sent(store, TAKEN, statement="Ring 020 7946 0018")
    text = written(opened())
    assert "Nobody read this" not in text
    assert "020 7946 0018" not in text
    assert "once a reviewer has started to check it" in text
    assert "held back because something in it looks private" in text


def test_a_new_suggestion_is_in_the_log_at_once(store):
    sent(store)
    assert "Suggestions 1 to 1 of 1" in written(opened())
    sent(store)
    assert "Suggestions 1 to 2 of 2" in written(opened())


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ({"area": "Cancer"}, {"first"}),
        ({"borough": "Lambeth"}, {"second"}),
        ({"state": "Declined"}, {"second"}),
        ({"state": "Waiting for a decision"}, {"first"}),
        ({"area": "Cancer", "state": "Declined"}, set()),
    ],
)
def test_the_address_chooses_what_the_log_shows(store, address, found):
    sent(store, TAKEN, statement="first", disease_area="cancer")
    sent(store, TAKEN, DECLINED, statement="second", geography_code="E09000022")
    text = written(opened(**address))
    assert {each for each in ("first", "second") if f">{each}</bdi>" in text} == found
    if not found:
        assert "No suggestion fits these choices." in text


def test_an_unknown_choice_in_the_address_is_named_as_plain_text(store):
    sent(store)
    page = opened(area="[free](https://evil.example)")
    assert "`[free](https://evil.example)`" in page.warning[0].value
    assert "Suggestions 1 to 1 of 1" in written(page)


def test_suggestions_are_counted_by_topic_and_borough(store):
    sent(store, disease_area="cancer", geography_code="E09000022")
    sent(store, TAKEN, DECLINED, disease_area="cancer")
    text = written(opened())
    assert 'area=Cancer" target="_self">Cancer</a></th><td class="number">2</td>' in text
    assert 'borough=Lambeth" target="_self">Lambeth</a></th><td class="number">1</td>' in text
    assert "No borough named" in text


def test_what_people_and_reviewers_wrote_is_text_alone_and_an_address_is_no_link():
    bad = '<img src=x onerror="alert(1)"></bdi></td><h1>Mine</h1>'
    html = log_table(
        [
            entry(
                statement=bad,
                source_title=bad,
                source_url="https://evil.example/",
                state=State.DECLINED,
                words=bad,
                ethnic_group=bad,
            )
        ],
        evidence_base(),
        CAME,
        "All",
    )
    assert html.count(escape(bad)) == 3
    assert "<img" not in html
    assert "<h1>" not in html
    assert 'href="https://evil' not in html


def test_a_published_one_leads_to_its_figure_where_the_evidence_has_it():
    shown = entry(state=State.PUBLISHED, figures=("mat-011", "suggested-7-1"), days=3)
    html = log_table([shown], evidence_base(), CAME, "All")
    assert 'href="library?figure=mat-011"' in html
    assert "figure=suggested-7-1" not in html
    assert "3 days" in html


def test_an_open_one_says_how_long_it_has_waited_and_an_appeal_is_told():
    appealed = entry(state=State.APPEALED, appeals=2)
    html = log_table([appealed], evidence_base(), CAME + timedelta(days=9), "All")
    assert "Waiting for 9 days" in html
    assert "The sender appealed 2 times." in html


def test_what_is_not_decided_for_good_counts_as_waiting():
    closed = {state for state in State if outcome(entry(state=state)) is not Outcome.WAITING}
    decided = {State.PUBLISHED, State.DECLINED, State.MERGED, State.WITHDRAWN}
    assert closed == decided | {State.ERASED}


def test_of_one_that_was_deleted_the_log_tells_its_number_and_kind_alone():
    deleted = entry(
        state=State.ERASED,
        statement=None,
        source_title=None,
        source_url=None,
        disease_area=None,
        geography_code=None,
        ethnic_group=None,
        withheld="What was written in it is gone.",
    )
    html = log_table([deleted], evidence_base(), CAME + timedelta(days=9), "All")
    assert f"{deleted.number}. {deleted.kind.label}" in html
    assert "Deleted on request" in html
    assert "What was written in it is gone." in html
    assert not any(told in html for told in ("Waiting", "Came on", "About"))


def test_the_median_leaves_out_what_is_not_decided():
    assert median_days([entry(), entry(days=2), entry(days=10), entry(days=4)]) == 4
    assert median_days([entry()]) is None
    assert [days_words(days) for days in (0, 1, 2.5, 1_200)] == [
        "the same day",
        "1 day",
        "3 days",
        "1,200 days",
    ]


def test_where_the_database_fails_the_page_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}")
    page = opened()
    assert page.error[0].value == "Please try again in a few minutes."
    assert "How this works" in written(page)
