"""The vocabulary of facts: what conditions of any notice may read, by path, and its shape.

Null means 未填写. An empty list means 没有 (none), which is an answer.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.policy.shapes import Choice, Day, Flag, Keys, Listing, Number, Shape, Text, Whole

LEVEL_NAMES = {
    "nation": "国家级",
    "province": "省部级",
    "city": "市级",
    "county": "县（市、区）级",
    "unit": "单位级",
}
RANK = {"unit": 1, "county": 2, "city": 3, "province": 4, "nation": 5}

SKILL_LEVELS = ("初级工", "中级工", "高级工", "技师", "高级技师", "特级技师", "首席技师")
PROFESSIONAL_RANKS = ("初级", "中级", "副高级", "正高级")
DEGREES = ("高中", "大专", "本科", "硕士", "博士")
"""Steps from low to high; 中专、技校 are 高中."""

_LEVEL = Choice(title="级别", options=tuple(LEVEL_NAMES), filled=True)
_YEAR = Whole(title="年份", least=1949, most=2999, filled=True)
_NAME = Text(title="名称", most=200, filled=True)
_EVIDENCE = Listing(
    title="证明材料（文件名或 SHA-256）", of=Text(most=200, filled=True), filled=True, most=50
)


def _items(title: str, keys: Mapping[str, Shape], *optional: str) -> Listing:
    item = Keys(
        of={**keys, "evidence": _EVIDENCE},
        optional=frozenset({*optional, "evidence"}),
        filled=True,
    )
    return Listing(title=title, of=item)


_AWARDS = {"name": _NAME, "level": _LEVEL, "year": _YEAR}

FACTS: Mapping[str, Shape] = {
    "studio.name": Text(title="工作室名称", most=100),
    "studio.founded_on": Day(title="创建日期"),
    "studio.area": Number(title="场所面积（平方米）"),
    "studio.existing_body": Flag(title="是否为单位原有建制的研发机构或班组"),
    "unit.name": Text(title="所在单位", most=100),
    "unit.legal_person": Flag(title="所在单位是否具有法人资格"),
    "unit.sound_union": Flag(title="所在单位工会组织是否健全"),
    "unit.consent": Flag(title="是否已征得所在单位同意"),
    "leader.name": Text(title="领衔人姓名", most=50),
    "leader.birth_date": Day(title="领衔人出生年月", month_will_do=True),
    "leader.honours": _items("领衔人荣誉称号", _AWARDS),
    "leader.titles": _items("领衔人技能称号", _AWARDS),
    "leader.gender": Choice(title="领衔人性别", options=("男", "女")),
    "leader.skill_level": Choice(title="领衔人职业技能等级", options=SKILL_LEVELS),
    "leader.professional_rank": Choice(title="领衔人专业技术职称", options=PROFESSIONAL_RANKS),
    "leader.degree": Choice(title="领衔人学历", options=DEGREES),
    "leader.trade_years": Whole(title="领衔人从事本专业（工种）年数", most=80),
    "team.size": Whole(title="成员人数", most=10_000),
    "team.frontline": Whole(title="一线职工人数", most=10_000),
    "team.resident": Whole(title="常驻专职工作人员人数", most=10_000),
    "results": _items(
        "创新成果",
        {
            "name": _NAME,
            "recognised_on": Day(title="获认可或认定的日期"),
            "kind": Text(title="类别，如发明专利", most=50),
            "recognised_by": Text(title="认可或认定单位", most=100),
            "level": Choice(title="级别", options=tuple(LEVEL_NAMES)),
            "applied": Flag(title="是否已推广应用"),
        },
        "kind",
        "recognised_by",
        "level",
        "applied",
    ),
    "topics": _items(
        "创新课题或攻关项目",
        {
            "name": _NAME,
            "year": _YEAR,
            "approved_by_unit": Flag(title="是否由单位立项"),
            "recognised": Flag(title="是否获得相关认定"),
            "completed": Flag(title="是否已完成"),
        },
        "approved_by_unit",
        "recognised",
        "completed",
    ),
    "namings": _items(
        "曾获命名",
        {
            "level": _LEVEL,
            "name": _NAME,
            "on": Day(title="命名日期", filled=True),
            "studio_name": Text(title="命名时的工作室全称", most=100),
            "document": Text(title="文号", most=100),
            "revoked_on": Day(title="取消命名日期"),
        },
        "studio_name",
        "document",
        "revoked_on",
    ),
    "budgets": _items(
        "经费预算",
        {
            "year": _YEAR,
            "amount": Whole(title="金额（分）", filled=True),
            "source": Text(title="来源", most=100),
        },
        "source",
    ),
    "apprenticeships": _items(
        "师徒协议",
        {
            "signed_on": Day(title="签订日期"),
            "duties": Flag(title="是否明确双方职责"),
            "plan": Flag(title="是否制定学习计划"),
        },
    ),
}


def facts(*paths: str) -> dict[str, Shape]:
    """The shapes of some facts, by path."""
    return {path: FACTS[path] for path in paths}
