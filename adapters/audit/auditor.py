"""An auditor at the machine: the operator may not read what is sealed, a person with the role and their password may."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from adapters.bootstrap import House
from adapters.credentials import Credentials
from domain.errors import Forbidden
from domain.model.account import account_id
from domain.values import Mandate, Role

UNSEALERS: Final = (Role.AUDITOR, Role.CITY_OFFICER)
"""In this order, where an account has several roles."""


def auditor(
    house: House, username: str, password: str, *, credentials: Credentials | None = None
) -> Mandate:
    """The mandate of an account for unsealing into a bundle. Raises Forbidden for a wrong password or no such role."""
    account = account_id(username)
    if not (credentials or Credentials(house.engine)).verify(account, password):
        raise Forbidden("sign_in_refused", "用户名或密码不正确")
    held = list(house.queries.every("roles", filters={"account": str(account)}))
    for role in UNSEALERS:
        for each in held:
            if each["role"] == role:
                return house.register.directory.mandate(
                    account,
                    role=role,
                    organisation=UUID(each["organisation"]),
                    at=house.clock(),
                    request_id=f"audit-{uuid4()}",
                )
    raise Forbidden("role_required", "须由经审人员或市总工会经办人办理")
