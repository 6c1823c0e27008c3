"""Fixtures for everybody: an empty database of each kind, made anew for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.databases import Postgres, start_postgres

# A slow machine is no bug: what is generated is bounded by count, not by time.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One PostgreSQL server for this process (with -n, one per worker), started when first asked for."""
    with start_postgres(durable=False) as server:
        yield server


@pytest.fixture
def postgresql_url(postgres_server: Postgres) -> Iterator[str]:
    """SQLAlchemy URL of an empty PostgreSQL database; it is dropped after the test."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """SQLAlchemy URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'mingpai.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy URL of an empty database: the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
