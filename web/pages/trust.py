"""The log's public key and its last checkpoint, for everyone to keep. Looking signs nothing."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from flask import Blueprint, Response, render_template

from adapters.trust.display import Shown, shown
from adapters.trust.outlets import SUFFIX, qr
from domain.errors import NotFound
from web.context import house, queries

blueprint = Blueprint("trust", __name__, url_prefix="/trust")


@blueprint.get("")
def index() -> str:
    """The key, the checkpoint, and how to check with them."""
    found = shown(house().settings)
    return render_template("trust/page.html", found=found, until=_until(found))


@blueprint.get("/checkpoint")
def checkpoint() -> Response:
    """The signed note, exact to the byte."""
    found = _signed()
    response = Response(found.note, content_type="text/plain; charset=utf-8")
    name = f"{found.checkpoint.size:012d}{SUFFIX}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


@blueprint.get("/checkpoint.svg")
def picture() -> Response:
    """The signed note as a QR code."""
    return Response(_drawn(_signed().note), content_type="image/svg+xml")


def _signed() -> Shown:
    found = shown(house().settings)
    if found is None:
        raise NotFound("nothing_signed", "日志还没有签署过检查点")
    return found


def _until(found: Shown | None) -> datetime | None:
    """When the last event under the checkpoint was recorded; a checkpoint itself bears no time."""
    if found is None:
        return None
    try:
        return datetime.fromisoformat(queries().event(found.checkpoint.size)["at"])
    except NotFound:
        return None


@lru_cache(maxsize=2)
def _drawn(note: bytes) -> bytes:
    return qr(note)
