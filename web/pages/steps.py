"""The bar across a studio's page: where it stands between its application and its yearly checks."""

from __future__ import annotations

from dataclasses import dataclass

from domain.model.chapters.state import Application, Naming
from domain.model.studio import Studio
from web.pages.filters import yuan
from web.pages.words import STAGES, STEPS

AFTER = ("publicity", "naming")


@dataclass(frozen=True)
class Step:
    """One step: state is done, now, failed or empty (not yet, or not asked for)."""

    name: str
    state: str = ""
    note: str = ""


def steps(studio: Studio, *, assessed: bool) -> list[Step]:
    """The steps of the latest application, and of what followed it.

    `assessed` tells whether the policy has a yearly assessment.
    """
    application = next(reversed(studio.applications.values()), None)
    naming = current_naming(studio)
    found = {
        "applied": _applied(application, naming),
        "publicity": _publicity(application),
        "naming": _naming(application, naming),
        "subsidy": _subsidy(studio),
        "checks": _checks(naming, assessed=assessed),
    }
    return [
        Step(name, *(found[id] if id in found else _reviewed(application, id)))
        for id, name in _named_steps(application).items()
    ]


def _named_steps(application: Application | None) -> dict[str, str]:
    """The steps in order; with stages that the usual bar lacks, in the order of the application."""
    stages = [stage for stage in application.stages if stage != "unit"] if application else []
    if set(stages) <= STEPS.keys():
        return STEPS
    own = {stage: STEPS.get(stage, STAGES.get(stage, stage)) for stage in stages}
    first = {"applied": STEPS["applied"], **own}
    return first | {id: name for id, name in STEPS.items() if id not in STAGES or id in AFTER}


def current_naming(studio: Studio) -> Naming | None:
    """The naming to speak of first: the latest active one, else the latest that ended."""
    namings = list(studio.namings.values())
    active = [naming for naming in namings if naming.status == "active"]
    return next(reversed(active or namings), None)


def _applied(application: Application | None, naming: Naming | None) -> tuple[str, str]:
    if application is None:
        return ("", "已有命名补录") if naming else ("now", "尚未申报")
    if application.status == "returned":
        return "now", "退回补正"
    if application.status == "withdrawn":
        return "failed", "已撤回"
    return "done", "已提交"


def _reviewed(application: Application | None, stage: str) -> tuple[str, str]:
    if application is None:
        return "", ""
    if stage not in application.stages:
        return "", "不设"
    if stage in application.passed:
        return "done", f"{application.passed[stage]:%Y-%m-%d}"
    if application.status == "rejected" and application.next_stage == stage:
        return "failed", "未通过"
    if application.status == "under_review" and _waits_at(application, stage):
        return "now", "办理中"
    return "", ""


def _waits_at(application: Application, stage: str) -> bool:
    """The unit's own stage has no place in the bar: it counts as the first review's beginning."""
    waiting = application.next_stage
    return waiting == stage or (waiting == "unit" and stage == "first")


def _publicity(application: Application | None) -> tuple[str, str]:
    if application is None:
        return "", ""
    if not application.publicity:
        return "", "不设"
    if application.status == "dropped":
        return "failed", "异议成立"
    if application.clock is None:
        waits = application.open and application.next_stage is None
        return ("now", "待公示") if waits else ("", "")
    if application.notice_done:
        return "done", f"至 {application.clock.ends_on:%Y-%m-%d}"
    return "now", f"至 {application.clock.ends_on:%Y-%m-%d}"


def _naming(application: Application | None, naming: Naming | None) -> tuple[str, str]:
    if naming is not None:
        return "done", f"{naming.on:%Y-%m-%d}"
    ready = application is not None and application.open and application.next_stage is None
    if ready and application is not None and (application.notice_done or not application.publicity):
        return "now", "待命名"
    return "", ""


def _subsidy(studio: Studio) -> tuple[str, str]:
    grants = [grant for grant in studio.grants.values() if not grant.cancelled]
    if not grants:
        return "", "已取消" if studio.grants else ""
    paid = sum(grant.paid.fen for grant in grants)
    decided = sum(grant.amount.fen for grant in grants)
    if paid == decided:
        return "done", f"{yuan(paid)} 元"
    return "now", f"待拨 {yuan(decided - paid)}"


def _checks(naming: Naming | None, *, assessed: bool) -> tuple[str, str]:
    if naming is None:
        return "", ""
    if not assessed and not naming.checks:
        return "", "不设"
    if naming.status == "de_named":
        return "failed", "取消命名"
    if naming.status != "active":
        return "", ""
    years = [year for year in naming.checks if naming.governing(year)]
    return ("now", f"至 {max(years)} 年度") if years else ("now", "尚无结果")
