"""People whose data the tests seal, and a sealer with its store."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from adapters.log.keystore import KeyStore
from adapters.log.sealing import Sealer
from adapters.log.stores import open_store

MASTER, OTHER = bytes(range(32)), bytes(range(32, 64))
ANNA, BERT = UUID(int=1), UUID(int=2)
PHONE = "13900000000"
AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def make(url: str, *masters: bytes, fresh: float = 0.0, cipher: str = "aes-256-gcm") -> Sealer:
    given_masters = masters or (MASTER,)
    store = KeyStore(open_store(url), lambda: given_masters, clock=lambda: AT)
    return Sealer(store, fresh=fresh, cipher=cipher)
