"""What the register itself knows of a studio's namings, when a dossier tells of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from domain.model.studio import Studio
from domain.policy.policy import Policy
from domain.policy.shapes import normal

if TYPE_CHECKING:
    from domain.register import Register


def with_own_namings(
    register: Register,
    policy: Callable[[str], Policy],
    dossier: Mapping[str, Any],
    studio: Studio,
) -> dict[str, Any]:
    """The dossier with the namings that this register holds on the studio, and on those
    whose named years it inherits by decision.

    What the dossier tells of a naming that was taken away ends with it, whatever it says itself.
    """
    inherited = [each["studio"] for each in studio.predecessors if each["inherits"]]
    before = register.get_many(Studio, inherited, studio.mandate).values()
    own = [
        _record(policy, holder, number) for holder in (*before, studio) for number in holder.namings
    ]
    if not own:
        return dict(dossier)
    told = dossier.get("namings") or []
    if not isinstance(told, list):
        return dict(dossier)
    return {**dossier, "namings": [*(_ended(each, own) for each in told), *own]}


def _record(policy: Callable[[str], Policy], holder: Studio, number: str) -> dict[str, Any]:
    naming = holder.naming(number)
    record = {
        "level": naming.level,
        "name": policy(naming.policy.id).category(naming.category).honour,
        "on": naming.on.isoformat(),
        "studio_name": holder.name,
        "document": naming.document,
    }
    if naming.status == "de_named" and naming.ended_on is not None:
        record["revoked_on"] = naming.ended_on.isoformat()
    return record


def _ended(told: Any, own: list[dict[str, Any]]) -> Any:
    """A naming as the dossier tells it, with its end where it is one that the register ended."""
    if not isinstance(told, Mapping):
        return told
    same = [each for each in own if _same(told, each)]
    if not same or not all("revoked_on" in each for each in same):
        return told
    return {**told, "revoked_on": max(each["revoked_on"] for each in same)}


def _same(told: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Whether both tell of one naming: its level, and its day, document or title."""
    name = told.get("name")
    title = isinstance(name, str) and normal(name) and known["name"].endswith(normal(name))
    return told.get("level") == known["level"] and (
        bool(title)
        or told.get("on") == known["on"]
        or (bool(told.get("document")) and told.get("document") == known["document"])
    )
