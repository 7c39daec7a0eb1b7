"""What became of suggestions: the public log, as everyone sees it."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from html import escape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from evidence.days import count_words, day_words
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.public_log import MergedInto, PublicEntry, median_days
from evidence.review import Step
from evidence.submissions import Kind, Suggestion, check
from loaders.submissions import SuggestionStore
from pages.shared.data import evidence_base
from pages.shared.suggestion_log import Outcome, counts, log_table, outcome
from pages.shared.suggestion_open import LONGEST_OPEN, MISSING, open_questions

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


def spoil(store: SuggestionStore, reference: str) -> None:
    """Make a suggestion one that the rules of today can't read."""
    with sqlite3.connect(store.url.database) as kept:
        kept.execute(
            "UPDATE suggestion_events SET content = ? WHERE reference = ?",
            ('{"reason": "a private word"}', reference),
        )


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
        "since": CAME,
        "received": CAME,
        "decided": None,
        "days": None,
        "reason": None,
        "words": None,
        "into": None,
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
    assert "once a reviewer has looked at it" in text
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
    text = written(opened(**address)).split("Open questions")[0]
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


def test_what_is_not_decided_for_good_counts_as_waiting_and_says_what_is_missing():
    waiting = {state for state in State if outcome(entry(state=state)) is Outcome.WAITING}
    assert {state for state in waiting if entry(state=state).is_open} == set(MISSING)


def test_what_was_put_right_says_so_and_is_counted_and_found(store):
    changed = "The title was that of the year before."
    sent(store, TAKEN, (EventKind.PUT_RIGHT, {"words": changed}), disease_area="cancer")
    sent(store, TAKEN)
    text = written(opened(state="Put right"))
    assert "Accepted, and what it pointed out is put right" in text
    assert changed in text
    assert "Suggestions 1 to 1 of 1" in text
    assert "<b>1</b> put right" in text
    assert "Half of our decisions" not in text, "one decision has no half"


def test_what_reviewers_write_for_each_other_is_on_no_public_page(store):
    between = ((EventKind.NOTED, {"words": "Between us"}), (EventKind.ASKED, {"words": "Which?"}))
    sent(store, (EventKind.TAKEN, {"words": "I know her"}), *between)
    text = written(opened())
    for words in ("I know her", "Between us", "Which?"):
        assert words not in text


def test_a_merged_one_names_the_other_by_its_public_number_and_state(store):
    other = sent(store, TAKEN, DECLINED, statement="The other")
    merged = (EventKind.MERGED, {"into": other, "words": "The same table."})
    mine = sent(store, merged)
    text = written(opened(state="Merged with another"))
    assert f"It lives on in suggestion {store.get(other).number}, which is declined." in text
    assert other not in text
    assert mine not in text


def test_what_was_merged_into_one_that_is_gone_does_not_live_on_there():
    into = MergedInto(3, State.WITHDRAWN, ())
    html = log_table([entry(state=State.MERGED, into=into)], evidence_base(), CAME, "All")
    assert "lives on" not in html
    assert "merged into suggestion 3, which is withdrawn by the sender." in html
    assert "waits for a reviewer again" in html


def test_a_merged_one_leads_to_the_figures_of_the_other():
    into = MergedInto(3, State.PUBLISHED, ("mat-011", "community-3-1"))
    html = log_table([entry(state=State.MERGED, into=into)], evidence_base(), CAME, "All")
    assert 'href="library?figure=mat-011"' in html
    assert "figure=community-3-1" not in html, "it is not in the evidence base"


def test_what_is_open_says_since_when_and_what_is_missing_by_topic_and_borough(store):
    sent(store, disease_area="cancer", geography_code="E09000022", statement="Not read yet")
    sent(store, TAKEN, (EventKind.ASKED, {"words": "Which?"}), statement="Asked about")
    sent(store, TAKEN, DECLINED, statement="It is done")
    today = day_words(datetime.now(UTC))
    text = written(opened())
    (table,) = [part for part in text.split("</table>") if ">Suggestions that are still" in part]
    assert f"A reviewer who looks at it</p><p class='reading'>Since {today}" in table
    assert f"The sender's answer to a question</p><p class='reading'>Since {today}" in table
    assert "Asked about" in table
    assert "Not read yet" not in table
    assert "It is done" not in table
    assert table.index("Cancer, Lambeth") < table.index("No topic named, No borough named")


def test_the_longest_open_are_listed_and_the_rest_is_a_link_away():
    many = [
        entry(number=number, received=CAME - timedelta(days=number), statement=f"No {number}.")
        for number in range(1, LONGEST_OPEN + 3)
    ]
    html = open_questions(many, evidence_base(), CAME)
    assert f">No {LONGEST_OPEN + 2}.<" in html
    assert ">No 2.<" not in html
    assert "state=Waiting+for+a+decision" in html
    assert f"See all {LONGEST_OPEN + 2}" in html


def test_where_nothing_is_open_the_page_says_so(store):
    sent(store, TAKEN, DECLINED)
    assert "Nothing is open. Every suggestion has its answer." in written(opened())


def test_one_that_can_t_be_read_takes_no_other_from_the_log(store, caplog):
    sent(store, TAKEN, statement="The first")
    bad = sent(store, TAKEN, statement="Kept by other rules")
    number = store.get(bad).number
    spoil(store, bad)
    page = opened()
    assert f"Suggestion {number} is kept, but can't be shown just now." in page.warning[0].value
    assert "The first" in written(page)
    assert "Suggestions 1 to 1 of 1" in written(page)
    assert f"Suggestion {number} can't be read" in caplog.text
    assert "Kept by other rules" not in caplog.text
    assert "a private word" not in caplog.text


def test_a_log_of_nothing_but_what_can_t_be_read_says_so(store):
    spoil(store, sent(store))
    assert "is kept, but can't be shown" in opened().warning[0].value


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


def test_how_long_half_of_the_decisions_took_is_told_once_there_are_five():
    decided = [entry(days=days, state=State.DECLINED) for days in (0, 2, 2, 9)]
    withdrawn = entry(days=0, state=State.WITHDRAWN)
    assert "Half of" not in counts([*decided, entry(), withdrawn])
    told = counts([*decided, entry(days=30, state=State.PUBLISHED), entry(), withdrawn])
    assert "Half of our decisions were made within 2 days." in told


def test_the_median_leaves_out_what_is_not_decided():
    assert median_days([entry(), entry(days=2), entry(days=10), entry(days=4)]) == 4
    assert median_days([entry()]) is None
    assert [count_words(days) for days in (0, 1, 2.5, 1_200)] == [
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
