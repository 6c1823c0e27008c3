"""Who read personal data and who took files away, and whose data was erased."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.model.access import AccessDay, access_id
from domain.model.subject import Subject
from domain.values import Actor, Mandate, Role
from tests.domain.given import given
from tests.domain.persons import at, by, uid


def today() -> AccessDay:
    return AccessDay.open(by("auditor", "2022-09-01"))


def unseals(reason: str = "核对收款账号") -> Any:
    return lambda a: a.unseal(
        record=uid("studio"), subjects=[uid("unit")], fields=["account_number"], reason=reason
    )


def test_accesses_are_kept_by_reader_and_day() -> None:
    record = given(today()).record
    assert record.id == access_id(str(uid("auditor")), date(2022, 9, 1))


def test_what_an_operator_reads_at_the_machine_is_kept_under_the_rule() -> None:
    mandate = Mandate(Actor(None, None, "operator"), Role.RULE, at("2022-09-01"), "r")
    assert AccessDay.open(mandate).reader == "operator"


def test_reading_personal_data_is_recorded_with_its_reason() -> None:
    given(today()).when(unseals(" 核对收款账号 ")).then(
        ("access.unsealed", {"subjects": [uid("unit")], "reason": "核对收款账号"})
    )


def test_reading_personal_data_without_a_reason_is_refused() -> None:
    given(today()).when(unseals(" ")).refused("reason_missing")


def test_taking_an_export_away_is_recorded() -> None:
    given(today()).when(lambda a: a.export(what="studios", filters="", as_of=7)).then(
        ("access.exported", {"what": "studios", "as_of": 7})
    )


def test_an_erasure_says_why_and_what_the_law_keeps() -> None:
    kept = [{"record": uid("studio"), "why": "个人信息保护法第四十七条"}]
    record = given(
        Subject.erase(by("admin", "2022-09-01"), uid("person"), reason="本人申请", kept=kept)
    ).record
    assert (record.reason, record.kept) == ("本人申请", kept)
