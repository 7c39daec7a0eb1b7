"""Links of reviewers can be revoked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "revoked_links"
down_revision = "review"


def upgrade() -> None:
    """Add a column; nothing that is there is changed."""
    op.add_column("reviewer_links", sa.Column("revoked_at", sa.DateTime(timezone=True)))
