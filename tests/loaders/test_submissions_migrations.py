"""The tables come from migrations, which lose nothing and may start twice at once."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from evidence.outcomes import EventKind, State
from evidence.submissions import Kind
from loaders.submissions import SuggestionStore
from loaders.submissions.database import database_url, open_engine
from loaders.submissions.migrate import migrate
from loaders.submissions.tables import Base
from tests.loaders.suggested import publish, suggestion

ROOT = Path(__file__).resolve().parents[2]

FIRST_TABLES = """
CREATE TABLE suggestions (
    reference VARCHAR(16) NOT NULL PRIMARY KEY, received_at {moment} NOT NULL,
    once VARCHAR(64) UNIQUE, statement TEXT NOT NULL, source_title TEXT NOT NULL,
    source_url TEXT, disease_area VARCHAR(40), geography_code VARCHAR(40),
    ethnic_group TEXT, notes TEXT);
CREATE TABLE suggestion_contacts (
    reference VARCHAR(16) NOT NULL PRIMARY KEY REFERENCES suggestions (reference),
    contact TEXT NOT NULL);
CREATE TABLE suggestion_events (
    event_id {number} PRIMARY KEY,
    reference VARCHAR(16) NOT NULL REFERENCES suggestions (reference),
    at {moment} NOT NULL, kind VARCHAR(40) NOT NULL, detail TEXT);
CREATE INDEX ix_suggestion_events_reference ON suggestion_events (reference);
INSERT INTO suggestions VALUES ('LRH-2345-6789', '2026-11-01 10:00:00.000000', 'abc',
    'One in five', 'A leaflet', NULL, 'maternity', 'E09000022', 'black', 'Call 07700 900123');
INSERT INTO suggestion_contacts VALUES ('LRH-2345-6789', 'ama@example.org');
INSERT INTO suggestion_events (reference, at, kind, detail)
    VALUES ('LRH-2345-6789', '2026-11-01 10:00:00.000000', 'received', NULL);
"""
"""The tables as SQLAlchemy made them before there were migrations, with a suggestion."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{tmp_path / 'kept.sqlite3'}"


def test_a_database_from_before_there_were_migrations_keeps_everything(url):
    on_sqlite = url.startswith("sqlite")
    tables = FIRST_TABLES.format(
        moment="DATETIME" if on_sqlite else "TIMESTAMP WITH TIME ZONE",
        number="INTEGER NOT NULL" if on_sqlite else "SERIAL",
    )
    with create_engine(database_url(url)).begin() as connection:
        for statement in filter(str.strip, tables.split(";")):
            connection.execute(text(statement))
    store = SuggestionStore(url)
    store.create()
    old = store.get("LRH-2345-6789")
    assert old.suggestion.kind is Kind.STATISTIC
    assert old.suggestion.model_dump(exclude_none=True, mode="json") == {
        "statement": "One in five",
        "source_title": "A leaflet",
        "disease_area": "maternity",
        "geography_code": "E09000022",
        "ethnic_group": "black",
        "notes": "Call 07700 900123",
        "contact": "ama@example.org",
        "kind": "statistic",
    }
    assert [event.kind for event in old.events] == [EventKind.RECEIVED]
    assert old.held == {"notes": ("phone number",)}
    new = store.add(suggestion()).reference
    assert publish(store, new).state is State.PUBLISHED
    assert store.get("LRH-2345-6789") == old


def test_the_migrations_make_exactly_the_tables_that_the_code_reads(url):
    store = SuggestionStore(url)
    store.create()
    store.create()
    with open_engine(store.url).connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert found == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="copies are started where they can fork")
def test_copies_that_start_at_once_make_the_tables_once(url):
    script = """
import os, sys
from loaders.submissions import SuggestionStore
from tests.loaders.suggested import suggestion
children = []
for _ in range(6):
    if (child := os.fork()) == 0:
        store = SuggestionStore(sys.argv[1])
        store.create()
        os.write(1, (store.add(suggestion()).reference + "\\n").encode())
        os._exit(0)
    children.append(child)
sys.exit(max(os.waitpid(child, 0)[1] for child in children))
"""
    ended = subprocess.run(
        [sys.executable, "-c", script, url], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    references = set(ended.stdout.split())
    assert len(references) == 6
    assert {one.receipt.reference for one in SuggestionStore(url).all()} == references


def test_a_migration_that_fails_leaves_nothing_half_done(tmp_path):
    path = tmp_path / "kept.sqlite3"
    engine = open_engine(database_url(f"sqlite:///{path}"))
    migrate(engine, "first_tables")
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE reviewer_links (other TEXT)")
    with pytest.raises(Exception, match="reviewer_links"):
        migrate(engine)
    with sqlite3.connect(path) as raw:
        columns = [row[1] for row in raw.execute("PRAGMA table_info(suggestions)")]
        assert "kind" not in columns
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("first_tables",)
        ]
        raw.execute("DROP TABLE reviewer_links")
    migrate(engine)
    assert SuggestionStore(f"sqlite:///{path}").count() == 0
