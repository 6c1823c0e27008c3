"""The page on packs says what the model declares."""

from __future__ import annotations

from pathlib import Path

from adapters.packs.reference import renewed

PAGE = Path(__file__).parents[3] / "docs" / "packs.md"


def test_the_page_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page
