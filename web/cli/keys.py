"""Commands on the keys to personal data."""

from __future__ import annotations

import click

from adapters.settings import Settings
from web.cli.shared import refuse


@click.group()
def keys() -> None:
    """The keys to personal data."""


@keys.command()
def rotate() -> None:
    """Wrap every person's key under a new master key; the log is not touched. Safe to repeat."""
    from adapters.log.sealing import rotate_master_file
    from adapters.log.stores import open_store

    settings = Settings.load()
    path = settings.master_key_file
    if not path.exists():
        refuse(f"没有主密钥文件 {path}，无可更换")
    store = open_store(settings.keys_url)
    try:
        count = rotate_master_file(store, path)
    finally:
        store.dispose()
    click.echo(f"已换主密钥，重新封装了 {count} 把个人密钥")
