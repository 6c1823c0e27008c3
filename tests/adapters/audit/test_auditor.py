"""Who may unseal at the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from adapters.audit.auditor import auditor
from adapters.audit.bundle import make_bundle
from adapters.credentials import Credentials
from domain.errors import Forbidden
from domain.values import Role
from tests.adapters.audit.scene import Town, members

PASSWORD = "correct horse battery"  # not a secret: no house outlives its test
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def signed_up(town: Town, *names: str) -> Credentials:
    credentials = Credentials(town.house.engine, hasher=CHEAP)
    for name in names:
        credentials.set_password(town.accounts[name][0], PASSWORD, town.now)
    return credentials


def test_an_auditor_unseals_with_the_own_password(town: Town, tmp_path: Path) -> None:
    credentials = signed_up(town, "auditor")
    mandate = auditor(town.house, "auditor", PASSWORD, credentials=credentials)
    assert (mandate.role, mandate.organisation) == (Role.AUDITOR, town.city)
    made = make_bundle(town.house, mandate, town.grant, tmp_path / "b.zip", reason="审计")
    assert "unsealed.json" in members(made.path)


@pytest.mark.parametrize(
    ("username", "password"),
    [("auditor", "wrong"), ("nobody", PASSWORD), ("officer", PASSWORD), ("unit0", PASSWORD)],
)
def test_nobody_else_does(town: Town, username: str, password: str) -> None:
    credentials = signed_up(town, "auditor", "unit0")
    with pytest.raises(Forbidden):
        auditor(town.house, username, password, credentials=credentials)


def test_the_operator_gets_a_bundle_but_unseals_nothing(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with pytest.raises(Forbidden):
        make_bundle(town.house, town.by(), town.grant, path, reason="好奇")
    assert not path.exists()
    assert "unsealed.json" not in members(town.bundle(path, None).path)
