"""Errors of the database, by the names that eventsourcing gives them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
import sqlalchemy.exc
from eventsourcing import persistence

# From the special to the general: the first that fits is taken.
_NAMES: Final = (
    ("IntegrityError", persistence.IntegrityError),
    ("DataError", persistence.DataError),
    ("OperationalError", persistence.OperationalError),
    ("InternalError", persistence.InternalError),
    ("ProgrammingError", persistence.ProgrammingError),
    ("NotSupportedError", persistence.NotSupportedError),
    ("InterfaceError", persistence.InterfaceError),
    ("DatabaseError", persistence.DatabaseError),
)
_TRANSLATIONS: Final = tuple(
    ((getattr(sqlite3, name), getattr(psycopg, name), getattr(sqlalchemy.exc, name)), ours)
    for name, ours in _NAMES
)
_ALL: Final = (sqlite3.Error, psycopg.Error, sqlalchemy.exc.SQLAlchemyError)


@contextmanager
def translated() -> Iterator[None]:
    """Raises what a driver or SQLAlchemy raised as eventsourcing's error of the same kind, with the original as its cause."""
    try:
        yield
    except _ALL as error:
        raise translation(error)(str(error)) from error
    except OverflowError as error:
        raise persistence.DataError(str(error)) from error


def translation(error: Exception) -> type[persistence.PersistenceError]:
    """The library's class for an error of a driver or of SQLAlchemy."""
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return persistence.OperationalError
    for theirs, ours in _TRANSLATIONS:
        if isinstance(error, theirs):
            return ours
    return persistence.PersistenceError
