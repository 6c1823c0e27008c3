"""A peer: the eventsourcing library's own recorder, with the same aggregates and no views."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.persistence import (
    ApplicationRecorder,
    JSONTranscoder,
    StoredEvent,
)
from sqlalchemy import make_url

from adapters.log.transcoding import DateAsISO
from adapters.transcodings import transcodings
from domain.model.studio import Studio
from domain.policy.terms import Assessment
from domain.values import Mandate
from tests.bench.town import number_of


class Plain(Application[UUID]):
    """The library as it comes, with the register's events."""

    name = "plain"

    def register_transcodings(self, transcoder: JSONTranscoder) -> None:
        super().register_transcodings(transcoder)
        for transcoding in (DateAsISO(), *transcodings()):
            transcoder.register(transcoding)


def plain(url: str) -> Plain:
    """The library's own SQLite or PostgreSQL recorder on an empty database."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        env = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(parsed.database)}
    else:
        env = {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(parsed.database),
            "POSTGRES_HOST": str(parsed.query.get("host") or parsed.host),
            "POSTGRES_PORT": str(parsed.port or 5432),
            "POSTGRES_USER": str(parsed.username),
            "POSTGRES_PASSWORD": "unused",
        }
    return Plain(env)


def fill(app: Plain, events: Iterable[StoredEvent]) -> int:
    """Copy a log into the library's table; returns how many events."""
    count, batch = 0, []
    for event in events:
        batch.append(event)
        if len(batch) == 500:  # the library fills its pipeline with more and waits for ever
            app.recorder.insert_events(batch)
            count, batch = count + len(batch), []
    if batch:
        app.recorder.insert_events(batch)
    return count + len(batch)


def check_each(
    app: Plain, studios: list[UUID], rule: Assessment, officer: Mandate, *, together: bool
) -> float:
    """Checks a second: load a studio, decide, record; all in one commit if `together`."""
    begin = time.perf_counter()
    loaded = []
    for n, id in enumerate(studios):
        studio: Studio = app.repository.get(id)
        studio.under(replace(officer, request_id=f"library-{n}"))
        studio.check(
            rule,
            number_of(id),
            check=uuid4(),
            year=2024,
            assessor="city",
            grade="qualified",
            findings="台账齐全，按计划完成两项攻关课题",
            evidence=[],
            due_on=date(2024, 12, 31),
            received_on=date(2024, 12, 20),
        )
        if together:
            loaded.append(studio)
        else:
            app.save(studio)
    if together:
        app.save(*loaded)
    return len(studios) / (time.perf_counter() - begin)


def read_and_decode(app: Plain) -> float:
    """Events a second that the library reads and decodes, doing nothing with them."""
    begin, count, start = time.perf_counter(), 0, 1
    recorder: ApplicationRecorder = app.recorder
    while True:
        found = recorder.select_notifications(start, 5_000)
        for notification in found:
            app.mapper.to_domain_event(notification)
        count += len(found)
        if len(found) < 5_000:
            return count / (time.perf_counter() - begin)
        start = found[-1].id + 1
