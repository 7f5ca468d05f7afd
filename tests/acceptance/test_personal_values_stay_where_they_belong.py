"""Personal values stay where they belong (reliability bar 36): canaries in every personal field and a remark, and then everybody looks.

Whoever finds the case but to whom it is not disclosed gets nothing of them from any path that reads, whatever he asks; nor does a log line,
a problem, a waiting message or any table but the one for personal values hold them.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.app import Application
from engine.core.command import Comment, Disclose, Fire, OpenCase
from engine.runtime.tokens import Wish
from engine.settings import Settings
from roles.scope import WHOLE, Identity
from tests.acceptance.repair_centre import WORKFLOW, found
from tests.rig.report import Run, Tell
from tests.runtime.company import ZONE, Company, caller, granted
from tests.web.centre import START, TICKET, UNHINDERED
from web.app import build
from web.logs import log_to
from web.route import API

CANARIES = {"customer_name": "样例金丝雀", "mobile": "12800097313", "email": "canary.nine@example.com"}
REMARK = "金丝雀说晚上来取"
IMEI = str(TICKET["imei"])
EVERYTHING = (*CANARIES.values(), REMARK)
VERDICT = {"fault": "battery", "cause": "电池老化", "in_warranty": "是", "verdict_why": "在保", "remedy": "repair"}
EACH_TIME = 8
"""Viewers in each state: each asks some seventy times."""
STEPS: tuple[tuple[str | None, str, dict[str, str]], ...] = (
    ("take", "tom", {}),
    ("diagnose", "tom", VERDICT),
    ("finish", "tom", {"work_done": "换电池"}),
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Application]:
    """The repair centre with one phone in it."""
    url = f"sqlite:///{tmp_path / 'aftercare.db'}"
    found(url, simulated_from=START)
    with Application.open(Settings(url, "zh", ZONE, (), ())) as app:
        yield app


def viewers(app: Application, number: str) -> list[str]:
    """Everybody who finds the case but to whom it is masked; and some who do not find it."""
    with app.database.read() as reader:
        record = reader.case(number)
    assert record is not None
    definition, case = app.catalog.by_digest(record.case.digest), record.case
    known = {name: app.access(Identity(name)) for name in app.directory.roster().people}
    strangers = [name for name, access in known.items() if not access.finds(definition, case)][:4]
    return [name for name, access in known.items() if access.finds(definition, case) and not access.discloses(definition, case)] + strangers


def paths(client: TestClient, number: str, steps: list[str]) -> list[str]:
    """Every path that reads, as the server itself describes it, about this case and everything around it."""
    described = client.get(f"{API}/openapi.json").json()["paths"]
    reading = [path for path, methods in described.items() if "get" in methods]
    filled = {"number": number, "subject": IMEI, "workflow": WORKFLOW, "field": "photos", "person": "amy", "id": "1", "source": "1"}
    found = [path.replace("{step}", step) for path in reading for step in (steps if "{step}" in path else [""])]
    for name, value in filled.items():
        found = [path.replace(f"{{{name}}}", value) for path in found]
    asked = [f"{API}/cases?q={part}" for each in EVERYTHING for part in (each, each[:-1], each[1:4])]
    return [*found, *asked]


@pytest.mark.reliability
def test_whoever_is_not_to_see_them_gets_nothing_of_them_anywhere(app: Application, told: Tell) -> None:
    run, chance, log, looks = Run(36, "sqlite", seed=36), random.Random(36), io.StringIO(), 0
    number = granted(app.cases.open(WORKFLOW, OpenCase("receive", {**TICKET, **CANARIES}), caller("amy"))).outcome.number
    granted(app.cases.handle(number, Comment(REMARK), caller("amy")))
    leaks: list[object] = []
    with TestClient(build(app, log_to(log), limits=UNHINDERED)) as client:
        secrets = {each: app.tokens.make(Wish(each, "测试", WHOLE), by="os:tester").secret for each in app.directory.roster().people}
        for step, person, data in (*STEPS, (None, "", {})):
            case, options = app.cases.options(number, None)
            wishes = [f"{API}/cases/{number}/transitions/{each.step}" for each in options]
            for viewer in chance.sample(viewers(app, number), EACH_TIME):
                headers = {"Authorization": f"Bearer {secrets[viewer]}"}
                answers = [client.get(path, headers=headers) for path in paths(client, number, [each.step for each in options])]
                answers += [client.post(path, json={}, headers=headers) for path in wishes]
                answers += [client.post(f"{API}/cases/{number}/disclosures", json={"reason": ""}, headers=headers)]
                looks += len(answers)
                leaks += [(case.state, viewer, each.url, secret) for each in answers for secret in EVERYTHING if secret in each.text]
            if step is not None:
                granted(app.cases.handle(number, Fire(step, data), caller(person)))
        whole = {"Authorization": f"Bearer {secrets['mia']}"}
        seen = "".join(client.get(path, headers=whole).text for path in paths(client, number, []))
        granted(app.cases.handle(number, Disclose("回访"), caller("mia")))
        app.relay.run_once()
    tables = {table: str(rows) for table, rows in Company(app).tables().items()}
    kept = tables.pop("personal")
    leaks += [(place, secret) for place, text in {**tables, "log": log.getvalue()}.items() for secret in EVERYTHING if secret in text]
    run.figures |= {"viewers": len(secrets), "canaries": len(EVERYTHING)}
    told(run, looks, len(leaks))
    assert leaks[:3] == []
    assert log.getvalue()
    assert [secret for secret in EVERYTHING if secret not in kept or secret not in seen] == [], "they are there to be found"
