"""The company of the tests of the workers: a desk whose cases are watched by clocks, and short words for letting time take effect.

Which clocks watch a case, its field `watch` says, so that one document serves every test and a test sees only what it asked for.
The calendar `waking` works day and night and tells nobody between 21:00 and 8:00; `official` follows the Chinese holidays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import text

from engine.app import Application
from engine.authoring.calendar import check_calendar
from engine.authoring.document import read
from engine.authoring.library import Checked, check_documents
from engine.authoring.supplies import Supplies
from engine.core.command import OpenCase
from engine.runtime import staffing
from engine.runtime.addressing import Surroundings
from engine.runtime.briefing import Briefing
from engine.runtime.founding import found_database
from engine.runtime.hierarchy import Hierarchy
from engine.runtime.publishing import publish
from engine.runtime.relay import Relay, Relayed
from engine.runtime.service import CaseService
from engine.runtime.sweeper import Sweeper, Swept
from engine.runtime.timesource import TimeSource
from engine.settings import Settings
from engine.store import firings, people
from engine.store.database import Database
from engine.store.firings import Firing
from notifications.channel import Channel
from notifications.channels.inbox import Inbox
from notifications.mailserver import MailServer
from notifications.notifier import Notifier
from tests.notifications.mail import HOST
from tests.process import SUPPLIES, tidy
from tests.runtime.company import PEOPLE, START, ZONE, Company, caller, granted, people_file, registry, settings

WORKFLOW = "desk-watch"

WAKING = """
calendar: waking
title: {zh: 日夜服务, en: Day and night}
zone: Asia/Shanghai
week: {daily: 00:00-24:00}
quiet: 21:00-08:00
"""
SLEEPLESS = """
calendar: sleepless
title: {zh: 全天候, en: Around the clock}
zone: Asia/Shanghai
week: {daily: 00:00-24:00}
"""
OFFICIAL = """
calendar: official
title: {zh: 工作日, en: Working days}
zone: Asia/Shanghai
official: CN
week: {workdays: [09:00-18:00]}
"""

HEAD = """
workflow: desk-watch
version: 1
title: {zh: 柜台受理, en: Desk}
owner: desk-supervisor
organisation: desk
calendar: waking
number: "DW{yy}-{seq:06}"
parties:
  customer: {name: customer_name, email: mail}
fields:
  watch:    {type: text, title: {zh: 时限, en: Watch}}
  customer_name: {type: text, title: {zh: 客户姓名, en: Customer}, personal: true}
  mail:     {type: email, title: {zh: 邮箱, en: E-mail}, personal: true}
  repairer: {type: person, title: {zh: 维修员, en: Repairer}, role: desk-repairer}
  promised: {type: datetime, title: {zh: 承诺时间, en: Promised}}
  notes:    {type: text, title: {zh: 备注, en: Notes}}
start:
  receive:
    title: {zh: 受理, en: Receive}
    by: [desk-clerk, integration]
    asks: [watch, customer_name?, mail?, promised?]
    to: received
states:
  received:
    title: {zh: 已受理, en: Received}
    transitions:
      take:   {title: {zh: 接单, en: Take}, by: desk-repairer, set: {repairer: actor}, assign: actor, to: repairing}
      drop:   {title: {zh: 撤单, en: Drop}, by: [desk-clerk, integration], to: closed}
      expire: {title: {zh: 过期, en: Expire}, by: system, notify: [{tell: desk-clerk, template: please-call-back}], to: closed}
      refile:
        title: {zh: 归档, en: File}
        by: system
        requires: [{that: notes is set, say: {zh: 须先写备注, en: Write a note first}}]
        to: closed
  repairing:
    title: {zh: 维修中, en: In repair}
    transitions:
      wait:    {title: {zh: 待件, en: Wait for parts}, by: repairer, to: waiting}
      finish:
        title: {zh: 完成, en: Finish}
        by: repairer
        assign: nobody
        notify: [{tell: [customer, desk-clerk], template: ready-for-pickup}]
        to: closed
      release: {title: {zh: 退回, en: Release}, by: repairer, assign: nobody, to: stay}
      urge:
        title: {zh: 催办, en: Urge}
        by: desk-clerk
        notify: [{tell: repairer, template: please-call-back}]
        to: stay
  waiting:
    title: {zh: 待件, en: Waiting for parts}
    waits_on: parts
    transitions:
      go_on: {title: {zh: 到件, en: Parts are here}, by: [repairer, desk-clerk], to: repairing}
  closed:
    title: {zh: 已结案, en: Closed}
    final: success
    transitions:
      reopen: {title: {zh: 重开, en: Reopen}, by: desk-clerk, reason: required, to: received}
