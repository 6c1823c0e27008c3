"""Changing the master key of personal data from the command line."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from adapters.bootstrap import build
from adapters.settings import Settings
from mingpai import main

PERSONS = [UUID(int=number) for number in (1, 2)]


def test_the_master_key_is_changed_and_everything_still_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGPAI_HOME", str(tmp_path))
    house = build(Settings.at(tmp_path))
    sealed = [house.sealing.seal(person, "phone", "13912345678") for person in PERSONS]
    house.close()
    before = (tmp_path / "master.key").read_bytes()
    for _ in range(2):
        done = CliRunner().invoke(main, ["keys", "rotate"])
        assert (done.exit_code, done.output) == (0, "已换主密钥，重新封装了 2 把个人密钥\n")
    assert (tmp_path / "master.key").read_bytes() != before
    assert not (tmp_path / "master.key.next").exists()
    house = build(Settings.at(tmp_path))
    assert [house.sealing.reveal(each) for each in sealed] == ["13912345678"] * 2
    house.close()


def test_without_a_master_key_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGPAI_HOME", str(tmp_path))
    done = CliRunner().invoke(main, ["keys", "rotate"])
    assert (done.exit_code, list(tmp_path.iterdir())) == (1, [])
