"""Until when a call takes applications, and why then."""

from datetime import datetime

from eventsourcing.domain import event

from domain.errors import Invalid, OutOfOrder, Refused
from domain.values import Mandate, local


def require_explained(
    stated: datetime | None, deadline: datetime | None, reason: str | None
) -> None:
    """Refuse a deadline that is not the notice's, where no reason is given."""
    if stated is None or deadline == stated or (reason and reason.strip()):
        return
    raise Refused(
        "deadline_differs",
        f"通知规定 {local(stated):%Y-%m-%d %H:%M} 截止，另定截止时间须说明理由",
        field="deadline",
        stated=stated.isoformat(),
    )


class Deadlines:
    """The deadline of a call: the notice's own or another with its reason, moved, passed, closed."""

    mandate: Mandate
    opens_at: datetime
    deadline: datetime | None
    notice_deadline: datetime | None
    deadline_reason: str | None
    late: str
    closed: bool
    passed: bool
    concluded: bool

    def explain_deadline(self, stated: datetime, reason: str) -> None:
        """Say why the call's deadline is not the one that the notice states."""
        self._deadline_explained(stated=stated, deadline=self.deadline, reason=reason)

    def require_open(self) -> bool:
        """Refuse before the opening, once closed, and after the deadline's last moment.

        Where the policy marks what is late instead of refusing it, return whether it is late.
        """
        now = self.mandate.at
        if self.closed:
            raise OutOfOrder("call_closed", "本批次申报已结束")
        if now < self.opens_at:
            raise OutOfOrder("call_not_open", f"申报自 {local(self.opens_at):%Y-%m-%d %H:%M} 开始")
        if self.deadline is None or now <= self.deadline:
            return False
        if self.late != "marked":
            raise Refused(
                "deadline_passed",
                f"申报已于 {local(self.deadline):%Y-%m-%d %H:%M:%S} 截止，逾期不再接受",
                deadline=self.deadline.isoformat(),
            )
        return True

    def extend(self, deadline: datetime, reason: str) -> None:
        """Move the deadline later; a call that only its deadline had closed is open again."""
        if self.closed and not (self.passed and not self.concluded):
            raise OutOfOrder("call_closed", "本批次申报已结束")
        if self.deadline is None or deadline <= self.deadline:
            raise Invalid("deadline_not_later", "新的截止时间必须晚于原截止时间", field="deadline")
        self._extended(deadline=deadline, reason=reason)

    def pass_deadline(self) -> None:
        """By rule: the deadline is over, and the policy refuses what is late."""
        if self.closed:
            raise OutOfOrder("call_closed", "本批次申报已结束")
        if self.late != "refused" or self.deadline is None or self.mandate.at <= self.deadline:
            raise OutOfOrder("deadline_not_passed", "申报尚未截止")
        self._deadline_passed(deadline=self.deadline)

    def close(self) -> None:
        """Take no more applications."""
        if self.closed:
            raise OutOfOrder("call_closed", "本批次申报已结束")
        self._closed()

    @event("DeadlineExplained", topic="call.deadline_explained")
    def _deadline_explained(self, stated: datetime, deadline: datetime | None, reason: str) -> None:
        self.notice_deadline = stated
        self.deadline_reason = reason

    @event("Extended", topic="call.extended")
    def _extended(self, deadline: datetime, reason: str) -> None:
        self.deadline = deadline
        self.closed = self.passed = False

    @event("DeadlinePassed", topic="call.deadline_passed")
    def _deadline_passed(self, deadline: datetime) -> None:
        self.closed = self.passed = True

    @event("Closed", topic="call.closed")
    def _closed(self) -> None:
        self.closed = True
