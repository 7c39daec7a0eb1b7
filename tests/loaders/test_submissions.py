"""What is acknowledged is on disk, once, exactly as it was typed."""

import sqlite3
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evidence.outcomes import EventKind, State
from evidence.submissions import Suggestion, check
from loaders.submissions import (
    SQLITE_FILE,
    StoreUnavailableError,
    SuggestionStore,
    default_url,
    is_reference,
)
from loaders.submissions import (
    store as store_module,
)

ROOT = Path(__file__).resolve().parents[2]


def suggestion(**answers: str) -> Suggestion:
    checked = check({"statement": "A number", "source_title": "A report"} | answers)
    assert isinstance(checked, Suggestion), checked
    return checked


@pytest.fixture
def address(tmp_path):
    return f"sqlite:///{tmp_path / 'new' / 'folder' / 'kept.sqlite3'}"


@pytest.fixture
def store(address):
    store = SuggestionStore(address)
    store.create()
    yield store
    store.close()


FULL = {
    "statement": "First line\nsecond line",
    "source_title": "A report",
    "source_url": "https://www.example.org/report",
    "disease_area": "maternity",
    "geography_code": "E09000022",
    "ethnic_group": "black-caribbean+black-african",
    "notes": "I read it",
    "contact": "ama@example.org",
}


def test_everything_that_was_sent_is_there_after_reopening(store, address):
    receipt = store.add(suggestion(**FULL))
    store.close()
    again = SuggestionStore(address)
    again.create()
    stored = again.get(receipt.reference)
    assert stored is not None
    assert stored.suggestion == suggestion(**FULL)
    assert stored.receipt == receipt
    assert again.count() == 1


def test_a_receipt_tells_the_moment_in_utc(store):
    receipt = store.add(suggestion())
    assert receipt.received_at.tzinfo is UTC
    assert abs(datetime.now(UTC) - receipt.received_at) < timedelta(minutes=1)
    assert store.get(receipt.reference).receipt.received_at == receipt.received_at


def test_a_new_suggestion_has_one_event_and_the_state_received(store):
    stored = store.get(store.add(suggestion()).reference)
    assert [event.kind for event in stored.events] == [EventKind.RECEIVED]
    assert stored.state is State.RECEIVED
    assert stored.events[0].at == stored.receipt.received_at


def test_contact_details_lie_in_a_table_of_their_own(store):
    receipt = store.add(suggestion(contact="ama@example.org"))
    with sqlite3.connect(store.url.database) as raw:
        assert "ama@example.org" not in str(raw.execute("SELECT * FROM suggestions").fetchall())
        raw.execute("DELETE FROM suggestion_contacts")
        raw.commit()
    stored = store.get(receipt.reference)
    assert stored.suggestion.contact is None
    assert stored.suggestion.statement == "A number"


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE suggestions; --",
        '" OR 1=1 --',
        ":statement ? %s {0}",
        '=HYPERLINK("https://evil.example","x")',
        "<script>alert(1)</script>",
        "🏥 صحة ਪੰਜਾਬੀ é",
        "x" * 4_000,
    ],
)
def test_a_text_comes_back_exactly_as_it_was_sent(store, text):
    receipt = store.add(suggestion(statement=text))
    assert store.get(receipt.reference).suggestion.statement == text
    assert store.count() == 1


def test_a_reference_is_found_however_it_is_typed(store):
    receipt = store.add(suggestion())
    assert store.get(f" {receipt.reference.lower()} ").receipt == receipt
    letters = receipt.reference.replace("-", "")
    for mark in ("", " ", "\u2013", "\u2011", " - ", "\u00a0"):
        typed = mark.join((letters[:3], letters[3:7], letters[7:]))
        assert store.get(typed).receipt == receipt, mark
        assert is_reference(typed)
    assert not is_reference("LRH-0000-0000")
    assert store.get("LRH-0000-0000") is None
    assert store.get("' OR 1=1 --") is None


def test_a_second_press_of_the_button_keeps_nothing_twice(store):
    first = store.add(suggestion(), form_id="one form")
    assert store.add(suggestion(), form_id="one form") == first
    assert store.count() == 1


def test_an_edited_text_and_another_form_are_kept_as_well(store):
    references = {
        store.add(suggestion(), form_id="one form").reference,
        store.add(suggestion(notes="edited"), form_id="one form").reference,
        store.add(suggestion(), form_id="another form").reference,
        store.add(suggestion()).reference,
        store.add(suggestion()).reference,
    }
    assert len(references) == store.count() == 5


