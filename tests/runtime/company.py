"""A small company for the tests of the shell: two shops under one headquarters, one workflow, a clock that stands still.

Built through the doors that a user has: documents are read, checked and published, the people file is taken in, and every
wish goes through `Application.cases`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from engine.app import Application
from engine.authoring.document import read
from engine.authoring.library import Checked, check_documents
from engine.authoring.loader import load
from engine.core.case import Case
from engine.core.command import Comment, Correct, Fire, OpenCase
from engine.core.decision import Refused
from engine.core.evolve import replay
from engine.definition.organisation import PeopleFile, RoleFile
from engine.errors import Unknown
from engine.runtime import staffing
from engine.runtime.answer import Answer, Granted
from engine.runtime.caller import Caller, Key
from engine.runtime.founding import found_database
from engine.runtime.proof import timers_of
from engine.runtime.publishing import publish
from engine.settings import Settings
from engine.store import history
from engine.store.database import Database
from engine.store.history import HistoryEntry
from engine.store.record import Provenance
from engine.store.schema import metadata
from engine.store.verification import verify
from roles.registry import RoleRegistry
from tests.process import SUPPLIES, tidy

START = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
"""Nine in the morning at the company."""
ZONE = ZoneInfo("Asia/Shanghai")
WORKFLOW = "desk-repair"
TICKET: Mapping[str, object] = {
    "customer": "测试客户甲",
    "mobile": "12800000001",
    "imei": "001017000000011",
    "symptom": "不开机",
}
OTHER_IMEI = "001017000000029"

ROLES = """
organisation: desk
roles:
  desk-supervisor: {title: {zh: 柜台主管, en: Supervisor}}
  desk-clerk:      {title: {zh: 柜台受理, en: Clerk}}
  desk-repairer:   {title: {zh: 柜台维修, en: Repairer}}
  desk-keeper:     {title: {zh: 柜台仓管, en: Keeper}}
external:
  customer:        {title: {zh: 客户, en: Customer}}
  integration:     {title: {zh: 系统对接, en: Integration}}
apart:
  - [desk-repairer, desk-keeper]
"""

PEOPLE = """
units:
  shop-1: {title: {zh: 一店, en: Shop 1}, above: main}
  shop-2: {title: {zh: 二店, en: Shop 2}, above: main}
  main:   {title: {zh: 总部, en: Headquarters}}
people:
  cai: {name: 样例受理01, holds: [{role: desk-clerk, unit: shop-1}]}
  rui: {name: 样例工程师01, holds: [{role: desk-repairer, unit: shop-1}]}
  ren: {name: 样例工程师02, holds: [{role: desk-repairer, unit: shop-1}]}
  cui: {name: 样例受理02, holds: [{role: desk-clerk, unit: shop-2}]}
  rao: {name: 样例工程师03, holds: [{role: desk-repairer, unit: shop-2}]}
  hua: {name: 样例工程师04, holds: [{role: desk-repairer, unit: main}]}
  sun: {name: 样例主管01, holds: [{role: desk-supervisor}]}
"""

DOCUMENT = """
workflow: desk-repair
version: 1
title: {zh: 柜台维修, en: Desk repair}
owner: desk-supervisor
organisation: desk
number: "DR{yy}-{seq:04}"
subject: {kind: device, key: imei}
fields:
  customer: {type: text, title: {zh: 客户姓名, en: Customer}, personal: true}
  mobile:   {type: phone, title: {zh: 手机号, en: Mobile}, personal: true}
  imei:     {type: text, title: {zh: 串号, en: IMEI}, pattern: "[0-9]{15}", unique: open}
  symptom:  {type: text, title: {zh: 故障现象, en: Symptom}, lines: 3}
  repairer: {type: person, title: {zh: 维修员, en: Repairer}, role: desk-repairer}
  work:     {type: text, title: {zh: 维修措施, en: Work done}, lines: 2}
  fee:      {type: money, title: {zh: 费用, en: Fee}, currency: CNY, min: "0"}
start:
  receive:
    title: {zh: 受理, en: Receive}
    by: [desk-clerk, integration]
    asks: [customer, mobile, imei, symptom]
    to: received
states:
  received:
    title: {zh: 已受理, en: Received}
    transitions:
      take: {title: {zh: 接单, en: Take}, by: desk-repairer, set: {repairer: actor}, assign: repairer, to: repairing}
      give: {title: {zh: 派工, en: Give}, by: desk-clerk, asks: repairer, assign: repairer, to: repairing}
  repairing:
    title: {zh: 维修中, en: In repair}
    transitions:
      finish: {title: {zh: 完成, en: Finish}, by: repairer, asks: [work, fee], assign: nobody, to: checking}
      note:   {title: {zh: 记录, en: Note}, by: repairer, asks: work, to: stay}
  checking:
    title: {zh: 待复核, en: To be checked}
    transitions:
      pass:
        title: {zh: 复核通过, en: Pass}
        by: desk-repairer
        not_by: [finish]
        requires: [{that: fee < 1000, say: {zh: 费用过高须主管处理, en: Such a fee is for the supervisor}}]
        to: closed
  closed:
    title: {zh: 已结案, en: Closed}
    final: success
    transitions:
      reopen: {title: {zh: 重开, en: Reopen}, by: desk-clerk, reason: required, to: received}