anywhere:
  pass_on: {title: {zh: 改派, en: Pass on}, by: desk-clerk, in: [received, repairing], asks: repairer, assign: repairer, to: stay}
  promise: {title: {zh: 改期, en: Promise anew}, by: desk-clerk, in: [received, repairing], asks: promised, to: stay}
"""

CLOCKS = """
clocks:
  repair:
    title: {zh: 维修时限, en: Repair}
    runs_in: [received, repairing, waiting]
    pauses: waiting
    restart: on_entry
    when: watch == 'repair'
    limit: 8h
    ladder:
      - {at: 50%, tell: assignee, template: due-soon}
      - {at: due, tell: [assignee, desk-supervisor], template: overdue}
      - {at: due + 1d, tell: desk-supervisor, template: overdue, every: 1d, times: 3}
  hourly:
    title: {zh: 每小时, en: Hourly}
    calendar: sleepless
    runs_in: [received, repairing]
    when: watch == 'hourly'
    limit: 1h
    ladder:
      - {at: due, tell: [desk-repairer, desk-supervisor], template: overdue, every: 1h, times: 1000}
  mild:
    title: {zh: 宽限, en: Mild}
    calendar: sleepless
    runs_in: [received, repairing]
    when: watch == 'mild'
    limit: 1h
    ladder:
      - {at: due, tell: desk-repairer, template: overdue, late: skip}
      - {at: due + 1h, tell: desk-repairer, template: overdue}
      - {at: due + 2h, tell: desk-repairer, template: overdue}
      - {at: due + 3h, tell: desk-supervisor, template: overdue, late: send}
  expiry:
    title: {zh: 过期, en: Expiry}
    runs_in: received
    when: watch == 'expiry'
    limit: 2h
    ladder:
      - {at: due, fire: expire}
  filing:
    title: {zh: 归档, en: Filing}
    runs_in: received
    when: watch == 'filing'
    limit: 2h
    ladder:
      - {at: due, fire: refile}
  working_days:
    title: {zh: 工作日, en: Working days}
    calendar: official
    runs_in: [received, repairing]
    when: watch == 'working_days'
    limit: 3wd
    ladder:
      - {at: due, tell: desk-repairer, template: overdue}
  by_promise:
    title: {zh: 承诺, en: Promise}
    calendar: sleepless
    runs_in: [received, repairing]
    when: watch == 'by_promise'
    due: promised
    ladder:
      - {at: due - 1h, tell: desk-repairer, template: due-soon}
      - {at: due, tell: desk-repairer, template: overdue}
"""

MAILS = {"rui": "rui@example.com", "ren": "ren@example.com", "sun": "sun@example.com"}
"""Who has an address; everybody else is reached in his inbox alone."""


@cache
def checked(document: str = HEAD + CLOCKS) -> Checked:
    """A document with these calendars, which must have no fault."""
    calendars = {}
    for calendar in (WAKING, SLEEPLESS, OFFICIAL):
        file, diagnostics = check_calendar(read(calendar.encode(), "calendar.yaml"))
        assert file is not None, diagnostics
        calendars[file.calendar] = file
    library = tidy(check_documents([read(document.encode(), "desk-watch.yaml")], registry(), Supplies(calendars, SUPPLIES.templates)))
    assert library.diagnostics == (), [(one.code, one.span, one.sentence.en) for one in library.diagnostics]
    return library.checked[0]


def found(url: str, *, document: str = HEAD + CLOCKS, simulated: bool = True, now: datetime = START, staff: str = PEOPLE) -> None:
    """Create the database, publish the workflow, take in the people with their addresses."""
    found_database(url, simulated=simulated, now=now, principal="os:owner")
    database = Database.open(url)
    publish(database, [checked(document)], "os:owner", now)
    staffing.load(database, registry(), people_file(staff), at=now, by="os:owner", zone=ZONE)
    with database.write() as connection:
        for person in people.all_people(connection):
            people.save_person(connection, replace(person, email=MAILS.get(person.id)))
    database.close()


def with_mail(url: str, port: int) -> Settings:
    """What the machine is told when a mail server listens on this port."""
    return replace(settings(url), mail=MailServer.parse(f"smtp://{HOST}:{port}", "desk@example.com"))


@dataclass(frozen=True, slots=True)
class Told:
    """One message in somebody's inbox: of which rung, `-` for a message of a step."""

    number: str
    rung: str
    at: datetime


