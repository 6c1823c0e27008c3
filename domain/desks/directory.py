"""Desk: organisations and accounts, and the mandate under which a person acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from domain.desks.desk import Desk, require
from domain.errors import Forbidden, Invalid, OutOfOrder
from domain.matters import KINDS
from domain.model.account import Account, account_id
from domain.model.organisation import Kind, Organisation
from domain.policy.model import keys_of
from domain.policy.timing import Timing
from domain.values import ROLE_NAMES, Actor, Mandate, Role

HOLDERS = {
    Role.CITY_OFFICER: (Kind.FEDERATION,),
    Role.RECOMMENDING_UNION: (Kind.FEDERATION, Kind.RECOMMENDING_UNION),
}
"""Which organisations have officers of a role, so that no unit makes itself the city."""


class Directory(Desk):
    """Who exists, who belongs where, and who may act."""

    def mandate(
        self,
        account: UUID,
        *,
        role: Role,
        organisation: UUID,
        at: datetime,
        request_id: str,
        seen: Mapping[UUID, int] | None = None,
    ) -> Mandate:
        """The authority of an account in one of its roles; Forbidden where it does not hold it."""
        bare = Mandate(Actor(account, organisation), role, at, request_id)
        found = self.register.get(Account, account, bare)
        found.require(role, organisation)
        return Mandate(
            Actor(account, organisation), role, at, request_id, found.affiliations, seen or {}
        )

    def found(self, mandate: Mandate, *, name: str, code: str) -> UUID:
        """Put a federation at the root of a tree of its own; only set-up may."""
        if mandate.role is not Role.RULE:
            raise Forbidden("setup_only", "联合会只能在初始化时建立")
        return self._organisation(mandate, name, Kind.FEDERATION, None, code)

    def register_organisation(
        self, mandate: Mandate, *, name: str, kind: Kind, parent: UUID, code: str
    ) -> UUID:
        """Put an organisation into the tree below another."""
        above = self.register.get(Organisation, parent, mandate)
        if mandate.role is not Role.RULE:
            require(mandate, (Role.ADMINISTRATOR, Role.CITY_OFFICER), above.lineage)
        return self._organisation(mandate, name, kind, above, code)

    def _organisation(
        self, mandate: Mandate, name: str, kind: Kind, above: Organisation | None, code: str
    ) -> UUID:
        if not name.strip():
            raise Invalid("name_missing", "名称不能为空", field="name")
        id = self.register.new_id()
        organisation = Organisation.register(
            mandate, id, name=name.strip(), kind=kind, above=above, code=code
        )
        self.register.save(organisation)
        return id

    def rename_organisation(self, mandate: Mandate, id: UUID, name: str) -> None:
        """Give an organisation another name; its place in the tree stays."""
        organisation = self.register.get(Organisation, id, mandate)
        require(mandate, Role.ADMINISTRATOR, organisation.lineage)
        organisation.rename(name)
        self.register.save(organisation)

    def set_timing(self, mandate: Mandate, id: UUID, timing: Timing) -> None:
        """Set when the people of a federation are reminded of what is due."""
        organisation = self.register.get(Organisation, id, mandate)
        require(mandate, (Role.ADMINISTRATOR, Role.CITY_OFFICER), organisation.lineage)
        for at, each in enumerate(timing.reminders):
            if each.kind not in KINDS:
                raise Invalid(
                    "kind_unknown", f"没有“{each.kind}”这类事项", field=f"reminders[{at}].kind"
                )
        organisation.set_timing(keys_of(timing))
        self.register.save(organisation)

    def close_organisation(self, mandate: Mandate, id: UUID, reason: str) -> None:
        """Close an organisation; nothing new is put below it."""
        organisation = self.register.get(Organisation, id, mandate)
        require(mandate, Role.ADMINISTRATOR, organisation.lineage[1:] or organisation.lineage)
        organisation.close(reason)
        self.register.save(organisation)

    def open_account(self, mandate: Mandate, *, username: str, name: str, home: UUID) -> UUID:
        """Open an account at its home organisation; user names are unique for ever."""
        organisation = self.register.get(Organisation, home, mandate)
        if mandate.role is not Role.RULE:
            require(mandate, Role.ADMINISTRATOR, organisation.lineage)
        if not username.strip() or not name.strip():
            raise Invalid("name_missing", "用户名和姓名不能为空", field="username")
        if self.register.exists(account_id(username)):
            raise OutOfOrder("username_taken", f"用户名“{username}”已被使用", field="username")
        account = Account.open(mandate, username=username, name=name, home=home)
        self.register.save(account)
        return account.id

    def grant_role(self, mandate: Mandate, account: UUID, role: Role, organisation: UUID) -> None:
        """Give an account a role on an organisation and all that stands below it."""
        found = self._administered(mandate, account, organisation)
        place = self.register.get(Organisation, organisation, mandate)
        if place.kind not in HOLDERS.get(role, tuple(Kind)):
            raise Invalid(
                "role_not_for_kind", f"“{place.name}”不能设“{ROLE_NAMES[role]}”", field="role"
            )
        found.grant(role, organisation)
        self.register.save(found)

    def revoke_role(self, mandate: Mandate, account: UUID, role: Role, organisation: UUID) -> None:
        """Take a role away; what was done under it stays. Nobody takes away their own."""
        _require_another(mandate, account)
        found = self._administered(mandate, account, organisation)
        found.revoke(role, organisation)
        self.register.save(found)

    def disable_account(self, mandate: Mandate, account: UUID, reason: str) -> None:
        """Stop another's account from acting, with authority over every place it has a role on."""
        _require_another(mandate, account)
        found = self.register.get(Account, account, mandate)
        for place in sorted(found.affiliations):
            found = self._administered(mandate, account, place)
        found.disable(reason)
        self.register.save(found)

    def enable_account(self, mandate: Mandate, account: UUID) -> None:
        """Let an account act again."""
        found = self.register.get(Account, account, mandate)
        found = self._administered(mandate, account, found.home)
        found.enable()
        self.register.save(found)

    def _administered(self, mandate: Mandate, account: UUID, organisation: UUID) -> Account:
        place = self.register.get(Organisation, organisation, mandate)
        if mandate.role is not Role.RULE:
            require(mandate, Role.ADMINISTRATOR, place.lineage)
        return self.register.get(Account, account, mandate)


def _require_another(mandate: Mandate, account: UUID) -> None:
    """The last administrator must not lock everyone out, nor anyone undo what binds them."""
    if mandate.account == account:
        raise Forbidden("own_account", "不能停用自己的账号或撤销自己的角色")
