"""Cosignatures: a real one from the public witness network verifies, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from adapters.log.checkpoints import Checkpoint, open_checkpoint
from adapters.log.cosignatures import WitnessKey, cosigned_seconds
from adapters.log.notes import (
    BadSignature,
    MalformedKey,
    MalformedNote,
    Note,
    Signature,
    UnverifiedNote,
    VerifierKey,
)
from tests.adapters.log.small_log import SmallLog, cosigner

# A checkpoint of a public staging log as cosigned by the public witness network (May 2026).
REAL = """arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
""".encode()
REAL_LOG = (
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
)
WITNESSES = [
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
    "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
]
AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
KEY = cosigner("witness.example/w1")


def test_a_real_checkpoint_verifies_under_the_logs_key() -> None:
    checkpoint, note = open_checkpoint(REAL, VerifierKey.parse(REAL_LOG))
    assert checkpoint == Checkpoint(
        "arche2025h1.staging.ct.transparency.dev",
        1432088532,
        bytes.fromhex("53b58cefd8ebcf2846679fc65014e933b373c1dc9f171eb5b77468be0702e11a"),
    )
    assert len(note.signatures) == 6


def test_real_cosignatures_verify_and_state_their_time() -> None:
    found = Note.parse(REAL).verify([WitnessKey.parse(line) for line in WITNESSES])
    assert len(found) == 4
    assert {cosigned_seconds(s) for s in found} == {0x6A122120}


@pytest.mark.parametrize("line", WITNESSES)
def test_a_witness_key_line_is_written_as_it_was_read(line: str) -> None:
    assert str(WitnessKey.parse(line)) == line


@pytest.mark.parametrize("line", WITNESSES)
def test_a_real_cosignature_fits_no_other_tree(line: str) -> None:
    note = Note.parse(REAL)
    other = replace(note, text=note.text.replace("1432088532", "1432088533"))
    with pytest.raises(BadSignature):
        other.verify([WitnessKey.parse(line)])


def test_a_witness_key_and_a_log_key_are_not_mistaken_for_each_other() -> None:
    with pytest.raises(MalformedKey):
        WitnessKey.parse(REAL_LOG)
    with pytest.raises(MalformedKey):
        VerifierKey.parse(WITNESSES[0])
    same = VerifierKey(KEY.name, KEY.vkey.public)
    note = Note(
        SmallLog.of_size(3).checkpoint().body(), (KEY.cosign(SmallLog.of_size(3).checkpoint(), AT),)
    )
    with pytest.raises(UnverifiedNote):
        note.verify([same])


def test_a_line_is_a_keys_own_only_if_name_and_id_agree() -> None:
    line = KEY.cosign(SmallLog.of_size(3).checkpoint(), AT)
    assert line.by(KEY.vkey)
    assert not replace(line, name="other").by(KEY.vkey)
    assert not replace(line, key_id=b"abcd").by(KEY.vkey)


def test_the_signed_message_is_the_one_that_the_format_prescribes() -> None:
    checkpoint = SmallLog.of_size(3).checkpoint()
    line = KEY.cosign(checkpoint, AT)
    assert line.blob[:8] == (1795163400).to_bytes(8)
    message = b"cosignature/v1\ntime 1795163400\n" + checkpoint.body().encode()
    assert line.blob[8:] == KEY.private.sign(message)


def test_the_time_is_cut_to_whole_seconds_and_counted_in_utc() -> None:
    checkpoint = SmallLog.of_size(1).checkpoint()
    shanghai = AT.astimezone(timezone(timedelta(hours=8))) + timedelta(microseconds=999_999)
    assert KEY.cosign(checkpoint, shanghai) == KEY.cosign(checkpoint, AT)


def test_a_changed_time_is_noticed() -> None:
    checkpoint = SmallLog.of_size(3).checkpoint()
    line = KEY.cosign(checkpoint, AT)
    later = (int.from_bytes(line.blob[:8]) + 1).to_bytes(8) + line.blob[8:]
    assert KEY.vkey.verify(checkpoint.body(), line.blob)
    assert not KEY.vkey.verify(checkpoint.body(), later)


@pytest.mark.parametrize(("seconds", "right"), [(2**63 - 1, True), (2**63, False)])
def test_a_time_beyond_the_largest_is_refused_even_if_signed(seconds: int, right: bool) -> None:
    body = SmallLog.of_size(3).checkpoint().body()
    message = f"cosignature/v1\ntime {seconds}\n{body}".encode()
    assert KEY.vkey.verify(body, seconds.to_bytes(8) + KEY.private.sign(message)) == right


@pytest.mark.parametrize("length", [1, 64, 71, 73, 2428])
def test_a_cosignature_of_another_length_is_refused(length: int) -> None:
    assert not KEY.vkey.verify("a\n0\nb\n", bytes(length))
    with pytest.raises(MalformedNote):
        cosigned_seconds(Signature("w", b"abcd", bytes(length)))
