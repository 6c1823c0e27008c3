"""docs/trust.md promises nothing that no test shows."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "trust.md").read_text("utf-8")
NAMED = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE))


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {function.name for function in functions if function.name.startswith("test_")}


def test_every_test_that_is_named_exists() -> None:
    assert len(NAMED) > 20
    missing = [
        f"{file}::{name}"
        for file, name in sorted(NAMED)
        if not (ROOT / file).is_file() or name not in functions_of(ROOT / file)
    ]
    assert missing == []


def test_every_attack_that_is_tested_is_named() -> None:
    tested = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in (ROOT / "tests" / "tamper").glob("test_*.py")
        for name in functions_of(path)
    }
    assert tested - NAMED == set()


def test_every_attack_has_a_test_and_a_witness() -> None:
    rows = [line for line in PAGE.splitlines() if "`tests/tamper/" in line or "`tests/ad" in line]
    attacks = [row for row in rows if row.startswith("|")]
    assert all(row.count(" | ") == 2 and "::test_" in row for row in attacks)
