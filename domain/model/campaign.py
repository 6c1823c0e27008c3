"""Campaigns: one federation's assessment of one year, from its opening to its closing."""

from datetime import date
from typing import Self
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from domain.errors import Invalid, OutOfOrder
from domain.model import runs
from domain.model.chapters.state import Naming
from domain.model.record import Record
from domain.policy.terms import Assessment
from domain.values import Mandate, PolicyRef

CAMPAIGNS = uuid5(NAMESPACE_URL, "urn:mingpai:campaign")


def campaign_id(federation: UUID, policy: str, year: int) -> UUID:
    """One campaign for a federation, a policy and a year: the three decide its id."""
    return uuid5(CAMPAIGNS, f"{federation} {policy} {year}")


def expected(rule: Assessment, naming: Naming, year: int) -> bool:
    """Whether a naming that holds should have had a result of a year, and has none.

    Where a pack assesses every few years, a result of one of the years before will do.
    """
    recent = range(year - rule.every_years + 1, year + 1)
    done = any(naming.governing(each) or each in naming.missed for each in recent)
    return naming.status == "active" and runs.counts(rule, year, naming.on.year) and not done


class Campaign(Record):
    """The year's assessment: who filed, what was filed late, and what was never filed."""

    TOPIC = "campaign"
    FIRST = "Opened"

    @event("Opened", topic="campaign.opened")
    def __init__(
        self, federation: UUID, year: int, policy: PolicyRef, opens_on: date, due_on: date
    ) -> None:
        self.federation = federation
        self.year = year
        self.policy = policy
        self.opens_on = opens_on
        self.due_on = due_on
        self.filings: dict[UUID, date] = {}
        self.missing = 0
        self.closed = False

    @classmethod
    def open(
        cls, mandate: Mandate, *, federation: UUID, year: int, policy: PolicyRef, due_on: date
    ) -> Self:
        """Open the assessment of a year; `due_on` is a recorded fact and does not move."""
        return cls.begin(
            mandate,
            campaign_id(federation, policy.id, year),
            federation=federation,
            year=year,
            policy=policy,
            opens_on=mandate.on,
            due_on=due_on,
        )

    def file(self, union: UUID, received_on: date) -> None:
        """Record that a union filed its results, with the day they were received."""
        self._require_open()
        if union in self.filings:
            raise OutOfOrder("already_filed", "该单位已报送")
        if received_on > self.mandate.on:
            raise Invalid("date_in_future", "收到日期不能晚于今天", field="received_on")
        late = received_on > self.due_on
        self._filed(union=union, received_on=received_on, late=late)

    def miss(self, missing: list[UUID]) -> None:
        """Record some of the studios without a result, where they are too many for one commit."""
        self._require_over(missing)
        self._missing_recorded(missing=missing)

    def close(self, missing: list[UUID]) -> None:
        """End the campaign; these, and those recorded before, are 未考核, once the due day is over.

        A studio stands there once for each of its namings that has no result.
        """
        self._require_over(missing)
        self._closed(missing=missing)

    def _require_over(self, missing: list[UUID]) -> None:
        self._require_open()
        if missing and self.mandate.on <= self.due_on:
            raise OutOfOrder("campaign_running", f"报送截止日为 {self.due_on}，尚有工作室未报送")

    def _require_open(self) -> None:
        if self.closed:
            raise OutOfOrder("campaign_closed", f"{self.year} 年度考核已结束")

    @event("FiledByUnion", topic="campaign.filed_by_union")
    def _filed(self, union: UUID, received_on: date, late: bool) -> None:
        self.filings[union] = received_on

    @event("MissingRecorded", topic="campaign.missing_recorded")
    def _missing_recorded(self, missing: list[UUID]) -> None:
        self.missing += len(missing)

    @event("Closed", topic="campaign.closed")
    def _closed(self, missing: list[UUID]) -> None:
        self.missing += len(missing)
        self.closed = True
