"""Health of what time does: are reminders and messages kept up with, is anything held or given up, are holidays known far enough?

Looks and changes nothing; the doctor asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.core.wording import lasting
from engine.label import Label
from engine.runtime.catalog import Catalog
from engine.runtime.finding import Finding
from engine.runtime.timesource import time_of
from engine.store import beat, calendars, deliveries, endpoints, errands, incidents, outbox, timers
from engine.store.database import Database
from notifications.outbound import is_installed

TIMELINESS = Label("提醒和通知", "reminders")
HOLIDAYS = Label("法定节假日", "holidays")
INCIDENTS = Label("异常", "incidents")
ENDPOINTS = Label("推送地址", "endpoints")
PATIENCE = timedelta(minutes=10)
"""What waits longer than this waits for a worker that is not there."""
AT_ONCE = timedelta(minutes=1)
"""What cases ask of each other is tried right after the decision that asks; what waits longer waits for a worker, or was in vain."""
DECREED_BY = 11
"""From this month on the holidays of the coming year may be expected, and dates reach into it."""
_DUE = Label("{n} 个提醒已到时未处理，最早的已等 {since}", "reminders that are due: {n}, the oldest for {since}")
_WAITING = Label("{n} 条消息待通知，最早的已等 {since}", "messages that wait to be told: {n}, the oldest for {since}")
_ASKED = Label(
    "{n} 项上下级工单之间的联动未完成，最早的已等 {since}", "errands between parents and children that wait: {n}, the oldest for {since}"
)
_UNSENT = Label("{n} 次投递还没有完成，最早的已等 {since}", "deliveries that could not be made yet: {n}, the oldest for {since}")


def look_at_work(database: Database) -> Iterator[Finding]:
    """Whether somebody works: what is due, what waits, what is held, what was given up."""
    now = _now(database)
    with database.read() as reader:
        held_since = beat.recorded(reader.connection)[1]
        due, waiting = timers.backlog(reader.connection, now), outbox.backlog(reader.connection, now)
        mails = deliveries.backlog(reader.connection)
        asked = errands.backlog(reader.connection, now - AT_ONCE)
    found = [
        *_held(held_since, now),
        *_behind(_DUE, due.due, due.oldest, now, database),
        *_behind(_WAITING, waiting.waiting, waiting.oldest, now, database),
        *_asked(asked.waiting, asked.oldest, now),
        *_unsent(mails.waiting, mails.oldest, now),
        *_given_up(mails.failed),
    ]
    yield from found
    if not found:
        sentence = Label("{due} 个提醒到时，{waiting} 条消息待通知，没有投递失败", "{due} due, {waiting} messages waiting, none given up")
        yield Finding(TIMELINESS, True, sentence.fill(due=due.due, waiting=waiting.waiting))


def look_at_incidents(database: Database) -> Iterator[Finding]:
    """Whether something waits that a person must look at."""
    with database.read() as reader:
        count = sum(incidents.counts(reader).values())
    if count:
        way_out = Label("请用“aftercare incidents”查看并处理。", "See and settle them with “aftercare incidents”.")
        yield Finding(INCIDENTS, True, Label("{n} 个待处理", "open: {n}").fill(n=count), way_out)
    else:
        yield Finding(INCIDENTS, True, Label("没有待处理的异常", "none is open"))


def look_at_endpoints(database: Database) -> Iterator[Finding]:
    """Whether messages can be posted to the endpoints; nothing where there is none."""
    with database.read() as reader:
        known = endpoints.endpoints(reader.connection)
    enabled = sum(each.disabled_at is None for each in known)
    if enabled and not is_installed():
        sentence = Label("缺少发送推送所需的软件包", "The packages for posting messages are missing")
        yield Finding(ENDPOINTS, False, sentence, Label("请安装 aftercare[channels]。", "Install aftercare[channels]."))
    elif known:
        sentence = Label("{n} 个启用，{m} 个停用", "enabled: {n}, disabled: {m}")
        yield Finding(ENDPOINTS, True, sentence.fill(n=enabled, m=len(known) - enabled))


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


def _asked(count: int, oldest: datetime | None, now: datetime) -> Iterator[Finding]:
    if oldest is not None:
        way_out = Label(
            "请用“aftercare sweep”处理；办不成的会指出是哪张工单。",
            "Deal with them: “aftercare sweep” names each case that hinders one.",
        )
        yield Finding(TIMELINESS, False, _ASKED.fill(n=count, since=lasting(now - oldest)), way_out)


def _unsent(count: int, oldest: datetime | None, now: datetime) -> Iterator[Finding]:
    if oldest is None or now - oldest <= PATIENCE:
        return
    way_out = Label(
        "原因见“aftercare messages”；请检查邮件服务器或推送地址。",
        "“aftercare messages” says why; look at the mail server or the endpoint.",
    )
    yield Finding(TIMELINESS, False, _UNSENT.fill(n=count, since=lasting(now - oldest)), way_out)


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
