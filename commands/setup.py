"""Commands that set an installation up and look at its health."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from commands import failure, grammar
from commands.grammar import argument, command, option
from commands.session import Session
from commands.speech import tr


@command(
    "init",
    "建立公司文件夹和数据库，或升级已有的数据库；可重复执行。",
    "Make a company folder and its database, or upgrade it; safe to repeat.",
)
@argument("directory", "文件夹", "The folder", metavar="DIR", required=False, default=".", type=click.Path(path_type=Path))
@option(
    "--simulated",
    is_flag=True,
    zh="时间由人推进的数据库，用于演练",
    en="A database whose time stands still until it is moved, to rehearse with",
)
@click.pass_obj
def init(session: Session, directory: Path, simulated: bool) -> None:
    """Found an installation."""
    from commands.terminal import show
    from engine.runtime.founding import found, found_database

    for made in found(directory):
        show(tr("建立 {path}", "Made {path}", path=made))
    settings = session.settings_of(directory)
    now = session.instant(settings) or datetime.now(UTC)
    place = found_database(settings.database, simulated=simulated, now=now, principal=session.principal)
    show(tr("数据库就绪：{place}", "The database is ready: {place}", place=place))
    where = "" if directory.resolve() == Path.cwd() else f"cd {directory} && "
    show(tr("接下来：{where}aftercare publish", "Next: {where}aftercare publish", where=where))


@command(
    "doctor",
    "检查设置、数据库、流程和人员：哪里不对，怎么办。",
    "Look at settings, database, workflows and people: what is wrong, what to do.",
)
@grammar.as_json
@click.pass_obj
def doctor(session: Session, as_json: bool) -> int:
    """Examine the installation."""
    from commands import terminal
    from commands.display.health import show_findings
    from engine.runtime.doctor import examine

    findings = list(examine(os.environ, Path.cwd(), session.options))
    if as_json:
        terminal.as_json({"findings": findings})
    else:
        show_findings(findings)
    return failure.DONE if all(each.is_sound for each in findings) else failure.PROBLEM


COMMANDS = {each.name: each for each in (init, doctor)}
