"""Fill a home with the demonstration and write down what the tests ask about: one process, one home."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from adapters import bootstrap
from adapters.demonstration import demonstration_clock, demonstration_ids, fill
from adapters.log.engine import hasty
from adapters.settings import Settings


def tell(home: Path) -> None:
    """Fill the home, and leave a summary beside it."""
    house = bootstrap.build(
        Settings.at(home), clock=demonstration_clock(), new_id=demonstration_ids()
    )
    shown: list[tuple[int, int, str]] = []
    with hasty(*house.engines):
        summary = fill(house, progress=lambda *step: shown.append(step))
    stories = {name: [str(id) for id in studios] for name, studios in summary.stories.items()}
    told = {
        "events": summary.events,
        "accounts": summary.accounts,
        "stories": stories,
        "refused": summary.refused,
        "progress": shown,
    }
    home.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    house.close()


if __name__ == "__main__":
    tell(Path(sys.argv[1]))
