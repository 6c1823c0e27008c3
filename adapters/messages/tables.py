"""Tables of how messages go out: by what ways people and federations are reached, and what became of each."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.outside import METADATA

contacts = sa.Table(
    "contacts",
    METADATA,
    sa.Column("account", sa.Uuid, primary_key=True),
    sa.Column("email", sa.Text),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("mail", sa.Text, nullable=False),
    sa.Column("muted", sa.Text, nullable=False),
    sa.Column("feed_hash", sa.Text, unique=True),
    sa.Column("feed_made_at", sa.Text),
    sa.Column("updated_at", sa.Text, nullable=False),
)
"""How an account wants to be reached. email: a sealed token under the account's key; language: zh or en;
mail: each, daily or off; muted: JSON list of kinds that come to the inbox only; feed_hash: SHA-256 of
the secret in the address of the person's calendar."""

endpoints = sa.Table(
    "endpoints",
    METADATA,
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
"""Addresses of other programs. form: webhook, wecom, dingtalk or feishu; secret: sealed at rest; kinds:
JSON list of message kinds ("*" for all); topics: JSON list of event topics ("*", "studio.*" or exact);
cursor: the last position of the log that was looked at for it."""

deliveries = sa.Table(
    "deliveries",
    METADATA,
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
    sa.Index("deliveries_due", "state", "next_at"),
    sa.Index("deliveries_target", "target", "made_at"),
)
"""One message, or one event of the log, on one way to one target (an account or an endpoint). channel: mail,
digest, or the endpoint's form; state: waiting, gathered (into a digest),
sent, dead or dropped; answer: the receiver's status;
digest: the mail that several went out in."""
