"""Notices: whom to name, objections, ends that are not known yet, and outages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from adapters.log.engine import writing
from adapters.outside import stamp
from adapters.schedule.tables import outages
from tests.adapters.matters.conftest import Town


@pytest.fixture
def posted(town: Town) -> Town:
    """Two studios on a notice from Friday 1 March to Friday 8 March 2024."""
    town.intake()
    a, b, _, _ = town.filed
    desk = town.register.publicity
    town.notice = town.did(
        desk.post, "officer", call=town.call, applications=[a[1], b[1]], media="官网"
    )
    return town


def out(town: Town, begins: datetime, **length: int) -> None:
    """The service was not there for a while."""
    row = {"begins": stamp(begins), "ends": stamp(begins + timedelta(**length))}
    with writing(town.house.engine) as connection:
        connection.execute(sa.insert(outages).values(**row))


def test_who_was_on_a_completed_notice_is_to_be_named(posted: Town) -> None:
    posted.to("2024-03-09")
    assert posted.due() == []
    posted.did(posted.register.publicity.complete, "officer", posted.notice)
    (found,) = posted.due("notice.to_name")
    assert (posted.told(found), found.since, found.facts["count"]) == (["city"], posted.now, 2)
    assert (found.due_on, found.link) == (date(2024, 4, 8), f"/notices/{posted.notice}")
    posted.to("2024-03-11")
    a, b, _, _ = posted.filed
    name = posted.register.naming.name_all
    decision = {"document": "试工发〔2024〕8号"}
    posted.did(name, "officer", posted.call, numbers={a[1]: "2024-01"}, **decision)
    assert posted.owed("notice.to_name", "count") == [("city", 1)]
    posted.did(name, "officer", posted.call, numbers={b[1]: "2024-02"}, **decision)
    assert posted.due("notice.to_name") == []


def test_an_objection_is_to_be_answered_in_ten_days(posted: Town) -> None:
    desk = posted.register.publicity
    who = {"name": "赵一"}
    first, _ = posted.did(desk.object, "unit2", posted.notice, text="有误", objector=who)
    (found,) = posted.due("notice.objection")
    assert (posted.told(found), found.since) == (["city"], posted.now)
    assert (found.subject, found.due_on) == (str(first), date(2024, 3, 11))
    posted.did(
        desk.close_objection, "officer", posted.notice, first, finding="查无实据", upheld=False
    )
    assert posted.due("notice.objection") == []


def test_a_lead_is_looked_at_too_and_a_complaint_that_came_late_is_not(posted: Town) -> None:
    desk = posted.register.publicity
    lead, _ = posted.did(desk.object, "unit2", posted.notice, text="听说而已")
    assert [each.subject for each in posted.due("notice.objection")] == [str(lead)]
    posted.did(desk.adopt, "officer", posted.notice, lead, "线索具体")
    assert [each.subject for each in posted.due("notice.objection")] == [str(lead)]
    posted.to("2024-03-20")
    _, kind = posted.did(desk.object, "unit2", posted.notice, text="迟了", objector={"name": "赵"})
    assert kind == "complaint"
    assert len(posted.due("notice.objection")) == 1


def test_a_letter_is_answered_from_the_day_it_came(posted: Town) -> None:
    received = posted.now
    posted.to("2024-03-05")
    posted.did(
        posted.register.publicity.object,
        "officer",
        posted.notice,
        text="来信",
        objector={"name": "赵一"},
        received_at=received,
    )
    (found,) = posted.due("notice.objection")
    assert (found.since, found.due_on) == (posted.now, date(2024, 3, 11))


def test_a_notice_whose_end_is_not_known_is_told_until_it_is(town: Town) -> None:
    town.intake()
    a, b, _, _ = town.filed
    town.to("2024-12-27")
    town.knows_up_to(2024)
    desk = town.register.publicity
    listed = {"call": town.call, "applications": [a[1], b[1]], "media": "官网"}
    town.notice = town.did(desk.post, "officer", **listed, provisional=True)
    (found,) = town.due("notice.provisional")
    assert (town.told(found), found.since, found.facts["year"]) == (["city"], town.now, 2025)
    town.knows_up_to(2025)
    town.did(desk.recompute, None, town.notice)
    assert town.due("notice.provisional") == []


def test_an_outage_of_an_hour_is_told_until_the_notice_is_made_longer(posted: Town) -> None:
    begins = posted.now + timedelta(days=1)
    out(posted, begins, hours=1)
    assert posted.due("notice.outage") == []
    posted.now = begins + timedelta(hours=1)
    (found,) = posted.due("notice.outage")
    assert (posted.told(found), found.since, found.due_on) == (["city"], posted.now, None)
    assert found.facts["begins"] < found.facts["ends"]
    posted.did(posted.register.publicity.extend, "officer", posted.notice, days=1, reason="中断")
    assert posted.due("notice.outage") == []


def test_an_outage_that_kept_nobody_from_reading_is_not_told(posted: Town) -> None:
    out(posted, posted.now - timedelta(days=3), hours=5)
    out(posted, posted.now + timedelta(hours=1), minutes=59)
    out(posted, posted.now + timedelta(days=11), hours=5)
    posted.tick(days=20)
    assert posted.due("notice.outage") == []


def test_an_outage_of_a_notice_that_is_over_is_not_told(posted: Town) -> None:
    out(posted, posted.now + timedelta(days=1), hours=5)
    posted.to("2024-03-11")
    assert len(posted.due("notice.outage")) == 1
    posted.did(posted.register.publicity.complete, "officer", posted.notice)
    assert posted.due("notice.outage") == []
