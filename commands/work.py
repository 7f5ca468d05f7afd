"""Commands that let time take effect: rungs that are reached, messages that are told – once, or again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from commands import grammar
from commands.grammar import command, option
from commands.session import Session

if TYPE_CHECKING:
    from engine.app import Application


trusted = option(
    "--trust-clock", is_flag=True, zh="本机时间正确：相隔多久都照常处理", en="The clock is right, however long ago the last run was"
)


@command("work", "持续工作：到时提醒，通知各人。", "Keep working: reminders when they are reached, messages to whom they are for.")
@option(
    "--every",
    type=click.FloatRange(0.1, 60),
    default=2,
    show_default=True,
    metavar="SECONDS",
    zh="每隔几秒查看一次",
    en="How often to look",
)
@click.pass_obj
def work(session: Session, every: float) -> None:
    """Work in the foreground."""
    from commands.display.worker import work as worked

    with session.application() as application:
        worked(application, every)


@command("sweep", "处理一次到时的提醒。", "Deal once with the reminders that are due.")
@trusted
@grammar.as_json
@click.pass_obj
def sweep(session: Session, trust_clock: bool, as_json: bool) -> int:
    """Sweep once, and look for incidents."""
    from commands.display.incident import show_open
    from commands.display.work import show_swept

    with session.application() as application:
        _release_if(application, trust_clock)
        swept = application.sweeper.run_once()
        watched = application.watch.run_once() if not swept.pulse.is_held else None
        if watched is not None:
            swept.troubles += [each for each in watched.troubles if each not in swept.troubles]
        status = show_swept(swept, session.settings.zone, in_json=as_json)
        if watched is not None and not as_json:
            show_open(watched.open)
        return status


@command("deliver", "通知一次待发的消息。", "Tell once what waits to be told.")
@trusted
@grammar.as_json
@click.pass_obj
def deliver(session: Session, trust_clock: bool, as_json: bool) -> int:
    """Relay once."""
    from commands.display.work import show_relayed

    with session.application() as application:
        _release_if(application, trust_clock)
        return show_relayed(application.relay.run_once(), session.settings.zone, in_json=as_json)


@command("release", "确认时钟正确，恢复暂停的提醒和通知。", "Say that the clock is right: what is held goes on.")
@click.pass_obj
def release(session: Session) -> None:
    """Release what is held."""
    from commands.display.work import show_released
    from engine.runtime.pulse import release as released

    with session.application() as application:
        show_released(released(application.database, application.time.now()))


def _release_if(application: Application, trusted: bool) -> None:
    from engine.runtime.pulse import release

    if trusted:
        release(application.database, application.time.now())


COMMANDS = {each.name: each for each in (work, sweep, deliver, release)}
