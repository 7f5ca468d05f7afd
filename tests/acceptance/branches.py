"""One company with two branches, both busy, and everything of the first known by name: what the second must never come upon.

Beside the repairs there are errands, whose process has what a request can point with: a case, a person, a unit, files, a unique value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from engine.app import Application
from engine.core.command import Comment, Disclose, Fire, OpenCase
from engine.label import Label
from engine.runtime import staffing
from engine.runtime.publishing import publish
from engine.runtime.sources import Wish as Source
from engine.runtime.substitution import record_absence, record_delegation
from engine.runtime.tokens import Wish
from engine.store.incidents import open_incident
from notifications.envelope import STANDARD, Arrival
from notifications.signature import Standard
from roles.absence import Absence
from roles.delegation import Delegation
from roles.scope import WHOLE, Scope
from tests.runtime.company import PEOPLE, START, TICKET, WORKFLOW, ZONE, caller, checked, granted, people_file, registry, settings
from tests.web.centre import UNHINDERED
from web.app import build
from web.logs import Log
from web.route import API

ERRANDS = """
workflow: desk-errand
version: 1
title: {zh: 柜台杂务, en: Desk errand}
owner: desk-supervisor
organisation: desk
number: "DE{yy}-{seq:04}"
undo: 10m
fields:
  customer: {type: text, title: {zh: 客户姓名, en: Customer}, personal: true}
  about:    {type: case, title: {zh: 相关返修, en: Repair}, workflow: desk-repair}
  helper:   {type: person, title: {zh: 协助人, en: Helper}}
  branch:   {type: unit, title: {zh: 相关单位, en: Branch}}
  papers:   {type: files, title: {zh: 材料, en: Papers}, accept: [png, txt], size: 1MB, count: 3}
  card:     {type: file, title: {zh: 证件, en: Card}, accept: [png, txt], size: 1MB, personal: true}
  slip:     {type: text, title: {zh: 单据号, en: Slip}, unique: ever}
  note:     {type: text, title: {zh: 说明, en: Note}}
start:
  begin:
    title: {zh: 登记, en: Begin}
    by: desk-clerk
    asks: ["customer?", "about?", "helper?", "branch?", "papers?", "card?", "slip?", "note?"]
    to: begun
states:
  begun:
    title: {zh: 已登记, en: Begun}
    transitions:
      remark:
        title: {zh: 记录, en: Remark}
        by: desk-clerk
        asks: [note, "about?", "helper?", "branch?", "papers?"]
        notify: [{tell: desk-supervisor, template: no-parts, with: {material: note}}]
        to: stay
      close: {title: {zh: 办结, en: Close}, by: desk-clerk, to: closed}
      waive: {title: {zh: 免办, en: Waive}, by: [desk-clerk, desk-repairer, desk-supervisor], approvals: {at_least: 2}, to: closed}
      stamp:
        title: {zh: 盖章, en: Stamp}
        by: integration
        asks: ["note?"]
        event: {name: slip.stamped, match: {no: slip}, fills: {note: text}}
        to: stay
  closed: {title: {zh: 已结, en: Closed}, final: success}
"""
SERVICES = """  courier: {name: 样例快递对接01, service: true, holds: [{role: integration, unit: shop-1}]}
  mule: {name: 样例快递对接02, service: true, holds: [{role: integration, unit: shop-2}]}
  stray: {name: 样例快递对接03, service: true}
  wei: {name: 样例受理09, holds: [{role: desk-clerk, unit: shop-2}]}
  ada: {name: 样例管理员01, holds: [{role: administrator}]}
