"""Rows in versions, folded in memory: what is current, and what must be written.

A command's events make one version of each row they touch, valid from the command's first
position; so a record is never seen half changed, and a rebuild makes the same versions as the
commands did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from adapters.views.shape import FOREVER, View
from adapters.views.tables import VIEWS

Row = dict[str, Any]
Read = Callable[[View, Sequence[str]], Iterable[Row]]
"""Reads the rows that hold now, of some ids."""


@dataclass
class Changes:
    """What a view's table is to take up: rows by column, and ends of rows: until, id, since."""

    rows: list[Sequence[Any]] = field(default_factory=list)
    ends: list[tuple[int, str, int]] = field(default_factory=list)


class _Shape:
    """How a view's rows are laid out."""

    def __init__(self, view: View) -> None:
        columns = [column.name for column in view.table.columns]
        self.values = itemgetter(*columns)
        self.blank: Row = dict.fromkeys(columns)


_SHAPES = {name: _Shape(view) for name, view in VIEWS.items()}


class Fold:
    """The current rows that a batch has touched, and the versions that it has finished."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._live: dict[str, dict[str, Row | None]] = defaultdict(dict)
        self._fresh: dict[str, dict[str, Row]] = defaultdict(dict)
        self._changes: dict[str, Changes] = defaultdict(Changes)
        self.timeline: list[tuple[Any, ...]] = []
        self.requests: list[tuple[int, int, str]] = []
        self.first = 0
        self.position = 0
        self._request_id: str | None = None

    def begin(self, first: int, request_id: str) -> None:
        """A new command begins at this position: its changes make new versions."""
        self.pause()
        self.first = first
        self._request_id = request_id

    def pause(self) -> None:
        """The command that began last is over: its events are known."""
        if self._request_id is not None:
            self.requests.append((self.first, self.position, self._request_id))
            self._request_id = None

    def happened(
        self, position: int, record: str, event: Any, stamp: tuple[str | None, ...]
    ) -> None:
        """An event of the command; `stamp` ends its row of the timeline."""
        self.position = position
        row = (position, record, event.originator_version, event.TOPIC, *stamp)
        self.timeline.append(row)

    def prefetch(self, view: View, ids: Iterable[str]) -> None:
        """Read many rows at once that are about to be needed."""
        live = self._live[view.name]
        wanted = [id for id in dict.fromkeys(ids) if id not in live]
        if wanted:
            live.update(dict.fromkeys(wanted))
            live.update((row["id"], row) for row in self._read(view, wanted))

    def get(self, view: View, id: str | None) -> Row | None:
        """The row that holds now; never to be changed in place."""
        if id is None:
            return None
        live = self._live[view.name]
        if id not in live:
            live[id] = next(iter(self._read(view, (id,))), None)
        return live[id]

    def row(self, view: View, id: str) -> Row:
        """The row that holds now, which must exist."""
        found = self.get(view, id)
        if found is None:
            raise LookupError(f"{view.name} has no row {id} at position {self.position}")
        return found

    def add(self, view: View, id: str, **values: Any) -> None:
        """A row with an id that was never there before."""
        row = {**_SHAPES[view.name].blank, **values}
        row["id"], row["since"], row["until"] = id, self.first, FOREVER
        self._live[view.name][id] = self._fresh[view.name][id] = row

    def change(self, view: View, id: str, **values: Any) -> None:
        """Change columns of the row that holds now; nothing, where they are as given."""
        row = self.row(view, id)
        for name, value in values.items():
            if row[name] != value:
                break
        else:
            return
        if row["since"] != self.first:
            old, row = row, row.copy()
            self._retire(view.name, id, old)
            row["since"] = self.first
            self._live[view.name][id] = self._fresh[view.name][id] = row
        row.update(values)

    def end(self, view: View, id: str) -> None:
        """The row holds no longer, and none takes its place."""
        row = self.row(view, id)
        self._live[view.name][id] = None
        if row["since"] == self.first:
            del self._fresh[view.name][id]
        else:
            self._retire(view.name, id, row)

    def _retire(self, name: str, id: str, row: Row) -> None:
        if self._fresh[name].pop(id, None) is None:
            self._changes[name].ends.append((self.first, id, row["since"]))
        else:
            row["until"] = self.first
            self._changes[name].rows.append(_SHAPES[name].values(row))

    @property
    def size(self) -> int:
        """How many current rows are held in memory."""
        return sum(map(len, self._live.values()))

    def take(self, *, everything: bool = True) -> dict[str, Changes]:
        """The changes to write since the last time; afterwards they count as written.

        Without `everything` only finished versions, while the current ones stay in memory.
        """
        taken, self._changes = self._changes, defaultdict(Changes)
        if everything:
            for name, fresh in self._fresh.items():
                taken[name].rows.extend(map(_SHAPES[name].values, fresh.values()))
                fresh.clear()
        return taken

    def forget(self) -> None:
        """Drop the current rows from memory; all must have been taken."""
        for live in self._live.values():
            live.clear()
