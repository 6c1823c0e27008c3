"""Questions to the views."""

from __future__ import annotations

from sqlalchemy import Engine


class Queries:
    """Every read, now or as of a past moment."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
