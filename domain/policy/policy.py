"""The policy: one notice as data. Nothing about a city is in code; it all stands in the pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from domain.errors import NotFound
from domain.policy.forms import Form, Layout
from domain.policy.kinds.base import Rule
from domain.policy.kinds.naming import NamePattern
from domain.policy.kinds.paper import Material
from domain.policy.model import key, keys_of, model, plain
from domain.policy.money import Subsidy, Use
from domain.policy.targets import Targets
from domain.policy.terms import (
    Assessment,
    Caution,
    Deadline,
    Duty,
    Phase,
    Publicity,
    Quota,
    Stage,
)
from domain.policy.verdicts import Verdict

FORCES = ("required", "in_principle", "preferred")


@model
class Document:
    """The notice. Number and date are None where the text we have does not show them."""

    number: str | None = key("document number", default=None)
    issuer: str = key("who issued it")
    on: date | None = key("date of issue", default=None)
    title: str = key("title")
    source: str = key("where the text can be read", default="")

    @property
    def name(self) -> str:
        """The number, or the title where there is none."""
        return self.number or self.title


@model
class Settings:
    """What the notice leaves to the office."""

    office_closes_at: time = key("when the office closes (下班)", default=time(17, 30))


@model
class Waiver:
    """The words under which a condition may be set aside, such as 特别优秀的可以直接推荐."""

    clause: str = key("clause number")
    text: str = key("the words it encodes")


@model
class Condition:
    """One checkable or judged clause: its number, its words, its kind with parameters, its force."""

    id: str = key("name of the condition")
    clause: str = key("clause number")
    text: str = key("the words it encodes")
    force: str = key("how strictly it binds", default="required", choices=FORCES)
    categories: tuple[str, ...] = key("categories it is for; none: all", default=())
    waiver: Waiver | None = key("words under which it may be set aside", default=None)
    rule: Rule = key("kind and parameters", derived=True)

    @property
    def kind(self) -> str:
        """The kind's name."""
        return self.rule.KIND

    def as_dict(self) -> dict[str, Any]:
        """The condition as it stands in a pack."""
        return {**keys_of(self), "kind": self.kind, **plain(keys_of(self.rule))}


@model
class Category:
    """What a studio can be named as, with everything that applies to it."""

    id: str = key("name of the category")
    name: str = key("Chinese name, short")
    honour: str = key("the title as it is awarded")
    kind: str = key("studio or service station", default="studio", choices=("studio", "station"))
    upgrades_from: tuple[str, ...] = key("categories a studio rises from", default=())
    plaque: bool = key("a plaque is awarded", default=True)
    valid_years: int | None = key(
        "years a naming holds before it has to be asked for again (有效期); none: not stated",
        default=None,
        least=1,
        most=50,
    )
    subsidy: Subsidy | None = key("what a named studio receives; none: nothing", default=None)
    clause: str = key("clause that establishes it")
    text: str = key("the words it encodes")
    conditions: tuple[Condition, ...] = key("its conditions", default=(), derived=True)
    form: Form | None = key("its form", default=None, derived=True)

    @property
    def naming(self) -> NamePattern | None:
        """How the studio is to be named, if the notice says so."""
        patterns = [each.rule for each in self.conditions if isinstance(each.rule, NamePattern)]
        return patterns[0] if patterns else None

    @property
    def materials(self) -> tuple[Material, ...]:
        """What is to be handed in."""
        return tuple(each.rule for each in self.conditions if isinstance(each.rule, Material))

    @property
    def leader_conditions(self) -> tuple[Condition, ...]:
        """The conditions on the leader alone, for checking a successor."""
        return tuple(each for each in self.conditions if _about_leader(each))

    @property
    def personal_fields(self) -> frozenset[str]:
        """Names of the fields and columns that the form marks as personal."""
        fields = [field for _, field in self.form.fields()] if self.form else []
        columns = [column for field in fields for column in field.columns]
        marked = [field.id for field in fields if field.personal]
        return frozenset(marked + [column.id for column in columns if column.personal])

    def condition(self, condition_id: str) -> Condition:
        """The condition of that name. Raises NotFound."""
        for each in self.conditions:
            if each.id == condition_id:
                return each
        raise NotFound("condition_not_found", f"“{self.name}”没有条件 {condition_id}")

    def as_dict(self) -> dict[str, Any]:
        """The category as plain JSON values, with the names of its conditions and form."""
        return {
            **keys_of(self),
            "conditions": [each.id for each in self.conditions],
            "form": self.form.id if self.form else None,
        }


