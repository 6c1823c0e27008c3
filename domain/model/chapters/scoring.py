"""Scores of reviewers, and the recusal of those who are tied to the applicant."""

from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Forbidden, Invalid, OutOfOrder
from domain.model.chapters.state import StudioState
from domain.values import Actor


class Scoring(StudioState):
    """Site visits and materials are scored by several people, each once."""

    def score(self, application: UUID, *, stage: str, points: int, opinion: str) -> None:
        """One reviewer's score for a stage, 0–100 points."""
        found = self.at_stage(application, stage)
        if self.mandate.account in found.submitters:
            raise Forbidden("same_person", "申报人不能给自己提交的申报评分")
        if type(points) is not int or not 0 <= points <= 100:
            raise Invalid("points_out_of_range", "评分须为 0 至 100 的整数", field="points")
        reviewer = self.mandate.account
        if reviewer is not None and (stage, reviewer) in found.scores:
            raise OutOfOrder("already_scored", "您已评分")
        self._scored(
            application=application,
            stage=stage,
            points=points,
            opinion=opinion,
            by=self.mandate.actor,
        )

    def recuse(self, application: UUID, *, stage: str, reason: str) -> None:
        """Record that a reviewer was kept from reviewing, and why."""
        self.at_stage(application, stage)
        self._recused(application=application, stage=stage, reason=reason)

    def conflict(self, recommender: UUID, federation: UUID) -> str | None:
        """Why the present reviewer must recuse, or None: same unit or same recommending union.

        A unit that stands above the studio's own counts as the same. A unit attached directly to
        the federation has no recommending union, so only its own people are tied to it.
        """
        if recommender != federation and recommender in self.mandate.affiliations:
            return "评审人来自该申报的推荐单位，应当回避"
        return self.conflict_of_unit(recommender)

    def conflict_of_unit(self, recommender: UUID) -> str | None:
        """Why the present reviewer must recuse even at the recommending union, or None."""
        for organisation in self.lineage:
            if organisation == recommender:
                return None
            if organisation in self.mandate.affiliations:
                return "评审人与申报工作室同属一个单位，应当回避"
        return None

    @event("Scored", topic="studio.scored")
    def _scored(self, application: UUID, stage: str, points: int, opinion: str, by: Actor) -> None:
        if by.account is not None:
            self.applications[application].scores[stage, by.account] = points

    @event("ReviewerRecused", topic="studio.reviewer_recused")
    def _recused(self, application: UUID, stage: str, reason: str) -> None:
        """Nothing changes: the recusal is kept for the record."""
