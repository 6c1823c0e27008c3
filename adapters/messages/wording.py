"""Wording: which facts the text of each kind of message may tell, and what each kind is called.

The facts of a kind are always given; those in `MORE` may be given with any kind, and a text says them only
where they are. Dates are ISO text (`2026-12-31`, or `2026-12-31 17:30` in the federation's zone), amounts are
yuan as text. Nothing personal but a name is ever a fact. What a message itself knows - the due day, the
federation, the organisation it is addressed to, the link - is given to every text besides, and is no fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Fact = str | int


@dataclass(frozen=True, slots=True)
class Wording:
    """One kind: its title in Chinese and English, and its facts, each with an example."""

    zh: str
    en: str
    facts: Mapping[str, Fact]
    dated: bool = True

    def title(self, language: str) -> str:
        """What the kind is called in a list of kinds."""
        return self.en if language == "en" else self.zh

    @property
    def examples(self) -> dict[str, Fact]:
        """Facts to show the text with."""
        return dict(self.facts)


MORE: Final[Mapping[str, Fact]] = {
    "studio": "数控创新工作室",
    "number": "XC2026-017",
    "unit": "示例机械厂",
    "union": "示例区总工会",
    "person": "张三",
    "count": 12,
    "days": 30,
    "period": "上半年",
    "reason": "材料不齐全",
    "document": "某工发〔2023〕5号",
    "clause": "四（二）",
    "received_on": "2026-10-12",
    "decided_on": "2026-10-12",
    "deadline": "2026-09-30 17:30",
    "unions": "甲区总工会、乙区总工会",
    "places": 30,
    "counting": "in_a_row",
}
"""Facts that any message may carry: number: of the studio; person: a name; count: of what the kind is
about; days: how many; unions: names with 、 between; deadline: of filing; counting: in_a_row or in_all, of failures."""

_STUDIO: Final[dict[str, Fact]] = {"studio": "数控创新工作室"}
_CALL: Final[dict[str, Fact]] = {"call": "2026年劳模和工匠人才创新工作室推荐申报"}
_YEAR: Final[dict[str, Fact]] = {"year": 2026}
_MONEY: Final[dict[str, Fact]] = {**_STUDIO, "amount": "20,000"}
_ORDERED: Final[dict[str, Fact]] = {
    **_STUDIO,
    "number": "XC2026-017",
    "year": 2026,
    "due_on": "2027-03-31",
    "failures": 2,
    "remaining": 1,
}

MATTERS: Final[Mapping[str, Wording]] = {
    "call.opens": Wording("申报开始", "A call is open", _CALL, dated=False),
    "call.filing": Wording("申报即将截止", "A call closes soon", _CALL),
    "call.silent_unions": Wording(
        "有工会尚未申报", "Unions that have filed nothing", {**_CALL, "count": 3}
    ),
    "notice.to_name": Wording("公示期满，待命名", "A notice has ended: to be named", _CALL),
    "notice.objection": Wording("公示异议待答复", "An objection awaits an answer", _CALL),
    "notice.provisional": Wording(
        "公示截止日待定", "A notice's end is provisional", {**_CALL, **_YEAR}, dated=False
    ),
    "notice.outage": Wording(
        "公示期间服务中断",
        "The service was down during a notice",
        {**_CALL, "begins": "2026-10-12 08:15", "ends": "2026-10-12 19:40"},
        dated=False,
    ),
    "grant.unpaid": Wording("补助待拨付", "A grant is not paid yet", _MONEY),
    "payment.unmatched": Wording("拨款待与银行流水核对", "A payment is not matched", _MONEY),
    "spending.unaccounted": Wording("补助使用待说明", "Spending is not accounted for", _MONEY),
    "assessment.unit_due": Wording(
        "年度考核待单位报送", "Yearly results due from the unit", {**_YEAR, "count": 2}
    ),
    "assessment.union_due": Wording(
        "年度考核待推荐工会报送", "Yearly results due from the union", {**_YEAR, "count": 12}
    ),
    "assessment.city_due": Wording(
        "年度考核待市总工会认定", "Yearly results due from the city", {**_YEAR, "count": 40}
    ),
    "self_check.due": Wording(
        "自检待提交", "A self-check is due", {**_STUDIO, **_YEAR, "period": "上半年"}
    ),
    "rectification.due": Wording("整改待完成", "A rectification is due", {**_STUDIO, **_YEAR}),
    "revocation.proposed": Wording(
        "取消命名待决定", "A revocation awaits a decision", _STUDIO, dated=False
    ),
    "reinstatement.open": Wording(
        "恢复命名待决定", "A reinstatement awaits a decision", _STUDIO, dated=False
    ),
    "leader_change.open": Wording("领衔人变更待办", "A new leader is to be found", _STUDIO),
    "term.ends": Wording("任期即将届满", "A term ends", {**_STUDIO, "person": "张三"}),
    "apprenticeship.ends": Wording(
        "师徒协议即将到期", "An apprenticeship ends", {**_STUDIO, "person": "李四"}
    ),
    "calendar.missing": Wording("节假日安排尚未导入", "Next year's calendar is missing", _YEAR),
}
"""The kinds of `domain.matters`: `dated` ones have a due day."""

EVENTS: Final[Mapping[str, Wording]] = {
    "studio.named": Wording(
        "工作室获得命名",
        "A studio was named",
        {
            **_STUDIO,
            "number": "XC2026-017",
            "document": "某工发〔2026〕12号",
            "unit": "示例机械厂",
        },
        dated=False,
    ),
    "studio.de_named": Wording(
        "工作室被取消命名",
        "A studio lost its name",
        {**_STUDIO, "number": "XC2026-017", "years": "2024、2025、2026", "clause": "四（二）"},
        dated=False,
    ),
    "studio.returned": Wording(
        "申报材料被退回",
        "An application was returned",
        {**_STUDIO, "reason": "第3项证明材料缺少盖章页"},
        dated=False,
    ),
    "rectification.ordered": Wording("责令整改", "A rectification was ordered", _ORDERED),
    "rectification.last_warning": Wording("最后一次警示", "A last warning", _ORDERED),
    "notice.objection_raised": Wording(
        "收到公示异议", "An objection was raised", {**_CALL, **_STUDIO}, dated=False
    ),
    "notice.completed": Wording("公示结束", "A notice has ended", _CALL, dated=False),
    "grant.decided": Wording("补助已核定", "A grant was decided", _MONEY, dated=False),
    "grant.paid": Wording("补助已拨付", "A grant was paid", _MONEY, dated=False),
    "campaign.opened": Wording(
        "年度考核开始",
        "The year's assessment is open",
        {**_YEAR, "federation_name": "示例市总工会", "due_on": "2026-12-31"},
    ),
    "campaign.closed": Wording(
        "年度考核结束", "The year's assessment is closed", {**_YEAR, "missing": 2}, dated=False
    ),
    "call.closed": Wording(
        "申报截止", "A call is closed", {**_CALL, "deadline": "2026-09-30 17:30"}, dated=False
    ),
}
"""The kinds that are said when something is recorded."""

WORDINGS: Final[Mapping[str, Wording]] = {**MATTERS, **EVENTS}


def unknown_facts(kind: str, facts: Mapping[str, object]) -> list[str]:
    """Names that no text of the kind may use; raises KeyError for a kind that there is not."""
    return sorted(set(facts) - set(WORDINGS[kind].facts) - set(MORE))


def missing_facts(kind: str, facts: Mapping[str, object]) -> list[str]:
    """Names that the texts of the kind rely on and that are not given."""
    return sorted(set(WORDINGS[kind].facts) - set(facts))
