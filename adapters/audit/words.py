"""What the events of a subsidy's chain say, in a line each; amounts stay numbers until they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from domain.model.chapters.intake import OUTCOMES
from domain.model.fund import SOURCES
from domain.values import local

Facts = Mapping[str, Any]
Part = str | int
"""A piece of a line: words, or an amount in fen."""

STAGES: Final = {
    "unit": "所在单位审核",
    "first": "初审",
    "materials": "材料审核",
    "site_visit": "实地考察",
    "selection": "遴选",
    "office_meeting": "主席办公会",
    "qualification": "资格审查",
    "second_review": "复审",
    "expert_review": "专家评审",
    "presentation": "现场答辩",
    "vote": "投票",
}
KINDS: Final = {"objection": "异议", "lead": "匿名线索", "complaint": "逾期投诉"}
UNITS: Final = {"working_days": "个工作日", "calendar_days": "天"}
SUMS: Final = {
    "granted": "补助决定",
    "paid": "已拨付",
    "reconciled": "银行流水核对",
    "spent": "已使用",
    "recovery": "决定收回",
    "returned": "已退回",
    "balance": "结余",
    "fund_granted": "资金占用",
    "fund_released": "占用释放",
    "fund_paid": "资金支出",
    "fund_returned": "资金收回",
}
"""What the sums of a trace are called. The first seven are the grant's book, the others the fund's."""

PERSONAL: Final = {
    "phone": "电话",
    "birth_date": "出生年月",
    "ethnicity": "民族",
    "political_status": "政治面貌",
    "email": "电子邮箱",
    "id_number": "身份证号",
    "account_number": "账号",
}

TITLES: Final = {
    "call.opened": "批次开放",
    "call.deadline_explained": "截止时间与通知规定不同",
    "call.extended": "截止时间延长",
    "studio.applied": "申报",
    "studio.amended": "补正",
    "studio.returned": "退回补正",
    "call.application_entered": "进入批次",
    "studio.reviewed": "评审",
    "studio.scored": "评分",
    "studio.overridden": "原则上条件破例",
    "studio.reviewer_recused": "回避",
    "call.application_recommended": "推荐",
    "call.ranked": "推荐排序",
    "call.selected": "择优遴选",
    "notice.posted": "公示",
    "notice.extended": "公示延长",
    "notice.restarted": "公示重新开始",
    "notice.dropped": "撤下公示",
    "notice.completed": "公示期满",
    "notice.objection_raised": "收到异议",
    "notice.lead_adopted": "线索转为异议",
    "notice.objection_closed": "异议办结",
    "studio.named": "命名",
    "studio.upgraded": "升级命名",
    "studio.naming_recorded": "补登命名",
    "studio.plaque_issued": "授牌",
    "studio.de_named": "取消命名",
    "studio.reinstated": "恢复命名",
    "fund.established": "设立资金",
    "fund.appropriated": "资金下达",
    "studio.subsidy_granted": "补助决定",
    "studio.amount_explained": "与标准不同的金额",
    "studio.grant_cancelled": "撤销补助",
    "fund.committed": "占用资金",
    "fund.released": "释放资金",
    "studio.subsidy_paid": "拨付",
    "fund.paid": "资金支出",
    "studio.payment_reconciled": "与银行流水核对",
    "studio.counterparty_explained": "流水户名与收款户名不同",
    "fund.bank_line_matched": "银行流水入账",
    "studio.subsidy_spent": "使用",
    "studio.recovery_ordered": "决定收回",
    "studio.subsidy_returned": "退回",
    "fund.returned": "资金收回",
}


def title(topic: str, facts: Facts) -> str:
    """The event's name; a review is called by its stage."""
    if topic == "studio.reviewed":
        return STAGES.get(facts["stage"], str(facts["stage"]))
    return TITLES.get(topic, topic)


def line(topic: str, facts: Facts, names: Mapping[str, str]) -> list[Part]:
    """What happened, from the event's facts."""
    words = LINES.get(topic)
    parts = words(facts, names) if words else []
    return [part for part in parts if part != ""]


def _opened(f: Facts, _: Mapping[str, str]) -> list[Part]:
    policy = f["policy"]
    amounts: list[Part] = []
    for category, amount in f["amounts"].items():
        amounts += [f"；{f['categories'].get(category, category)}每个 ", amount, " 元"]
    rule = f"依据 {policy['id']} 第 {policy['version']} 版（摘要 {policy['digest'][:16]}…）"
    return [f"{f['title']}，{rule}", *amounts]


def _applied(f: Facts, _: Mapping[str, str]) -> list[Part]:
    counts = dict.fromkeys(("pass", "fail", "needs_human"), 0)
    for verdict in f["verdicts"]:
        counts[verdict["outcome"]] += 1
    told = f"逐条核对 {len(f['verdicts'])} 条：符合 {counts['pass']}，不符合 {counts['fail']}"
    waiting = counts["needs_human"]
    return [
        told + (f"，待人工判断 {waiting}" if waiting else "") + f"；附件 {len(f['evidence'])} 个"
    ]


def _reviewed(f: Facts, _: Mapping[str, str]) -> list[Part]:
    judged = {"pass": 0, "fail": 0}
    for outcome in f["judgements"].values():
        judged[outcome] += 1
    by_hand = f"；人工判断符合 {judged['pass']}、不符合 {judged['fail']}" if f["judgements"] else ""
    paper = f"；{f['document']}" if f["document"] else ""
    opinion = f["opinion"].rstrip("。；") if by_hand or paper else f["opinion"]
    return [f"{OUTCOMES.get(f['outcome'], f['outcome'])}：{opinion}{by_hand}{paper}"]


