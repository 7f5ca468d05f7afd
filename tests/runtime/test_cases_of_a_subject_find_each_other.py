"""Linked cases: those of one device find each other across processes and units, by kind and key; a repair within the warranty of an
earlier one does not begin it anew (PRODUCT scenario 21)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from engine.app import Application
from engine.core.case import Case
from engine.core.command import Fire, OpenCase
from engine.core.decision import Refused
from engine.runtime import staffing
from engine.runtime.founding import found_database
from engine.runtime.publishing import publish
from engine.store.database import Database
from roles.scope import Identity
from tests.runtime.company import OTHER_IMEI, START, ZONE, caller, checked, granted, people_file, registry, settings

IMEI = "001017000000011"

REPAIR = """
workflow: desk-fix
version: 1
title: {zh: 维修, en: Repair}
owner: desk-supervisor
organisation: desk
number: "DF{yy}-{seq:04}"
subject: {kind: device, key: imei}
fields:
  imei:   {type: text, title: {zh: 串号, en: IMEI}}
  owner_name: {type: text, title: {zh: 客户, en: Owner}, personal: true}
  fault:  {type: choice, title: {zh: 故障, en: Fault}, choices: {screen: {zh: 屏幕, en: Screen}, battery: {zh: 电池, en: Battery}}}
  until:  {type: date, title: {zh: 保修至, en: Warranty until}}
  visits: {type: integer, title: {zh: 第几次, en: Visit}}
start:
  receive:
    title: {zh: 受理, en: Receive}
    by: [desk-clerk, integration]
    asks: [imei, fault?, owner_name?]
    set: {visits: count(earlier where workflow == 'desk-fix') + 1}
    to: received
states:
  received:
    title: {zh: 已受理, en: Received}
    transitions:
      return:
        title: {zh: 归还, en: Return}
        by: desk-clerk
        set:
          until: last(until of earlier where until is set and until >= today()) otherwise today() + 60d
        to: closed
      scrap:
        title: {zh: 报废, en: Scrap}
        by: desk-clerk
        requires:
          - that: count(earlier where fault == battery and outcome == success) >= 2
            say: {zh: 电池修过两次才能报废, en: Scrapped only after two repairs of the battery}
        to: closed
  closed: {title: {zh: 已结案, en: Closed}, final: success}
"""

CHECK = """
workflow: desk-inspection
version: 1
title: {zh: 检查, en: Inspection}
owner: desk-supervisor
organisation: desk
number: "DI{yy}-{seq:04}"
subject: {kind: KIND, key: serial}
fields:
  serial: {type: text, title: {zh: 序列号, en: Serial}}
  fault:  {type: choice, title: {zh: 故障, en: Fault}, choices: {battery: {zh: 电池, en: Battery}, liquid: {zh: 进水, en: Liquid}}}
  until:  {type: text, title: {zh: 备注, en: Note}}
start:
  note: {title: {zh: 登记, en: Note}, by: desk-clerk, asks: [serial, fault?, until?], to: noted}
states:
  noted:
    title: {zh: 已登记, en: Noted}
    transitions:
      file: {title: {zh: 归档, en: File}, by: desk-clerk, to: filed}
  filed: {title: {zh: 已归档, en: Filed}, final: success}
"""


class Counter:
    """What the clerk of the counter does."""

    def __init__(self, app: Application) -> None:
        self.app = app

    def on(self, day: int) -> Counter:
        """So many days after the first."""
        self.app.move_time(START + timedelta(days=day))
        return self

    def repair(self, imei: str = IMEI, **data: str) -> Case:
        return self.opened("desk-fix", "receive", {"imei": imei, **data})

    def opened(self, workflow: str, start: str, data: dict[str, str]) -> Case:
        case = granted(self.app.cases.open(workflow, OpenCase(start, data), caller("cai"))).case
        assert case is not None
        return case

    def do(self, case: Case, step: str) -> Case:
        after = granted(self.app.cases.handle(case.number, Fire(step), caller("cai"))).case
        assert after is not None
        return after


@contextmanager
def open_counter(url: str) -> Iterator[Counter]:
    """A counter that repairs devices and inspects them."""
    found_database(url, simulated=True, now=START, principal="os:owner")
    database = Database.open(url)
    publish(database, [checked(REPAIR), checked(CHECK.replace("KIND", "device"))], "os:owner", START)
    staffing.load(database, registry(), people_file(), at=START, by="os:owner", zone=ZONE)
    database.close()
    with Application.open(settings(url)) as app:
        yield Counter(app)


@pytest.fixture
def counter(sqlite_url: str) -> Iterator[Counter]:
    """The counter, on a file."""
    with open_counter(sqlite_url) as counter:
        yield counter


@pytest.fixture
def any_counter(database_url: str) -> Iterator[Counter]:
    """The counter, on each database."""
    with open_counter(database_url) as counter:
        yield counter


def test_rework_fifty_days_into_a_warranty_of_sixty_does_not_begin_it_anew(any_counter: Counter) -> None:
    counter = any_counter
    first = counter.do(counter.repair(), "return")
    again = counter.on(50).repair()
    counter.repair(OTHER_IMEI)

    rework = counter.do(again, "return")
    later = counter.do(counter.on(61).repair(), "return")

    assert first.data["until"] == rework.data["until"] == datetime(2026, 11, 27, tzinfo=UTC).date()
    assert later.data["until"] == datetime(2027, 1, 27, tzinfo=UTC).date()
    assert [each.data["visits"] for each in (first, again, later)] == [1, 2, 3]


def test_other_processes_of_the_same_kind_count_where_their_fields_are_the_same(counter: Counter) -> None:
    counter.do(counter.repair(fault="battery"), "return")
    note = counter.opened("desk-inspection", "note", {"serial": IMEI, "fault": "battery", "until": "not a date"})
    case = counter.on(1).repair()

    refused = counter.app.cases.handle(case.number, Fire("scrap"), caller("cai"))
    assert isinstance(refused, Refused)
    assert not counter.app.cases.options(case.number, Identity("cai"))[1][1].allowed
    counter.do(note, "file")

    assert counter.app.cases.options(case.number, Identity("cai"))[1][1].allowed
    assert counter.do(case, "scrap").outcome == "success"


def test_what_is_told_at_the_counter(counter: Counter) -> None:
    first = counter.repair()
    counter.on(4).do(first, "return")
    note = counter.opened("desk-inspection", "note", {"serial": IMEI})
    second = counter.on(10).repair()
    counter.repair(OTHER_IMEI)

    linked = counter.app.lineage.of(second)

    assert linked is not None
    assert [visit.line.number for visit in linked.visits] == [first.number, note.number]
    assert [(visit.line.number, visit.days) for visit in linked.repairs] == [(first.number, 4)]
    assert [visit.line.number for visit in linked.open] == [note.number]
    assert linked.days == 4
    assert [visit.days for visit in counter.on(12).app.lineage.of_subject(IMEI)] == [4, 8, 2]
    assert list(counter.app.lineage.of_cases([second.number, "DF26-0003"])) == [second.number]


def test_another_kind_with_the_same_key_is_another_thing(counter: Counter) -> None:
    publish(counter.app.database, [checked(CHECK.replace("KIND", "box").replace("version: 1", "version: 2"))], "os:owner", START)
    counter.opened("desk-inspection", "note", {"serial": IMEI, "fault": "battery"})
    case = counter.repair()

    linked = counter.app.lineage.of(case)

    assert linked is not None
    assert linked.visits == ()
    assert case.data["visits"] == 1
