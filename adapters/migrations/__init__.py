"""Migrations of the tables outside the log, run by Alembic when the application starts.

To change such a table: change its definition, add a module to `versions` with the next number, and raise HEAD. The
log's own tables and the views are not here: the log never changes its form, and the views are refolded from it.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

HEAD = "0002"
VERSION_TABLE = "outside_version"


def migrate(connection: Connection) -> None:
    """Bring the tables up to HEAD, in the transaction of the connection."""
    if at(connection) == HEAD:
        return
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def at(connection: Connection) -> str | None:
    """The version that the tables are at, None before there are any."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    version = sa.table(VERSION_TABLE, sa.column("version_num"))
    found: str | None = connection.execute(sa.select(version.c.version_num)).scalar()
    return found
