"""Desk: organisations and accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from adapters.packs.timing import read_timing
from domain.desks.desk import require
from domain.model.account import Account
from domain.model.organisation import Kind, Organisation
from domain.values import Mandate, Role
from web import auth
from web.api.session import ROLES
from web.blueprint import Blueprint
from web.commands import command
from web.context import house, queries, register, services
from web.fields import Choice, Command, Id, Reason, Strict, Words, known
from web.reads import Item, listing, record, require_visible

blueprint = Blueprint("directory", __name__, description="组织与账号")


class NewOrganisation(Command):
    """An organisation below another."""

    name = Words(100)
    kind = Choice(*(kind.value for kind in Kind))
    parent = Id()
    code = Words(50, least=0, load_default="")


class Name(Command):
    """A new name."""

    name = Words(100)


class NewTiming(Command):
    """When people are reminded; every key has a default."""

    timing = fields.Dict(
        keys=fields.String(),
        **known(metadata={"description": "keys of a federation's settings of passing time"}),
    )


class NewAccount(Command):
    """An account at its home organisation; the password is set by another request."""

    username = Words(100)
    name = Words(100)
    home = Id()


class RoleOn(Command):
    """A role on an organisation."""

    role = Choice(*ROLES)
    organisation = Id()


class Password(Strict):
    """A password given out by an administrator."""

    password = Words(1_000)


@command(
    blueprint, "/organisations", NewOrganisation, ids={"organisation": "organisation.registered"}
)
def register_organisation(mandate: Mandate, *, kind: str, **data: Any) -> None:
    """Put an organisation into the tree below another."""
    register().directory.register_organisation(mandate, kind=Kind(kind), **data)


@command(blueprint, "/organisations/<uuid:organisation>/rename", Name)
def rename_organisation(mandate: Mandate, organisation: UUID, name: str) -> None:
    """Give an organisation another name; its place in the tree stays."""
    register().directory.rename_organisation(mandate, organisation, name)


@command(blueprint, "/organisations/<uuid:organisation>/timing", NewTiming)
def set_timing(mandate: Mandate, organisation: UUID, timing: dict[str, Any]) -> None:
    """Set when the people of a federation are reminded of what is due."""
    register().directory.set_timing(mandate, organisation, read_timing(timing))


@command(blueprint, "/organisations/<uuid:organisation>/close", Reason)
def close_organisation(mandate: Mandate, organisation: UUID, reason: str) -> None:
    """Close an organisation; nothing new is put below it."""
    register().directory.close_organisation(mandate, organisation, reason)


@command(blueprint, "/accounts", NewAccount, ids={"account": "account.opened"})
def open_account(mandate: Mandate, **data: Any) -> None:
    """Open an account; user names are unique for ever."""
    register().directory.open_account(mandate, **data)


@command(blueprint, "/accounts/<uuid:account>/roles", RoleOn)
def grant_role(mandate: Mandate, account: UUID, role: str, organisation: UUID) -> None:
    """Give an account a role on an organisation and all that stands below it."""
    register().directory.grant_role(mandate, account, Role(role), organisation)


@command(blueprint, "/accounts/<uuid:account>/roles/revoke", RoleOn)
def revoke_role(mandate: Mandate, account: UUID, role: str, organisation: UUID) -> None:
    """Take a role away; what was done under it stays."""
    register().directory.revoke_role(mandate, account, Role(role), organisation)


@command(blueprint, "/accounts/<uuid:account>/disable", Reason)
def disable_account(mandate: Mandate, account: UUID, reason: str) -> None:
    """Stop an account from acting; its sessions end."""
    register().directory.disable_account(mandate, account, reason)
    services().credentials.end_sessions(account)


@command(blueprint, "/accounts/<uuid:account>/enable")
def enable_account(mandate: Mandate, account: UUID) -> None:
    """Let an account act again."""
    register().directory.enable_account(mandate, account)


@blueprint.put("/accounts/<uuid:account>/password")
@blueprint.arguments(Password)
@blueprint.response(204)
def set_password(data: dict[str, str], account: UUID) -> None:
    """Give an account a password; every place where it may act must be below one's own.

    Otherwise whoever administers a unit could act as the city's officer who belongs to it. Passwords are not in the log.
    """
    mandate = auth.mandate("password")
    found = register().get(Account, account, mandate)
    for place in {found.home, *(organisation for _, organisation in found.roles)}:
        lineage = register().get(Organisation, place, mandate).lineage
        require(mandate, Role.ADMINISTRATOR, lineage)
    services().credentials.set_password(account, data["password"], house().clock())


@listing(
    blueprint,
    "/organisations",
    "organisations",
    filters="kind parent federation recommender closed",
    sorts="name code",
)
def organisations() -> None:
    """Organisations at one's own and below it."""


@record(blueprint, "/organisations/<uuid:organisation>")
def show_organisation(organisation: str, as_of: int | None) -> Item:
    """An organisation, with what stands right below it and what it stands below."""
    found = queries().organisation(organisation, as_of=as_of)
    require_visible(found, "organisation_unknown")
    return found


@listing(
    blueprint, "/accounts", "accounts", filters="home disabled username", sorts="name username"
)
def accounts() -> None:
    """Accounts whose home is one's own organisation or below it."""


@record(blueprint, "/accounts/<uuid:account>")
def show_account(account: str, as_of: int | None) -> Item:
    """An account with its roles."""
    found = queries().account(account, as_of=as_of)
    require_visible(found, "account_unknown")
    return found
