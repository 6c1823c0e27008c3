"""Commands on the log: verifying, signing, proving. What is checked against a key needs no database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adapters.settings import Settings
from web.cli.shared import FILE, OUT, as_json, open_house, progress_bar, refuse, show

if TYPE_CHECKING:
    from adapters.trust.notary import Notary

KEY = click.option("--key", required=True, help="The log's public key (vkey line).")
LETTERS = click.option(
    "--handover", "letters", multiple=True, type=FILE, help="A handover note to a newer key."
)


@click.group()
def log() -> None:
    """The tamper-evident log: verify it, sign it, prove what is in it."""


@contextmanager
def _notary() -> Iterator[Notary]:
    from adapters.trust.notary import open_notary

    with open_house() as house:
        notary = open_notary(house.settings, house.engine)
        try:
            yield notary
        finally:
            notary.close()


@log.command()
@click.option("--checkpoint", type=FILE, help="A checkpoint from outside.")
@click.option("--key", help="The public key it is signed with (vkey line).")
@as_json
def verify(checkpoint: Path | None, key: str | None, plain: bool) -> None:
    """Check every event, hash, signature and file; names the first bad position."""
    from adapters.trust.verify import verify_house

    if checkpoint is not None and key is None:
        raise click.UsageError("--checkpoint 须与 --key 一并给出")
    brought = checkpoint.read_bytes() if checkpoint else None
    with open_house() as house, progress_bar("核验日志") as progress:
        report = verify_house(house, checkpoint=brought, vkey=key, progress=progress)
    if plain:
        show(report.as_dict())
    elif report.ok:
        click.echo("\n".join(report.lines()))
    if not report.ok:
        refuse(*report.lines())


@log.command()
@click.option("-o", "--output", type=OUT, help="Write it to a file too.")
@click.option("--publish", is_flag=True, help="Send it out by every way that is configured.")
@click.option("--qr", is_flag=True, help="Show it as a QR code.")
def checkpoint(output: Path | None, publish: bool, qr: bool) -> None:
    """Verify what is new, sign a checkpoint (C2SP signed note) and print it."""
    from adapters.trust import outlets, publishing

    with _notary() as notary:
        note = notary.checkpoint()
        if publish:
            done = publishing.publish(notary, Settings.load(), note)
            note = done.note
            for way, failure in done.failed:
                click.echo(f"未能送出（{way}）：{failure}", err=True)
    if output is not None:
        output.write_bytes(note)
    click.echo(note.decode(), nl=False)
    if qr:
        click.echo(outlets.qr(note, "terminal").decode())


@log.command()
@click.argument("position", type=int)
@click.option("-o", "--output", type=OUT, help="Write it to a file instead.")
def prove(position: int, output: Path | None) -> None:
    """Prove that the event at POSITION is in the log (C2SP tlog-proof with the leaf's bytes)."""
    with _notary() as notary:
        proof = notary.prove(position)
    if output is None:
        click.echo(proof.decode(), nl=False)
    else:
        output.write_bytes(proof)


@log.command()
@click.option("--rotate", is_flag=True, help="Hand over to a new key, signed by both.")
def key(rotate: bool) -> None:
    """The public key as a vkey line."""
    from datetime import UTC, datetime

    with _notary() as notary:
        if rotate:
            click.echo(notary.rotate(datetime.now(UTC)).decode(), nl=False)
        click.echo(notary.vkey())


@log.command("verify-proof")
@click.argument("file", type=FILE)
@KEY
@click.option("--witness", "witnesses", multiple=True, help="A witness's public key.")
@click.option("--quorum", type=int, default=0, help="How many witnesses must have cosigned.")
@LETTERS
def verify_proof(
    file: Path, key: str, witnesses: tuple[str, ...], quorum: int, letters: tuple[Path, ...]
) -> None:
    """Check a proof with nothing but the file and the key."""
    from adapters.trust import extension

    found = extension.verify_proof(
        file.read_bytes(),
        key,
        witnesses=witnesses,
        quorum=quorum,
        letters=[letter.read_bytes() for letter in letters],
    )
    click.echo(f"第 {found.index + 1} 条确在 {found.checkpoint.size} 条的日志中", err=True)
    show(extension.shown_event(found))


@log.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@KEY
@LETTERS
def extends(old: Path, new: Path, key: str, letters: tuple[Path, ...]) -> None:
    """Check that checkpoint NEW continues checkpoint OLD.

    NEW may be an extension file, which needs no database; for a bare checkpoint the log proves it.
    """
    from adapters.trust import extension

    before, after = old.read_bytes(), new.read_bytes()
    brought = [letter.read_bytes() for letter in letters]
    if extension.is_extension(after):
        one, two = extension.extends(before, after, key, letters=brought)
    else:
        with _notary() as notary:
            one, two = extension.extends(
                before, after, key, prove=notary.consistency, letters=brought
            )
    click.echo(f"{two.size} 条的日志延续了 {one.size} 条的日志")


@log.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.option("-o", "--output", type=OUT, required=True)
def extension(old: Path, new: Path, output: Path) -> None:
    """Write a file that proves, without a database, that NEW continues OLD."""
    with _notary() as notary:
        output.write_bytes(notary.extension(old.read_bytes(), new.read_bytes()))


@click.group()
def witness() -> None:
    """A witness: it cosigns another federation's checkpoints."""


@witness.command("serve")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), default="./witness")
@click.option("--name", required=True, help="The witness's own name.")
@click.option("--log", "logs", multiple=True, required=True, help="Public key of a log (vkey).")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8001, show_default=True)
def witness_serve(home: Path, name: str, logs: tuple[str, ...], host: str, port: int) -> None:
    """Serve a witness until told to stop (C2SP tlog-witness)."""
    from web.server import serve_witness
    from web.witness import WitnessSettings, open_witness

    settings = WitnessSettings(home, name, logs)
    home.mkdir(parents=True, exist_ok=True)
    click.echo(f"见证者 http://{host}:{port}  {open_witness(settings).vkey}")
    serve_witness(settings, host=host, port=port)
