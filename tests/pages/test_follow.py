"""Follow a suggestion, as its sender meets it, and as someone who tries numbers does."""

import sqlite3
from html import escape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from evidence.days import day_words
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.review import Step
from evidence.submissions import Suggestion, check
from loaders.submissions import SuggestionStore
from pages.shared.suggestion_follow import step_once
from pages.shared.suggestion_store import limits
from tests.loaders.suggested import BASE, by_reviewer, publication, publish

PAGE = Path(__file__).resolve().parents[2] / "pages" / "follow.py"
REVIEWER = "reviewer@example.org"


@pytest.fixture
def store(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", url)
    store = SuggestionStore(url)
    store.create()
    limits.clear()
    yield store
    store.close()


def sent(store: SuggestionStore, **answers: str) -> str:
    given = {"statement": "One in N waited.", "source_title": "A report", "kind": "statistic"}
    suggestion = check(given | {"contact": "ama@example.org"} | answers)
    assert isinstance(suggestion, Suggestion)
    return store.add(suggestion).reference


def reviewed(store: SuggestionStore, reference: str, *steps: tuple[EventKind, dict]) -> str:
    for kind, holds in ((EventKind.TAKEN, {}), *steps):
        store.step(reference, Step(kind=kind, role=Role.REVIEWER, who=REVIEWER, **holds))
    return reference


DECLINED = (EventKind.DECLINED, {"reason": DeclineReason.NO_SOURCE, "words": "We looked in vain."})
ASKED = (EventKind.ASKED, {"words": "Which page is it on?"})


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    return alright(page.run())


def alright(page: AppTest) -> AppTest:
    assert not page.exception, page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    return alright(next(button for button in page.button if button.label == label).click().run())


def followed(reference: str) -> AppTest:
    page = opened()
    page.text_input[0].set_value(reference)
    return press(page, "Follow it")


def written(page: AppTest) -> str:
    return "\n".join(html.value for html in page.html)


def said(page: AppTest) -> str:
    return "\n".join(notice.value for kind in (page.error, page.success) for notice in kind)


def test_the_page_asks_for_the_number_and_nothing_else(store):
    page = opened()
    assert page.text_input[0].label.startswith("Reference number")
    assert not page.error


def test_the_sender_sees_what_was_sent_where_it_stands_and_each_step_with_its_day(store):
    reference = reviewed(store, sent(store, disease_area="cancer", notes="From a friend"))
    text = written(followed(reference.lower().replace("-", "- ")))
    assert "Your suggestion is being checked." in text
    for shown in ("Received", "A reviewer started to check it", "One in N waited.", "Cancer"):
        assert shown in text, shown
    assert "From a friend" in text
    assert day_words(store.get(reference).events[0].at) in text


def test_contact_details_reviewers_and_their_notes_are_shown_to_nobody(store):
    reference = reviewed(store, sent(store), (EventKind.NOTED, {"words": "Between us"}))
    text = written(followed(reference))
    assert "ama@example.org" not in text
    assert "We have one. Only our reviewers see it." in text
    assert REVIEWER not in text
    assert "Between us" not in text


@pytest.mark.parametrize("typed", ["LRH-2222-2222", "hello", "' OR 1=1 --", "", "LRH" * 50_000])
def test_an_unknown_number_and_what_is_none_get_the_same_answer(store, typed):
    sent(store)
    page = followed(typed)
    assert "We have no suggestion with this reference number." in page.error[0].value
    assert "**Error: We have no suggestion" in page.text_input[0].label
    assert "What you sent" not in written(page)


def test_a_number_in_the_address_is_read_once_and_taken_out_of_it(store):
    reference = sent(store)
    page = opened(reference=reference)
    assert "reference" not in page.query_params
    assert f"Reference number {reference}." in written(page)
    page = press(page, "Close, and follow another one")
    assert "One in N waited." not in written(alright(page.run()))


def test_a_question_is_answered_and_then_asked_no_more(store):
    reference = reviewed(store, sent(store), ASKED)
    page = followed(reference)
    assert "waiting for your answer" in written(page)
    assert "Which page is it on?" in written(page)
    seen = store.get(reference)
    page.text_area[0].set_value("Page 12")
    page = press(page, "Send my answer")
    assert "Your answer is saved" in said(page)
    now = store.get(reference)
    assert now.state is State.CHECKING
    assert (now.events[-1].kind, now.events[-1].words) == (EventKind.ANSWERED, "Page 12")
    assert len(now.events) == len(seen.events) + 1
    assert not page.text_area


def test_a_button_pressed_twice_takes_one_step(store):
    seen = store.get(reviewed(store, sent(store), ASKED))
    for _ in range(2):
        step_once(seen, EventKind.ANSWERED, "Page 12")
    now = store.get(seen.receipt.reference)
    assert [event.words for event in now.events[-2:]] == ["Which page is it on?", "Page 12"]


def test_an_empty_answer_is_asked_for_and_a_long_one_stays(store):
    reference = reviewed(store, sent(store), ASKED)
    page = press(followed(reference), "Send my answer")
    assert "Write your answer." in page.error[0].value
    long = "a" * 3_000
    page.text_area[0].set_value(long)
    page = press(page, "Send my answer")
    assert "Your text has 3,000 characters" in page.error[0].value
    assert page.text_area[0].value == long
    assert store.get(reference).state is State.WAITING


def test_a_decline_says_why_and_can_be_appealed_in_words_of_ones_own(store):
    reference = reviewed(store, sent(store), DECLINED)
    page = followed(reference)
    text = written(page)
    assert "Your suggestion is declined." in text
    assert DeclineReason.NO_SOURCE.label in text
    assert "We looked in vain." in text
    page.text_area[0].set_value("It is on page 12")
    page = press(page, "Appeal")
    assert "Your appeal is saved" in said(page)
    assert "appealed by you" in written(page)
    assert store.get(reference).state is State.APPEALED


def test_an_open_suggestion_can_be_withdrawn_and_then_nothing_more(store):
    reference = sent(store)
    page = press(followed(reference), "Withdraw it")
    assert "Your suggestion is withdrawn." in said(page)
    assert store.get(reference).state is State.WITHDRAWN
    assert {button.label for button in page.button} == {"Close, and follow another one"}


def test_a_step_on_what_changed_meanwhile_is_refused_and_the_words_stay(store):
    reference = reviewed(store, sent(store), ASKED)
    page = followed(reference)
    store.step(reference, Step(kind=EventKind.NOTED, role=Role.REVIEWER, who="b", words="n"))
    page.text_area[0].set_value("Page 12")
    page = press(page, "Send my answer")
    assert "Something happened to your suggestion" in page.error[0].value
    assert page.text_area[0].value == "Page 12"
    assert "Your answer is saved" in said(press(page, "Send my answer"))


def test_a_merged_one_names_the_public_number_of_another_and_never_its_reference_number(store):
    other, mine = sent(store, statement="The other"), sent(store)
    reviewed(store, mine, (EventKind.MERGED, {"into": other, "words": "The same table."}))
    text = written(followed(mine))
    assert "The same table." in text
    assert f"It lives on in suggestion {store.get(other).number}, which is received" in text
    assert other not in text
    assert "The other" not in text


def test_what_was_put_right_says_what_and_can_be_appealed(store):
    put_right = (EventKind.PUT_RIGHT, {"words": "The title was that of the year before."})
    page = followed(reviewed(store, sent(store), put_right))
    assert "Your suggestion is accepted, and what it pointed out is put right." in written(page)
    assert "The title was that of the year before." in written(page)
    assert "Appeal" in {button.label for button in page.button}


@pytest.mark.parametrize(
    ("steps", "button", "kind"),
    [((ASKED,), "Send my answer", "ANSWERED"), ((DECLINED,), "Appeal", "APPEALED")],
)
def test_what_looks_private_in_an_answer_is_pointed_out_before_it_is_sent(
    store, steps, button, kind
):
    reference = reviewed(store, sent(store), *steps)
    before = store.get(reference).state
    page = followed(reference)
    page.text_area[0].set_value("Ring my sister on 020 7946 0018")
    page = press(page, button)
    assert store.get(reference).state is before, "nothing is sent yet"
    text = written(page)
    assert "We found: phone number." in text
    assert "If you send it, only our reviewers see it." in text
    assert "<mark>020 7946 0018</mark>" in text
    assert page.text_area[0].value == "Ring my sister on 020 7946 0018"
    page = press(page, "Send all the same")
    assert store.get(reference).events[-1].kind is EventKind[kind]
    assert "saved" in said(page)
    assert "<mark>" not in written(page)


def test_what_was_pointed_out_can_be_changed_and_is_looked_at_again(store):
    reference = reviewed(store, sent(store), ASKED)
    page = followed(reference)
    for words in ("Ring 020 7946 0018", "Write to ama@example.org"):
        page.text_area[0].set_value(words)
        page = press(page, next(b.label for b in page.button if b.label.startswith("Send")))
        assert "Some of this may tell who someone is." in written(page)
        assert store.get(reference).state is State.WAITING
    page.text_area[0].set_value("Page 12")
    page = press(alright(page.run()), "Send my answer")
    assert store.get(reference).events[-1].words == "Page 12"


def test_what_a_reviewer_holds_back_is_told_with_the_reason(store):
    held = (EventKind.HELD, {"answers": ("statement",), "words": "It names a neighbour."})
    text = written(followed(reviewed(store, sent(store), held)))
    assert "A reviewer holds back what it says, so it is not public." in text
    assert "It names a neighbour." in text


def test_what_is_held_back_after_it_was_published_says_that_it_is_off_the_pages(store):
    reference = sent(store)
    publish(store, reference)
    assert "off the pages" not in written(followed(reference))
    store.step(reference, by_reviewer(EventKind.HELD))
    text = written(followed(reference))
    assert "What we published of it is off the pages until a reviewer decides." in text
    assert "See what we published" not in text


def test_what_looks_private_in_what_a_reviewer_prepares_is_not_laid_at_the_sender_s_door(store):
    reference = reviewed(store, sent(store))
    made = publication(store.get(reference).number, note="Ring 020 7946 0123")
    prepare = Step(kind=EventKind.PREPARED, role=Role.REVIEWER, who=REVIEWER, publication=made)
    assert store.step(reference, prepare, base=BASE).held
    text = written(followed(reference))
    assert "looks private" not in text
    assert "020 7946 0123" not in text


def test_one_that_can_t_be_read_is_named_by_its_public_number(store, caplog):
    reference = reviewed(store, sent(store))
    number = store.get(reference).number
    with sqlite3.connect(store.url.database) as kept:
        kept.execute('UPDATE suggestion_events SET content = \'{"needed": "a private word"}\'')
    page = followed(reference)
    assert f"It has the number {number} in the public log" in page.error[0].value
    assert reference not in caplog.text
    assert f"Suggestion {number} can't be read: needed (int_parsing)" in caplog.text
    assert "a private word" not in caplog.text


def test_what_people_wrote_is_shown_as_text_alone(store):
    bad = '<img src=x onerror="alert(1)"></bdi><h1>Mine</h1>[a](https://evil.example)'
    asked = (EventKind.ASKED, {"words": bad})
    reference = reviewed(store, sent(store, statement=bad, notes=bad), asked)
    page = followed(reference)
    text = written(page)
    assert text.count(escape(bad)) == 4
    assert "<img src=x" not in text
    assert "<h1>Mine" not in text
    assert "evil" not in "\n".join(str(each.value) for each in page.markdown)


def test_who_tries_many_numbers_is_stopped_but_an_open_page_may_be_drawn_again(store):
    page = followed(sent(store))
    for _ in range(25):
        page = alright(page.run())
    assert "What you sent" in written(page)
    page = press(page, "Close, and follow another one")
    for _ in range(20):
        page.text_input[0].set_value("LRH-2222-2222")
        page = press(page, "Follow it")
    assert "too often" in page.error[0].value


def test_where_the_database_fails_the_page_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}")
    limits.clear()
    page = followed("LRH-2222-2222")
    assert "We can't look it up now." in page.error[0].value
    assert "sqlite" not in page.error[0].value
