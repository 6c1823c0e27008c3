"""Dossier files: read with lines, checked against a category."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

from adapters.packs.json_lines import read_json
from domain.policy.dossier import problems
from domain.policy.policy import Category


def load_dossier(path: FilePath, category: Category) -> dict[str, Any]:
    """A dossier file that has every key of the category and no other. Raises PackError."""
    read = read_json(path)
    read.refuse(problems(category, read.value))
    return dict(read.value)
