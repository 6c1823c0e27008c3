"""Commands on policy packs, working days and calendars. They need no database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from adapters.packs import reports
from adapters.packs.loader import find_pack
from adapters.packs.terms import terms
from adapters.settings import Settings
from domain.values import SHANGHAI
from web.cli.shared import FILE, as_json, refuse, show, table

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def policy() -> None:
    """Policy packs: one notice as data. Needs no database."""


@policy.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def policy_check(files: tuple[Path, ...]) -> None:
    """Validate packs; problems as FILE:LINE: message."""
    good, problems = reports.checked(files)
    for line in good:
        click.echo(line)
    if problems:
        refuse(*map(str, problems))


@policy.command("show")
@click.argument("name")
@as_json
def policy_show(name: str, plain: bool) -> None:
    """A pack's clauses as a table; NAME is an id, a document number or a file."""
    found = find_pack(name)
    if plain:
        show(found.as_dict())
        return
    click.echo(reports.heading(found))
    table(reports.COLUMNS, reports.clauses(found))
    table(("事项", "条款", "原文"), [tuple(row) for row in terms(found)])
    for warning in found.warnings:
        click.echo(f"注意：{warning.message}")


@policy.command("evaluate")
@click.argument("name")
@click.argument("category")
@click.argument("dossier", type=click.Path(path_type=Path))
@click.option("--on", type=DAY, help="The day of filing (default: today).")
def policy_evaluate(name: str, category: str, dossier: Path, on: datetime | None) -> None:
    """One verdict a clause for a dossier, as JSON."""
    show(
        reports.evaluated(
            name, category, dossier, on.date() if on else datetime.now(SHANGHAI).date()
        )
    )


@policy.command("schema")
@click.argument("name")
@click.argument("category")
@click.option("--blank", is_flag=True, help="A dossier with nothing filled in, instead.")
def policy_schema(name: str, category: str, blank: bool) -> None:
    """The JSON Schema of a category's dossier."""
    make = reports.dossier_blank if blank else reports.dossier_schema
    show(make(name, category))


@click.command()
@click.argument("start")
@click.argument("days", type=int)
@click.option("--count-first-day", is_flag=True, help="The first day counts.")
@click.option("--calendar", type=FILE, help="A year's holidays: {year, papers, days}.")
def workdays(start: str, days: int, count_first_day: bool, calendar: Path | None) -> None:
    """The last day of a period of DAYS working days from START (ISO date)."""
    last = reports.period_end(
        start,
        days,
        count_first_day=count_first_day,
        calendar_file=calendar,
        directory=Settings.load().calendars,
    )
    click.echo(last)


@click.group()
def calendar() -> None:
    """The federation's own holiday calendar."""


@calendar.command("import")
@click.argument("file", type=FILE)
def calendar_import(file: Path) -> None:
    """Keep the holidays of a year that the library does not cover yet."""
    for line in reports.calendar_kept(file, Settings.load().calendars):
        click.echo(line)


@calendar.command("show")
@click.argument("year", type=int)
def calendar_show(year: int) -> None:
    """A year's days off and days worked."""
    show(reports.calendar_year(year, Settings.load().calendars))
