"""Commands about incidents: what a person must look at, tried again or settled with a note."""

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
    from engine.core.effect import IncidentKind

KINDS = (
    "nobody_to_assign", "nobody_to_tell", "step_refused", "approval_unreachable", "holder_absent", "dead_letter", "provisional",
    "nobody_can_finish", "event_unmatched",
)  # fmt: skip
incident = argument("incident", "异常编号", "The id of the incident", metavar="ID")


@click.group(
    "incidents",
    cls=Group,
    label=Label("异常：需要有人处理的事。", "Incidents: what a person must look at."),
    invoke_without_command=True,
)
@option("--all", "with_settled", is_flag=True, zh="也列出已重试、已解决的", en="Those retried and resolved, too")
@option("--kind", type=click.Choice(KINDS), zh="只列这一类", en="Only those of this kind")
@option("--case", "number", metavar="NUMBER", zh="只列此工单的", en="Only those of this case")
@grammar.limit
@grammar.as_json
@click.pass_context
def incidents(context: click.Context, with_settled: bool, kind: IncidentKind | None, number: str | None, limit: int, as_json: bool) -> int:
    """Without a command: list."""
    if context.invoked_subcommand is not None:
        return DONE
    from commands.display.incident import show_incidents

    session: Session = context.obj
    with session.application() as application:
        page = application.incidents.page(limit, kind=kind, number=number, with_settled=with_settled)
    show_incidents(page, session.settings.zone, in_json=as_json)
    return DONE


def command(name: str, zh: str, en: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of this group."""

    def added(function: Callable[..., Any]) -> click.Command:
        made = grammar.command(name, zh, en)(function)
        incidents.add_command(made)
        return made

    return added


@command("seen", "标为已看到：有人在处理。", "Say that somebody has seen it and looks after it.")
@incident
@grammar.acting
@click.pass_obj
def seen(session: Session, incident: str, person: str) -> None:
    """Say that it was seen."""
    from commands.display.incident import show_seen

    with session.application() as application:
        application.incidents.see(incident, person)
        show_seen(application.incidents.show(incident))


@command(
    "retry", "重试：重新发送、重新通知、重新派单，或再执行一次被拒的步骤。", "Try again: send, tell, assign, or perform what was refused."
)
@incident
@grammar.acting
@grammar.as_json
@click.pass_obj
def retry(session: Session, incident: str, person: str, as_json: bool) -> int:
    """Try again."""
    from commands.display.incident import show_retried

    with session.application() as application:
        return show_retried(application.incidents.retry(incident, session.caller(person)), in_json=as_json)


@command("resolve", "标为已解决，写明处理结果。", "Say that it is dealt with, and how.")
@incident
@grammar.acting
@option("--note", required=True, metavar="TEXT", zh="处理结果", en="What was done")
@click.pass_obj
def resolve(session: Session, incident: str, person: str, note: str) -> None:
    """Settle with a note."""
    from commands.display.incident import show_resolved

    with session.application() as application:
        show_resolved(application.incidents.resolve(incident, person, note))


COMMANDS = {incidents.name: incidents}
