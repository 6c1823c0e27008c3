"""Chapter one: applying, amending, withdrawing, and being reviewed stage by stage."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Forbidden, Invalid, OutOfOrder, Refused
from domain.model.chapters.clauses import require_clauses, require_judgements, standing
from domain.model.chapters.state import Application, StudioState
from domain.policy.windows import add_months
from domain.values import Actor, Evidence, PolicyRef, local

OUTCOMES = {"passed": "通过", "rejected": "不通过"}


class Intake(StudioState):
    """Application and review. A verdict that fails stops the way; a person never skips a stage."""

    def apply(
        self,
        application: UUID,
        *,
        call: UUID,
        category: str,
        level: str,
        policy: PolicyRef,
        stages: list[str],
        publicity: bool,
        dossier: dict[str, Any],
        verdicts: list[dict[str, Any]],
        evidence: list[Evidence],
        reason: str | None,
        cooling_off_years: int = 0,
    ) -> None:
        """File an application; the verdicts are the pack's, computed when it was filed.

        After a de-naming in the same category the pack may ask for some years to pass.
        """
        self.require_alive()
        if any(a.open and a.call == call for a in self.applications.values()):
            raise OutOfOrder("application_open", "本批次已有一份在审的申报")
        self.require_unnamed(level, category)
        self._require_cooled_off(level, category, cooling_off_years)
        self._applied(
            application=application,
            call=call,
            category=category,
            policy=policy,
            stages=stages,
            publicity=publicity,
            dossier=dossier,
            verdicts=verdicts,
            evidence=evidence,
            reason=reason,
            by=self.mandate.actor,
            timestamp=self.mandate.at,
        )

    def amend(
        self,
        application: UUID,
        *,
        dossier: dict[str, Any],
        verdicts: list[dict[str, Any]],
        evidence: list[Evidence],
    ) -> None:
        """Change the dossier before anyone has passed it, or after it was returned."""
        found = self.open_application(application)
        if found.status != "returned" and (found.passed or found.notice is not None):
            raise OutOfOrder("under_review", "申报已进入审核，退回后方可修改")
        if found.amend_by is not None and self.mandate.at > found.amend_by:
            raise Refused("amendment_late", "已超过补正期限", field="dossier")
        self._amended(
            application=application,
            dossier=dossier,
            verdicts=verdicts,
            evidence=evidence,
            by=self.mandate.actor,
            timestamp=self.mandate.at,
        )

    def give_back(self, application: UUID, *, reason: str, amend_by: datetime | None) -> None:
        """Return it to the unit to be corrected, with the reason and a date to answer by."""
        found = self.open_application(application)
        if found.status == "returned":
            raise OutOfOrder("already_returned", "申报已退回，等待补正")
        if found.notice is not None:
            raise OutOfOrder("on_notice", "公示期间不能退回")
        if found.passed and found.next_stage is None:
            raise OutOfOrder(
                "already_approved", "已通过全部评审环节，不能退回；如有变化，请撤回后重新申报"
            )
        if amend_by is not None and amend_by <= self.mandate.at:
            raise Invalid("amend_by_past", "补正期限必须晚于当前时间", field="amend_by")
        self._returned(
            application=application, stage=found.next_stage, reason=reason, amend_by=amend_by
        )

    def withdraw(self, application: UUID, reason: str) -> None:
        """The unit takes its application back before naming; on notice, it is taken off first."""
        if self.open_application(application).on_notice:
            raise OutOfOrder("on_notice", "公示期间请联系市总工会从公示中撤下")
        self._withdrawn(application=application, reason=reason)

    def close_application(self, application: UUID, reason: str) -> None:
        """End an application that was not chosen when its call was concluded."""
        self.open_application(application)
        self._application_closed(application=application, reason=reason)

    def override(self, application: UUID, *, condition: str, reason: str) -> None:
        """Let a condition that holds 原则上 be passed over, with a reason and an approver.

        Only a failing condition in principle, or one for which the notice has words of waiver
        (特别优秀), can be; the approver is not who submitted.
        """
        found = self.open_application(application)
        verdict = next((v for v in found.verdicts if v["condition"] == condition), None)
        if verdict is None:
            raise Invalid("condition_unknown", f"申报类别没有条件“{condition}”", field="condition")
        if verdict["outcome"] != "fail" or not verdict["waivable"]:
            raise Refused(
                "not_overridable",
                "只有“原则上”或另有规定、且未满足的条件可以破例",
                clause=verdict["clause"],
            )
        if self.mandate.account in found.submitters:
            raise Forbidden("same_person", "申报人不能批准本申报的破例")
        self._overridden(
            application=application, condition=condition, clause=verdict["clause"], reason=reason
        )

    def review(
        self,
        application: UUID,
        *,
        stage: str,
        outcome: str,
        opinion: str,
        judgements: dict[str, str],
        rank: int | None,
        document: str | None,
    ) -> None:
        """Pass or reject at a stage, which must be the next one.

        `judgements` gives conditions that need a human their outcome, pass or fail. Beyond the
        unit's own stage nothing passes while a required clause fails, and nothing leaves the last
        stage while a required clause has not been judged.
        """
        found = self.at_stage(application, stage)
        if outcome not in OUTCOMES:
            raise Invalid("outcome_unknown", "结论须为 passed 或 rejected", field="outcome")
        if stage != "unit" and self.mandate.account in found.submitters:
            raise Forbidden("same_person", "申报人不能审核自己提交的申报")
        require_judgements(found, judgements)
        judged = {**found.judged, **judgements}
        if outcome == "passed" and stage != "unit":
            require_clauses(found, judged, last=stage == found.stages[-1])
        self._reviewed(
            application=application,
            stage=stage,
            outcome=outcome,
            opinion=opinion,
            judgements=judgements,
            rank=rank,
            document=document,
            policy=found.policy,
            verdicts=standing(found, judged),
            on=self.mandate.on,
            by=self.mandate.actor,
        )

    def _require_cooled_off(self, level: str, category: str, years: int) -> None:
        for naming in self.namings.values():
            same = (naming.level, naming.category) == (level, category)
            if years and same and naming.status == "de_named" and naming.ended_on is not None:
                until = add_months(naming.ended_on, 12 * years)
                if self.mandate.on < until:
                    raise Refused(
                        "cooling_off",
                        f"取消命名后 {years} 年内不得再次申报，至 {until}",
                        years=years,
                    )

    @event("Applied", topic="studio.applied")
    def _applied(
        self,
        application: UUID,
        call: UUID,
        category: str,
        policy: PolicyRef,
        stages: list[str],
        publicity: bool,
        dossier: dict[str, Any],
        verdicts: list[dict[str, Any]],
        evidence: list[Evidence],
        reason: str | None,
        by: Actor,
        timestamp: datetime,
    ) -> None:
        self.applications[application] = Application(
            id=application,
            call=call,
            category=category,
            policy=policy,
            stages=stages,
            verdicts=verdicts,
            publicity=publicity,
            filed_on=local(timestamp).date(),
            submitters={by.account} if by.account else set(),
        )

    @event("Amended", topic="studio.amended")
    def _amended(
        self,
        application: UUID,
        dossier: dict[str, Any],
        verdicts: list[dict[str, Any]],
        evidence: list[Evidence],
        by: Actor,
        timestamp: datetime,
    ) -> None:
        found = self.applications[application]
        if by.account is not None:
            found.submitters.add(by.account)
        found.verdicts = verdicts
        found.filed_on = local(timestamp).date()
        found.status = "under_review"
        found.amend_by = None
        found.overridden.clear()
        found.judged.clear()

    @event("Returned", topic="studio.returned")
    def _returned(
        self, application: UUID, stage: str | None, reason: str, amend_by: datetime | None
    ) -> None:
        found = self.applications[application]
        found.status = "returned"
        found.amend_by = amend_by

    @event("Withdrawn", topic="studio.withdrawn")
    def _withdrawn(self, application: UUID, reason: str) -> None:
        self.applications[application].status = "withdrawn"

    @event("ApplicationClosed", topic="studio.application_closed")
    def _application_closed(self, application: UUID, reason: str) -> None:
        self.applications[application].status = "rejected"

    @event("Overridden", topic="studio.overridden")
    def _overridden(self, application: UUID, condition: str, clause: str, reason: str) -> None:
        self.applications[application].overridden.add(condition)

    @event("Reviewed", topic="studio.reviewed")
    def _reviewed(
        self,
        application: UUID,
        stage: str,
        outcome: str,
        opinion: str,
        judgements: dict[str, str],
        rank: int | None,
        document: str | None,
        policy: PolicyRef,
        verdicts: list[dict[str, Any]],
        on: date,
        by: Actor,
    ) -> None:
        found = self.applications[application]
        found.judged.update(judgements)
        if outcome == "passed":
            found.passed[stage] = on
            found.approvers |= {by.account} if by.account and stage != "unit" else set()
        else:
            found.status = "rejected"
