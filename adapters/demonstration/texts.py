"""Sentences for forms, statements and reports. Every call draws anew, so no two texts are alike."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from adapters.demonstration.words import Trade
from domain.policy.filling import characters

OPENING = (
    "{name}依托{unit}{field}岗位组建，现有成员{size}人，由{leader}领衔，以解决现场难题为主要任务。",
    "{unit}为发挥骨干带头作用，以{leader}为领衔人组建{name}，重点方向是{field}，团队共{size}人。",
)
SENTENCES = (
    "围绕“{title}”立项攻关，先后完成方案论证、试用验证和改进完善，现已在{place}推广使用。",
    "针对岗位上长期没有解决的难点，团队连续跟班记录，找到关键因素后固化为作业标准。",
    "每月第一周召开选题会，由一线职工提出问题，成员认领后限期给出改进方案。",
    "工作室实行课题负责制，每项课题明确目标、人员、经费和完成时间，按季度检查进度。",
    "近年来累计开展技术培训{count}场，参训职工{many}人次，培训后考核合格率明显提高。",
    "通过师徒结对，{pairs}名青年职工能够独立顶岗，其中多人取得更高等级的技能证书。",
    "所在单位每年在预算中列支专项经费，用于购置器材、方案试用和对外交流。",
    "工作室场所面积{area}平方米，设有研讨区、实操区和成果展示区，管理制度全部上墙。",
    "“{title}”实施后，作业时间缩短约{percent}%，差错持续减少，职工劳动强度明显减轻。",
    "团队与兄弟单位开展技术协作{pairs}次，互派骨干驻点，共同研究“{title}”等课题。",
    "成员档案、活动记录和成果台账由专人保管，做到一项一档、随时可查。",
    "经财务部门测算，相关改进每年可为单位节约费用{money}万元。",
    "结合安全要求，对本岗位作业全过程进行风险辨识，增设防护措施{pairs}项。",
    "工作室积极参加职工技术创新成果交流，所编写的操作要点已成为新员工岗前培训内容。",
    "下一步将继续以{field}为主线，在绿色低碳和数字化改造方面选定新的攻关课题。",
    "领衔人坚持在现场带徒，把多年积累的经验整理成图文并茂的作业指导书。",
    "对外接待参观学习{count}批次，为本地区同行提供了可以借鉴的做法。",
    "在应急任务中，团队连续奋战，提前恢复正常运行，受到服务对象和职工的好评。",
)
STATEMENTS = (
    "已按要求落实，相关记录、照片和文件随材料附后。",
    "工作室已建立相应机制，运行情况良好，有完整记录可查。",
    "近年来持续开展，成效得到职工和单位认可，佐证材料已装订。",
    "已对照条款逐项自查，符合要求，详见工作总结有关部分。",
    "单位党政高度重视，在人员、场地和经费上均有保障。",
)
KINDS = {
    ("装置", "研制", "支架", "夹具", "卡具", "改造"): ("实用新型专利", "发明专利", "实用新型专利"),
    ("系统", "模型", "平台"): ("软件著作权", "发明专利", "职工技术创新成果"),
    ("法", "手册", "工法"): ("先进操作法", "职工技术创新成果"),
    ("规程", "标准样", "办法", "清单"): ("技术标准", "职工技术创新成果"),
}


@dataclass(frozen=True)
class Subject:
    """Whom a text is about."""

    name: str
    leader: str
    unit: str
    field: str
    size: int
    area: int
    trade: Trade


def title(trade: Trade, dice: Random) -> str:
    """The title of a result or topic."""
    objects, moves = dice.choice(trade.lines)
    return dice.choice(objects) + dice.choice(moves)


def kind_of(what: str, dice: Random) -> str:
    """What a result with this title would be recognised as."""
    for endings, kinds in KINDS.items():
        if what.endswith(endings):
            return dice.choice(kinds)
    return dice.choice(("职工技术创新成果", "先进操作法"))


def essay(subject: Subject, dice: Random, least: int) -> str:
    """A text of paragraphs with at least so many characters, blanks not counted."""
    parts = [_filled(dice.choice(OPENING), subject, dice)]
    told, order = characters(parts[0]), list[str]()
    while told < least:
        order = order or dice.sample(SENTENCES, len(SENTENCES))
        parts.append(_filled(order.pop(), subject, dice))
        told += characters(parts[-1])
        if len(parts) % 5 == 0:
            parts.append("\n")
    return "".join(parts)


def _filled(sentence: str, subject: Subject, dice: Random) -> str:
    return sentence.format(
        name=subject.name,
        leader=subject.leader,
        unit=subject.unit,
        field=subject.field,
        size=subject.size,
        area=subject.area,
        title=title(subject.trade, dice),
        place=dice.choice(("本单位各部门", "同类岗位", "全系统", "下属各单位")),
        count=dice.randint(4, 26),
        many=dice.randint(80, 900),
        pairs=dice.randint(2, 9),
        percent=dice.randint(8, 46),
        money=dice.randint(6, 180),
    )


def statement(question: str, dice: Random) -> str:
    """What a unit says about a question that a person will judge."""
    return f"{question.rstrip('。？')}：{dice.choice(STATEMENTS)}"
