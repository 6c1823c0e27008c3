"""Chapter four: the subsidy, from the decision through payment to its use."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Forbidden, Invalid, OutOfOrder, Refused
from domain.model.chapters.state import Grant, Payment, StudioState
from domain.values import Actor, Evidence, Money, Payee


class Subsidy(StudioState):
    """Naming ≤ payment; submitting, granting and paying are three people's work."""

    def grant_subsidy(
        self,
        grant: UUID,
        *,
        number: str,
        fund: UUID,
        payer: UUID,
        amount: Money,
        uses: dict[str, str],
        payee: Payee,
        matches: UUID | None,
        document: str,
        standards: Sequence[Money] = (),
        reason: str | None = None,
    ) -> None:
        """Decide a subsidy for a naming; once for each payer and naming.

        `standards` are the amounts that the rule states, if it states any; `reason` answers
        another amount, and is recorded.
        """
        if not amount:
            raise Invalid("amount_not_positive", "金额必须大于零", field="amount")
        self._require_due(number, payer, payee, matches)
        other = _differs(amount, standards, reason)
        self._granted(
            grant=grant,
            number=number,
            fund=fund,
            payer=payer,
            amount=amount,
            uses=uses,
            payee=payee,
            matches=matches,
            document=document,
            on=self.mandate.on,
            by=self.mandate.actor,
        )
        if other:
            known, why = list(standards), reason or ""
            self._amount_explained(grant=grant, amount=amount, standards=known, reason=why)

    def _require_due(self, number: str, payer: UUID, payee: Payee, matches: UUID | None) -> None:
        """To the unit or what stands above it, for a naming that holds, by who did not apply."""
        naming = self.active_naming(number)
        if payee.organisation not in self.lineage:
            raise Refused("payee_foreign", "收款方须为所在单位或其上级工会的账户", field="payee")
        if payee.organisation == payer:
            raise Refused(
                "payee_is_payer", "收款方不能是出资方自己，请填写所在单位或转拨工会", field="payee"
            )
        self._require_single(number, payer, matches)
        if self.mandate.account in naming.submitters:
            raise Forbidden("same_person", "申报人不能批准对本工作室的补助")

    def _require_single(self, number: str, payer: UUID, matches: UUID | None) -> None:
        """One grant for a payer and a naming; a matching one matches a grant of that naming."""
        for other in self.grants.values():
            if (other.number, other.payer) == (number, payer) and other.holds_money:
                raise Refused(
                    "duplicate_grant",
                    "同一出资方已对该命名作出补助决定；原补助全额退回后方可另行决定",
                    grant=str(other.id),
                )
        if matches is not None:
            matched = self._living_grant(matches)
            if matched.number != number:
                raise Refused(
                    "matches_other_naming", "配套资金须对应同一命名的补助", field="matches"
                )

    def pay_subsidy(
        self, grant: UUID, *, payment: UUID, amount: Money, on: date, voucher: str
    ) -> None:
        """Pay a grant or part of it, on or after the days of naming and of the grant itself.

        A name that rose to a higher one is still owed what was granted for it.
        """
        found = self._living_grant(grant)
        naming = self.naming(found.number)
        if naming.status != "upgraded":
            self.active_naming(found.number)
        if on < naming.on:
            raise OutOfOrder("payment_before_naming", "拨付日期不能早于命名日期", field="on")
        if on < found.on:
            raise OutOfOrder("payment_before_grant", "拨付日期不能早于补助决定日期", field="on")
        if on > self.mandate.on:
            raise Invalid("date_in_future", "拨付日期不能晚于今天", field="on")
        if not amount or found.paid + amount > found.amount:
            raise Refused(
                "over_grant", f"补助 {found.amount} 元，已拨付 {found.paid} 元", field="amount"
            )
        decided = {found.granted_by, naming.named_by, *naming.approvers}
        if self.mandate.account in decided | naming.submitters:
            raise Forbidden(
                "same_person", "申报、批准和拨付须由不同的人办理，请由未参与申报和批准的人拨付"
            )
        self._paid(
            grant=grant,
            payment=payment,
            amount=amount,
            on=on,
            voucher=voucher,
            by=self.mandate.actor,
        )

    def spend(
        self,
        grant: UUID,
        *,
        expense: UUID,
        use: str,
        amount: Money,
        on: date,
        description: str,
        receipt: Evidence,
    ) -> None:
        """Account for an expense under one of the permitted uses, with its receipt."""
        found = self.grant_of(grant)
        if use not in found.uses:
            raise Refused(
                "use_not_permitted",
                f"支出用途须为：{'、'.join(found.uses.values())}",
                field="use",
                permitted=sorted(found.uses),
            )
        if not amount or amount > found.spendable:
            raise Refused("over_balance", f"余额 {found.spendable} 元，不足以列支", field="amount")
        if not _covered(found, on, amount):
            raise OutOfOrder(
                "spent_before_payment",
                "支出日期不能早于拨付日期：当日已拨付的资金不足以列支",
                field="on",
            )
        if on > self.mandate.on:
            raise Invalid("date_in_future", "支出日期不能晚于今天", field="on")
        self._spent(
            grant=grant,
            expense=expense,
            use=use,
            amount=amount,
            on=on,
            description=description,
            receipt=receipt,
        )

    def order_recovery(self, grant: UUID, *, amount: Money, decision: str) -> None:
        """Decide that what is unspent, or part of it, must come back."""
        found = self.grant_of(grant)
        if not amount or found.recovery + amount > found.unspent + found.returned:
            raise Refused("over_balance", f"可收回余额 {found.spendable} 元", field="amount")
        self._recovery_ordered(grant=grant, amount=amount, decision=decision)

    def return_subsidy(self, grant: UUID, *, amount: Money, on: date, voucher: str) -> None:
        """Money came back under a recovery decision."""
        found = self.grant_of(grant)
        if not amount or found.returned + amount > found.recovery:
            raise Refused("not_ordered", "退回金额超过收回决定的金额", field="amount")
        if amount > found.unspent:
            raise Refused("over_balance", f"余额 {found.unspent} 元", field="amount")
        if on < min(payment.on for payment in found.payments.values()):
            raise OutOfOrder("returned_before_payment", "退回日期不能早于拨付日期", field="on")
        if on > self.mandate.on:
            raise Invalid("date_in_future", "退回日期不能晚于今天", field="on")
        self._subsidy_returned(grant=grant, amount=amount, on=on, voucher=voucher)

    def cancel_grant(self, grant: UUID, reason: str) -> None:
        """Cancel what a grant has not paid yet."""
        found = self._living_grant(grant)
        if found.paid == found.amount:
            raise OutOfOrder("grant_paid", "补助已全部拨付，不能取消")
        self._cancelled(grant=grant, reason=reason, unpaid=found.amount - found.paid)

    def unpaid_grants(self, number: str) -> list[Grant]:
        """Grants of a naming that still have something to pay."""
        return [
            grant
            for grant in self.grants.values()
            if grant.number == number and not grant.cancelled and grant.paid < grant.amount
        ]

    def _living_grant(self, id: UUID) -> Grant:
        found = self.grant_of(id)
        if found.cancelled:
            raise OutOfOrder("grant_cancelled", "该补助决定已取消")
        return found

    @event("SubsidyGranted", topic="studio.subsidy_granted")
    def _granted(
        self,
        grant: UUID,
        number: str,
        fund: UUID,
        payer: UUID,
        amount: Money,
        uses: dict[str, str],
        payee: Payee,
        matches: UUID | None,
        document: str,
        on: date,
        by: Actor,
    ) -> None:
        self.grants[grant] = Grant(
            id=grant,
            number=number,
            fund=fund,
            payer=payer,
            amount=amount,
            uses=uses,
            payee=payee.account_name,
            on=on,
            granted_by=by.account,
        )

    @event("AmountExplained", topic="studio.amount_explained")
    def _amount_explained(
        self, grant: UUID, amount: Money, standards: list[Money], reason: str
    ) -> None:
        """Nothing depends on it; it answers whoever compares the amount with the rule."""

    @event("SubsidyPaid", topic="studio.subsidy_paid")
    def _paid(
        self, grant: UUID, payment: UUID, amount: Money, on: date, voucher: str, by: Actor
    ) -> None:
        self.grants[grant].payments[payment] = Payment(payment, amount, on, by.account)

    @event("SubsidySpent", topic="studio.subsidy_spent")
    def _spent(
        self,
        grant: UUID,
        expense: UUID,
        use: str,
        amount: Money,
        on: date,
        description: str,
        receipt: Evidence,
    ) -> None:
        found = self.grants[grant]
        found.spent += amount
        found.expenses[expense] = on, amount

    @event("RecoveryOrdered", topic="studio.recovery_ordered")
    def _recovery_ordered(self, grant: UUID, amount: Money, decision: str) -> None:
        self.grants[grant].recovery += amount

    @event("SubsidyReturned", topic="studio.subsidy_returned")
    def _subsidy_returned(self, grant: UUID, amount: Money, on: date, voucher: str) -> None:
        self.grants[grant].returned += amount

    @event("GrantCancelled", topic="studio.grant_cancelled")
    def _cancelled(self, grant: UUID, reason: str, unpaid: Money) -> None:
        self.grants[grant].cancelled = True


def _covered(grant: Grant, on: date, amount: Money) -> bool:
    """Whether an expense of a day was covered, then and ever after, by what had been paid."""
    spent = grant.expenses.values()
    return all(
        amount.fen + sum(each.fen for day, each in spent if day <= on_day)
        <= sum(payment.amount.fen for payment in grant.payments.values() if payment.on <= on_day)
        for on_day in (on, *(day for day, _ in spent if day > on))
    )


def _differs(amount: Money, standards: Sequence[Money], reason: str | None) -> bool:
    """Whether an amount is none of those that the rule states; refused without a reason."""
    if not standards or amount in standards:
        return False
    if not (reason and reason.strip()):
        told = "、".join(f"{each} 元" for each in standards)
        raise Refused(
            "amount_differs",
            f"补助标准为 {told}，其他金额须说明理由",
            field="amount",
            standards=[each.fen for each in standards],
        )
    return True
