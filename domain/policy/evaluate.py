"""One verdict per condition of a category, in the notice's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from domain.errors import Invalid
from domain.policy.dossier import problems, waivable
from domain.policy.kinds.base import Case
from domain.policy.model import plain
from domain.policy.policy import Category, Condition
from domain.policy.verdicts import FAIL, NEEDS_HUMAN, PASS, Finding, Verdict


def evaluate(category: Category, dossier: Mapping[str, Any], on: date) -> tuple[Verdict, ...]:
    """One verdict per condition for a dossier filed on a day.

    Facts that a draft leaves out count as 未填写. Raises Invalid `dossier_malformed` with every
    place that is wrong in `details["problems"]`.
    """
    check_form(category, dossier)
    return tuple(_verdict(each, category, dossier, on) for each in category.conditions)


def check_form(category: Category, dossier: Any, *, complete: bool = False) -> None:
    """Raise Invalid `dossier_malformed` unless the dossier has the category's form."""
    faults = problems(category, dossier, complete=complete)
    if faults:
        told = "；".join(f"{each.field or '申报材料'}：{each.message}" for each in faults[:3])
        raise Invalid(
            "dossier_malformed",
            f"申报材料有误：{told}",
            field=faults[0].field or None,
            problems=[{"field": each.field, "message": each.message} for each in faults],
        )


def check_leader(category: Category, dossier: Mapping[str, Any], on: date) -> tuple[Verdict, ...]:
    """The verdicts on the leader alone, for a successor. Raises Invalid as `evaluate` does."""
    check_form(category, dossier)
    return tuple(_verdict(each, category, dossier, on) for each in category.leader_conditions)


def _verdict(
    condition: Condition, category: Category, dossier: Mapping[str, Any], on: date
) -> Verdict:
    found = condition.rule.check(Case(dossier, on, condition.id, category.form))
    attached = (dossier.get("evidence") or {}).get(condition.id, ())
    verdict = Verdict(
        condition=condition.id,
        kind=condition.kind,
        clause=condition.clause,
        text=condition.text,
        outcome=found.outcome,
        force=condition.force,
        sentence=f"{found.sentence}（{condition.clause}）",
        facts=plain(dict(found.facts)),
        evidence=tuple(dict.fromkeys((*found.evidence, *attached))),
    )
    return _set_aside(verdict, condition, found, dossier)


def _set_aside(
    verdict: Verdict, condition: Condition, found: Finding, dossier: Mapping[str, Any]
) -> Verdict:
    clauses = waivable(condition)
    for override in dossier.get("overrides") or ():
        if found.outcome == FAIL and override["clause"] in clauses:
            reason, approver = override["reason"].strip(), override["approver"].strip()
            told = f"{found.sentence}；属原则性条件，经{approver}批准破例，理由：{reason}"
            return replace(
                verdict,
                outcome=PASS,
                overridden=True,
                sentence=f"{told}（{override['clause']}）",
                facts={**verdict.facts, "reason": reason, "approver": approver},
            )
    return verdict


def outcome(verdicts: Iterable[Verdict]) -> str:
    """The dossier's outcome: fail if any binding condition fails, else whether a human is needed.

    Preferences change nothing.
    """
    binding = [each for each in verdicts if each.force != "preferred"]
    for worst in (FAIL, NEEDS_HUMAN):
        if any(each.outcome == worst for each in binding):
            return worst
    return PASS
