"""`mingpai messages`: previews, the check of templates, and what did not go out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.messages.carrying import carry
from adapters.messages.spreading import spread
from mingpai import main
from tests.adapters.messages.scene import NINE, scene


def run(home: Path, *arguments: str) -> Result:
    environment = {"MINGPAI_HOME": str(home), "MINGPAI_DATABASE_URL": f"sqlite:///{home}/m.sqlite"}
    return CliRunner().invoke(main, ["messages", *arguments], env=environment)


def test_a_preview_is_what_the_mail_says(tmp_path: Path) -> None:
    found = run(tmp_path, "preview", "rectification.last_warning")
    assert found.exit_code == 0
    assert found.output.startswith("最后一次警示：数控创新工作室\n\n")
    assert run(tmp_path, "preview", "grant.paid", "--html").output.startswith("<!doctype html>")
    assert (
        "Last warning"
        in run(tmp_path, "preview", "rectification.last_warning", "--lang", "en").output
    )


def test_a_kind_that_there_is_not_is_a_usage_error(tmp_path: Path) -> None:
    found = run(tmp_path, "preview", "no.such")
    assert found.exit_code == 2
    assert "没有“no.such”这类消息" in found.output


def test_the_check_names_what_is_wrong(tmp_path: Path) -> None:
    assert run(tmp_path, "check").exit_code == 0
    folder = tmp_path / "templates" / "zh"
    folder.mkdir(parents=True)
    (folder / "grant.paid.txt").write_text("{{ nobody }}\n\nx")
    found = run(tmp_path, "check")
    assert (found.exit_code, found.output) == (
        1,
        "模板 zh/grant.paid.txt 出错：'nobody' is undefined\n",
    )
    assert run(tmp_path, "preview", "grant.paid").exit_code == 1


@pytest.mark.parametrize("how", ["one", "to", "all"])
def test_what_was_given_up_is_listed_and_sent_once_more(tmp_path: Path, how: str) -> None:
    here = scene(tmp_path, f"sqlite:///{tmp_path}/m.sqlite")
    to = here.program("http://127.0.0.1:1/", "wecom")
    here.say(facts={})
    spread(here.house, NINE)
    assert carry(here.house, NINE).dead == 1
    (row,) = here.rows()
    here.house.close()
    (listed,) = json.loads(run(tmp_path, "dead", "--json").output)
    assert (listed["id"], listed["what"]) == (str(row.id), "assessment.union_due")
    assert "模板" in run(tmp_path, "dead").output
    arguments = {"one": [str(row.id)], "to": ["--to", str(to.id)], "all": ["--all"]}[how]
    found = run(tmp_path, "resend", *arguments)
    assert (found.exit_code, found.output) == (0, "1 条将重新发送\n")
    assert json.loads(run(tmp_path, "dead", "--json").output) == []
    assert run(tmp_path, "resend").exit_code == 2
