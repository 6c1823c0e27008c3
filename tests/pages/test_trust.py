"""The log's key and checkpoint, which looking neither makes nor signs."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from adapters.bootstrap import House, build
from adapters.log.notes import Note
from adapters.settings import Settings
from adapters.trust.notary import open_notary
from tests.pages.conftest import Open
from tests.pages.test_access import PROBE
from tests.pages.town import Town
from web.app import create_app
from web.context import EXTENSION, Services
from web.setup import ensure_setup_token, set_up


def signed(house: House) -> tuple[bytes, str]:
    notary = open_notary(house.settings, house.engine)
    try:
        return notary.checkpoint(), notary.vkey()
    finally:
        notary.close()


def test_looking_makes_no_key_and_signs_nothing(tmp_path: Path) -> None:
    house = build(Settings.at(tmp_path))
    client = create_app(house, RATELIMIT_ENABLED=False).test_client()
    before = sorted(tmp_path.iterdir())
    page = client.get("/trust")
    assert (page.status_code, "还没有签署" in page.text, "vkey" in page.text) == (200, True, False)
    assert [client.get(f"/trust/checkpoint{end}").status_code for end in ("", ".svg")] == [404, 404]
    assert sorted(tmp_path.iterdir()) == before
    house.close()


def test_what_was_signed_last_is_shown_to_everyone(tmp_path: Path) -> None:
    house = build(Settings.at(tmp_path))
    app = create_app(house, RATELIMIT_ENABLED=False)
    services: Services = app.extensions[EXTENSION]
    who = {"username": "zhao", "name": "赵一", "password": "a long pass phrase for the town"}
    found = {"name": "新市总工会", "code": "new"}
    note, vkey = signed(house)
    client = app.test_client()
    assert "0 条" in client.get("/trust").text
    set_up(
        house, services.credentials, token=str(ensure_setup_token(house)), federation=found, **who
    )
    assert client.get("/trust/checkpoint").data == note
    note, _ = signed(house)
    page = client.get("/trust").text
    assert vkey in page.replace("&#43;", "+")
    assert Note.parse(note).text in page.replace("&#43;", "+")
    assert ("最后一条记录于" in page, "style=" in page, "<script" in page) == (True, False, False)
    answer = client.get("/trust/checkpoint")
    assert (answer.data, answer.content_type) == (note, "text/plain; charset=utf-8")
    picture = client.get("/trust/checkpoint.svg")
    assert (picture.content_type, b"<svg" in picture.data) == ("image/svg+xml", True)
    assert b"style" not in picture.data
    (tmp_path / "signing.key").chmod(0o644)
    page = client.get("/trust").text
    assert ("公钥暂时无法读取" in page, vkey in page, str(tmp_path) in page) == (True, False, False)
    house.close()


def test_the_footer_leads_the_public_there(visit: Open, small_town: Town) -> None:
    signed(small_town.house)
    page = visit().go("/notices")
    page.get_by_role("link", name="日志公钥与检查点").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("日志公钥与检查点")
    page.wait_for_function("() => document.images[0].complete")
    assert page.evaluate("() => document.images[0].naturalWidth") > 0
    assert page.evaluate(PROBE) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
