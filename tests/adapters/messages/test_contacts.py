"""Contacts: an address that is one, kept sealed, and gone with the person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.messages.carrying import Carried, carry
from adapters.messages.contacts import Contact, contact, set_contact
from adapters.messages.spreading import spread
from adapters.messages.tables import contacts
from domain.errors import Invalid
from tests.adapters.messages.scene import NINE, scene


def test_nothing_set_means_the_inbox_only(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    account = here.account(here.east)
    assert contact(here.house, account) == Contact(account, None, "zh", "off", ())
    here.say()
    assert spread(here.house, NINE) == 1
    assert here.rows() == []
    here.house.close()


def test_an_address_is_kept_sealed_and_given_back(tmp_path: Path, database_url: str) -> None:
    here = scene(tmp_path, database_url)
    account = here.account(here.east)
    for email in ("first@union.example", "wang.xin+x@mail.union.example"):
        wanted = Contact(account, email, "en", "daily", ("grant.paid",))
        made = set_contact(
            here.house,
            account,
            NINE,
            email=email,
            language="en",
            mail="daily",
            muted=("grant.paid", "grant.paid"),
        )
        assert made == contact(here.house, account) == wanted
    with here.house.engine.connect() as connection:
        (row,) = connection.execute(sa.select(contacts))
    assert "union.example" not in str(row)
    here.house.close()


def test_setting_a_contact_leaves_the_calendar_s_address(tmp_path: Path, database_url: str) -> None:
    here = scene(tmp_path, database_url)
    account = here.account(here.east)
    set_contact(here.house, account, NINE, email=None)
    with here.house.engine.begin() as connection:
        connection.execute(sa.update(contacts).values(feed_hash="abc"))
    set_contact(here.house, account, NINE, email="a@union.example", mail="each")
    with here.house.engine.connect() as connection:
        assert connection.execute(sa.select(contacts.c.feed_hash)).scalar() == "abc"
    here.house.close()


def test_who_was_erased_is_not_written_to(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    account = here.reader()
    here.say()
    spread(here.house, NINE)
    here.house.sealing.destroy(account)
    assert contact(here.house, account).email is None
    assert carry(here.house, NINE) == Carried(dropped=1)
    here.house.close()


BAD: list[tuple[dict[str, Any], str, str]] = [
    *(
        ({"email": email}, "email_malformed", "email")
        for email in (
            "a",
            "a@b",
            "@union.example",
            "a@@union.example",
            "a@union.example\r\nBcc: b@union.example",
            "甲@union.example",
            "a b@union.example",
            ".a@union.example",
            "a@-union.example",
            "a@union.example ",
            f"{'a' * 250}@union.example",
        )
    ),
    ({"email": None, "mail": "each"}, "email_missing", "email"),
    ({"language": "fr"}, "language_unknown", "language"),
    ({"mail": "hourly"}, "mail_unknown", "mail"),
    ({"muted": ("grant.paid", "x.y")}, "kind_unknown", "muted[1]"),
]


def test_what_is_wrong_is_named(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    account = here.account(here.east)
    for change, code, field in BAD:
        with pytest.raises(Invalid) as refused:
            set_contact(here.house, account, NINE, **{"email": "a@union.example", **change})
        assert (refused.value.code, refused.value.field) == (code, field)
    assert contact(here.house, account) == Contact(account)
    here.house.close()
