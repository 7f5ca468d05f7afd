"""A house in the middle of its work: the demonstration team after seven working days, with everything a page can show, really served.

Phones in many states with their children and linked cases, cars to be called about, people away and standing in, what is overdue, what
went wrong. Simulated time stands still, so a page shows the same each time it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from random import Random
from socket import create_server
from threading import Thread
from typing import Any

import uvicorn

from demo import dealer, phone
from demo.team import Diary, Team
from engine.app import Application
from engine.authoring.library import read_library
from engine.authoring.organisation import read_people
from engine.core.command import Fire, OpenCase
from engine.label import Label
from engine.runtime import staffing
from engine.runtime.founding import found_database
from engine.runtime.intake import take_in
from engine.runtime.publishing import publish
from engine.runtime.sheet import read_sheet
from engine.runtime.substitution import record_absence, record_delegation
from engine.settings import SHIPPED, Settings
from engine.store import accounts, cases
from engine.store.database import Database
from engine.store.incidents import open_incident
from roles.absence import Absence
from roles.delegation import Delegation
from tests.process import SHANGHAI
from tests.runtime.company import caller, granted
from tests.web.centre import ROLES, TICKET, UNHINDERED
from web.app import build

BEGINS = datetime(2026, 9, 17, 9, 0, tzinfo=SHANGHAI)
MORNING = datetime(2026, 9, 28, 9, 0, tzinfo=SHANGHAI)
ENDS = datetime(2026, 9, 28, 14, 0, tzinfo=SHANGHAI)
ROWS = 24
"""Tickets of the sheet that are taken in at the beginning; a third as many come in this morning."""
SEED = 20260930
HABITS = {
    "phone-repair": phone.HABITS,
    "phone-material-outbound": phone.OUTBOUND,
    "phone-callback": phone.CALLBACK,
    "dealer-callback": dealer.HABITS,
}


@dataclass(slots=True)
class Events:
    """What the server writes down while it is watched."""

    lines: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    def info(self, event: str, **fields: object) -> None:
        """Kept."""
        self.lines.append((event, fields))

    warning = error = info


@dataclass(frozen=True)
class House:
    """The application, where it is served, and what it wrote down."""

    app: Application
    address: str
    events: Events
    _serial: Iterator[int] = field(default_factory=lambda: count(1))

    def session(self, person: str) -> str:
        """A session that has begun: what a browser shows. A password costs a quarter of a second, and is tried once."""
        secret, now = f"{person} {next(self._serial)}", self.app.time.now()
        session = accounts.Session(sha256(secret.encode()).hexdigest(), person, now, now, now + timedelta(days=365), None, "test")
        with self.app.database.write() as connection:
            accounts.begin(connection, session)
        return secret

    def device(self) -> dict[str, object]:
        """A ticket of a phone that has never been here."""
        nth = next(self._serial)
        return {**TICKET, "imei": f"0010171{nth:08}", "mobile": f"1281{nth:07}"}

    def opened(self, person: str = "amy", **data: object) -> str:
        """Such a phone comes in; its number."""
        answer = self.app.cases.open("phone-repair", OpenCase("receive", {**self.device(), **data}), caller(person))
        return granted(answer).outcome.number

    def fire(self, number: str, step: str, person: str, **data: object) -> None:
        """Somebody else performs a step, which must be granted."""
        granted(self.app.cases.handle(number, Fire(step, data), caller(person)))

    def state(self, number: str) -> str:
        """Where a case stands."""
        return self.app.views.case(number).case.state

    def value(self, number: str, name: str) -> Any:
        """What stands in a field of a case."""
        return self.app.views.case(number).case.data.get(name)

    def revision(self, number: str) -> int:
        """How often a case has changed for those who see it."""
        return self.app.views.case(number).case.revision


def standing(app: Application, workflow: str, *states: str) -> str:
    """The first case of a workflow that stands in one of these states, or in any."""
    with app.database.read() as reader:
        found = [line for line in cases.lines(reader, cases.Filter(workflow), limit=1000) if not states or line.state in states]
    assert found, f"no case of {workflow} stands in {states}"
    return found[0].number


def found(url: str) -> None:
    """Make the house, and let its days pass."""
    found_database(url, simulated=True, now=BEGINS, principal="os:owner")
    team = read_people(SHIPPED / "roles" / "people.demo.yaml")[0]
    assert team is not None
    database = Database.open(url)
    publish(database, read_library([SHIPPED / "workflows"], ROLES, [SHIPPED / "workflows"]).checked, "os:owner", BEGINS)
    staffing.load(database, ROLES, team, at=BEGINS, by="os:owner", zone=SHANGHAI)
    database.close()
    with Application.open(_settings(url)) as app:
        _let_work(app)
        _let_people_go(app)
        app.watch.run_once()
        _make_trouble(app)


def _let_work(app: Application) -> None:
    """Tickets and cars come in, most of them at the beginning, some this morning, and the team does what it does each day."""
    sheet = (SHIPPED / "workflows" / "examples" / "intake.csv").read_bytes().splitlines(keepends=True)
    team = Team(app, HABITS, Random(SEED))
    for first, last, until in ((1, ROWS, MORNING), (ROWS, ROWS + ROWS // 3, ENDS)):
        rows = read_sheet(b"".join((sheet[0], *sheet[first : last + 1])))
        take_in(app.cases, app.catalog.newest("phone-repair"), "receive", rows, caller("amy"))
        ticket = {**dealer.FIRST_TICKET, "order_no": f"RO26-0044{first:02}", "delivered_on": str(app.time.now().date() - timedelta(days=1))}
        granted(app.cases.open("dealer-callback", OpenCase("list", ticket), caller("cleo")))
        with app.database.read() as reader:
            numbers = sorted(line.number for line in cases.lines(reader, cases.Filter(is_open=True), limit=1000))
        team.work(numbers, until, Diary(), lambda _: None)


def _let_people_go(app: Application) -> None:
    """Somebody is ill with nobody in his place, somebody is on leave and another stands in."""
    now, until = app.time.now(), app.time.now() + timedelta(days=5)
    for away in ("sue", "ted"):
        record_absence(app.database, Absence(away, now, until), at=now, by="os:owner", reason="培训")
    record_delegation(app.database, ROLES, Delegation("ted", "tia", None, now, until), at=now, by="os:owner", reason="培训")


def _make_trouble(app: Application) -> None:
    """A step of a clock was refused, a message has died."""
    now = app.time.now()
    with app.database.read() as reader:
        held = next(line.id for line in cases.lines(reader, cases.Filter("phone-repair", is_open=True), limit=1000))
    with app.database.write() as connection:
        open_incident(connection, held, "step_refused", "finish", Label("步骤被拒", "the step was refused"), now)
        open_incident(connection, None, "dead_letter", "webhook:till:till", Label("推送地址“till”", "the endpoint “till”"), now)


def _settings(url: str) -> Settings:
    return Settings(url, "zh", SHANGHAI, (), ())


@contextmanager
def open_house(url: str) -> Iterator[House]:
    """The house, served on a port of this machine by a thread of this process."""
    events = Events()
    with Application.open(_settings(url)) as app, create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(build(app, events, UNHINDERED), ws="none", log_config=None, access_log=False, server_header=False)
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, name="house")
        thread.start()
        try:
            yield House(app, f"http://127.0.0.1:{listener.getsockname()[1]}", events)
        finally:
            server.should_exit = True
            thread.join()
