"""Which verdicts let an application pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.errors import Invalid, Refused
from domain.model.chapters.state import Application


def require_judgements(found: Application, judgements: Mapping[str, str]) -> None:
    """Refuse judgements of what needs none, and outcomes other than pass and fail."""
    known = {v["condition"] for v in found.verdicts if v["outcome"] == "needs_human"}
    if unknown := sorted(set(judgements) - known):
        message = f"条件“{unknown[0]}”不需要人工判断"
        raise Invalid("condition_not_judged", message, field="judgements")
    if not set(judgements.values()) <= {"pass", "fail"}:
        raise Invalid("judgement_unknown", "判断须为 pass 或 fail", field="judgements")


def require_clauses(found: Application, judged: Mapping[str, str], *, last: bool) -> None:
    """Refuse while a condition that binds fails; at the last stage, while one is not judged.

    `judged` gives the outcomes that people decided, by condition. A condition that was overridden
    no longer binds. Raises Refused: `override_required`, `clause_failed` or `clause_unjudged`.
    """
    for verdict in found.verdicts:
        condition, clause = verdict["condition"], verdict["clause"]
        outcome = judged.get(condition, verdict["outcome"])
        if verdict["force"] == "preferred" or outcome == "pass" or condition in found.overridden:
            continue
        details = {"clause": clause, "condition": condition, "text": verdict["text"]}
        if outcome == "fail" and verdict["waivable"]:
            message = f"{verdict['sentence']}；如属特殊情况，须说明理由并经批准"
            raise Refused("override_required", message, **details)
        if outcome == "fail":
            raise Refused("clause_failed", verdict["sentence"], **details)
        if last:
            raise Refused("clause_unjudged", f"“{verdict['text']}”尚未人工判断", **details)


def standing(found: Application, judged: Mapping[str, str]) -> list[dict[str, Any]]:
    """How each condition stands at a review: its outcome as judged, and whether it was overridden.

    The words, sentences and facts are with the dossier that was filed; repeating them at every
    stage would be most of the log.
    """
    return [
        {
            "condition": verdict["condition"],
            "clause": verdict["clause"],
            "force": verdict["force"],
            "outcome": judged.get(verdict["condition"], verdict["outcome"]),
            "overridden": verdict["condition"] in found.overridden,
        }
        for verdict in found.verdicts
    ]
