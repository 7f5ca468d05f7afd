"""Commands for many cases at once: a step or an assignment as a plan, looked at, run, and looked at again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from commands import grammar
from commands.failure import DONE
from commands.grammar import Group, argument, option
from commands.handing import NOBODY
from commands.session import Session
from commands.speech import tr
from engine.errors import Misuse, reason_of
from engine.label import Label

if TYPE_CHECKING:
    from engine.store.cases import Filter

    Chosen = Filter | list[str]

plan_id = argument("plan", "批量计划编号", "The id of the plan", metavar="PLAN")


@click.group(
    "bulk",
    cls=Group,
    label=Label("批量操作：先制定计划，看过判定再执行。", "Many cases at once: planned, looked at, then run."),
)
def bulk() -> None:
    """Many cases at once."""


def command(name: str, zh: str, en: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of this group."""

    def added(function: Callable[..., Any]) -> click.Command:
        made = grammar.command(name, zh, en)(function)
        bulk.add_command(made)
        return made

    return added


def choosing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Which cases a plan is for, as `chosen`: numbers, a file of them, or those that are open and stand somewhere."""

    @wraps(function)
    def with_chosen(
        *args: Any,
        numbers: Sequence[str],
        file: Path | None,
        workflow: str | None,
        state: str | None,
        phase: str | None,
        holder: str | None,
        **rest: Any,
    ) -> Any:
        return function(*args, chosen=_chosen(numbers, file, workflow, state, phase, holder), **rest)

    for each in reversed(_CHOOSING):
        with_chosen = each(with_chosen)
    return with_chosen


_PATH = click.Path(path_type=Path)
_CHOOSING = (
    click.argument("numbers", nargs=-1, cls=grammar.Argument, label=Label("工单编号", "Numbers of cases"), metavar="[NUMBER]..."),
    option("--cases", "file", type=_PATH, metavar="FILE", zh="每行一个工单编号的文件", en="A file with a case number on each line"),
    option("--workflow", metavar="W", zh="流程（标识或名称）", en="Cases of this workflow, by id or title"),
    option("--state", metavar="STATE", zh="状态（标识或名称）", en="Cases in this state, by id or title"),
    option("--phase", metavar="PHASE", zh="阶段（标识或名称）", en="Cases in this phase, by id or title"),
    option("--person", "holder", metavar="PERSON", zh="承办人（标识或姓名）", en="Cases held by this person, by id or name"),
)


@command(
    "plan", "对多个工单试行一个步骤，不写入工单；列出各自可否及原因。", "Try a step on many cases and keep the verdicts; nothing is moved."
)
@argument("transition", "步骤（标识或名称）", "The step, by id or title", metavar="STEP")
@choosing
@grammar.acting
@grammar.values
@grammar.reason
@grammar.as_json
@click.pass_obj
def plan(
    session: Session,
    transition: str,
    chosen: Chosen,
    person: str,
    values: Mapping[str, str],
    reason: str | None,
    as_json: bool,
) -> int:
    """Make a plan."""
    from commands import terminal
    from commands.display.bulk import show_plan

    with session.application() as application:
        bar, told = terminal.progress(tr("判定", "Judging"))
        with bar:
            made = application.bulk.plan(transition, chosen, values, reason, session.caller(person), progress=told)
        show_plan(made, application.bulk.title_of(made.plan), session.settings.zone, in_json=as_json)
    return DONE


@command(
    "assign",
    "试行改派多个工单，不写入工单；列出各自可否及原因。",
    "Try to give many cases to somebody, or to nobody, and keep the verdicts; nothing is given yet.",
)
@argument("to", "派给谁（标识或姓名），或 nobody", "To whom, by id or name, or nobody", metavar="TO")
@choosing
@grammar.acting
@grammar.reason
@grammar.as_json
@click.pass_obj
def assign(
    session: Session,
    to: str,
    chosen: Chosen,
    person: str,
    reason: str | None,
    as_json: bool,
) -> int:
    """Make a plan that assigns."""
    from commands import terminal
    from commands.display.bulk import show_plan

    with session.application() as application:
        bar, told = terminal.progress(tr("判定", "Judging"))
        with bar:
            made = application.bulk.assign(None if to == NOBODY else to, chosen, reason, session.caller(person), progress=told)
        show_plan(made, application.bulk.title_of(made.plan), session.settings.zone, in_json=as_json)
    return DONE


@command("show", "查看批量计划及其结果。", "Show a plan and what came of it.")
@plan_id
@grammar.as_json
@click.pass_obj
def show(session: Session, plan: str, as_json: bool) -> int:
    """Show a plan."""
    from commands.display.bulk import show_plan

    with session.application() as application:
        found = application.bulk.result(plan)
        show_plan(found, application.bulk.title_of(found.plan), session.settings.zone, in_json=as_json)
    return DONE


@command("run", "执行批量计划；中断后再执行一次即可接着做。", "Run a plan; one that was cut off is simply run again.")
@plan_id
@grammar.acting
@grammar.as_json
@click.pass_obj
def run(session: Session, plan: str, person: str, as_json: bool) -> int:
    """Run a plan."""
    from commands import terminal
    from commands.display.bulk import show_result

    with session.application() as application:
        bar, told = terminal.progress(tr("执行", "Moving"))
        with bar:
            done = application.bulk.confirm(plan, session.caller(person), progress=told)
        return show_result(done, application.bulk.title_of(done.plan), session.settings.zone, in_json=as_json)


@command("drop", "作废尚未执行的批量计划。", "Give up a plan that was not run.")
@plan_id
@grammar.acting
@click.pass_obj
def drop(session: Session, plan: str, person: str) -> int:
    """Drop a plan."""
    from commands import terminal

    with session.application() as application:
        application.bulk.drop(plan, session.caller(person))
    terminal.show(tr("计划 {id} 已作废", "The plan {id} is dropped", id=plan))
    return DONE


@command("list", "列出批量计划。", "List plans.")
@grammar.limit
@grammar.as_json
@click.pass_obj
def list_plans(session: Session, limit: int, as_json: bool) -> int:
    """List plans."""
    from commands.display.bulk import show_plans

    with session.application() as application:
        found = application.bulk.newest(limit)
        titles = {each.id: application.bulk.title_of(each) for each in found}
        show_plans(found, titles, session.settings.zone, in_json=as_json)
    return DONE


def _chosen(
    numbers: Sequence[str], file: Path | None, workflow: str | None, state: str | None, phase: str | None, holder: str | None
) -> Chosen:
    from engine.store.cases import Filter

    named = [*numbers, *(_numbers_in(file) if file is not None else ())]
    _check_one_way(named, (workflow, state, phase, holder))
    return named or Filter(workflow, state, phase, holder, is_open=True)


def _check_one_way(named: Sequence[str], narrowing: Sequence[str | None]) -> None:
    if bool(named) == any(each is not None for each in narrowing):
        raise Misuse(
            Label(
                "请给出工单编号，或用 --workflow、--state、--phase、--person 选定。",
                "Give case numbers, or choose with --workflow, --state, --phase, --person.",
            ),
            Label("两种方式取一种。", "One of both ways."),
        )


def _numbers_in(file: Path) -> list[str]:
    try:
        return [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        why = reason_of(error) if isinstance(error, OSError) else Label("不是 UTF-8 文本", "it is not UTF-8 text")
        raise Misuse(Label("无法读取 {file}：{why}。", "{file} cannot be read: {why}.").fill(file=file, why=why)) from error


COMMANDS = {"bulk": bulk}
