"""The arithmetic of failing years, after a correction has undone a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from domain.model.studio import Studio
from tests.adapters.views.story import Story
from web.app import create_app
from web.pages.record import read
from web.pages.studio_page import StudioPage


class Corrected(Story):
    """The story up to its years: three failing, then one corrected, then reinstated."""

    def play(self) -> Story:
        for chapter in (
            self.settle,
            self.intake,
            self.publicity,
            self.naming,
            self.money,
            self.years,
        ):
            chapter()
        return self


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, list[UUID]]]:
    home: Path = tmp_path_factory.mktemp("corrected")
    story = Corrected(home, f"sqlite:///{home / 'story.sqlite'}")
    story.play()
    yield create_app(story.house), [studio for studio, _ in story.filed]
    story.house.close()


def page(app: Flask, studio: UUID) -> StudioPage:
    with app.test_request_context("/"):
        found = StudioPage(read(Studio, studio, None))
        assert found.grid
        return found


def test_a_reinstated_studio_says_what_was_found_and_corrected(
    corrected: tuple[Flask, list[UUID]],
) -> None:
    app, studios = corrected
    found = page(app, studios[0])
    assert found.status == "active"
    past = "2025 年不合格 ＋ 2026 年不合格 ＋ 2027 年不合格 ＝ 连续 3 年不合格"
    assert [said.sentence for said in found.grid.sums] == [
        f"{past}，当时据此认定；其中 2026 年度后经更正，现命名有效。",
        "2027 年度已连续 1 年不合格，再有 2 年不合格即取消命名。",
    ]


def test_a_year_without_a_result_has_a_word_of_its_own(
    corrected: tuple[Flask, list[UUID]],
) -> None:
    app, studios = corrected
    cells = page(app, studios[1]).grid.rows[0].cells
    assert [(cell.text, cell.classes) for cell in cells] == [
        ("命名", "gap out"),
        ("合格", "pass"),
        ("未考核", "gap"),
        ("未考核", "gap"),
    ]


def test_where_two_disagree_the_citys_result_governs(
    corrected: tuple[Flask, list[UUID]],
) -> None:
    app, studios = corrected
    cell = page(app, studios[1]).grid.rows[0].cells[1]
    assert (cell.text, cell.note) == ("合格", "市总工会")


def test_a_record_that_cites_another_names_its_place_in_the_log(
    corrected: tuple[Flask, list[UUID]],
) -> None:
    app, studios = corrected
    rows = page(app, studios[0]).told
    correction = next(row for row in rows if row.topic == "studio.check_corrected")
    cited = next(row for row in rows if row.version == correction.facts["cites"])
    assert cited.topic == "studio.annually_checked"
    assert correction.entry(cited.version) == f"日志第 {cited.position} 条"