def test_a_reference_that_is_taken_is_drawn_again(store, monkeypatch):
    drawn = iter(["LRH-2222-2222", "LRH-2222-2222", "LRH-3333-3333"])
    monkeypatch.setattr(store_module, "new_reference", lambda: next(drawn))
    assert store.add(suggestion(statement="first")).reference == "LRH-2222-2222"
    assert store.add(suggestion(statement="second")).reference == "LRH-3333-3333"
    assert store.get("LRH-2222-2222").suggestion.statement == "first"


def test_where_no_reference_is_free_nothing_is_acknowledged(store, monkeypatch):
    monkeypatch.setattr(store_module, "new_reference", lambda: "LRH-2222-2222")
    store.add(suggestion(statement="first"))
    with pytest.raises(StoreUnavailableError, match="No free reference"):
        store.add(suggestion(statement="second"))
    assert store.count() == 1


def test_eight_writers_at_once_lose_nothing(store):
    def write(writer: int) -> list[str]:
        return [
            store.add(suggestion(statement=f"{writer}/{number}"), form_id=f"{writer}").reference
            for number in range(25)
        ]

    with ThreadPoolExecutor(8) as pool:
        references = [reference for batch in pool.map(write, range(8)) for reference in batch]
    assert len(set(references)) == store.count() == 200
    kept = {store.get(reference).suggestion.statement for reference in references}
    assert kept == {f"{writer}/{number}" for writer in range(8) for number in range(25)}


def test_the_same_form_sent_eight_times_at_once_is_kept_once(store):
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: store.add(suggestion(), form_id="one form"), range(8)))
    assert len(set(receipts)) == store.count() == 1


def test_what_is_acknowledged_outlives_a_process_that_is_killed(address):
    script = """
import os, signal, sys
from evidence.submissions import check
from loaders.submissions import SuggestionStore
store = SuggestionStore(sys.argv[1])
store.create()
print(store.add(check({"statement": "kept", "source_title": "x"})).reference, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run(
        [sys.executable, "-c", script, address],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode < 0
    stored = SuggestionStore(address).get(killed.stdout.strip())
    assert stored.suggestion.statement == "kept"


def test_every_connection_waits_for_the_disk(store):
    with store._engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "busy_timeout": 30_000,
        "foreign_keys": 1,
    }


def test_making_the_tables_again_keeps_what_is_there(store):
    store.add(suggestion())
    store.create()
    assert store.count() == 1


def test_a_folder_in_place_of_the_database_is_a_clear_error(tmp_path):
    store = SuggestionStore(f"sqlite:///{tmp_path}")
    for attempt in (store.create, store.count, lambda: store.add(suggestion())):
        with pytest.raises(StoreUnavailableError, match="can't be used"):
            attempt()


def test_a_database_without_tables_or_of_another_kind_is_a_clear_error(tmp_path):
    (tmp_path / "notes.txt").write_text("not a database" * 100)
    for name in ("empty.sqlite3", "notes.txt"):
        store = SuggestionStore(f"sqlite:///{tmp_path / name}")
        with pytest.raises(StoreUnavailableError):
            store.add(suggestion())
        with pytest.raises(StoreUnavailableError):
            store.get("LRH-2222-2222")


def test_a_file_in_the_place_of_the_folder_is_a_clear_error(tmp_path):
    (tmp_path / "var").write_text("")
    with pytest.raises(StoreUnavailableError):
        SuggestionStore(f"sqlite:///{tmp_path / 'var' / 'kept.sqlite3'}").create()


def test_without_a_setting_the_database_is_a_file_of_this_project(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert Path(default_url().database) == SQLITE_FILE == ROOT / "var" / "suggestions.sqlite3"
    monkeypatch.setenv("DATABASE_URL", "")
    assert Path(default_url().database) == SQLITE_FILE


@pytest.mark.parametrize("start", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgres_address_is_opened_with_psycopg(monkeypatch, start):
    monkeypatch.setenv("DATABASE_URL", f"{start}://ama:secret@db.example:5432/kept")
    url = default_url()
    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.host, url.database) == (
        "ama",
        "secret",
        "db.example",
        "kept",
    )


def test_an_address_of_no_database_or_of_no_driver_is_a_clear_error(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "not a database")
    with pytest.raises(StoreUnavailableError, match="should look like"):
        SuggestionStore()
    with pytest.raises(StoreUnavailableError, match="can't be opened on this machine") as caught:
        SuggestionStore("nothing://ama:secret@host/name")
    assert "secret" not in str(caught.value)


def test_an_error_for_the_log_holds_nothing_of_what_was_sent(tmp_path):
    store = SuggestionStore(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    sent = suggestion(**FULL)
    with pytest.raises(StoreUnavailableError) as caught:
        store.add(sent)
    whole = "".join(traceback.format_exception(caught.value))
    assert "no such table" in whole
    assert FULL["notes"] not in whole
    assert FULL["contact"] not in whole
