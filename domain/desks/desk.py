"""What the desks share: the register, permissions on the organisation tree, and people's data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.errors import Forbidden, Invalid
from domain.policy.policy import Policy
from domain.sealed import Sealed
from domain.values import PERSONAL_FIELDS, ROLE_NAMES, Mandate, Person, PolicyRef, Role

if TYPE_CHECKING:
    from domain.register import Register

RESERVED = frozenset({"_type_", "_data_"})


class Desk:
    """A group of use cases on the register."""

    def __init__(self, register: Register) -> None:
        self.register = register

    def policy(self, id: str) -> Policy:
        """A policy pack by its id; Invalid where there is none."""
        if id not in self.register.policies:
            raise Invalid("policy_unknown", f"没有政策“{id}”", field="policy")
        return self.register.policies[id]

    def person(self, id: UUID, data: Mapping[str, Any]) -> Person:
        """A person from input: `name`, open details, and personal values, which are sealed."""
        name = data.get("name")
        if not isinstance(name, str) or not name.strip():
            raise Invalid("name_missing", "姓名不能为空", field="name")
        sealed = [self.seal(id, key, data[key]) for key in sorted(PERSONAL_FIELDS & set(data))]
        details = {
            key: value
            for key, value in data.items()
            if key not in PERSONAL_FIELDS | {"name", "id"} and isinstance(value, str)
        }
        return Person(id, name.strip(), details, tuple(s for s in sealed if s is not None))

    def seal(self, subject: UUID, field: str, value: Any) -> Sealed | None:
        """One personal value under its subject's key; nothing for an empty one."""
        if value is None or value == "":
            return None
        return self.register.sealing.seal(subject, field, str(value))

    def sealed_dossier(
        self, dossier: Mapping[str, Any], subject: UUID, personal: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        """A dossier in which every personal value is sealed under its subject's key.

        Personal are the values that are so everywhere, and those that the policy's form marks.
        """
        return self._sealed_keys(dossier, subject, PERSONAL_FIELDS | personal)

    def _sealed_keys(
        self, part: Mapping[str, Any], subject: UUID, names: frozenset[str]
    ) -> dict[str, Any]:
        return {
            key: self.seal(subject, key, value)
            if key in names and not isinstance(value, (dict, list))
            else self._sealed_part(value, subject, names)
            for key, value in part.items()
        }

    def _sealed_part(self, value: Any, subject: UUID, names: frozenset[str]) -> Any:
        if isinstance(value, dict):
            return self._sealed_keys(value, subject, names)
        if isinstance(value, list):
            # People in a list are other people: each gets a key, so that each can be erased alone.
            return [
                self._sealed_part(item, self._subject_of(item, subject, names), names)
                for item in value
            ]
        return value

    def _subject_of(self, item: Any, subject: UUID, names: frozenset[str]) -> UUID:
        own = isinstance(item, dict) and "name" in item and names & set(item)
        return self.register.new_id() if own else subject


def require(mandate: Mandate, roles: Role | Iterable[Role], lineage: Iterable[UUID]) -> None:
    """Refuse unless the mandate's role is one of these and its organisation is in the lineage.

    A lineage is an organisation and everything above it: a role covers what stands below.
    """
    allowed = (roles,) if isinstance(roles, Role) else tuple(roles)
    if mandate.role not in allowed:
        names = "、".join(ROLE_NAMES[role] for role in allowed)
        raise Forbidden("role_required", f"须由{names}办理", roles=[role.value for role in allowed])
    if mandate.organisation not in tuple(lineage):
        raise Forbidden("outside_scope", "不在您所在组织的管辖范围内")


def by_rule(mandate: Mandate) -> None:
    """Refuse unless a rule acts by itself, because its time has come."""
    if mandate.role is not Role.RULE:
        raise Forbidden("rule_only", "此项由系统依规自动办理")


def policy_ref(policy: Policy) -> PolicyRef:
    """Which rules, exactly, a decision was made under."""
    return PolicyRef(policy.id, policy.version, policy.digest)


def refuse_reserved(value: Any) -> None:
    """Refuse keys that the log's encoding keeps for itself, at any depth."""
    if isinstance(value, Mapping):
        if found := RESERVED & set(value):
            raise Invalid("reserved_key", f"不允许的字段名“{min(found)}”", field=min(found))
        for item in value.values():
            refuse_reserved(item)
    elif isinstance(value, list):
        for item in value:
            refuse_reserved(item)
