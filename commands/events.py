"""Commands about events from outside: what was received, and what waits in quarantine for somebody to replay or drop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import rich_click as click

from commands import grammar
from commands.failure import DONE
from commands.grammar import Group, argument, option
from commands.session import Session
from engine.label import Label

if TYPE_CHECKING:
    from engine.store.inbound import InboundStatus

STATUSES = ("accepted", "quarantined", "dropped")
source = argument("source", "事件来源", "The source")
event = argument("event", "事件编号", "The event, as its sender calls it")
called = option("--name", "called", metavar="NAME", zh="只限此名称的", en="Only those of this name")


@click.group(
    "events",
    cls=Group,
    label=Label("事件：从外部收到的，以及在隔离中的。", "Events from outside, and those in quarantine."),
    invoke_without_command=True,
)
@option("--status", type=click.Choice(STATUSES), zh="只列此状态的", en="Only those with this status")
@option("--source", metavar="SOURCE", zh="只列此来源的", en="Only those of this source")
@called
@grammar.limit
@grammar.as_json
@click.pass_context
def events(context: click.Context, status: InboundStatus | None, source: str | None, called: str | None, limit: int, as_json: bool) -> int:
    """Without a command: list."""
    if context.invoked_subcommand is not None:
        return DONE
    from commands.display.event import show_events

    session: Session = context.obj
    with session.application() as application:
        page = application.inbound.page(limit, status=status, source=source, name=called)
    show_events(page, session.settings.zone, in_json=as_json)
    return DONE


def command(name: str, zh: str, en: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of this group."""

    def added(function: Callable[..., Any]) -> click.Command:
        made = grammar.command(name, zh, en)(function)
        events.add_command(made)
        return made

    return added


@command("show", "显示一个事件及其内容。", "Show one event and what it says.")
@source
@event
@grammar.as_json
@click.pass_obj
def show(session: Session, source: str, event: str, as_json: bool) -> None:
    """Show one."""
    from commands.display.event import show_event

    with session.application() as application:
        show_event(application.inbound.show(source, event), session.settings.zone, in_json=as_json)


@command("replay", "重放隔离中的事件：一个，或按收到的顺序重放全部。", "Try again what is in quarantine: one, or all in order of receipt.")
@argument("source", "事件来源；不写则为全部来源", "The source; without it those of all", required=False)
@argument("event", "事件编号；不写则为该来源的全部事件", "The event; without it all of the source", required=False)
@called
@grammar.as_json
@click.pass_obj
def replay(session: Session, source: str | None, event: str | None, called: str | None, as_json: bool) -> int:
    """Try again."""
    from commands.display.event import show_replayed

    with session.application() as application:
        if source is not None and event is not None:
            done = [application.inbound.replay(source, event, by=session.principal)]
        else:
            done = [*application.inbound.replay_all(source, called, by=session.principal)]
    return show_replayed(done, in_json=as_json)


@command("drop", "不予处理隔离中的事件，写明原因。", "Let an event in quarantine be, for good.")
@source
@event
@option("--reason", required=True, metavar="TEXT", zh="原因", en="Why")
@click.pass_obj
def drop(session: Session, source: str, event: str, reason: str) -> None:
    """Let one be."""
    from commands.display.event import show_dropped

    with session.application() as application:
        show_dropped(application.inbound.drop(source, event, reason, by=session.principal))


COMMANDS = {events.name: events}