def _clock(f: Facts, _: Mapping[str, str]) -> list[Part]:
    clock = f["clock"]
    until = local(datetime.fromisoformat(clock["objections_until"]))
    days = f"{clock['days']} {UNITS.get(clock['unit'], clock['unit'])}"
    span = f"{clock['starts_on']} 至 {clock['ends_on']}（{days}，日历 {clock['calendar']}）"
    said = f.get("reason") or f.get("media") or ""
    return [f"{span}，异议截至 {until:%Y-%m-%d %H:%M:%S}" + (f"；{said}" if said else "")]


def _granted(f: Facts, names: Mapping[str, str]) -> list[Part]:
    payee = f["payee"]
    to = f"，收款方 {payee['account_name']}（{payee['bank']}，账号已封存）"
    uses = "、".join(f["uses"].values())
    payer = names.get(f["payer"], "")
    return [f"{payer} 补助 ", f["amount"], f" 元，{f['document']}{to}；限用于：{uses}"]


def _line(f: Facts, _: Mapping[str, str]) -> list[Part]:
    bank = f["line"]
    return [
        f"流水 {bank['reference']}，{bank['on']}，{bank['counterparty']}，",
        bank["amount"],
        " 元",
    ]


def _spent(f: Facts, _: Mapping[str, str]) -> list[Part]:
    receipt = f"{f['receipt']['name']}（{f['receipt']['sha256'][:12]}…）"
    return [f"{f['on']}，{f['description']}，", f["amount"], f" 元；凭据 {receipt}"]


def _named(f: Facts, _: Mapping[str, str]) -> list[Part]:
    return [f"{f['number']}，{f['document']}，{f['on']}"]


def _established(f: Facts, names: Mapping[str, str]) -> list[Part]:
    source = SOURCES.get(f["source"], f["source"])
    return [f"{f['name']}（{f['year']} 年，{source}），{names.get(f['payer'], '')}"]


def _said(template: str) -> Callable[[Facts, Mapping[str, str]], list[Part]]:
    """A line from a template; `{amount}` becomes the amount, other braces are facts."""

    def parts(f: Facts, _: Mapping[str, str]) -> list[Part]:
        before, amount, after = template.partition("{amount}")
        known = {name: "" if value is None else value for name, value in f.items()}
        shown: list[Part] = [before.format(**known)]
        return [*shown, f["amount"], after.format(**known)] if amount else shown

    return parts


LINES: Final[dict[str, Callable[[Facts, Mapping[str, str]], list[Part]]]] = {
    "call.opened": _opened,
    "call.deadline_explained": _said("{reason}"),
    "call.extended": _said("{reason}"),
    "studio.applied": _applied,
    "studio.amended": _applied,
    "studio.returned": _said("{reason}"),
    "call.application_entered": lambda f, names: [
        f"{names.get(f['unit'], '')}，经 {names.get(f['recommender'], '')} 推荐"
    ],
    "studio.reviewed": _reviewed,
    "studio.scored": lambda f, _: [
        f"{STAGES.get(f['stage'], f['stage'])} {f['points']} 分：{f['opinion']}"
    ],
    "studio.overridden": _said("{clause}：{reason}"),
    "studio.reviewer_recused": _said("{reason}"),
    "call.application_recommended": lambda f, _: [f["reason"] or ""],
    "call.ranked": lambda f, _: [f"共 {len(f['order'])} 份"],
    "call.selected": lambda f, _: [f"{len(f['candidates'])} 选 {len(f['chosen'])}"],
    "notice.posted": _clock,
    "notice.extended": _clock,
    "notice.restarted": _clock,
    "notice.dropped": _said("{reason}"),
    "notice.objection_raised": lambda f, _: [f"{KINDS.get(f['kind'], f['kind'])}：{f['text']}"],
    "notice.lead_adopted": _said("{reason}"),
    "notice.objection_closed": lambda f, _: [
        f"{'成立' if f['upheld'] else '不成立'}：{f['finding']}"
    ],
    "studio.named": _named,
    "studio.upgraded": _named,
    "studio.naming_recorded": _named,
    "studio.plaque_issued": _said("{number}，牌匾 {plaque}，{on}"),
    "studio.de_named": _said("{number}，{on}，{reason}"),
    "studio.reinstated": _said("{number}，{document}，{reason}"),
    "fund.established": _established,
    "fund.appropriated": _said("{amount} 元，{document}"),
    "studio.subsidy_granted": _granted,
    "studio.amount_explained": _said("{amount} 元，{reason}"),
    "studio.grant_cancelled": _said("{reason}"),
    "fund.committed": _said("{amount} 元"),
    "fund.released": _said("{amount} 元"),
    "studio.subsidy_paid": _said("{on}，凭证 {voucher}，{amount} 元"),
    "fund.paid": _said("{amount} 元"),
    "studio.payment_reconciled": _line,
    "studio.counterparty_explained": _said("{counterparty}（收款户名 {payee}），{reason}"),
    "fund.bank_line_matched": _line,
    "studio.subsidy_spent": _spent,
    "studio.recovery_ordered": _said("{decision}，{amount} 元"),
    "studio.subsidy_returned": _said("{on}，凭证 {voucher}，{amount} 元"),
    "fund.returned": _said("{amount} 元"),
}
