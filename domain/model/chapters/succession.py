"""Who leads: a change case when a leader goes, the successor who ends it, or the leader who stays."""

from datetime import date
from typing import Any

from eventsourcing.domain import event

from domain.errors import Invalid, OutOfOrder, Refused
from domain.model.chapters.state import LeaderCase, StudioState
from domain.values import Person

LEADER_GONE = {
    "retired": "退休",
    "left": "调离",
    "title_lost": "失去称号",
    "died": "去世",
    "other": "其他原因",
}
"""Why a leader is to be followed by another (domain.md §3)."""


class Succession(StudioState):
    """The studio stays who it is, whoever leads it."""

    def open_leader_change(self, why: str, *, on: date, reason: str, number: str | None) -> None:
        """The leader went, or lost the title, on a day: from now on a successor is looked for.

        `number` is the naming whose leader condition it touches, where it is one alone.
        """
        self.require_alive()
        if why not in LEADER_GONE:
            known = "、".join(LEADER_GONE.values())
            raise Invalid("leader_gone_unknown", f"变更原因须为：{known}", field="why")
        if self.leader_case is not None:
            raise OutOfOrder("leader_case_open", "已有未办结的领衔人变更事项")
        if on > self.mandate.on:
            raise Invalid("date_in_future", "日期不能晚于今天", field="on")
        if number is not None:
            self.active_naming(number)
        self._leader_change_opened(why=why, on=on, reason=reason, number=number)

    def close_leader_change(self, *, reason: str) -> None:
        """End the case without a successor: the leader stays, or the case was opened in error."""
        if self.leader_case is None:
            raise OutOfOrder("no_leader_case", "没有未办结的领衔人变更事项")
        self._leader_change_closed(reason=reason)

    def change_leader(self, leader: Person, *, reason: str, verdicts: list[dict[str, Any]]) -> None:
        """A successor takes over, checked against the leader conditions of the named categories.

        Ends the open change case, if there is one.
        """
        self.require_alive()
        for verdict in verdicts:
            if verdict["outcome"] == "fail" and verdict["force"] == "required":
                raise Refused(
                    "clause_failed", verdict["sentence"], clause=verdict["clause"], field="leader"
                )
        self._leader_changed(leader=leader, reason=reason, verdicts=verdicts)

    @event("LeaderChangeOpened", topic="studio.leader_change_opened")
    def _leader_change_opened(self, why: str, on: date, reason: str, number: str | None) -> None:
        self.leader_case = LeaderCase(why, on, number)

    @event("LeaderChangeClosed", topic="studio.leader_change_closed")
    def _leader_change_closed(self, reason: str) -> None:
        self.leader_case = None

    @event("LeaderChanged", topic="studio.leader_changed")
    def _leader_changed(self, leader: Person, reason: str, verdicts: list[dict[str, Any]]) -> None:
        self.leader = leader
        self.leader_case = None
