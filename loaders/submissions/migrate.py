"""Bringing the tables of the suggestions database up to date, by Alembic's migrations.

Two copies of the app that start at once take turns: the second finds nothing left to do.
"""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from loaders.submissions.database import writing

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
"""The folder of the migrations."""

_ALEMBIC = threading.Lock()
"""Alembic runs one migration at a time in a process."""


def migrate(engine: Engine, to: str = "head") -> None:
    """Run every migration that the database has not had yet, as one transaction."""
    with _ALEMBIC, writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, to)
