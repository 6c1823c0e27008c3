"""How a process dies at a point that is the same each time: counted in the database's own steps and commits."""

from __future__ import annotations

import os
import signal
import sqlite3
from typing import Any

from sqlalchemy import Engine, event

from tests.simulation.plan import Death

STRIDE = 1000
"""So many instructions of SQLite's machine are one step."""


class Reaper:
    """Counts what this process does, and ends it where it is to die."""

    def __init__(self, death: Death | None) -> None:
        self.death = death
        self.counts = {"steps": 0, "commits": 0}
        self._armed = False
        self._towards = 0
        event.listen(Engine, "connect", self._connected)
        event.listen(Engine, "begin", self._passed)
        event.listen(Engine, "commit", self._passed)
        event.listen(Engine, "checkin", self._passed)

    def begin(self, number: int) -> None:
        """A looking begins, and with it the count; towards death it goes on until that comes."""
        self.counts = {"steps": 0, "commits": 0}
        self._armed = self.death is not None and number >= self.death.number

    def _connected(self, connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_progress_handler(self._stepped, STRIDE)

    def _stepped(self) -> int:
        self._count("steps")
        return 0

    def _passed(self, *_: object) -> None:
        self._count("commits")

    def _count(self, what: str) -> None:
        self.counts[what] += 1
        death = self.death if self._armed else None
        if death is not None and what == death.of:
            self._towards += 1
            if self._towards > death.after:
                os.kill(os.getpid(), signal.SIGKILL)


def hurry(engine: Engine) -> None:
    """Let commits not wait for the disk: a killed process loses nothing by it, only a machine would."""

    def switch(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    event.listen(engine, "connect", switch)
    engine.dispose()
