"""What the commands share: output, refusals, progress, and the assembled application."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from adapters.packs import reports
from adapters.settings import Settings

if TYPE_CHECKING:
    from adapters.bootstrap import House

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
as_json = click.option("--json", "plain", is_flag=True, help="Print JSON.")
as_of = click.option(
    "--as-of", help="The books as they stood: a date, a moment (ISO) or position:N."
)


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
    drawn = Table(show_lines=True)
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    console = Console()
    Console(width=None if console.is_terminal else 160).print(drawn)


@contextmanager
def open_house(settings: Settings | None = None, **overrides: Any) -> Iterator[House]:
    """The assembled application, closed at the end."""
    from adapters.bootstrap import build
    from adapters.log.errors import translated

    with translated():
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


def who(event: dict[str, Any]) -> str:
    """Who did it: organisation, person, or the rule that acted."""
    names = (event["organisation_name"], event["account_name"], event["rule"])
    return " · ".join(name for name in names if name)
