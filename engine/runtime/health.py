"""Health in three words: ok, degraded and why, down and why. Says nothing that is not for everybody: no figures, no names.

The doctor says the same to whoever looks after the installation, with figures and a way out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from engine.errors import AftercareError
from engine.label import Label
from engine.runtime.catalog import Catalog
from engine.runtime.timeliness import AT_ONCE, PATIENCE
from engine.runtime.timesource import TimeSource
from engine.runtime.vitals import Vitals, vitals_of
from engine.store import beat, calendars
from engine.store.database import Database

Status = Literal["ok", "degraded", "down"]
SILENCE = timedelta(minutes=3)
"""Workers leave a sign every minute; none for so long means that there is none."""
AHEAD = timedelta(days=14)
"""How far ahead the official holidays must be known: dates that lie nearer are promised to people already."""
WRITTEN_EVERY = timedelta(seconds=30)
"""How often it is tried whether the database can be written, while it can."""


@dataclass(frozen=True, slots=True)
class Ailment:
    """Something that is not as it should be: a code for programs and a sentence without stop for people."""

    code: str
    sentence: Label


UNAVAILABLE = Ailment("database_unavailable", Label("数据库无法使用", "the database cannot be used"))
NO_ANSWER = Ailment("no_answer", Label("数据库没有及时响应", "the database does not answer in time"))
NOT_WRITABLE = Ailment("not_writable", Label("数据库无法写入，只能读取", "the database cannot be written, only read"))
WORKERS_SILENT = Ailment(
    "workers_silent", Label("后台工作没有运行，提醒和通知停住了", "no worker is running: reminders and messages stand still")
)
HELD = Ailment(
    "held", Label("停机或时钟跳动之后，提醒和通知暂停", "reminders and messages are held after a downtime or a jump of the clock")
)
TIMERS_LATE = Ailment("timers_late", Label("到时的提醒没有及时处理", "reminders that are due are late"))
MESSAGES_LATE = Ailment("messages_late", Label("待发消息没有及时发出", "messages that wait are late"))
ERRANDS_LATE = Ailment("errands_late", Label("上下级工单之间的联动没有及时完成", "what parent and child cases ask of each other is late"))
DEAD_LETTERS = Ailment("dead_letters", Label("有死信（发送失败）待处理", "deliveries were given up and wait for somebody"))
HOLIDAYS_UNKNOWN = Ailment(
    "holidays_unknown", Label("缺少近期的法定节假日数据，日期是暂定的", "official holidays before us are not loaded: dates are provisional")
)
AILMENTS = (
    UNAVAILABLE,
    NO_ANSWER,
    NOT_WRITABLE,
    WORKERS_SILENT,
    HELD,
    TIMERS_LATE,
    MESSAGES_LATE,
    ERRANDS_LATE,
    DEAD_LETTERS,
    HOLIDAYS_UNKNOWN,
)
"""All that may be wrong."""
_FATAL = (UNAVAILABLE, NO_ANSWER)


@dataclass(frozen=True, slots=True)
class Health:
    """How it is, and everything that keeps it from being ok."""

    because: tuple[Ailment, ...] = ()

    @property
    def status(self) -> Status:
        """In one word."""
        if not self.because:
            return "ok"
        return "down" if any(each in _FATAL for each in self.because) else "degraded"


def ailments_of(vitals: Vitals) -> Iterator[Ailment]:
    """What is wrong with the work. On simulated time nobody works by himself, so that nobody is missed."""
    if not vitals.is_simulated and (vitals.worked_at is None or vitals.late(vitals.worked_at) > SILENCE):
        yield WORKERS_SILENT
    if vitals.held_since is not None:
        yield HELD
    if vitals.late(vitals.due_since) > PATIENCE:
        yield TIMERS_LATE
    if max(vitals.late(vitals.untold_since), vitals.late(vitals.unsent_since)) > PATIENCE:
        yield MESSAGES_LATE
    if vitals.late(vitals.asked_since) > AT_ONCE:
        yield ERRANDS_LATE
    if vitals.dead_letters:
        yield DEAD_LETTERS


class Checkup:
    """Looks how one database is; one look at a time."""

    def __init__(self, database: Database, catalog: Catalog, time: TimeSource) -> None:
        self._database = database
        self._catalog = catalog
        self._time = time
        self._written_at: datetime | None = None

    def look(self) -> Health:
        """How it is now; a failure, of whatever kind, is a finding."""
        try:
            now = self._time.now()
            found = [*ailments_of(vitals_of(self._database, now)), *self._unknown_holidays(now)]
        except Exception:
            return Health((UNAVAILABLE,))
        return Health((*self._unwritable(now), *found))

    def _unknown_holidays(self, now: datetime) -> Iterator[Ailment]:
        followed = {
            (calendar.country, (now + AHEAD).astimezone(calendar.zone).year)
            for definition in self._catalog.all_newest()
            for calendar in definition.calendars.values()
            if calendar.country is not None
        }
        with self._database.read() as reader:
            known = {(each.year.country, each.year.year) for each in calendars.official(reader.connection)}
        if not followed <= known:
            yield HOLIDAYS_UNKNOWN

    def _unwritable(self, now: datetime) -> Iterator[Ailment]:
        """Tried by writing: a full disk, a lock or a standby shows itself in no other way."""
        if self._written_at is not None and abs(now - self._written_at) < WRITTEN_EVERY:
            return
        try:
            with self._database.write() as connection:
                beat.touch(connection)
            self._written_at = now
        except AftercareError:
            self._written_at = None
            yield NOT_WRITABLE
