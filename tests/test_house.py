"""The house rules: sizes, locks, imports, and nothing committed that belongs to one machine only."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("domain", "adapters", "jobs", "web")
FRONT_DOOR = "mingpai.py"
LOCKS = sorted(ROOT.glob("requirements*.txt"))
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40

# Written so that this file does not contain what it looks for.
INDEX_HOSTS = re.compile(
    r"py(?:pi)[.]|python(?:hosted)[.]|registry[.]npm|anaconda[.](?:org|com)", re.I
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work/(?:main|shared)|opt/(?:wheels|pypi[\w-]*))/"
)


def committed() -> list[Path]:
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def source_files() -> list[Path]:
    """Every module of the rooms, and the front door once it is there."""
    rooms = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [*rooms, *ROOT.glob(FRONT_DOOR)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    "pattern", [INDEX_HOSTS, MACHINE_PATHS], ids=["package_index", "path_of_this_machine"]
)
def test_no_committed_file_names(pattern: re.Pattern[str]) -> None:
    found = []
    for path in committed():
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{name_of(path)}: {match.group()}" for match in pattern.finditer(text)]
    assert found == []


def test_a_module_is_read_in_one_sitting() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in source_files()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_a_function_fits_on_a_screen() -> None:
    too_long = {}
    for path in source_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    too_long[f"{name_of(path)}:{node.lineno} {node.name}"] = lines
    assert too_long == {}


def test_every_folder_of_modules_is_a_package_that_gets_installed() -> None:
    folders = {path.parent for path in source_files() if path.name != FRONT_DOOR}
    assert [name_of(path) for path in sorted(folders) if not (path / "__init__.py").exists()] == []


def test_every_file_of_the_rooms_is_installed_with_them() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns: dict[str, list[str]] = settings["tool"]["setuptools"]["package-data"]
    left_out = []
    for path in committed():
        room, _, rest = name_of(path).partition("/")
        if room in ROOMS and path.suffix != ".py":
            globs = [pattern.replace("**", "*") for pattern in patterns.get(room, [])]
            if not any(fnmatch(rest, pattern) for pattern in globs):
                left_out.append(name_of(path))
    assert left_out == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_exactly_with_hashes_and_without_addresses(lock: Path) -> None:
    text = lock.read_text("utf-8")
    entries = [entry.split() for entry in text.replace("\\\n", " ").splitlines() if entry.strip()]
    loose = [entry[0] for entry in entries if not re.fullmatch(r"[a-z0-9.-]+==[\w.!+]+", entry[0])]
    unhashed = [entry[0] for entry in entries if not entry[-1].startswith("--hash=sha256:")]
    assert entries != []
    assert (loose, unhashed, text.count("://"), text.count("--index")) == ([], [], 0, 0)


def test_two_locks_never_disagree_about_a_version() -> None:
    pins: dict[tuple[str, str], set[str]] = {}
    for lock in LOCKS:
        text = lock.read_text("utf-8")
        # For one package the version may depend on the Python that runs it: that is the marker.
        for name, version, marker in re.findall(r"^([a-z0-9.-]+)==(\S+)(.*) \\$", text, re.M):
            pins.setdefault((name, marker.strip()), set()).add(version)
    assert {pin: versions for pin, versions in pins.items() if len(versions) > 1} == {}


@pytest.mark.parametrize("document", ["README.md", "README.zh.md"])
def test_the_makefile_has_every_target_that_is_written_about(document: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    named = set(re.findall(r"(?:`|\$ )make ([a-z]+)", (ROOT / document).read_text("utf-8")))
    assert {"run", "test"} <= named
    assert named - targets == set()


def test_the_front_door_reaches_databases_and_pages_through_the_rooms_only() -> None:
    kept_out = {"sqlalchemy", "alembic", "psycopg", "sqlite3", "flask", "werkzeug"}
    imported: set[str] = set()
    for path in ROOT.glob(FRONT_DOOR):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    assert imported & kept_out == set()


TRESPASSES = {
    "domain": "import web\nimport ruamel.yaml\n",
    "adapters": "import mingpai\nfrom flask import Flask\n",
    "jobs": "import sqlite3\n",
    "web": "",
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_import_rules_bite(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"))
    for room, trespass in TRESPASSES.items():
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text(trespass)
    outcome = lint_imports(tmp_path)
    assert outcome.returncode == 1
    assert re.findall(r"^Contracts: (.+)\.$", outcome.stdout, re.M) == ["0 kept, 5 broken"]


def test_the_import_rules_hold() -> None:
    outcome = lint_imports(ROOT)
    assert outcome.returncode == 0, outcome.stdout
