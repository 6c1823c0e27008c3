"""What the views answer about the town's story, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from adapters.views.folds.dispatch import HANDLERS
from adapters.views.tables import VIEWS
from domain.errors import Invalid, NotFound, Stale
from domain.model.account import Account
from domain.model.call import Call
from domain.model.campaign import Campaign
from domain.model.fund import Fund
from domain.model.notice import Notice
from domain.model.organisation import Organisation
from domain.model.record import Record
from domain.model.studio import Studio
from domain.values import Actor, Mandate, Role
from tests.adapters.views.story import PERSONAL, Story

ONLY_IN_THE_TIMELINE = {
    "fund.bank_line_matched",
    "studio.reviewer_recused",
}
RECORDS: tuple[type[Record], ...] = (
    Account,
    Call,
    Campaign,
    Fund,
    Notice,
    Organisation,
    Studio,
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def story(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """The whole story, told once on each database; tests only look."""
    home: Path = tmp_path_factory.mktemp("town")
    if request.param == "sqlite":
        told = Story(home, f"sqlite:///{home / 'log.db'}").play()
        yield told
        told.house.close()
        return
    with request.getfixturevalue("postgres_server").database() as url:
        told = Story(home, url).play()
        yield told
        told.house.close()


def test_every_kind_of_event_is_folded_or_meant_for_the_timeline_only() -> None:
    topics = {
        vars(event)["TOPIC"]
        for record in RECORDS
        for event in vars(record).values()
        if isinstance(event, type) and issubclass(event, Record.Event) and "TOPIC" in vars(event)
    }
    unused = {topic for topic in topics if topic.endswith(".created")}
    assert len(topics) > 60
    assert topics - unused - set(HANDLERS) == ONLY_IN_THE_TIMELINE
    assert set(HANDLERS) <= topics


def test_no_personal_value_stands_in_any_table(story: Story) -> None:
    with story.house.engine.connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            table = sa.Table(name, sa.MetaData(), autoload_with=connection)
            for row in connection.execute(sa.select(table)):
                text = "".join(
                    value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    for value in row
                )
                assert [personal for personal in PERSONAL if personal in text] == []


def test_an_application_keeps_personal_values_as_tokens(story: Story) -> None:
    dossier = story.house.queries.application(story.filed[0][1])["dossier"]
    phone = dossier["form"]["leader"]["phone"]
    assert (sorted(phone), phone["field"]) == (["field", "subject", "token"], "phone")


def test_a_request_is_done_once(story: Story) -> None:
    before = story.house.queries.last()
    again = Mandate(Actor(None, None, "setup"), Role.RULE, story.now, "request-1")
    with pytest.raises(Stale):
        story.register.directory.found(again, name="重复", code="X")
    assert story.house.queries.last() == before
    assert story.house.queries.request("request-1") == {
        "first": 1,
        "last": 1,
        "request_id": "request-1",
    }
    assert story.house.queries.request("never") is None


def test_pages_follow_each_other_without_gap_or_repetition(story: Story) -> None:
    queries = story.house.queries
    for descending in (False, True):
        for sort in ("id", "named_on", "failing_run", "name"):
            asked: dict[str, Any] = {"sort": sort, "descending": descending}
            whole = [row["id"] for row in queries.listed("studios", **asked)["items"]]
            paged: list[str] = []
            page = queries.listed("studios", **asked, limit=1)
            while page["next"]:
                paged += [row["id"] for row in page["items"]]
                page = queries.listed("studios", **asked, limit=1, cursor=page["next"])
            assert paged + [row["id"] for row in page["items"]] == whole
            assert (len(whole), page["total"]) == (4, 4)


def test_a_cursor_of_another_question_is_refused(story: Story) -> None:
    queries = story.house.queries
    cursor = queries.listed("studios", limit=1)["next"]
    for wrong in (cursor[:-3], "", "x", cursor.upper()):
        if wrong:
            with pytest.raises(Invalid) as refused:
                queries.listed("studios", cursor=wrong)
            assert refused.value.code == "cursor_invalid"
    with pytest.raises(Invalid):
        queries.listed("studios", cursor=cursor, filters={"status": "named"})


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"name": "nothing"}, "list_unknown"),
        ({"name": "studios", "sort": "password"}, "sort_unknown"),
        ({"name": "studios", "filters": {"x": 1}}, "filter_unknown"),
        ({"name": "self_checks", "search": "x", "scope": None}, None),
        ({"name": "studios", "as_of": -1}, "as_of_out_of_range"),
    ],
)
def test_what_cannot_be_asked_is_said(
    story: Story, asked: dict[str, Any], code: str | None
) -> None:
    if code is None:
        assert story.house.queries.listed(**asked)["total"] == 0
        return
    with pytest.raises(Invalid) as refused:
        story.house.queries.listed(**asked)
    assert refused.value.code == code


def test_a_scope_holds_what_is_at_an_organisation_or_below(story: Story) -> None:
    queries = story.house.queries
    found = {
        scope: queries.listed("studios", scope=scope)["total"]
        for scope in (story.city, *story.unions, *story.units)
    }
    assert list(found.values()) == [4, 3, 1, 2, 1, 1]
    assert queries.listed("organisations", scope=story.unions[0])["total"] == 3
    with pytest.raises(NotFound):
        queries.listed("studios", scope=uuid4())


def test_text_is_found_in_names_of_studios_leaders_and_units(story: Story) -> None:
    queries = story.house.queries
    assert queries.listed("studios", search="长虹")["total"] == 1
    assert queries.listed("studios", search="钱二")["total"] == 1
    assert queries.listed("studios", search="第0厂")["total"] == 2
    assert queries.listed("grants", search="王1")["total"] == 1
    assert queries.listed("studios", search="100%_")["total"] == 0


def test_filters_take_values_lists_and_ranges(story: Story) -> None:
    def total(**filters: Any) -> Any:
        return story.house.queries.listed("studios", filters=filters)["total"]

    assert total(status="named") == 1
    assert total(status=["named", "closed"]) == 2
    assert total(named_on={"from": "2024-01-01"}) == 2
    assert total(named_on={"from": "2019-01-01", "to": "2019-12-31"}) == 1
    assert total(number=None) == 1
    assert story.house.queries.listed("checks", filters={"corrected": True})["total"] == 1


def test_a_studio_shows_its_present_names_and_version(story: Story) -> None:
    found = story.house.queries.studio(story.filed[0][0])
    shown = {name: found[name] for name in ("name", "leader", "status", "number", "failing_run")}
    assert shown == {
        "name": "长虹工作室",
        "leader": "钱二",
        "status": "named",
        "number": "2024-01",
        "failing_run": 1,
    }
    assert found["version"] == story.register.repository.get(story.filed[0][0]).version
    assert found["unit_name"] == "第0厂"


def test_the_run_of_failing_years_is_shown_until_it_is_broken(story: Story) -> None:
    queries = story.house.queries
    id = f"{story.filed[0][0]}/2024-01"
    runs = [each["failing_run"] for each in queries.versions("namings", id)]
    states = [each["status"] for each in queries.versions("namings", id)]
    assert [run for n, run in enumerate(runs) if n == 0 or run != runs[n - 1]] == [0, 1, 2, 3, 1]
    assert states[-1] == "active"
    assert "de_named" in states


def test_the_grid_gives_each_year_its_governing_result(story: Story) -> None:
    page = story.house.queries.grid(years=(2025, 2027), sort="number", scope=story.city)
    shown = {
        each["number"]: {year: cell["grade_name"] for year, cell in each["years"].items()}
        for each in page["items"]
    }
    assert shown["2024-01"] == {"2025": "不合格", "2026": "合格", "2027": "不合格"}
    assert shown["2024-02"] == {"2025": "合格", "2026": "未考核", "2027": "未考核"}


def test_a_call_tells_how_far_its_quotas_are_used(story: Story) -> None:
    queries = story.house.queries
    before = queries.call(
        story.call, as_of=queries.position_at(datetime(2024, 3, 1, 6, tzinfo=UTC))
    )
    uses = {use["organisation_name"]: use for use in before["quotas"][0]["uses"]}
    assert (uses["第1区总工会"]["count"], uses["第1区总工会"]["over"]) == (2, True)
    assert uses["第1区总工会"]["reasons"] == ["本区另有特别优秀者"]
    after = {each["recommender_name"]: each for each in queries.call(story.call)["progress"]}
    assert (after["第1区总工会"]["named"], after["第1区总工会"]["left"]) == (1, 2)


def test_an_application_tells_its_verdicts_as_people_judged_them(story: Story) -> None:
    found = story.house.queries.application(story.filed[2][1])
    verdicts = {each["condition"]: each for each in found["verdicts"]}
    assert (verdicts["outstanding"]["judged"], verdicts["members"]["waived"]) == ("pass", True)
    points = [step["facts"]["points"] for step in found["steps"] if "points" in step["facts"]]
    assert points == [80, 91]
    assert (found["score_count"], found["score_total"], found["barring"]) == (2, 171, 0)


def test_a_notice_tells_its_lines_objections_and_findings(story: Story) -> None:
    found = story.house.queries.notice(story.notice)
    assert [line["name"] for line in found["entries"]] == ["王0创新工作室", "王1创新工作室"]
    assert {each["text"]: each["finding"] for each in found["objections"]} == {
        "材料有误": "查无实据",
        "听说而已": "查无实据",
    }
    assert (found["status"], found["objections_open"]) == ("completed", 0)


def test_a_fund_balances_after_every_movement(story: Story) -> None:
    found = story.house.queries.fund(story.fund)
    for line in found["ledger"]:
        left = line["free"] + line["committed"] + line["paid"] - line["returned"]
        assert line["appropriated"] == left
    last = found["ledger"][-1]
    for name in ("appropriated", "free", "committed", "paid", "returned"):
        assert found[name] == last[name]
    assert found["balanced"]


def test_a_grant_is_traced_from_the_rule_to_its_use(story: Story) -> None:
    found = story.house.queries.trace(story.grant)
    steps = {step["step"]: step for step in found["steps"]}
    assert [name for name, step in steps.items() if not step["events"]] == []
    assert steps["meeting"]["events"][0]["facts"]["document"] == "办公会〔2024〕3号"
    assert steps["bank"]["details"][0]["bank_reference"] == "B1"
    assert steps["balance"]["details"]["balance"] == 1_000_000 - 300_000 - 50_000
    for step in steps.values():
        for event in step["events"]:
            assert event["position"] > 0
            assert event["by"]["account_name"] or event["by"]["rule"]
    assert json.loads(json.dumps(found)) == found


def test_changes_tell_old_and_new_with_who_and_why(story: Story) -> None:
    queries = story.house.queries
    found = queries.changes(0, views=["studios"])["items"]
    renamed = [each for each in found if each["topic"] == "studio.renamed"]
    assert [each["fields"] for each in renamed] == [{"name": ["王0创新工作室", "长虹工作室"]}]
    assert (renamed[0]["why"], renamed[0]["by"]["account_name"]) == ("更名", "经办人officer")


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_of_changes_hold_whole_commands(story: Story, limit: int) -> None:
    queries = story.house.queries
    whole = queries.changes(0, limit=10_000)["items"]
    paged: list[Any] = []
    start: int | None = 0
    while start is not None:
        page = queries.changes(start, limit=limit)
        paged += page["items"]
        start = page["next"]
    assert paged == whole
    told = {name for name, view in VIEWS.items() if not view.inner}
    assert {each["view"] for each in whole} == told
    ended = [each for each in whole if each["topic"] == "account.role_revoked"]
    assert ended[0]["fields"]["role"] == ["unit_union", None]


def test_the_timeline_tells_who_did_what(story: Story) -> None:
    queries = story.house.queries
    account, _, _ = story.accounts["cashier"]
    found = queries.timeline(account=account, newest_first=False)["items"]
    assert [each["topic"] for each in found][:2] == ["studio.subsidy_paid", "fund.paid"]
    assert found[0]["by"]["organisation_name"] == "试市总工会"
    rules = queries.timeline(record=story.filed[0][0], topics=["studio.de_named"])["items"]
    assert rules[0]["by"]["rule"] == "story-2024 五"


def test_the_timeline_is_paged(story: Story) -> None:
    queries = story.house.queries
    for newest_first in (True, False):
        found: list[int] = []
        after = None
        while True:
            page = queries.timeline(after=after, limit=50, newest_first=newest_first)
            found += [each["position"] for each in page["items"]]
            after = page["next"]
            if after is None:
                break
        expected = list(range(1, queries.last() + 1))
        assert found == (expected[::-1] if newest_first else expected)


def test_a_moment_has_a_position(story: Story) -> None:
    queries = story.house.queries
    assert queries.position_at(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert queries.position_at(story.now) == queries.last()
    assert queries.listed("studios", as_of=0)["items"] == []
