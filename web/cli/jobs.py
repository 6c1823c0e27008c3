"""Commands about what happens without anyone asking: `mingpai jobs …`."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from web.cli.shared import as_json, open_house, refuse, show, table

if TYPE_CHECKING:
    from adapters.schedule.runs import Run


@click.group()
def jobs() -> None:
    """What happens without anyone asking."""


@jobs.command("list")
@as_json
def list_jobs(plain: bool) -> None:
    """Every job, how often it looks, and its last run."""
    from jobs.catalogue import catalogue

    with open_house() as house:
        last = house.runs.last()
    rows = [
        {
            "name": job.name,
            "title": job.title,
            "every_seconds": int(job.every.total_seconds()),
            "last": _told(last[job.name]) if job.name in last else None,
        }
        for job in catalogue()
    ]
    if plain:
        show(rows)
    else:
        table(("作业", "做什么", "间隔", "上次运行", "结果"), [_line(row) for row in rows])


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    last = row["last"] or {"started_at": "从未运行", "done": {}, "errors": []}
    done = "；".join(f"{what} {count}" for what, count in last["done"].items())
    said = "；".join([*([done] if done else []), *last["errors"]])
    return (row["name"], row["title"], f"{row['every_seconds']} 秒", last["started_at"], said)


def _told(run: Run) -> dict[str, Any]:
    return {
        "started_at": run.started_at.isoformat(timespec="seconds"),
        "ended_at": run.ended_at.isoformat(timespec="seconds") if run.ended_at else None,
        "done": dict(run.done),
        "errors": list(run.errors),
    }


@jobs.command("run")
@click.argument("name")
@click.option("--now", help="The moment to look at (ISO; default: the present).")
def run_job(name: str, now: str | None) -> None:
    """Run one job, or `all` of them, once: do what is due and not yet done."""
    from jobs.catalogue import catalogue
    from jobs.running import run

    wanted = [job for job in catalogue() if name in {job.name, "all"}]
    if not wanted:
        known = "、".join(job.name for job in catalogue())
        raise click.UsageError(f"没有作业“{name}”；可选：{known}、all")
    at = _moment(now) if now else None
    errors = []
    with open_house() as house:
        for job in wanted:
            ran = run(house, job, at or house.clock())
            done = "；".join(f"{what} {count}" for what, count in ran.done.items())
            click.echo(f"{job.name}：{done or '没有到期的事项'}")
            errors += [f"{job.name}：{error}" for error in ran.errors]
    if errors:
        refuse(*errors)


@jobs.command("serve")
def serve_jobs() -> None:
    """Run the scheduler alone, until told to stop."""
    from jobs.scheduler import Scheduler

    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    with open_house() as house:
        scheduler = Scheduler(house)
        scheduler.start()
        click.echo(f"调度已启动：{house.lease.holder}")
        stop.wait()
        scheduler.stop()


def _moment(text: str) -> datetime:
    from domain.values import SHANGHAI

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--now 应为 ISO 时间，如 2026-12-01T09:00，不是“{text}”") from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
