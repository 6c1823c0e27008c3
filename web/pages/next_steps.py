"""What a studio waits for now, in sentences: the first is the most urgent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from domain.model.chapters.state import Application, Naming
from domain.model.studio import Studio
from web.pages.filters import day, minute, stage, yuan
from web.pages.words import word


def next_steps(studio: Studio, today: date) -> list[str]:
    """What is to be done next, and by when."""
    found = [
        *_leader(studio),
        *(step for naming in studio.namings.values() for step in _naming(naming, today)),
        *(step for each in studio.applications.values() if each.open for step in _open(each)),
        *_money(studio),
    ]
    return [] if studio.ended else found


def _leader(studio: Studio) -> Iterator[str]:
    case = studio.leader_case
    if case is not None:
        whose = f"编号 {case.number}：" if case.number else ""
        why = word(case.why, "leader_gone")
        yield f"{whose}领衔人于{day(case.on)}{why}，等待确定继任人选或办结"


def _naming(naming: Naming, today: date) -> Iterator[str]:
    if naming.case:
        yield f"编号 {naming.number}：考核更正后，是否恢复命名待市总工会决定"
    if naming.status != "active":
        return
    for ended, on in naming.alerts.items():
        yield f"编号 {naming.number}：本工作室编号 {ended} 已于{day(on)}取消命名，本命名不受连带，请命名单位知悉"
    if naming.proposed:
        yield f"编号 {naming.number}：连续不合格，取消命名的建议待市总工会决定"
    for year, due in sorted(naming.rectifications.items()):
        late = "，已逾期" if due < today else ""
        yield f"编号 {naming.number}：{year} 年度整改须于{day(due)}前完成{late}"


def _open(application: Application) -> Iterator[str]:
    if application.status == "returned":
        until = f"，截止 {minute(application.amend_by)}" if application.amend_by else ""
        yield f"申报已退回，等待单位补正{until}"
    elif application.next_stage is not None:
        yield f"申报等待{stage(application.next_stage)}"
    elif application.clock is None and application.publicity:
        yield "评审已全部通过，等待公示"
    elif application.objections:
        yield f"公示中有 {len(application.objections)} 件异议未办结，办结前不能命名"
    elif application.clock is not None and not application.notice_done:
        yield f"正在公示，至{day(application.clock.ends_on)}"
    else:
        yield "公示已结束，等待命名" if application.publicity else "评审已全部通过，等待命名"


def _money(studio: Studio) -> Iterator[str]:
    for grant in studio.grants.values():
        due = grant.recovery.fen - grant.returned.fen
        if due > 0:
            yield f"须退回补助 {yuan(due)} 元"
        elif not grant.cancelled and grant.paid < grant.amount:
            yield f"补助待拨付 {yuan(grant.amount - grant.paid)} 元"
