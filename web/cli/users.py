"""Commands on accounts, for the operator of the machine."""

from __future__ import annotations

import click

from web.cli.shared import open_house


@click.group()
def user() -> None:
    """Accounts, for the operator of the machine."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--organisation", required=True, help="Id of the organisation.")
@click.option("--role", required=True, help="administrator, city_officer, recommending_union, …")
@click.password_option()
def user_add(username: str, name: str, organisation: str, role: str, password: str) -> None:
    """Open an account with one role."""
    from adapters import operators

    with open_house() as house:
        operators.add(house, username, name, organisation, role, password)
    click.echo(f"已开通 {username}")


@user.command("disable")
@click.argument("username")
@click.option("--reason", required=True)
def user_disable(username: str, reason: str) -> None:
    """Stop an account from acting."""
    from adapters import operators

    with open_house() as house:
        operators.disable(house, username, reason)
    click.echo(f"已停用 {username}")


@user.command("passwd")
@click.argument("username")
@click.password_option()
def user_passwd(username: str, password: str) -> None:
    """Set a new password; the account's sessions end."""
    from adapters import operators

    with open_house() as house:
        operators.set_password(house, username, password)
    click.echo(f"已更改 {username} 的密码")
