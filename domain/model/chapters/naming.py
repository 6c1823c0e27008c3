"""Chapter three: named, upgraded, renamed; the plaque; the end of a name."""

from datetime import date
from typing import Any
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Forbidden, Invalid, OutOfOrder, Refused
from domain.model.chapters.state import Application, Naming, StudioState
from domain.values import Actor, PolicyRef


class NamingChapter(StudioState):
    """Approval ≤ notice start ≤ notice end < naming, always (domain.md §3)."""

    def name_it(
        self,
        application: UUID,
        *,
        number: str,
        level: str,
        federation: UUID,
        document: str,
        on: date,
        upgrades: str | None,
    ) -> None:
        """Name by a decision; `upgrades` is the number of the lower naming that this one ends."""
        found = self._approved(application, on)
        self._require_publicity(application, on)
        if number in self.namings:
            raise Refused("number_used", f"命名编号“{number}”已使用", field="number")
        if self.mandate.account in found.submitters:
            raise Forbidden("same_person", "申报人不能办理本申报的命名")
        self.require_unnamed(level, found.category, but=upgrades)
        facts: dict[str, Any] = {
            "application": application,
            "number": number,
            "level": level,
            "category": found.category,
            "federation": federation,
            "document": document,
            "on": on,
            "policy": found.policy,
            "by": self.mandate.actor,
        }
        if upgrades is None:
            self._named(**facts)
        else:
            if self.active_naming(upgrades).proposed:
                raise OutOfOrder(
                    "revocation_proposed",
                    f"命名“{upgrades}”已依规提出取消命名建议，须先作出决定，不能升级",
                )
            self._upgraded(from_number=upgrades, **facts)

    def record_naming(
        self,
        *,
        number: str,
        level: str,
        category: str,
        federation: UUID,
        document: str,
        on: date,
        policy: PolicyRef,
    ) -> None:
        """Enter a naming that was decided before this register was kept, by its document."""
        self.require_alive()
        if on > self.mandate.on:
            raise Invalid("date_in_future", "命名日期不能晚于今天", field="on")
        if number in self.namings:
            raise Refused("number_used", f"命名编号“{number}”已使用", field="number")
        self.require_unnamed(level, category)
        self._naming_recorded(
            number=number,
            level=level,
            category=category,
            federation=federation,
            document=document,
            on=on,
            policy=policy,
            by=self.mandate.actor,
        )

    def issue_plaque(self, number: str, *, plaque: str, on: date) -> None:
        """Hand over the plaque of an active naming."""
        naming = self.active_naming(number)
        if on < naming.on:
            raise OutOfOrder("plaque_before_naming", "授牌日期不能早于命名日期", field="on")
        if on > self.mandate.on:
            raise Invalid("date_in_future", "授牌日期不能晚于今天", field="on")
        self._plaque_issued(number=number, plaque=plaque, on=on)

    def rename(self, name: str, *, reason: str) -> None:
        """Give the studio another name; its identity and its namings stay."""
        self.require_alive()
        if name == self.name:
            raise OutOfOrder("nothing_changed", "新名称与现名称相同", field="name")
        self._renamed(name=name, reason=reason)

    def date_founding(self, founded_on: date, *, reason: str) -> None:
        """Enter or correct the day on which the studio was founded, on proof."""
        self.require_alive()
        if founded_on > self.mandate.on:
            raise Invalid("date_in_future", "创建日期不能晚于今天", field="founded_on")
        if founded_on == self.founded_on:
            raise OutOfOrder("nothing_changed", "创建日期与登记的相同", field="founded_on")
        self._founding_dated(founded_on=founded_on, reason=reason)

    def merge_into(self, successor: UUID, *, decision: str, on: date) -> None:
        """End this studio in favour of another; what is inherited is a recorded decision there."""
        self.require_alive()
        if successor == self.id:
            raise Invalid("merge_into_itself", "工作室不能并入自身", field="successor")
        self._require_free(on)
        self._merged(successor=successor, decision=decision, on=on)

    def close(self, *, reason: str, on: date) -> None:
        """End the studio: its unit closed it or is gone."""
        self.require_alive()
        self._require_free(on)
        self._closed(reason=reason, on=on)

    def _require_free(self, on: date) -> None:
        """A studio does not end in the future, nor while it stands on a running notice."""
        if on > self.mandate.on:
            raise Invalid("date_in_future", "日期不能晚于今天", field="on")
        if any(found.open and found.on_notice for found in self.applications.values()):
            raise OutOfOrder("on_notice", "工作室正在公示，请先从公示中撤下")

    def _approved(self, application: UUID, on: date) -> Application:
        """An application that passed every review on or before a day that has come."""
        found = self.open_application(application)
        if found.status == "returned" or found.next_stage is not None:
            raise OutOfOrder(
                "not_approved", "尚未通过全部评审环节，不能命名", stage=found.next_stage
            )
        if found.passed and on < max(found.passed.values()):
            raise OutOfOrder("naming_before_approval", "命名日期不能早于审定日期", field="on")
        if on > self.mandate.on:
            raise Invalid("date_in_future", "命名日期不能晚于今天", field="on")
        return found

    def _require_publicity(self, application: UUID, on: date) -> None:
        found = self.application(application)
        if not found.publicity:
            return
        if found.clock is None:
            raise OutOfOrder("not_publicized", "尚未公示，不能命名")
        if on <= found.clock.ends_on:
            raise OutOfOrder(
                "notice_running",
                f"公示至 {found.clock.ends_on} 止，次日起方可命名",
                field="on",
                ends_on=found.clock.ends_on.isoformat(),
            )
        if found.objections:
            raise OutOfOrder(
                "objections_open",
                f"还有 {len(found.objections)} 件异议未办结",
                objections=sorted(str(objection) for objection in found.objections),
            )
        if not found.notice_done:
            raise OutOfOrder("notice_not_completed", "公示尚未办结")

    def _add_naming(
        self,
        application: UUID | None,
        number: str,
        level: str,
        category: str,
        federation: UUID,
        document: str,
        on: date,
        policy: PolicyRef,
        by: Actor,
    ) -> None:
        submitters: frozenset[UUID] = frozenset()
        approvers: frozenset[UUID] = frozenset()
        if application is not None:
            found = self.applications[application]
            found.status = "named"
            submitters, approvers = frozenset(found.submitters), frozenset(found.approvers)
        self.namings[number] = Naming(
            number=number,
            level=level,
            category=category,
            federation=federation,
            document=document,
            on=on,
            policy=policy,
            submitters=submitters,
            approvers=approvers,
            named_by=by.account,
            application=application,
        )

    @event("Named", topic="studio.named")
    def _named(
        self,
        application: UUID,
        number: str,
        level: str,
        category: str,
        federation: UUID,
        document: str,
        on: date,
        policy: PolicyRef,
        by: Actor,
    ) -> None:
        self._add_naming(application, number, level, category, federation, document, on, policy, by)

    @event("Upgraded", topic="studio.upgraded")
    def _upgraded(
        self,
        application: UUID,
        from_number: str,
        number: str,
        level: str,
        category: str,
        federation: UUID,
        document: str,
        on: date,
        policy: PolicyRef,
        by: Actor,
    ) -> None:
        self.namings[from_number].status = "upgraded"
        self.namings[from_number].ended_on = on
        self._add_naming(application, number, level, category, federation, document, on, policy, by)

    @event("NamingRecorded", topic="studio.naming_recorded")
    def _naming_recorded(
        self,
        number: str,
        level: str,
        category: str,
        federation: UUID,
        document: str,
        on: date,
        policy: PolicyRef,
        by: Actor,
    ) -> None:
        self._add_naming(None, number, level, category, federation, document, on, policy, by)

    @event("PlaqueIssued", topic="studio.plaque_issued")
    def _plaque_issued(self, number: str, plaque: str, on: date) -> None:
        """Nothing else depends on the plaque."""

    @event("Renamed", topic="studio.renamed")
    def _renamed(self, name: str, reason: str) -> None:
        self.name = name

    @event("FoundingDated", topic="studio.founding_dated")
    def _founding_dated(self, founded_on: date, reason: str) -> None:
        self.founded_on = founded_on

    @event("Merged", topic="studio.merged")
    def _merged(self, successor: UUID, decision: str, on: date) -> None:
        self._end("merged", on)

    @event("Closed", topic="studio.closed")
    def _closed(self, reason: str, on: date) -> None:
        self._end("closed", on)

    def _end(self, how: str, on: date) -> None:
        self.ended = how
        self.leader_case = None
        for naming in self.namings.values():
            if naming.status == "active":
                naming.status = "closed"
                naming.ended_on = on
        for application in self.applications.values():
            if application.open:
                application.status = "withdrawn"
