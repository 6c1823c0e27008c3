"""The one composition root: everything is put together here, and anything can be replaced by keyword."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from os import getpid
from socket import gethostname
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError

from adapters.audit.repair import repair_erasures
from adapters.calendar import GazettedCalendar
from adapters.log.engine import create_engine
from adapters.log.factory import LogFactory
from adapters.log.recorder import LogRecorder
from adapters.log.sealing import open_sealer
from adapters.log.stores import open_store
from adapters.messages.follower import Outbox
from adapters.packs.loader import PACKS, load_packs
from adapters.schedule.lease import Lease
from adapters.schedule.runs import Runs
from adapters.settings import Settings, SettingsError
from adapters.transcodings import transcodings
from adapters.views.projector import Projector
from adapters.views.queries import Queries
from domain.policy.workdays import Calendar
from domain.ports import Clock, Policies
from domain.register import Register
from domain.sealed import Sealing


@dataclass(frozen=True)
class House:
    """The assembled application: the register, what is read from it, and what it was made of."""

    settings: Settings
    engine: Engine
    register: Register
    projector: Projector
    lease: Lease
    runs: Runs
    queries: Queries
    clock: Clock
    engines: tuple[Engine, ...]
    """Every database that was opened: the log with its views, and the keys to personal data."""

    @property
    def policies(self) -> Policies:
        """The policy packs by their id."""
        return self.register.policies

    @property
    def calendar(self) -> Calendar:
        """Which days are worked."""
        return self.register.calendar

    @property
    def sealing(self) -> Sealing:
        """The seals on personal data."""
        return self.register.sealing

    @property
    def new_id(self) -> Callable[[], UUID]:
        """What makes the ids of new records."""
        return self.register.new_id

    @property
    def recorder(self) -> LogRecorder:
        """The log's recorder, as what it is."""
        return cast(LogRecorder, self.register.recorder)

    def close(self) -> None:
        """Close the connections."""
        self.register.close()
        for engine in self.engines:
            engine.dispose()


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    new_id: Callable[[], UUID] = uuid4,
    policies: Policies | None = None,
    calendar: Calendar | None = None,
    sealing: Sealing | None = None,
) -> House:
    """Put the application together on a home folder, which is set up if it is new."""
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = _engine(settings)
    projector = Projector(engine)
    lease = Lease(engine, f"{gethostname()}:{getpid()}")
    keys = () if sealing is not None else (open_store(settings.keys_url),)
    sealing = sealing or _sealing(settings, *keys)
    policies, calendar = _rules(settings, policies, calendar)
    register = Register(
        factory=LogFactory(engine=engine, followers=(projector, Outbox(policies), lease)),
        transcodings=transcodings(),
        policies=policies,
        calendar=calendar,
        sealing=sealing,
        new_id=new_id,
    )
    house = House(
        settings,
        engine,
        register=register,
        projector=projector,
        lease=lease,
        runs=Runs(engine),
        queries=Queries(engine),
        clock=clock or _now,
        engines=(engine, *keys),
    )
    # A keys database that was restored from a backup must bring nobody back.
    repair_erasures(house)
    return house


def _engine(settings: Settings) -> Engine:
    try:
        return create_engine(settings.database_url)
    except (ValueError, ArgumentError) as error:
        raise SettingsError(f"database_url: {error}") from error


def _sealing(settings: Settings, keys: Engine) -> Sealing:
    return open_sealer(keys, settings.master_key_file, cipher=settings.cipher, create=True)


def _rules(
    settings: Settings, policies: Policies | None, calendar: Calendar | None
) -> tuple[Policies, Calendar]:
    """The packs that ship with the register and the federation's own; the calendar likewise."""
    if policies is None:
        own = load_packs(settings.packs) if settings.packs.is_dir() else {}
        policies = {**load_packs(PACKS), **own}
    return policies, calendar or GazettedCalendar(settings.calendars)


def _now() -> datetime:
    return datetime.now(UTC)
