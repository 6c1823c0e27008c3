"""Four processes at once, killed at any moment: everything goes out, and nobody is told twice but by who was killed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

from tests.adapters.messages.scene import NINE, hook, mailbox, scene

AT_ONCE, ROUNDS, MESSAGES, SEED = 4, 3, 60, 20261102


def start(settings: dict[str, str], minutes: int) -> subprocess.Popen[str]:
    """A process that does all there is, as of so many minutes past nine."""
    now = (NINE + timedelta(minutes=minutes)).isoformat()
    module = ["-m", "tests.adapters.messages.worker"]
    command = [sys.executable, *module, json.dumps(settings), now]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    )


def kill_soon(running: subprocess.Popen[str], seconds: float) -> None:
    """Kill a process so long after it began to work."""
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    try:
        running.wait(seconds)
    except subprocess.TimeoutExpired:
        running.kill()
    running.wait()
    running.stdout.close()


def test_whoever_is_killed_nothing_is_lost(tmp_path: Path, database_url: str) -> None:
    print(f"seed {SEED}")
    drawn = random.Random(SEED)
    with hook() as taken, mailbox() as box:
        settings = {
            "home": str(tmp_path),
            "database_url": database_url,
            "smtp_url": f"smtp://127.0.0.1:{box.port}",
            "mail_from": "register@city.example",
        }
        here = scene(tmp_path, database_url, **{k: settings[k] for k in ("smtp_url", "mail_from")})
        to = here.program(taken.url, topics=("organisation.*",))
        readers = [here.reader() for _ in range(2)]
        daily = [here.reader("daily") for _ in range(2)]
        for _ in range(MESSAGES):
            here.say()
        for number in range(20):
            here.place(f"{number}区总工会", here.city)
        for turn in range(ROUNDS):
            started = [start(settings, 16 * turn) for _ in range(AT_ONCE)]
            killers = [
                threading.Thread(target=kill_soon, args=(each, drawn.uniform(0.02, 1.0)))
                for each in started
            ]
            for each in killers:
                each.start()
            for each in killers:
                each.join()
        last = start(settings, 16 * ROUNDS)
        assert last.wait(300) == 0
        assert last.stdout is not None
        last.stdout.close()
        rows = here.rows()
        here.house.close()
    assert Counter(row.state for row in rows) == {
        "sent": MESSAGES * 3 + 20 + 2,
        "gathered": MESSAGES * 2,
    }
    posted = Counter(headers["webhook-id"] for _, headers, _ in taken.got)
    assert set(posted) == {str(row.id) for row in rows if row.target == to.id}
    mailed = Counter(mail["Message-ID"][1:37] for mail in box.mails)
    assert set(mailed) == {str(row.id) for row in rows if row.channel == "mail"}
    assert {row.target for row in rows if row.channel == "mail"} == {*readers, *daily}
    twice = posted.total() + mailed.total() - len(posted) - len(mailed)
    assert twice <= AT_ONCE * ROUNDS
