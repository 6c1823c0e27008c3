"""Policy packs: what the notices demand, clause by clause, and what a dossier makes of it. Open to everyone."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from adapters.packs.reports import report
from domain.errors import NotFound
from domain.policy.dossier import blank, schema
from domain.policy.evaluate import check_form
from domain.policy.policy import Policy
from domain.values import local
from web.blueprint import Blueprint
from web.context import house
from web.fields import Day, Free, Strict

blueprint = Blueprint("policies", __name__, description="政策包")


class PolicySchema(Schema):
    """A policy in one line."""

    id = fields.String(required=True)
    version = fields.String(required=True)
    digest = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    title = fields.String(required=True)
    issuer = fields.String(required=True)
    level = fields.String(required=True)
    categories = fields.Dict(required=True, metadata={"description": "id → Chinese name"})
    warnings = fields.List(fields.Dict(), required=True)


class Evaluation(Strict):
    """A dossier, whole or a draft, and the day it would be filed (today without one)."""

    dossier = Free()
    on = Day(load_default=None, allow_none=True)


def _policy(id: str) -> Policy:
    if id not in house().policies:
        raise NotFound("policy_unknown", "没有这个政策包", policy=id[:100])
    return house().policies[id]


def _line(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "version": policy.version,
        "digest": policy.digest,
        "number": policy.document.number,
        "title": policy.document.title,
        "issuer": policy.document.issuer,
        "level": policy.level,
        "categories": {each.id: each.name for each in policy.categories},
        "warnings": [
            {"code": each.code, "clause": each.clause, "message": each.message}
            for each in policy.warnings
        ],
    }


@blueprint.get("/policies")
@blueprint.response(200, PolicySchema(many=True))
def index() -> list[dict[str, Any]]:
    """Every policy pack."""
    return [_line(policy) for _, policy in sorted(house().policies.items())]


@blueprint.get("/policies/<string:policy>")
@blueprint.response(200)
def show(policy: str) -> dict[str, Any]:
    """A policy with all its clauses, quotas, stages, terms, task table and warnings."""
    return _policy(policy).as_dict()


@blueprint.get("/policies/<string:policy>/categories/<string:category>/schema")
@blueprint.response(200)
def dossier_schema(policy: str, category: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a category's dossier."""
    return schema(_policy(policy).category(category))


@blueprint.get("/policies/<string:policy>/categories/<string:category>/blank")
@blueprint.response(200)
def dossier_blank(policy: str, category: str) -> dict[str, Any]:
    """A dossier with every required key and nothing filled in."""
    return blank(_policy(policy).category(category))


@blueprint.post("/policies/<string:policy>/categories/<string:category>/evaluate")
@blueprint.arguments(Evaluation)
@blueprint.response(200)
def evaluate(data: dict[str, Any], policy: str, category: str) -> dict[str, Any]:
    """One verdict per clause. Nothing is stored."""
    pack = _policy(policy)
    on = data["on"] or local(house().clock()).date()
    check_form(pack.category(category), data["dossier"])
    return report(pack, category, on, pack.evaluate(category, data["dossier"], on))
