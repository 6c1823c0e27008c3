"""The store of people's keys: private, durable, and under one master key at a time."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.log import keys
from adapters.log.keystore import KeyLost, KeyStore, WrongMaster
from adapters.log.sealing import Sealer, open_sealer, rotate_master_file
from adapters.log.stores import open_store
from tests.adapters.log.people import ANNA, BERT, MASTER, OTHER, PHONE, make


def test_the_store_is_private_to_its_owner(tmp_path: Path) -> None:
    make(f"sqlite:///{tmp_path / 'new' / 'keys.sqlite'}").seal(ANNA, "phone", PHONE)
    assert (tmp_path / "new" / "keys.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_store_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "keys.sqlite").touch(mode=0o644)
    open_store(f"sqlite:///{tmp_path / 'keys.sqlite'}")
    assert (tmp_path / "keys.sqlite").stat().st_mode & 0o777 == 0o600


def test_the_master_key_is_made_for_a_new_store_only(database_url: str, tmp_path: Path) -> None:
    path, engine = tmp_path / "master.key", open_store(database_url)
    with pytest.raises(keys.UnsafeKeyFile):
        open_sealer(engine, path)
    sealed = open_sealer(engine, path, create=True).seal(ANNA, "phone", PHONE)
    assert open_sealer(engine, path, create=True).reveal(sealed) == PHONE
    path.unlink()
    with pytest.raises(keys.UnsafeKeyFile):
        open_sealer(engine, path, create=True)
    assert not path.exists()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_a_store_that_would_forget_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="store"):
        open_store(url)


def test_a_new_master_key_opens_all_and_the_old_one_nothing(database_url: str) -> None:
    sealer = make(database_url)
    people = [uuid4() for _ in range(1100)]
    sealer.create_all(people)
    tokens = [sealer.seal(person, "phone", str(n)) for n, person in enumerate(people)]
    sealer.destroy(people[7])
    assert sealer.rotate_master(OTHER) == 1099
    assert sealer.rotate_master(OTHER) == 0
    expected = [str(n) if n != 7 else None for n in range(1100)]
    assert [sealer.reveal(sealed) for sealed in tokens] == expected
    fresh = make(database_url, OTHER)
    assert [fresh.reveal(sealed) for sealed in tokens] == expected
    with pytest.raises(WrongMaster):
        make(database_url, MASTER)


def test_a_failed_rotation_changes_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealer = make(database_url)
    sealed = sealer.seal(ANNA, "phone", PHONE)
    sealer.seal(BERT, "phone", PHONE)
    with monkeypatch.context() as patch:
        wraps = iter([b"x" * 60])
        patch.setattr("adapters.log.keystore._wrap", lambda *_: next(wraps))
        with pytest.raises(StopIteration):
            sealer.rotate_master(OTHER)
    assert make(database_url, MASTER).reveal(sealed) == PHONE


def test_a_master_key_in_a_file_is_changed_and_others_follow(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    first = keys.create_master(path)
    engine = open_store(f"sqlite:///{tmp_path / 'keys.sqlite'}")
    running = Sealer(KeyStore(engine, lambda: [keys.load_master(path)]), fresh=0.0)
    sealed = running.seal(ANNA, "phone", PHONE)
    assert rotate_master_file(engine, path) == 1
    assert keys.load_master(path) != first
    assert list(tmp_path.glob("*.next")) == []
    assert running.reveal(sealed) == PHONE
    assert open_sealer(engine, path).reveal(running.seal(BERT, "phone", "2")) == "2"


@pytest.mark.parametrize("wrapped_already", [False, True])
def test_an_interrupted_change_of_the_master_file_goes_on(
    tmp_path: Path, wrapped_already: bool
) -> None:
    path = tmp_path / "master.key"
    keys.create_master(path)
    engine = open_store(f"sqlite:///{tmp_path / 'keys.sqlite'}")
    sealed = open_sealer(engine, path).seal(ANNA, "phone", PHONE)
    waiting = keys.create_master(tmp_path / "master.key.next")
    if wrapped_already:
        open_sealer(engine, path).rotate_master(waiting)
    assert open_sealer(engine, path).reveal(sealed) == PHONE
    assert rotate_master_file(engine, path) == (0 if wrapped_already else 1)
    assert keys.load_master(path) == waiting
    assert open_sealer(engine, path).reveal(sealed) == PHONE


def test_a_damaged_key_row_is_reported_not_taken_for_erased(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'keys.sqlite'}"
    sealed = make(url).seal(ANNA, "phone", PHONE)
    make(url).seal(BERT, "phone", PHONE)
    with sqlite3.connect(tmp_path / "keys.sqlite") as connection:
        swap = "UPDATE person_keys SET wrapped = (SELECT wrapped FROM person_keys WHERE subject = ?) WHERE subject = ?"
        connection.execute(swap, (BERT.hex, ANNA.hex))
    connection.close()
    with pytest.raises(KeyLost):
        make(url).reveal(sealed)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_master_key_of_another_length_is_refused(sqlite_url: str, length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        make(sqlite_url, bytes(length))
