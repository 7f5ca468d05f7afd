"""Commands that read cases: lists, one case, what may be done with it, what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import rich_click as click

from commands import grammar
from commands.grammar import argument, command, option
from commands.session import Session
from commands.speech import tr


@command("cases", "列出工单。", "List cases.")
@option("--workflow", metavar="W", zh="流程（标识或名称）", en="Of this workflow, by id or title")
@option("--state", metavar="STATE", zh="状态（标识或名称）", en="In this state, by id or title")
@option("--phase", metavar="PHASE", zh="阶段（标识或名称）", en="In this phase, by id or title")
@option("--person", metavar="PERSON", zh="承办人（标识或姓名）", en="Held by this person, by id or name")
@option(
    "--mine", metavar="PERSON", zh="此人承办或代人承办的未结工单（标识或姓名）", en="Open ones of this person and of whom he stands in for"
)
@option("--open/--ended", "is_open", default=None, zh="只列未结 / 已结", en="Only open, or only ended ones")
@grammar.seeing
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
    mine: str | None,
    is_open: bool | None,
    viewer: str | None,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """List cases."""
    from commands import terminal
    from commands.display import case
    from engine.representation.case import of_page
    from engine.store.cases import Filter

    with session.application() as application:
        views, now = application.views, application.time.now()
        chosen, access = Filter(workflow, state, phase, person, is_open), application.access(session.identity(viewer))
        page = views.page(chosen, limit, after, access) if mine is None else views.mine(mine, now, chosen, limit, after, access)
    if as_json:
        terminal.as_json(of_page(page))
    else:
        last = page.lines[-1].line.number if page.lines else ""
        following = tr("还有更多：加 --after {last}", "There are more: add --after {last}", last=last)
        case.show_page(page, now, session.settings.zone, following=following)


@command("find", "按编号、姓名、电话、串号等查找工单。", "Find cases by number, name, phone, IMEI …")
@argument("text", "要找的内容", "What to look for")
@grammar.seeing
@grammar.limit
@grammar.as_json
@click.pass_obj
def find(session: Session, text: str, viewer: str | None, limit: int, as_json: bool) -> None:
    """Find cases."""
    from commands import terminal
    from commands.display import case
    from engine.representation.case import of_page

    with session.application() as application:
        page, now = application.views.find(text, limit, application.access(session.identity(viewer))), application.time.now()
    if as_json:
        terminal.as_json(of_page(page))
    else:
        following = tr("还有更多：调大 --limit", "There are more: raise --limit")
        case.show_page(page, now, session.settings.zone, following=following)
        case.show_older(page)


@command("case", "查看一个工单。", "Show one case.")
@grammar.number
@grammar.seeing
@grammar.as_json
@click.pass_obj
def case(session: Session, number: str, viewer: str | None, as_json: bool) -> None:
    """Show one case."""
    from commands.display.dossier import show_dossier

    with session.application() as application:
        show_dossier(application, number, application.access(session.identity(viewer)), session.settings.zone, in_json=as_json)


@command("subject", "某一对象（设备、车辆）的全部工单。", "The whole history of a subject: a device, a vehicle.")
@argument("subject", "对象的标识，如串号、车架号", "What identifies it: an IMEI, a VIN")
@grammar.as_json
@click.pass_obj
def subject(session: Session, subject: str, as_json: bool) -> None:
    """List the cases of a subject."""
    from commands import terminal
    from commands.display import linked
    from engine.representation.linked import of_subject

    with session.application() as application:
        visits = application.lineage.of_subject(subject)
    if as_json:
        terminal.as_json(of_subject(subject, visits))
    elif visits:
        linked.show_visits(visits, session.settings.zone)
    else:
        terminal.show(tr("没有关于它的工单。", "There is no case of it."))


@command("options", "某人对工单可做什么；不能做的说明全部原因。", "What a person may do with a case, and every reason why not.")
@grammar.number
@grammar.acting
@grammar.as_json
@click.pass_obj
def options(session: Session, number: str, person: str, as_json: bool) -> None:
    """Show each step of the present state."""
    from commands import terminal
    from commands.display import refusal
    from engine.representation.step import of_options

    identity = session.identity(person)
    with session.application() as application:
        of, found = application.cases.options(number, identity)
        definition = application.catalog.by_digest(of.digest)
        who = application.standing.instead(definition, of, found, application.access(identity))
    if as_json:
        terminal.as_json(of_options(of, found, who))
    else:
        refusal.show_options(found, who, definition.fields, session.settings.zone)


@command("why", "某人为什么能或不能执行某一步骤，谁可以。", "Why a person may or may not do a step, question by question, and who can.")
@grammar.number
@argument("transition", "步骤（标识或名称）", "The step, by id or title")
@grammar.acting
@grammar.values
@grammar.reason
@grammar.as_json
@click.pass_obj
def why(session: Session, number: str, transition: str, person: str, values: Mapping[str, str], reason: str | None, as_json: bool) -> None:
    """Show everything that is asked before a step."""
    from commands import terminal
    from commands.display import refusal
    from engine.representation.step import of_why

    with session.application() as application:
        found = application.standing.why(number, transition, values, reason, session.caller(person))
    if as_json:
        terminal.as_json(of_why(found))
    else:
        refusal.show_why(found, session.settings.zone)


@command("history", "工单的全部历史。", "All that happened to a case.")
@grammar.number
@grammar.seeing
@grammar.as_json
@click.pass_obj
def history(session: Session, number: str, viewer: str | None, as_json: bool) -> None:
    """Show the history of a case."""
    from commands import terminal
    from commands.display import case as display
    from engine.representation.history import of_history

    with session.application() as application:
        entries = application.views.history(number, application.access(session.identity(viewer)))
    if as_json:
        terminal.as_json(of_history(number, entries))
    else:
        display.show_history(entries, session.settings.zone)


@command("file", "取出工单的附件。", "Write an attachment of a case to a file.")
@grammar.number
@argument("field", "附件字段（标识或名称）", "The field, by id or title")
@option("--to", type=click.Path(path_type=Path), metavar="PATH", zh="写到哪里：文件或文件夹", en="Where to: a file or a folder")
@grammar.seeing
@click.pass_obj
def file(session: Session, number: str, field: str, to: Path | None, viewer: str | None) -> None:
    """Write attachments out."""
    from commands import terminal
    from engine.runtime.attachment import held, write_all

    with session.application() as application:
        view = application.views.case(number, application.access(session.identity(viewer)))
        for path in write_all(application.database, held(view, field), to or Path()):
            terminal.show(str(path))


COMMANDS = {each.name: each for each in (cases, find, case, subject, options, why, history, file)}
