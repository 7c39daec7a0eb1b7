"""Which database suggestions lie in, how it is opened, and how it is written to.

SQLite, in ``var/suggestions.sqlite3``, unless ``DATABASE_URL`` names another database. Writers
take turns on both kinds of database, so that the numbers of events are in the order in which the
events became visible: who has seen event 12 has seen every event before it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from evidence.review import Rules

SQLITE_FILE = Path(__file__).resolve().parents[2] / "var" / "suggestions.sqlite3"
"""The database where nothing else is named. The folder is made when it is first needed."""

BUSY_SECONDS = 30
"""How long a writer waits for another one before it gives up."""

WRITERS = 730_401
"""The number of the lock by which writers on PostgreSQL take turns; no meaning."""


class StoreUnavailableError(RuntimeError):
    """The database can't be reached, read or written; what was being added has no receipt."""


def default_url() -> URL:
    """The address of the database: ``DATABASE_URL``, or the SQLite file of this project.

    ``postgres://`` and ``postgresql://``, as hosting services write them, are opened with
    psycopg 3.

    Raises
    ------
    StoreUnavailableError
        If ``DATABASE_URL`` is not the address of a database.
    """
    return database_url(os.environ.get("DATABASE_URL") or f"sqlite:///{SQLITE_FILE}")


def rules_from_environment() -> Rules:
    """How many reviewers must accept: ``REVIEWERS_NEEDED``, 1 where nothing is set.

    Raises
    ------
    StoreUnavailableError
        If it is neither 1 nor 2.
    """
    needed = os.environ.get("REVIEWERS_NEEDED") or "1"
    if needed not in {"1", "2"}:
        raise StoreUnavailableError("REVIEWERS_NEEDED is how many must accept: write 1 or 2.")
    return Rules(reviewers=int(needed))


def database_url(url: str | URL) -> URL:
    """An address as SQLAlchemy reads it; raises as :func:`default_url`."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreUnavailableError(
            "DATABASE_URL is not the address of a database. It should look like "
            "postgresql://user:password@host/name or sqlite:////folder/file.sqlite3."
        ) from None
    if address.drivername in {"postgres", "postgresql"}:
        address = address.set(drivername="postgresql+psycopg")
    return address


def open_engine(url: URL) -> Engine:
    """The engine of a database; nothing is opened before the first use."""
    # Errors go to the log, and a log must not hold what people sent: no parameters in them.
    if url.get_backend_name() != "sqlite":
        # Whoever has waited for their turn to write sees what was written before it.
        return create_engine(
            url, pool_pre_ping=True, hide_parameters=True, isolation_level="READ COMMITTED"
        )
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: it waits for its turn, and is on disk once this ends."""
    with engine.connect() as opened:
        connection = opened.execution_options(writes=True)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITERS})
            yield connection


def _durable(connection: sqlite3.Connection, record: Any) -> None:
    """Make each commit of an SQLite file wait for the disk, and readers not wait for writers."""
    # Python's driver would begin transactions by itself, and not before a change of tables.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is deleted is written over with zeros.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin on SQLite: a writer takes its turn at once, so that it never has to give up later."""
    options = connection.get_execution_options()
    if options.get("alone"):
        return  # for what SQLite does outside a transaction alone
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")
