"""The table of what a person's calendar was told, by which its next answer knows what changed."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.outside import METADATA

feed_entries = sa.Table(
    "feed_entries",
    METADATA,
    sa.Column("account", sa.Uuid, primary_key=True),
    sa.Column("uid", sa.Text, primary_key=True),
    sa.Column("entry", sa.Text, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("changed_at", sa.Text, nullable=False),
    sa.Column("cancelled", sa.Boolean, nullable=False),
)
"""One row an entry that the calendar at an account's address knows. entry: JSON, as it was told last;
sequence: how often it changed since it was first told; changed_at: when that was last; cancelled: whether
it is told to be off."""
