"""Kinds of suggestion, who took each step, files, what is published, and links for reviewers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "review"
down_revision = "first_tables"


def _suggestion() -> sa.ForeignKey:
    return sa.ForeignKey("suggestions.reference")


def upgrade() -> None:
    """Add columns and tables; nothing that is there is changed."""
    kind = sa.Column("kind", sa.String(20), nullable=False, server_default="statistic")
    op.add_column("suggestions", kind)
    op.add_column("suggestions", sa.Column("figure_id", sa.String(200)))
    op.create_index("ix_suggestions_figure_id", "suggestions", ["figure_id"])
    for name in ("should_say", "method", "run_by", "outcomes", "period"):
        op.add_column("suggestions", sa.Column(name, sa.Text))
    role = sa.Column("role", sa.String(20), nullable=False, server_default="sender")
    op.add_column("suggestion_events", role)
    op.add_column("suggestion_events", sa.Column("who", sa.String(254)))
    op.add_column("suggestion_events", sa.Column("content", sa.Text))
    op.create_table(
        "suggestion_attachments",
        sa.Column("reference", sa.String(16), _suggestion(), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "published",
        sa.Column(
            "event_id",
            sa.Integer,
            sa.ForeignKey("suggestion_events.event_id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column(
            "reference",
            sa.String(16),
            _suggestion(),
            nullable=False,
            index=True,
        ),
        sa.Column("publication", sa.Text, nullable=False),
    )
    op.create_table(
        "reviewer_links",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("reviewer", sa.String(254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
    )
