"""What the READMEs tell people to type works: every command in a ```console block is executed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh.md")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def commands(document: str) -> list[str]:
    """The `$ …` lines of every console block; a line that ends in a backslash goes on in the next."""
    text = "".join(BLOCK.findall((ROOT / document).read_text("utf-8")))
    joined = text.replace("\\\n", " ")
    return [line.removeprefix("$ ") for line in joined.splitlines() if line.startswith("$ ")]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder to type in: it sees the project's folders, and what a command writes stays here."""
    for name in ("adapters", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def test_every_command_in_the_readme_works(desk: Path) -> None:
    # Both READMEs show the same commands, which another test asserts.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MINGPAI_")}
    environment = {**kept, "PATH": path, "MINGPAI_HOME": str(desk / "var")}
    for command in commands(READMES[0]):
        if command.startswith("mingpai "):
            done = subprocess.run(
                command,
                shell=True,
                cwd=desk,
                env=environment,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("document", READMES)
def test_the_readme_names_only_commands_that_are_tested(document: str) -> None:
    # `make` targets are checked against the Makefile in test_house.
    assert {command.split()[0] for command in commands(document)} <= {"make", "mingpai"}


def test_both_readmes_show_the_same_commands() -> None:
    assert commands("README.zh.md") == commands("README.md")
