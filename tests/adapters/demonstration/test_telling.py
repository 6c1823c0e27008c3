"""The demonstration as a whole: the same on every run, in order, invented, and lawful."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters import bootstrap
from adapters.demonstration import demonstration_clock, demonstration_ids, fill
from adapters.demonstration.clock import ENDS
from adapters.settings import Settings
from domain.model.fund import Fund
from domain.model.studio import Studio
from tests.adapters.demonstration.conftest import Tale


def stored(home: Path) -> list[tuple[str, int, str, Any]]:
    house = bootstrap.build(Settings.at(home), clock=demonstration_clock())
    recorder = house.register.recorder
    rows = recorder.select_notifications(1, recorder.max_notification_id() or 0)
    house.close()
    return [
        (str(row.originator_id), row.originator_version, row.topic, masked(json.loads(row.state)))
        for row in rows
    ]


def masked(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("_type_") == "sealed":
            return {**value, "_data_": {**value["_data_"], "c": "sealed"}}
        return {key: masked(item) for key, item in value.items()}
    return [masked(item) for item in value] if isinstance(value, list) else value


def test_two_runs_write_the_same_events_apart_from_ciphertext(homes: tuple[Path, Path]) -> None:
    one, two = map(stored, homes)
    assert len(one) == len(two)
    assert [a for a, b in zip(one, two, strict=True) if a != b] == []


def test_both_runs_sum_up_alike(homes: tuple[Path, Path]) -> None:
    one, two = (home.with_suffix(".json").read_text("utf-8") for home in homes)
    assert one == two


def test_the_log_is_written_in_the_order_of_time_and_ends_today(tale: Tale) -> None:
    times = [event.timestamp for event in tale.events]
    assert times == sorted(times)
    assert times[0] >= datetime(2019, 4, 1, tzinfo=UTC)
    assert times[-1] <= ENDS


def test_it_is_as_large_as_a_real_register(tale: Tale) -> None:
    studios = tale.having("studio.registered")
    federations = [e for e in tale.having("organisation.registered") if e.kind == "federation"]
    assert tale.summary["events"] == len(tale.events)
    assert 8_000 < len(tale.events) < 15_000
    assert 280 < len(studios) < 340
    assert len(federations) == 6  # five cities, and the province above two of them


def test_every_person_phone_and_address_is_invented(tale: Tale) -> None:
    for event in tale.events:
        text = repr(vars(event))
        assert re.findall(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])", text) == []
        assert re.findall(r"[\w.]+@(?!example\.(?:cn|com)\b)[\w.]+", text) == []


def test_every_sealed_phone_and_address_is_invented_too(tale: Tale) -> None:
    wrong, erased = [], set()
    for event in tale.events:
        for sealed in sealed_in(vars(event)):
            plain = tale.house.sealing.reveal(sealed)
            if plain is None:
                erased.add(sealed.subject)
                continue
            fits = {"phone": r"100\d{8}", "email": r"p\d+@example\.cn"}.get(sealed.field, r".*")
            if not re.fullmatch(fits, plain):
                wrong.append((event.TOPIC, sealed.field, plain))
    assert wrong == []
    assert erased == {event.originator_id for event in tale.having("subject.erased")}


def sealed_in(value: Any) -> list[Any]:
    if hasattr(value, "token"):
        return [value]
    if isinstance(value, dict):
        return [found for item in value.values() for found in sealed_in(item)]
    if isinstance(value, list | tuple):
        return [found for item in value for found in sealed_in(item)]
    nested = [getattr(value, name) for name in ("sealed", "account_number") if hasattr(value, name)]
    return [found for item in nested for found in sealed_in(item)]


def test_money_is_conserved_in_every_fund(tale: Tale) -> None:
    funds = [fund(tale, event.originator_id) for event in tale.having("fund.established")]
    for each in funds:
        held = each.free.fen + each.committed.fen + each.paid.fen - each.returned.fen
        assert each.appropriated.fen == held
    paid = sum(event.amount.fen for event in tale.having("studio.subsidy_paid"))
    assert sum(each.paid.fen for each in funds) == paid


def fund(tale: Tale, id: Any) -> Fund:
    found: Fund = tale.house.register.repository.get(id)
    return found


def test_approval_notice_naming_and_payment_follow_each_other(tale: Tale) -> None:
    for event in tale.having("studio.registered"):
        studio: Studio = tale.house.register.repository.get(event.originator_id)
        for naming in studio.namings.values():
            if naming.application is None:
                continue
            found = studio.applications[naming.application]
            steps = [max(found.passed.values())]
            if found.clock is not None:
                steps += [found.clock.starts_on, found.clock.ends_on]
                assert found.clock.ends_on < naming.on
            steps.append(naming.on)
            grants = [grant for grant in studio.grants.values() if grant.number == naming.number]
            steps += sorted(p.on for grant in grants for p in grant.payments.values())
            assert steps == sorted(steps)


def test_who_submits_grants_and_pays_is_three_people(tale: Tale) -> None:
    granted = {event.grant: event.by.account for event in tale.having("studio.subsidy_granted")}
    submitters = {event.by.account for event in tale.having("studio.applied")}
    for event in tale.having("studio.subsidy_paid"):
        assert event.by.account != granted[event.grant]
        assert event.by.account not in submitters


def test_every_receipt_is_kept_and_intact(tale: Tale) -> None:
    files = tale.house.settings.evidence
    for event in tale.having("studio.subsidy_spent"):
        sha256 = event.receipt.sha256
        kept = files / sha256[:2] / sha256[2:]
        assert kept.stat().st_size == event.receipt.size


def test_the_progress_goes_forward_to_the_end(tale: Tale) -> None:
    shown = tale.summary["progress"]
    days = [done for done, _, _ in shown]
    assert days == sorted(days)
    assert shown[-1][0] == shown[-1][1]


def test_the_accounts_shown_can_be_used(tale: Tale) -> None:
    opened = {event.username for event in tale.having("account.opened")}
    assert set(tale.summary["accounts"]) - opened == set()


def test_a_house_with_another_clock_is_not_filled(tmp_path: Path) -> None:
    house = bootstrap.build(Settings.at(tmp_path))
    with pytest.raises(TypeError, match="demonstration_clock"):
        fill(house)
    house.close()


def test_a_house_that_is_not_empty_is_not_filled(tmp_path: Path) -> None:
    new_id = demonstration_ids()
    house = bootstrap.build(Settings.at(tmp_path), clock=demonstration_clock(), new_id=new_id)
    setup = tale_setup()
    house.register.directory.found(setup, name="某市总工会", code="X")
    with pytest.raises(ValueError, match="empty"):
        fill(house)
    house.close()


def tale_setup() -> Any:
    from domain.values import Actor, Mandate, Role

    return Mandate(Actor(None, None, "setup"), Role.RULE, datetime(2026, 1, 5, tzinfo=UTC), "r")
