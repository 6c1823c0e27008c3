"""Endpoints: the addresses of other programs that a federation has told of, what of, and in which form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import Row

from adapters.log.engine import reading, writing
from adapters.matters.timings import read_timings
from adapters.messages.forms import FORMS, new_secret, require_secret
from adapters.messages.posting import PostFailed, require_public, resolve
from adapters.messages.tables import deliveries, endpoints
from adapters.messages.vault import Vault
from adapters.messages.wording import WORDINGS
from adapters.outside import stamp
from domain.errors import Invalid, NotFound

if TYPE_CHECKING:
    from adapters.bootstrap import House

RECORDS: Final = ("studio", "call", "notice", "fund", "campaign", "organisation", "account")
"""Kinds of records whose events may be followed: those that stand in the tree of organisations."""

_TOPIC: Final = re.compile(rf"\*|({'|'.join(RECORDS)})\.(\*|[a-z_]{{1,60}})")
_NEW: Final = "url"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """form: one of `forms.FORMS`; kinds, topics: exact names, `studio.*`, or `*`; cursor: a log position."""

    id: UUID
    federation: UUID
    form: str
    name: str
    url: str
    secret: str | None
    kinds: tuple[str, ...]
    topics: tuple[str, ...]
    cursor: int
    enabled: bool
    made_by: UUID | None
    made_at: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What an endpoint shall be. url, secret: None leaves what is there."""

    form: str
    name: str
    url: str | None
    secret: str | None = None
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    enabled: bool = True


def matches(patterns: Iterable[str], name: str) -> bool:
    """Whether a kind or a topic is among those that are meant."""
    return not {"*", name, f"{name.partition('.')[0]}.*"}.isdisjoint(patterns)


def endpoint(house: House, id: UUID) -> Endpoint:
    """One endpoint. Raises NotFound."""
    with reading(house.engine) as connection:
        row = connection.execute(sa.select(endpoints).where(endpoints.c.id == id)).first()
    if row is None:
        raise NotFound("endpoint_unknown", "没有这个接收地址")
    return opened(house, row)


def endpoints_of(house: House, federations: Sequence[UUID]) -> list[Endpoint]:
    """Those of some federations, by name."""
    c = endpoints.c
    wanted = sa.select(endpoints).where(c.federation.in_(federations)).order_by(c.name, c.id)
    with reading(house.engine) as connection:
        rows = connection.execute(wanted).all()
    return [opened(house, row) for row in rows]


def opened(house: House, row: Row[Any]) -> Endpoint:
    """A row of the table with its secrets in clear; none, and no address, where they cannot be opened any more."""
    vault = Vault(house.settings.secret_key_file)
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Endpoint(
        **{
            **values,
            "url": vault.open(row.id, "url", row.url) or "",
            "secret": vault.open(row.id, "secret", row.secret) if row.secret else None,
            "kinds": tuple(orjson.loads(row.kinds)),
            "topics": tuple(orjson.loads(row.topics)),
        }
    )


def add_endpoint(
    house: House, id: UUID, federation: UUID, wish: Wish, *, by: UUID | None, now: datetime
) -> Endpoint:
    """Make an endpoint; a webhook gets a secret if none is given. It is told of what is said from now on."""
    if wish.url is None:
        raise Invalid("url_missing", "须填写地址", field="url")
    if wish.form == "webhook" and not wish.secret:
        wish = Wish(**{**_fields(wish), "secret": new_secret()})
    _require_good(house, federation, wish)
    row = {
        **_row(house, id, wish),
        "id": id,
        "federation": federation,
        "cursor": _end(house),
        "made_by": by,
        "made_at": stamp(now),
    }
    with writing(house.engine) as connection:
        connection.execute(sa.insert(endpoints).values(row))
    return endpoint(house, id)


