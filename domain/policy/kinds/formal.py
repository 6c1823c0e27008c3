"""Conditions on the filled form: complete, proved, added up, long enough, signed and sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from domain.errors import Invalid
from domain.policy.filling import characters, totals, value_at
from domain.policy.forms import Field, Form
from domain.policy.kinds.base import Case, Rule, require_limits
from domain.policy.model import key, model
from domain.policy.shapes import Shape
from domain.policy.verdicts import Finding, failed, passed


class FormRule(Rule):
    """A rule about the category's form; it reads what the form itself puts into the dossier."""

    ABOUT: ClassVar[str] = "paper"
    NEEDS_FORM: ClassVar[bool] = True

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return {}

    def filled(self, case: Case) -> Iterator[tuple[str, Field, Any]]:
        """Every field of the form with its path and what the dossier says there."""
        for path, field in form_of(case).fields():
            yield path, field, value_at(case.dossier, path, field)


def form_of(case: Case) -> Form:
    if case.form is None:
        raise Invalid("form_missing", f"条件 {case.condition} 需要申报表，而该类别没有")
    return case.form


def _verdict(faults: list[str], good: str, **numbers: Any) -> Finding:
    if faults:
        return failed("；".join(faults), faults=faults, **numbers)
    return passed(good, **numbers)


def is_blank(value: Any) -> bool:
    return value is None or value in ([], "")


@model
class FormComplete(FormRule):
    """Every required field is filled; `only` narrows it to some fields."""

    KIND: ClassVar[str] = "form_complete"
    only: tuple[str, ...] = key("paths `section.field`; none: the whole form", default=())

    def form_paths(self) -> tuple[str, ...]:
        return self.only

    def check(self, case: Case) -> Finding:
        blank = [
            field.label
            for path, field, value in self.filled(case)
            if field.required and is_blank(value) and (not self.only or path in self.only)
        ]
        faults = [f"申报表未填写：{'、'.join(blank)}"] if blank else []
        return _verdict(faults, "申报表各栏已填写", blank=blank)


@model
class FieldRequired(FormRule):
    """One field of the form is filled."""

    KIND: ClassVar[str] = "field_required"
    field: str = key("path `section.field`")

    def form_paths(self) -> tuple[str, ...]:
        return (self.field,)

    def check(self, case: Case) -> Finding:
        for path, field, value in self.filled(case):
            if path == self.field and not is_blank(value):
                return passed(f"“{field.label}”已填写")
            if path == self.field:
                return failed(f"未填写“{field.label}”")
        return failed(f"申报表没有 {self.field} 一栏")


@model
class TextLength(FormRule):
    """A text of the form has enough characters. Blanks and line ends do not count."""

    KIND: ClassVar[str] = "text_length"
    field: str = key("path `section.field`")
    least: int | None = key("fewest characters", default=None, least=1, most=100_000)
    most: int | None = key("most characters", default=None, least=1, most=100_000)

    def __post_init__(self) -> None:
        require_limits(self, "least", "most", either=True)

    def form_paths(self) -> tuple[str, ...]:
        return (self.field,)

    def check(self, case: Case) -> Finding:
        field = form_of(case).field(self.field)
        text = value_at(case.dossier, self.field, field) if field else None
        label = field.label if field else self.field
        if not isinstance(text, str):
            return failed(f"未填写“{label}”", found=0, needed=self.least)
        found = characters(text)
        if self.least is not None and found < self.least:
            return failed(
                f"“{label}” {found} 字，不足 {self.least} 字", found=found, needed=self.least
            )
        if self.most is not None and found > self.most:
            return failed(
                f"“{label}” {found} 字，超过 {self.most} 字", found=found, limit=self.most
            )
        limit = f"达到 {self.least} 字" if self.least is not None else f"不超过 {self.most} 字"
        return passed(f"“{label}” {found} 字，{limit}", found=found)


@model
class YearRows(FormRule):
    """Tables by year have exactly one row for each year, complete."""

    KIND: ClassVar[str] = "year_rows"

    def check(self, case: Case) -> Finding:
        faults, years = [], set[int]()
        for _, field, value in self.filled(case):
            if field.years and field.required:
                years.update(field.years)
                faults += list(_row_faults(field, value or []))
        told = "、".join(map(str, sorted(years)))
        return _verdict(faults, f"{told} 年各行已填写", years=sorted(years))


