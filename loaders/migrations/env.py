"""Runs the migrations on the connection that :mod:`loaders.submissions.migrate` opened.

The caller's transaction is used, so that a migration that fails leaves nothing half done, on
SQLite too.
"""

from __future__ import annotations

from alembic import context

from loaders.submissions.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
