"""One subsidy from the rule to its use, told from stored events alone, so that whoever has them can check it.

The views say which events belong to the chain; what is told of each comes from its own bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from adapters.audit import words
from adapters.audit.stored import STAMP, Event, at_positions, of_records
from adapters.audit.verify import money_of
from adapters.bootstrap import House
from domain.values import local

FORMAT: Final = "mingpai trace v1"
LONG: Final = ("dossier", "entries", "stages", "quotas", "objector")
"""Facts that are read in the event itself: long, or nobody's business on a page."""

NAMED: Final = ("account.opened", "organisation.registered", "organisation.renamed")


@dataclass(frozen=True)
class Trace:
    """`document` is JSON-ready; `events` are those it tells of and the whole studio's, by position."""

    document: dict[str, Any]
    events: dict[int, Event]

    @property
    def told(self) -> list[int]:
        """The positions of the events that the steps tell of."""
        steps = self.document["steps"]
        return sorted({each["position"] for step in steps for each in step["events"]})


def trace(house: House, grant: UUID | str, *, as_of: int | None = None) -> Trace:
    """The chain of a grant, now or as of a log position. Raises NotFound.

    The document: format, grant, studio, `versions` (how many events the studio has), as_of, steps,
    money (fen, see `words.SUMS`), names (id → [name, position of the event that gave it]).
    A step: step, title, events; an event: position, topic, title, record, version, at (UTC), by, facts.
    """
    chain = house.queries.trace(grant, as_of=as_of)
    position, id = chain["as_of"], chain["grant"]
    details = {step["step"]: step["details"] for step in chain["steps"]}
    studio, fund = UUID(details["grant"]["studio"]), UUID(details["fund"]["id"])
    steps = {s["step"]: {each["position"] for each in s["events"]} for s in chain["steps"]}
    released = of_records(house.engine, [fund], position, ["fund.released"])
    steps["grant"] |= {at for at, each in released.items() if each["facts"]["grant"] == id}
    own = of_records(house.engine, [studio], position)
    events = own | at_positions(house.engine, (at for some in steps.values() for at in some))
    others = _about_others({at: events[at] for at in steps["notice"]})
    steps["notice"] -= others
    events = {at: each for at, each in events.items() if at not in others}
    named = of_records(house.engine, _ids(each["facts"] for each in events.values()), position)
    names = {at: each for at, each in named.items() if each["topic"] in NAMED}
    told = [
        {
            "step": step["step"],
            "title": step["title"],
            "events": [_told(at, events[at]) for at in sorted(steps[step["step"]])],
        }
        for step in chain["steps"]
    ]
    document = {
        "format": FORMAT,
        "grant": id,
        "studio": str(studio),
        "versions": len(own),
        "as_of": position,
        "steps": told,
        "money": money_of(events, id),
        "names": {each["originator_id"]: [each["facts"]["name"], at] for at, each in names.items()},
    }
    return Trace(document, dict(sorted((events | names).items())))


def rows(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A line for each event of a trace's document: step, position, at, who, title and `parts`.

    `at` is the time in Asia/Shanghai; `parts` are words and amounts (fen) in turn.
    """
    names = {id: name for id, (name, _) in document["names"].items()}
    for step in document["steps"]:
        for each in step["events"]:
            yield {
                "step": step["title"],
                "position": each["position"],
                "at": f"{local(datetime.fromisoformat(each['at'])):%Y-%m-%d %H:%M:%S}",
                "who": who(each["by"], names),
                "title": each["title"],
                "parts": words.line(each["topic"], each["facts"], names),
            }


def table(document: Mapping[str, Any]) -> list[tuple[str, str, str, str, str, str]]:
    """The rows as text, for the command line: step, position, time, who, what, details."""
    return [
        (
            row["step"],
            str(row["position"]),
            row["at"],
            row["who"],
            row["title"],
            "".join(yuan(part) if isinstance(part, int) else part for part in row["parts"]),
        )
        for row in rows(document)
    ]


def who(by: Mapping[str, str | None], names: Mapping[str, str]) -> str:
    """Who acted: a person and their organisation, the rule, or somebody without an account."""
    if by["rule"]:
        return f"规则：{by['rule']}"
    if not by["account"]:
        return "公众"
    place = names.get(by["organisation"] or "")
    return names.get(by["account"], by["account"]) + (f"（{place}）" if place else "")


def yuan(fen: int) -> str:
    """An amount in yuan, as `40,000.00`."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def _about_others(events: Mapping[int, Event]) -> set[int]:
    """Events on objections that were raised against other studios of the same notice."""
    raised = {
        each["facts"]["objection"]
        for each in events.values()
        if each["topic"] == "notice.objection_raised"
    }
    return {
        at for at, each in events.items() if each["facts"].get("objection") not in {None, *raised}
    }


def _told(position: int, event: Event) -> dict[str, Any]:
    facts = event["facts"]
    left_out = {*STAMP, *LONG, *(("verdicts",) if event["topic"] == "studio.reviewed" else ())}
    return {
        "position": position,
        "topic": event["topic"],
        "title": words.title(event["topic"], facts),
        "record": event["originator_id"],
        "version": event["originator_version"],
        "at": facts["timestamp"],
        "by": facts["by"],
        "facts": {name: value for name, value in facts.items() if name not in left_out},
    }


def _ids(values: Iterable[Any]) -> set[UUID]:
    """The ids that stand in some facts, at their top or in their actors."""
    found: set[UUID] = set()
    for facts in values:
        candidates = [*facts.values(), *facts["by"].values(), facts.get("payee", {})]
        found |= {
            UUID(each)
            for each in candidates
            if isinstance(each, str) and len(each) == 36 and each.count("-") == 4
        }
    return found
