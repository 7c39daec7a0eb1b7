"""What is deleted is gone, from what is shown and from the bytes of the database's files."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import delete, inspect, text, update
from sqlalchemy.exc import OperationalError

from evidence.attachments import Attachment, FileKind
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.publication import Publication
from evidence.review import IllegalStepError, Step
from evidence.submissions import FORMS, FREE_TEXT, Kind, Suggestion, check
from loaders.__main__ import main
from loaders.submissions import (
    CONTACT_DAYS,
    NotFoundError,
    StoreUnavailableError,
    SuggestionStore,
    deleting,
)
from loaders.submissions.tables import EventRow, SuggestionRow
from tests.loaders.suggested import (
    BASE,
    by_reviewer,
    by_sender,
    figure,
    publish,
    suggestion,
)

MARK = "quillmoth"
"""Stands in everything that is to be deleted, and nowhere else."""

WHY = "The sender asked by letter"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{tmp_path / 'kept.sqlite3'}"


@pytest.fixture
def store(url):
    store = SuggestionStore(url)
    store.create()
    yield store
    store.close()


def files_of(store: SuggestionStore) -> list[Path]:
    """The files in which a database keeps its tables, and SQLite's journal and its index."""
    if store.url.get_backend_name() == "sqlite":
        kept = Path(store.url.database)
        return [path for path in kept.parent.iterdir() if path.name.startswith(kept.name)]
    address = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        # What was written anew is on disk, and the files of before are gone, after a checkpoint.
        connection.execute("CHECKPOINT")
        (folder,) = connection.execute("SHOW data_directory").fetchone()
        query = "SELECT oid FROM pg_database WHERE datname = current_database()"
        (number,) = connection.execute(query).fetchone()
    return list(Path(folder, "base", str(number)).iterdir())


def bytes_of(store: SuggestionStore) -> bytes:
    return b"".join(path.read_bytes() for path in files_of(store) if path.is_file())


def rows_of(store: SuggestionStore) -> str:
    """Every cell of every table, as text."""
    with store._engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        return "".join(
            str(connection.execute(text(f'SELECT * FROM "{table}"')).fetchall())  # noqa: S608
            for table in tables
        )


def marked_all_over(store: SuggestionStore) -> str:
    """A suggestion that went all the way, with the mark wherever people write; its reference."""
    form = {field: f"{MARK} {field}" for field in FORMS[Kind.RESEARCH].fields}
    exact = {"source_url": f"https://{MARK}.example/", "contact": f"{MARK}@example.org"}
    chosen = {"disease_area": "cancer", "geography_code": "E09000022", "ethnic_group": "black"}
    sent = check(form | exact | chosen | {"kind": "research"})
    assert isinstance(sent, Suggestion), sent
    content = f"group,value\n{MARK},1\n".encode() * 400
    files = [Attachment(f"{MARK}.csv", FileKind.CSV, content)]
    reference = store.add(sent, "form", files).reference
    number = store.get(reference).number
    made = figure(f"community-{number}-1", note=f"{MARK} said so", age=f"{number}")
    for wanted in (
        by_reviewer(EventKind.TAKEN, words=MARK),
        by_reviewer(EventKind.NOTED, words=MARK),
        by_reviewer(EventKind.ASKED, words=MARK),
        by_sender(EventKind.ANSWERED, words=MARK),
        by_reviewer(EventKind.CORRECTED, words=MARK, fields={"statement": f"{MARK} 2"}),
        by_reviewer(EventKind.DECLINED, words=MARK),
        by_sender(EventKind.APPEALED, words=MARK),
        by_reviewer(EventKind.TAKEN),
        by_reviewer(EventKind.CLEARED, words=MARK),
        by_reviewer(EventKind.PREPARED, publication=Publication(figures=(made,))),
        by_reviewer(EventKind.ACCEPTED),
        by_reviewer(EventKind.PUBLISHED),
    ):
        now = store.step(reference, wanted, base=BASE)
    assert now.state is State.PUBLISHED
    assert MARK in rows_of(store)
    assert MARK.encode() in bytes_of(store)
    return reference


