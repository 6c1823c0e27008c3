"""What the desks give out once, however many calls, funds and studios there are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from domain.errors import Refused
from domain.model.claim import Claim, claim_id
from domain.values import Mandate

if TYPE_CHECKING:
    from domain.register import Register


def number_of(
    register: Register, mandate: Mandate, federation: UUID, number: str, studio: UUID
) -> Claim:
    """A naming number, unsaved. Refused("number_used") where the federation gave it out before."""
    if register.exists(claim_id("naming_number", federation, number)):
        raise Refused("number_used", f"命名编号“{number}”在本总工会已使用", field="number")
    return Claim.make(mandate, kind="naming_number", owner=federation, value=number, studio=studio)


def bank_line(
    register: Register, mandate: Mandate, payer: UUID, reference: str, studio: UUID
) -> Claim:
    """A bank line, unsaved. Refused("bank_line_used") where it proves another of the payer's payments."""
    if register.exists(claim_id("bank_reference", payer, reference)):
        raise Refused("bank_line_used", f"银行流水“{reference}”已对应另一笔拨付", field="reference")
    return Claim.make(mandate, kind="bank_reference", owner=payer, value=reference, studio=studio)
