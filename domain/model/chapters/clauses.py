"""Which verdicts let an application pass."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import Refused
from domain.model.chapters.state import Application


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
