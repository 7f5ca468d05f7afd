"""Commands about tokens: what other programs, and people by way of them, prove themselves with at the HTTP API."""

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
    from roles.roster import Roster
    from roles.scope import Scope


@click.group(
    "tokens",
    cls=Group,
    label=Label("令牌：外部程序和人员凭它使用接口。", "Tokens: with them programs and people use the HTTP API."),
    invoke_without_command=True,
)
@grammar.as_json
@click.pass_context
def tokens(context: click.Context, as_json: bool) -> None:
    """Without a command: list."""
    if context.invoked_subcommand is None:
        context.invoke(list_tokens, as_json=as_json)


def command(name: str, zh: str, en: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of this group."""

    def added(function: Callable[..., Any]) -> click.Command:
        made = grammar.command(name, zh, en)(function)
        tokens.add_command(made)
        return made

    return added


@command("list", "列出令牌，含过期和撤销的；不显示令牌本身。", "List tokens, spent ones too; never the tokens themselves.")
@grammar.as_json
@click.pass_obj
def list_tokens(session: Session, as_json: bool) -> None:
    """List tokens."""
    from commands.display.token import show_tokens

    with session.application() as application:
        show_tokens(application.tokens.known(), application.time.now(), session.settings.zone, in_json=as_json)


@command("make", "生成令牌，只显示这一次。", "Make a token; it is shown only now.")
@argument("holder", "持有者：人员或外部程序（标识或名称）", "Whose it is: a person or a service, by id or name")
@option("--title", required=True, metavar="TEXT", zh="说明，例如用在哪里", en="What it is for, such as where it is used")
@option(
    "--role",
    "roles",
    multiple=True,
    metavar="ROLE",
    zh="只限此角色（标识或名称）；可重复",
    en="For this role only, by id or title; may be repeated",
)
@option(
    "--unit",
    "units",
    multiple=True,
    metavar="UNIT",
    zh="只限此单位及其下级（标识或名称）；可重复",
    en="For this unit and those below only, by id or title; may be repeated",
)
@option(
    "--for-people",
    is_flag=True,
    zh="可代表请求中指明的人员（仅限外部程序）",
    en="May act for the person that a request names; for services only",
)
@option("--days", type=click.IntRange(1, 366), default=90, show_default=True, metavar="N", zh="有效天数", en="How many days it is good for")
@click.pass_obj
def make(session: Session, holder: str, title: str, roles: tuple[str, ...], units: tuple[str, ...], for_people: bool, days: int) -> None:
    """Make a token."""
    from datetime import timedelta

    from commands.display.token import show_made
    from engine.runtime.naming import person_named
    from engine.runtime.tokens import Wish

    with session.application() as application:
        roster = application.directory.roster()
        wish = Wish(person_named(roster, holder), title, _scope(session, roster, roles, units), for_people, timedelta(days=days))
        show_made(application.tokens.make(wish, by=session.principal), session.settings.zone)


def _scope(session: Session, roster: Roster, roles: tuple[str, ...], units: tuple[str, ...]) -> Scope:
    """What was typed as the scope; where nothing was, all."""
    from commands.display.staff import registry_of
    from engine.runtime.naming import unit_named
    from engine.runtime.staffing import role_named
    from roles.scope import Scope

    registry = registry_of(session.settings) if roles else None
    return Scope(
        frozenset(role_named(registry, role) for role in roles) if registry is not None else None,
        frozenset(unit_named(roster, unit) for unit in units) if units else None,
    )


@command("revoke", "撤销令牌，立即生效。", "Revoke a token, at once.")
@argument("id", "令牌编号", "The id of the token")
@click.pass_obj
def revoke(session: Session, id: str) -> None:
    """Revoke a token."""
    from commands.terminal import show

    with session.application() as application:
        done = application.tokens.revoke(id)
    show(tr("{id} 已撤销", "{id} is revoked", id=id) if done else tr("{id} 早已撤销", "{id} is revoked already", id=id))


COMMANDS = {"tokens": tokens}
