"""Commands on messages: how each kind reads, whether the templates are right, and what did not go out."""

from __future__ import annotations

from uuid import UUID

import click

from adapters.settings import Settings
from web.cli.shared import as_json, open_house, refuse, show, table


@click.group()
def messages() -> None:
    """Messages: their texts, and what did not go out."""


@messages.command("preview")
@click.argument("kind")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--html", is_flag=True, help="The page that goes with the mail.")
def preview(kind: str, lang: str, html: bool) -> None:
    """How a kind of message reads, with made-up facts."""
    from adapters.messages.texts import TemplateFailed, Texts, as_html, example_about
    from adapters.messages.wording import WORDINGS

    if kind not in WORDINGS:
        raise click.UsageError(f"没有“{kind}”这类消息；有：{'、'.join(WORDINGS)}")
    texts, about = Texts(Settings.load().home), example_about(lang, None)
    try:
        text = texts.example(kind, lang)
        footer = texts.footer(about, "https://register.example/preferences", lang)
    except TemplateFailed as error:
        refuse(str(error))
    label = "前往办理" if lang == "zh" else "Open"
    if html:
        click.echo(as_html(text, about.link, label, footer, lang), nl=False)
    else:
        click.echo(f"{text.subject}\n\n{text.body}\n\n{about.link}\n\n-- \n{footer}")


@messages.command("check")
def check() -> None:
    """Make every kind of message in every language; exit 1 where a template is wrong."""
    from adapters.messages.texts import LANGUAGES, Texts
    from adapters.messages.wording import WORDINGS

    faults = Texts(Settings.load().home).faults()
    if faults:
        refuse(*faults)
    click.echo(f"{len(WORDINGS)} 类消息、{len(LANGUAGES)} 种语言的模板均无误")


@messages.command("dead")
@as_json
def dead(plain: bool) -> None:
    """What did not go out and was given up, by whom it was meant for."""
    from adapters.messages.deliveries import dead as found

    with open_house() as house:
        rows = found(house.engine)
    if plain:
        show(rows)
        return
    headings = ("编号", "方式", "接收方", "内容", "结束时间", "原因")
    columns = ("id", "channel", "target", "what", "ended_at", "error")
    table(headings, [tuple(str(row[name] or "") for name in columns) for row in rows])


@messages.command("resend")
@click.argument("delivery", type=click.UUID, required=False)
@click.option("--to", type=click.UUID, help="Every one that was meant for an endpoint or account.")
@click.option("--all", "every", is_flag=True, help="Every one there is.")
def resend(delivery: UUID | None, to: UUID | None, every: bool) -> None:
    """Let what was given up begin anew."""
    from adapters.messages import deliveries

    if sum((delivery is not None, to is not None, every)) != 1:
        raise click.UsageError("请指明一条投递、--to 或 --all 之一")
    with open_house() as house:
        now = house.clock()
        if delivery is not None:
            deliveries.resend(house.engine, delivery, now)
            count = 1
        elif to is not None:
            count = deliveries.resend_all(house.engine, to, now)
        else:
            count = deliveries.resend_every(house.engine, now)
    click.echo(f"{count} 条将重新发送")
