"""What is to be done by those who ask, in any of the offices that they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from time import monotonic
from uuid import UUID

from flask import Flask, Response, current_app, request

from adapters.feeds.offices import Office, told_to
from adapters.feeds.words import said, subject
from adapters.matters import tasks
from adapters.messages.texts import Text
from domain.errors import Invalid
from domain.matters import KINDS, Addressee, Matter
from domain.values import Role, local
from web import auth
from web.context import house, queries, services

SOON = timedelta(days=7)
STATES = ("overdue", "soon", "later", "undated")
SORTS = ("due", "kind", "new")
KEPT = timedelta(seconds=60)
"""So long a count may be shown again, unless the register changed meanwhile."""

COSTLY, PATIENCE = 2.0, 30
"""A count that takes more seconds is told that many times as long, whatever others change meanwhile."""

EXTENSION = "mingpai.duties"


@dataclass(frozen=True, slots=True)
class Duty:
    """A matter as somebody sees it who has to do it. state: overdue, soon, later or undated."""

    matter: Matter
    to: tuple[Addressee, ...]
    state: str
    days: int | None
    """Days until the due day; negative when it is over."""

    @property
    def about(self) -> str:
        """What it is about, without its kind."""
        return " ".join(subject(self.matter.facts))


def offices(who: auth.Identity | None = None) -> list[Office]:
    """The offices of whoever asks."""
    return [Office(post.role, post.organisation) for post in (who or auth.current()).posts]


def posts_of(account: UUID) -> list[Office]:
    """The offices of an account that need not be asking."""
    roles = queries().account(account)["roles"]
    return [Office(Role(row["role"]), UUID(row["organisation"])) for row in roles]


def pending(held: Iterable[Office]) -> list[Matter]:
    """What is pending now for some offices."""
    return tasks(house(), house().clock(), held)


def duties(held: Sequence[Office] | None = None) -> list[Duty]:
    """All of one's duties, the most urgent first: overdue, then by the due day, then what has none."""
    mine = offices() if held is None else held
    today = local(house().clock()).date()
    found = (_duty(each, mine, today) for each in pending(mine))
    return ordered((each for each in found if each.to), "due")


def _duty(matter: Matter, held: Iterable[Office], today: date) -> Duty:
    whose = tuple(told_to(matter, held, today))
    if matter.due_on is None:
        return Duty(matter, whose, "undated", None)
    days = (matter.due_on - today).days
    state = "overdue" if days < 0 else "soon" if days <= SOON.days else "later"
    return Duty(matter, whose, state, days)


def text_of(duty: Duty, names: Mapping[str, str]) -> Text:
    """A duty in words, as a message about it has them; `names` are those of organisations."""
    today = local(house().clock()).date()
    return said(services().texts, duty.matter, duty.to[0], names, today=today)


def ordered(found: Iterable[Duty], sort: str) -> list[Duty]:
    """In an order: by due day, by kind, or the newest first. Raises Invalid."""
    by_due = sorted(found, key=lambda each: (*_due(each), each.matter.thread))
    if sort == "due":
        return by_due
    if sort == "kind":
        places = {kind: place for place, kind in enumerate(KINDS)}
        return sorted(by_due, key=lambda each: places.get(each.matter.kind, len(places)))
    if sort == "new":
        return sorted(by_due, key=lambda each: each.matter.since, reverse=True)
    raise Invalid("sort_unknown", "不能这样排序", field="sort", sorts=list(SORTS))


def _due(duty: Duty) -> tuple[bool, str]:
    due_on = duty.matter.due_on
    return due_on is None, due_on.isoformat() if due_on else ""


def narrowed(
    found: Iterable[Duty],
    *,
    kind: str | None = None,
    organisation: str | None = None,
    state: str | None = None,
) -> list[Duty]:
    """Those of one kind, for one organisation, in one state. Raises Invalid for words that are none."""
    if state is not None and state not in STATES:
        raise Invalid("state_unknown", "没有这种状态", field="state", states=list(STATES))
    if kind is not None and kind not in KINDS:
        raise Invalid("kind_unknown", "没有这类事项", field="kind")
    return [
        each
        for each in found
        if (kind is None or each.matter.kind == kind)
        and (state is None or each.state == state)
        and (
            organisation is None
            or any(str(office.organisation) == organisation for office in each.to)
        )
    ]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A count. mark: by what it was made; until: when it may be made anew, on a clock that only runs forward."""

    mark: object
    until: float
    found: Counter[str]


class Counts:
    """How much there is to do, kept until something changes, since every page tells it."""

    def __init__(self) -> None:
        self._kept: dict[UUID, _Kept] = {}
        self._lock = Lock()

    def forget(self, account: UUID) -> None:
        """Make an account's count anew when it is next asked for."""
        with self._lock:
            self._kept.pop(account, None)

    def of(self, who: auth.Identity) -> Counter[str]:
        """Duties of an account by their state."""
        held, now = offices(who), house().clock()
        mark = (tuple(held), queries().last(), local(now).date(), now.timestamp() // KEPT.seconds)
        with self._lock:
            kept = self._kept.get(who.account)
        begun = monotonic()
        if kept is not None and (kept.mark == mark or begun < kept.until):
            return kept.found
        found = Counter(each.state for each in duties(held))
        cost = monotonic() - begun
        until = begun + PATIENCE * cost if cost > COSTLY else begun
        with self._lock:
            if len(self._kept) > 1_000:
                self._kept.clear()
            self._kept[who.account] = _Kept(mark, until, found)
        return found


def install(app: Flask) -> None:
    """Let the application keep counts; what one does oneself is seen at once."""
    kept = app.extensions[EXTENSION] = Counts()

    @app.after_request
    def _forget(response: Response) -> Response:
        if request.method not in auth.SAFE and response.status_code < 400:
            who = auth.asker()
            if who is not None:
                kept.forget(who.account)
        return response


def counts(who: auth.Identity) -> Counter[str]:
    """Duties of an account by their state."""
    found: Counts = current_app.extensions[EXTENSION]
    return found.of(who)
