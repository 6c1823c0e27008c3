"""Accounts: who may act, in which roles, on which organisations. Passwords are not in the log."""

from typing import Self
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from domain.errors import Forbidden, OutOfOrder
from domain.model.record import Record
from domain.values import ROLE_NAMES, Mandate, Role

ACCOUNTS = uuid5(NAMESPACE_URL, "urn:mingpai:account")


def account_id(username: str) -> UUID:
    """The id of the account with this user name: the name decides it, so no two can share one."""
    return uuid5(ACCOUNTS, username.strip().lower())


class Account(Record):
    """One person's access. A role is always held on an organisation and covers all below it."""

    TOPIC = "account"
    FIRST = "Opened"

    @event("Opened", topic="account.opened")
    def __init__(self, username: str, name: str, home: UUID) -> None:
        self.username = username
        self.name = name
        self.home = home
        self.roles: set[tuple[Role, UUID]] = set()
        self.disabled = False

    @classmethod
    def open(cls, mandate: Mandate, *, username: str, name: str, home: UUID) -> Self:
        """An account at its home organisation, with no role yet."""
        id = account_id(username)
        return cls.begin(mandate, id, username=username.strip().lower(), name=name, home=home)

    @property
    def affiliations(self) -> frozenset[UUID]:
        """Every organisation it belongs to, for recusal."""
        return frozenset({self.home, *(organisation for _, organisation in self.roles)})

    def require(self, role: Role, organisation: UUID) -> None:
        """Refuse unless the account is enabled and holds the role on the organisation."""
        if self.disabled:
            raise Forbidden("account_disabled", "账号已停用")
        if (role, organisation) not in self.roles:
            raise Forbidden("role_not_held", f"账号在该组织没有“{ROLE_NAMES[role]}”角色")

    def grant(self, role: Role, organisation: UUID) -> None:
        if role in (Role.RULE, Role.PUBLIC):
            raise Forbidden("role_not_grantable", "该角色不可授予", field="role")
        if (role, organisation) in self.roles:
            raise OutOfOrder("role_held", "账号已有该角色", field="role")
        self._granted(role=role.value, organisation=organisation)

    def revoke(self, role: Role, organisation: UUID) -> None:
        if (role, organisation) not in self.roles:
            raise OutOfOrder("role_not_held", "账号没有该角色", field="role")
        self._revoked(role=role.value, organisation=organisation)

    def disable(self, reason: str) -> None:
        if self.disabled:
            raise OutOfOrder("account_disabled", "账号已停用")
        self._disabled(reason=reason)

    def enable(self) -> None:
        if not self.disabled:
            raise OutOfOrder("account_enabled", "账号未停用")
        self._enabled()

    @event("RoleGranted", topic="account.role_granted")
    def _granted(self, role: str, organisation: UUID) -> None:
        self.roles.add((Role(role), organisation))

    @event("RoleRevoked", topic="account.role_revoked")
    def _revoked(self, role: str, organisation: UUID) -> None:
        self.roles.discard((Role(role), organisation))

    @event("Disabled", topic="account.disabled")
    def _disabled(self, reason: str) -> None:
        self.disabled = True

    @event("Enabled", topic="account.enabled")
    def _enabled(self) -> None:
        self.disabled = False
