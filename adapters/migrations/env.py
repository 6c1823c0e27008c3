"""What Alembic runs: our migrations, on the connection that was handed over."""

from __future__ import annotations

from alembic import context

from adapters.migrations import VERSION_TABLE
from adapters.outside import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
