"""The composition root: from settings to the objects that do the work. The only place that knows how they fit together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom
from types import TracebackType
from zoneinfo import ZoneInfo

from engine.errors import Misuse
from engine.label import Label
from engine.runtime.access import Access, access_of
from engine.runtime.accounts import Accounts
from engine.runtime.addressing import Surroundings
from engine.runtime.arrivals import Arrivals
from engine.runtime.attempts import Attempts
from engine.runtime.board import Board
from engine.runtime.briefing import Briefing
from engine.runtime.bulk import Bulk
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.due import Due
from engine.runtime.endpoints import Endpoints
from engine.runtime.hierarchy import Hierarchy
from engine.runtime.inbound import Inbound
from engine.runtime.incidents import Incidents
from engine.runtime.lineage import Lineage
from engine.runtime.messages import Messages
from engine.runtime.personnel import Personnel
from engine.runtime.reading import Views
from engine.runtime.relay import Relay
from engine.runtime.retrying import Retrying
from engine.runtime.service import CaseService
from engine.runtime.sources import Sources
from engine.runtime.standing import Standing
from engine.runtime.starts import Starts
from engine.runtime.sweeper import Sweeper
from engine.runtime.throttle import Throttle
from engine.runtime.timesource import RealTime, SimulatedTime, TimeSource, time_of
from engine.runtime.tokens import Tokens
from engine.runtime.watch import Watch
from engine.runtime.workforce import Workforce
from engine.runtime.worklist import Worklist
from engine.settings import Settings
from engine.store.database import Database
from notifications.channel import Channel
from notifications.channels.dingtalk import DingTalk
from notifications.channels.email import Email
from notifications.channels.feishu import Feishu
from notifications.channels.inbox import Inbox
from notifications.channels.webhook import Webhook
from notifications.channels.wecom import WeCom
from notifications.notifier import Notifier
from notifications.outbound import Outbound
from notifications.payload import source_of
from roles.scope import Identity


@dataclass(frozen=True, slots=True)
class Application:
    """Everything a door needs. Use it in a `with`, or close it."""

    settings: Settings
    database: Database
    catalog: Catalog
    directory: Directory
    time: TimeSource
    cases: CaseService
    standing: Standing
    lineage: Lineage
    sweeper: Sweeper
    relay: Relay
    views: Views
    bulk: Bulk
    due: Due
    messages: Messages
    endpoints: Endpoints
    incidents: Incidents
    workforce: Workforce
    watch: Watch
    tokens: Tokens
    sources: Sources
    inbound: Inbound
    hierarchy: Hierarchy
    attempts: Attempts
    accounts: Accounts
    starts: Starts
    arrivals: Arrivals
    board: Board
    worklist: Worklist
    personnel: Personnel

    @classmethod
    def open(cls, settings: Settings, at: datetime | None = None) -> Application:
        """Open the database that the settings name.

        `at` moves the clock of a simulated database forwards to this instant; Misuse when the database runs on real time,
        or stands later already.
        """
        database = Database.open(settings.database)
        try:
            time = _clock(database, at, settings.zone)
        except BaseException:
            database.close()
            raise
        catalog = Catalog(database)
        database.kinds_of = catalog.kinds
        directory = Directory(database)
        hierarchy = Hierarchy(settings.role_path())
        briefing = Briefing(catalog, directory, hierarchy, settings.zone, database.purpose.sampling_key)
        cases = CaseService(database, catalog, briefing, time)
        views = Views(database, catalog, directory, settings.zone)
        lineage = Lineage(database, catalog, settings.zone, time)
        notifier = Notifier(_channels(settings))
        workforce = Workforce(catalog, directory, time)
        inbound = Inbound(database, catalog, directory, cases, time)
        surroundings = Surroundings(notifier, settings.language, settings.link, hierarchy)
        return cls(
            settings,
            database,
            catalog,
            directory,
            time,
            cases,
            Standing(database, catalog, directory, briefing, cases, time),
            lineage,
            Sweeper(database, cases, time),
            Relay(database, catalog, directory, time, surroundings, SystemRandom().random),
            views,
            Bulk(database, catalog, directory, views, cases, time),
            Due(database, catalog, directory, time),
            Messages(database, catalog, directory, time),
            Endpoints(database, notifier, settings.outbound, time),
            Incidents(
                database,
                catalog,
                directory,
                Retrying(database, catalog, directory, hierarchy, cases, inbound, workforce, time),
                time,
            ),
            workforce,
            Watch(database, catalog, directory, hierarchy, workforce, time),
            Tokens(database, directory, time),
            Sources(database, directory, time),
            inbound,
            hierarchy,
            Attempts(database, catalog),
            Accounts(database, directory, time, Throttle(database, RealTime(database))),
            Starts(catalog, briefing, time),
            Arrivals(catalog, views, lineage),
            Board(database, catalog, directory, views),
            Worklist(database, catalog, directory, briefing, views, settings.zone, time),
            Personnel(database, directory, hierarchy, workforce, settings.zone, time),
        )

    @property
    def is_simulated(self) -> bool:
        """Whether time stands still until it is moved. Every door says so."""
        return isinstance(self.time, SimulatedTime)

    def access(self, identity: Identity | None) -> Access:
        """How far this one sees now; without limit where nobody is named. Raises Unknown."""
        return access_of(self.directory.roster(), identity, self.time.now())

    def move_time(self, instant: datetime) -> None:
        """Let the clock of a simulated database stand at a later instant, for good."""
        if not isinstance(self.time, SimulatedTime):
            raise _real_time()
        self.time.move_to(instant)
        self.database.set_simulated_now(instant)

    def close(self) -> None:
        """Give the database back."""
        self.database.close()

    def __enter__(self) -> Application:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _channels(settings: Settings) -> list[Channel]:
    mail: list[Channel] = [Email(settings.mail)] if settings.mail is not None else []
    outbound = Outbound(settings.outbound)
    return [Inbox(), *mail, Webhook(outbound, source_of(settings.link)), WeCom(outbound), DingTalk(outbound), Feishu(outbound)]


def _clock(database: Database, at: datetime | None, zone: ZoneInfo) -> TimeSource:
    stands = database.simulated_now()
    if at is None:
        return time_of(database, stands)
    if stands is None:
        raise _real_time()
    if at < stands:
        raise Misuse(
            Label("模拟时间已到 {stands}，不能退回 {at}。", "Simulated time stands at {stands} and cannot go back to {at}.").fill(
                stands=_local(stands, zone), at=_local(at, zone)
            )
        )
    if at > stands:
        database.set_simulated_now(at)
    return time_of(database, at)


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def _real_time() -> Misuse:
    return Misuse(
        Label("这个数据库使用真实时间，不能指定时刻。", "This database runs on real time: an instant cannot be given."),
        Label("请在用“aftercare init --simulated”建立的数据库里模拟。", "Simulate in a database made with “aftercare init --simulated”."),
    )