def change_endpoint(house: House, id: UUID, wish: Wish) -> Endpoint:
    """Change an endpoint. One that is switched on again is told of what happens from then on.

    An empty secret takes a robot's away; a webhook, which is never without one, gets a new one.
    """
    before = endpoint(house, id)
    if wish.form != before.form:
        raise Invalid("form_fixed", "形式不能更改，请另建一个接收地址", field="form")
    if wish.form == "webhook" and (wish.secret == "" or (wish.secret or before.secret) is None):
        wish = Wish(**{**_fields(wish), "secret": new_secret()})
    _require_good(house, before.federation, wish)
    row = _row(house, id, wish)
    if wish.enabled and not before.enabled:
        row["cursor"] = _end(house)
    with writing(house.engine) as connection:
        connection.execute(sa.update(endpoints).where(endpoints.c.id == id).values(row))
    return endpoint(house, id)


def remove_endpoint(house: House, id: UUID, now: datetime) -> None:
    """Remove an endpoint; what still waited for it is dropped, and the log of deliveries stays."""
    waiting = (deliveries.c.target == id) & (deliveries.c.state == "waiting")
    dropped = {"state": "dropped", "ended_at": stamp(now), "error": "接收地址已删除"}
    with writing(house.engine) as connection:
        gone = connection.execute(sa.delete(endpoints).where(endpoints.c.id == id))
        connection.execute(sa.update(deliveries).where(waiting).values(dropped))
    if gone.rowcount == 0:
        raise NotFound("endpoint_unknown", "没有这个接收地址")


def allows_private(house: House, federation: UUID) -> bool:
    """Whether a federation lets messages go to addresses of private networks."""
    with reading(house.engine) as connection:
        return read_timings(connection)(federation).private_webhooks


def _require_good(house: House, federation: UUID, wish: Wish) -> None:
    if wish.form not in FORMS:
        raise Invalid("form_unknown", f"形式应为：{'、'.join(FORMS)}", field="form")
    if not wish.name.strip():
        raise Invalid("name_missing", "须有名称", field="name")
    for at, kind in enumerate(wish.kinds):
        if not any(matches((kind,), known) for known in WORDINGS):
            raise Invalid("kind_unknown", f"没有“{kind}”这类消息", field=f"kinds[{at}]")
    for at, topic in enumerate(wish.topics):
        if not _TOPIC.fullmatch(topic):
            raise Invalid("topic_unknown", f"没有“{topic}”这类事件", field=f"topics[{at}]")
    if wish.secret:
        require_secret(wish.form, wish.secret)
    if wish.url is not None:
        require_url(wish.url, private=allows_private(house, federation))


def require_url(url: str, *, private: bool) -> None:
    """Refuse what is no web address, or one of a private network where that is forbidden. Raises Invalid."""
    told = "应为 http 或 https 地址，不含用户名、空白和 #"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Invalid("url_malformed", told, field=_NEW) from error
    good = (
        parts.scheme in {"http", "https"}
        and host
        and port != 0
        and not (parts.username or parts.password or parts.fragment)
        and re.fullmatch(r"[!-~]{1,2000}", url)
    )
    if not good or host is None:
        raise Invalid("url_malformed", told, field=_NEW)
    if not private:
        try:
            require_public(host, resolve(host, port or 443))
        except PostFailed as error:
            code = "url_private" if error.final else "url_unresolved"
            raise Invalid(code, str(error), field=_NEW) from error


def _fields(wish: Wish) -> dict[str, Any]:
    return {name: getattr(wish, name) for name in Wish.__slots__}


def _row(house: House, id: UUID, wish: Wish) -> dict[str, Any]:
    """The columns that a wish is about. An empty secret takes the present one away."""
    vault = Vault(house.settings.secret_key_file)
    row: dict[str, Any] = {
        "form": wish.form,
        "name": wish.name.strip(),
        "kinds": orjson.dumps(list(dict.fromkeys(wish.kinds))).decode(),
        "topics": orjson.dumps(list(dict.fromkeys(wish.topics))).decode(),
        "enabled": wish.enabled,
    }
    if wish.url is not None:
        row["url"] = vault.seal(id, "url", wish.url)
    if wish.secret is not None:
        row["secret"] = vault.seal(id, "secret", wish.secret) if wish.secret else None
    return row


def _end(house: House) -> int:
    return house.recorder.max_notification_id() or 0
