"""The first tables outside the log: passwords, tokens, the setup link, answers, uploads of evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "passwords",
        sa.Column("account", sa.Uuid, primary_key=True),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("changed_at", sa.Text, nullable=False),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        sa.Column("account", sa.Uuid, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text),
        sa.Column("revoked_at", sa.Text),
    )
    op.create_table(
        "setup_links",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("created_at", sa.Text, nullable=False),
    )
    op.create_table(
        "answers",
        sa.Column("request_id", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Text, nullable=False, index=True),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.Text),
    )
    _uploads()


def _uploads() -> None:
    op.create_table(
        "evidence_uploads",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("account", sa.Uuid),
        sa.Column("organisation", sa.Uuid),
        sa.Column("at", sa.Text, nullable=False),
    )
