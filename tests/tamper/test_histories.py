"""Somebody rewrites history and everything that was computed from it: what has left the machine shows it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.log import keys
from adapters.log.checkpoints import Contradiction
from adapters.log.cosignatures import Cosigner
from adapters.log.handover import Handover
from adapters.log.merkle import InvalidProof
from adapters.log.notes import InvalidNote, Note, Signer, VerifierKey, sign
from adapters.log.recorder import LogRecorder
from adapters.log.scan import LogDamaged
from adapters.log.witness import Request, Witness
from adapters.trust import extension, outlets
from adapters.trust.report import Report
from adapters.trust.succession import WrongKey
from adapters.trust.verify import verify
from tests.adapters.log.small_log import private
from tests.tamper.scene import (
    AT,
    EVENTS,
    ORIGIN,
    SIZE,
    WITNESS,
    Scene,
    on_sqlite,
    opened,
    rewrite,
    sqlite_urls,
    story,
    witness,
)

CUT = 900
FORGED = [*EVENTS[:CUT], *story(SIZE)[CUT - SIZE : -50], *story(50, "elsewhere")]
"""The last fifty events are others."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("template")
    with on_sqlite(home) as scene, closing(sqlite3.connect(home / "log.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert scene.verify().ok
    return home


@pytest.fixture
def scene(template: Path, tmp_path: Path) -> Iterator[Scene]:
    home = tmp_path / "home"
    shutil.copytree(template, home)
    with opened(home, *sqlite_urls(home)) as scene:
        yield scene


def outside(scene: Scene) -> tuple[bytes, str]:
    """The last checkpoint and the key, as somebody elsewhere keeps them."""
    note = scene.notary().last()
    assert note is not None
    return note, scene.notary().vkey()


def forget_what_was_signed(scene: Scene, but: int = 0) -> None:
    """The store of signed checkpoints is cut too: only the first `but` remain."""
    scene.store.dispose()
    with closing(sqlite3.connect(scene.home / "signed.sqlite")) as connection, connection:
        connection.execute("DELETE FROM signed_checkpoints WHERE number > ?", (but,))


def found(report: Report) -> list[tuple[str, int | None, int | None]]:
    return [(fault.part, fault.first, fault.last) for fault in report.faults]


def test_a_tail_cut_off_and_tidied_up_is_found_by_what_was_signed(scene: Scene) -> None:
    rewrite(scene.engine, EVENTS[:CUT])
    assert found(scene.verify()) == [("log", CUT + 1, SIZE)]


def test_a_tail_cut_off_everywhere_is_found_by_a_checkpoint_elsewhere(scene: Scene) -> None:
    note, vkey = outside(scene)
    rewrite(scene.engine, EVENTS[:CUT])
    forget_what_was_signed(scene, but=3)
    assert scene.verify().ok
    assert found(scene.verify(note, vkey)) == [("log", CUT + 1, SIZE)]


def test_a_rewritten_tail_is_found_by_what_was_signed(scene: Scene) -> None:
    rewrite(scene.engine, FORGED)
    assert found(scene.verify()) == [("log", 701, SIZE)]


def test_a_rewritten_tail_signed_anew_is_found_by_a_checkpoint_elsewhere(scene: Scene) -> None:
    note, vkey = outside(scene)
    rewrite(scene.engine, FORGED)
    forget_what_was_signed(scene, but=3)
    scene.notary().checkpoint()
    assert scene.verify().ok
    report = scene.verify(note, vkey)
    assert found(report)[0][0] == "checkpoint"
    assert ("log", 701, SIZE) in found(report)


def test_a_rewritten_beginning_is_found_by_the_first_checkpoint(scene: Scene) -> None:
    rewrite(scene.engine, [story(1, "elsewhere")[0], *EVENTS[1:]])
    assert found(scene.verify()) == [("log", 1, 100)]


def test_a_checkpoint_written_to_a_folder_finds_a_rewritten_tail(scene: Scene) -> None:
    rewrite(scene.engine, FORGED)
    forget_what_was_signed(scene, but=3)
    place = replace(scene.premises(), folder=scene.folder)
    assert found(verify(place)) == [("log", 701, SIZE)]


def test_an_old_copy_put_back_and_written_on_is_found_and_not_signed(scene: Scene) -> None:
    rewrite(scene.engine, EVENTS[:CUT])
    LogRecorder(scene.engine).insert_events(story(200, "elsewhere"))
    assert found(scene.verify()) == [("log", 701, SIZE)]
    with pytest.raises(LogDamaged):
        scene.notary().checkpoint()
    assert len(scene.notary().all()) == 4


def test_the_notary_does_not_sign_what_was_changed_since_it_last_signed(scene: Scene) -> None:
    LogRecorder(scene.engine).insert_events(story(30, "elsewhere"))
    scene.engine.dispose()
    with closing(sqlite3.connect(scene.home / "log.sqlite")) as connection, connection:
        connection.execute("UPDATE events SET state = '{}' WHERE position = 1020")
    with pytest.raises(LogDamaged) as caught:
        scene.notary().checkpoint()
    assert (caught.value.first, caught.value.last) == (1020, 1020)


def test_the_notary_does_not_sign_a_shortened_log(scene: Scene) -> None:
    rewrite(scene.engine, EVENTS[:CUT])
    with pytest.raises(LogDamaged):
        scene.notary().checkpoint()


def test_an_event_recorded_twice_is_found_even_when_all_is_computed_anew(scene: Scene) -> None:
    forget_what_was_signed(scene)
    scene.engine.dispose()
    with closing(sqlite3.connect(scene.home / "log.sqlite")) as connection, connection:
        columns = "position INTEGER PRIMARY KEY, originator_id, originator_version, leaf_hash, topic, state"
        connection.execute("DROP TABLE events")
        connection.execute(f"CREATE TABLE events ({columns})")
    rewrite(scene.engine, [*EVENTS, EVENTS[299]])
    assert found(scene.verify()) == [("stream", SIZE + 1, SIZE + 1)]


def test_an_event_left_out_is_found_even_when_all_is_computed_anew(scene: Scene) -> None:
    forget_what_was_signed(scene)
    left = next(event for event in EVENTS[300:] if event.originator_version == 4)
    rewrite(scene.engine, [event for event in EVENTS if event is not left])
    following = next(
        n
        for n, event in enumerate(EVENTS)
        if (event.originator_id, event.originator_version) == (left.originator_id, 5)
    )
    assert found(scene.verify()) == [("stream", following, following)]


def test_another_key_is_found_by_whoever_knows_the_right_one(scene: Scene) -> None:
    note, vkey = outside(scene)
    rewrite(scene.engine, FORGED)
    forget_what_was_signed(scene)
    scene.key_file.unlink()
    keys.create_signer(scene.key_file, ORIGIN)
    forged = scene.notary().checkpoint()
    assert scene.verify().ok
    report = scene.verify(vkey=vkey)
    assert found(report) == [("key", None, None), ("checkpoint", None, None)]
    with pytest.raises(WrongKey):
        scene.verify(forged, vkey)
    with pytest.raises(WrongKey):
        extension.extends(note, forged, vkey, prove=scene.notary().consistency)
    with pytest.raises(WrongKey):
        extension.verify_proof(scene.notary().prove(SIZE), vkey)


def test_a_handover_that_the_old_key_did_not_sign_leads_nowhere(scene: Scene) -> None:
    note, vkey = outside(scene)
    thief = Signer(ORIGIN, private("thief"))
    letter = sign(Handover(VerifierKey.parse(vkey), thief.vkey, AT).body(), thief).encode()
    forged = sign(Note.parse(note).text, thief).encode()
    with pytest.raises(InvalidNote):
        extension.extends(note, forged, vkey, letters=[letter])
    (scene.home / f"signing.key.{thief.vkey.key_id.hex()}.handover").write_bytes(letter)
    scene.key_file.unlink()
    keys.write_private(
        scene.key_file, keys.encode_private(ORIGIN, 1, thief.private).encode() + b"\n"
    )
    assert [fault.part for fault in scene.verify(vkey=vkey).faults] == ["key"]


def test_a_checkpoint_taken_out_of_the_store_is_missed(scene: Scene) -> None:
    scene.store.dispose()
    with closing(sqlite3.connect(scene.home / "signed.sqlite")) as connection, connection:
        connection.execute("DELETE FROM signed_checkpoints WHERE number = 2")
    assert found(scene.verify()) == [("checkpoint", None, None)]


def test_a_retired_key_signs_nothing_any_more(scene: Scene) -> None:
    old = keys.load_signer(scene.key_file)
    notary = scene.notary()
    first = notary.last()
    notary.rotate(AT)
    assert first is not None
    assert scene.verify().ok
    stolen = sign(Note.parse(first).text, old).encode()
    scene.store.dispose()
    with closing(sqlite3.connect(scene.home / "signed.sqlite")) as connection, connection:
        connection.execute(
            "INSERT INTO signed_checkpoints SELECT 6, origin, size, root, ? FROM signed_checkpoints"
            " WHERE number = 5",
            (stolen,),
        )
    assert found(scene.verify()) == [("checkpoint", None, None)]


class Fork:
    """The same key signs two histories: the city's readers see one, the auditors the other."""

    def __init__(self, tmp_path: Path, template: Path) -> None:
        self.home = tmp_path / "fork"
        shutil.copytree(template, self.home)
        with opened(self.home, *sqlite_urls(self.home)) as other:
            rewrite(other.engine, FORGED)
            forget_what_was_signed(other, but=3)
            self.note = other.notary().checkpoint()
            self.vkey = other.notary().vkey()


def second_witness(tmp_path: Path, vkey: str) -> Witness:
    return witness(tmp_path / "w2", vkey, Cosigner("witness.example/w2", private("w2")))


def test_two_histories_for_two_witnesses_contradict_each_other(
    scene: Scene, tmp_path: Path, template: Path
) -> None:
    fork = Fork(tmp_path, template)
    w1 = witness(scene.home / "witness.sqlite", fork.vkey)
    w2 = second_witness(tmp_path, fork.vkey)
    assert w2.add_checkpoint(Request(0, (), fork.note).encode()).status == 200
    seen1, seen2 = w1.latest(ORIGIN), w2.latest(ORIGIN)
    assert seen1 is not None
    assert seen2 is not None
    with pytest.raises(Contradiction):
        extension.extends(seen1, seen2, fork.vkey, prove=scene.notary().consistency)
    assert not scene.verify(seen2, fork.vkey).ok
    assert scene.verify(seen1, fork.vkey).ok


def test_a_witness_refuses_the_second_history_and_keeps_both_as_evidence(
    scene: Scene, tmp_path: Path, template: Path
) -> None:
    fork = Fork(tmp_path, template)
    w1 = witness(scene.home / "witness.sqlite", fork.vkey)
    assert w1.add_checkpoint(Request(SIZE, (), fork.note).encode()).status == 409
    ((cosigned, refused),) = w1.forks(ORIGIN)
    assert Note.parse(refused).text == Note.parse(fork.note).text != Note.parse(cosigned).text


def test_a_longer_second_history_cannot_be_proved_to_a_witness(
    scene: Scene, tmp_path: Path, template: Path
) -> None:
    fork = Fork(tmp_path, template)
    w1 = witness(scene.home / "witness.sqlite", fork.vkey)
    with opened(fork.home, *sqlite_urls(fork.home)) as other:
        LogRecorder(other.engine).insert_events(story(20, "further on"))
        note = other.notary().checkpoint()
        proof = tuple(other.notary().consistency(SIZE, SIZE + 20))
    assert w1.add_checkpoint(Request(SIZE, proof, note).encode()).status == 422


def test_a_second_checkpoint_of_the_same_size_is_not_written_over_the_first(
    scene: Scene, tmp_path: Path, template: Path
) -> None:
    fork = Fork(tmp_path, template)
    before = {path: path.read_bytes() for path in outlets.written(scene.folder)}
    with pytest.raises(Contradiction):
        outlets.write(fork.note, scene.folder)
    assert {path: path.read_bytes() for path in outlets.written(scene.folder)} == before


def test_every_flipped_bit_of_a_proof_and_of_an_extension_is_noticed(scene: Scene) -> None:
    notary = scene.notary()
    notes = notary.all()
    proof, file = notary.prove(300), notary.extension(notes[1], notes[2])
    vkey = notary.vkey()
    known = [str(WITNESS.vkey)]
    extension.verify_proof(proof, vkey, witnesses=known, quorum=1)
    extension.extends(notes[1], file, vkey)
    for bit in range(0, len(proof) * 8, 3):
        with pytest.raises((InvalidNote, InvalidProof)):
            extension.verify_proof(_flip(proof, bit), vkey, witnesses=known, quorum=1)
    for bit in range(0, len(file) * 8, 3):
        with pytest.raises((InvalidNote, InvalidProof)):
            extension.extends(notes[1], _flip(file, bit), vkey)


def _flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
