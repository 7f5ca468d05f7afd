"""Commands for process owners: check definitions and publish them."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from commands import grammar
from commands.failure import DONE, PROBLEM
from commands.grammar import argument, command, option
from commands.session import Session
from commands.speech import tr

paths = argument(
    "paths",
    "文件或文件夹；不写则为设置中的流程路径",
    "Files or folders; by default those of the settings",
    metavar="[PATH]...",
    nargs=-1,
    type=click.Path(path_type=Path),
)


@command("check", "检查流程文件，一次列出全部错误及位置。", "Check definitions: all mistakes at once, each at its place.")
@paths
@option(
    "--people",
    "team",
    type=click.Path(path_type=Path),
    metavar="FILE",
    zh="也检查此文件中的人员能否办完；不写则用数据库中的人员",
    en="Can the people of this file carry it out? Without it, those of the database are asked",
)
@grammar.as_json
@click.pass_obj
def check(session: Session, paths: tuple[Path, ...], team: Path | None, as_json: bool) -> int:
    """Check definitions."""
    from commands.display import staffed
    from commands.display.definition import Reading

    read, settings = Reading.of(session.settings, paths), session.settings
    reading = staffed.with_registered(read, settings) if team is None else staffed.with_file(read, settings, team)
    if reading is None:
        return PROBLEM
    if as_json:
        reading.as_json()
    else:
        reading.show_checked()
    return DONE if reading.is_sound else PROBLEM


@command("test", "运行场景：流程所有者写下的故事，逐步核对。", "Tell the stories of processes, and see whether each comes out as it says.")
@paths
@option("--coverage", is_flag=True, zh="场景走到了流程的多少，哪些没有走到", en="How much of a process they show, and what not")
@option("--mutation", is_flag=True, zh="逐条改动规则，看场景能否发现", en="Change one rule at a time, and see whether they notice")
@option(
    "--least",
    type=click.IntRange(0, 100),
    default=0,
    metavar="PERCENT",
    zh="步骤和分支的覆盖率、发现的变异，低于此百分比即不通过",
    en="Fail where less of transitions and choices is covered, or fewer mutants are killed",
)
@grammar.as_json
@click.pass_obj
def test(session: Session, paths: tuple[Path, ...], coverage: bool, mutation: bool, least: int, as_json: bool) -> int:
    """Run scenarios."""
    from commands.display.adequacy import assess, show
    from commands.display.scenario import Rehearsal, show_runs_as_json

    if least and not coverage and not mutation:
        raise click.UsageError(tr("--least 须与 --coverage 或 --mutation 一起用", "“--least” goes with “--coverage” or “--mutation”"))
    rehearsal = Rehearsal.of(session.settings, paths)
    runs = rehearsal.run() if rehearsal.is_sound else ()
    assessed = assess(rehearsal, runs, coverage=coverage, mutation=mutation)
    if as_json:
        show_runs_as_json(runs, rehearsal.diagnostics, assessed.as_json())
    else:
        show(rehearsal, runs, assessed)
    return DONE if rehearsal.is_sound and all(run.passed for run in runs) and assessed.is_enough(least) else PROBLEM


@command(
    "publish",
    "发布流程：全部通过检查才发布，已发布的版本不再改变。",
    "Publish definitions: all of them or none; a published version never changes.",
)
@paths
@click.pass_obj
def publish(session: Session, paths: tuple[Path, ...]) -> int:
    """Publish definitions."""
    from commands.display.definition import Reading, show_published
    from commands.display.staffed import with_people
    from engine.runtime.publishing import publish as published

    reading = Reading.of(session.settings, paths)
    if not reading.is_sound:
        reading.show_diagnostics()
        return PROBLEM
    with session.application() as application:
        reading = with_people(reading, application.directory.roster(), application.time.now())
        reading.show_diagnostics()
        if not reading.is_sound:
            return PROBLEM
        show_published(published(application.database, reading.library.checked, session.principal, application.time.now()))
    return DONE


@command(
    "render",
    "输出流程全文：引入的部分和基础流程都已并入，每行注明出处。",
    "Print the whole text of a workflow: what it shares put in, each line with its origin.",
)
@argument("workflow", "已发布的流程（标识或名称），或一个文件", "A published workflow by id or title, or a file")
@click.pass_obj
def render(session: Session, workflow: str) -> int:
    """Print a workflow as it is meant."""
    from commands.display.definition import checked_in, is_file
    from engine.authoring.rendition import rendition

    if is_file(workflow):
        checked = checked_in(session.settings, workflow)
        if checked is None:
            return PROBLEM
        click.echo(rendition(checked.document), nl=False)
        return DONE
    with session.application() as application:
        click.echo(application.catalog.text_of(workflow), nl=False)
    return DONE


COMMANDS = {each.name: each for each in (check, test, publish, render)}
