"""Commands that run the register: serving, the demonstration, rebuilding the views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from adapters.settings import Settings
from web.cli.shared import open_house, progress_bar, refuse

if TYPE_CHECKING:
    from adapters.bootstrap import House

DEMO_PASSWORD = "mingpai-demo"  # noqa: S105 # the demonstration's, printed with its accounts


@click.command()
@click.option("--host", help="Address to listen on (default: the loopback).")
@click.option("--port", type=int, help="Port (default: 8000).")
def serve(host: str | None, port: int | None) -> None:
    """Serve the register until told to stop."""
    _serve(Settings.load(), host, port)


def _serve(settings: Settings, host: str | None, port: int | None) -> None:
    from jobs.scheduler import beside
    from web.server import serve as run
    from web.setup import ensure_setup_token

    with open_house(settings) as house:
        if house.projector.fault() is not None:
            _rebuild(house)
        token = ensure_setup_token(house)
    address = f"http://{host or settings.host}:{settings.port if port is None else port}"
    click.echo(f"铭牌 {address}")
    if token is not None:
        click.echo(f"首位管理员（一次有效）：{address}/setup/{token}")
    jobs = beside if settings.scheduler == "on" else None
    run(settings, host=host, port=port, beside=jobs, proxies=settings.proxies)


@click.command()
@click.option("--serve", "then_serve", is_flag=True, help="Serve it afterwards.")
@click.option("--port", type=int, help="Port to serve on (default: 8000).")
def demo(then_serve: bool, port: int | None) -> None:
    """Fill an empty home with the demonstration: five federations, 2019–2026."""
    from adapters import operators
    from adapters.demonstration import demonstration_clock, demonstration_ids, fill
    from adapters.log.engine import hasty

    settings = Settings.load()
    collaborators = {"clock": demonstration_clock(), "new_id": demonstration_ids()}
    with open_house(settings, **collaborators) as house:
        if house.recorder.max_notification_id() and not then_serve:
            refuse(f"{settings.home} 不是空的；演示数据只能写入新的目录（MINGPAI_HOME）")
        if not house.recorder.max_notification_id():
            with progress_bar("演示数据") as progress, hasty(*house.engines):
                told = fill(house, progress=lambda done, total, _: progress(done, total))
            operators.set_passwords(house, told.accounts, DEMO_PASSWORD)
            click.echo(f"{told.events} 条事件；账号（密码均为 {DEMO_PASSWORD}）：")
            click.echo("  ".join(told.accounts))
    if then_serve:
        _serve(settings, None, port)


@click.command()
@click.option("--check", "compare", is_flag=True, help="Compare instead of replacing.")
def rebuild(compare: bool) -> None:
    """Refold the views from the log."""
    from adapters.views.rebuild import check

    with open_house() as house:
        if not compare:
            click.echo(f"{_rebuild(house)} 条事件已重建")
            return
        with progress_bar("比对视图") as progress:
            found = check(house.engine, house.recorder, house.register.mapper, progress)
    if found:
        refuse(*(f"{each.table} {each.kind} {each.row}" for each in found))
    click.echo("视图与日志逐行一致")


def _rebuild(house: House) -> int:
    from adapters.views.rebuild import rebuild as refold

    with progress_bar("重建视图") as progress:
        return refold(house.engine, house.recorder, house.register.mapper, progress)