def test_what_is_deleted_on_request_is_nowhere_and_who_did_what_when_stays(store):
    before = [store.add(suggestion(statement="stays " * 300)).reference for _ in range(30)]
    reference = marked_all_over(store)
    after = [store.add(suggestion(statement="stays " * 300)).reference for _ in range(30)]
    others = [store.get(one) for one in before + after]
    had = store.get(reference)
    with pytest.raises(IllegalStepError, match="Reopen it first"):
        store.erase(reference, WHY, "tests")
    assert store.get(reference) == had
    store.step(reference, by_reviewer(EventKind.REOPENED))
    had = store.get(reference)

    assert store.erase(reference, WHY, "tests") == had.number

    now = store.get(reference)
    assert now.state is State.ERASED
    assert now.receipt == had.receipt
    assert now.number == had.number
    skeleton = [(e.event_id, e.kind, e.at, e.role, e.who) for e in now.events[:-1]]
    assert skeleton == [(e.event_id, e.kind, e.at, e.role, e.who) for e in had.events]
    last = now.events[-1]
    told = (last.kind, last.role, last.who, last.words)
    assert told == (EventKind.ERASED, Role.MACHINE, "tests", WHY)
    assert all(event.words is None for event in now.events[:-1])
    assert now.suggestion.model_dump(exclude_none=True) == {"kind": Kind.RESEARCH}
    assert now.files == ()
    assert store.file(reference, 1) is None
    assert store.published().figures.empty
    assert MARK not in rows_of(store)
    assert MARK.encode() not in bytes_of(store)
    assert [store.get(one.receipt.reference) for one in others] == others


def test_a_published_one_can_be_deleted_at_once_and_leaves_the_pages(store):
    reference = marked_all_over(store)
    assert len(store.published().figures) == 1
    store.erase(reference, WHY, "tests", published=True)
    assert store.get(reference).state is State.ERASED
    assert store.published().figures.empty
    assert MARK not in rows_of(store)
    assert MARK.encode() not in bytes_of(store)


def test_the_public_log_tells_the_number_the_kind_and_that_it_is_deleted(store):
    reference = marked_all_over(store)
    number = store.get(reference).number
    store.erase(reference, WHY, "tests", published=True)
    (entry,) = store.public_log()
    assert (entry.number, entry.kind, entry.state) == (number, Kind.RESEARCH, State.ERASED)
    assert entry.state.label == "deleted on request"
    assert entry.withheld == "What was written in it is gone."
    rest = (entry.disease_area, entry.geography_code, entry.ethnic_group, entry.figure_id)
    said = (entry.statement, entry.source_title, entry.source_url, entry.reason, entry.words)
    assert set(rest + said) == {None}
    assert (entry.figures, entry.appeals, entry.decided, entry.is_open) == ((), 0, None, False)


def test_nothing_more_can_be_done_with_what_is_deleted_and_to_delete_it_again_adds_nothing(store):
    reference = store.add(suggestion()).reference
    store.erase(reference, WHY, "tests")
    last = store.get(reference).last
    for wanted in (
        by_reviewer(EventKind.TAKEN),
        by_reviewer(EventKind.NOTED),
        by_reviewer(EventKind.CLEARED),
        by_reviewer(EventKind.REOPENED),
        by_sender(EventKind.WITHDRAWN),
        by_sender(EventKind.APPEALED),
    ):
        with pytest.raises(IllegalStepError, match="deleted on request"):
            store.step(reference, wanted)
    store.erase(reference, WHY, "tests")
    assert store.get(reference).last == last
    with pytest.raises(NotFoundError):
        store.erase("LRH-2222-2222", WHY, "tests")


