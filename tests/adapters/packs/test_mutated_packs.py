"""Packs mutated at random: refused at the right line, or loaded, and never anything else."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from adapters.packs.loader import PACKS, load_pack
from adapters.packs.reading import PackError, Problem
from adapters.packs.yaml_lines import read_yaml

ALL = [*sorted(PACKS.glob("*.yaml")), Path(__file__).with_name("linhai-2025.yaml")]


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "pack.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(folder: Path, text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(PackError) as refusal:
        load_pack(written(folder, text))
    return [(each.line, each.field, each.message) for each in refusal.value.problems]


def told(path: Path) -> tuple[Problem, ...]:
    """What is wrong with a pack file; nothing if it loads. Any other error is a fault of ours."""
    try:
        load_pack(path)
    except PackError as refusal:
        return refusal.problems
    return ()


@cache
def plain(path: Path) -> Any:
    return read_yaml(path).value


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every mapping and leaf."""
    yield path
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places(item, (*path, name))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from places(item, (*path, at))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@cache
def mappings(path: Path) -> list[tuple[Any, ...]]:
    return [each for each in places(plain(path)) if isinstance(at(plain(path), each), dict)]


@cache
def leaves(path: Path) -> list[tuple[Any, ...]]:
    found = places(plain(path))
    return [each for each in found if each and not isinstance(at(plain(path), each), dict | list)]


def dumped(value: Any) -> str:
    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 10_000
    yaml.representer.ignore_aliases = lambda _: True
    yaml.dump(value, out)
    return out.getvalue()


QUIET = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUIET
@given(data=st.data(), path=st.sampled_from(ALL))
def test_an_unknown_key_at_any_level_is_refused_at_its_line(
    tmp_path: Path, data: st.DataObject, path: Path
) -> None:
    where = data.draw(st.sampled_from(mappings(path)))
    value = copy.deepcopy(plain(path))
    at(value, where)["zz_unknown"] = 1
    text = dumped(value)
    line = next(n for n, each in enumerate(text.split("\n"), 1) if "zz_unknown" in each)
    found = problems(tmp_path, text)
    assert [(each[0], each[1].rsplit(".", 1)[-1]) for each in found] == [(line, "zz_unknown")]


@QUIET
@given(data=st.data(), path=st.sampled_from(ALL))
def test_a_duplicate_key_at_any_level_is_refused(
    tmp_path: Path, data: st.DataObject, path: Path
) -> None:
    where = data.draw(st.sampled_from([each for each in mappings(path) if at(plain(path), each)]))
    value = copy.deepcopy(plain(path))
    name = data.draw(st.sampled_from(sorted(at(value, where))))
    inner = at(value, where)
    inner["zz_again"] = 1
    found = problems(tmp_path, dumped(value).replace("zz_again:", f"{name}:"))
    assert found[0][2].startswith("重复的键")


@QUIET
@given(
    data=st.data(),
    path=st.sampled_from(ALL),
    odd=st.sampled_from(
        [None, True, -1, 10**17, "", "\u3000", "1999-13-01", "x" * 6000, [], {}, [{}]]
    ),
)
def test_an_odd_value_anywhere_is_loaded_or_refused_with_a_line(
    tmp_path: Path, data: st.DataObject, path: Path, odd: Any
) -> None:
    where = data.draw(st.sampled_from(leaves(path)))
    value = copy.deepcopy(plain(path))
    at(value, where[:-1])[where[-1]] = odd
    target = written(tmp_path, dumped(value))
    assert all(each.line >= 1 and each.message for each in told(target))


@QUIET
@given(data=st.data(), path=st.sampled_from(ALL))
def test_a_key_taken_away_is_told_or_was_optional(
    tmp_path: Path, data: st.DataObject, path: Path
) -> None:
    where = data.draw(st.sampled_from([each for each in leaves(path) if isinstance(each[-1], str)]))
    value = copy.deepcopy(plain(path))
    del at(value, where[:-1])[where[-1]]
    target = written(tmp_path, dumped(value))
    assert all(each.line >= 1 and each.message for each in told(target))


@QUIET
@given(
    path=st.sampled_from(ALL),
    where=st.floats(0, 1),
    patch=st.binary(min_size=0, max_size=6),
    cut=st.integers(0, 6),
)
def test_damaged_bytes_never_break_the_reader(
    tmp_path: Path, path: Path, where: float, patch: bytes, cut: int
) -> None:
    content = path.read_bytes()
    start = int(where * len(content))
    target = written(tmp_path, content[:start] + patch + content[start + cut :])
    assert all(each.line >= 1 and each.message for each in told(target))
