"""`make bench`: everything in one run on this machine, on SQLite and on PostgreSQL, as ratios."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import commands, rebuilding, trust
from tests.databases import Postgres, start_postgres

OURS, BARE = "本登记簿", "(a) 裸驱动"
DJANGO, LIBRARY = "(b) Django + simple-history", "(c) eventsourcing 自带记录器"
console = Console(width=110)


def main() -> None:
    """Run all, or only the parts named on the command line: commands, rebuilding, trust."""
    chosen = set(sys.argv[1:]) or {"commands", "rebuilding", "trust"}
    console.print(f"{platform.machine()}, {os.cpu_count()} 核, Python {platform.python_version()}")
    # /tmp may lie in memory, where a durable commit costs nothing.
    with (
        tempfile.TemporaryDirectory(dir="/var/tmp") as folder,
        start_postgres(durable=True, directory=Path("/var/tmp")) as server,
    ):
        home = Path(folder)
        for name, running in (("SQLite", None), ("PostgreSQL", server)):
            version = sqlite3.sqlite_version if running is None else running.version()
            if chosen & {"commands", "rebuilding"}:
                console.rule(f"{name} {version}")
            if "commands" in chosen:
                show_commands(home / f"{name}-commands", running)
            if "rebuilding" in chosen:
                show_rebuilding(home / f"{name}-rebuilding", running)
    if "trust" in chosen:
        console.rule("日志与证明")
        trust.run()


def show_commands(home: Path, server: Postgres | None) -> None:
    """One check and 500 checks, against the peers."""
    home.mkdir()
    url = f"sqlite:///{home / 'ours.db'}" if server is None else server.create_database()
    found = commands.run(home, url, server)
    ours = found[OURS]
    table = Table(
        "年度考核", "逐条 条/秒", "本登记簿为其", f"每批 {commands.BATCH} 条/秒", "本登记簿为其"
    )
    for name, rate in found.items():
        single, batch = ours.single / rate.single, ours.batch / rate.batch
        table.add_row(
            name, f"{rate.single:,.0f}", f"{single:.2f} 倍", f"{rate.batch:,.0f}", f"{batch:.2f} 倍"
        )
    console.print(table)


def show_rebuilding(home: Path, server: Postgres | None) -> None:
    """Refolding the views against reading and decoding alone."""
    home.mkdir()
    url = f"sqlite:///{home / 'ours.db'}" if server is None else server.create_database()
    found = rebuilding.run(home, url, server)
    table = Table(f"{found.events:,} 条事件", "条/秒", "本登记簿为其")
    table.add_row("重建全部视图", f"{found.views:,.0f}", "")
    table.add_row(
        "库：只读取并解码", f"{found.decoded:,.0f}", f"{found.views / found.decoded:.2f} 倍"
    )
    console.print(table)


if __name__ == "__main__":
    main()
