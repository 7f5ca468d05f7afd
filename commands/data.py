"""Commands that guard what is stored: verification, backup, restoring."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from commands import grammar
from commands.grammar import argument, command, option
from commands.session import Session
from commands.speech import tr

force = option("--force", is_flag=True, zh="覆盖已有的", en="Replace what is there")


@command("verify", "核对全部历史：有没有被改动、删除、调换或截断。", "Verify all history: edited, removed, swapped or cut off?")
@grammar.as_json
@click.pass_obj
def verify(session: Session, as_json: bool) -> int:
    """Verify what is stored."""
    from commands.display.health import show_verified
    from engine.runtime.proof import timers_of
    from engine.store.verification import verify as verified

    with session.application() as application:
        return show_verified(verified(application.database, timers_of(application.catalog)), in_json=as_json)


@command("backup", "把正在使用的数据库备份到文件。", "Copy the database, in use or not, to a file.")
@argument("file", "备份文件", "The file to make", type=click.Path(path_type=Path))
@force
@click.pass_obj
def backup(session: Session, file: Path, force: bool) -> None:
    """Make a backup."""
    from commands.terminal import show
    from engine.store import backup as store

    store.backup(session.settings.database, file, force=force)
    show(tr("已备份到 {file}", "Backed up to {file}", file=file))


@command("restore", "用备份恢复数据库；先检查备份，再一次换上。", "Put a backup in the place of the database: checked first, then at once.")
@argument("file", "备份文件", "The backup", type=click.Path(path_type=Path))
@force
@click.pass_obj
def restore(session: Session, file: Path, force: bool) -> None:
    """Restore a backup."""
    from commands.terminal import show
    from engine.store import backup as store

    store.restore(file, session.settings.database, force=force)
    show(tr("已从 {file} 恢复；请运行 aftercare verify 核对", "Restored from {file}; now run aftercare verify", file=file))


COMMANDS = {each.name: each for each in (verify, backup, restore)}