"""
SOUTH = Scope(units=frozenset({"shop-2"}))
NORTHERNERS = {"cai": "样例受理01", "rui": "样例工程师01", "ren": "样例工程师02", "courier": "样例快递对接01"}


@dataclass
class Branches:
    """The company over HTTP; `shop-1` is the north, `shop-2` the south."""

    app: Application
    client: TestClient
    _secrets: dict[tuple[str, Scope, bool], str] = field(default_factory=dict)

    def token(self, holder: str, scope: Scope = WHOLE, *, for_people: bool = False) -> str:
        """The text of a token; the same one when it is asked for again."""
        key = (holder, scope, for_people)
        if key not in self._secrets:
            self._secrets[key] = self.new_token(holder, scope, for_people=for_people)
        return self._secrets[key]

    def new_token(self, holder: str, scope: Scope = WHOLE, *, for_people: bool = False, lasts: timedelta = timedelta(days=90)) -> str:
        """The text of a token that nobody else has."""
        return self.app.tokens.make(Wish(holder, "测试", scope, for_people, lasts), by="os:tester").secret

    def ask(self, method: str, path: str, token: str | None, body: object = None, **more: Any) -> Response:
        """What a request with this token is answered."""
        headers = {"Accept-Language": "en", **more.pop("headers", {})}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.client.request(method, f"{API}{path}", headers=headers, json=body, **more)

    def opened(self, workflow: str, start: str, person: str, **data: object) -> str:
        """A new case; its number."""
        return granted(self.app.cases.open(workflow, OpenCase(start, data), caller(person))).outcome.number

    def repair(self, person: str, place: int, **data: object) -> str:
        """A repair, each place another device."""
        return self.opened(WORKFLOW, "receive", person, **{**TICKET, "imei": f"001017{place:09}", **data})

    def does(self, number: str, command: Any, person: str) -> None:
        """Somebody wishes something, which must be granted."""
        granted(self.app.cases.handle(number, command, caller(person)))

    def keep(self, content: bytes, person: str) -> str:
        """A file; its id."""
        answer = self.ask("POST", "/files", self.token(person), content=content)
        id: str = answer.json()["id"]
        return id

    def happens(self, source: str, id: str, **data: object) -> None:
        """An event comes in."""
        said = json.dumps({"type": "slip.stamped", "data": data}, ensure_ascii=False)
        self.app.inbound.receive(source, Arrival(id, "slip.stamped", said))

    def incident(self, number: str, step: str) -> str:
        """Something has gone wrong with a case; the id of the incident."""
        with self.app.database.write() as connection:
            id = self.app.views.case(number).case.id
            open_incident(connection, id, "step_refused", step, Label("步骤被拒", "the step was refused"), self.app.time.now())
        page = self.app.incidents.page(50, number=number)
        return next(each.incident.id for each in page.lines if each.incident.subject == step)


def be_busy(company: Branches, clerk: str, repairer: str, source: str, place: int, marks: Mapping[str, str]) -> dict[str, str]:
    """What happens in a branch, of every kind; the names of all of it. `marks`: what is said in it."""
    app, now = company.app, company.app.time.now()
    known = {"clerk": clerk, "repairer": repairer, "source": source, **marks}
    for offset, name in enumerate(("repair", "fire", "correct", "assign", "disclose", "bulk")):
        known[f"imei_{name}"] = f"001017{place + offset:09}"
        known[name] = company.repair(clerk, place + offset, customer=marks["customer"], mobile=marks["mobile"])
    company.does(known["repair"], Comment(marks["remark"]), clerk)
    company.does(known["repair"], Disclose(marks["reason"]), clerk)
    paper, card = (company.keep(marks[name].encode(), clerk) for name in ("paper", "card"))
    known |= {"paper_id": paper, "card_id": card}
    whole: dict[str, object] = {"customer": marks["customer"], "about": known["repair"], "slip": marks["slip"]}
    whole |= {"papers": [{"id": paper, "name": marks["paper"]}], "card": {"id": card, "name": marks["card"]}}
    known["errand"] = company.opened("desk-errand", "begin", clerk, **whole)
    for name in ("comment", "withdraw", "undo"):
        known[name] = company.opened("desk-errand", "begin", clerk)
    company.does(known["errand"], Fire("remark", {"note": marks["remark"], "about": known["repair"], "papers": whole["papers"]}), clerk)
    company.does(known["withdraw"], Fire("waive"), clerk)
    company.does(known["undo"], Fire("remark", {"note": marks["remark"]}), clerk)
    for name in ("read", "replay", "drop"):
        known[f"event_{name}"] = f"{source}-{name}"
        company.happens(source, f"{source}-{name}", no="NOSUCHSLIP", text=marks["payload"])
    known |= {f"incident_{name}": company.incident(known["errand"], name) for name in ("close", "remark")}
    for name in ("confirm", "drop"):
        answer = company.ask("POST", "/plans", company.token(repairer), {"transition": "take", "numbers": [known["bulk"]], "reason": name})
        assert answer.status_code == 201, answer.text
        known[f"plan_{name}"] = answer.json()["id"]
    until = now + timedelta(days=7)
    record_absence(app.database, Absence(repairer, now, until), at=now, by="os:owner", reason=marks["away"])
    record_delegation(app.database, registry(), Delegation(repairer, clerk, None, now, until), at=now, by="os:owner", reason=marks["away"])
    app.relay.run_once()
    message = app.messages.outbox(1, number=known["errand"]).lines[0]
    return known | {"entry": message.id.rpartition("/")[2], "delivery": message.deliveries[0].delivery.id}


@contextmanager
def open_branches(url: str, log: Log, since: datetime = START) -> Iterator[Branches]:
    """The company, founded and with its programs; nothing has happened yet."""
    with Application.open(settings(url)) as app:
        publish(app.database, [checked(ERRANDS)], "os:owner", since)
        staffing.load(app.database, registry(), people_file(PEOPLE + SERVICES), at=since, by="os:owner", zone=ZONE)
        for source, service in (("north", "courier"), ("south", "mule")):
            app.sources.add(Source(source, service, Standard(), STANDARD), by="os:owner")
        with TestClient(build(app, log, limits=UNHINDERED)) as client:
            yield Branches(app, client)
