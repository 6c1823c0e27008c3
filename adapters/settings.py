"""Settings: the only reader of the environment. Everything else is given what it needs."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

FOLDERS = ("evidence", "calendars", "checkpoints", "packs")
LISTS = ("witnesses", "checkpoint_mail_to")


class SettingsError(Exception):
    """The configuration is wrong; the message names the key and the way out."""


@dataclass(frozen=True)
class Settings:
    """Where things are kept and how they are reached. Paths are absolute or below `home`.

    home: the folder of everything kept on disk; database_url, keys_url: SQLAlchemy URLs of the
    log with its views, and of the keys to personal data; secret_key_file: signs sessions;
    origin: the log's name in checkpoints; cipher: what personal data is sealed with from now on
    (aes-256-gcm or sm4-gcm); roots: which roots checkpoints state (sha256, or sha256+sm3).

    checkpoints_url: where is remembered what was signed, apart from the log; checkpoints: the folder
    that signed checkpoints are written to. Where else they go: witnesses, each "URL VKEY" (URL "-" for
    one that is asked no more, but whose cosignatures stand); checkpoint_webhook, a URL; and
    checkpoint_mail_to, addresses. smtp_url: smtp://user@host:port, smtp+starttls:// or smtps://, with
    the user's password in smtp_password_file; smtp_ca_file: certificates that the mail server's is
    believed by, besides those of the machine. public_url: where people reach the pages, for links in
    what is sent out; scheduler: on or off, whether serving runs the jobs too; proxies: how many of ours
    stand in front, whose word on the asker's address is believed. In variables, lists are
    separated by commas.
    """

    home: Path
    database_url: str
    keys_url: str
    secret_key_file: Path
    master_key_file: Path
    signing_key_file: Path
    evidence: Path
    calendars: Path
    checkpoints: Path
    packs: Path
    checkpoints_url: str
    smtp_password_file: Path
    origin: str = "mingpai.local/log"
    cipher: str = "aes-256-gcm"
    roots: str = "sha256"
    host: str = "127.0.0.1"
    port: int = 8000
    witnesses: tuple[str, ...] = ()
    checkpoint_webhook: str = ""
    checkpoint_mail_to: tuple[str, ...] = ()
    smtp_url: str = ""
    mail_from: str = ""
    smtp_ca_file: Path | None = None
    public_url: str = ""
    scheduler: str = "on"
    proxies: int = 0

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """From `MINGPAI_*` variables, and below them a TOML file that `MINGPAI_CONFIG` names."""
        given = os.environ if environ is None else environ
        values = _file(given.get("MINGPAI_CONFIG"))
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise SettingsError(f"unknown setting {unknown[0]!r} in {given['MINGPAI_CONFIG']}")
        for name in known:
            if (value := given.get(f"MINGPAI_{name.upper()}")) is not None:
                values[name] = value
        return cls.at(str(values.pop("home", "var")), **values)

    @classmethod
    def at(cls, home: str | Path = "var", **given: object) -> Settings:
        """Settings for a home folder, with defaults for everything that is not given."""
        folder = Path(home).resolve()
        values: dict[str, object] = {
            "database_url": f"sqlite:///{folder / 'mingpai.db'}",
            "keys_url": f"sqlite:///{folder / 'keys.db'}",
            "secret_key_file": folder / "secret.key",
            "master_key_file": folder / "master.key",
            "signing_key_file": folder / "signing.key",
            "evidence": folder / "evidence",
            "calendars": folder / "calendars",
            "checkpoints": folder / "checkpoints",
            "packs": folder / "packs",
            "checkpoints_url": f"sqlite:///{folder / 'checkpoints.db'}",
            "smtp_password_file": folder / "smtp.password",
        }
        for name, value in given.items():
            if name.endswith("_file") or name in FOLDERS:
                values[name] = folder / str(value)
            elif name == "port":
                values[name] = _number(name, value, 65535)
            elif name == "proxies":
                values[name] = _number(name, value, 10)
            elif name in LISTS:
                values[name] = _list(value)
            elif name == "scheduler" and value not in {"on", "off"}:
                raise SettingsError(f"scheduler must be on or off, not {value!r}")
            elif name == "public_url":
                values[name] = _address(value)
            else:
                values[name] = str(value)
        return cls(home=folder, **values)  # type: ignore[arg-type] # built by name above


def _file(path: str | None) -> dict[str, object]:
    if path is None:
        return {}
    try:
        with Path(path).open("rb") as file:
            return tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"cannot read {path}: {error}") from error


def _list(value: object) -> tuple[str, ...]:
    """A list as TOML has it, or one string with commas between the items."""
    items = value if isinstance(value, list | tuple) else str(value).split(",")
    return tuple(item for given in items if (item := str(given).strip()))


def _address(value: object) -> str:
    """The beginning of our pages' addresses, without a slash at its end."""
    text = str(value).rstrip("/")
    if text and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text):
        raise SettingsError(f"public_url must be an http or https address, not {value!r}")
    return text


def _number(name: str, value: object, most: int) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise SettingsError(f"{name} must be a number, not {value!r}") from None
    if not 0 <= number <= most:
        raise SettingsError(f"{name} must be between 0 and {most}, not {number}")
    return number
