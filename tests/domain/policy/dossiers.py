"""Dossiers for tests: every required key filled with something that fits, then changed by path."""

from __future__ import annotations

import copy
from datetime import date
from functools import cache
from typing import Any

from adapters.packs.loader import load_packs
from domain.policy.dossier import shape
from domain.policy.policy import Policy
from domain.policy.shapes import Choice, Day, Flag, Keys, Listing, Number, Shape, Text, Whole
from domain.policy.verdicts import Verdict


@cache
def policy(name: str) -> Policy:
    """One of the packs that ship."""
    return load_packs()[name]


def filled(name: str, category: str, **changes: Any) -> dict[str, Any]:
    """A dossier with every key; changes are by path, dots written as two underscores."""
    dossier: dict[str, Any] = _fill(shape(policy(name).category(category)))
    return changed(dossier, {path.replace("__", "."): each for path, each in changes.items()})


def changed(dossier: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy of a dossier with other values at some paths."""
    found = copy.deepcopy(dossier)
    for path, each in changes.items():
        *steps, last = path.split(".")
        place = found
        for step in steps:
            place = place[step]
        place[last] = each
    return found


def _fill(each: Shape) -> Any:
    match each:
        case Keys():
            return {name: _fill(of) for name, of in each.of.items() if name not in each.optional}
        case Listing(of=Choice(options=options)):
            return list(options)
        case Choice(options=options):
            return options[0]
        case Flag():
            return True
        case Day():
            return "2018-01-01"
        case Number() | Whole(least=0):
            return 5
        case Text(pattern=pattern):
            return "6.8632" if pattern else "文字"
    return []


def verdicts(name: str, category: str, dossier: dict[str, Any], on: str) -> dict[str, Verdict]:
    """The verdicts by the name of their condition."""
    found = policy(name).evaluate(category, dossier, date.fromisoformat(on))
    return {each.condition: each for each in found}


def outcomes(name: str, category: str, dossier: dict[str, Any], on: str) -> dict[str, str]:
    """The outcomes by the name of the condition."""
    return {key: each.outcome for key, each in verdicts(name, category, dossier, on).items()}


def photos(count: int) -> dict[str, Any]:
    """Some files of a material."""
    return {"files": [{"name": f"照片{at}.jpg"} for at in range(count)]}


def honour(name: str, level: str, year: int = 2018) -> dict[str, Any]:
    """An honour or title as dossiers have it."""
    return {"name": name, "level": level, "year": year}


def naming(level: str, name: str, on: str, **more: Any) -> dict[str, Any]:
    """An earlier naming as dossiers have it."""
    return {"level": level, "name": name, "on": on, **more}
