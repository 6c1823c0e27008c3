"""Chapter six: the ledgers of members, results, activities and master–apprentice agreements."""

from datetime import date
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Invalid, NotFound, OutOfOrder
from domain.model.chapters.state import StudioState
from domain.values import Evidence, Person


class Ledgers(StudioState):
    """台账: what a studio keeps of its people and its work. Entries are added, never changed.

    Of entries nothing is decided, so the aggregate keeps none; the log and the views do.
    """

    ASIDE = ("members",)

    def join(self, member: Person, *, duty: str, frontline: bool, on: date) -> None:
        """A member joins; `frontline` tells a 一线职工."""
        self.require_alive()
        self._require_past(on)
        if member.id in self.members:
            raise OutOfOrder("already_member", f"“{member.name}”已是成员")
        self._member_joined(member=member, duty=duty, frontline=frontline, on=on)

    def part(self, member: UUID, *, reason: str, on: date) -> None:
        """A member leaves."""
        self._require_past(on)
        if member not in self.members:
            raise NotFound("member_unknown", "没有这名成员", field="member")
        self._member_left(member=member, reason=reason, on=on)

    def record_achievement(
        self,
        entry: UUID,
        *,
        title: str,
        kind: str,
        recognised_by: str,
        on: date,
        evidence: list[Evidence],
    ) -> None:
        """A result that somebody recognised: who, when, and the proof."""
        self.require_alive()
        self._require_past(on)
        self._achievement_recorded(
            entry=entry,
            title=title,
            kind=kind,
            recognised_by=recognised_by,
            on=on,
            evidence=evidence,
        )

    def record_activity(
        self, entry: UUID, *, title: str, kind: str, participants: int, on: date
    ) -> None:
        """An activity that was held."""
        self.require_alive()
        self._require_past(on)
        if participants < 0:
            raise Invalid("participants_negative", "参加人数不能为负", field="participants")
        self._activity_recorded(
            entry=entry, title=title, kind=kind, participants=participants, on=on
        )

    def sign_apprenticeship(
        self,
        entry: UUID,
        *,
        master: Person,
        apprentice: Person,
        starts_on: date,
        ends_on: date,
        duties: str,
        plan: str,
        agreement: Evidence | None,
    ) -> None:
        """名师带徒: a signed agreement with both sides' duties and a study plan (Jingzhou 一（三）)."""
        self.require_alive()
        self._require_past(starts_on)
        if ends_on <= starts_on:
            raise Invalid("ends_before_start", "结束日期必须晚于开始日期", field="ends_on")
        if master.id == apprentice.id:
            raise Invalid("same_person", "师傅与徒弟不能是同一人", field="apprentice")
        self._apprenticeship_signed(
            entry=entry,
            master=master,
            apprentice=apprentice,
            starts_on=starts_on,
            ends_on=ends_on,
            duties=duties,
            plan=plan,
            agreement=agreement,
        )

    def survey(
        self,
        entry: UUID,
        *,
        year: int,
        assessor: str,
        grade: str,
        findings: str,
        evidence: list[Evidence],
    ) -> None:
        """调查摸底: what a survey of the year found, and the class the studio is managed in.

        Jingzhou 2019 asks for both and names no classes, so `grade` is the surveyor's word. A
        later survey of the same year replaces nothing; the last one tells the class.
        """
        self.require_alive()
        if not 1949 <= year <= self.mandate.on.year:
            raise Invalid("year_out_of_range", "调查年度不能晚于今年", field="year")
        self._surveyed(
            entry=entry,
            year=year,
            assessor=assessor,
            grade=grade,
            findings=findings,
            on=self.mandate.on,
            evidence=evidence,
        )

    def _require_past(self, on: date) -> None:
        if on > self.mandate.on:
            raise Invalid("date_in_future", "日期不能晚于今天", field="on")

    @event("MemberJoined", topic="studio.member_joined")
    def _member_joined(self, member: Person, duty: str, frontline: bool, on: date) -> None:
        self.members[member.id] = member

    @event("MemberLeft", topic="studio.member_left")
    def _member_left(self, member: UUID, reason: str, on: date) -> None:
        del self.members[member]

    @event("AchievementRecorded", topic="studio.achievement_recorded")
    def _achievement_recorded(
        self,
        entry: UUID,
        title: str,
        kind: str,
        recognised_by: str,
        on: date,
        evidence: list[Evidence],
    ) -> None:
        """Only recorded."""

    @event("ActivityRecorded", topic="studio.activity_recorded")
    def _activity_recorded(
        self, entry: UUID, title: str, kind: str, participants: int, on: date
    ) -> None:
        """Only recorded."""

    @event("Surveyed", topic="studio.surveyed")
    def _surveyed(
        self,
        entry: UUID,
        year: int,
        assessor: str,
        grade: str,
        findings: str,
        on: date,
        evidence: list[Evidence],
    ) -> None:
        """Only recorded."""

    @event("ApprenticeshipSigned", topic="studio.apprenticeship_signed")
    def _apprenticeship_signed(
        self,
        entry: UUID,
        master: Person,
        apprentice: Person,
        starts_on: date,
        ends_on: date,
        duties: str,
        plan: str,
        agreement: Evidence | None,
    ) -> None:
        """Only recorded."""
