"""Commands about time: calendars, the clocks of a case and why they are due then, what is overdue and what was missed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from commands import grammar
from commands.failure import DONE, PROBLEM
from commands.grammar import Asking, Day, argument, option
from commands.session import Session
from engine.label import Label

if TYPE_CHECKING:
    from engine.runtime.almanac import Almanac


def _almanac(session: Session) -> Almanac:
    """With the holidays of the database; before there is one, with those of the product."""
    from engine.runtime.almanac import Almanac, official_years
    from engine.store.database import NotInitialised

    try:
        with session.application() as application:
            return Almanac.read(session.settings, official_years(application.database), application.time.now())
    except NotInitialised:
        now = session.instant(session.settings) or datetime.now(UTC)
        return Almanac.read(session.settings, official_years(None), now)


@click.group(
    "calendar",
    cls=Asking,
    label=Label("某段时间何时到期、为什么，逐日列出。", "When a length of time ends, and why, day by day."),
    invoke_without_command=True,
)
@argument(
    "question",
    "时长和起点，如 3wh 从 2026-09-30 16:30；不写则列出日历",
    "A length and a moment, such as 3wh from 2026-09-30 16:30; without it, the calendars",
    metavar="[QUESTION]...",
    nargs=-1,
)
@option("--calendar", "name", metavar="NAME", zh="按此日历（标识或名称）", en="By this calendar, by id or title")
@grammar.as_json
@click.pass_context
def calendar(context: click.Context, question: tuple[str, ...], name: str | None, as_json: bool) -> None:
    """Answer a question, or list the calendars."""
    if context.invoked_subcommand is not None:
        return
    from commands.display.calendar import show_answer, show_calendars

    almanac = _almanac(context.obj)
    if question:
        show_answer(almanac.answer(" ".join(question), name), in_json=as_json)
    else:
        show_calendars(almanac, in_json=as_json)


@calendar.command("load", cls=grammar.Command, label=Label("载入法定节假日和调休。", "Load official holidays and make-up working days."))
@argument(
    "file", "节假日文件；不写则为随附的", "The file of holidays; without it, those that are shipped", required=False, metavar="[FILE]",
    type=click.Path(path_type=Path),
)  # fmt: skip
@click.pass_obj
def load(session: Session, file: Path | None) -> int:
    """Load official years."""
    from commands.display.calendar import read_years, show_loaded
    from engine.runtime import holidays

    years = read_years(file) if file is not None else ()
    if years is None:
        return PROBLEM
    with session.application() as application:
        database, now, by = application.database, application.time.now(), session.principal
        loaded = holidays.load(database, years, now, by) if file is not None else holidays.load_shipped(database, now, by)
        show_loaded(loaded, application.sweeper.extend())
    return DONE


@grammar.command("clock", "工单的时限：为什么此时到期。", "The clocks of a case, and why they are due then.")
@grammar.number
@argument("clock", "只看此时限（标识或名称）", "Only this clock, by id or title", required=False, metavar="[CLOCK]")
@grammar.seeing
@grammar.as_json
@click.pass_obj
def clock(session: Session, number: str, clock: str | None, viewer: str | None, as_json: bool) -> None:
    """Show the account of each clock."""
    from commands.display.clock import show_clocks
    from engine.runtime.clocks import clocks_of

    with session.application() as application:
        units = application.access(session.identity(viewer)).units
        found = clocks_of(application.database, application.catalog, application.time, number, clock, units)
    show_clocks(found, in_json=as_json)


@grammar.command("overdue", "列出逾期的工单，最久的在前。", "What is overdue, longest first.")
@option("--workflow", metavar="W", zh="流程（标识或名称）", en="Of this workflow, by id or title")
@option("--person", metavar="PERSON", zh="承办人（标识或姓名）", en="Held by this person, by id or name")
@option("--unit", metavar="UNIT", zh="单位（标识或名称）", en="Of this unit, by id or title")
@grammar.seeing
@grammar.limit
@option("--after", metavar="NUMBER/CLOCK", zh="从此处之后开始", en="Begin after this one")
@grammar.as_json
@click.pass_obj
def overdue(
    session: Session,
    workflow: str | None,
    person: str | None,
    unit: str | None,
    viewer: str | None,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """List what is overdue."""
    from commands.display.due import show_overdue

    with session.application() as application:
        access = application.access(session.identity(viewer))
        page = application.due.overdue(limit, workflow=workflow, person=person, unit=unit, access=access, after=after)
    show_overdue(page, in_json=as_json)


@grammar.command(
    "missed", "提醒台账：哪些没有按时发出，后来如何。", "The ledger of reminders: what was not told in time, and what became of it."
)
@option("--since", type=Day(), metavar="DATE", zh="自此日起；不写则为最近 7 天", en="From this day on; without it, the last 7 days")
@option("--all", "everything", is_flag=True, zh="按时的也列出", en="Also those that were told in time")
@grammar.limit
@grammar.as_json
@click.pass_obj
def missed(session: Session, since: date | None, everything: bool, limit: int, as_json: bool) -> None:
    """List the ledger."""
    from commands.display.due import show_ledger

    with session.application() as application:
        ledger = application.due.ledger(since, session.settings.zone, limit, missed_only=not everything)
    show_ledger(ledger, in_json=as_json)


COMMANDS = {each.name: each for each in (calendar, clock, overdue, missed)}
