"""Commands for auditors and for those whom data is about: trace, bundles, persons."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from adapters.asof import position_of
from web.cli.shared import FILE, OUT, as_json, as_of, open_house, refuse, show, table

if TYPE_CHECKING:
    from adapters.bootstrap import House
    from domain.values import Mandate

HEADINGS = ("环节", "位置", "时间", "办理", "事项", "内容")


@click.command()
@click.argument("grant")
@click.option("--bundle", type=OUT, help="Write everything an auditor needs to one zip.")
@click.option("--unseal", help="The reason for which personal values are unsealed in the bundle.")
@click.option("--as", "username", help="The auditor who unseals them; asked for the password.")
@as_of
@as_json
def trace(
    grant: str,
    bundle: Path | None,
    unseal: str | None,
    username: str | None,
    as_of: str | None,
    plain: bool,
) -> None:
    """One subsidy from its rule to its use; GRANT is its id, or the naming number if it has one."""
    from adapters.audit.bundle import make_bundle
    from adapters.audit.trace import table as rows_of
    from adapters.audit.trace import trace as chain

    with open_house() as house:
        position = position_of(as_of, house.queries)
        grant = _grant(house, grant)
        found = chain(house, grant, as_of=position)
        if bundle is not None:
            mandate = _mandate(house, username, unseal)
            made = make_bundle(house, mandate, grant, bundle, as_of=position, reason=unseal)
    if plain:
        show(found.document)
    else:
        table(HEADINGS, [tuple(row) for row in rows_of(found.document)])
    if bundle is not None:
        click.echo(f"审计包 {made.path}：{made.events} 条事件，公钥 {made.vkey}", err=True)
        for missing in made.absent:
            click.echo(f"缺 {missing}", err=True)


def _grant(house: House, named: str) -> str:
    """The id of a grant, or of the only grant of a naming number."""
    found = house.queries.listed("grants", filters={"number": named}, limit=50)["items"]
    if len(found) > 1:
        lines = [f"{each['id']}  {each['payer_name']}" for each in found]
        refuse(f"命名“{named}”有 {len(found)} 笔补助，请指明编号：", *lines)
    return str(found[0]["id"]) if found else named


def _mandate(house: House, username: str | None, unseal: str | None) -> Mandate:
    """The operator may bundle what stays sealed; only a named auditor unseals."""
    from adapters import operators
    from adapters.audit.auditor import auditor

    if username is None:
        if unseal is not None:
            raise click.UsageError("--unseal 须与 --as 一并给出：由具名的经审人员解封")
        return operators.mandate(house)
    password = click.prompt(f"{username} 的密码", hide_input=True, err=True)
    return auditor(house, username, password)


@click.group()
def audit() -> None:
    """Checking what others handed over."""


@audit.command("verify-bundle")
@click.argument("file", type=FILE)
@click.option("--key", required=True, help="The log's public key (vkey line).")
@as_json
def verify_bundle(file: Path, key: str, plain: bool) -> None:
    """Check an auditor's bundle with nothing but the file and the key."""
    from adapters.audit import verify

    report = verify.verify_bundle(file, key)
    if plain:
        show(asdict(report))
    else:
        click.echo("\n".join(report.lines))
    if not report.ok:
        refuse(f"核验不通过：{report.fault}")
    click.echo("核验通过", err=plain)


@click.group()
def person() -> None:
    """What is held on a person."""


@person.command("export")
@click.argument("id", type=click.UUID)
def person_export(id: UUID) -> None:
    """All that is held on a person, as JSON; that it was handed out is recorded."""
    from adapters import operators
    from adapters.audit.persons import export_person

    with open_house() as house:
        show(export_person(house, operators.mandate(house), id))


@person.command("erase")
@click.argument("id", type=click.UUID)
@click.option("--reason", default="本人要求删除", show_default=True)
@click.confirmation_option(prompt="销毁密钥后无法恢复，确定删除该人员的个人信息吗？")
def person_erase(id: UUID, reason: str) -> None:
    """Destroy a person's key; reports what stays by law, and why."""
    from adapters import operators
    from adapters.audit.persons import erase_person

    with open_house() as house:
        show(erase_person(house, operators.mandate(house), id, reason).as_dict())
