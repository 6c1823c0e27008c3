"""History: what happened, who did it, and what changed between two moments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select

from adapters.log.engine import reading
from adapters.log.tables import events
from adapters.views.questions.facts import facts_at, facts_of
from adapters.views.questions.lists import MOST
from adapters.views.questions.moment import Asking, Item, Moment, below
from adapters.views.questions.rounds import seal_facts, seal_row
from adapters.views.tables import VIEWS, requests, timeline
from domain.errors import NotFound

RECORDS = ("studios", "calls", "notices", "funds", "campaigns", "organisations", "accounts")
"""The views whose ids are those of records in the log."""

LONG = ("dossier", "verdicts", "entries", "stages", "quotas")
"""Facts that a timeline leaves out; `event` gives them."""


class History(Asking):
    """Questions about time."""

    def last(self) -> int:
        """The last position; 0 in an empty log."""
        with reading(self.engine) as connection:
            return connection.scalar(sa.select(sa.func.max(requests.c.last))) or 0

    def position_at(self, moment: datetime) -> int:
        """The last position recorded at a moment or before; 0 where nothing was yet."""
        at = timeline.c["at"]
        query = sa.select(timeline.c.position).where(at <= moment.astimezone(UTC).isoformat())
        with reading(self.engine) as connection:
            found = query.order_by(at.desc(), timeline.c.position.desc()).limit(1)
            return connection.scalar(found) or 0

    def request(self, request_id: str) -> Item | None:
        """The command that was given under a request id: its first and last position."""
        query = sa.select(requests).where(requests.c.request_id == request_id)
        with reading(self.engine) as connection:
            row = connection.execute(query).mappings().first()
            return None if row is None else {**row}

    def event(self, position: int) -> Item:
        """One event with all its facts. Raises NotFound."""
        with self.at(None) as moment:
            found = told(moment, sa.select(timeline).where(timeline.c.position == position))
            if not found:
                raise NotFound("event_unknown", "没有这条记录", position=position)
            whole = {**found[0], "facts": facts_at(moment.connection, [position])[position]}
            seal_facts(moment.connection, [whole])
            return whole

    def timeline(
        self,
        *,
        record: object | None = None,
        account: object | None = None,
        topics: Collection[str] = (),
        scope: object | None = None,
        between: tuple[datetime | None, datetime | None] = (None, None),
        as_of: int | None = None,
        after: int | None = None,
        limit: int = 50,
        newest_first: bool = True,
    ) -> Item:
        """What happened, newest first: {"items", "next", "as_of"}.

        Each item: position, record, version, topic, at, request_id, `by` (account, organisation,
        rule, with names) and the event's facts but for the long ones. `between` are two moments,
        included. `next` is the position to give as `after` for the next page.
        """
        position = timeline.c.position
        with self.at(as_of) as moment:
            query = sa.select(timeline).where(position <= moment.position, *_between(*between))
            if record is not None:
                query = query.where(timeline.c.record == str(record))
            if account is not None:
                query = query.where(timeline.c.account == str(account))
            if topics:
                query = query.where(timeline.c.topic.in_(sorted(topics)))
            if scope is not None:
                query = query.where(timeline.c.record.in_(_records_below(moment, scope)))
            if after is not None:
                query = query.where(position < after if newest_first else position > after)
            size = max(1, min(limit, MOST))
            order = position.desc() if newest_first else position
            found = told(moment, query.order_by(order).limit(size + 1))
            following = found[size - 1]["position"] if len(found) > size else None
            return {"items": found[:size], "next": following, "as_of": moment.position}

    def versions(self, name: str, id: object) -> list[Item]:
        """Every version of a row, oldest first, with the positions from which and until it held."""
        table = VIEWS[name].table
        query = sa.select(table, table.c.until.label("_until")).where(table.c.id == str(id))
        with self.at(None) as moment:
            found = moment.rows(query.order_by(table.c.since))
            for each in found:
                until = each.pop("_until")
                each["until"] = until if until <= moment.position else None
            return moment.label(found)

    def changes(
        self,
        start: int,
        end: int | None = None,
        *,
        views: Iterable[str] = (),
        scope: object | None = None,
        limit: int = 100,
    ) -> Item:
        """What changed after one position up to another: {"items", "next", "as_of"}.

        One item for each row and command: view, id, position, what happened (topic, at, by, why),
        and `fields`: name → [old, new]. A row that began has no old values. `next` is the `start`
        of the next page.
        """
        names = tuple(views) or [view.name for view in VIEWS.values() if not view.inner]
        with self.at(end) as moment:
            path = moment.path(scope)
            found = _changed(moment, names, (start, moment.position), path, limit + 1)
            shown, following = _whole_commands(found, limit)
            if found and not shown:
                # One command changed more than a page holds: it is told whole.
                following = found[0]["position"]
                shown = _changed(moment, names, (following - 1, following), path, None)
            _explain(moment, shown)
            return {"items": shown, "next": following, "as_of": moment.position}


def told(moment: Moment, query: Select[Any]) -> list[Item]:
    """Rows of the timeline, with the facts of their events and the names of who acted."""
    query = query.add_columns(events.c.state).join(events, events.c.position == timeline.c.position)
    found = moment.rows(query)
    accounts = moment.named(VIEWS["accounts"], (each["account"] for each in found), "name")
    places = (each["organisation"] for each in found)
    organisations = moment.named(VIEWS["organisations"], places, "name")
    for each in found:
        account, organisation = each.pop("account"), each.pop("organisation")
        each["by"] = {
            "account": account,
            "account_name": accounts.get(account),
            "organisation": organisation,
            "organisation_name": organisations.get(organisation),
            "rule": each.pop("rule"),
        }
        facts = facts_of(each.pop("state"))
        each["facts"] = {name: value for name, value in facts.items() if name not in LONG}
    seal_facts(moment.connection, found)
    return found


def _between(start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    at = timeline.c["at"]
    found = []
    if start is not None:
        found.append(at >= start.astimezone(UTC).isoformat())
    if end is not None:
        found.append(at <= end.astimezone(UTC).isoformat())
    return found


def _records_below(moment: Moment, scope: object) -> Any:
    """The ids of all records at an organisation or below it."""
    path = moment.path(scope) or ""
    tables = [VIEWS[name].table for name in RECORDS]
    ids = [sa.select(t.c.id).where(moment.holds(t), below(t, path)) for t in tables]
    return sa.union_all(*ids)


Span = tuple[int, int]
"""After one position, up to another."""


def _changed(
    moment: Moment, names: Sequence[str], span: Span, path: str | None, limit: int | None
) -> list[Item]:
    """What changed in some views, in order; of each view no more than so many."""
    found: list[Item] = []
    for name in names:
        found += _begun(moment, name, span, path, limit) + _ended(moment, name, span, path, limit)
    return sorted(found, key=lambda each: (each["position"], names.index(each["view"]), each["id"]))


def _begun(
    moment: Moment, name: str, span: Span, path: str | None, limit: int | None
) -> list[Item]:
    """The versions of a view's rows that began."""
    table = VIEWS[name].table
    old = table.alias()
    begun: list[ColumnElement[bool]] = [table.c.since > span[0], table.c.since <= span[1]]
    if path is not None and "path" in table.c:
        begun.append(below(table, path))
    before = [column.label(f"old_{column.name}") for column in old.columns]
    joined = table.outerjoin(old, sa.and_(old.c.id == table.c.id, old.c.until == table.c.since))
    query = sa.select(table, *before).select_from(joined).where(*begun)
    rows = moment.connection.execute(query.order_by(table.c.since).limit(limit)).mappings()
    return [_difference(name, row, row["since"], new=True) for row in rows]


