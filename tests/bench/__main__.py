"""`make bench`: everything in one run on this machine, on SQLite and on PostgreSQL, as ratios."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
import tempfile
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from adapters.log.cache import ROOM
from tests.bench import bulk, commands, due, rebuilding, trust
from tests.databases import Postgres, start_postgres

OURS, BARE = "本登记簿", "(a) 裸驱动"
DJANGO, LIBRARY = "(b) Django + simple-history", "(c) eventsourcing 自带记录器"
console = Console(width=110)


def main(*parts: str) -> None:
    """Run all, or only the parts named on the command line: commands, bulk, rebuilding, due, trust."""
    chosen = set(parts or sys.argv[1:]) or {"commands", "bulk", "rebuilding", "due", "trust"}
    console.print(f"{platform.machine()}, {os.cpu_count()} 核, Python {platform.python_version()}")
    # /tmp may lie in memory, where a durable commit costs nothing.
    with (
        tempfile.TemporaryDirectory(dir="/var/tmp") as folder,
        start_postgres(durable=True, directory=Path("/var/tmp")) as server,
    ):
        home = Path(folder)
        for name, running in (("SQLite", None), ("PostgreSQL", server)):
            version = sqlite3.sqlite_version if running is None else running.version()
            if chosen & {"commands", "bulk", "rebuilding", "due"}:
                console.rule(f"{name} {version}")
            if "commands" in chosen:
                show_commands(home / f"{name}-commands", running)
            if "bulk" in chosen:
                bulk.show(home / f"{name}-bulk", running)
            if "rebuilding" in chosen:
                show_rebuilding(home / f"{name}-rebuilding", running)
            if "due" in chosen:
                due.show(home / f"{name}-due", running)
    if "trust" in chosen:
        console.rule("日志与证明")
        trust.run()


def show_commands(home: Path, server: Postgres | None) -> None:
    """One check and 500 checks, against the peers: medians of the passes."""
    passes = commands.run(home, server)
    batches = f"每批 {commands.BATCH} 条/秒"
    table = Table("年度考核", "逐条 条/秒", "为其", batches, "为其", "再考核一年 条/秒", "为其")
    for name in passes[0]:
        row = [name]
        for figure in ("single", "batch", "again"):
            rates = [getattr(each[name], figure) for each in passes]
            ours = [getattr(each[OURS], figure) for each in passes]
            ratio = median(own / rate for own, rate in zip(ours, rates, strict=True))
            row += [f"{median(rates):,.0f}", f"{ratio:.2f} 倍"]
        table.add_row(*row)
    console.print(table)
    console.print(
        f"“为其”指本登记簿是该行的多少倍；都是 {commands.PASSES} 轮的中位数。逐条和每批：重启之后，每个工作室的历史"
        f"第一次读入。再考核一年：同一批工作室，本登记簿已把保存过的工作室留在内存（最多 {ROOM:,} 个）；"
        "其他各家没有这一步，按其每批计。"
    )


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
