"""eventsourcing's own conformance suites for recorders, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from eventsourcing.tests import persistence as suites

from adapters.log import tables
from adapters.log.engine import create_engine
from adapters.log.recorder import LogRecorder


class OnSQLite:
    @pytest.fixture(autouse=True)
    def _database(self, sqlite_url: str) -> Iterator[None]:
        self.engine = create_engine(sqlite_url)
        yield
        self.engine.dispose()

    def create_recorder(self) -> LogRecorder:
        tables.create(self.engine)
        return LogRecorder(self.engine)


class OnPostgreSQL(OnSQLite):
    @pytest.fixture(autouse=True)
    def _database(self, postgresql_url: str) -> Iterator[None]:
        self.engine = create_engine(postgresql_url)
        yield
        self.engine.dispose()


class Application(suites.ApplicationRecorderTestCase[LogRecorder]):
    __test__ = False

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestApplicationOnSQLite(OnSQLite, Application):
    __test__ = True


class TestApplicationOnPostgreSQL(OnPostgreSQL, Application):
    __test__ = True


class TestNonInterleavingOnSQLite(OnSQLite, suites.NonInterleavingNotificationIDsBaseCase):
    pass


class TestNonInterleavingOnPostgreSQL(OnPostgreSQL, suites.NonInterleavingNotificationIDsBaseCase):
    pass