class Desk(Company):
    """A company with its workers, who are as good as always at work: nothing is due that they have not seen."""

    def receive(self, watch: str = "repair", **data: object) -> str:
        """Open a case that these clocks watch; its number."""
        answer = self.app.cases.open(WORKFLOW, OpenCase("receive", {"watch": watch, **data}), caller("cai"))
        return granted(answer).outcome.number

    def at(self, local: str) -> None:
        """Let time pass until an instant, in the time of the company, without anybody working."""
        self.app.move_time(instant(local))

    def sweep(self) -> Swept:
        """Let the sweeper work once, which must meet no trouble."""
        swept = self.app.sweeper.run_once()
        assert swept.troubles == []
        return swept

    def work(self) -> tuple[Swept, Relayed]:
        """Let sweeper and relay work once."""
        return self.sweep(), self.app.relay.run_once()

    def ledger(self) -> list[Firing]:
        """Every line of the ledger, oldest first."""
        with self.app.database.read() as reader:
            return firings.ledger(reader, since=datetime(2000, 1, 1, tzinfo=UTC), limit=100_000)

    def reached(self, number: str) -> list[tuple[str, str]]:
        """What a case's rungs came to: rung (with its repetition from the second on) and result, in order of the ladder."""
        lines = sorted((each for each in self.ledger() if each.number == number), key=lambda each: (each.due_at, each.rung))
        return [(each.rung if each.repetition == 1 else f"{each.rung}#{each.repetition}", each.result) for each in lines]

    def inbox(self, person: str, number: str | None = None) -> list[Told]:
        """What the person has been told, oldest first; of one case or of all."""
        query = text(
            "SELECT c.number, o.rung, d.delivered_at FROM deliveries d JOIN cases c ON c.id = d.case_id"
            " JOIN outbox o ON o.case_id = d.case_id AND o.seq = d.seq AND o.place = d.place"
            " WHERE d.recipient = :person AND d.channel = 'inbox' AND d.status = 'delivered' ORDER BY d.delivered_at, o.seq, o.place"
        )
        with self.app.database.read() as reader:
            rows = reader.connection.execute(query, {"person": person}).fetchall()
        return [Told(row[0], row[1] or "-", datetime.fromisoformat(row[2])) for row in rows if number in (None, row[0])]

    def rungs(self, person: str, number: str | None = None) -> list[str]:
        """Of which rungs the person has been told, oldest first."""
        return [each.rung for each in self.inbox(person, number)]


def instant(local: str) -> datetime:
    """An instant in the time of the company: `2026-09-28 17:00`, or `17:00` on the first day."""
    whole = local if len(local) > 8 else f"2026-09-28 {local}"
    return datetime.fromisoformat(whole).replace(tzinfo=ZONE).astimezone(UTC)


def local(at: datetime) -> str:
    """The same the other way round."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"


@contextmanager
def open_desk(url: str, *, port: int | None = None) -> Iterator[Desk]:
    """The desk as one program has it open, with a mail server on this port; proven when it closes."""
    with Application.open(settings(url) if port is None else with_mail(url, port)) as app:
        desk = Desk(app)
        yield desk
        desk.prove()


@dataclass(slots=True)
class OwnClock:
    """A clock of the tests' own: it stands where it is put, and goes on by a step each time it is read."""

    at: datetime
    step: timedelta = timedelta()

    def now(self, unit: object = None) -> datetime:  # noqa: ARG002
        """The present instant."""
        self.at += self.step
        return self.at


def going_by(app: Application, time: TimeSource, *channels: Channel) -> Application:
    """The same program by another clock, and with these channels besides the inbox."""
    briefing = Briefing(app.catalog, app.directory, Hierarchy(()), app.settings.zone, app.database.purpose.sampling_key)
    cases = CaseService(app.database, app.catalog, briefing, time)
    surroundings = Surroundings(Notifier([Inbox(), *channels]), app.settings.language, app.settings.link)
    sweeper = Sweeper(app.database, cases, time)
    relay = Relay(app.database, app.catalog, app.directory, time, surroundings, lambda: 0.5)
    return replace(app, time=time, cases=cases, sweeper=sweeper, relay=relay)
