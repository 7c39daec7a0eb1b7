"""Limits against abuse: for one sender, for all, and nothing of a sender kept."""

from datetime import date, timedelta

import pytest

from evidence.submissions import HONEYPOT, looks_automatic
from loaders.submissions import Limits, SuggestionStore, TooManyError
from loaders.submissions.limits import (
    ALL_FILES,
    ALL_SUGGESTIONS,
    PER_ADDRESS,
    check_all,
    one_home,
)
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
    for number in range(30):
        limits.check("suggest", f"session {number}", "198.51.100.7")
    with pytest.raises(TooManyError, match="try again in 60 minutes"):
        limits.check("suggest", "one more session", "198.51.100.7")
    limits.check("suggest", "one more session", "198.51.100.8")
    limits.check("suggest", "a session without an address")


def test_all_addresses_of_one_home_count_as_one_and_those_of_two_do_not():
    limits = Limits()
    for number in range(30):
        limits.check("suggest", f"session {number}", f"2001:db8:0:1::{number:x}")
    with pytest.raises(TooManyError):
        limits.check("suggest", "one more session", "2001:db8:0:1:ffff::1")
    limits.check("suggest", "one more session", "2001:db8:0:2::1")
    for number in range(40):
        limits.check("suggest", f"older {number}", f"::ffff:198.51.100.{number}")
    assert one_home("::ffff:198.51.100.7") == one_home("198.51.100.7")
    assert one_home("not an address") == "not an address"


def test_one_address_reaches_none_of_the_limits_for_all():
    suggestions, files = (int(PER_ADDRESS[what].split()[0]) for what in ("suggest", "megabyte"))
    assert suggestions <= ALL_SUGGESTIONS[0] / 5
    assert PER_ADDRESS["megabyte"].endswith("per day")
    assert ALL_FILES[1] == timedelta(days=1)
    assert files * 1_000_000 <= ALL_FILES[0] / 3


def test_who_guesses_reference_numbers_from_everywhere_is_stopped():
    limits = Limits()
    for _ in range(600):
        limits.check_missed()
        limits.missed()
    for _ in range(3):
        limits.check_missed()
    for _ in range(3):
        with pytest.raises(TooManyError, match="try again in 10 minutes"):
            limits.check_missed()


def test_while_somebody_guesses_every_other_address_looks_up_a_few_numbers():
    limits = Limits()
    for _ in range(600):
        limits.missed()
    for number in range(3):
        limits.check_missed(f"2001:db8:0:1::{number}")
        limits.check_missed("198.51.100.7")
    for address in ("198.51.100.7", "2001:db8:0:1::9"):
        with pytest.raises(TooManyError, match="try again in 10 minutes"):
            limits.check_missed(address)
    limits.check_missed("198.51.100.8")


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
