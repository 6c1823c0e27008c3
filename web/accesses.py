"""Who read sealed personal data and who took an export away, for those who look after that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from domain.errors import Forbidden
from domain.values import ROLE_NAMES, Role
from web import auth, reads
from web.context import queries

READERS = (Role.AUDITOR, Role.ADMINISTRATOR, Role.CITY_OFFICER)
KINDS = {"unsealed": "access.unsealed", "exported": "access.exported"}
READ_AT_ONCE = 200
MOST_READ = 5_000
"""So many accesses are looked through for one page; its cursor goes on after them."""

GRANT = re.compile(r"grant=([0-9a-f-]{36})")
"""How an export of all that belongs to one grant says which."""

Item = dict[str, Any]


def may_read() -> bool:
    """Whether whoever asks may see accesses: an auditor, administrator or officer of a federation."""
    who = auth.asker()
    if who is None:
        return False
    try:
        post = who.post
    except Forbidden:
        return False
    if post.role not in READERS:
        return False
    return bool(reads.organisation(str(post.organisation))["kind"] == "federation")


def require_reader() -> None:
    """Raises Unauthenticated, or Forbidden."""
    _ = auth.current().post
    if not may_read():
        names = "、".join(ROLE_NAMES[role] for role in READERS)
        told = f"查阅记录只供总工会的{names}查看"
        raise Forbidden("role_required", told, roles=[role.value for role in READERS])


def accesses(
    kind: str | None = None,
    *,
    as_of: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Item:
    """Accesses by those who act at the reader's organisation or below it, or to records there.

    Newest first: {"items", "next", "as_of"}; `next` is the position to give as `after`. A page may hold fewer
    than `limit` though there is a next one.
    """
    topics = [KINDS[kind]] if kind else sorted(KINDS.values())
    found: list[Item] = []
    read = 0
    while True:
        page = queries().timeline(topics=topics, as_of=as_of, after=after, limit=READ_AT_ONCE)
        as_of = page["as_of"]
        found += _visible(page["items"], page["as_of"])
        read, after = read + len(page["items"]), page["next"]
        if len(found) > limit:
            return {"items": found[:limit], "next": found[limit - 1]["position"], "as_of": as_of}
        if after is None or read >= MOST_READ:
            return {"items": found, "next": after, "as_of": as_of}


def _visible(items: Sequence[Item], as_of: int) -> list[Item]:
    """Those of them that the reader may see."""
    places = _below("organisations", (item["by"]["organisation"] for item in items), as_of)
    studios = _below("studios", (item["facts"].get("record") for item in items), as_of)
    grants = _below("grants", map(_grant, items), as_of)
    return [
        item
        for item in items
        if item["by"]["organisation"] in places
        or item["facts"].get("record") in studios
        or _grant(item) in grants
    ]


def _grant(item: Item) -> str | None:
    """The grant whose bundle was taken away, where it was one."""
    if item["facts"].get("what") != "audit_bundle":
        return None
    named = GRANT.fullmatch(item["facts"]["filters"])
    return named[1] if named else None


def _below(view: str, ids: Iterable[str | None], as_of: int) -> set[str]:
    """Which of some rows stand at the reader's organisation or below it."""
    wanted = sorted({id for id in ids if id})
    if not wanted:
        return set()
    asked = {"scope": reads.scope(), "filters": {"id": wanted}, "as_of": as_of}
    return {row["id"] for row in queries().every(view, **asked)}
