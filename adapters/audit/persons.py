"""What is held on a person, told to them; and erasing it, as far as the law lets us.

A person is known by the id under which their values are sealed: the leader's, a member's, an apprentice's, an objector's. Erasing
destroys the key; the events stay as they are, so every proof stays valid, and what was sealed reads as 已删除.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from adapters.audit import sweeping
from adapters.audit.mentions import Mention, mentions
from adapters.audit.stored import Event, mentioning
from adapters.bootstrap import House
from adapters.views.questions.history import RECORDS
from domain.errors import Forbidden, NotFound, Refused
from domain.values import Mandate, Role

ERASED: Final = "已删除"
MONEY_WHY: Final = (
    "补助经费的会计档案，法定保存期限未届满，停止除存储以外的处理（个人信息保护法第四十七条第二款）"
)
NAME_WHY: Final = "姓名已随命名依法公开，并写入不可改写的日志；密文部分的密钥已销毁"
NOT_A_PERSON: Final = "这是机构、账号或业务记录的编号，不是个人信息主体的编号"
TRAIL_WHY: Final = "办理业务的留痕，是审计记录的一部分"


@dataclass(frozen=True)
class Erasure:
    """What became of a person's data: erased values by field and place, what stays and why, and what a person has to look at.

    `swept`: rows of caches that were dropped; `leftovers`: where words still stand in clear outside the log (Chinese); `files`: attachments
    of events about the person, which may hold personal data and are not opened by us (SHA-256, name).
    """

    person: str
    erased: tuple[dict[str, Any], ...]
    kept: tuple[dict[str, Any], ...]
    swept: int
    leftovers: tuple[str, ...]
    files: tuple[dict[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def export_person(house: House, mandate: Mandate, id: UUID) -> dict[str, Any]:
    """All that is held on a person: {"person", "erased_at", "events", "views", "files", "outside"}.

    An event: position, record, topic, at (UTC), and `places`, each with its path in the event, what stands there in clear and what is
    sealed, unsealed. `outside`: rows of other tables that name the id, counted. Nothing about other people. That it is handed out is recorded first. Raises Forbidden or NotFound.
    """
    found = _found(house, mandate, id)
    places = _places(found, id)
    _require_scope(house, mandate, places)
    house.register.privacy.note_export(mandate, what="person", filters=f"person={id}")
    told: dict[int, dict[str, Any]] = {}
    for place in places:
        event = told.setdefault(
            place.position,
            {name: getattr(place, name) for name in ("position", "record", "topic", "at")}
            | {"places": []},
        )
        words = {each.field: house.sealing.reveal(each) for each in place.sealed}
        shown = {field: ERASED if word is None else word for field, word in words.items()}
        event["places"].append({"path": place.path, "open": place.open, "unsealed": shown})
    erased = [e["facts"]["timestamp"] for e in found.values() if e["topic"] == "subject.erased"]
    return {
        "person": str(id),
        "erased_at": erased[0] if erased else None,
        "events": list(told.values()),
        "views": sweeping.view_rows(house.engine, id),
        "files": sweeping.files_of(found.values()),
        "outside": sweeping.rows_outside(house.engine, id),
    }


def erase_person(house: House, mandate: Mandate, id: UUID, reason: str) -> Erasure:
    """Record the erasure with what stays by law, destroy the key, and sweep the caches. Safe to repeat.

    Raises Forbidden (an administrator or the operator may), NotFound, and Refused for what is no person's id.
    """
    found = _found(house, mandate, id)
    own = [each for each in found.values() if each["originator_id"] == str(id)]
    if any(each["topic"] != "subject.erased" for each in own):
        raise Refused("not_a_person", NOT_A_PERSON)
    places = _places(found, id)
    _require_scope(house, mandate, places)
    if not any(place.sealed or "name" in place.open for place in places):
        raise Refused("not_a_person", NOT_A_PERSON)
    sealed = [each for place in places for each in place.sealed]
    words = {word for each in sealed if (word := house.sealing.reveal(each))}
    kept = _kept(house, places)
    house.register.privacy.erase(mandate, id, reason=reason, kept=kept)
    swept = sweeping.drop_answers(house.engine, words)
    return Erasure(
        person=str(id),
        erased=tuple(
            {"position": place.position, "record": place.record, "field": each.field}
            for place in places
            for each in place.sealed
        ),
        kept=tuple(kept),
        swept=swept,
        leftovers=tuple(sweeping.leftovers(house.engine, words)),
        files=tuple(sweeping.files_of(found.values())),
    )


def _found(house: House, mandate: Mandate, id: UUID) -> dict[int, Event]:
    if mandate.role not in (Role.ADMINISTRATOR, Role.RULE):
        raise Forbidden("role_required", "须由管理员办理")
    found = mentioning(house.engine, id)
    if not found:
        raise NotFound("person_unknown", "没有这个人员", id=str(id))
    return found


def _require_scope(house: House, mandate: Mandate, places: Iterable[Mention]) -> None:
    """An administrator acts on those who stand in records below their own organisation, and nowhere else."""
    if mandate.role is Role.RULE:
        return
    records = sorted({place.record for place in places})
    asked = {"scope": mandate.organisation, "filters": {"id": records}}
    within = {row["id"] for name in RECORDS for row in house.queries.every(name, **asked)}
    if set(records) - within:
        raise Forbidden("outside_scope", "该人员出现在您管辖范围以外的记录中")


def _places(found: dict[int, Event], id: UUID) -> list[Mention]:
    """Where the person stands, but for the erasure itself and the looks at it."""
    own = {at: e for at, e in found.items() if not e["topic"].startswith(("subject.", "access."))}
    return [place for at, event in own.items() for place in mentions(at, event, id)]


def _kept(house: House, places: Iterable[Mention]) -> list[dict[str, Any]]:
    """What stays, one line for each record and reason."""
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    granted: dict[str, list[str]] = {}
    for place in places:
        if place.record not in granted:
            grants = house.queries.every("grants", filters={"studio": place.record})
            granted[place.record] = [row["id"] for row in grants]
        for why in _reasons(place, granted[place.record]):
            line = lines.setdefault(
                (place.record, why),
                {"record": place.record, "why": why, "positions": [], "grants": []},
            )
            if place.position not in line["positions"]:
                line["positions"].append(place.position)
            if why == MONEY_WHY:
                line["grants"] = granted[place.record]
    return list(lines.values())


def _reasons(place: Mention, grants: list[str]) -> list[str]:
    money = [MONEY_WHY] if grants and place.topic.startswith("studio.") else []
    if "name" in place.open:
        return [*money, NAME_WHY]
    return money or ([] if place.sealed else [TRAIL_WHY])
