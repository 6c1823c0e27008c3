"""The whole verification: events decoded, files compared, an empty house, and an auditor's copy."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import JSONTranscoder, StoredEvent
from sqlalchemy import Engine

from adapters.bootstrap import build
from adapters.log.engine import create_engine
from adapters.log.factory import LogFactory
from adapters.log.notes import InvalidNote
from adapters.log.recorder import LogRecorder
from adapters.log.stores import open_store
from adapters.settings import Settings
from adapters.transcodings import transcodings
from adapters.trust.attachments import evidence_in
from adapters.trust.notary import open_notary
from adapters.trust.succession import WrongKey
from adapters.trust.verify import Premises, verify, verify_house
from domain.values import Actor, Evidence, Mandate, Role

TEXTS = [b"contract", b"receipt", b"photograph"]


def reference(text: bytes) -> Evidence:
    return Evidence(hashlib.sha256(text).hexdigest(), "a.pdf", len(text), "application/pdf")


class Case(Aggregate):
    """A record whose events refer to files."""

    TOPIC = "trust_test.case"

    class Event(Aggregate.Event):
        TOPIC = "trust_test.case.event"

    class Created(Event, Aggregate.Created):
        TOPIC = "trust_test.case.created"

    class Filed(Event):
        TOPIC = "trust_test.case.filed"
        evidence: list[Evidence]
        letter: Evidence | None

    @event(Filed)
    def file(self, evidence: list[Evidence], letter: Evidence | None) -> None:
        pass


class Cases(Application[UUID]):
    name = "cases"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        super().__init__()

    def construct_factory(self, env: Any) -> LogFactory:
        return LogFactory(engine=self._engine)

    def register_transcodings(self, transcoder: JSONTranscoder) -> None:
        super().register_transcodings(transcoder)
        for transcoding in transcodings():
            transcoder.register(transcoding)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Premises]:
    """A log of two records with six events, and the three files they refer to."""
    engine = create_engine(database_url)
    cases = Cases(engine)
    files = [reference(text) for text in TEXTS]
    first, second = Case(), Case()
    cases.save(first, second)
    first.file(evidence=files[:2], letter=None)
    cases.save(first)
    second.file(evidence=[], letter=files[2])
    second.file(evidence=[files[0]], letter=files[2])
    cases.save(second)
    for text, file in zip(TEXTS, files, strict=True):
        path = tmp_path / "evidence" / file.sha256[:2] / file.sha256[2:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    yield Premises(engine, mapper=cases.mapper, evidence=tmp_path / "evidence")
    engine.dispose()


def file_of(place: Premises, text: bytes) -> Path:
    assert place.evidence is not None
    sha256 = reference(text).sha256
    return place.evidence / sha256[:2] / sha256[2:]


def found(place: Premises) -> list[tuple[str, int | None]]:
    return [(fault.part, fault.first) for fault in verify(place).faults]


def test_events_and_files_are_verified_together(place: Premises) -> None:
    report = verify(place)
    assert (report.ok, report.size, report.evidence, report.checkpoints) == (True, 5, 3, 0)
    assert report.lines()[0] == "核验通过：5 条记录、0 个检查点、3 个附件"


def test_a_changed_file_is_named_with_the_first_event_that_refers_to_it(place: Premises) -> None:
    file_of(place, b"photograph").write_bytes(b"photographs")
    assert found(place) == [("evidence", 4)]
    file_of(place, b"receipt").write_bytes(b"Receipt")
    assert found(place) == [("evidence", 3), ("evidence", 4)]
    assert verify(place, evidence=False).ok


def test_a_missing_file_is_named(place: Premises) -> None:
    file_of(place, b"contract").unlink()
    report = verify(place)
    assert [(fault.part, fault.first) for fault in report.faults] == [("evidence", 3)]
    assert report.lines()[0] == "核验未通过，第一处在第 3 条"
    assert report.as_dict()["first"] == 3


def test_an_event_that_nobody_can_read_any_more_is_named(place: Premises) -> None:
    unknown = StoredEvent(UUID(int=1), 1, "trust_test.nobody", b"{}")
    broken = StoredEvent(UUID(int=2), 1, "trust_test.case.filed", b"{")
    LogRecorder(place.engine).insert_events([unknown, broken])
    assert found(place) == [("event", 6)]


def test_a_version_that_was_left_out_is_named(place: Premises) -> None:
    late = StoredEvent(UUID(int=1), 3, "trust_test.case.created", b"{}")
    LogRecorder(place.engine).insert_events([late])
    assert ("stream", 6) in found(replace(place, mapper=None))


def test_references_are_found_however_deep() -> None:
    files = [reference(text) for text in TEXTS]
    value = {"a": [files[0], {"b": (files[1],)}], "c": Actor(None, None), "d": {"e": files[2]}}
    assert list(evidence_in(value)) == files


def test_an_empty_house_is_sound(tmp_path: Path) -> None:
    house = build(Settings.at(tmp_path / "home"))
    assert verify_house(house).ok
    house.close()


def test_a_house_is_verified_with_all_it_has(tmp_path: Path) -> None:
    settings = Settings.at(tmp_path / "home", origin="register.example/city")
    house = build(settings)
    for n in range(5):
        mandate = Mandate(
            Actor(None, None, "setup"), Role.RULE, datetime(2026, 1, 1, tzinfo=UTC), f"setup-{n}"
        )
        house.register.directory.found(mandate, name="某市总工会", code=f"{n}")
    notary = open_notary(settings, house.engine)
    note = notary.checkpoint()
    report = verify_house(house, checkpoint=note, vkey=notary.vkey())
    assert (report.ok, report.size, report.checkpoints, report.outside) == (True, 5, 1, 5)
    assert report.vkey == notary.vkey()
    notary.close()
    house.close()


def test_an_auditor_with_a_copy_and_the_public_key_needs_no_private_one(
    place: Premises, tmp_path: Path
) -> None:
    settings = Settings.at(tmp_path / "home", origin="register.example/city")
    notary = open_notary(settings, place.engine)
    note, vkey = notary.checkpoint(), notary.vkey()
    copy = replace(
        place,
        store=open_store(settings.checkpoints_url),
        key_file=tmp_path / "nowhere" / "signing.key",
    )
    report = verify(copy, checkpoint=note, vkey=vkey)
    assert (report.ok, report.checkpoints, report.outside) == (True, 1, 5)
    assert [fault.part for fault in verify(copy).faults] == ["checkpoint"]
    with pytest.raises(InvalidNote):
        verify(replace(copy, key_file=None), checkpoint=note)
    notary.close()


def test_a_checkpoint_or_a_key_that_is_no_good_is_refused_before_anything_is_read(
    place: Premises, tmp_path: Path
) -> None:
    notary = open_notary(Settings.at(tmp_path / "a", origin="a.example/log"), place.engine)
    other = open_notary(Settings.at(tmp_path / "b", origin="a.example/log"), place.engine)
    with pytest.raises(WrongKey):
        verify(place, checkpoint=other.checkpoint(), vkey=notary.vkey())
    with pytest.raises(InvalidNote):
        verify(place, checkpoint=b"nonsense", vkey=notary.vkey())
    with pytest.raises(InvalidNote):
        verify(place, vkey="nonsense")
