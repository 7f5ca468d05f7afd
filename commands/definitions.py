"""Commands for process owners: check definitions, publish them, draw them."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from commands import grammar
from commands.failure import DONE, PROBLEM
from commands.grammar import argument, command
from commands.session import Session
from commands.speech import language

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
@grammar.as_json
@click.pass_obj
def check(session: Session, paths: tuple[Path, ...], as_json: bool) -> int:
    """Check definitions."""
    from commands.display.definition import Reading

    reading = Reading.of(session.settings, paths)
    if as_json:
        reading.as_json()
    else:
        reading.show_checked()
    return DONE if reading.is_sound else PROBLEM


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
    from engine.runtime.publishing import publish as published

    reading = Reading.of(session.settings, paths)
    reading.show_diagnostics()
    if not reading.is_sound:
        return PROBLEM
    with session.application() as application:
        show_published(published(application.database, reading.library.checked, session.principal, application.time.now()))
    return DONE


@command("diagram", "输出流程图（Mermaid）。", "Draw a workflow as a Mermaid diagram.")
@argument("workflow", "已发布的流程（标识或名称），或一个文件", "A published workflow by id or title, or a file")
@click.pass_obj
def diagram(session: Session, workflow: str) -> int:
    """Draw a workflow."""
    from commands.display.definition import Reading
    from engine.authoring.diagram import mermaid

    if Path(workflow).suffix in (".yaml", ".yml"):
        reading = Reading.of(session.settings, (Path(workflow),))
        if not reading.is_sound:
            reading.show_diagnostics()
            return PROBLEM
        click.echo(mermaid(reading.library.checked[0].compiled, language()), nl=False)
        return DONE
    with session.application() as application:
        click.echo(mermaid(application.catalog.newest(workflow), language()), nl=False)
    return DONE


COMMANDS = {each.name: each for each in (check, publish, diagram)}
