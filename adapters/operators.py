"""What the operator of the machine may do to accounts, recorded in the log as the operator's doing."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from adapters.bootstrap import House
from adapters.credentials import Credentials
from domain.errors import Invalid, NotFound
from domain.model.account import account_id
from domain.values import Actor, Mandate, Role

RULE = "operator"


def mandate(house: House) -> Mandate:
    """The operator's authority, which is that of whoever holds the machine."""
    return Mandate(Actor(None, None, RULE), Role.RULE, house.clock(), f"{RULE}-{uuid4()}")


def add(
    house: House, username: str, name: str, organisation: str, role: str, password: str
) -> UUID:
    """Open an account with one role and a password."""
    place, held = _id(organisation), _role(role)
    directory = house.register.directory
    account = directory.open_account(mandate(house), username=username, name=name, home=place)
    directory.grant_role(mandate(house), account, held, place)
    Credentials(house.engine).set_password(account, password, house.clock())
    return account


def disable(house: House, username: str, reason: str) -> None:
    """Stop an account from acting; its sessions end."""
    account = _known(house, username)
    house.register.directory.disable_account(mandate(house), account, reason)
    Credentials(house.engine).end_sessions(account)


def set_password(house: House, username: str, password: str) -> None:
    """Set a new password; the account's sessions end."""
    Credentials(house.engine).set_password(_known(house, username), password, house.clock())


def set_passwords(house: House, usernames: Iterable[str], password: str) -> None:
    """One password for many accounts, as the demonstration has it."""
    accounts = [_known(house, username) for username in usernames]
    Credentials(house.engine).set_passwords(accounts, password, house.clock())


def _known(house: House, username: str) -> UUID:
    account = account_id(username)
    if not house.register.exists(account):
        raise NotFound("account_unknown", f"没有账号“{username}”", field="username")
    return account


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("id_malformed", f"“{text}”不是组织编号", field="organisation") from None


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        known = "、".join(role.value for role in Role if role not in (Role.RULE, Role.PUBLIC))
        raise Invalid("role_unknown", f"角色须为：{known}", field="role") from None
