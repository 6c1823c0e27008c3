"""The command line: every verb of the register for operators, auditors and programs.

Exit codes: 0 done, 1 the answer is no, 2 usage. What needs no database loads none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from adapters.packs import reports
from adapters.packs.loader import PackError, find_pack
from adapters.settings import Settings, SettingsError
from domain.errors import DomainError
from domain.values import SHANGHAI

if TYPE_CHECKING:
    from adapters.bootstrap import House

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
as_json = click.option("--json", "plain", is_flag=True, help="Print JSON.")
as_of = click.option("--as-of", help="The books as they stood: a moment (ISO) or position:N.")


class Commands(click.Group):
    """A refusal is one line on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.UsageError(str(error)) from error
        except PackError as error:
            refuse(*map(str, error.problems))
        except DomainError as error:
            refuse(error.message)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mingpai")
def main() -> None:
    """Mingpai (铭牌), the register of innovation studios."""


def refuse(*messages: str) -> NoReturn:
    """The answer is no."""
    for message in messages:
        click.echo(message, err=True)
    sys.exit(1)


def show(value: Any) -> None:
    """JSON on standard output."""
    click.echo(reports.as_json(value))


def table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A table as wide as the terminal; whole lines when the output is a file."""
    drawn = Table(*headings, show_lines=True)
    for row in rows:
        drawn.add_row(*row)
    console = Console()
    Console(width=None if console.is_terminal else 160).print(drawn)


@contextmanager
def open_house(settings: Settings | None = None, **overrides: Any) -> Iterator[House]:
    """The assembled application, closed at the end."""
    from adapters.bootstrap import build

    house = build(settings or Settings.load(), **overrides)
    try:
        yield house
    finally:
        house.close()


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar on standard error; the callback takes what is done and the total."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@main.group()
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
    table(("事项", "条款", "原文"), [tuple(row) for row in reports.terms(found)])
    for warning in found.warnings:
        click.echo(f"注意：{warning.message}")


@policy.command("evaluate")
@click.argument("name")
@click.argument("category")
@click.argument("dossier", type=click.Path(path_type=Path))
@click.option("--on", type=DAY, help="The day of filing (default: today).")
def policy_evaluate(name: str, category: str, dossier: Path, on: datetime | None) -> None:
    """One verdict a clause for a dossier, as JSON."""
    show(reports.evaluated(name, category, dossier, on.date() if on else datetime.now(SHANGHAI).date()))


@policy.command("schema")
@click.argument("name")
@click.argument("category")
@click.option("--blank", is_flag=True, help="A dossier with nothing filled in, instead.")
def policy_schema(name: str, category: str, blank: bool) -> None:
    """The JSON Schema of a category's dossier."""
    make = reports.dossier_blank if blank else reports.dossier_schema
    show(make(name, category))


@main.command()
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


@main.group()
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


@main.group()
def export() -> None:
    """Whole exports, streamed."""


@export.command("events")
@click.option("-o", "--output", type=OUT, required=True)
@as_of
def export_events(output: Path, as_of: str | None) -> None:
    """Every event as it is stored, one JSON object a line."""
    from adapters import exports

    with open_house() as house, progress_bar("导出") as progress:
        count = exports.export_to_file(house, output, as_of=as_of, progress=progress)
    click.echo(f"{count} 条事件 → {output}")


if __name__ == "__main__":
    main()
