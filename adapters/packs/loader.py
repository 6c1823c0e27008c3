"""A pack file as a Policy. Whatever is wrong is told with file, line and field; nothing is guessed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from marshmallow import ValidationError

from adapters.packs.reading import Located, PackError, Problem, read_text, walk
from adapters.packs.schemas import schema_for
from adapters.packs.yaml_lines import parse_yaml
from domain.policy.assembly import assembled
from domain.policy.consistency import faults_of
from domain.policy.policy import Policy
from domain.policy.shapes import FORBIDDEN_KEYS, Fault, Path

PACKS = FilePath(__file__).parent
"""Where the packs that ship with us are."""


def load_pack(path: FilePath) -> Policy:
    """The policy of a pack file. Raises PackError."""
    return _policy(str(path), read_text(path))


@lru_cache(maxsize=64)
def _policy(file: str, text: str) -> Policy:
    """The policy of a file's text, which is always the same; to make it takes up to a tenth of a second."""
    read = parse_yaml(file, text)
    read.refuse(
        Fault(at, "不允许使用的键") for at, name in walk(read.value) if name in FORBIDDEN_KEYS
    )
    try:
        policy: Policy = schema_for(Policy)().load(read.value)
    except ValidationError as error:
        raise PackError(_problems(read, error)) from error
    read.refuse(faults_of(policy))
    return assembled(replace(policy, digest=digest_of(read.value)))


def load_packs(directory: FilePath = PACKS) -> Mapping[str, Policy]:
    """Every pack of a directory by its id. Raises PackError with the problems of all files."""
    policies: dict[str, Policy] = {}
    problems: list[Problem] = []
    for path in sorted(directory.glob("*.yaml")):
        try:
            policy = load_pack(path)
        except PackError as error:
            problems += error.problems
            continue
        if policy.id in policies:
            problems.append(Problem(str(path), 1, "id", f"编号 {policy.id} 与另一文件重复"))
        policies[policy.id] = policy
    if problems:
        raise PackError(problems)
    return policies


def find_pack(name: str, directory: FilePath = PACKS) -> Policy:
    """The policy of a file, or of an id or document number. Raises PackError."""
    if name.endswith((".yaml", ".yml")) or "/" in name:
        return load_pack(FilePath(name))
    policies = load_packs(directory)
    for policy in policies.values():
        if name in {policy.id, policy.document.number}:
            return policy
    known = "、".join(policies)
    raise PackError([Problem(name, 1, "", f"没有这个政策包；可选：{known}")])


def digest_of(content: Any) -> str:
    """SHA-256 in hex of a pack's content: keys sorted, null keys left out, layout and notes gone."""
    text = json.dumps(
        _canonical(content), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _canonical(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    return value


def _problems(read: Located, error: ValidationError) -> Iterator[Problem]:
    for path, message in _flat(error.messages, ()):
        yield read.problem(Fault(path, message))


def _flat(messages: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _flat(inner, path if name == "_schema" else (*path, name))
    elif isinstance(messages, list):
        for message in messages:
            yield path, str(message)
