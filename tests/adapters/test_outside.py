"""The tables outside the log: what the migrations make is what the code expects."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

# They define their tables.
import adapters.answers
import adapters.credentials
import adapters.evidence
import adapters.feeds.tables
import adapters.messages.outbox
import adapters.messages.tables
import adapters.schedule.tables
from adapters import migrations
from adapters.log.engine import create_engine
from adapters.outside import METADATA, ensure

OURS = (
    adapters.answers,
    adapters.credentials,
    adapters.evidence,
    adapters.feeds.tables,
    adapters.messages.outbox,
    adapters.messages.tables,
    adapters.schedule.tables,
)


def test_the_migrations_make_the_tables_that_the_code_defines(database_url: str) -> None:
    engine = create_engine(database_url)
    ensure(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": migrations.VERSION_TABLE}
        )
        assert compare_metadata(context, METADATA) == []
        assert migrations.at(connection) == migrations.HEAD
    assert len(METADATA.tables) >= len(OURS)
    engine.dispose()


def test_the_last_migration_is_the_one_that_is_called_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_many_may_begin_at_once(database_url: str) -> None:
    engines = [create_engine(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as crowd:
        assert list(crowd.map(ensure, engines)) == [None] * 4
    for engine in engines:
        engine.dispose()
