"""Commands that take whole files in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from domain.errors import Forbidden, Invalid, NotFound
from domain.values import ROLE_NAMES, Mandate, Role
from web.cli.shared import FILE, OUT, as_json, open_house, progress_bar, refuse, show

if TYPE_CHECKING:
    from adapters.bootstrap import House
    from adapters.imports.assessments import Import

ASSESSORS = [Role.CITY_OFFICER.value, Role.RECOMMENDING_UNION.value, Role.UNIT_UNION.value]
YEAR = click.IntRange(1949, 2999)


@click.group("import")
def imports() -> None:
    """Whole files taken in."""


def _template(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    """Write the workbook that was asked for, and stop."""
    if path is not None:
        from adapters.imports.template import write_template

        write_template(path)
        click.echo(f"空白表 → {path}")
        context.exit()


template = click.option(
    "--template",
    type=OUT,
    is_eager=True,
    expose_value=False,
    callback=_template,
    help="Write an empty workbook to fill in, and stop.",
)


@imports.command("assessments")
@click.argument("file", type=FILE)
@click.option("--year", type=YEAR, required=True, help="The year that was assessed.")
@click.option("--by", "username", required=True, help="User name of who files the results.")
@click.option("--role", type=click.Choice(ASSESSORS), required=True, help="In which role.")
@click.option("--organisation", type=click.UUID, help="Where, if the role is held at several.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be recorded.")
@template
@as_json
def import_assessments(
    *,
    file: Path,
    year: int,
    username: str,
    role: str,
    organisation: UUID | None,
    dry_run: bool,
    plain: bool,
) -> None:
    """A year's results from FILE (.xlsx, .csv or .jsonl); run it again where it was cut off."""
    from adapters.imports.assessments import Import

    with open_house() as house:
        who = _who(house, username, Role(role), organisation)
        with Import(house, who, year=year) as taken:
            with progress_bar("核对") as progress:
                sound = taken.check(file, progress)
            if sound:
                with progress_bar("试录" if dry_run else "录入") as progress:
                    taken.record(progress, keep=not dry_run)
            if plain:
                _show(taken, sound=sound)
            else:
                _tell(taken, sound=sound, dry_run=dry_run)


def _who(
    house: House, username: str, role: Role, organisation: UUID | None
) -> Callable[[], Mandate]:
    """Gives the mandate of an account in its role, for one request after the other."""
    account = house.queries.account_named(username)
    if account is None:
        raise NotFound("account_unknown", f"没有账号“{username}”", field="by")
    places = [UUID(each["organisation"]) for each in account["roles"] if each["role"] == role]
    if organisation is None and len(places) > 1:
        told = f"{username} 在多个组织担任{ROLE_NAMES[role]}，请用 --organisation 指明"
        raise Invalid("organisation_missing", told, field="organisation")
    if not places or organisation not in (None, *places):
        raise Forbidden("role_not_held", f"{username} 没有这个角色：{ROLE_NAMES[role]}")
    place = organisation or places[0]

    def mandate() -> Mandate:
        return house.register.directory.mandate(
            UUID(account["id"]),
            role=role,
            organisation=place,
            at=house.clock(),
            request_id=str(house.new_id()),
        )

    return mandate


def _tell(taken: Import, *, sound: bool, dry_run: bool) -> None:
    """What became of the file; exit code 1 where a row could not be recorded."""
    for each in taken.told():
        click.echo(f"第 {each.row} 行：{each.message}", err=True)
    if not sound:
        refuse(f"共 {taken.told_count} 处错误，没有录入任何结果")
    done = "试录（没有录入）" if dry_run else "录入"
    click.echo(
        f"共 {taken.rows} 行：{done} {taken.recorded}，此前已录入 {taken.already}，"
        f"冲突 {taken.told_count}；依规取消命名 {taken.de_named}"
    )
    if taken.told_count:
        refuse()


def _show(taken: Import, *, sound: bool) -> None:
    """The same as JSON."""
    counts = ("rows", "recorded", "already", "de_named")
    told = [each._asdict() for each in taken.told()]
    show(
        {
            **{name: getattr(taken, name) for name in counts},
            "conflicts" if sound else "faults": told,
        }
    )
    if told:
        refuse()
