"""What a stale write is told: what changed since, as far as whoever writes may know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from adapters.views.questions.history import RECORDS
from domain.errors import Forbidden, NotFound, Stale
from web import auth, reads
from web.context import queries, services

SHARED = ("calls", "campaigns", "notices")
"""Records of a federation that those below it act on too."""


def explain(stale: Stale, seen: Mapping[UUID, int]) -> None:
    """Tell what changed since the versions that were seen, and nothing to whom it does not concern.

    Raises Forbidden for another branch's record: what it has become is not theirs to know. A notice is public, but who
    did what to it is not.
    """
    for record, version in seen.items():
        view, row = _found(record)
        if _concerns(view, row):
            found = services().commits.since(record, version)
            stale.details["changes"] = list(_told(asdict(each) for each in found))
        elif view != "notices":
            raise Forbidden("outside_scope", "不在您所在组织的管辖范围内")


def _found(record: UUID) -> tuple[str, reads.Item]:
    for view in RECORDS:
        try:
            return view, queries().one(view, record)
        except NotFound:
            continue
    raise NotFound("record_unknown", "没有这条记录")


def _concerns(view: str, row: reads.Item) -> bool:
    if auth.asker() is None:
        return False
    return reads.sees(row) or (view in SHARED and row["federation"] in reads.federations())


def _told(changes: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Who did it is told where they act at the reader's organisation, below it or above it."""
    own = str(reads.organisation(reads.scope())["path"])
    for each in changes:
        place = each["organisation"]
        path = str(reads.organisation(place)["path"]) if place else own
        near = path.startswith(own) or own.startswith(path)
        yield each if near else {**each, "account": None, "organisation": None}
