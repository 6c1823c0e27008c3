"""Commands: one request, one mandate, one commit, one answer.

The answer is read back from what was recorded, so a repeated request (same `Idempotency-Key`, same body) is told the
same again even where the server fell between the commit and the answer.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import Response, make_response, request
from marshmallow import Schema, fields

from adapters.commits import Committed
from domain.errors import DomainError, Forbidden, Invalid, Stale
from domain.values import Mandate
from web import auth
from web.blueprint import Blueprint
from web.context import services
from web.errors import ErrorSchema, status_of
from web.fields import Command
from web.security import limiter
from web.staleness import explain

KEY_HEADER = "Idempotency-Key"
KEYS = UUID("5f0c6a1e-7a51-4c0f-9a37-3f6f7f6a6b10")
"""Namespace of request ids that are made from an account and its key."""

HEADERS = [
    {
        "in": "header",
        "name": KEY_HEADER,
        "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
        "description": "a repeated request is done once and answered the same",
    },
    {
        "in": "header",
        "name": "If-Match",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
        "description": "the version that was looked at; 409 with what changed if there is a newer one",
    },
]
"""What every command takes besides its body."""

Act = Callable[[Mandate], None]


class RecordSchema(Schema):
    """A record that the command changed, and the version it has now."""

    kind = fields.String(required=True)
    id = fields.UUID(required=True)
    version = fields.Integer(required=True)


class DoneSchema(Schema):
    """What a command recorded."""

    request_id = fields.String(required=True)
    position = fields.Integer(required=True, metadata={"description": "last position in the log"})
    at = fields.AwareDateTime(required=True)
    events = fields.List(
        fields.String(), required=True, metadata={"description": "topics, in order"}
    )
    ids = fields.Dict(required=True, metadata={"description": "ids of what the command made"})
    records = fields.List(fields.Nested(RecordSchema), required=True)


def command(
    blueprint: Blueprint,
    rule: str,
    body: type[Command] = Command,
    *,
    ids: Mapping[str, str] | None = None,
    method: str = "POST",
    public: bool = False,
    limit: str | None = None,
) -> Callable[[Callable[..., None]], Callable[..., Response]]:
    """Register a use case as an endpoint.

    The view gets the mandate, the ids in the path, and the body as keywords. `ids` names what the answer tells:
    `topic` for the id of the record, `topic:fact` for a fact of the event. If-Match or `expected_version` is about the
    first id in the path. `public` lets in who has no account; `limit` is how often.
    """
    tells = dict(ids or {})
    status = 201 if tells else 200

    def decorate(view: Callable[..., None]) -> Callable[..., Response]:
        @wraps(view)
        def endpoint(data: dict[str, Any], **path: UUID) -> Response:
            seen = _seen(next(iter(path.values()), None), data.pop("expected_version", None))

            def mandate(request_id: str) -> Mandate:
                if public and auth.asker() is None:
                    return auth.public_mandate(request_id)
                return auth.mandate(request_id, seen)

            return perform(mandate, lambda held: view(held, **path, **data), tells, status)

        # The limit is innermost: there it knows the view that it counts.
        limited = limiter.limit(limit)(endpoint) if limit else endpoint
        return _declared(blueprint, rule, body, limited, status=status, method=method)

    return decorate


def _declared(
    blueprint: Blueprint,
    rule: str,
    body: type[Command],
    made: Callable[..., Any],
    *,
    status: int,
    method: str,
) -> Callable[..., Any]:
    """The endpoint with everything that its description says."""
    for declare in (
        blueprint.alt_response(403, schema=ErrorSchema, description="not allowed"),
        blueprint.alt_response(409, schema=ErrorSchema, description="out of order, or stale"),
        blueprint.response(status, DoneSchema, description="recorded"),
        blueprint.arguments(body, location="json"),
        blueprint.told(parameters=HEADERS),
        blueprint.route(rule, methods=[method], endpoint=made.__name__),
    ):
        made = declare(made)
    return made


def perform(
    mandate: Callable[[str], Mandate], act: Act, tells: Mapping[str, str], status: int
) -> Response:
    """Do it once, whether it came with a key or not."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        request_id = str(uuid4())
        _explained(act, mandate(request_id))
        return _answer(_done(request_id, tells), status)
    request_id = _request_id(key)
    held = mandate(request_id)
    answers, commits = services().answers, services().commits
    print_ = _fingerprint(held)
    known = answers.claim(request_id, print_, held.at)
    if known is not None and known.fingerprint != print_:
        raise Invalid(
            "idempotency_mismatch", "同一 Idempotency-Key 已用于另一请求", field=KEY_HEADER
        )
    if known is not None and known.status is not None:
        return _answer(json.loads(known.body or "{}"), known.status)
    try:
        if not (known and commits.of(request_id)):
            _explained(act, held)
        body = _done(request_id, tells)
    except DomainError as error:
        body, status = _after(error, request_id, tells, status)
    answers.keep(request_id, status, json.dumps(body, ensure_ascii=False))
    return _answer(body, status)