def _row_faults(field: Field, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    held = [row["year"] for row in rows]
    missing = [str(year) for year in field.years if year not in held]
    twice = sorted({str(year) for year in held if held.count(year) > 1})
    if missing:
        yield f"“{field.label}”缺 {'、'.join(missing)} 年"
    if twice:
        yield f"“{field.label}”{'、'.join(twice)} 年重复填写"
    for row in rows:
        needed = [each for each in field.columns if each.required and each.type != "total"]
        blank = [each.label for each in needed if is_blank(row.get(each.id))]
        if blank:
            yield f"“{field.label}”{row['year']} 年未填写：{'、'.join(blank)}"


@model
class TotalsAgree(FormRule):
    """Totals on the form equal what they add up; foreign money needs a stated rate."""

    KIND: ClassVar[str] = "totals_agree"

    def check(self, case: Case) -> Finding:
        faults, computed = [], {}
        rates = case.fact("rates") or {}
        for path, field, rows in self.filled(case):
            if not field.totals:
                continue
            if not rows:
                faults.append(f"未填写“{field.label}”")
                continue
            try:
                sums = totals(field, rows, rates)
            except Invalid as error:
                faults.append(error.message)
                continue
            computed[path] = sums
            faults += list(_sum_faults(field, rows, sums))
        stated = {code: rate for code, rate in rates.items() if rate}
        return _verdict(faults, "合计与分项之和一致", computed=computed, rates=stated)


def _sum_faults(
    field: Field, rows: list[Mapping[str, Any]], sums: list[dict[str, int]]
) -> Iterator[str]:
    for position, (row, summed) in enumerate(zip(rows, sums, strict=True), 1):
        at = f"{row['year']} 年" if "year" in row else f"第 {position} 行"
        for total in field.totals:
            stated = row.get(total.id)
            if stated is not None and stated != summed[total.id]:
                told = f"{total.label}填 {_yuan(stated)} 元，应为 {_yuan(summed[total.id])} 元"
                yield f"“{field.label}”{at}{told}"


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


@model
class FundersStated(FormRule):
    """Where two or more paid, each one's amount is stated and they add up to the year's."""

    KIND: ClassVar[str] = "funders_stated"
    amount: str = key("column of the year's amount", default="amount")

    def check(self, case: Case) -> Finding:
        faults: list[str] = []
        for _, field, rows in self.filled(case):
            for column in (each for each in field.columns if each.type == "sources"):
                faults += [] if rows else [f"未填写“{field.label}”"]
                faults += [
                    f"“{field.label}”{row['year']} 年{fault}"
                    for row in rows or []
                    for fault in _source_faults(row, column.id, self.amount)
                ]
        return _verdict(faults, "各投入单位的经费额已分别注明")


def _source_faults(row: Mapping[str, Any], column: str, amount: str) -> Iterator[str]:
    sources, whole = row.get(column) or [], row.get(amount)
    if len(sources) < 2:
        return
    amounts = [each["amount"] for each in sources]
    if None in amounts:
        blank = "、".join(each["funder"] for each in sources if each["amount"] is None)
        yield f"投入单位 {len(sources)} 个，未注明 {blank} 的投入额"
    elif whole is not None and sum(amounts) != whole:
        yield f"各单位投入合计 {_yuan(sum(amounts))} 元，与投入金额 {_yuan(whole)} 元不符"


@model
class StarredProofs(FormRule):
    """All that is marked `*` and filled has its proof; an original with finance seal where asked."""

    KIND: ClassVar[str] = "starred_proofs"

    def check(self, case: Case) -> Finding:
        proofs = case.fact("proofs") or {}
        values = {path: value for path, _, value in self.filled(case)}
        faults, files, seen = [], [], 0
        for path, label, original, covers in form_of(case).starred():
            if all(is_blank(values[each]) or values[each] == 0 for each in covers):
                continue
            seen += 1
            held = proofs.get(path) or []
            files += [each["name"] for each in held]
            if not held:
                faults.append(f"“{label}”未附证明材料")
            elif original and not any(_original(each) for each in held):
                faults.append(f"“{label}”须附加盖单位财务章的原件")
        if not seen:
            return failed("标“*”的各栏均未填写", starred=0, proved=0)
        found = _verdict(faults, f"标“*”的 {seen} 项均附证明", starred=seen, proved=len(files))
        return Finding(found.outcome, found.sentence, found.facts, tuple(dict.fromkeys(files)))


def _original(proof: Mapping[str, Any]) -> bool:
    return bool(proof.get("original") and proof.get("finance_seal"))
