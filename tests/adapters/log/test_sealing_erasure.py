"""Erasing a person: the key is destroyed, and nothing brings it back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, create_engine, event, text

from adapters.log.keystore import KeyLost, KeyStore
from adapters.log.sealing import Sealer
from adapters.log.stores import open_store
from domain.errors import Refused
from domain.sealed import Sealed
from tests.adapters.log.people import ANNA, AT, BERT, MASTER, PHONE, make


@pytest.fixture
def sealer(database_url: str) -> Sealer:
    return make(database_url)


def test_after_destroying_nothing_is_revealed_and_nothing_raised(sealer: Sealer) -> None:
    phone, email = sealer.seal(ANNA, "phone", PHONE), sealer.seal(ANNA, "email", "a@example.com")
    other = sealer.seal(BERT, "phone", "kept")
    sealer.destroy(ANNA)
    assert [sealer.reveal(phone), sealer.reveal(email), sealer.reveal(other)] == [
        None,
        None,
        "kept",
    ]
    assert sealer.reveal(replace(phone, token="whatever")) is None
    assert (sealer.erased_at(ANNA), sealer.erased_at(BERT)) == (AT, None)


def test_a_destroyed_key_is_never_made_again(sealer: Sealer) -> None:
    sealed = sealer.seal(ANNA, "phone", PHONE)
    sealer.destroy(ANNA)
    with pytest.raises(Refused) as refusal:
        sealer.seal(ANNA, "phone", PHONE)
    assert refusal.value.code == "subject_erased"
    sealer.create_all([ANNA])
    with pytest.raises(Refused):
        sealer.seal(ANNA, "phone", PHONE)
    assert sealer.reveal(sealed) is None


def test_destroying_may_be_repeated_and_may_come_first(sealer: Sealer) -> None:
    assert sealer.destroy_all([ANNA, BERT, ANNA]) == 2
    assert sealer.destroy_all([ANNA, BERT]) == 0
    assert sealer.destroy_all([]) == 0
    sealer.create_all([])
    with pytest.raises(Refused):
        sealer.seal(BERT, "phone", PHONE)


def test_destroying_is_seen_by_other_processes(database_url: str) -> None:
    ours, theirs = make(database_url), make(database_url)
    sealed = ours.seal(ANNA, "phone", PHONE)
    assert theirs.reveal(sealed) == PHONE
    ours.destroy(ANNA)
    assert theirs.reveal(sealed) is None


def test_a_key_lost_without_being_destroyed_is_reported(sealer: Sealer, tmp_path: Path) -> None:
    sealed = sealer.seal(ANNA, "phone", PHONE)
    with pytest.raises(KeyLost):
        make(f"sqlite:///{tmp_path / 'empty'}").reveal(sealed)


def test_the_key_is_on_disk_before_the_token_is_handed_out(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'keys.sqlite'}"
    script = f"""
