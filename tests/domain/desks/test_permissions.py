"""Who may do what: roles on the tree, different people, and recusal."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.errors import DomainError, Forbidden, NotFound, Stale
from domain.model.account import account_id
from domain.model.organisation import Kind
from domain.model.studio import Studio
from domain.values import Role
from tests.domain.desks.refusals import refused
from tests.domain.persons import uid
from tests.domain.rules import dossier
from tests.domain.world import JUDGED, World


@pytest.mark.parametrize("who", ["甲区", "厂一", "auditor", "admin"])
def test_only_a_city_officer_opens_a_call(world: World, who: str) -> None:
    refused(
        world,
        "role_required",
        lambda: world.register.calls.open(
            world.by(who), policy="full", title="x", federation=world.places["city"]
        ),
    )


def test_a_call_is_not_opened_for_a_union(world: World) -> None:
    refused(
        world,
        "not_a_federation",
        lambda: world.register.calls.open(
            world.by("officer"), policy="full", title="x", federation=world.places["甲区"]
        ),
    )


def test_a_unit_applies_for_itself_only(world: World) -> None:
    call = world.opens()
    refused(
        world,
        "outside_scope",
        lambda: world.register.intake.apply(
            world.by("厂二"),
            call=call,
            category="model_worker",
            dossier={"studio": {"name": "x创新工作室"}, "leader": {"name": "x"}},
            unit=world.places["厂一"],
        ),
    )


def test_a_unit_of_another_city_does_not_apply(world: World) -> None:
    call = world.opens()
    directory = world.register.directory
    world.places["他市"] = directory.found(world.setup, name="他市总工会", code="x")
    world.places["他厂"] = directory.register_organisation(
        world.setup, name="他厂", kind=Kind.UNIT, parent=world.places["他市"], code="y"
    )
    account = directory.open_account(
        world.setup, username="他厂", name="x", home=world.places["他厂"]
    )
    directory.grant_role(world.setup, account, Role.UNIT_UNION, world.places["他厂"])
    world.people["他厂"] = type(world.people["厂一"])(
        account, Role.UNIT_UNION, world.places["他厂"]
    )
    refused(world, "outside_federation", lambda: world.applies(call, "他厂"))


def test_a_union_reviews_only_what_stands_below_it(world: World) -> None:
    filed = world.applies(world.opens())
    world.reviews(filed, "unit", "厂一")
    refused(world, "outside_scope", lambda: world.reviews(filed, "first", "乙区"))
    refused(world, "role_required", lambda: world.reviews(filed, "first", "officer"))


def test_a_unit_directly_below_the_city_is_first_reviewed_by_the_city(world: World) -> None:
    filed = world.applies(world.opens("rolling"), "直属")
    world.reviews(filed, "unit", "直属")
    world.reviews(filed, "first", "officer", judgements=JUDGED)
    assert list(world.get(Studio, filed.studio).application(filed.application).passed) == [
        "unit",
        "first",
    ]


def test_a_role_that_is_not_held_gives_no_mandate(world: World) -> None:
    officer = world.people["officer"].account
    for role, place in [(Role.AUDITOR, "city"), (Role.CITY_OFFICER, "甲区")]:
        with pytest.raises(Forbidden) as refusal:
            world.register.directory.mandate(
                officer, role=role, organisation=world.places[place], at=world.now, request_id="r"
            )
        assert refusal.value.code == "role_not_held"


def test_a_disabled_account_acts_no_more_and_again_when_it_is_enabled(world: World) -> None:
    directory, payer = world.register.directory, world.people["payer"].account
    directory.disable_account(world.by("admin"), payer, "离职")
    with pytest.raises(Forbidden) as refusal:
        world.by("payer")
    assert refusal.value.code == "account_disabled"
    directory.enable_account(world.by("admin"), payer)
    assert world.by("payer").account == payer


def test_no_unit_makes_itself_the_city(world: World) -> None:
    directory, someone = world.register.directory, world.people["厂一"].account
    for role in (Role.CITY_OFFICER, Role.RECOMMENDING_UNION):
        refused(
            world,
            "role_not_for_kind",
            lambda role=role: directory.grant_role(
                world.by("unit admin"), someone, role, world.places["厂一"]
            ),
        )
    refused(
        world,
        "outside_scope",
        lambda: directory.grant_role(
            world.by("unit admin"), someone, Role.CITY_OFFICER, world.places["city"]
        ),
    )


def test_an_administrator_grants_and_revokes_roles_below(world: World) -> None:
    directory, account = world.register.directory, world.people["厂一"].account
    directory.grant_role(world.by("admin"), account, Role.UNIT_UNION, world.places["厂二"])
    directory.revoke_role(world.by("admin"), account, Role.UNIT_UNION, world.places["厂二"])
    assert world.topics()[-2:] == ["account.role_granted", "account.role_revoked"]


def test_a_user_name_is_taken_for_ever_whatever_its_case(world: World) -> None:
    refused(
        world,
        "username_taken",
        lambda: world.register.directory.open_account(
            world.by("admin"), username=" OFFICER", name="x", home=world.places["city"]
        ),
    )
    assert account_id("Officer ") == world.people["officer"].account


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (lambda d, w: d.found(w.by("admin"), name="x", code="x"), "setup_only"),
        (
            lambda d, w: d.register_organisation(
                w.by("admin"), name=" ", kind=Kind.UNIT, parent=w.places["甲区"], code="x"
            ),
            "name_missing",
        ),
        (
            lambda d, w: d.register_organisation(
                w.by("甲区"), name="x", kind=Kind.UNIT, parent=w.places["甲区"], code="x"
            ),
            "role_required",
        ),
        (
            lambda d, w: d.register_organisation(
                w.by("admin"), name="x", kind=Kind.UNIT, parent=uid("nowhere"), code="x"
            ),
            "organisation_unknown",
        ),
        (
            lambda d, w: d.open_account(
                w.by("admin"), username=" ", name="x", home=w.places["city"]
            ),
            "name_missing",
        ),
        (
            lambda d, w: d.rename_organisation(w.by("officer"), w.places["甲区"], "x"),
            "role_required",
        ),
        (
            lambda d, w: d.close_organisation(w.by("unit admin"), w.places["厂一"], "x"),
            "outside_scope",
        ),
    ],
)
def test_the_directory_refuses(world: World, command: Any, code: str) -> None:
    refused(world, code, lambda: command(world.register.directory, world))


def test_organisations_are_renamed_and_closed_by_the_administrator(world: World) -> None:
    directory = world.register.directory
    directory.rename_organisation(world.by("admin"), world.places["厂一"], "第一机床集团")
    directory.close_organisation(world.by("admin"), world.places["厂二"], "注销")
    call = world.opens()
    refused(world, "not_a_unit", lambda: world.applies(call, "厂二"))


def test_who_applied_or_amended_does_not_review_name_or_grant(world: World) -> None:
    directory = world.register.directory
    officer = world.people["officer"]
    directory.grant_role(world.by("admin"), officer.account, Role.UNIT_UNION, world.places["厂四"])
    world.people["both"] = type(officer)(officer.account, Role.UNIT_UNION, world.places["厂四"])
    call = world.opens("rolling")
    filed = world.applies(call, "厂四")
    world.register.intake.amend(
        world.by("both"),
        filed.studio,
        filed.application,
        dossier={"leader": {"name": "x"}, "studio": {"name": "x创新工作室"}, "team": {"size": 9}},
    )
    world.reviews(filed, "unit", "厂四")
    found = world.get(Studio, filed.studio).application(filed.application)
    assert found.submitters == {world.people["厂四"].account, officer.account}


def test_submitting_approving_and_paying_are_three_peoples_work(world: World) -> None:
    filed = world.named()
    fund = world.fund()
    grant = world.grants(filed, fund)
    for who in ("granter", "officer"):
        refused(world, "same_person", lambda who=who: world.pays(filed, grant, who=who))
    world.pays(filed, grant)


@pytest.mark.parametrize("who", ["tied", "from union"])
def test_a_tied_reviewer_is_refused_and_the_recusal_is_recorded(world: World, who: str) -> None:
    call = world.opens()
    filed = world.applies(call)
    world.recommends(filed)
    world.ranks(call, filed)
    before = world.length()
    attempts = [
        lambda: world.register.review.score(
            world.by(who),
            filed.studio,
            filed.application,
            stage="materials",
            points=90,
            opinion="好",
        ),
        lambda: world.reviews(filed, "materials", who),
    ]
    for attempt in attempts:
        with pytest.raises(DomainError) as refusal:
            attempt()
        assert refusal.value.code == "recused"
    assert world.topics(before + 1) == ["studio.reviewer_recused", "studio.reviewer_recused"]
    assert world.get(Studio, filed.studio).application(filed.application).scores == {}


def test_a_reviewer_of_the_union_who_comes_from_the_unit_is_recused_too(world: World) -> None:
    filed = world.applies(world.opens())
    world.reviews(filed, "unit", "厂一")
    before = world.length()
    with pytest.raises(DomainError) as refusal:
        world.reviews(filed, "first", "甲区亲属", judgements=JUDGED)
    assert refusal.value.code == "recused"
    assert world.topics(before + 1) == ["studio.reviewer_recused"]


def test_nobody_tied_to_a_candidate_takes_part_in_the_selection(world: World) -> None:
    call = world.opens()
    filed = world.candidates(call, "厂一", "厂二")
    before = world.length()
    with pytest.raises(DomainError) as refusal:
        world.selects(call, 1, filed[1], who="tied")
    assert refusal.value.code == "recused"
    assert world.topics(before + 1) == ["studio.reviewer_recused"]


def test_several_reviewers_score_each_once(world: World) -> None:
    call = world.opens()
    filed = world.applies(call)
    world.recommends(filed)
    for who, points in [("officer", 90), ("granter", 80)]:
        world.register.review.score(
            world.by(who),
            filed.studio,
            filed.application,
            stage="materials",
            points=points,
            opinion="",
        )
    found = world.get(Studio, filed.studio).application(filed.application)
    assert sorted(found.scores.values()) == [80, 90]


def test_a_union_returns_only_what_it_has_not_put_forward(world: World) -> None:
    filed = world.applies(world.opens())
    review = world.register.review
    review.give_back(world.by("甲区"), filed.studio, filed.application, reason="缺章")
    world.register.intake.amend(
        world.by("厂一"), filed.studio, filed.application, dossier=dossier("领衔人1", team=9)
    )
    world.recommends(filed)
    refused(
        world,
        "already_recommended",
        lambda: review.give_back(world.by("甲区"), filed.studio, filed.application, reason="x"),
    )
    review.give_back(world.by("officer"), filed.studio, filed.application, reason="补充")


def test_what_somebody_changed_meanwhile_is_refused_as_stale(world: World) -> None:
    filed = world.applies(world.opens())
    seen = world.get(Studio, filed.studio).version
    world.reviews(filed, "unit", "厂一")
    with pytest.raises(Stale):
        world.register.intake.withdraw(
            world.by("厂一", seen={filed.studio: seen}), filed.studio, filed.application, "x"
        )


def test_a_record_of_another_kind_is_not_found(world: World) -> None:
    with pytest.raises(NotFound) as refusal:
        world.get(Studio, world.places["city"])
    assert refusal.value.code == "studio_unknown"
    with pytest.raises(NotFound):
        world.register.get_many(Studio, [world.places["city"]], world.setup)
    with pytest.raises(NotFound):
        world.register.get_many(Studio, [uid("nothing")], world.setup)


def test_a_federations_administrator_erases_a_person_and_nobody_elses(world: World) -> None:
    privacy, somebody = world.register.privacy, uid("somebody")
    refused(
        world,
        "outside_scope",
        lambda: privacy.erase(world.by("unit admin"), somebody, reason="x", kept=[]),
    )
    refused(
        world,
        "role_required",
        lambda: privacy.erase(world.by("officer"), somebody, reason="x", kept=[]),
    )
    refused(
        world,
        "subject_unknown",
        lambda: privacy.erase(world.by("admin"), world.places["厂一"], reason="x", kept=[]),
    )
    privacy.erase(world.by("admin"), somebody, reason="本人申请", kept=[])
    before = world.length()
    privacy.erase(world.by("admin"), somebody, reason="本人申请", kept=[])
    assert (world.length(), world.topics()[-1]) == (before, "subject.erased")
    assert world.register.sealing.destroyed == {somebody}  # type: ignore[attr-defined] # the test's


def test_reading_sealed_data_is_recorded_before_it_is_shown(world: World) -> None:
    filed = world.applies(world.opens(), leader="张工")
    world.register.ledgers.join(
        world.by("厂一"),
        filed.studio,
        member={"name": "赵师傅", "phone": "139"},
        duty="攻关",
        frontline=True,
        on=world.now.date(),
    )
    [sealed] = world.events()[-1].member.sealed
    privacy = world.register.privacy
    stranger = world.register.sealing.seal(uid("x"), "phone", "138")
    refused(
        world,
        "sealed_unknown",
        lambda: privacy.reveal(
            world.by("auditor"), filed.studio, [sealed, stranger], reason="核对"
        ),
    )
    shown = privacy.reveal(world.by("auditor"), filed.studio, [sealed], reason="核对")
    assert (shown, world.topics()[-2:]) == (["139"], ["access.day_opened", "access.unsealed"])
    privacy.note_export(world.by("auditor"), what="studios")
    assert world.topics()[-1] == "access.exported"
    refused(
        world,
        "nothing_to_reveal",
        lambda: privacy.reveal(world.by("auditor"), filed.studio, [], reason="x"),
    )
    refused(
        world,
        "outside_scope",
        lambda: privacy.reveal(world.by("厂二"), filed.studio, [sealed], reason="x"),
    )


def test_who_objected_is_shown_to_the_citys_officers_for_a_reason(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    objects = world.register.publicity.object
    signed, _ = objects(
        world.by("厂四"),
        notice,
        text="材料有误",
        studio=filed[0].studio,
        objector={"name": "李某", "phone": "137"},
    )
    lead, _ = objects(world.by("厂四"), notice, text="听说有误", studio=filed[0].studio)

    def reveals(who: str, objection: UUID = signed, reason: str = "核查") -> dict[str, str | None]:
        return world.register.privacy.reveal_objector(
            world.by(who), notice, objection, reason=reason
        )

    for who in ("甲区", "厂一", "auditor", "admin"):
        refused(world, "role_required", lambda who=who: reveals(who))
    refused(world, "objector_unknown", lambda: reveals("officer", lead))
    refused(world, "reason_missing", lambda: reveals("officer", reason=" "))
    assert reveals("officer") == {"name": "李某", "phone": "137"}
    looked = world.events()[-1]
    assert (looked.TOPIC, looked.record, looked.fields, looked.reason) == (
        "access.unsealed",
        notice,
        ["name", "phone"],
        "核查",
    )


def test_only_the_city_inherits_years_for_a_new_studio(world: World) -> None:
    old = world.named()
    link = {"studio": old.studio, "inherits": True, "decision": "并〔2023〕1号"}

    def registers(who: str, predecessor: Any) -> Any:
        return world.register.intake.register_studio(
            world.by(who),
            unit=world.places["厂一"],
            name="新工作室",
            leader={"name": "李工"},
            founded_on=date(2020, 1, 1),
            predecessors=[predecessor],
        )

    refused(world, "role_required", lambda: registers("厂一", link))
    refused(world, "predecessor_malformed", lambda: registers("officer", {"studio": old.studio}))
    refused(
        world, "studio_unknown", lambda: registers("officer", {**link, "studio": uid("nothing")})
    )
    refused(world, "decision_missing", lambda: registers("officer", {**link, "decision": ""}))
    assert world.get(Studio, registers("officer", link)).predecessors == [link]
    assert world.get(Studio, registers("厂一", {**link, "inherits": False})).ended is None


def test_nobody_disables_their_own_account_or_takes_away_their_own_role(world: World) -> None:
    directory, admin = world.register.directory, world.by("admin")
    assert admin.account is not None
    assert admin.organisation is not None
    with pytest.raises(Forbidden) as disabling:
        directory.disable_account(admin, admin.account, "误操作")
    with pytest.raises(Forbidden) as revoking:
        directory.revoke_role(
            world.by("admin"), admin.account, Role.ADMINISTRATOR, admin.organisation
        )
    assert (disabling.value.code, revoking.value.code) == ("own_account", "own_account")
