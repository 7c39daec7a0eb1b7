"""What one sender adds and looks up is limited before anything is sent, and files have room."""

import pytest

from evidence.attachments import FILES_LIMIT
from loaders.submissions import StoreUnavailableError, TooManyError
from loaders.submissions.limits import FILES_MEGABYTES, PER_SENDER, files_limit
from pages.shared import suggestion_files
from pages.shared.suggestion_store import limits
from tests.pages import test_follow as follow
from tests.pages.test_suggest import (
    GOOD,
    fill,
    kept,
    labels,
    opened,
    png,
    press,
    store,
    uploaded,
    written,
)

__all__ = ["store"]
TABLE = ("table.csv", b"a,b\n1,2\n")


def test_files_that_are_added_and_taken_away_again_and_again_come_to_an_end(store, monkeypatch):
    most = int(PER_SENDER["file"].split()[0])
    page = opened()
    sender = page.session_state["suggestion_sender"] = "one"
    for _ in range(most):
        limits().check("file", sender)
    examined = []
    monkeypatch.setattr(suggestion_files, "examine", lambda *file: examined.append(file))
    page = uploaded(page, TABLE)
    assert "too often" in written(page)
    assert examined == []


def test_megabytes_are_counted_as_they_come_sent_or_not(store):
    page = opened()
    sender = page.session_state["suggestion_sender"] = "one"
    limits().check("megabyte", sender, times=int(PER_SENDER["megabyte"].split()[0]) - 1)
    page = uploaded(page, TABLE, ("b.png", png(1)))
    assert written(page).count("too often") == 1
    assert "table.csv" in written(page)


def test_an_address_has_its_own_limit_of_megabytes(store):
    for number in range(3):
        limits().check("megabyte", f"session {number}", "198.51.100.7", times=50)
    with pytest.raises(TooManyError, match="try again in 24 hours"):
        limits().check("megabyte", "another", "198.51.100.7", times=5)
    limits().check("megabyte", "another", "198.51.100.8", times=5)


def test_more_files_than_are_taken_are_not_even_examined(store, monkeypatch):
    real, names = suggestion_files.examine, []

    def examine(name, content):
        names.append(name)
        return real(name, content)

    monkeypatch.setattr(suggestion_files, "examine", examine)
    uploaded(opened(), *[(f"{n}.png", png(n)) for n in range(FILES_LIMIT + 5)])
    assert len(names) == FILES_LIMIT


def test_where_there_is_no_room_a_file_is_refused_in_a_sentence_and_words_are_sent(
    store, monkeypatch
):
    monkeypatch.setattr("loaders.submissions.SuggestionStore.room", lambda self: 5)
    page = uploaded(fill(opened(), **GOOD), TABLE)
    assert "We have no room for files now" in written(page)
    page = press(page, "Check your answers")
    assert kept(store, press(page, "Send suggestion")).files == ()


def test_where_the_room_went_meanwhile_the_files_go_and_the_words_can_be_sent(store, monkeypatch):
    page = uploaded(fill(opened(), **GOOD), TABLE)
    page = press(page, "Check your answers")
    monkeypatch.setattr("loaders.submissions.SuggestionStore._room", lambda self, session: 5)
    page = press(page, "Send suggestion")
    assert "we took the files away" in page.error[0].value
    assert store.count() == 0
    assert "Send suggestion" in labels(page)
    now = kept(store, press(page, "Send suggestion"))
    assert (now.suggestion.statement, now.files) == (GOOD["statement"], ())


def test_the_room_for_files_is_a_setting(monkeypatch):
    assert files_limit() == FILES_MEGABYTES * 1_000_000
    monkeypatch.setenv("FILES_MEGABYTES", "10")
    assert files_limit() == 10_000_000
    monkeypatch.setenv("FILES_MEGABYTES", "-1")
    with pytest.raises(StoreUnavailableError):
        files_limit()


def test_while_somebody_guesses_few_numbers_are_looked_up_right_or_wrong(store, monkeypatch):
    reference = follow.sent(store)
    for _ in range(600):
        limits().missed()
    for _ in range(3):
        assert "What you sent" in follow.written(follow.followed(reference))
    asked = []
    monkeypatch.setattr("loaders.submissions.SuggestionStore.get", lambda *_: asked.append(1))
    page = follow.followed(reference)
    assert "Too many wrong reference numbers" in page.error[0].value
    assert asked == []


def test_a_wrong_number_is_counted_and_a_right_one_is_not(store, monkeypatch):
    counted = []
    monkeypatch.setattr("loaders.submissions.Limits.missed", lambda self: counted.append(1))
    follow.followed(follow.sent(store))
    assert counted == []
    for no_number in ("LRH", "my suggestion", "LRH-0000-0000", "LRH-2222-222"):
        follow.followed(no_number)
    assert counted == []
    follow.followed("LRH-2222-2222")
    assert counted == [1]