import os
from tests.adapters.log.people import ANNA, PHONE, make
print(make({url!r}).seal(ANNA, "phone", PHONE).token, end="", flush=True)
os._exit(9)
"""
    root = Path(__file__).parents[3]
    died = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=False,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        text=True,
    )
    assert died.returncode == 9, died.stderr
    assert make(url).reveal(Sealed(ANNA, "phone", died.stdout)) == PHONE


def test_when_the_key_cannot_be_saved_nothing_is_sealed(database_url: str) -> None:
    engine = open_store(database_url)
    sealer = Sealer(KeyStore(engine, lambda: [MASTER]))

    def fail(_connection: Connection) -> None:
        raise OSError(5, "the disk is gone")

    event.listen(engine, "commit", fail)
    with pytest.raises(OSError, match="disk"):
        sealer.seal(ANNA, "phone", PHONE)
    event.remove(engine, "commit", fail)
    assert sealer.reveal(sealer.seal(ANNA, "phone", PHONE)) == PHONE


def test_when_destroying_fails_the_person_stays_readable(database_url: str) -> None:
    engine = open_store(database_url)
    sealer = Sealer(KeyStore(engine, lambda: [MASTER]), fresh=0.0)
    sealed = sealer.seal(ANNA, "phone", PHONE)

    def fail(_connection: Connection) -> None:
        raise OSError(5, "the disk is gone")

    event.listen(engine, "commit", fail)
    with pytest.raises(OSError, match="disk"):
        sealer.destroy(ANNA)
    event.remove(engine, "commit", fail)
    assert (sealer.reveal(sealed), sealer.erased_at(ANNA)) == (PHONE, None)


def test_an_old_copy_of_the_events_brings_nobody_back(tmp_path: Path) -> None:
    sealer = make(f"sqlite:///{tmp_path / 'keys.sqlite'}")
    events = tmp_path / "events.sqlite"
    with sqlite3.connect(events) as connection:
        connection.execute("CREATE TABLE events (state TEXT)")
        token = sealer.seal(ANNA, "phone", PHONE).token
        connection.execute("INSERT INTO events VALUES (?)", (token,))
    connection.close()
    shutil.copy(events, tmp_path / "backup.sqlite")
    sealer.destroy(ANNA)
    events.unlink()
    shutil.copy(tmp_path / "backup.sqlite", events)
    with sqlite3.connect(events) as connection:
        [(restored,)] = connection.execute("SELECT state FROM events")
    connection.close()
    assert restored == token
    for reader in (sealer, make(f"sqlite:///{tmp_path / 'keys.sqlite'}")):
        assert reader.reveal(Sealed(ANNA, "phone", restored)) is None


def test_an_old_copy_of_the_keys_is_put_right_from_the_log(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite"
    sealer = make(f"sqlite:///{path}")
    sealed = sealer.seal(ANNA, "phone", PHONE)
    shutil.copy(path, tmp_path / "backup.sqlite")
    sealer.destroy(ANNA)
    restored = make(f"sqlite:///{tmp_path / 'backup.sqlite'}")
    assert restored.destroy_all([ANNA]) == 1
    assert restored.reveal(sealed) is None


def test_no_byte_of_a_destroyed_key_stays_in_any_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'keys.sqlite'}"
    sealer = make(url)
    people = [uuid4() for _ in range(300)]
    sealer.create_all(people)
    wrapped = {}
    with sqlite3.connect(tmp_path / "keys.sqlite") as connection:
        for subject, blob in connection.execute("SELECT subject, wrapped FROM person_keys"):
            wrapped[UUID(hex=subject)] = blob
    connection.close()

    def found(blob: bytes) -> bool:
        return any(blob[12:44] in file.read_bytes() for file in tmp_path.iterdir())

    gone = people[::3]
    assert all(found(wrapped[person]) for person in people)
    sealer.destroy_all(gone)
    assert not any(found(wrapped[person]) for person in gone)
    assert all(found(wrapped[person]) for person in people if person not in gone)


def test_postgresql_keeps_no_dead_row_of_a_destroyed_key(postgresql_url: str) -> None:
    sealer = make(postgresql_url)
    sealer.create_all([ANNA, BERT])
    sealer.destroy(ANNA)
    engine = create_engine(postgresql_url)
    with engine.connect() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pageinspect"))
        tuples = connection.execute(
            text("SELECT lp_flags FROM heap_page_items(get_raw_page('person_keys', 0))")
        ).scalars()
        assert sorted(flag for flag in tuples if flag == 1) == [1, 1]
    engine.dispose()


def test_many_threads_may_seal_reveal_and_destroy_at_once(database_url: str) -> None:
    sealer = make(database_url, fresh=0.01)
    people = [uuid4() for _ in range(12)]
    gate, failures = threading.Barrier(6), []

    def work(number: int) -> None:
        gate.wait()
        for person in people:
            try:
                sealed = sealer.seal(person, "phone", PHONE)
            except Refused:
                continue
            if sealer.reveal(sealed) not in {PHONE, None}:
                failures.append("wrong words")
            if number == 0 and person in people[::2]:
                sealer.destroy(person)
                if sealer.reveal(sealed) is not None:
                    failures.append("revealed after destroying")

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(work, number) for number in range(6)]:
            done.result()
    assert failures == []
    assert [sealer.erased_at(person) is None for person in people] == [False, True] * 6
