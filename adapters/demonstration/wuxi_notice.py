"""Objections to Wuxi's notice of 2022: upheld, anonymous, adopted, late."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from adapters.demonstration.clock import shanghai
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Stage, Story

CLAIM = "申报的主要成果系研发部门完成，工作室成员未参与，请核实。"
UPHELD = "经调阅立项与专利文件并访谈成员，主要成果完成人均非工作室成员，异议成立，取消拟命名资格。"
NOT_UPHELD = "两次不打招呼走访，场所正常开放，活动签到与监控记录一致，异议不成立。"


def objections(season: Season, notice: UUID) -> Story:
    """From the second day of the notice until two days after its end."""
    stage = season.stage
    publicity, officer = stage.register.publicity, season.city.namer
    dropped = season.fated("dropped")[0]
    blamed, suspected, late = season.fated("named", category="model_worker")[3:6]
    yield shanghai(date(2022, 11, 30), 10, 20)
    against = _signed(season, notice, dropped, CLAIM)
    yield shanghai(date(2022, 12, 1), 22, 15)
    lead = _anonymous(stage, notice, blamed, "工作室场所常年上锁，活动记录真实性存疑。")
    _anonymous(stage, notice, suspected, "听说领衔人已调离原岗位。")
    stage.note("匿名线索", suspected.ids[0])
    yield shanghai(date(2022, 12, 2), 9, 40)
    publicity.adopt(stage.by(officer), notice, lead, "线索具体、可查，转为异议办理。")
    stage.note("匿名线索转为异议", blamed.ids[0])
    yield shanghai(date(2022, 12, 5), 15)
    publicity.close_objection(stage.by(officer), notice, against, finding=UPHELD, upheld=True)
    stage.note("公示异议成立", dropped.ids[0])
    yield shanghai(date(2022, 12, 6), 16)
    publicity.close_objection(stage.by(officer), notice, lead, finding=NOT_UPHELD, upheld=False)
    yield shanghai(date(2022, 12, 7), 11, 5)
    _signed(season, notice, late, "该工作室成员名单中有人已离职，现在反映是否还来得及？")
    stage.note("逾期投诉", late.ids[0])


def _signed(season: Season, notice: UUID, candidate: Candidate, text: str) -> UUID:
    """An objection by somebody who gives a name."""
    stage = season.stage
    someone = stage.people.person(season.city.chance)
    objection, _ = stage.register.publicity.object(
        stage.public(),
        notice,
        studio=candidate.ids[0],
        text=text,
        objector={"name": someone.name, "phone": someone.phone, "relation": "所在单位职工"},
    )
    return objection


def _anonymous(stage: Stage, notice: UUID, candidate: Candidate, text: str) -> UUID:
    objection, _ = stage.register.publicity.object(
        stage.public(), notice, studio=candidate.ids[0], text=text
    )
    return objection