@model
class Policy:
    """One notice's rules. `digest` is the SHA-256 of the pack's content, not of its layout."""

    id: str = key("name of the pack")
    version: str = key("version of the pack")
    document: Document = key("the notice")
    level: str = key("who names", choices=("city", "province", "county", "nation"))
    effective_from: date | None = key("first day it applies; none: not stated", default=None)
    effective_to: date | None = key("last day it applies; none: until replaced", default=None)
    settings: Settings = key("what the notice leaves to the office", default=Settings())
    categories: tuple[Category, ...] = key("what can be awarded")
    conditions: tuple[Condition, ...] = key("conditions in the notice's order")
    forms: tuple[Form, ...] = key("the official forms", default=())
    stages: tuple[Stage, ...] = key("stages in order")
    timetable: tuple[Phase, ...] = key("the notice's own timetable", default=())
    deadlines: tuple[Deadline, ...] = key("deadlines; none: rolling", default=())
    quotas: tuple[Quota, ...] = key("how many may be recommended", default=())
    targets: Targets | None = key("task table and goals", default=None)
    publicity: Publicity | None = key("the public notice; none: not stated", default=None)
    permitted_uses: tuple[Use, ...] = key("uses of the subsidy; none: set by the call", default=())
    assessment: Assessment | None = key("periodic assessment; none: not stated", default=None)
    duties: tuple[Duty, ...] = key("what unions have to do besides filing", default=())
    cycle_years: int | None = key("years between calls, if stated", default=None, least=1, most=20)
    cautions: tuple[Caution, ...] = key("what an officer must know of the notice", default=())
    digest: str = key("SHA-256 of the content in hex", default="", derived=True)
    warnings: tuple[Caution, ...] = key("cautions and found faults", default=(), derived=True)

    def category(self, category_id: str) -> Category:
        """The category of that name. Raises NotFound, which lists the categories there are."""
        for each in self.categories:
            if each.id == category_id:
                return each
        known = "、".join(f"{each.id}（{each.name}）" for each in self.categories)
        raise NotFound(
            "category_not_found",
            f"{self.id} 没有类别 {category_id}；可选：{known}",
            field="category",
            categories=[each.id for each in self.categories],
        )

    def deadline(self, deadline_id: str = "filing") -> Deadline | None:
        """The deadline of that name; None where the notice has none."""
        return next((each for each in self.deadlines if each.id == deadline_id), None)

    def stages_for(self, category_id: str) -> tuple[Stage, ...]:
        """The stages that a category goes through, in order."""
        return tuple(
            each for each in self.stages if not each.categories or category_id in each.categories
        )

    def quotas_for(self, category_id: str) -> tuple[Quota, ...]:
        """The quotas that a category counts against."""
        return tuple(each for each in self.quotas if category_id in each.categories)

    @property
    def layout(self) -> Layout | None:
        """How the first form is printed, or None."""
        return self.forms[0].layout if self.forms else None

    def evaluate(
        self, category_id: str, dossier: Mapping[str, Any], on: date
    ) -> tuple[Verdict, ...]:
        """One verdict per condition of the category. Raises NotFound, or Invalid for a bad dossier."""
        from domain.policy.evaluate import evaluate

        return evaluate(self.category(category_id), dossier, on)

    def as_dict(self) -> dict[str, Any]:
        """The policy as plain JSON values, digest and warnings included."""
        return {**keys_of(self), "digest": self.digest, "warnings": plain(self.warnings)}


def _about_leader(condition: Condition) -> bool:
    """Whether it speaks of the leader alone; a composed one does by what its parts read."""
    rule = condition.rule
    if rule.ABOUT == "leader":
        return True
    paths = (*rule.reads(condition.id), *rule.form_paths())
    heads = {path.split(".")[0] for path in paths}
    return not rule.NEEDS_FORM and "leader" in heads and heads <= {"leader", "statements"}
