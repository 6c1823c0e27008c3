"""Tables of what happens because time passes: messages and their ways out, the lease, runs, outages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _messages()
    _contacts()
    _endpoints()
    _deliveries()
    _schedule()


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("federation", sa.Uuid, nullable=False),
        sa.Column("organisation", sa.Uuid, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("due_on", sa.Text),
        sa.Column("step", sa.Text),
        sa.Column("moment", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("spread_at", sa.Text),
    )
    op.create_index("messages_of", "messages", ["organisation", "role", "created_at"])
    op.create_index("messages_thread", "messages", ["thread"])
    unspread = sa.text("spread_at IS NULL")
    op.create_index(
        "messages_unspread",
        "messages",
        ["created_at"],
        sqlite_where=unspread,
        postgresql_where=unspread,
    )
    op.create_table(
        "message_reads",
        sa.Column("message", sa.Uuid, primary_key=True),
        sa.Column("account", sa.Uuid, primary_key=True),
        sa.Column("read_at", sa.Text, nullable=False),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("account", sa.Uuid, primary_key=True),
        sa.Column("email", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("mail", sa.Text, nullable=False),
        sa.Column("muted", sa.Text, nullable=False),
        sa.Column("feed_hash", sa.Text, unique=True),
        sa.Column("feed_made_at", sa.Text),
        sa.Column("updated_at", sa.Text, nullable=False),
    )
    op.create_table(
        "feed_entries",
        sa.Column("account", sa.Uuid, primary_key=True),
        sa.Column("uid", sa.Text, primary_key=True),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.Text, nullable=False),
        sa.Column("cancelled", sa.Boolean, nullable=False),
    )


def _endpoints() -> None:
    op.create_table(
        "endpoints",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("federation", sa.Uuid, nullable=False, index=True),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secret", sa.Text),
        sa.Column("kinds", sa.Text, nullable=False),
        sa.Column("topics", sa.Text, nullable=False),
        sa.Column("cursor", sa.BigInteger, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("made_by", sa.Uuid),
        sa.Column("made_at", sa.Text, nullable=False),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("message", sa.Uuid),
        sa.Column("position", sa.BigInteger),
        sa.Column("topic", sa.Text),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("target", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.Text),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("digest", sa.Uuid),
        sa.UniqueConstraint("message", "channel", "target", name="deliveries_message"),
        sa.UniqueConstraint("position", "target", name="deliveries_position"),
    )
    op.create_index("deliveries_due", "deliveries", ["state", "next_at"])
    op.create_index("deliveries_target", "deliveries", ["target", "made_at"])


def _schedule() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("beat", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "job_runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("now", sa.Text, nullable=False),
        sa.Column("started_at", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text),
        sa.Column("done", sa.Text),
        sa.Column("errors", sa.Text),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("fence", sa.BigInteger),
    )
    op.create_index("job_runs_job", "job_runs", ["job", "id"])
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "outages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("begins", sa.Text, nullable=False, unique=True),
        sa.Column("ends", sa.Text, nullable=False),
    )
