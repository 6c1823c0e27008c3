"""Key files: made once, readable by nobody else, whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from adapters.log import keys
from adapters.log.keys import UnsafeKeyFile
from adapters.log.notes import MalformedKey, VerifierKey


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_signing_key_is_made_once_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "log.key"
    made = keys.create_signer(path, "register.example/city")
    assert keys.load_signer(path).vkey == made.vkey == VerifierKey.parse(str(made.vkey))
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        keys.create_signer(path, "register.example/city")
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_key_files_are_for_their_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys.create_signer(tmp_path / "new" / "log.key", "log")
        keys.create_cosigner(tmp_path / "new" / "witness.key", "w")
        keys.create_master(tmp_path / "new" / "master.key")
    finally:
        os.umask(before)
    assert {mode(p) for p in (tmp_path / "new").iterdir()} == {0o600}
    assert mode(tmp_path / "new") == 0o700


@pytest.mark.parametrize("loose", [0o640, 0o604, 0o660, 0o666, 0o610, 0o601, 0o620, 0o602, 0o777])
def test_a_key_that_others_could_touch_is_refused(tmp_path: Path, loose: int) -> None:
    keys.create_signer(tmp_path / "log.key", "log")
    keys.create_master(tmp_path / "master.key")
    for name in ("log.key", "master.key"):
        (tmp_path / name).chmod(loose)
    with pytest.raises(UnsafeKeyFile, match=f"{loose:03o}"):
        keys.load_signer(tmp_path / "log.key")
    with pytest.raises(UnsafeKeyFile, match=f"{loose:03o}"):
        keys.load_master(tmp_path / "master.key")


def test_a_key_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.create_signer(tmp_path / "log.key", "log")
    original = os.fstat

    def of_another_user(descriptor: int) -> os.stat_result:
        fields = list(original(descriptor))
        fields[stat.ST_UID] = os.geteuid() + 1
        return os.stat_result(fields)

    monkeypatch.setattr(os, "fstat", of_another_user)
    with pytest.raises(UnsafeKeyFile, match="其他用户"):
        keys.load_signer(tmp_path / "log.key")


def test_a_key_file_may_be_read_only(tmp_path: Path) -> None:
    made = keys.create_signer(tmp_path / "log.key", "log")
    (tmp_path / "log.key").chmod(0o400)
    assert keys.load_signer(tmp_path / "log.key").vkey == made.vkey


def test_a_link_is_judged_by_the_file_behind_it(tmp_path: Path) -> None:
    keys.create_signer(tmp_path / "log.key", "log")
    (tmp_path / "link").symlink_to(tmp_path / "log.key")
    assert keys.load_signer(tmp_path / "link").name == "log"
    (tmp_path / "log.key").chmod(0o644)
    with pytest.raises(UnsafeKeyFile):
        keys.load_signer(tmp_path / "link")


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeKeyFile):
        keys.load_signer(tmp_path / "missing")
    with pytest.raises(UnsafeKeyFile):
        keys.load_signer(tmp_path)
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(UnsafeKeyFile):
        keys.load_signer(tmp_path / "pipe")


def test_a_damaged_signing_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    keys.create_signer(path, "log")
    good = path.read_bytes()
    for position in range(len(good) - 1):
        bad = bytearray(good)
        bad[position] ^= 1
        path.write_bytes(bytes(bad))
        with pytest.raises(UnsafeKeyFile):
            keys.load_signer(path)
    path.write_bytes(b"")
    with pytest.raises(UnsafeKeyFile):
        keys.load_signer(path)


@pytest.mark.parametrize("content", [b"", b"AAAA", b"\xff" * 44, b"A" * 44, b"A" * 5000])
def test_a_damaged_master_key_is_refused(tmp_path: Path, content: bytes) -> None:
    keys.write_private(tmp_path / "master.key", content)
    with pytest.raises(UnsafeKeyFile):
        keys.load_master(tmp_path / "master.key")


def test_a_master_key_is_32_random_bytes(tmp_path: Path) -> None:
    first = keys.create_master(tmp_path / "1")
    assert len(first) == 32
    assert keys.load_master(tmp_path / "1") == first != keys.create_master(tmp_path / "2")


def test_a_logs_key_does_not_cosign_and_a_witnesss_key_does_not_sign(tmp_path: Path) -> None:
    keys.create_signer(tmp_path / "log.key", "log")
    keys.create_cosigner(tmp_path / "witness.key", "w")
    with pytest.raises(UnsafeKeyFile):
        keys.load_cosigner(tmp_path / "log.key")
    with pytest.raises(UnsafeKeyFile):
        keys.load_signer(tmp_path / "witness.key")
    assert keys.load_cosigner(tmp_path / "witness.key").name == "w"


def test_a_key_with_an_impossible_name_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(MalformedKey):
        keys.create_signer(tmp_path / "log.key", "two words")
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_on_disk_with_its_folder_before_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[bool, int]] = []
    original = os.fsync

    def recorded(descriptor: int) -> None:
        status = os.fstat(descriptor)
        synced.append((stat.S_ISDIR(status.st_mode), status.st_size))
        original(descriptor)

    monkeypatch.setattr(os, "fsync", recorded)
    keys.create_signer(tmp_path / "log.key", "log")
    size = (tmp_path / "log.key").stat().st_size
    assert synced == [(False, size), (True, tmp_path.stat().st_size)]


def test_a_failure_while_writing_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="No space"):
        keys.create_signer(tmp_path / "log.key", "log")
    assert list(tmp_path.iterdir()) == []
