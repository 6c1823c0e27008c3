"""Random commands on public notices and on names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.model.notice import Notice
from tests.domain.rules import dossier
from tests.lifecycle.life import (
    PICK,
    Life,
)


class OfNotices(Life):
    """Posting, objecting, changing; naming and what follows it."""

    @rule(pick=PICK, shift=st.integers(-3, 5))
    def post(self, pick: int, shift: int) -> None:
        call = self.one(self.calls, pick)
        notice = self.attempt(
            lambda: self.world.posts(
                call, *self.some(call, pick // 3), starts_on=self.day + timedelta(days=shift)
            )
        )
        self.notices += [notice] if notice else []

    @rule(pick=PICK, anonymous=st.booleans(), whole=st.booleans())
    @precondition(lambda self: self.notices)
    def object(self, pick: int, anonymous: bool, whole: bool) -> None:
        notice = self.one(self.notices, pick)
        studios = self.world.get(Notice, notice).entries
        made = self.attempt(
            lambda: self.world.register.publicity.object(
                self.world.by("厂二"),
                notice,
                text="材料不实",
                studio=None if whole else self.one(studios, pick // 3)["studio"],
                objector=None if anonymous else {"name": "李某"},
            )
        )
        self.objections += [(notice, made[0])] if made else []

    @rule(pick=PICK, upheld=st.booleans(), adopt=st.booleans())
    @precondition(lambda self: self.objections)
    def answer(self, pick: int, upheld: bool, adopt: bool) -> None:
        notice, objection = self.one(self.objections, pick)
        desk, officer = self.world.register.publicity, self.world.by("officer")
        if adopt:
            self.attempt(lambda: desk.adopt(officer, notice, objection, "有事实"))
        self.attempt(
            lambda: desk.close_objection(
                officer, notice, objection, finding="经核查", upheld=upheld
            )
        )

    @rule(pick=PICK, verb=st.sampled_from(("extend", "restart", "drop", "complete", "complete")))
    @precondition(lambda self: self.notices)
    def change_notice(self, pick: int, verb: str) -> None:
        notice = self.one(self.notices, pick)
        desk, officer = self.world.register.publicity, self.world.by("officer")
        studio = self.one(self.world.get(Notice, notice).entries, pick // 3)["studio"]
        commands: dict[str, Callable[[], Any]] = {
            "extend": lambda: desk.extend(officer, notice, days=pick % 4, reason="x"),
            "restart": lambda: desk.restart(
                officer, notice, reason="x", without=[studio] if pick % 2 else []
            ),
            "drop": lambda: desk.drop(officer, notice, studio=studio, reason="x"),
            "complete": lambda: desk.complete(officer, notice),
        }
        self.attempt(commands[verb])

    @rule(pick=PICK, verb=st.sampled_from(("name", "name", "name", "record", "plaque", "leader")))
    @precondition(lambda self: self.filed)
    def name(self, pick: int, verb: str) -> None:
        filed, desk = self.one(self.filed, pick), self.world.register.naming
        officer = self.world.by("officer")
        self.numbers += 1
        number = str(self.numbers - pick % 2)
        commands: dict[str, Callable[[], Any]] = {
            "name": lambda: self.world.names(filed, number, on=self.day - timedelta(days=pick % 3)),
            "record": lambda: desk.record_naming(
                officer,
                filed.studio,
                policy="rolling",
                category="model_worker",
                number=number,
                document="旧",
                on=self.day - timedelta(days=pick % 900),
            ),
            "plaque": lambda: desk.issue_plaque(
                officer, filed.studio, self.number(filed, pick), plaque="1"
            ),
            "leader": lambda: desk.change_leader(
                officer,
                filed.studio,
                leader={"name": "李工"},
                reason="退休",
                facts=dossier("李工")["leader"],
                name="李工创新工作室",
            ),
        }
        self.attempt(commands[verb])

    @rule(pick=PICK, merge=st.booleans())
    @precondition(lambda self: len(self.filed) > 3)
    def end_studio(self, pick: int, merge: bool) -> None:
        filed, desk = self.one(self.filed, pick), self.world.register.naming
        into = self.one(self.filed, pick // 3).studio
        officer = self.world.by("officer")
        if pick % 4:
            return
        if merge:
            self.attempt(
                lambda: desk.merge(
                    officer, filed.studio, successor=into, decision="并", on=self.day
                )
            )
        else:
            self.attempt(lambda: desk.close(officer, filed.studio, reason="注销", on=self.day))
