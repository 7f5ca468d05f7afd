"""The company behind HTTP: its people and its till with a token each, and short words for asking. One for a module of tests.

Beside the repairs it has loans, whose process has what those lack: files, signatures, an undo.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from engine.app import Application
from engine.runtime.publishing import publish
from engine.runtime.staffing import add_person, assign
from engine.runtime.tokens import Wish
from roles.actor import ADMINISTRATOR, INTEGRATION
from roles.assignment import Assignment
from roles.scope import WHOLE, Scope
from tests.runtime.company import START, TICKET, WORKFLOW, Company, checked, registry, settings
from web.app import build
from web.limits import USUAL, Limits

LOANS = """
workflow: desk-loan
version: 1
title: {zh: 柜台借机, en: Desk loan}
owner: desk-supervisor
organisation: desk
number: "DL{yy}-{seq:04}"
undo: 10m
fields:
  photos: {type: files, title: {zh: 照片, en: Photos}, accept: [png, txt], size: 1MB, count: 3}
  note:   {type: text, title: {zh: 说明, en: Note}}
start:
  lend: {title: {zh: 借出, en: Lend}, by: desk-clerk, asks: ["photos?", "note?"], to: lent}
states:
  lent:
    title: {zh: 已借出, en: Lent}
    transitions:
      remark: {title: {zh: 记录, en: Remark}, by: desk-clerk, asks: note, to: stay}
      waive:
        title: {zh: 免还, en: Waive}
        by: [desk-clerk, desk-repairer, desk-supervisor]
        approvals: {at_least: 2}
        to: closed
  closed: {title: {zh: 已结案, en: Closed}, final: success}
"""


@dataclass(frozen=True, slots=True)
class Counter:
    """The company, and a client of its API."""

    company: Company
    client: TestClient
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, who: str | None = "cai", body: object = None, **more: Any) -> Any:
        """Ask as one of the people; `headers`, `content` and `params` go as they are."""
        headers: dict[str, str] = {"Accept-Language": "en", **more.pop("headers", {})}
        if who is not None:
            headers.setdefault("Authorization", f"Bearer {self.token(who)}")
        sent: dict[str, Any] = {"json": body} if body is not None else {}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **sent, **more)

    def post(self, path: str, body: object = None, who: str | None = "cai", **headers: str) -> Any:
        """Wish something. Words of headers are joined by `_`."""
        return self.ask("POST", path, who, {} if body is None else body, headers=_named(headers))

    def token(self, who: str, scope: Scope = WHOLE, *, for_people: bool = False) -> str:
        """The token of somebody, made when he first needs one."""
        name = f"{who} {scope} {for_people}"
        if name not in self.tokens:
            self.tokens[name] = self.company.app.tokens.make(Wish(who, "测试", scope, for_people), by="os:tester").secret
        return self.tokens[name]

    def receive(self, place: int = 0, **headers: str) -> str:
        """Open a repair; its number. `place` makes it another device than those before."""
        answer = self.post("/cases", ticket(place), **headers)
        assert answer.status_code == 201, answer.text
        number: str = answer.json()["number"]
        return number

    def lend(self, **data: object) -> str:
        """Open a loan; its number."""
        answer = self.post("/cases", {"workflow": "desk-loan", "start": "lend", "data": data})
        assert answer.status_code == 201, answer.text
        number: str = answer.json()["number"]
        return number


def ticket(place: int = 0, **data: object) -> dict[str, object]:
    """A repair as a body, each place another device."""
    return {"workflow": WORKFLOW, "start": "receive", "data": {**TICKET, "imei": f"001017{place:09}", **data}}


@contextmanager
def open_counter(url: str, limits: Limits = USUAL, roles: tuple[Path, ...] = ()) -> Iterator[Counter]:
    """The counter of a company that is founded; everything is proven when it closes. `roles`: folders of role files."""
    with Application.open(replace(settings(url), roles=roles)) as app:
        company, database = Company(app), app.database
        publish(database, [checked(LOANS)], "os:owner", START)
        add_person(database, "till", "收银台", None, "service")
        add_person(database, "ada", "样例管理员01")
        for person, role, unit in (("till", INTEGRATION, "shop-1"), ("ada", ADMINISTRATOR, None)):
            assign(database, registry(), Assignment(person, role, unit, START), at=START, by="os:owner")
        yield Counter(company, TestClient(build(app, limits=limits), raise_server_exceptions=False))
        company.prove()


def problem(answer: Any, status: int, code: str) -> Mapping[str, Any]:
    """What a problem says, which it must be, whole and in its own media type."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    said: Mapping[str, Any] = answer.json()
    assert (answer.status_code, said["status"], said["code"]) == (status, status, code), answer.text
    assert said["type"] == f"urn:aftercare:problem:{code}"
    assert said["detail"] == said["sentence"]["en"]
    assert said["sentence"]["zh"] != said["sentence"]["en"]
    return said


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
