"""Chapter seven: terms - until when a leader leads and a member belongs, where that was settled."""

from datetime import date
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Invalid, NotFound
from domain.model.chapters.state import StudioState


class Terms(StudioState):
    """任期. A later statement replaces an earlier one; whoever goes before it ends, goes."""

    def set_term(self, person: UUID | None, *, ends_on: date, basis: str) -> None:
        """Until when a member belongs, or (None) the leader leads; `basis` is what says so.

        A term that has ended already may be entered, since the papers may be older than the
        register: it is then overdue at once.
        """
        self.require_alive()
        people = {member.id: member.name for member in self.members.values()}
        people[self.leader.id] = self.leader.name
        id = person or self.leader.id
        if id not in people:
            raise NotFound("member_unknown", "没有这名成员", field="person")
        if self.founded_on is not None and ends_on <= self.founded_on:
            raise Invalid("term_before_founding", "任期须晚于工作室创建日期", field="ends_on")
        if not basis.strip():
            raise Invalid("basis_missing", "须填写任期依据", field="basis")
        leads = id == self.leader.id
        self._term_set(
            person=id, name=people[id], leads=leads, ends_on=ends_on, basis=basis.strip()
        )

    @event("TermSet", topic="studio.term_set")
    def _term_set(self, person: UUID, name: str, leads: bool, ends_on: date, basis: str) -> None:
        """Nothing in the model hangs on a term: it is asked about, and it is told."""
