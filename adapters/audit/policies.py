"""The policy pack as it was used: found again by the digest that the events carry."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from adapters.audit.archive import Member
from adapters.packs.loader import PACKS
from adapters.packs.reading import PackError
from adapters.packs.yaml_lines import read_yaml


def pack_members(own: Path, digest: str) -> list[Member]:
    """The pack of this digest as two members: its content, which the digest is of, and the file itself.

    Looked for among the federation's own packs and those that ship with the register; none if it is not there any more.
    """
    for folder in (own, PACKS):
        for path in sorted(folder.glob("*.yaml")):
            content = _content(path)
            if content is not None and hashlib.sha256(content).hexdigest() == digest:
                name = f"policy/{digest}"
                return [Member.of(f"{name}.json", content), Member.at(f"{name}.yaml", path)]
    return []


def _content(path: Path) -> bytes | None:
    """What a pack's digest is computed of (see `digest_of`); None for a file that is no pack."""
    try:
        read = read_yaml(path).value
    except PackError:
        return None
    text = json.dumps(_set(read), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _set(value: Any) -> Any:
    """Without the keys that are null."""
    if isinstance(value, dict):
        return {name: _set(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_set(item) for item in value]
    return value
