"""Limits against abuse: for one sender, for all, and nothing of a sender kept."""

from datetime import date, timedelta

import pytest

from evidence.submissions import HONEYPOT, looks_automatic
from loaders.submissions import Limits, SuggestionStore, TooManyError
from loaders.submissions.limits import ALL_SUGGESTIONS, check_all
from tests.loaders.suggested import suggestion


def test_one_sender_is_stopped_and_the_others_are_not():
    limits = Limits()
    for _ in range(10):
        limits.check("suggest", "one")
    with pytest.raises(TooManyError, match="try again in 60 minutes"):
        limits.check("suggest", "one")
    limits.check("suggest", "another")
    limits.check("look up", "one")


def test_an_address_is_stopped_however_many_sessions_it_opens():
    limits = Limits()
    for number in range(100):
        limits.check("suggest", f"session {number}", "198.51.100.7")
    with pytest.raises(TooManyError, match="try again in 60 minutes"):
        limits.check("suggest", "one more session", "198.51.100.7")
    limits.check("suggest", "one more session", "198.51.100.8")
    limits.check("suggest", "a session without an address")


def test_who_guesses_reference_numbers_from_everywhere_is_stopped():
    limits = Limits()
    for _ in range(600):
        limits.check_missed()
        limits.missed()
    for _ in range(3):
        with pytest.raises(TooManyError, match="try again in 10 minutes"):
            limits.check_missed()


def test_to_be_stopped_is_to_ask_and_counts_nothing():
    limits = Limits()
    for _ in range(700):
        limits.check_missed()


def test_a_sender_has_another_name_tomorrow_and_on_another_copy():
    days = iter([date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 2)])
    limits = Limits(lambda: next(days))
    first, second, tomorrow = (limits.sender("198.51.100.7") for _ in range(3))
    assert first == second != tomorrow
    assert "198.51.100.7" not in first
    assert Limits().sender("198.51.100.7") != Limits().sender("198.51.100.7")


def test_the_limit_for_all_holds_for_every_copy_and_is_told_in_words(tmp_path):
    most, time = ALL_SUGGESTIONS
    store = SuggestionStore(f"sqlite:///{tmp_path / 'kept.sqlite3'}")
    store.create()
    store.add(suggestion())
    check_all(store.count)
    assert store.count(time) == 1
    assert store.count(timedelta(0)) == 0
    with pytest.raises(TooManyError, match="What you wrote stays"):
        check_all(lambda since: most)


def test_a_field_that_people_do_not_see_tells_programs():
    assert looks_automatic({HONEYPOT: "Example Ltd"})
    assert not looks_automatic({HONEYPOT: "", "statement": "x"})
    assert not looks_automatic({})
