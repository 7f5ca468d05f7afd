"""Commands that read cases: lists, one case, what may be done with it, what happened to it."""

from __future__ import annotations

import rich_click as click

from commands import grammar
from commands.grammar import argument, command, option
from commands.session import Session
from commands.speech import tr

LATEST = 3
"""Entries of the history that `case` shows."""


@command("cases", "列出工单。", "List cases.")
@option("--workflow", metavar="W", zh="流程（标识或名称）", en="Of this workflow, by id or title")
@option("--state", metavar="STATE", zh="状态（标识或名称）", en="In this state, by id or title")
@option("--phase", metavar="PHASE", zh="阶段（标识或名称）", en="In this phase, by id or title")
@option("--person", metavar="PERSON", zh="承办人（标识或姓名）", en="Held by this person, by id or name")
@option("--open/--ended", "is_open", default=None, zh="只列未结 / 已结", en="Only open, or only ended ones")
@grammar.limit
@option("--after", metavar="NUMBER", zh="从此编号之后开始", en="Begin after this case")
@grammar.as_json
@click.pass_obj
def cases(
    session: Session,
    workflow: str | None,
    state: str | None,
    phase: str | None,
    person: str | None,
    is_open: bool | None,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """List cases."""
    from commands import terminal
    from commands.display import case, objects
    from engine.store.cases import Filter

    with session.application() as application:
        chosen = Filter(workflow, state, phase, person, is_open)
        page, now = application.views.page(chosen, limit, after), application.time.now()
    if as_json:
        terminal.as_json(objects.of_page(page))
    else:
        last = page.lines[-1].line.number if page.lines else ""
        following = tr("还有更多：加 --after {last}", "There are more: add --after {last}", last=last)
        case.show_page(page, now, session.settings.zone, following=following)


@command("find", "按编号、姓名、电话、串号等查找工单。", "Find cases by number, name, phone, IMEI …")
@argument("text", "要找的内容", "What to look for")
@grammar.limit
@grammar.as_json
@click.pass_obj
def find(session: Session, text: str, limit: int, as_json: bool) -> None:
    """Find cases."""
    from commands import terminal
    from commands.display import case, objects

    with session.application() as application:
        page, now = application.views.find(text, limit), application.time.now()
    if as_json:
        terminal.as_json(objects.of_page(page))
    else:
        following = tr("还有更多：调大 --limit", "There are more: raise --limit")
        case.show_page(page, now, session.settings.zone, following=following)


@command("case", "查看一个工单。", "Show one case.")
@grammar.number
@grammar.as_json
@click.pass_obj
def case(session: Session, number: str, as_json: bool) -> None:
    """Show one case."""
    from commands import terminal
    from commands.display import case as display
    from commands.display import objects

    with session.application() as application:
        view, now = application.views.case(number), application.time.now()
        entries = application.views.history(number)
    if as_json:
        terminal.as_json(objects.of_case(view))
    else:
        display.show_case(view, entries[-LATEST:], now, session.settings.zone)


@command("options", "某人对工单可做什么；不能做的说明全部原因。", "What a person may do with a case, and every reason why not.")
@grammar.number
@grammar.acting
@grammar.as_json
@click.pass_obj
def options(session: Session, number: str, person: str, as_json: bool) -> None:
    """Show each step of the present state."""
    from commands import terminal
    from commands.display import objects, refusal

    with session.application() as application:
        of, found = application.cases.options(number, person)
        fields = application.catalog.by_digest(of.digest).fields
    if as_json:
        terminal.as_json({"number": of.number, "revision": of.revision, "options": [objects.of_option(each) for each in found]})
    elif found:
        refusal.show_options(found, fields)
    else:
        terminal.show(tr("工单已结束，没有后续步骤。", "The case has ended; no step leads on."))


@command("history", "工单的全部历史。", "All that happened to a case.")
@grammar.number
@grammar.as_json
@click.pass_obj
def history(session: Session, number: str, as_json: bool) -> None:
    """Show the history of a case."""
    from commands import terminal
    from commands.display import case as display
    from commands.display import objects

    with session.application() as application:
        entries = application.views.history(number)
    if as_json:
        terminal.as_json({"number": number, "history": [objects.of_entry(each) for each in entries]})
    else:
        display.show_history(entries, session.settings.zone)


COMMANDS = {each.name: each for each in (cases, find, case, options, history)}
