"""The tables of the first version: suggestions, contacts and events.

Databases made before there were migrations have these tables already.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "first_tables"
down_revision = None


def _suggestion() -> sa.ForeignKey:
    return sa.ForeignKey("suggestions.reference")


def upgrade() -> None:
    """Make the tables, unless the database was made before there were migrations."""
    if sa.inspect(op.get_bind()).has_table("suggestions"):
        return
    op.create_table(
        "suggestions",
        sa.Column("reference", sa.String(16), primary_key=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(64), unique=True),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("source_title", sa.Text, nullable=False),
        sa.Column("source_url", sa.Text),
        sa.Column("disease_area", sa.String(40)),
        sa.Column("geography_code", sa.String(40)),
        sa.Column("ethnic_group", sa.Text),
        sa.Column("notes", sa.Text),
    )
    op.create_table(
        "suggestion_contacts",
        sa.Column("reference", sa.String(16), _suggestion(), primary_key=True),
        sa.Column("contact", sa.Text, nullable=False),
    )
    op.create_table(
        "suggestion_events",
        sa.Column("event_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "reference",
            sa.String(16),
            _suggestion(),
            nullable=False,
            index=True,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("detail", sa.Text),
    )