"""


@cache
def registry() -> RoleRegistry:
    """The roles of the company."""
    file, diagnostics = load(read(ROLES.encode(), "desk.yaml"), RoleFile)
    assert file is not None, diagnostics
    return RoleRegistry.of(file.declared(), file.apart)


@cache
def checked(document: str = DOCUMENT) -> Checked:
    """A document that must have no fault."""
    library = tidy(check_documents([read(document.encode(), "desk-repair.yaml")], registry(), SUPPLIES))
    assert library.diagnostics == ()
    return library.checked[0]


def people_file(text: str = PEOPLE) -> PeopleFile:
    """A people file that must be well formed."""
    file, diagnostics = load(read(text.encode(), "people.yaml"), PeopleFile)
    assert file is not None, diagnostics
    return file


def settings(url: str) -> Settings:
    """What the company's machine is told."""
    return Settings(url, "zh", ZONE, (), ())


def found(url: str, *, simulated: bool = True, now: datetime = START) -> None:
    """Create the database, publish the workflow, take in the people."""
    found_database(url, simulated=simulated, now=now, principal="os:owner")
    database = Database.open(url)
    publish(database, [checked()], "os:owner", now)
    staffing.load(database, registry(), people_file(), at=now, by="os:owner", zone=ZONE)
    database.close()


@dataclass(frozen=True, slots=True)
class Company:
    """An open application, and short words for what its people do. Everybody comes in by the command line as os:tester."""

    app: Application

    def open(self, person: str | None = "cai", *, key: Key | None = None, dry_run: bool = False, **data: Any) -> Answer:
        """Receive a ticket, the usual one where nothing else is said."""
        return self.app.cases.open(WORKFLOW, OpenCase("receive", {**TICKET, **data}), caller(person), key=key, dry_run=dry_run)

    def opened(self, person: str | None = "cai", **data: Any) -> str:
        """Receive a ticket that must be granted; its number."""
        return granted(self.open(person, **data)).outcome.number

    def fire(self, number: str, step: str, person: str, *, expect: int | None = None, reason: str | None = None, **more: Any) -> Answer:
        """Perform a step. `key` and `dry_run` are taken as such, everything else is data."""
        key, dry_run = more.pop("key", None), more.pop("dry_run", False)
        return self.app.cases.handle(number, Fire(step, more, reason, expect), caller(person), key=key, dry_run=dry_run)

    def correct(self, number: str, person: str, reason: str = "写错了", **data: object) -> Answer:
        """Mend values."""
        return self.app.cases.handle(number, Correct(data, reason), caller(person))

    def comment(self, number: str, person: str, text: str = "客户催促") -> Answer:
        """Write a remark."""
        return self.app.cases.handle(number, Comment(text), caller(person))

    def case(self, number: str) -> Case:
        """The stored case, which must exist."""
        with self.app.database.read() as reader:
            record = reader.case(number)
        assert record is not None
        return record.case

    def history(self, number: str) -> list[HistoryEntry]:
        """Its history."""
        with self.app.database.read() as reader:
            return history.entries(reader, number)

    def tables(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table, to compare byte by byte."""
        with self.app.database.read() as reader:
            return {
                table.name: [tuple(row) for row in reader.connection.execute(select(table).order_by(*table.primary_key.columns))]
                for table in metadata.sorted_tables
            }

    def prove(self) -> int:
        """Every chain is whole, every case is the replay of its history and every timer follows from it (DESIGN law 2); how many cases."""
        proven = 0
        for verified in verify(self.app.database, timers_of(self.app.catalog)):
            assert verified.findings == ()
            assert replay(entry.event for entry in self.history(verified.case)) == self.case(verified.case)
            proven += 1
        return proven


@contextmanager
def open_company(url: str, at: datetime | None = None) -> Iterator[Company]:
    """The company as one program has it open; proven when it closes."""
    with Application.open(settings(url), at) as app:
        company = Company(app)
        yield company
        company.prove()


def caller(person: str | None) -> Caller:
    """Somebody at the command line; nobody: an integration."""
    return Caller(Provenance("cli", "os:tester"), person)


def granted(answer: Answer) -> Granted:
    """The answer, which must be a grant."""
    assert isinstance(answer, Granted), answer
    return answer


def unseen(wish: Callable[[], object]) -> bool:
    """Whether the case is none for whoever wishes: he is told that there is no such case."""
    try:
        wish()
    except Unknown as error:
        return error.sentence.en.startswith("There is no case ")
    return False


def refused(answer: Answer) -> set[str]:
    """The codes of the reasons of an answer, which must be a refusal."""
    assert isinstance(answer, Refused), answer
    return {reason.code for reason in answer.reasons}
