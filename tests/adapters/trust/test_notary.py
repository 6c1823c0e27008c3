"""The notary signs only what it has seen, proves what it signed, and hands over its key."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from adapters.log import leaf, tables
from adapters.log.checkpoints import Checkpoint, Contradiction
from adapters.log.engine import create_engine
from adapters.log.keys import UnsafeKeyFile, load_signer
from adapters.log.merkle import EMPTY_ROOT
from adapters.log.notes import InvalidNote, MalformedNote, Note
from adapters.log.proofs import ProofFile
from adapters.log.recorder import LogRecorder
from adapters.log.scan import LogDamaged
from adapters.log.sm3 import check_sm3
from adapters.settings import Settings, SettingsError
from adapters.trust import extension
from adapters.trust.notary import Notary, NotRecorded, open_notary
from adapters.trust.succession import Succession, WrongKey
from tests.tamper.scene import AT, EVENTS

ORIGIN = "register.example/city"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    tables.create(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.at(tmp_path / "home", origin=ORIGIN)


@pytest.fixture
def notary(settings: Settings, engine: Engine) -> Iterator[Notary]:
    notary = open_notary(settings, engine)
    yield notary
    notary.close()


def record(engine: Engine, first: int, last: int) -> None:
    LogRecorder(engine).insert_events(EVENTS[first:last])


def said(note: bytes) -> Checkpoint:
    return Checkpoint.parse(Note.parse(note).text)


def test_the_key_is_made_once_and_is_its_owners_alone(
    settings: Settings, engine: Engine, notary: Notary
) -> None:
    assert stat.S_IMODE(settings.signing_key_file.stat().st_mode) == 0o600
    assert notary.vkey().startswith(f"{ORIGIN}+")
    assert open_notary(settings, engine).vkey() == notary.vkey()


def test_a_lost_key_is_not_replaced_in_silence(
    settings: Settings, engine: Engine, notary: Notary
) -> None:
    notary.checkpoint()
    settings.signing_key_file.unlink()
    with pytest.raises(UnsafeKeyFile, match="不见了"):
        open_notary(settings, engine)


def test_a_key_of_another_log_is_refused(
    settings: Settings, engine: Engine, notary: Notary
) -> None:
    other = Settings.at(settings.home, origin="register.example/province")
    with pytest.raises(UnsafeKeyFile, match="属于"):
        open_notary(other, engine)


def test_the_empty_log_can_be_signed(notary: Notary) -> None:
    assert said(notary.checkpoint()) == Checkpoint(ORIGIN, 0, EMPTY_ROOT)


def test_the_same_log_gives_the_same_note_and_a_longer_one_continues_it(
    engine: Engine, notary: Notary
) -> None:
    notes = [notary.checkpoint()]
    for first, last in ((0, 1), (1, 256), (256, 257), (257, 600)):
        record(engine, first, last)
        notes.append(notary.checkpoint())
        assert notary.checkpoint() == notes[-1] == notary.last()
    assert [said(note).size for note in notes] == [0, 1, 256, 257, 600]
    assert notary.all() == notes
    for older in notes:
        for newer in notes[notes.index(older) :]:
            file = notary.extension(older, newer)
            found = extension.extends(older, newer, notary.vkey(), prove=notary.consistency)
            assert found == extension.extends(older, file, notary.vkey())
            assert found == (said(older), said(newer))


def test_progress_counts_only_what_is_new(engine: Engine, notary: Notary) -> None:
    record(engine, 0, 600)
    notary.checkpoint()
    record(engine, 600, 700)
    steps: list[tuple[int, int]] = []
    notary.checkpoint(lambda done, of: steps.append((done, of)))
    assert steps == [(700, 700)]


def test_two_notaries_that_sign_at_once_never_contradict_each_other(
    settings: Settings, engine: Engine
) -> None:
    failures: list[BaseException] = []

    def work(share: int) -> None:
        try:
            own = open_notary(settings, engine)
            for n in range(10):
                LogRecorder(engine).insert_events(EVENTS[share * 10 + n : share * 10 + n + 1])
                own.checkpoint()
            own.close()
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)

    open_notary(settings, engine).close()
    threads = [threading.Thread(target=work, args=(share,)) for share in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    notary = open_notary(settings, engine)
    notes = notary.all()
    assert said(notes[-1]).size == 30
    for older, newer in pairwise(notes):
        extension.extends(older, newer, notary.vkey(), prove=notary.consistency)
    notary.close()


def test_a_proof_shows_the_events_bytes_to_anyone_with_the_key(
    engine: Engine, notary: Notary
) -> None:
    record(engine, 0, 300)
    for position in (1, 256, 257, 300):
        shown = extension.verify_proof(notary.prove(position), notary.vkey())
        assert leaf.decode(shown.leaf) == EVENTS[position - 1]
        assert (shown.index, shown.checkpoint.size) == (position - 1, 300)


def test_what_a_proof_shows_is_told_in_plain_words(engine: Engine, notary: Notary) -> None:
    record(engine, 0, 300)
    told = extension.shown_event(extension.verify_proof(notary.prove(7), notary.vkey()))
    event = EVENTS[6]
    assert (told["position"], told["size"], told["log"]) == (7, 300, ORIGIN)
    assert told["event"] == {
        "originator_id": str(event.originator_id),
        "version": event.originator_version,
        "topic": event.topic,
        "state": json.loads(event.state),
    }
    with pytest.raises(MalformedNote):
        extension.shown_event(
            replace(extension.verify_proof(notary.prove(7), notary.vkey()), leaf=b"x")
        )


def test_a_proof_that_leads_elsewhere_is_refused_in_chinese(engine: Engine, notary: Notary) -> None:
    record(engine, 0, 300)
    proof = ProofFile.parse(notary.prove(7))
    with pytest.raises(extension.Unproven, match="证明不成立"):
        extension.verify_proof(replace(proof, index=7).encode(), notary.vkey())


def test_a_proof_of_a_newer_event_comes_with_a_newer_checkpoint(
    engine: Engine, notary: Notary
) -> None:
    record(engine, 0, 10)
    notary.checkpoint()
    record(engine, 10, 20)
    assert said(ProofFile.parse(notary.prove(10)).note).size == 10
    assert said(ProofFile.parse(notary.prove(11)).note).size == 20


@pytest.mark.parametrize("position", [-1, 0, 11])
def test_there_is_no_proof_where_there_is_no_event(
    engine: Engine, notary: Notary, position: int
) -> None:
    record(engine, 0, 10)
    with pytest.raises(NotRecorded):
        notary.prove(position)


def test_an_event_changed_since_it_was_signed_is_not_proved(engine: Engine, notary: Notary) -> None:
    record(engine, 0, 10)
    notary.checkpoint()
    with engine.begin() as connection:
        change = tables.events.update().where(tables.events.c.position == 5)
        connection.execute(change.values(state=b"{}"))
    with pytest.raises(LogDamaged) as caught:
        notary.prove(5)
    assert caught.value.first == 5


def test_a_checkpoint_of_another_log_is_not_extended(
    engine: Engine, notary: Notary, tmp_path: Path
) -> None:
    other = open_notary(Settings.at(tmp_path / "other", origin="elsewhere.example/log"), engine)
    record(engine, 0, 10)
    mine, theirs = notary.checkpoint(), other.checkpoint()
    with pytest.raises(WrongKey):
        extension.extends(mine, theirs, notary.vkey(), prove=notary.consistency)
    other.close()


def test_the_older_checkpoint_does_not_extend_the_newer(engine: Engine, notary: Notary) -> None:
    record(engine, 0, 10)
    old = notary.checkpoint()
    record(engine, 10, 20)
    new = notary.checkpoint()
    with pytest.raises(Contradiction):
        extension.extends(new, old, notary.vkey(), prove=notary.consistency)


def test_an_extension_file_of_another_checkpoint_is_refused(engine: Engine, notary: Notary) -> None:
    notes = []
    for n in range(3):
        record(engine, n * 10, n * 10 + 10)
        notes.append(notary.checkpoint())
    with pytest.raises(MalformedNote):
        extension.extends(notes[0], notary.extension(notes[1], notes[2]), notary.vkey())


def test_older_checkpoints_verify_under_the_old_key_and_newer_ones_under_the_new(
    settings: Settings, engine: Engine, notary: Notary
) -> None:
    record(engine, 0, 10)
    before, old = notary.checkpoint(), notary.vkey()
    record(engine, 10, 20)
    letter = notary.rotate(AT)
    record(engine, 20, 30)
    after, new = notary.checkpoint(), notary.vkey()
    assert old != new
    assert notary.letters() == (letter,)
    assert [said(note).size for note in notary.all()] == [10, 20, 20, 30]
    signers = [notary.succession.signer_of(Note.parse(note)) for note in notary.all()]
    assert signers == [0, 0, 1, 1]
    assert extension.read_checkpoint(before, old).size == 10
    assert extension.read_checkpoint(after, new).size == 30
    assert extension.read_checkpoint(after, old, [letter]).size == 30
    with pytest.raises(WrongKey):
        extension.read_checkpoint(after, old)
    with pytest.raises(WrongKey):
        extension.read_checkpoint(before, new, [letter])
    extension.extends(before, after, old, prove=notary.consistency, letters=[letter])
    extension.verify_proof(notary.prove(30), old, letters=[letter])
    assert open_notary(settings, engine).succession == notary.succession


def test_a_notary_that_is_still_open_signs_with_the_new_key_after_a_handover_elsewhere(
    settings: Settings, engine: Engine, notary: Notary
) -> None:
    record(engine, 0, 10)
    elsewhere = open_notary(settings, engine)
    elsewhere.rotate(AT)
    record(engine, 10, 20)
    assert extension.read_checkpoint(notary.checkpoint(), elsewhere.vkey()).size == 20
    elsewhere.rotate(AT)
    assert extension.verify_proof(notary.prove(20), elsewhere.vkey()).index == 19
    assert [notary.succession.signer_of(Note.parse(note)) for note in notary.all()] == [0, 1, 1, 2]
    elsewhere.close()


def test_a_key_handed_over_in_the_very_moment_of_signing_signs_no_more(
    settings: Settings, engine: Engine, notary: Notary, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(engine, 0, 10)
    original, elsewhere = Notary._sign_after, open_notary(settings, engine)

    def meanwhile(self: Notary, *given: Any) -> bytes:
        if self is notary and len(elsewhere.succession.keys) == 1:
            elsewhere.rotate(AT)
        return original(self, *given)

    monkeypatch.setattr(Notary, "_sign_after", meanwhile)
    note = notary.checkpoint()
    assert extension.read_checkpoint(note, elsewhere.vkey()).size == 10
    assert [notary.succession.signer_of(Note.parse(note)) for note in notary.all()] == [0, 1]
    elsewhere.close()


def test_keys_can_be_handed_over_again_and_again(engine: Engine, notary: Notary) -> None:
    record(engine, 0, 10)
    first = notary.vkey()
    for year in (2027, 2028, 2029):
        notary.rotate(datetime(year, 1, 1, tzinfo=UTC))
    assert len(notary.succession.keys) == 4
    assert Succession.after(notary.succession.keys[0], notary.letters()[::-1]) == notary.succession
    assert extension.read_checkpoint(notary.checkpoint(), first, notary.letters()).size == 10


def test_an_interrupted_rotation_leaves_a_notary_that_works_and_can_be_repeated(
    settings: Settings, engine: Engine, notary: Notary, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(engine, 0, 10)
    old = notary.vkey()
    with monkeypatch.context() as patch:

        def cut(_: Path, __: Path) -> None:
            raise OSError(5, "power cut")

        patch.setattr(Path, "replace", cut)
        with pytest.raises(OSError, match="power cut"):
            notary.rotate(AT)
    again = open_notary(settings, engine)
    assert again.vkey() == old
    record(engine, 10, 20)
    again.checkpoint()
    again.rotate(AT)
    assert again.vkey() == str(load_signer(settings.signing_key_file).vkey) != old
    assert len(again.letters()) == 1
    again.close()


def test_a_letter_that_leads_nowhere_is_refused(
    settings: Settings, engine: Engine, notary: Notary
) -> None:
    notary.rotate(AT)
    notary.rotate(AT)
    (middle,) = (
        p for p in settings.home.glob("*.handover") if p.read_bytes() == notary.letters()[1]
    )
    middle.unlink()
    with pytest.raises(InvalidNote, match="相连"):
        open_notary(settings, engine)


def test_with_sm3_a_checkpoint_states_both_roots_and_verification_compares_both(
    settings: Settings, engine: Engine
) -> None:
    both = open_notary(replace(settings, roots="sha256+sm3"), engine)
    record(engine, 0, 5)
    first = said(both.checkpoint())
    record(engine, 5, 9)
    second = said(both.checkpoint())
    both.close()
    assert [check_sm3(engine, each) for each in (first, second)] == [True, True]
    forged = replace(second, extensions=first.extensions)
    assert check_sm3(engine, forged) is False


def test_a_kind_of_root_that_is_not_known_is_refused(settings: Settings, engine: Engine) -> None:
    with pytest.raises(SettingsError, match="roots must be one of"):
        open_notary(replace(settings, roots="md5"), engine)
