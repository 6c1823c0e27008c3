"""Changing the log's key: both keys sign, and whoever knew the old key finds the new one."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.log import keys
from adapters.log.checkpoints import Checkpoint
from adapters.log.handover import Handover, follow, open_handover, rotate
from adapters.log.notes import InvalidNote, MalformedNote, Note, Signer, VerifierKey, sign
from tests.adapters.log.small_log import ORIGIN, private

AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
OLD, NEW = Signer(ORIGIN, private("old")), Signer(ORIGIN, private("new"))
THIRD = Signer(ORIGIN, private("third"))


def letter(old: Signer, new: Signer, *signers: Signer) -> bytes:
    return sign(Handover(old.vkey, new.vkey, AT).body(), *(signers or (old, new))).encode()


def test_both_signatures_lead_to_the_new_key() -> None:
    assert open_handover(letter(OLD, NEW), OLD.vkey) == Handover(OLD.vkey, NEW.vkey, AT)


def test_a_chain_of_handovers_is_followed() -> None:
    assert follow(OLD.vkey, []) == OLD.vkey
    assert follow(OLD.vkey, [letter(OLD, NEW), letter(NEW, THIRD)]) == THIRD.vkey
    with pytest.raises(InvalidNote):
        follow(OLD.vkey, [letter(NEW, THIRD), letter(OLD, NEW)])


@pytest.mark.parametrize("signers", [(OLD,), (NEW,), (THIRD,), (OLD, THIRD), (NEW, THIRD)])
def test_one_key_alone_cannot_hand_over(signers: tuple[Signer, ...]) -> None:
    with pytest.raises(InvalidNote):
        open_handover(letter(OLD, NEW, *signers), OLD.vkey)


def test_a_stranger_cannot_begin_the_chain() -> None:
    with pytest.raises(InvalidNote):
        open_handover(letter(THIRD, NEW), OLD.vkey)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace("v1", "v2"),
        lambda body: body.replace("08:30:00Z", "08:30:00"),
        lambda body: body.replace("08:30:00Z", "8:30:00Z"),
        lambda body: body + "more\n",
        lambda body: body.replace("old ", ""),
        lambda body: body.replace("new ", "next "),
        lambda body: body.replace(str(NEW.vkey), str(OLD.vkey)),
        lambda body: body.replace(str(NEW.vkey), str(VerifierKey("elsewhere", NEW.vkey.public))),
    ],
)
def test_another_text_is_no_handover_even_if_both_sign_it(change: object) -> None:
    assert callable(change)
    body = change(Handover(OLD.vkey, NEW.vkey, AT).body())
    with pytest.raises(InvalidNote):
        open_handover(sign(body, OLD, NEW).encode(), OLD.vkey)


def test_a_handover_cannot_be_read_as_a_checkpoint_nor_the_other_way_round() -> None:
    with pytest.raises(MalformedNote):
        Checkpoint.parse(Handover(OLD.vkey, NEW.vkey, AT).body())
    with pytest.raises(MalformedNote):
        Handover.parse(Checkpoint(ORIGIN, 1, bytes(32), ("x",)).body())


def test_rotation_replaces_the_key_and_keeps_letter_and_old_key(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    old = keys.create_signer(path, ORIGIN)
    new, note = rotate(path, AT)
    mark = old.vkey.key_id.hex()
    assert keys.load_signer(path).vkey == new.vkey != old.vkey
    assert follow(old.vkey, [note]) == new.vkey
    assert keys.load_signer(tmp_path / f"log.key.{mark}.retired").vkey == old.vkey
    assert (tmp_path / f"log.key.{mark}.handover").read_bytes() == note
    assert len(list(tmp_path.iterdir())) == 3
    assert {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()} == {0o600}


def test_an_interrupted_rotation_goes_on_with_the_key_it_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.key"
    old = keys.create_signer(path, ORIGIN)
    for step in ("hardlink_to", "replace"):
        with monkeypatch.context() as patch:
            original = getattr(Path, step)

            def cut(self: Path, target: Path, step: str = step, do: Any = original) -> None:
                if step == "replace" or self.suffix in {".handover", ".retired"}:
                    raise OSError(5, "power cut")
                do(self, target)

            patch.setattr(Path, step, cut)
            with pytest.raises(OSError, match="power cut"):
                rotate(path, AT)
    assert keys.load_signer(path).vkey == old.vkey
    waiting = keys.load_signer(tmp_path / "log.key.next")
    new, note = rotate(path, AT.replace(year=2027))
    assert new.vkey == waiting.vkey
    assert follow(old.vkey, [note]) == new.vkey
    assert not (tmp_path / "log.key.next").exists()


def test_a_letter_for_another_key_stops_the_rotation(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    old = keys.create_signer(path, ORIGIN)
    foreign = sign(Handover(old.vkey, NEW.vkey, AT).body(), old, NEW).encode()
    keys.write_private(tmp_path / f"log.key.{old.vkey.key_id.hex()}.handover", foreign)
    with pytest.raises(InvalidNote, match="handover"):
        rotate(path, AT)
    assert keys.load_signer(path).vkey == old.vkey
    assert os.path.lexists(tmp_path / "log.key.next")


def test_every_flipped_bit_of_a_letter_is_noticed() -> None:
    good = letter(OLD, NEW)
    for position in range(len(good) * 8):
        bad = bytearray(good)
        bad[position // 8] ^= 1 << position % 8
        with pytest.raises(InvalidNote):
            open_handover(bytes(bad), OLD.vkey)


def test_a_third_signature_does_no_harm() -> None:
    note = Note.parse(letter(OLD, NEW))
    more = replace(note, signatures=(*note.signatures, THIRD.sign(note.text)))
    assert open_handover(more.encode(), OLD.vkey).new == NEW.vkey
