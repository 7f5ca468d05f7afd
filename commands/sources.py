"""Commands about sources: who may send events, how they are signed, and as which service their steps are performed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import rich_click as click

from commands import grammar
from commands.grammar import Group, argument, option
from commands.session import Session
from commands.speech import tr
from engine.label import Label

if TYPE_CHECKING:
    from notifications.envelope import Envelope
    from notifications.signature import Algorithm, Encoding, Scheme

SCHEMES = ("standard", "hmac")
ALGORITHMS = ("sha256", "sha512", "sha1")
ENCODINGS = ("hex", "base64")
secret = option(
    "--secret", metavar="TEXT", zh="签名密钥；写 - 则从标准输入读取", en="What requests are signed with; - reads it from standard input"
)
name = argument("name", "事件来源的名称", "The name of the source")


@click.group(
    "sources",
    cls=Group,
    label=Label("事件来源：谁可以发来事件。", "Sources: who may send events."),
    invoke_without_command=True,
)
@grammar.as_json
@click.pass_context
def sources(context: click.Context, as_json: bool) -> None:
    """Without a command: list."""
    if context.invoked_subcommand is None:
        context.invoke(list_sources, as_json=as_json)


def command(name: str, zh: str, en: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of this group."""

    def added(function: Callable[..., Any]) -> click.Command:
        made = grammar.command(name, zh, en)(function)
        sources.add_command(made)
        return made

    return added


@command("list", "列出事件来源；不显示密钥。", "List sources, without their secrets.")
@grammar.as_json
@click.pass_obj
def list_sources(session: Session, as_json: bool) -> None:
    """List sources."""
    from commands.display.source import show_sources

    with session.application() as application:
        show_sources(application.sources.known(), application.time.now(), session.settings.zone, in_json=as_json)


@command("add", "添加事件来源。", "Add a source.")
@name
@option("--service", required=True, metavar="SERVICE", zh="以哪个外部程序办理（标识或名称）", en="The service that performs its steps")
@option("--scheme", type=click.Choice(SCHEMES), default="standard", show_default=True, zh="签名方式", en="How requests are signed")
@option("--header", metavar="NAME", zh="hmac：签名所在的请求头", en="hmac: the header with the signature")
@option("--algorithm", type=click.Choice(ALGORITHMS), default="sha256", show_default=True, zh="hmac：算法", en="hmac: the digest")
@option("--encoding", type=click.Choice(ENCODINGS), default="hex", show_default=True, zh="hmac：签名的写法", en="hmac: how it is written")
@option("--prefix", default="", metavar="TEXT", zh="hmac：签名前的文字，如 sha256=", en="hmac: what stands before it, such as sha256=")
@option("--signed", default="{body}", show_default=True, metavar="TEXT", zh="hmac：签名的内容", en="hmac: what is signed")
@option("--timestamp", metavar="NAME", zh="hmac：时间戳所在的请求头", en="hmac: the header with the timestamp")
@option(
    "--tolerance",
    type=click.IntRange(1, 3600),
    default=300,
    show_default=True,
    metavar="SECONDS",
    zh="hmac：时间戳的容差（秒）",
    en="hmac: how far the timestamp may lie from now",
)
@option("--id", "id", metavar="PLACE", zh="事件编号的位置", en="Where the id of the event stands")
@option("--name", "event_name", metavar="PLACE", zh="事件名称的位置", en="Where its name stands")
@option("--data", metavar="KEY", zh="事件内容所在的键；默认为整个正文", en="The key with what it says; without it the whole body")
@secret
@click.pass_obj
def add(session: Session, /, name: str, service: str, scheme: str, secret: str | None, **declared: Any) -> None:
    """Add a source."""
    from commands.display.endpoint import show_secret, typed
    from commands.terminal import show
    from engine.runtime.sources import Wish

    envelope = _envelope(scheme, declared["header"], declared.pop("id"), declared.pop("event_name"), declared.pop("data"))
    with session.application() as application:
        wish = Wish(name, service, _scheme(scheme, **declared), envelope, typed(secret) if secret is not None else None)
        made = application.sources.add(wish, by=session.principal)
    show(tr("{name} 已添加", "{name} is added", name=name))
    show_secret(made)


def _envelope(scheme: str, header: str | None, id: str | None, name: str | None, data: str | None) -> Envelope:
    """Where a request says what it is; for Standard Webhooks where they have it, unless it was typed."""
    from notifications.envelope import STANDARD, Envelope, Place

    if scheme == "hmac" and None in (header, id, name):
        raise click.UsageError(tr("hmac 须写明 --header、--id 和 --name", "hmac takes --header, --id and --name"))
    return Envelope(
        Place.parse(id) if id is not None else STANDARD.id,
        Place.parse(name) if name is not None else STANDARD.name,
        data if data is not None or scheme == "hmac" else STANDARD.data,
    )


def _scheme(
    scheme: str,
    header: str | None,
    algorithm: Algorithm,
    encoding: Encoding,
    prefix: str,
    signed: str,
    timestamp: str | None,
    tolerance: int,
) -> Scheme:
    from datetime import timedelta

    from notifications.signature import Hmac, Standard

    if scheme == "standard" or header is None:
        return Standard()
    return Hmac(header, algorithm, encoding, prefix, signed, timestamp, timedelta(seconds=tolerance))


@command("rotate", "更换密钥；24 小时内新旧密钥都有效。", "Replace the secret; for a day both are good.")
@name
@secret
@click.pass_obj
def rotate(session: Session, name: str, secret: str | None) -> None:
    """Replace a secret."""
    from commands.display.endpoint import show_secret, typed
    from commands.terminal import show

    with session.application() as application:
        made = application.sources.rotate(name, typed(secret) if secret is not None else None, by=session.principal)
    show(tr("{name} 的密钥已更换", "The secret of {name} is replaced", name=name))
    show_secret(made)


@command("disable", "停用事件来源。", "Disable a source.")
@name
@click.pass_obj
def disable(session: Session, name: str) -> None:
    """Disable a source."""
    from commands.terminal import show

    with session.application() as application:
        done = application.sources.disable(name)
    show(tr("{name} 已停用", "{name} is disabled", name=name) if done else tr("{name} 早已停用", "{name} is disabled already", name=name))


@command("enable", "恢复事件来源。", "Enable a source again.")
@name
@click.pass_obj
def enable(session: Session, name: str) -> None:
    """Enable a source."""
    from commands.terminal import show

    with session.application() as application:
        done = application.sources.enable(name)
    show(tr("{name} 已恢复", "{name} is enabled", name=name) if done else tr("{name} 没有停用", "{name} is not disabled", name=name))


COMMANDS = {"sources": sources}
