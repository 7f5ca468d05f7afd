"""Commands that wish something: open a case, move it, correct it, comment on it, take something back; one, or a whole sheet of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import rich_click as click

from commands import grammar
from commands.grammar import argument, command, option
from commands.session import Session
from commands.speech import language, tr


@command("open", "受理一个新工单。", "Open a case.")
@argument("workflow", "流程（标识或名称）", "Which workflow, by id or title", metavar="WORKFLOW")
@argument("start", "开始方式（标识或名称）", "Which of its starts, by id or title", metavar="START")
@grammar.acting
@option("--unit", metavar="UNIT", zh="工单所属单位（标识或名称）", en="The unit the case belongs to, by id or title")
@grammar.values
@grammar.reason
@grammar.key
@grammar.dry_run
@grammar.as_json
@click.pass_obj
def open_case(
    session: Session,
    workflow: str,
    start: str,
    person: str,
    unit: str | None,
    values: Mapping[str, str],
    reason: str | None,
    key: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Open a case."""
    from commands.display.wish import Wish

    with session.application() as application:
        return Wish(application, session.caller(person), session.key(key), dry_run, as_json).open(workflow, start, values, reason, unit)


@command("move", "执行一个步骤。", "Move a case by one of its steps.")
@grammar.number
@argument("transition", "步骤（标识或名称）", "The step, by id or title")
@grammar.acting
@grammar.values
@grammar.reason
@grammar.key
@option("--expect", type=int, metavar="REVISION", zh="仅当工单仍为此修订号时执行", en="Only if the case is still at this revision")
@grammar.dry_run
@grammar.as_json
@click.pass_obj
def move(
    session: Session,
    number: str,
    transition: str,
    person: str,
    values: Mapping[str, str],
    reason: str | None,
    key: str | None,
    expect: int | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Move a case."""
    from commands.display.wish import Wish

    with session.application() as application:
        return Wish(application, session.caller(person), session.key(key), dry_run, as_json).move(
            number, transition, values, reason, expect
        )


@command("correct", "更正填错的内容，不改变状态。", "Mend what was entered wrongly, without a move.")
@grammar.number
@grammar.acting
@grammar.values
@option("--reason", required=True, metavar="TEXT", zh="更正原因", en="Why it is corrected")
@grammar.key
@option("--expect", type=int, metavar="REVISION", zh="仅当工单仍为此修订号时执行", en="Only if the case is still at this revision")
@grammar.dry_run
@click.pass_obj
def correct(
    session: Session,
    number: str,
    person: str,
    values: Mapping[str, str],
    reason: str,
    key: str | None,
    expect: int | None,
    dry_run: bool,
) -> int:
    """Correct a case."""
    from commands.display.wish import Wish

    with session.application() as application:
        return Wish(application, session.caller(person), session.key(key), dry_run).correct(number, values, reason, expect)


@command("comment", "在工单历史中写一条备注。", "Write a remark into the history of a case.")
@grammar.number
@argument("text", "备注内容", "The remark")
@grammar.acting
@grammar.key
@click.pass_obj
def comment(session: Session, number: str, text: str, person: str, key: str | None) -> int:
    """Comment on a case."""
    from commands.display.wish import Wish

    with session.application() as application:
        return Wish(application, session.caller(person), session.key(key), dry_run=False).comment(number, text)


@command("undo", "撤销自己刚执行的一步。", "Take back the step that you have just performed.")
@grammar.number
@grammar.acting
@option("--reason", required=True, metavar="TEXT", zh="撤销原因", en="Why it is taken back")
@grammar.key
@option("--expect", type=int, metavar="REVISION", zh="仅当工单仍为此修订号时执行", en="Only if the case is still at this revision")
@grammar.dry_run
@grammar.as_json
@click.pass_obj
def undo(session: Session, number: str, person: str, reason: str, key: str | None, expect: int | None, dry_run: bool, as_json: bool) -> int:
    """Take back the newest step."""
    from commands.display.wish import Wish

    with session.application() as application:
        return Wish(application, session.caller(person), session.key(key), dry_run, as_json).undo(number, reason, expect)


@command("withdraw", "撤回自己的签署。", "Take back your signature of a step.")
@grammar.number
@argument("transition", "步骤（标识或名称）", "The step, by id or title", metavar="STEP")
@grammar.acting
@grammar.key
@grammar.as_json
@click.pass_obj
def withdraw(session: Session, number: str, transition: str, person: str, key: str | None, as_json: bool) -> int:
    """Take back a signature."""
    from commands.display.wish import Wish

    with session.application() as application:
        wish = Wish(application, session.caller(person), session.key(key), dry_run=False, in_json=as_json)
        return wish.withdraw(number, transition)


@command("intake", "批量受理：CSV 每行一个工单。", "Open a case for every row of a CSV file.")
@argument("file", "CSV 文件（UTF-8 或 GB18030）", "The CSV file, in UTF-8 or GB18030", type=click.Path(path_type=Path))
@option("--workflow", required=True, metavar="W", zh="流程（标识或名称）", en="Which workflow, by id or title")
@option("--start", required=True, metavar="S", zh="开始方式（标识或名称）", en="Which of its starts, by id or title")
@option("--as", "person", metavar="PERSON", zh="以谁的身份；不写则为系统对接", en="Who acts; without it, an integration")
@option("--unit", metavar="UNIT", zh="工单所属单位（标识或名称）", en="The unit the cases belong to, by id or title")
@click.pass_obj
def intake(session: Session, file: Path, workflow: str, start: str, person: str | None, unit: str | None) -> int:
    """Take in a sheet."""
    from commands import terminal
    from commands.display.intake import show_intake
    from engine.runtime.intake import take_in_file
    from engine.runtime.naming import unit_named

    with session.application() as application:
        definition, caller = application.catalog.newest(workflow), session.caller(person, "import")
        unit = unit_named(application.directory.roster(), unit) if unit is not None else None
        bar, told = terminal.progress(tr("受理", "Taking in"))
        with bar:
            result, rejected = take_in_file(
                application.cases, definition, start, file, caller, unit=unit, language=language(), progress=told
            )
        known = application.lineage.of_cases(result.opened)
    return show_intake(result, rejected, known, session.settings.zone)


COMMANDS = {each.name: each for each in (open_case, move, correct, comment, undo, withdraw, intake)}
