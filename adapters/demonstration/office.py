"""A federation's own office: people who leave, units that change, audits, somebody who is forgotten."""

from __future__ import annotations

from datetime import date

from adapters.demonstration.cast import City
from adapters.demonstration.clock import shanghai
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Story
from domain.model.studio import Studio
from domain.values import Role


def clerk(city: City, arrives: date, leaves: date) -> Story:
    """An officer on loan: an account is opened, later loses its role and is closed."""
    stage, directory = city.stage, city.stage.register.directory
    yield shanghai(arrives, 9, 20)
    player = city.account("loan", city.id, Role.CITY_OFFICER)
    yield shanghai(leaves, 16, 30)
    directory.revoke_role(stage.by(city.admin), player.account, player.role, city.id)
    directory.disable_account(stage.by(city.admin), player.account, "借调期满，返回原单位")


def renamed(season: Season, on: date) -> Story:
    """A unit takes another name; its place in the tree and its studio stay."""
    stage, city = season.stage, season.city
    yield shanghai(on, 10, 40)
    unit = season.fated("named")[2].place
    name = unit.words.name.replace("有限公司", "股份有限公司")
    if name != unit.words.name:
        stage.register.directory.rename_organisation(stage.by(city.admin), unit.id, name)
        stage.note("所在单位更名", season.fated("named")[2].ids[0])


def dissolved(season: Season, candidate: Candidate) -> None:
    """A unit is gone: its place is closed and its account too."""
    stage, city, unit = season.stage, season.city, candidate.place
    directory = stage.register.directory
    directory.disable_account(stage.by(city.admin), unit.player.account, "所在单位注销")
    directory.close_organisation(stage.by(city.admin), unit.id, "所在单位注销")


def forgotten(season: Season, on: date) -> Story:
    """A member asks for erasure: the key is destroyed, the log stays as it is."""
    stage, city = season.stage, season.city
    yield shanghai(on, 14, 10)
    for candidate in season.fated("named"):
        found: Studio = stage.register.repository.get(candidate.ids[0])
        known = [member for member in found.members.values() if member.sealed]
        if known:
            stage.register.privacy.erase(
                stage.by(city.admin), known[0].id, reason="本人申请删除个人信息", kept=[]
            )
            stage.note("个人信息删除", candidate.ids[0])
            return


def audited(season: Season, on: date) -> Story:
    """The auditor takes the ledger along and looks at one payee's account, both on the record."""
    stage, city = season.stage, season.city
    yield shanghai(on, 9, 50)
    privacy, auditor = stage.register.privacy, city.auditor
    privacy.note_export(stage.by(auditor), what="ledger", filters=f"{on.year - 1} 年度")
    candidate = season.fated("named")[0]
    for event in stage.register.events.get(candidate.ids[0]):
        if getattr(event, "TOPIC", "") == "studio.subsidy_granted":
            privacy.reveal(
                stage.by(auditor),
                candidate.ids[0],
                [vars(event)["payee"].account_number],
                reason="经费审查：核对收款账户与银行回单",
            )
            stage.note("经审查阅", candidate.ids[0])
