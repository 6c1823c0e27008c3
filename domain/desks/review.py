"""Desk: reviewing stage by stage, scoring, overriding in principle, and keeping the partial away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from domain.desks.desk import Desk, require
from domain.errors import Forbidden, OutOfOrder
from domain.model.call import Call
from domain.model.studio import Studio
from domain.values import Mandate, Role

REVIEWERS = {
    "unit_union": Role.UNIT_UNION,
    "recommending_union": Role.RECOMMENDING_UNION,
    "city": Role.CITY_OFFICER,
    "province": Role.CITY_OFFICER,
    "county": Role.CITY_OFFICER,
    "nation": Role.CITY_OFFICER,
}
"""Whose role acts at a stage: who opened the call enters what is decided there and above."""

ONE_BY_ONE = ("unit", "first")
"""Stages that are never decided for many at once: the first review counts against quotas."""


class ReviewDesk(Desk):
    """Who reviews what, and what follows in the call."""

    def review(
        self,
        mandate: Mandate,
        studio: UUID,
        application: UUID,
        *,
        stage: str,
        outcome: str,
        opinion: str,
        judgements: Mapping[str, str] | None = None,
        document: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Pass or reject an application at its next stage.

        `reason` answers a quota in principle at the first review; `document` is the number of
        the minutes where a meeting decided.
        """
        found, call = self._both(mandate, studio, application)
        if stage == "selection" and outcome == "passed":
            raise OutOfOrder("select_in_call", "遴选须对全部候选对象一并办理")
        self.admit(mandate, found, call, application, stage)
        rank = call.entry(application).rank
        found.review(
            application,
            stage=stage,
            outcome=outcome,
            opinion=opinion,
            judgements=dict(judgements or {}),
            rank=rank,
            document=document,
        )
        if outcome == "rejected":
            call.leave(application, "rejected")
        elif stage == "first":
            call.recommend(application, reason)
        elif stage != "unit":
            call.require_ranked(application)
        self.register.save(found, call)

    def decide(
        self,
        mandate: Mandate,
        call: UUID,
        *,
        stage: str,
        applications: list[UUID],
        outcome: str,
        opinion: str,
        document: str | None,
    ) -> None:
        """One decision on many applications, such as the chairman's office meeting's."""
        found = self.register.get(Call, call, mandate)
        if stage in ONE_BY_ONE:
            raise OutOfOrder("stage_one_by_one", "该环节须逐件办理", field="stage")
        if stage == "selection" and outcome == "passed":
            raise OutOfOrder("select_in_call", "遴选须对全部候选对象一并办理")
        wanted = {application: found.entry(application).studio for application in applications}
        studios = self.register.get_many(Studio, wanted.values(), mandate)
        for application, studio in wanted.items():
            self.admit(mandate, studios[studio], found, application, stage)
            studios[studio].review(
                application,
                stage=stage,
                outcome=outcome,
                opinion=opinion,
                judgements={},
                rank=found.entry(application).rank,
                document=document,
            )
            if outcome == "rejected":
                found.leave(application, "rejected")
            else:
                found.require_ranked(application)
        self.register.save(found, *studios.values())

    def score(
        self,
        mandate: Mandate,
        studio: UUID,
        application: UUID,
        *,
        stage: str,
        points: int,
        opinion: str,
    ) -> None:
        """A reviewer's score; refused, and the recusal recorded, where the reviewer is tied."""
        found, call = self._both(mandate, studio, application)
        self.admit(mandate, found, call, application, stage)
        found.score(application, stage=stage, points=points, opinion=opinion)
        self.register.save(found)

    def override(
        self, mandate: Mandate, studio: UUID, application: UUID, *, condition: str, reason: str
    ) -> None:
        """Approve that a condition in principle is passed over, with the reason."""
        found, call = self._both(mandate, studio, application)
        self._may_intervene(mandate, found, call, application)
        self._keep_away(mandate, found, call, application)
        found.override(application, condition=condition, reason=reason)
        self.register.save(found)

    def give_back(
        self,
        mandate: Mandate,
        studio: UUID,
        application: UUID,
        *,
        reason: str,
        amend_by: datetime | None = None,
    ) -> None:
        """Return an application to its unit to be corrected."""
        found, call = self._both(mandate, studio, application)
        self._may_intervene(mandate, found, call, application)
        found.give_back(application, reason=reason, amend_by=amend_by)
        self.register.save(found)

    def _both(self, mandate: Mandate, studio: UUID, application: UUID) -> tuple[Studio, Call]:
        found = self.register.get(Studio, studio, mandate)
        call = self.register.get(Call, found.application(application).call, mandate)
        return found, call

    def admit(
        self, mandate: Mandate, studio: Studio, call: Call, application: UUID, stage: str
    ) -> None:
        """Only the stage's reviewer, and none who is tied to the unit or its recommending union.

        Raises Forbidden; a recusal is recorded at once, whatever becomes of the command.
        """
        entry = call.entry(application)
        anyone = tuple(dict.fromkeys(REVIEWERS.values()))
        require(mandate, anyone, [*studio.lineage, entry.recommender, call.federation])
        settings = call.stage(stage)
        if settings is None:
            raise OutOfOrder("stage_unknown", "本政策没有这个环节", field="stage")
        role = REVIEWERS[settings["by"]]
        if role is Role.UNIT_UNION:
            require(mandate, role, studio.lineage)
        elif role is Role.RECOMMENDING_UNION:
            # A unit attached directly to the federation is reviewed by the federation itself.
            attached = entry.recommender == call.federation
            require(mandate, Role.CITY_OFFICER if attached else role, [entry.recommender])
            self._recuse(studio, application, stage, studio.conflict_of_unit(entry.recommender))
        else:
            require(mandate, role, [call.federation])
            why = studio.conflict(entry.recommender, call.federation)
            self._recuse(studio, application, stage, why)

    def _keep_away(self, mandate: Mandate, studio: Studio, call: Call, application: UUID) -> None:
        """Who is tied to the applicant approves no exception for it either."""
        recommender = call.entry(application).recommender
        if mandate.role is Role.RECOMMENDING_UNION:
            why = studio.conflict_of_unit(recommender)
        else:
            why = studio.conflict(recommender, call.federation)
        self._recuse(studio, application, studio.application(application).next_stage or "", why)

    def _recuse(self, studio: Studio, application: UUID, stage: str, why: str | None) -> None:
        if why is not None:
            studio.recuse(application, stage=stage, reason=why)
            self.register.save(studio)
            raise Forbidden("recused", why, stage=stage)

    def _may_intervene(self, mandate: Mandate, studio: Studio, call: Call, id: UUID) -> None:
        """Returning and overriding: the city's business, and the recommending union's until it
        has put the application forward.
        """
        require(
            mandate,
            (Role.RECOMMENDING_UNION, Role.CITY_OFFICER),
            [*studio.lineage, call.federation],
        )
        if mandate.role is Role.RECOMMENDING_UNION and call.entry(id).state != "entered":
            raise Forbidden("already_recommended", "已上报市总工会，须由市总工会办理")
        if mandate.role is Role.CITY_OFFICER and mandate.organisation != call.federation:
            raise Forbidden("outside_scope", "不在您所在组织的管辖范围内")
