"""A database of suggestions, opened: how it is reached, made, and written to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from evidence.review import Rules
from loaders.submissions.database import (
    StoreUnavailableError,
    database_url,
    default_url,
    open_engine,
    rules_from_environment,
    writing,
)
from loaders.submissions.limits import files_limit
from loaders.submissions.migrate import migrate


class Database:
    """A database of suggestions.

    Parameters
    ----------
    url
        A SQLAlchemy address; :func:`default_url` where none is given. Nothing is opened before
        the first use.
    rules
        How many reviewers must accept; :func:`rules_from_environment` where none are given.

    Raises
    ------
    StoreUnavailableError
        If the address or its driver is not known here; and, from each method, if the database
        can't be reached, read or written.
    """

    def __init__(self, url: str | URL | None = None, rules: Rules | None = None) -> None:
        self.url = default_url() if url is None else database_url(url)
        self.rules = rules or rules_from_environment()
        self._files_limit = files_limit()
        try:
            self._engine = open_engine(self.url)
        except (SQLAlchemyError, NoSuchModuleError, ImportError) as error:
            raise StoreUnavailableError(
                f"A {self.url.drivername} database can't be opened on this machine: {error}"
            ) from error

    def create(self) -> None:
        """Bring the tables up to date, and make the folder of an SQLite file where it lacks."""
        with self._telling_trouble():
            if self.url.get_backend_name() == "sqlite" and self.url.database:
                Path(self.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            migrate(self._engine)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with writing(self._engine) as connection, Session(connection) as session:
            yield session
            session.flush()

    @contextmanager
    def _telling_trouble(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            where = self.url.render_as_string(hide_password=True)
            raise StoreUnavailableError(
                f"The suggestions database {where} can't be used: {error}"
            ) from error