def test_nothing_is_deleted_without_a_reason_that_tells_of_nobody(store):
    reference = store.add(suggestion()).reference
    for words, why in (("", "Say why it is deleted"), ("She wrote from a@b.org", "email address")):
        with pytest.raises(IllegalStepError, match=why):
            store.erase(reference, words, "tests")
    by_hand = Step(kind=EventKind.ERASED, role=Role.MACHINE, who="tests", words=WHY)
    with pytest.raises(IllegalStepError, match="a command of its own"):
        store.step(reference, by_hand)
    assert store.get(reference).suggestion == suggestion()


def test_every_free_answer_of_every_kind_goes(store):
    for kind in Kind:
        free = {name: MARK for name in FORMS[kind].fields if name in FREE_TEXT}
        given = {"figure_id": "mat-001"} if kind is Kind.CORRECTION else {}
        sent = check(free | given | {"kind": kind})
        assert isinstance(sent, Suggestion), sent
        reference = store.add(sent).reference
        store.erase(reference, WHY, "tests")
        now = store.get(reference)
        assert now.suggestion.model_dump(exclude_none=True) == {"kind": kind}
    assert MARK not in rows_of(store)


def aged(store: SuggestionStore, reference: str, **ago: float) -> None:
    """Let a suggestion have come so long ago."""
    came = datetime.now(UTC) - timedelta(**ago)
    row = update(SuggestionRow).where(SuggestionRow.reference == reference)
    with store._engine.begin() as connection:
        connection.execute(row.values(received_at=came))


def test_contact_details_are_hidden_after_their_days_though_nobody_deleted_them(store):
    reference = store.add(suggestion(contact="ama@example.org")).reference
    aged(store, reference, days=CONTACT_DAYS, minutes=-1)
    assert store.get(reference).suggestion.contact == "ama@example.org"
    aged(store, reference, days=CONTACT_DAYS, minutes=1)
    assert store.get(reference).suggestion.contact is None
    assert [one.suggestion.contact for one in store.all()] == [None]
    assert "ama@example.org" in rows_of(store)


def test_old_contact_details_leave_no_byte_and_the_others_stay(store):
    references = [
        store.add(suggestion(contact=f"{MARK}{n:03}@example.org")).reference for n in range(120)
    ]
    old = references[::3]
    for reference in old:
        aged(store, reference, days=CONTACT_DAYS + 1)
    assert store.delete_old_contacts() == len(old)
    assert store.delete_old_contacts() == 0
    found = bytes_of(store)
    for number, reference in enumerate(references):
        contact = f"{MARK}{number:03}@example.org"
        assert (contact.encode() in found) is (reference not in old), contact
        assert store.get(reference).suggestion.contact == (None if reference in old else contact)


def test_only_the_files_of_what_stands_declined_as_advertising_or_abuse_go(store):
    content = f"group,value\n{MARK},1\n".encode() * 400
    kept: dict[str, str] = {}
    for reason in ("advertising", "abuse", "not-sound", "appealed", "open"):
        file = Attachment("a.csv", FileKind.CSV, content)
        kept[reason] = store.add(suggestion(), reason, [file]).reference
        if reason != "open":
            why = DeclineReason("abuse" if reason == "appealed" else reason)
            store.step(kept[reason], by_reviewer(EventKind.DECLINED, reason=why))
    store.step(kept["appealed"], by_sender(EventKind.APPEALED))
    room = store.room()
    assert store.delete_unwanted_files(timedelta(days=1)) == {}
    gone = {store.get(kept[reason]).number: len(content) for reason in ("advertising", "abuse")}
    assert store.delete_unwanted_files(timedelta(0)) == gone
    assert store.room() == room + 2 * len(content)
    for reason, reference in kept.items():
        now = store.get(reference)
        assert len(now.files) == (reason not in {"advertising", "abuse"}), reason
        assert now.suggestion == suggestion()
    assert store.delete_unwanted_files(timedelta(0)) == {}
    for reason in ("not-sound", "appealed", "open"):
        store.erase(kept[reason], WHY, "tests")
    assert MARK.encode() not in bytes_of(store)


