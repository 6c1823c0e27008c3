"""Every byte that a house keeps: its files with their write-ahead logs, and what its database server answers."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from adapters.bootstrap import House
from adapters.views.tables import VIEWS


def kept(house: House) -> Iterator[tuple[str, bytes]]:
    """(where, bytes) of every file below the home folder, unzipped too, every table and every list."""
    for path in sorted(house.settings.home.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as archive:
                    for name in archive.namelist():
                        yield f"{path.name}/{name}", archive.read(name)
    with house.engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'):
                yield table, b"\0".join(map(raw, row))
    for name in VIEWS:
        yield (
            f"list of {name}",
            json.dumps(list(house.queries.every(name)), ensure_ascii=False).encode(),
        )


def raw(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def where(house: House, words: Iterable[str]) -> set[tuple[str, str]]:
    """(where, word) for each word that stands somewhere as it is, in hex, as UTF-16 or escaped for JSON."""
    forms = {
        form: word
        for word in words
        for form in (
            word.encode(),
            word.encode().hex().encode(),
            word.encode("utf-16-be"),
            word.encode("utf-16-le"),
            json.dumps(word)[1:-1].encode(),
        )
    }
    return {
        (place, word) for place, data in kept(house) for form, word in forms.items() if form in data
    }
