"""Conditions on the unit, and the general kinds that any notice may use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from domain.errors import Invalid
from domain.policy.facts import facts
from domain.policy.kinds.base import Case, Rule, require_limits
from domain.policy.model import key, model
from domain.policy.shapes import Choice, Flag, Listing, Number, Shape, Text
from domain.policy.verdicts import Finding, failed, passed, undecided


def _yes_or_no(case: Case, path: str, wanted: bool, what: str, yes: str, no: str) -> Finding:
    said = case.fact(path)
    if said is None:
        return failed(f"未填写{what}")
    sentence = yes if said else no
    return passed(sentence, said=said) if said is wanted else failed(sentence, said=said)


@model
class LegalPerson(Rule):
    """The unit is a legal person."""

    KIND: ClassVar[str] = "legal_person"
    ABOUT: ClassVar[str] = "unit"

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("unit.legal_person")

    def check(self, case: Case) -> Finding:
        yes, no = "所在单位具有法人资格", "所在单位不具有法人资格"
        return _yes_or_no(case, "unit.legal_person", True, "所在单位是否具有法人资格", yes, no)


@model
class SoundUnion(Rule):
    """The unit's union is sound (工会组织健全)."""

    KIND: ClassVar[str] = "sound_union"
    ABOUT: ClassVar[str] = "unit"

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("unit.sound_union")

    def check(self, case: Case) -> Finding:
        yes, no = "所在单位工会组织健全", "所在单位工会组织不健全"
        return _yes_or_no(case, "unit.sound_union", True, "所在单位工会组织是否健全", yes, no)


@model
class UnitConsent(Rule):
    """The unit agreed to the application."""

    KIND: ClassVar[str] = "unit_consent"
    ABOUT: ClassVar[str] = "unit"

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("unit.consent")

    def check(self, case: Case) -> Finding:
        yes, no = "已征得所在单位同意", "未征得所在单位同意"
        return _yes_or_no(case, "unit.consent", True, "是否已征得所在单位同意", yes, no)


@model
class NotExistingBody(Rule):
    """The studio is not one of the unit's established R&D bodies or work teams."""

    KIND: ClassVar[str] = "not_existing_body"
    ABOUT: ClassVar[str] = "unit"

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("studio.existing_body")

    def check(self, case: Case) -> Finding:
        yes = "属于单位原有建制的研发机构或班组，不在命名之列"
        no = "不属于单位原有建制的研发机构或班组"
        what = "是否为单位原有建制的研发机构或班组"
        return _yes_or_no(case, "studio.existing_body", False, what, yes, no)


@model
class Declared(Rule):
    """A question of the notice that is answered yes or no."""

    KIND: ClassVar[str] = "declared"
    question: str = key("the question in Chinese")
    answer: bool = key("the answer that passes", default=True)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return {f"declared.{condition}": Flag(title=self.question)}

    def check(self, case: Case) -> Finding:
        said = case.own("declared")
        if said is None:
            return failed(f"未填写“{self.question}”")
        sentence = f"“{self.question}”填写为{'是' if said else '否'}"
        return passed(sentence, said=said) if said is self.answer else failed(sentence, said=said)


@model
class Measured(Rule):
    """A number of the notice that has no kind of its own, between limits."""

    KIND: ClassVar[str] = "number"
    what: str = key("what is counted or measured, in Chinese")
    unit: str = key("unit in Chinese", default="")
    least: int | None = key("lowest", default=None, least=0, most=10**12)
    most: int | None = key("highest", default=None, least=0, most=10**12)

    def __post_init__(self) -> None:
        require_limits(self, "least", "most", either=True)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return {f"numbers.{condition}": Number(title=self.what)}

    def check(self, case: Case) -> Finding:
        found = case.own("numbers")
        if found is None:
            return failed(f"未填写{self.what}")
        told = f"{self.what} {found} {self.unit}".rstrip()
        numbers: dict[str, Any] = {"found": str(found)}
        if self.least is not None and found < self.least:
            short = f"，不足 {self.least} {self.unit}".rstrip()
            return failed(told + short, **numbers, needed=self.least)
        if self.most is not None and found > self.most:
            over = f"，超过 {self.most} {self.unit}".rstrip()
            return failed(told + over, **numbers, limit=self.most)
        return passed(f"{told}，符合要求", **numbers)


@model
class Chosen(Rule):
    """Some of the notice's own options apply, such as an industry that is preferred.

    `most: 0` with `least: 0` is a list of what bars (有下列情形之一的不得申报): none may apply.
    """

    KIND: ClassVar[str] = "choice"
    what: str = key("what is chosen, in Chinese")
    options: tuple[str, ...] = key("the options of the notice")
    accepted: tuple[str, ...] = key("options that pass; none: any of them", default=())
    least: int = key("fewest accepted options", default=1, least=0, most=100)
    most: int | None = key("most accepted options", default=None, least=0, most=100)

    def __post_init__(self) -> None:
        if not set(self.accepted) <= set(self.options):
            raise Invalid("option_unknown", "accepted 中有 options 之外的选项", field="accepted")
        require_limits(self, "least", "most")
        if self.least > len(set(self.accepted or self.options)):
            raise Invalid("options_too_few", "least 多于可以符合的选项", field="least")
        if not self.least and self.most is None:
            raise Invalid("choice_without_limit", "least 为 0 时须给出 most", field="most")

    def reads(self, condition: str) -> Mapping[str, Shape]:
        option = Choice(options=self.options, filled=True)
        return {f"choices.{condition}": Listing(title=self.what, of=option, most=100)}

    def check(self, case: Case) -> Finding:
        chosen = case.own("choices")
        if chosen is None:
            return failed(f"未填写{self.what}")
        counted = sorted(set(chosen) & set(self.accepted or self.options))
        if len(counted) < self.least:
            named = "、".join(chosen) or "无"
            short = f"，符合 {len(counted)} 项，不足 {self.least} 项" if self.least > 1 else ""
            told = f"{self.what}：{named}{short or '，不符合要求'}"
            return failed(told, chosen=list(chosen))
        if self.most is not None and len(counted) > self.most:
            limit = f"，超过 {self.most} 项" if self.most else "，不符合要求"
            return failed(f"{self.what}：{'、'.join(counted)}{limit}", chosen=list(chosen))
        return passed(f"{self.what}：{'、'.join(counted) or '无'}", chosen=list(chosen))


@model
class Judged(Rule):
    """A person judges. The dossier carries what the unit says about it."""

    KIND: ClassVar[str] = "judged"
    question: str = key("what to look at, in Chinese")

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return {f"statements.{condition}": Text(title=self.question, most=20_000)}

    def check(self, case: Case) -> Finding:
        said = case.own("statements")
        if said is None:
            return undecided(f"材料未填，须人工核实：{self.question}", stated=False)
        return undecided(f"须人工审核：{self.question}", stated=True, characters=len(said))
