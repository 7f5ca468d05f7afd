"""Commands about endpoints: where messages are posted for programs and for groups of people, beside every person's own channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import rich_click as click

from commands import grammar
from commands.grammar import Group, argument, option
from commands.session import Session
from commands.speech import tr
from engine.label import Label

KINDS = ("webhook", "wecom", "dingtalk", "feishu")
secret = option(
    "--secret", metavar="TEXT", zh="签名密钥；写 - 则从标准输入读取", en="What messages are signed with; - reads it from standard input"
)
name = argument("name", "推送地址的名称", "The name of the endpoint")


@click.group(
    "endpoints",
    cls=Group,
    label=Label("推送地址：Webhook 和群机器人。", "Endpoints: webhooks and the robots of chats."),
    invoke_without_command=True,
)
@grammar.as_json
@click.pass_context
def endpoints(context: click.Context, as_json: bool) -> None:
    """Without a command: list."""
    if context.invoked_subcommand is None:
        context.invoke(list_endpoints, as_json=as_json)


def command(name: str, zh: str, en: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of this group."""

    def added(function: Callable[..., Any]) -> click.Command:
        made = grammar.command(name, zh, en)(function)
        endpoints.add_command(made)
        return made

    return added


@command("list", "列出推送地址；不显示完整网址和密钥。", "List endpoints, without their whole addresses and secrets.")
@grammar.as_json
@click.pass_obj
def list_endpoints(session: Session, as_json: bool) -> None:
    """List endpoints."""
    from commands.display.endpoint import show_endpoints

    with session.application() as application:
        show_endpoints(application.endpoints.known(), application.time.now(), session.settings.zone, in_json=as_json)


@command("add", "添加推送地址。", "Add an endpoint.")
@name
@option("--kind", required=True, type=click.Choice(KINDS), zh="方式", en="What receives there")
@option("--url", required=True, metavar="URL", zh="网址；写 - 则从标准输入读取", en="The address; - reads it from standard input")
@option("--role", metavar="ROLE", zh="通知此角色（标识或名称）时推送", en="Told whatever tells this role, by id or title")
@option(
    "--events",
    multiple=True,
    metavar="EVENT",
    zh="推送此事件：名称、前缀.* 或 *；可重复",
    en="Hears of this event: a name, PREFIX.* or *; may be repeated",
)
@option("--unit", metavar="UNIT", zh="只限此单位及其下级（标识或名称）", en="Only in this unit and below, by id or title")
@secret
@click.pass_obj
def add(
    session: Session, name: str, kind: str, url: str, role: str | None, events: tuple[str, ...], unit: str | None, secret: str | None
) -> None:
    """Add an endpoint."""
    from commands.display.endpoint import show_added, typed
    from commands.display.staff import registry_of
    from engine.runtime.endpoints import Wish
    from engine.runtime.naming import unit_named
    from engine.runtime.posting import means_nothing

    registry = registry_of(session.settings)
    with session.application() as application:
        unit = unit_named(application.directory.roster(), unit) if unit is not None else None
        wish = Wish(name, kind, typed(url), role, unit, typed(secret) if secret is not None else None, events)
        made = application.endpoints.add(registry, wish, by=session.principal)
        vain = [each for each in events if means_nothing(each, application.catalog.all_newest())]
    show_added(name, made, vain)


@command("rotate", "更换密钥；Webhook 在 24 小时内新旧密钥都签名。", "Replace the secret; for a day a webhook is signed with both.")
@name
@secret
@option("--drop-former", is_flag=True, zh="不更换，只停用旧密钥", en="Replace nothing: only let the former secret go")
@click.pass_obj
def rotate(session: Session, name: str, secret: str | None, drop_former: bool) -> None:
    """Replace a secret."""
    from commands.display.endpoint import show_secret, typed
    from commands.terminal import show

    with session.application() as application:
        if drop_former:
            done = application.endpoints.drop_former(name, by=session.principal)
            show(tr("旧密钥已停用", "The former secret signs no more") if done else tr("没有旧密钥", "There is no former secret"))
            return
        made = application.endpoints.rotate(name, typed(secret) if secret is not None else None, by=session.principal)
    show(tr("{name} 的密钥已更换", "The secret of {name} is replaced", name=name))
    show_secret(made)


@command("disable", "停用推送地址。", "Disable an endpoint.")
@name
@click.pass_obj
def disable(session: Session, name: str) -> None:
    """Disable an endpoint."""
    from commands.terminal import show

    with session.application() as application:
        why = Label("操作人 {who}", "by {who}").fill(who=session.principal)
        done = application.endpoints.disable(name, why)
    show(tr("{name} 已停用", "{name} is disabled", name=name) if done else tr("{name} 早已停用", "{name} is disabled already", name=name))


@command("enable", "恢复推送地址。", "Enable an endpoint again.")
@name
@click.pass_obj
def enable(session: Session, name: str) -> None:
    """Enable an endpoint."""
    from commands.terminal import show

    with session.application() as application:
        done = application.endpoints.enable(name)
    show(tr("{name} 已恢复", "{name} is enabled", name=name) if done else tr("{name} 没有停用", "{name} is not disabled", name=name))


@command("test", "立即发送一条测试消息，显示对方的回答。", "Send a test message now and show what the receiver said.")
@name
@click.pass_obj
def test(session: Session, name: str) -> int:
    """Try an endpoint out."""
    from commands.display.endpoint import show_tried
    from commands.speech import language

    with session.application() as application:
        return show_tried(name, application.endpoints.try_out(name, language()))


COMMANDS = {"endpoints": endpoints}