def _after(
    error: DomainError, request_id: str, tells: Mapping[str, str], status: int
) -> tuple[dict[str, Any], int]:
    """What to answer when it was refused: if the same request was done by its twin, the twin's answer."""
    if services().commits.of(request_id) and error.code != "recused":
        try:
            return _done(request_id, tells), status
        except Forbidden as recusal:
            error = recusal
    elif isinstance(error, Stale):
        # Stale asks for another try: keeping it would make the key useless for that.
        raise error
    return error.as_dict(), status_of(error)


def _explained(act: Act, held: Mandate) -> None:
    """Act; a stale write is told what changed since the version that the user saw."""
    try:
        act(held)
    except Stale as stale:
        explain(stale, held.seen)
        raise


def _done(request_id: str, tells: Mapping[str, str]) -> dict[str, Any]:
    """The answer, read from what was recorded."""
    found = services().commits.of(request_id)
    if not found:
        return {"request_id": request_id, "position": 0, "events": [], "ids": {}, "records": []}
    _tell_recusal(found)
    versions: dict[UUID, tuple[str, int]] = {}
    for each in found:
        kind = each.topic.partition(".")[0]
        versions[each.event.originator_id] = (kind, each.event.originator_version)
    return {
        "request_id": request_id,
        "position": found[-1].position,
        "at": found[-1].event.timestamp.isoformat(),
        "events": [each.topic for each in found],
        "ids": {name: _told(found, source) for name, source in tells.items()},
        "records": [
            {"kind": kind, "id": str(id), "version": version}
            for id, (kind, version) in versions.items()
        ],
    }


def _told(found: Sequence[Committed], source: str) -> Any:
    topic, _, fact = source.partition(":")
    values = [
        str(attrgetter(fact or "originator_id")(each.event))
        for each in found
        if each.topic == topic
    ]
    return values[0] if len(values) == 1 else values or None


def _tell_recusal(found: Sequence[Committed]) -> None:
    """A recusal is recorded, and is a refusal for the reviewer."""
    for each in found:
        if each.topic == "studio.reviewer_recused":
            raise Forbidden("recused", each.event.reason, stage=each.event.stage)


def _answer(body: dict[str, Any], status: int) -> Response:
    response = make_response(body, status)
    here = str(next(iter((request.view_args or {}).values()), ""))
    for record in body.get("records", ()):
        if record["id"] == here:
            response.headers["ETag"] = f'"{record["version"]}"'
    return response


def _seen(record: UUID | None, expected: int | None) -> dict[UUID, int]:
    """Which version of the record in the path the user looked at, if they say so."""
    header = request.headers.get("If-Match")
    if header is not None and header != "*":
        found = re.fullmatch(r'(?:W/)?"([0-9]{1,9})"', header.strip())
        if not found:
            raise Invalid("if_match_malformed", 'If-Match 应为版本号，如 "3"', field="If-Match")
        expected = int(found[1])
    return {record: expected} if record is not None and expected is not None else {}


def _request_id(key: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]{1,200}", key):
        raise Invalid(
            "idempotency_key_malformed",
            "Idempotency-Key 须为 1 至 200 个可见 ASCII 字符",
            field=KEY_HEADER,
        )
    who = auth.asker()
    return str(uuid5(KEYS, f"{who.account if who else request.remote_addr} {key}"))


def _fingerprint(held: Mandate) -> str:
    """What makes two requests the same: operation, role, body."""
    body = json.dumps(request.get_json(silent=True), sort_keys=True, ensure_ascii=True)
    said = [request.method, request.path, held.role.value, str(held.organisation), body]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
