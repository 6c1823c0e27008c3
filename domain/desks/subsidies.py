"""Desk: funds and grants, payment, the bank, use, recovery. Fund and studio are saved together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.desks.claims import bank_line
from domain.desks.desk import Desk, require
from domain.errors import Forbidden, Invalid, OutOfOrder, Refused
from domain.model.call import Call
from domain.model.chapters.state import Naming
from domain.model.fund import Fund
from domain.model.organisation import Kind, Organisation
from domain.model.studio import Studio
from domain.values import BankLine, Evidence, Mandate, Money, Payee, Role

PAYERS = (Role.CITY_OFFICER, Role.RECOMMENDING_UNION)


class Subsidies(Desk):
    """Money only leaves a fund that was appropriated, for a naming that stands."""

    def establish(
        self, mandate: Mandate, *, name: str, payer: UUID, year: int, source: str
    ) -> UUID:
        """Set up a payer's fund of a year: province, city or matching money."""
        place = self.register.get(Organisation, payer, mandate)
        require(mandate, PAYERS, place.lineage)
        if place.kind != Kind.FEDERATION and source != "matching":
            raise Invalid("source_not_payers", "推荐单位只能设立配套资金", field="source")
        fund = Fund.establish(
            mandate, self.register.new_id(), name=name, payer=payer, year=year, source=source
        )
        self.register.save(fund)
        return fund.id

    def appropriate(self, mandate: Mandate, fund: UUID, *, amount: Money, document: str) -> None:
        """Put money into a fund by a numbered decision."""
        found = self._fund(mandate, fund)
        found.appropriate(amount, document)
        self.register.save(found)

    def grant(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        number: str,
        fund: UUID,
        amount: Money,
        payee: Mapping[str, Any],
        document: str,
        matches: UUID | None = None,
        reason: str | None = None,
    ) -> UUID:
        """Decide a subsidy for a naming from a fund; the amount and permitted uses are frozen in it.

        `reason` answers an amount that is not the rule's. Matching money has none of its own.
        """
        found = self.register.get(Studio, studio, mandate)
        source = self._fund(mandate, fund)
        if source.payer not in found.lineage:
            raise Forbidden("outside_scope", "该工作室不在出资方的管辖范围内", field="fund")
        naming = found.active_naming(number)
        rule, uses = self._terms(mandate, found, naming, source, matches)
        grant = self.register.new_id()
        found.grant_subsidy(
            grant,
            number=number,
            fund=fund,
            payer=source.payer,
            amount=amount,
            uses=uses,
            payee=self._payee(mandate, payee),
            matches=matches,
            document=document,
            standards=rule or self._beyond(naming, amount, matches),
            reason=reason,
        )
        source.commit(grant, amount)
        self.register.save(found, source)
        return grant

    def pay(
        self,
        mandate: Mandate,
        studio: UUID,
        grant: UUID,
        *,
        amount: Money,
        voucher: str,
        on: date | None = None,
    ) -> UUID:
        """Pay a grant or part of it; by someone who neither applied nor decided it."""
        found = self.register.get(Studio, studio, mandate)
        source = self._fund(mandate, found.grant_of(grant).fund)
        payment = self.register.new_id()
        found.pay_subsidy(
            grant, payment=payment, amount=amount, on=on or mandate.on, voucher=voucher
        )
        source.pay(grant, payment, amount)
        self.register.save(found, source)
        return payment

    def reconcile(
        self,
        mandate: Mandate,
        studio: UUID,
        grant: UUID,
        payment: UUID,
        line: BankLine,
        *,
        reason: str | None = None,
    ) -> None:
        """Match a payment with its bank line, which proves no other of the payer's payments.

        `reason` answers a line to another name than the payee's.
        """
        found = self.register.get(Studio, studio, mandate)
        source = self._fund(mandate, found.grant_of(grant).fund)
        found.reconcile(grant, payment, line, reason=reason)
        source.match(line)
        claim = bank_line(self.register, mandate, source.payer, line.reference, studio)
        self.register.save(found, source, claim)

    def spend(
        self,
        mandate: Mandate,
        studio: UUID,
        grant: UUID,
        *,
        use: str,
        amount: Money,
        on: date,
        description: str,
        receipt: Evidence,
    ) -> UUID:
        """The unit accounts for an expense under a permitted use, with its receipt."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.UNIT_UNION, found.lineage)
        expense = self.register.new_id()
        found.spend(
            grant,
            expense=expense,
            use=use,
            amount=amount,
            on=on,
            description=description,
            receipt=receipt,
        )
        self.register.save(found)
        return expense

    def order_recovery(
        self, mandate: Mandate, studio: UUID, grant: UUID, *, amount: Money, decision: str
    ) -> None:
        """Decide that unspent money must come back."""
        found = self.register.get(Studio, studio, mandate)
        self._fund(mandate, found.grant_of(grant).fund)
        found.order_recovery(grant, amount=amount, decision=decision)
        self.register.save(found)

    def take_back(
        self,
        mandate: Mandate,
        studio: UUID,
        grant: UUID,
        *,
        amount: Money,
        voucher: str,
        on: date | None = None,
    ) -> None:
        """Record that recovered money arrived; it is free in its fund again."""
        found = self.register.get(Studio, studio, mandate)
        source = self._fund(mandate, found.grant_of(grant).fund)
        found.return_subsidy(grant, amount=amount, on=on or mandate.on, voucher=voucher)
        source.take_back(grant, amount)
        self.register.save(found, source)

    def cancel(self, mandate: Mandate, studio: UUID, grant: UUID, reason: str) -> None:
        """Cancel what a grant has not paid, and free it in its fund."""
        found = self.register.get(Studio, studio, mandate)
        source = self._fund(mandate, found.grant_of(grant).fund)
        found.cancel_grant(grant, reason)
        source.release(grant)
        self.register.save(found, source)

    def cancel_unpaid(self, mandate: Mandate, studios: Iterable[Studio], reason: str) -> list[Fund]:
        """Cancel the unpaid grants of ended namings, unsaved; returns the funds to be saved too."""
        unpaid = [
            (studio, grant)
            for studio in studios
            for naming in studio.namings.values()
            if naming.status in ("de_named", "closed")
            for grant in studio.unpaid_grants(naming.number)
        ]
        funds = self.register.get_many(Fund, [grant.fund for _, grant in unpaid], mandate)
        for studio, grant in unpaid:
            studio.under(mandate).cancel_grant(grant.id, reason)
            funds[grant.fund].release(grant.id)
        return list(funds.values())

    def _fund(self, mandate: Mandate, id: UUID) -> Fund:
        found = self.register.get(Fund, id, mandate)
        place = self.register.get(Organisation, found.payer, mandate)
        require(mandate, PAYERS, place.lineage)
        return found

    def _terms(
        self,
        mandate: Mandate,
        studio: Studio,
        naming: Naming,
        fund: Fund,
        matches: UUID | None,
    ) -> tuple[tuple[Money, ...], dict[str, str]]:
        """The amounts that the rule states, none for matching money, and the permitted uses."""
        pack = self.policy(naming.policy.id)
        category = pack.category(naming.category)
        if category.subsidy is None:
            raise Refused(
                "no_subsidy", f"本政策不对“{category.name}”发放补助", clause=category.clause
            )
        matching = fund.source == "matching"
        if matching and matches is None:
            raise Invalid("matches_missing", "配套资金须对应一笔已决定的补助", field="matches")
        if not matching and matches is not None:
            raise Invalid("not_matching", "只有配套资金才对应另一笔补助", field="matches")
        call = self._call(mandate, studio, naming)
        stated = category.subsidy.amounts
        if not stated and call and naming.category in call.amounts:
            stated = (call.amounts[naming.category],)
        uses = {use.id: use.name for use in pack.permitted_uses} or (call.uses if call else {})
        if not uses:
            raise OutOfOrder("uses_missing", "本批次未规定补助用途，不能作出补助决定")
        return () if matching else stated, dict(uses)

    def _beyond(self, naming: Naming, amount: Money, matches: UUID | None) -> tuple[Money, ...]:
        """The limit of the notice that an amount is beyond: it then has to be answered for."""
        subsidy = self.policy(naming.policy.id).category(naming.category).subsidy
        return subsidy.broken_by(amount) if subsidy and matches is None else ()

    def _call(self, mandate: Mandate, studio: Studio, naming: Naming) -> Call | None:
        for application in studio.applications.values():
            if naming.application == application.id:
                return self.register.get(Call, application.call, mandate)
        return None

    def _payee(self, mandate: Mandate, data: Mapping[str, Any]) -> Payee:
        organisation = self.register.get(Organisation, data["organisation"], mandate)
        if data["account_name"].strip() != organisation.name:
            raise Refused(
                "payee_not_organisation",
                f"收款户名须为“{organisation.name}”，不得为个人账户",
                field="payee.account_name",
            )
        number = self.seal(organisation.id, "account_number", data["account_number"])
        if number is None:
            raise Invalid("account_missing", "须填写收款账号", field="payee.account_number")
        return Payee(organisation.id, organisation.name, data["bank"], number)
