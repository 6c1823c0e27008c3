"""What the register's short names are called on a page."""

from __future__ import annotations

from dataclasses import dataclass

from domain.model.chapters.checks import ASSESSORS
from domain.model.chapters.intake import OUTCOMES
from domain.model.chapters.state import STATUS_NAMES
from domain.model.chapters.succession import LEADER_GONE
from domain.model.claim import CLAIMED
from domain.model.fund import SOURCES
from domain.values import ROLE_NAMES

STAGES = {
    "unit": "单位申报审核",
    "first": "初审",
    "materials": "材料审核",
    "site_visit": "实地考察",
    "selection": "遴选",
    "office_meeting": "主席办公会审定",
    "publicity": "公示",
    "naming": "命名",
    "qualification": "资格审查",
    "second_review": "复审",
    "expert_review": "专家评审",
    "presentation": "现场答辩",
    "vote": "投票",
}

STEPS = {
    "applied": "申报",
    "first": "初审",
    "materials": "材料",
    "site_visit": "考察",
    "selection": "遴选",
    "office_meeting": "审定",
    "publicity": "公示",
    "naming": "命名",
    "subsidy": "补助",
    "checks": "考核",
}
"""The bar across a studio's page, in order."""

WORDS: dict[str, dict[str, str]] = {
    "stage": STAGES,
    "outcome": OUTCOMES,
    "status": {**STATUS_NAMES, "registered": "仅登记", "applying": "申报中"},
    "assessor": ASSESSORS,
    "source": SOURCES,
    "role": {role.value: name for role, name in ROLE_NAMES.items()},
    "level": {"province": "省级", "city": "市级", "county": "县区级", "national": "国家级"},
    "objection": {"objection": "异议", "lead": "匿名线索", "complaint": "逾期投诉"},
    "left": {
        "withdrawn": "撤回",
        "rejected": "未通过",
        "not_chosen": "未获选",
        "objection_upheld": "公示异议成立",
    },
    "verdict": {"pass": "符合", "fail": "不符合", "needs_human": "待人工判断"},
    "force": {"required": "必备条件", "in_principle": "原则上", "preferred": "优先条件"},
    "quota_force": {"hard": "硬性名额", "in_principle": "原则上"},
    "per": {"recommending_union": "每个推荐单位", "unit": "每个单位", "call": "本批次"},
    "export": {
        "studios": "工作室名单",
        "grants": "补助名单",
        "ledger": "资金台账",
        "assessments": "考核结果",
        "tasks": "待办事项",
        "messages": "消息",
        "events": "日志",
        "audit_bundle": "审计包",
        "person": "一个人的全部个人信息",
    },
    "claim": CLAIMED,
    "leader_gone": LEADER_GONE,
    "call": {"open": "受理中", "closed": "已截止", "concluded": "已办结"},
    "personal": {
        "name": "姓名",
        "phone": "电话",
        "birth_date": "出生年月",
        "ethnicity": "民族",
        "political_status": "政治面貌",
        "email": "电子邮箱",
        "id_number": "身份证号",
        "account_number": "账号",
    },
    "kind": {"federation": "总工会", "recommending_union": "推荐单位", "unit": "基层单位"},
    "entry": {
        "entered": "已申报",
        "recommended": "已推荐",
        "selected": "已入选",
        "named": "已命名",
        "left": "已退出",
    },
}

TONES = {
    "active": "good",
    "named": "good",
    "passed": "good",
    "pass": "good",
    "selected": "good",
    "under_review": "info",
    "applying": "info",
    "recommended": "info",
    "returned": "mid",
    "needs_human": "mid",
    "proposed": "mid",
    "de_named": "bad",
    "rejected": "bad",
    "dropped": "bad",
    "fail": "bad",
}
"""Colours that go with a word, never instead of it."""


def word(value: object, of: str) -> str:
    """What a short name is called; the name itself where it has no word."""
    return WORDS[of].get(str(value), str(value))


@dataclass(frozen=True)
class TopicGroup:
    """Kinds of events that are looked for together."""

    name: str
    topics: tuple[str, ...]


def _group(name: str, record: str, events: str) -> TopicGroup:
    return TopicGroup(name, tuple(f"{record}.{event}" for event in events.split()))


TOPIC_GROUPS = {
    "intake": _group("申报", "studio", "registered applied amended returned withdrawn"),
    "review": _group("评审", "studio", "reviewed scored overridden reviewer_recused"),
    "publicity": _group(
        "公示与异议",
        "notice",
        "posted extended restarted dropped completed objection_raised lead_adopted objection_closed",
    ),
    "naming": _group(
        "命名",
        "studio",
        "named upgraded naming_recorded plaque_issued renamed leader_change_opened leader_changed "
        "leader_change_closed",
    ),
    "end": _group(
        "取消与恢复命名",
        "studio",
        "failed_three_years de_named other_namings_alerted reinstated reinstatement_declined",
    ),
    "checks": _group(
        "考核与整改",
        "studio",
        "annually_checked check_corrected assessment_missed rectification_ordered rectified",
    ),
    "money": _group(
        "补助",
        "studio",
        "subsidy_granted amount_explained subsidy_paid payment_reconciled counterparty_explained "
        "subsidy_spent subsidy_returned recovery_ordered grant_cancelled",
    ),
    "funds": _group("资金", "fund", "established appropriated committed released paid returned"),
    "calls": _group("批次", "call", "opened deadline_explained extended closed selected concluded"),
}
"""What the log can be narrowed to."""
