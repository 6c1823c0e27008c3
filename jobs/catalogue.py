"""All the jobs there are."""

from __future__ import annotations

from datetime import timedelta

from jobs import assessment, checkpoints, deadlines, sending, upkeep
from jobs.job import Job
from jobs.reminders import Reminders


def catalogue() -> tuple[Job, ...]:
    """The jobs, in the order in which one run of all would do them: what changes the register before what is said of it."""
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    return (
        Job("calls", "截止申报批次", minute, deadlines.end_calls),
        Job("clocks", "核对公示期与日历", hour, deadlines.move_clocks),
        Job("notices", "办结期满公示", 5 * minute, deadlines.end_notices),
        Job("campaigns-open", "开始年度考核", 15 * minute, assessment.open_campaigns),
        Job("campaigns-close", "结束年度考核", 15 * minute, assessment.close_campaigns),
        Job("reminders", "提醒到期事项", 5 * minute, Reminders()),
        Job("spread", "分发消息与事件", minute / 2, sending.spread_messages),
        Job("carry", "发出邮件与推送", minute / 4, sending.carry_messages, sends=True),
        Job(checkpoints.NAME, "签署并送出检查点", 24 * hour, checkpoints.sign, sends=True),
        Job("upkeep", "清理过期记录", 24 * hour, upkeep.forget),
    )


def job_named(name: str) -> Job | None:
    """A job by its name; None where there is none."""
    return next((job for job in catalogue() if job.name == name), None)
