"""Health of what time does: are reminders and messages kept up with, is anything held or given up, are holidays known far enough?

Looks and changes nothing; the doctor asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.label import Label
from engine.runtime.catalog import Catalog
from engine.runtime.finding import Finding
from engine.runtime.timesource import time_of
from engine.runtime.wording import lasting
from engine.store import beat, calendars, deliveries, outbox, timers
from engine.store.database import Database

TIMELINESS = Label("提醒和通知", "reminders")
HOLIDAYS = Label("法定节假日", "holidays")
PATIENCE = timedelta(minutes=10)
"""What waits longer than this waits for a worker that is not there."""
DECREED_BY = 11
"""From this month on the holidays of the coming year may be expected, and dates reach into it."""
_DUE = Label("{n} 个提醒已到时未处理，最早的已等 {since}", "reminders that are due: {n}, the oldest for {since}")
_WAITING = Label("{n} 条消息待通知，最早的已等 {since}", "messages that wait to be told: {n}, the oldest for {since}")
_MAILS = Label("{n} 封邮件还没有发出，最早的已等 {since}", "mails that could not be sent yet: {n}, the oldest for {since}")


def look_at_work(database: Database) -> Iterator[Finding]:
    """Whether somebody works: what is due, what waits, what is held, what was given up."""
    now = _now(database)
    with database.read() as reader:
        held_since = beat.recorded(reader.connection)[1]
        due, waiting = timers.backlog(reader.connection, now), outbox.backlog(reader.connection, now)
        mails = deliveries.backlog(reader.connection)
    found = [
        *_held(held_since, now),
        *_behind(_DUE, due.due, due.oldest, now, database),
        *_behind(_WAITING, waiting.waiting, waiting.oldest, now, database),
        *_unsent(mails.waiting, mails.oldest, now),
        *_given_up(mails.failed),
    ]
    yield from found
    if not found:
        sentence = Label("{due} 个提醒到时，{waiting} 条消息待通知，没有投递失败", "{due} due, {waiting} messages waiting, none given up")
        yield Finding(TIMELINESS, True, sentence.fill(due=due.due, waiting=waiting.waiting))


def look_at_holidays(database: Database) -> Iterator[Finding]:
    """Whether the official holidays are known that the published processes follow; nothing where none follows any."""
    now, catalog = _now(database), Catalog(database)
    followed = {
        (calendar.country, calendar.zone)
        for definition in catalog.all_newest()
        for calendar in definition.calendars.values()
        if calendar.country is not None
    }
    with database.read() as reader:
        rows = calendars.official(reader.connection)
        provisional = timers.backlog(reader.connection, now).provisional
    for country, zone in sorted(followed, key=lambda each: (each[0], each[1].key)):
        yield _known(country, zone, {row.year.year for row in rows if row.year.country == country}, now)
    if provisional:
        sentence = Label("{n} 个时限的日期是暂定的", "clocks with a provisional date: {n}").fill(n=provisional)
        yield Finding(HOLIDAYS, True, sentence, _load())


def _now(database: Database) -> datetime:
    return time_of(database, database.simulated_now()).now()


def _held(held_since: datetime | None, now: datetime) -> Iterator[Finding]:
    if held_since is not None:
        sentence = Label("停机或时钟跳动之后暂停，已 {since}", "held for {since}, after a downtime or a jump of the clock")
        way_out = Label("确认时钟正确后，请用“aftercare release”恢复。", "If the clock is right, let them go on with “aftercare release”.")
        yield Finding(TIMELINESS, False, sentence.fill(since=lasting(now - held_since)), way_out)


def _behind(sentence: Label, count: int, oldest: datetime | None, now: datetime, database: Database) -> Iterator[Finding]:
    if oldest is None or now - oldest <= PATIENCE:
        return
    way_out = Label("请让“aftercare work”一直运行。", "Keep “aftercare work” running.")
    if database.purpose.simulated:
        way_out = Label("请用“aftercare sweep”和“aftercare deliver”处理。", "Deal with it: “aftercare sweep”, then “aftercare deliver”.")
    yield Finding(TIMELINESS, False, sentence.fill(n=count, since=lasting(now - oldest)), way_out)


def _unsent(count: int, oldest: datetime | None, now: datetime) -> Iterator[Finding]:
    if oldest is None or now - oldest <= PATIENCE:
        return
    way_out = Label("原因见“aftercare messages”；请检查邮件服务器。", "“aftercare messages” says why; look at the mail server.")
    yield Finding(TIMELINESS, False, _MAILS.fill(n=count, since=lasting(now - oldest)), way_out)


def _given_up(failed: int) -> Iterator[Finding]:
    if failed:
        sentence = Label("{n} 封通知投递失败，不再尝试", "deliveries given up: {n}").fill(n=failed)
        way_out = Label(
            "请用“aftercare messages --status failed”查看，用 --resend 重发。",
            "See them with “aftercare messages --status failed”, and send them again with --resend.",
        )
        yield Finding(TIMELINESS, False, sentence, way_out)


def _known(country: str, zone: ZoneInfo, years: set[int], now: datetime) -> Finding:
    today = now.astimezone(zone)
    if today.year not in years:
        sentence = Label("{country}：没有 {year} 年的数据，日期都是暂定的", "{country}: {year} is not known, and every date is provisional")
        return Finding(HOLIDAYS, False, sentence.fill(country=country, year=today.year), _load())
    span = Label("{country} {first}–{last}", "{country} {first}–{last}").fill(country=country, first=min(years), last=max(years))
    if today.month >= DECREED_BY and today.year + 1 not in years:
        sentence = Label("{span}；{year} 年的还没有载入", "{span}; {year} is not loaded yet")
        return Finding(HOLIDAYS, True, sentence.fill(span=span, year=today.year + 1), _load())
    return Finding(HOLIDAYS, True, span)


def _load() -> Label:
    return Label("公布后请用“aftercare calendar load 文件”载入。", "Load them with “aftercare calendar load FILE” once they are decreed.")
