"""Commands that read the register: studios, the trace of a subsidy, exports."""

from __future__ import annotations

from pathlib import Path

import click

from adapters.asof import position_of
from web.cli.shared import OUT, as_json, as_of, open_house, progress_bar, show, table, who


@click.group()
def studio() -> None:
    """Studios, now or as of a past moment."""


@studio.command("list")
@click.option("--search", help="Part of a name.")
@click.option("--status", help="Only studios of a status.")
@as_of
@as_json
def studio_list(search: str | None, status: str | None, as_of: str | None, plain: bool) -> None:
    """All studios."""
    with open_house() as house:
        position = position_of(as_of, house.queries)
        filters = {"status": status} if status else None
        found = house.queries.every(
            "studios", as_of=position, search=search, filters=filters, sort="name"
        )
        rows = list(found)
    if plain:
        show(rows)
        return
    headings = ("编号", "名称", "所在单位", "状态", "命名编号")
    columns = ("id", "name", "unit_name", "status", "number")
    table(headings, [tuple(str(row[name] or "") for name in columns) for row in rows])


@studio.command("show")
@click.argument("id")
@as_of
@as_json
def studio_show(id: str, as_of: str | None, plain: bool) -> None:
    """One studio with its whole life."""
    with open_house() as house:
        position = position_of(as_of, house.queries)
        found = house.queries.studio(id, as_of=position)
        life = house.queries.timeline(record=id, as_of=position, limit=500)["items"]
    if plain:
        show({**found, "timeline": life})
        return
    click.echo(f"{found['name']}  {found['unit_name']}  {found['status']}")
    table(
        ("位置", "时间", "事件", "办理"),
        [(str(e["position"]), e["at"], e["topic"], who(e)) for e in life],
    )


@click.group()
def export() -> None:
    """Whole exports, streamed."""


@export.command("events")
@click.option("-o", "--output", type=OUT, required=True)
@as_of
def export_events(output: Path, as_of: str | None) -> None:
    """Every event as it is stored, one JSON object a line."""
    from adapters import exports

    with open_house() as house, progress_bar("导出") as progress:
        stop = position_of(as_of, house.queries)
        count = exports.export_events(house.recorder, output, stop=stop, progress=progress)
    click.echo(f"{count} 条事件 → {output}")
