"""What is computed from a filled form: totals, sums per year, characters, proofs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from domain.errors import Invalid
from domain.policy.forms import Column, Field


def value_at(dossier: Mapping[str, Any], path: str, field: Field) -> Any:
    """What the dossier says in a field of the form, wherever it is kept; None: not filled."""
    value: Any = dossier
    for step in (field.fact or f"form.{path}").split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    if isinstance(value, str) and not value.strip():
        return None
    return value


def characters(text: str) -> int:
    """How long a text is: every character counts, blanks and line ends do not."""
    return sum(not mark.isspace() for mark in text)


def row_total(
    row: Mapping[str, Any], total: Column, columns: tuple[Column, ...], rates: Mapping[str, str]
) -> int:
    """The sum of a row in fen; foreign money is converted at the stated rate, half a fen up.

    Blank cells count as 0. Raises Invalid `rate_missing` if foreign money stands without a rate.
    """
    fen = 0
    for column in (each for each in columns if each.id in total.of):
        amount = row.get(column.id) or 0
        if column.type != "foreign_money" or not amount:
            fen += amount
            continue
        rate = rates.get(column.currency)
        if not rate or not Decimal(rate):
            raise Invalid(
                "rate_missing",
                f"“{column.label}”折算未注明汇率（1 {column.currency} 合人民币多少元）",
                field=f"rates.{column.currency}",
                currency=column.currency,
            )
        exact = Decimal(amount) * Decimal(rate)
        fen += int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return fen


def totals(
    field: Field, rows: list[Mapping[str, Any]], rates: Mapping[str, str]
) -> list[dict[str, int]]:
    """The computed columns of every row, in fen. Raises Invalid `rate_missing`."""
    return [
        {total.id: row_total(row, total, field.columns, rates) for total in field.totals}
        for row in rows
    ]
