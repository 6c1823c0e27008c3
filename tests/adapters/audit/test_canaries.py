"""Words that must not be found: byte for byte through everything that is kept, before an erasure and after."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
from pathlib import Path

import pytest

from adapters.answers import Answers
from adapters.audit.persons import erase_person, export_person
from adapters.audit.repair import erased_persons, repair_erasures
from tests.adapters.audit.bytes_of import where
from tests.adapters.audit.scene import CANARIES, LEADER, WHEN, Town
from tests.adapters.views.story import PERSONAL


def test_before_an_erasure_nothing_personal_stands_anywhere_in_clear(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        town.bundle(town.house.settings.home / "audit.zip")
        town.succeed()
    assert where(town.house, (*CANARIES, *PERSONAL)) == set()
    assert [word for word in CANARIES if word in caplog.text] == []


def test_what_is_unsealed_on_purpose_stands_in_its_member_only(town: Town) -> None:
    town.bundle(town.house.settings.home / "audit.zip", reason="审计")
    found = where(town.house, (*CANARIES, *PERSONAL))
    assert {place for place, _ in found} == {"audit.zip/unsealed.json"}


def test_after_an_erasure_they_stand_nowhere_at_all(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    house = town.house
    export_person(house, town.by("admin"), town.leader)
    with caplog.at_level(logging.DEBUG):
        report = erase_person(house, town.by("admin"), town.leader, "本人申请")
    assert where(house, CANARIES) == set()
    assert [word for word in CANARIES if word in caplog.text or word in str(report)] == []
    again = json.dumps(export_person(house, town.by("admin"), town.leader), ensure_ascii=False)
    assert [word for word in CANARIES if word in again] == []


def test_an_answer_that_was_remembered_in_clear_is_dropped_with_its_bytes(town: Town) -> None:
    answers = Answers(town.house.engine)
    for number, word in enumerate((LEADER["phone"], LEADER["ethnicity"], "无关")):
        answers.claim(f"request {number}", "print", WHEN)
        answers.keep(f"request {number}", 200, json.dumps({"value": word}, ensure_ascii=False))
    assert where(town.house, CANARIES) != set()
    report = erase_person(town.house, town.by("admin"), town.leader, "本人申请")
    assert (report.swept, report.leftovers) == (2, ())
    assert where(town.house, CANARIES) == set()
    assert answers.get("request 2") is not None


def test_words_that_stand_in_clear_elsewhere_are_reported(town: Town) -> None:
    with town.house.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (id INTEGER, body TEXT)")
        connection.exec_driver_sql(f"INSERT INTO notes VALUES (1, '致电 {LEADER['phone']}')")
    report = erase_person(town.house, town.by("admin"), town.leader, "本人申请")
    assert report.leftovers == ("表 notes 的 body 栏有 1 行",)


def backup(source: Path, target: Path) -> None:
    """A consistent copy of a SQLite file, as a backup makes it."""
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        one.backup(other)
    one.close()
    other.close()


def restore(town: Town, copy: Path, name: str) -> None:
    """Put an old copy in the place of a database, and start anew."""
    town.house.close()
    home = town.house.settings.home
    for path in home.glob(f"{name}*"):
        path.unlink()
    shutil.copy(copy, home / name)
    town.again()


@pytest.fixture
def in_files(tmp_path: Path) -> Town:
    """A town on SQLite, where a backup is a file."""
    return Town(tmp_path, f"sqlite:///{tmp_path / 'mingpai.db'}").until_money()


def test_yesterday_s_events_put_back_do_not_bring_a_person_back(
    in_files: Town, tmp_path_factory: pytest.TempPathFactory
) -> None:
    town, copy = in_files, tmp_path_factory.mktemp("backup") / "yesterday.db"
    backup(tmp_home(town) / "mingpai.db", copy)
    erase_person(town.house, town.by("admin"), town.leader, "本人申请")
    restore(town, copy, "mingpai.db")
    assert erased_persons(town.house.engine) == []
    leader = town.register.repository.get(town.filed[0][0]).leader
    assert [town.house.sealing.reveal(each) for each in leader.sealed] == [None] * 6
    assert where(town.house, CANARIES) == set()
    town.house.close()


def test_yesterday_s_keys_put_back_are_destroyed_again_at_the_start(
    in_files: Town, tmp_path_factory: pytest.TempPathFactory
) -> None:
    town, copy = in_files, tmp_path_factory.mktemp("backup") / "keys.db"
    backup(tmp_home(town) / "keys.db", copy)
    erase_person(town.house, town.by("admin"), town.leader, "本人申请")
    assert repair_erasures(town.house) == 0
    restore(town, copy, "keys.db")
    leader = town.register.repository.get(town.filed[0][0]).leader
    repaired = repair_erasures(town.house)
    assert repaired in {0, 1}  # 0 where the house repairs itself as it is put together
    assert [town.house.sealing.reveal(each) for each in leader.sealed] == [None] * 6
    assert repair_erasures(town.house) == 0
    other = town.register.repository.get(town.filed[1][0]).leader.id
    told = json.dumps(export_person(town.house, town.by("admin"), other))
    assert PERSONAL[0] in told
    town.house.close()


def test_who_was_erased_is_known_from_the_log_where_the_views_are_behind(town: Town) -> None:
    erase_person(town.house, town.by("admin"), town.leader, "本人申请")
    with town.house.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM timeline")
    assert erased_persons(town.house.engine) == [town.leader]
    with town.house.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE timeline")
    assert erased_persons(town.house.engine) == [town.leader]


def tmp_home(town: Town) -> Path:
    return town.house.settings.home
