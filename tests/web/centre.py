"""The repair centre of the demonstration team as other programs have it before them: in process, over HTTP, with a token for each caller.

Amy and Bea receive phones in the two shops, Tom takes one on; Abe looks after the installation, Mia owns the process in the first shop.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from engine.app import Application
from engine.authoring.organisation import read_roles
from engine.core.command import Fire, OpenCase
from engine.label import Label
from engine.runtime.budget import Rate
from engine.runtime.staffing import add_person, assign
from engine.runtime.substitution import record_absence, record_delegation
from engine.runtime.tokens import Wish
from engine.settings import SHIPPED, Settings
from engine.store.incidents import open_incident
from roles.absence import Absence
from roles.actor import ADMINISTRATOR
from roles.assignment import Assignment
from roles.delegation import Delegation
from roles.scope import WHOLE, Scope
from tests.acceptance.repair_centre import WORKFLOW
from tests.runtime.company import ZONE, caller, granted
from web.app import build
from web.limits import Limits
from web.route import API

ROLES = read_roles([SHIPPED / "roles"])[0]
START = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
"""Nine in the morning."""
TICKET: dict[str, object] = {
    "channel": "walk_in",
    "customer_name": "测试客户甲",
    "mobile": "12800000001",
    "model": "示例 X18",
    "imei": "001017000000011",
    "proof": "invoice",
    "sold_on": "2026-03-01",
    "symptom": "充不进电",
    "accessories": "充电器",
    "appearance": "外观正常",
    "as_listed": True,
    "backed_up": True,
}
_EVER = Rate(100_000, 100_000)
UNHINDERED = Limits(per_token=_EVER, failures=_EVER, per_session=_EVER, strangers=_EVER)


@dataclass(frozen=True)
class Centre:
    """An application, and a client that speaks to it in the name of whoever is asked for."""

    app: Application
    client: TestClient
    _secrets: dict[tuple[str, Scope, bool], str] = field(default_factory=dict)

    def token(self, holder: str, scope: Scope = WHOLE, *, for_people: bool = False) -> str:
        """The text of a token of this holder; the same one when it is asked for again."""
        key = (holder, scope, for_people)
        if key not in self._secrets:
            self._secrets[key] = self.app.tokens.make(Wish(holder, "测试", scope, for_people), by="os:tester").secret
        return self._secrets[key]

    def get(self, path: str, holder: str, scope: Scope = WHOLE, *, person: str | None = None, **more: Any) -> Response:
        """What one answers to this caller; `person`: for whom he acts."""
        headers = {"Authorization": f"Bearer {self.token(holder, scope, for_people=person is not None)}", **more.pop("headers", {})}
        if person is not None:
            headers["Aftercare-Person"] = person
        return self.client.get(f"{API}{path}", headers=headers, **more)

    def read(self, path: str, holder: str, scope: Scope = WHOLE, **parameters: object) -> Any:
        """The object that one answers, which it must."""
        answer = self.get(path, holder, scope, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def opened(self, person: str, **data: object) -> str:
        """A phone comes in; its number."""
        command = OpenCase("receive", {**TICKET, **data})
        return granted(self.app.cases.open(WORKFLOW, command, caller(person))).outcome.number

    def fire(self, number: str, step: str, person: str, **data: object) -> None:
        """Somebody performs a step, which must be granted."""
        granted(self.app.cases.handle(number, Fire(step, data), caller(person)))

    def problem(self, path: str, holder: str, scope: Scope = WHOLE, **parameters: object) -> tuple[int, str]:
        """Status and code of the problem that one answers, which it must."""
        answer = self.get(path, holder, scope, params=parameters)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        said = answer.json()
        assert said["status"] == answer.status_code
        return answer.status_code, said["code"]

    def numbers(self, holder: str, scope: Scope = WHOLE, **parameters: object) -> list[str]:
        """The cases that a list answers, which must be its last page."""
        page = self.read("/cases", holder, scope, **parameters)
        assert not page["more"]
        assert page["next"] is None
        return [each["number"] for each in page["cases"]]

    def until(self, instant: datetime) -> None:
        """Let time pass, and the workers with it: what is due is told."""
        self.app.move_time(instant)
        self.app.sweeper.run_once()
        self.app.relay.run_once()


@dataclass(frozen=True, slots=True)
class Busy:
    """Two phones of each shop, by number: one waits, one is taken on. It is the next day, and all of them are overdue."""

    waiting: str
    taken: str
    waiting_elsewhere: str
    taken_elsewhere: str


def make_busy(centre: Centre) -> Busy:
    """What makes every list hold something: overdue cases, messages, an absence and who stands in, an incident."""
    database, now = centre.app.database, START
    numbers = [
        centre.opened(person, imei=f"00101700000001{place}", mobile=f"1280000000{place}")
        for place, person in enumerate(("amy", "amy", "bea", "bea"), 1)
    ]
    busy = Busy(*numbers)
    centre.fire(busy.taken, "take", "tom")
    centre.fire(busy.taken_elsewhere, "take", "ted")
    add_person(database, "amy", "样例前台01", "amy@example.com")
    assign(database, ROLES, Assignment("moe", ADMINISTRATOR, "phone-02", now), at=now, by="os:owner")
    until = now + timedelta(days=7)
    for away, deputy in (("tom", "sue"), ("ted", "tia")):
        record_absence(database, Absence(away, now, until), at=now, by="os:owner", reason="培训")
        record_delegation(database, ROLES, Delegation(away, deputy, None, now, until), at=now, by="os:owner", reason="培训")
    with database.write() as connection:
        for number in (busy.taken, busy.taken_elsewhere):
            id = centre.app.views.case(number).case.id
            open_incident(connection, id, "step_refused", "finish", Label("步骤被拒", "the step was refused"), now)
        open_incident(connection, None, "dead_letter", "webhook:till:till", Label("推送地址“till”", "the endpoint “till”"), now)
    centre.until(START + timedelta(hours=4))
    centre.until(START + timedelta(days=1, minutes=30))
    return busy


@contextmanager
def open_centre(url: str) -> Iterator[Centre]:
    """The centre as a server has it open."""
    with Application.open(Settings(url, "zh", ZONE, (), ())) as app, TestClient(build(app, limits=UNHINDERED)) as client:
        yield Centre(app, client)
