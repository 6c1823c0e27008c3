"""Desk: posting a public notice, its working-day clock, objections, outages and its end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from domain.desks.clocks import first_clock, longer_clock, recomputed_clock
from domain.desks.desk import Desk, by_rule, refuse_reserved, require
from domain.errors import Invalid
from domain.model.call import Call
from domain.model.notice import Clock, Notice
from domain.model.organisation import Organisation
from domain.model.studio import Studio
from domain.values import Mandate, Person, Role


class PublicityDesk(Desk):
    """A notice shows studio, unit, recommending union and category, and never personal data."""

    def post(
        self,
        mandate: Mandate,
        *,
        call: UUID,
        applications: list[UUID],
        media: str,
        starts_on: date | None = None,
        provisional: bool = False,
    ) -> UUID:
        """Post approved applications of a call for as long as the policy says.

        Where the last day falls into a year whose holidays are not published, it is refused, unless
        the officer asks for a provisional clock, which is computed once they are.
        """
        found = self.register.get(Call, call, mandate)
        require(mandate, Role.CITY_OFFICER, [found.federation])
        wanted = {application: found.entry(application) for application in applications}
        studios = self.register.get_many(Studio, [e.studio for e in wanted.values()], mandate)
        clock = self._clock(found, starts_on or mandate.on, provisional=provisional)
        entries = [
            self._entry(mandate, found, studios[entry.studio], application)
            for application, entry in wanted.items()
        ]
        id = self.register.new_id()
        notice = Notice.post(
            mandate,
            id,
            call=call,
            entries=entries,
            clock=clock,
            media=media,
            content=content_hash(entries, clock),
        )
        for application, entry in wanted.items():
            studios[entry.studio].publicize(application, notice=id, clock=clock)
        self.register.save(notice, *studios.values())
        return id

    def object(
        self,
        mandate: Mandate,
        notice: UUID,
        *,
        text: str,
        studio: UUID | None = None,
        objector: Mapping[str, Any] | None = None,
        received_at: datetime | None = None,
    ) -> tuple[UUID, str]:
        """Take in an objection, and return its id and kind: objection, lead or complaint.

        Anyone may object. Only an officer may enter one that was received earlier, such as a letter.
        """
        found = self.register.get(Notice, notice, mandate)
        if received_at is not None:
            require(mandate, Role.CITY_OFFICER, [self._call(mandate, found).federation])
        if not text.strip():
            raise Invalid("text_missing", "异议内容不能为空", field="text")
        if objector is not None:
            refuse_reserved(objector)
        id = self.register.new_id()
        kind = found.object(
            id,
            studio=studio,
            text=text.strip(),
            objector=self._objector(objector) if objector else None,
            received_at=received_at or mandate.at,
        )
        studios = self._concerned(mandate, found, studio)
        for each in studios:
            each.note_objection(_application(found, each.id), objection=id, kind=kind)
        self.register.save(found, *studios)
        return id, kind

    def _objector(self, data: Mapping[str, Any]) -> Person:
        """Who objected is known to the log only under seal, the name included."""
        person = self.person(self.register.new_id(), data)
        name = self.register.sealing.seal(person.id, "name", person.name)
        return Person(person.id, "", {}, (name, *person.sealed))

    def adopt(self, mandate: Mandate, notice: UUID, objection: UUID, reason: str) -> None:
        """Adopt an anonymous lead as an objection that blocks."""
        found = self._of_federation(mandate, notice)
        found.adopt(objection, reason)
        studios = self._concerned(mandate, found, found.objections[objection].studio)
        for each in studios:
            application = _application(found, each.id)
            each.note_objection(application, objection=objection, kind="objection")
        self.register.save(found, *studios)

    def close_objection(
        self, mandate: Mandate, notice: UUID, objection: UUID, *, finding: str, upheld: bool
    ) -> None:
        """Close an objection with a finding; upheld, its studio is dropped and the others go on."""
        found = self._of_federation(mandate, notice)
        if not finding.strip():
            raise Invalid("finding_missing", "须填写核查结论", field="finding")
        found.close(objection, finding=finding, upheld=upheld)
        studios = self._concerned(mandate, found, found.objections[objection].studio, objection)
        saved: list[Any] = [found, *studios]
        for each in studios:
            application = each.application(_application(found, each.id))
            if upheld and application.open:
                call = self._call(mandate, found)
                call.leave(application.id, "objection_upheld")
                saved.append(call)
            each.note_finding(application.id, objection=objection, finding=finding, upheld=upheld)
        self.register.save(*saved)

    def extend(self, mandate: Mandate, notice: UUID, *, days: int, reason: str) -> None:
        """Record that the notice was down for some days; the period grows by as many.

        Noticed only after the last day, the missing days are shown from now on.
        """
        found = self._of_federation(mandate, notice)
        if days < 1:
            raise Invalid("days_not_positive", "中断天数须为正整数", field="days")
        until = self._objections_until(self._call(mandate, found))
        clock = longer_clock(found.clock, days, mandate.on, until, self.register.calendar)
        found.extend(clock, reason)
        self._publicize_again(mandate, found, clock)

    def restart(
        self,
        mandate: Mandate,
        notice: UUID,
        *,
        reason: str,
        without: list[UUID] | None = None,
        starts_on: date | None = None,
    ) -> None:
        """Start the period anew after a material change, with some studios' lines taken out."""
        found = self._of_federation(mandate, notice)
        call = self._call(mandate, found)
        gone = set(without or [])
        kept = [e["studio"] for e in found.entries if e["studio"] in set(found.studios) - gone]
        studios = self.register.get_many(Studio, kept, mandate)
        clock = self._clock(call, starts_on or mandate.on)
        entries = [
            self._entry(mandate, call, studio, _application(found, studio.id))
            for studio in self._still_on(found, studios)
        ]
        removed = self.register.get_many(Studio, sorted(gone & set(found.studios)), mandate)
        found.restart(clock, entries, content_hash(entries, clock), reason)
        for studio in self._still_on(found, removed):
            studio.unlist(_application(found, studio.id), reason=reason)
        self._publicize_again(mandate, found, clock, *removed.values())

    def drop(self, mandate: Mandate, notice: UUID, *, studio: UUID, reason: str) -> None:
        """Take a studio off a running notice, because it withdraws or ends; the others go on."""
        found = self._of_federation(mandate, notice)
        gone = self.register.get(Studio, studio, mandate)
        found.drop(studio, reason)
        gone.unlist(_application(found, studio), reason=reason)
        self.register.save(found, gone)

    def complete(self, mandate: Mandate, notice: UUID) -> None:
        """End a notice whose last day is over and whose objections are closed."""
        found = self._of_federation(mandate, notice)
        self.register.save(found, *self.completed(mandate, found).values())

    def complete_due(self, mandate: Mandate, notice: UUID) -> None:
        """By rule: end a notice whose last day is over and that no objection holds."""
        by_rule(mandate)
        found = self.register.get(Notice, notice, mandate)
        self.register.save(found, *self.completed(mandate, found).values())

    def completed(self, mandate: Mandate, notice: Notice) -> dict[UUID, Studio]:
        """Complete a notice and its studios, unsaved, for the caller's own commit."""
        notice.complete()
        studios = self.register.get_many(Studio, notice.studios, mandate)
        for studio in self._still_on(notice, studios):
            studio.complete_publicity(_application(notice, studio.id))
        return studios

    def _still_on(self, notice: Notice, studios: Mapping[UUID, Studio]) -> list[Studio]:
        """Those whose application did not end meanwhile, by an objection to an earlier notice."""
        return [
            studio
            for studio in studios.values()
            if studio.application(_application(notice, studio.id)).open
        ]

    def _publicize_again(
        self, mandate: Mandate, notice: Notice, clock: Clock, *others: Studio
    ) -> None:
        studios = self.register.get_many(Studio, notice.studios, mandate)
        for studio in self._still_on(notice, studios):
            studio.publicize(_application(notice, studio.id), notice=notice.id, clock=clock)
        self.register.save(notice, *studios.values(), *others)

    def recompute(self, mandate: Mandate, notice: UUID) -> bool:
        """By rule: compute the last day anew from the calendar as it is now; whether it changed."""
        by_rule(mandate)
        found = self.register.get(Notice, notice, mandate)
        until = self._objections_until(self._call(mandate, found))
        clock = recomputed_clock(found, until, self.register.calendar)
        if clock is None or found.completed:
            return False
        found.recompute(clock, because=clock.calendar)
        self._publicize_again(mandate, found, clock)
        return True

    def _objections_until(self, call: Call) -> time | None:
        publicity = self.policy(call.policy.id).publicity
        return publicity.objections_until if publicity else None

    def _clock(self, call: Call, starts_on: date, *, provisional: bool = False) -> Clock:
        publicity = self.policy(call.policy.id).publicity
        return first_clock(publicity, starts_on, self.register.calendar, provisional=provisional)

    def _entry(
        self, mandate: Mandate, call: Call, studio: Studio, application: UUID
    ) -> dict[str, Any]:
        entry = call.entry(application)
        places = self.register.get_many(Organisation, [studio.unit, entry.recommender], mandate)
        return {
            "studio": studio.id,
            "application": application,
            "name": studio.name,
            "unit": places[studio.unit].name,
            "recommender": places[entry.recommender].name,
            "category": call.categories[entry.category],
        }

    def _concerned(
        self,
        mandate: Mandate,
        notice: Notice,
        studio: UUID | None,
        objection: UUID | None = None,
    ) -> list[Studio]:
        """The studio that an objection is against; for one against the whole list, all on it,
        and those that left it with the objection still open.
        """
        if studio is not None:
            return [self.register.get(Studio, studio, mandate)]
        studios = self.register.get_many(Studio, notice.applications, mandate)
        return [
            each
            for each in studios.values()
            if each.id in notice.studios
            or objection in each.application(_application(notice, each.id)).objections
        ]

    def _call(self, mandate: Mandate, notice: Notice) -> Call:
        return self.register.get(Call, notice.call, mandate)

    def _of_federation(self, mandate: Mandate, notice: UUID) -> Notice:
        found = self.register.get(Notice, notice, mandate)
        require(mandate, Role.CITY_OFFICER, [self._call(mandate, found).federation])
        return found


def _application(notice: Notice, studio: UUID) -> UUID:
    return notice.applications[studio]


def content_hash(entries: list[dict[str, Any]], clock: Clock) -> str:
    """SHA-256 (hex) of what the notice shows: its lines and its days, as canonical JSON."""
    shown = {
        "entries": [
            {key: e[key] for key in ("name", "unit", "recommender", "category")} for e in entries
        ],
        "starts_on": clock.starts_on.isoformat(),
        "ends_on": clock.ends_on.isoformat(),
    }
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