def test_the_commands_decline_several_at_once_and_delete_their_files(
    store, url, capsys, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", url)
    file = Attachment("a.csv", FileKind.CSV, b"a,b\n1,2\n")
    references = [store.add(suggestion(), f"{n}", [file]).reference for n in range(3)]
    numbers = [str(store.get(reference).number) for reference in references]
    store.step(references[1], by_reviewer(EventKind.DECLINED))
    decline = ["reviews", "decline", "--as", "abuse", "--reviewer", "Ama", "--because", "It is not"]
    assert main([*decline, *numbers, numbers[0], "999999"]) == 1
    told = capsys.readouterr()
    assert told.out.count("Declined suggestion") == 2
    assert f"Suggestion {numbers[1]} was not declined: This can't be done now" in told.err
    assert "Suggestion 999999 was not declined: There is no suggestion" in told.err
    for reference in (references[0], references[2]):
        last = store.get(reference).events[-1]
        assert (last.kind, last.who) == (EventKind.DECLINED, "Ama")
        assert (last.reason, last.words) == (DeclineReason.ABUSE, "It is not")
    assert main(["reviews", "delete-files"]) == 0
    assert "No files of what was declined" in capsys.readouterr().out
    with store._engine.begin() as connection:
        connection.execute(update(EventRow).values(at=datetime.now(UTC) - timedelta(days=31)))
    assert main(["reviews", "delete-files"]) == 0
    assert capsys.readouterr().out.count("Deleted the files of suggestion") == 2
    assert [len(store.get(reference).files) for reference in references] == [0, 1, 0]
    with pytest.raises(SystemExit):
        main(["reviews", "decline", numbers[0], "--as", "not-sound", "--reviewer", "Ama"])


def test_a_running_dashboard_deletes_once_a_day_and_never_fails_for_it(store, monkeypatch, caplog):
    reference = store.add(suggestion(contact="ama@example.org")).reference
    aged(store, reference, days=CONTACT_DAYS + 1)
    store.delete_old_contacts_daily()
    assert store.get(reference).events[-1].kind is EventKind.CONTACT_DELETED
    another = store.add(suggestion(contact="bo@example.org")).reference
    aged(store, another, days=CONTACT_DAYS + 1)
    store.delete_old_contacts_daily()
    assert len(store.get(another).events) == 1
    monkeypatch.setattr(store, "_deleted_on", None)
    monkeypatch.setattr(store, "delete_old_contacts", lambda: (_ for _ in ()).throw(broken()))
    with caplog.at_level(logging.ERROR):
        store.delete_old_contacts_daily()
    assert "Old contact details could not be deleted" in caplog.text


def broken() -> StoreUnavailableError:
    return StoreUnavailableError("no database")


def test_what_can_not_be_read_any_more_can_be_deleted_all_the_same(store):
    reference = store.add(suggestion(statement=MARK, contact=f"{MARK}@example.org")).reference
    other = store.add(suggestion(contact=f"{MARK}@example.net")).reference
    for one in (reference, other):
        aged(store, one, days=CONTACT_DAYS + 1)
    faulty = update(EventRow).where(EventRow.reference == reference)
    with store._engine.begin() as connection:
        connection.execute(faulty.values(content=f'{{"other": "{MARK}", "needed": "no"}}'))
    assert store.delete_old_contacts() == 2
    store.erase(reference, WHY, "tests")
    found = rows_of(store)
    assert MARK not in found
    assert "A number" in found


def test_the_command_finds_by_its_number_what_can_not_be_read_and_one_without_events_is_deleted(
    store, url, capsys, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", url)
    one, bare = (store.add(suggestion(statement=MARK)).reference for _ in range(2))
    number = store.get(one).number
    with store._engine.begin() as connection:
        faulty = update(EventRow).where(EventRow.reference == one)
        connection.execute(faulty.values(content='{"needed": "no"}'))
        connection.execute(delete(EventRow).where(EventRow.reference == bare))
    assert store.by_number(number) is None
    assert main(["reviews", "erase", "--number", str(number), "--because", WHY]) == 0
    assert f"in suggestion {number}." in capsys.readouterr().out
    assert main(["reviews", "erase", bare, "--because", WHY]) == 0
    assert "which had no public number" in capsys.readouterr().out
    assert MARK not in rows_of(store)


def test_where_the_files_could_not_be_written_over_it_is_told_and_tried_again(store, monkeypatch):
    reference = store.add(suggestion(statement=MARK)).reference

    def busy(*_: object, **__: object) -> bool:
        raise OperationalError("VACUUM", None, Exception("busy"))

    with monkeypatch.context() as patch:
        patch.setattr(deleting, "_wipe_sqlite", busy)
        patch.setattr(deleting, "_wipe_postgresql", busy)
        with pytest.raises(StoreUnavailableError, match="Give the same command again"):
            store.erase(reference, WHY, "tests")
    assert store.get(reference).state is State.ERASED
    store.erase(reference, WHY, "tests")
    assert MARK.encode() not in bytes_of(store)


def test_a_reader_who_holds_the_journal_open_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("loaders.submissions.database.BUSY_SECONDS", 0.1)
    store = SuggestionStore(f"sqlite:///{tmp_path / 'kept.sqlite3'}")
    store.create()
    reference = store.add(suggestion(statement=MARK)).reference
    with store._engine.connect() as reader:
        reader.execute(text("SELECT * FROM suggestions")).fetchall()
        with pytest.raises(StoreUnavailableError, match="Give the same command again"):
            store.erase(reference, WHY, "tests")
    store.erase(reference, WHY, "tests")
    assert MARK.encode() not in bytes_of(store)


def test_the_commands_delete_by_reference_or_number_and_say_what_they_did(
    store, url, capsys, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", url)
    one, other, out = (store.add(suggestion(statement=MARK)).reference for _ in range(3))
    number = store.get(other).number
    publish(store, out)
    erase, why = ["reviews", "erase"], ["--because", WHY]
    assert main([*erase, one, "--because", "x" * 100_000]) == 1
    assert "100,000 characters" in capsys.readouterr().err
    assert main([*erase, one, *why]) == 0
    assert f"suggestion {store.get(one).number}" in capsys.readouterr().out
    assert main([*erase, "--number", str(number), *why]) == 0
    assert store.get(other).state is State.ERASED
    assert main([*erase, out, *why]) == 1
    assert "--published" in capsys.readouterr().err
    capsys.readouterr()
    assert main([*erase, out, *why, "--published"]) == 0
    assert "may still stand in the files of data/" in capsys.readouterr().out
    assert MARK not in rows_of(store)
    for wrong, told in (
        (["LRH-2222-2222"], "There is no suggestion"),
        (["--number", "999999"], "There is no suggestion with the number 999999"),
    ):
        assert main([*erase, *wrong, *why]) == 1
        assert told in capsys.readouterr().err
    for wrong in ([one], [one, "--number", "1", *why], ["--number", "0", *why], why):
        with pytest.raises(SystemExit):
            main([*erase, *wrong])


def test_contacts_are_deleted_after_the_days_that_the_privacy_note_promises(
    store, url, capsys, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", url)
    for days in (CONTACT_DAYS - 1, CONTACT_DAYS + 1):
        aged(store, store.add(suggestion(contact="ama@example.org")).reference, days=days)
    assert main(["reviews", "delete-contacts"]) == 0
    assert f"1 suggestion that came more than {CONTACT_DAYS} days ago" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["reviews", "delete-contacts", "--older-than", str(CONTACT_DAYS + 1)])
