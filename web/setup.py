"""The beginning: a link that is printed once lets the first administrator found the federation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from adapters.bootstrap import House
from adapters.commits import Commits
from adapters.credentials import Credentials, require_good
from domain.errors import Forbidden, Invalid
from domain.model.account import account_id
from domain.values import Actor, Mandate, Role

RULE = "setup"


def ensure_setup_token(house: House, credentials: Credentials | None = None) -> str | None:
    """A new secret for the link /setup/<secret> while there is no administrator yet, else None."""
    if is_set_up(house):
        return None
    return (credentials or Credentials(house.engine)).new_setup_link(house.clock())


def is_set_up(house: House) -> bool:
    """Whether there is an administrator, however they came to be one."""
    found = house.queries.listed("roles", filters={"role": Role.ADMINISTRATOR.value}, limit=1)
    return bool(found["items"])


def set_up(
    house: House,
    credentials: Credentials,
    *,
    token: str,
    federation: dict[str, str],
    username: str,
    name: str,
    password: str,
) -> tuple[UUID, UUID]:
    """Found a federation with its first administrator; returns the ids of both.

    Each step is recorded once, so that a set-up which was cut off goes on where it stopped. Raises Forbidden for a
    link that is wrong or used up.
    """
    if is_set_up(house) or not credentials.is_setup_link(token):
        raise Forbidden("setup_link_invalid", "初始化链接无效或已使用", field="token")
    require_good(password)
    directory, at = house.register.directory, house.clock()
    root = _once(house, "federation", lambda m: directory.found(m, **federation))
    account = _once(
        house,
        "account",
        lambda m: directory.open_account(m, username=username, name=name, home=root),
    )
    if account != account_id(username):
        raise Invalid(
            "setup_begun", "初始化已用另一用户名开始，请用同一用户名继续", field="username"
        )
    credentials.set_password(account, password, at)
    # The administrator's role comes last: it ends the set-up.
    for role in (Role.CITY_OFFICER, Role.ADMINISTRATOR):
        _once(house, role.value, partial(_grant, house, account, role, root))
    credentials.use_up_setup_link()
    return root, account


def _once(house: House, step: str, act: Callable[[Mandate], object]) -> UUID:
    """Do a step unless it was done before; returns the id of the record that it is about."""
    request_id, commits = f"{RULE}:{step}", Commits(house.engine, house.register)
    if not commits.of(request_id):
        act(Mandate(Actor(None, None, RULE), Role.RULE, house.clock(), request_id))
    found: UUID = commits.of(request_id)[0].event.originator_id
    return found


def _grant(house: House, account: UUID, role: Role, root: UUID, mandate: Mandate) -> None:
    house.register.directory.grant_role(mandate, account, role, root)
