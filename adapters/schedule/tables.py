"""Tables of the scheduler: the lease, the runs, the heartbeat, and the times when nobody was there."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.outside import METADATA

leases = sa.Table(
    "leases",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text),
    sa.Column("fence", sa.BigInteger, nullable=False),
    sa.Column("beat", sa.BigInteger, nullable=False),
)
"""Who may act. fence grows with each holder; beat with each sign of life."""

job_runs = sa.Table(
    "job_runs",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("job", sa.Text, nullable=False),
    sa.Column("now", sa.Text, nullable=False),
    sa.Column("started_at", sa.Text, nullable=False),
    sa.Column("ended_at", sa.Text),
    sa.Column("done", sa.Text),
    sa.Column("errors", sa.Text),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("fence", sa.BigInteger),
    sa.Index("job_runs_job", "job", "id"),
)
"""One row a run. now: the moment it looked at; done: JSON, what → how many; errors: JSON list of texts.
A run without an end was cut off."""

heartbeats = sa.Table(
    "heartbeats",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
)

outages = sa.Table(
    "outages",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("begins", sa.Text, nullable=False, unique=True),
    sa.Column("ends", sa.Text, nullable=False),
)
"""Times when the service was not there, as the gap between two heartbeats."""
