"""Desk: applying for a call, amending, withdrawing; every dossier is judged clause by clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.desks.desk import Desk, policy_ref, refuse_reserved, require
from domain.desks.held import with_own_namings
from domain.errors import Forbidden, Invalid, Refused
from domain.model.call import Call
from domain.model.organisation import Kind, Organisation
from domain.model.studio import Studio
from domain.policy.dossier import shape, waivable
from domain.policy.policy import Policy
from domain.values import Evidence, Mandate, Role

AFTER_REVIEW = ("publicity", "naming")
"""Stages that are not reviews of one application."""

OF_STUDIO = {"studio": ("name", "founded_on"), "leader": ("name",)}
"""What a new studio is registered from, whether or not a condition reads it."""


class IntakeDesk(Desk):
    """The unit union's desk. A `reason` answers a quota in principle, counted for each unit."""

    def register_studio(
        self,
        mandate: Mandate,
        *,
        unit: UUID,
        name: str,
        leader: Mapping[str, Any],
        founded_on: date | None,
        predecessors: Sequence[Mapping[str, Any]] = (),
    ) -> UUID:
        """Enter a studio of a unit into the register, before any application."""
        place = self.register.get(Organisation, unit, mandate)
        require(mandate, (Role.UNIT_UNION, Role.CITY_OFFICER), place.lineage)
        self._check_predecessors(mandate, place, predecessors)
        studio = self._studio(mandate, place, name, leader, founded_on, predecessors)
        self.register.save(studio)
        return studio.id

    def apply(
        self,
        mandate: Mandate,
        *,
        call: UUID,
        category: str,
        dossier: Mapping[str, Any],
        evidence: Sequence[Evidence] = (),
        studio: UUID | None = None,
        unit: UUID | None = None,
        reason: str | None = None,
    ) -> tuple[UUID, UUID]:
        """File an application; the ids are the studio's, a new one if none is given, and its own."""
        found = self.register.get(Call, call, mandate)
        pack = self.policy(found.policy.id)
        applicant = self._applicant(mandate, found, studio, unit, dossier)
        _require_founded(applicant, dossier)
        application = self.register.new_id()
        verdicts, sealed = self._judge(mandate, pack, category, dossier, applicant)
        applicant.apply(
            application,
            call=call,
            category=category,
            **_terms(pack, found, category),
            dossier=sealed,
            verdicts=verdicts,
            evidence=list(evidence),
            reason=reason,
        )
        found.enter(
            application=application,
            studio=applicant.id,
            category=category,
            unit=applicant.unit,
            recommender=self._recommender(mandate, applicant),
            reason=reason,
        )
        self.register.save(applicant, found)
        return applicant.id, application

    def _applicant(
        self,
        mandate: Mandate,
        call: Call,
        studio: UUID | None,
        unit: UUID | None,
        dossier: Mapping[str, Any],
    ) -> Studio:
        """The studio that applies, a new one where none is given, within the call's federation."""
        found = (
            self.register.get(Studio, studio, mandate)
            if studio is not None
            else self._new_studio(mandate, unit, dossier)
        )
        require(mandate, Role.UNIT_UNION, found.lineage)
        if call.federation not in found.lineage:
            raise Forbidden("outside_federation", "所在单位不属于发起本批次的总工会", field="call")
        return found

    def amend(
        self,
        mandate: Mandate,
        studio: UUID,
        application: UUID,
        *,
        dossier: Mapping[str, Any],
        evidence: Sequence[Evidence] = (),
    ) -> None:
        """Replace the dossier while it may still be changed; it is judged anew."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.UNIT_UNION, found.lineage)
        current = found.application(application)
        if current.status != "returned":
            self.register.get(Call, current.call, mandate).require_open()
        _require_founded(found, dossier)
        pack = self.policy(current.policy.id)
        verdicts, sealed = self._judge(mandate, pack, current.category, dossier, found)
        found.amend(application, dossier=sealed, verdicts=verdicts, evidence=list(evidence))
        self.register.save(found)

    def withdraw(self, mandate: Mandate, studio: UUID, application: UUID, reason: str) -> None:
        """Take an application back; its place in the quota is free again."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.UNIT_UNION, found.lineage)
        found.withdraw(application, reason)
        call = self.register.get(Call, found.application(application).call, mandate)
        call.leave(application, "withdrawn")
        self.register.save(found, call)

    def _check_predecessors(
        self, mandate: Mandate, unit: Organisation, predecessors: Sequence[Mapping[str, Any]]
    ) -> None:
        """Links lead to studios that exist, and only the city decides what is inherited."""
        for predecessor in predecessors:
            if set(predecessor) != {"studio", "inherits", "decision"}:
                raise Invalid("predecessor_malformed", "前身须含 studio、inherits、decision")
            if predecessor["inherits"]:
                require(mandate, Role.CITY_OFFICER, unit.lineage)
        self.register.get_many(Studio, [each["studio"] for each in predecessors], mandate)

    def _new_studio(
        self, mandate: Mandate, unit: UUID | None, dossier: Mapping[str, Any]
    ) -> Studio:
        if unit is None:
            raise Invalid("unit_missing", "新申报须指明所在单位", field="unit")
        place = self.register.get(Organisation, unit, mandate)
        about, leader = dossier.get("studio"), dossier.get("leader")
        if not isinstance(about, Mapping) or not isinstance(leader, Mapping):
            raise Invalid("dossier_incomplete", "申报材料须含工作室和领衔人情况", field="dossier")
        founded_on = _founded(about)
        named = {key: value for key, value in leader.items() if not isinstance(value, (list, dict))}
        return self._studio(mandate, place, about.get("name"), named, founded_on, ())

    def _studio(
        self,
        mandate: Mandate,
        unit: Organisation,
        name: Any,
        leader: Mapping[str, Any],
        founded_on: date | None,
        predecessors: Sequence[Mapping[str, Any]],
    ) -> Studio:
        if not isinstance(name, str) or not name.strip():
            raise Invalid("name_missing", "工作室名称不能为空", field="name")
        if unit.kind != Kind.UNIT or unit.closed:
            raise Invalid("not_a_unit", "工作室须属于一个在册的基层单位", field="unit")
        refuse_reserved(leader)
        return Studio.register(
            mandate,
            self.register.new_id(),
            name=name.strip(),
            lineage=unit.lineage,
            leader=self.person(self.register.new_id(), leader),
            founded_on=founded_on,
            predecessors=[dict(predecessor) for predecessor in predecessors],
        )

    def _judge(
        self,
        mandate: Mandate,
        pack: Policy,
        category: str,
        dossier: Mapping[str, Any],
        studio: Studio,
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The verdicts on a dossier, clause by clause, and the dossier as it may be kept."""
        refuse_reserved(dossier)
        if dossier.get("overrides"):
            raise Invalid(
                "override_by_applicant",
                "破例须由审核单位批准，不能由申报单位填写",
                field="overrides",
            )
        readable = shape(pack.category(category)).of
        known = _readable(dossier, readable)
        if "namings" in readable:
            known = with_own_namings(self.register, self.policy, known, studio)
        verdicts = []
        for verdict in pack.evaluate(category, known, mandate.on):
            condition = pack.category(category).condition(verdict.condition)
            verdicts.append({**verdict.as_dict(), "waivable": bool(waivable(condition))})
        personal = pack.category(category).personal_fields
        return verdicts, self.sealed_dossier(dossier, studio.leader.id, personal)

    def _recommender(self, mandate: Mandate, studio: Studio) -> UUID:
        """The nearest recommending union above the unit; for directly attached units the federation."""
        places = self.register.get_many(Organisation, studio.lineage, mandate)
        for place in places.values():
            if place.kind == Kind.RECOMMENDING_UNION:
                return place.id
        return places[studio.unit].federation


def _founded(about: Mapping[str, Any]) -> date | None:
    founded = about.get("founded_on")
    try:
        return date.fromisoformat(founded) if founded else None
    except (TypeError, ValueError):
        raise Invalid(
            "date_invalid", "创建日期须为 YYYY-MM-DD", field="dossier.studio.founded_on"
        ) from None


def _require_founded(studio: Studio, dossier: Mapping[str, Any]) -> None:
    """Refuse a dossier that tells another founding day than the register has, if it has one."""
    about = dossier.get("studio")
    told = _founded(about) if isinstance(about, Mapping) else None
    if told is not None and studio.founded_on is not None and told != studio.founded_on:
        raise Refused(
            "founding_differs",
            f"材料填写的创建日期 {told} 与登记的 {studio.founded_on} 不一致，"
            "请改正，或请市总工会凭证明更正登记",
            field="dossier.studio.founded_on",
            registered=studio.founded_on.isoformat(),
        )


def _readable(dossier: Mapping[str, Any], shapes: Mapping[str, Any]) -> dict[str, Any]:
    """The dossier without what only registers the studio and no condition of its category reads."""
    known = dict(dossier)
    for group, names in OF_STUDIO.items():
        part = dossier.get(group)
        if isinstance(part, Mapping):
            read = getattr(shapes.get(group), "of", {})
            kept = {key: value for key, value in part.items() if key in read or key not in names}
            known[group] = kept
            if not kept and group not in shapes:
                del known[group]
    return known


def _terms(pack: Policy, call: Call, category: str) -> dict[str, Any]:
    """What the policy and its call lay down for an application in a category."""
    stages = [
        stage["id"]
        for stage in call.stages
        if stage["id"] not in AFTER_REVIEW
        and (not stage["categories"] or category in stage["categories"])
    ]
    return {
        "level": pack.level,
        "policy": policy_ref(pack),
        "stages": stages,
        "publicity": pack.publicity is not None,
        "cooling_off_years": pack.assessment.cooling_off_years if pack.assessment else 0,
    }
