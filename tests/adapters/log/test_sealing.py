"""Personal data: sealed where it stands, readable until the key is destroyed, and never after."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import JSONTranscoder
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, event, text

from adapters.log import keys
from adapters.log.ciphers import DataKey, InvalidToken, Sm4Gcm, place_of, split_token
from adapters.log.keystore import KeyLost, KeyStore, WrongMaster
from adapters.log.sealing import SealedAsToken, Sealer, open_sealer, rotate_master_file
from adapters.log.stores import open_store
from domain.errors import Invalid, Refused
from domain.sealed import Sealed, Sealing

MASTER, OTHER = bytes(range(32)), bytes(range(32, 64))
ANNA, BERT = UUID(int=1), UUID(int=2)
PHONE = "13900000000"
AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def make(url: str, *masters: bytes, fresh: float = 0.0, cipher: str = "aes-256-gcm") -> Sealer:
    given_masters = masters or (MASTER,)
    store = KeyStore(open_store(url), lambda: given_masters, clock=lambda: AT)
    return Sealer(store, fresh=fresh, cipher=cipher)


@pytest.fixture
def sealer(database_url: str) -> Sealer:
    return make(database_url)


def test_what_is_sealed_can_be_revealed(sealer: Sealer) -> None:
    port: Sealing = sealer
    sealed = port.seal(ANNA, "phone", PHONE)
    assert (sealed.subject, sealed.field) == (ANNA, "phone")
    assert port.reveal(sealed) == PHONE


def test_the_words_are_neither_in_the_token_nor_in_its_picture(sealer: Sealer) -> None:
    sealed = sealer.seal(ANNA, "phone", PHONE)
    assert PHONE not in sealed.token
    assert PHONE.encode() not in split_token(sealed.token)[1]
    assert repr(sealed) == f"Sealed(subject={ANNA!r}, field='phone')"


def test_the_same_words_are_never_sealed_alike(sealer: Sealer) -> None:
    tokens = {
        sealer.seal(person, "phone", PHONE).token for person in (ANNA, BERT) for _ in range(50)
    }
    assert len(tokens) == 100


def test_short_values_are_all_of_one_length(sealer: Sealer) -> None:
    words = ["", "汉族", "维吾尔族", "中国共产党党员", "a@example.com", "11010519491231002X"]
    assert len({len(sealer.seal(ANNA, "x", word).token) for word in words}) == 1


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.sampled_from(["aes-256-gcm", "sm4-gcm"]),
)
def test_any_text_comes_back_unchanged(words: str, cipher: str) -> None:
    key, place = DataKey(bytes(32)), place_of(ANNA, "note")
    assert key.open(key.seal(cipher, place, words), place) == words


def test_a_token_opens_only_where_it_was_sealed(sealer: Sealer) -> None:
    sealed = sealer.seal(ANNA, "phone", PHONE)
    sealer.seal(BERT, "phone", "other")
    for moved in (
        replace(sealed, subject=BERT),
        replace(sealed, field="email"),
        replace(sealed, field="phon"),
    ):
        with pytest.raises(InvalidToken):
            sealer.reveal(moved)


def test_every_changed_character_of_a_token_is_noticed(sealer: Sealer) -> None:
    sealed = sealer.seal(ANNA, "phone", PHONE)
    for position, letter in enumerate(sealed.token):
        for other in {"A", "B", "_", "s"} - {letter}:
            changed = sealed.token[:position] + other + sealed.token[position + 1 :]
            with pytest.raises(InvalidToken):
                sealer.reveal(replace(sealed, token=changed))


@pytest.mark.parametrize(
    "token", ["", "a", "a.", "a.AAAA", "x." + "A" * 200, "a." + "é" * 200, "a.A", "a" * 300]
)
def test_what_is_not_a_token_is_refused(sealer: Sealer, token: str) -> None:
    sealer.seal(ANNA, "phone", PHONE)
    with pytest.raises(InvalidToken):
        sealer.reveal(Sealed(ANNA, "phone", token))


@given(st.text(max_size=200))
def test_any_text_is_a_token_or_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        DataKey(bytes(32)).open(token, b"")


def test_text_that_is_not_unicode_is_invalid(sealer: Sealer) -> None:
    with pytest.raises(Invalid) as refusal:
        sealer.seal(ANNA, "phone", "\ud800")
    assert (refusal.value.code, refusal.value.field) == ("not_text", "phone")


def test_sm4_agrees_with_the_published_vector() -> None:
    # RFC 8998, appendix A.1: SM4-GCM.
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    associated = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = b"".join(bytes([n]) * 8 for n in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    sealed = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert Sm4Gcm(key).encrypt(nonce, plain, associated) == sealed
    assert Sm4Gcm(key).decrypt(nonce, sealed, associated) == plain


def test_both_ciphers_stay_readable_whichever_is_configured(sqlite_url: str) -> None:
    aes, sm4 = make(sqlite_url), make(sqlite_url, cipher="sm4-gcm")
    first, second = aes.seal(ANNA, "phone", "1"), sm4.seal(ANNA, "phone", "2")
    assert (first.token[:2], second.token[:2]) == ("a.", "s.")
    assert [sm4.reveal(first), aes.reveal(second)] == ["1", "2"]
    with pytest.raises(InvalidToken):
        aes.reveal(replace(second, token="a." + second.token[2:]))
    with pytest.raises(ValueError, match="cipher"):
        make(sqlite_url, cipher="rot13")


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
from tests.adapters.log.test_sealing import ANNA, PHONE, make
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


def test_many_keys_are_fetched_with_few_queries(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [uuid4() for _ in range(1200)]
    writer = make(database_url)
    writer.create_all(people)
    tokens = [writer.seal(person, "phone", PHONE) for person in people]
    reader = make(database_url, fresh=60.0)
    calls = []
    original = KeyStore.read

    def counted(self: KeyStore, subjects: list[UUID]) -> dict[UUID, bytes | None]:
        calls.append(len(subjects))
        return original(self, subjects)

    monkeypatch.setattr(KeyStore, "read", counted)
    reader.prefetch(people)
    assert {reader.reveal(sealed) for sealed in tokens} == {PHONE}
    assert calls == [1200]


def test_the_cache_stays_within_its_bounds(sqlite_url: str) -> None:
    sealer = Sealer(KeyStore(open_store(sqlite_url), lambda: [MASTER]), cached=10)
    tokens = [sealer.seal(uuid4(), "phone", str(n)) for n in range(25)]
    assert [sealer.reveal(sealed) for sealed in tokens] == [str(n) for n in range(25)]
    assert len(sealer._keys) == 10


def test_the_cache_keeps_who_was_asked_for_last(sqlite_url: str) -> None:
    sealer = Sealer(KeyStore(open_store(sqlite_url), lambda: [MASTER]), cached=2)
    first = sealer.seal(ANNA, "phone", PHONE)
    sealer.seal(BERT, "phone", PHONE)
    sealer.reveal(first)
    sealer.seal(UUID(int=3), "phone", PHONE)
    assert list(sealer._keys) == [ANNA, UUID(int=3)]


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


def test_events_store_the_token_and_reading_them_decrypts_nothing(sqlite_url: str) -> None:
    sealed = make(sqlite_url).seal(ANNA, "phone", PHONE)
    transcoder = JSONTranscoder()
    transcoder.register(SealedAsToken())
    stored = transcoder.encode({"contact": sealed})
    assert PHONE.encode() not in stored
    assert transcoder.decode(stored) == {"contact": sealed}
    assert SealedAsToken().encode(sealed) == {"s": ANNA.hex, "f": "phone", "c": sealed.token}
