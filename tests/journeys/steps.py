"""What happens to every application, so that a story can begin where it gets interesting."""

from __future__ import annotations

from typing import Any

from tests.journeys.town import Branch, Person, Reply, Town, Unit


def apply(town: Town, unit: Unit, call: str, policy: str, category: str, **but: Any) -> Reply:
    """A unit files a dossier that passes, but for what is given, for a studio of its own."""
    more = {key: but.pop(key) for key in ("studio", "reason") if key in but}
    if "studio" not in more:
        more["studio"] = enter(unit, but.get("name", "林一川创新工作室"))
    dossier = town.dossier(policy, category, **but)
    return unit.union.post(
        f"/calls/{call}/applications", category=category, dossier=dossier, **more
    )


def enter(unit: Unit, name: str = "林一川创新工作室", leader: str = "林一川") -> str:
    """A unit enters a studio into the register, which its dossiers tell the age of; returns its id."""
    about = {"name": leader, "phone": "13800000000"}
    return unit.union.do("/studios", unit=unit.id, name=name, leader=about)["studio"]


def where(applied: Reply) -> str:
    """The address of an application."""
    return f"/studios/{applied['studio']}/applications/{applied['application']}"


def judged(town: Town, policy: str, category: str, dossier: dict[str, Any]) -> dict[str, str]:
    """A person's yes to every clause that needs one."""
    verdicts = town.house.policies[policy].evaluate(category, dossier, town.clock.today)
    return {each.condition: "pass" for each in verdicts if each.outcome == "needs_human"}


def recommend(unit: Unit, branch: Branch, applied: Reply, **more: Any) -> Reply:
    """The unit and then the recommending union pass it; `more` are a reason, or judgements."""
    at = f"{where(applied)}/reviews"
    unit.union.do(at, stage="unit", outcome="passed", opinion="同意申报")
    return branch.officer.post(at, stage="first", outcome="passed", opinion="同意推荐", **more)


def account_of(unit: Unit) -> dict[str, str]:
    """The bank account of a unit."""
    return {
        "organisation": unit.id,
        "account_name": unit.name,
        "bank": "某某银行",
        "account_number": "6200000000000000",
    }


def fund_of(officer: Person, payer: str, fen: int, source: str = "city", year: int = 2023) -> str:
    """A payer's fund with money in it."""
    fund = officer.do("/funds", name="创新工作室补助", payer=payer, year=year, source=source)[
        "fund"
    ]
    officer.do(f"/funds/{fund}/appropriate", amount=fen, document="财〔1〕号")
    return fund


def approve(
    town: Town, officer: Person, applied: Reply, stages: list[str], judgements: dict[str, str]
) -> None:
    """The city passes it at stages of its own, with its judgements at the first."""
    for stage in stages:
        body: dict[str, Any] = {"stage": stage, "outcome": "passed", "opinion": "同意"}
        if judgements:
            body["judgements"], judgements = judgements, {}
        if stage == "office_meeting":
            body["document"] = "主席办公会纪要〔1〕号"
        officer.do(f"{where(applied)}/reviews", **body)