def _ended(
    moment: Moment, name: str, span: Span, path: str | None, limit: int | None
) -> list[Item]:
    """Rows that ended with nothing in their place; only a role does."""
    if name != "roles":
        return []
    table = VIEWS[name].table
    later = table.alias()
    follows = sa.exists().where(later.c.id == table.c.id, later.c.since == table.c.until)
    gone = [table.c.until > span[0], table.c.until <= span[1], ~follows]
    if path is not None:
        gone.append(below(table, path))
    before = [column.label(f"old_{column.name}") for column in table.columns]
    query = sa.select(*before).where(*gone).order_by(table.c.until).limit(limit)
    rows = moment.connection.execute(query).mappings()
    return [_difference(name, row, row["old_until"], new=False) for row in rows]


def _difference(name: str, row: Mapping[Any, Any], position: int, *, new: bool) -> Item:
    fields: dict[str, list[Any]] = {}
    columns = [each.name for each in VIEWS[name].table.columns]
    old = {column: row[f"old_{column}"] for column in columns}
    now = {column: row[column] if new else None for column in columns}
    if name == "applications":
        seal_row(old)
        seal_row(now)
    for column in columns:
        if column not in ("id", "since", "until"):
            pair = [old[column], now[column]]
            if pair[0] != pair[1]:
                fields[column] = pair
    id = row["id"] if new else row["old_id"]
    return {"view": name, "id": id, "position": position, "fields": fields}


def _whole_commands(found: Sequence[Item], limit: int) -> tuple[list[Item], int | None]:
    """As many as fit, but never a part of what one command changed: perhaps none."""
    if len(found) <= limit:
        return list(found), None
    last = found[limit]["position"]
    shown = [each for each in found if each["position"] < last]
    return shown, shown[-1]["position"] if shown else None


def _explain(moment: Moment, items: Sequence[Item]) -> None:
    """Add to each change what happened there, when, by whom and why."""
    positions = {each["position"] for each in items}
    if not positions:
        return
    query = sa.select(timeline).where(timeline.c.position.in_(sorted(positions)))
    by_position = {each["position"]: each for each in told(moment, query)}
    for each in items:
        what = by_position[each["position"]]
        each.update({name: what[name] for name in ("topic", "at", "by", "request_id")})
        each["why"] = what["facts"].get("reason") or what["facts"].get("document")
