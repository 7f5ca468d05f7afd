"""The house of the browser tests grown large: twenty shops more with three hundred people, and copies of its cases in all of them.

A copy has a number, a unit, a holder and instants of its own, its timers fall due around the present, and of its history it has no more
than the opening. The cases of the house itself keep everything: they are the ones that are looked at alone. Of one a great deal was said;
there is a plan for many, and much has gone wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Table, insert, select

from benchmarks.archive import settle
from engine.app import Application
from engine.core.codec import canonical, decode_instant, encode_instant
from engine.core.command import Comment
from engine.core.effect import IncidentKind
from engine.label import Label, verbatim
from engine.store import people
from engine.store.cases import Filter, lines
from engine.store.incidents import incident_row
from engine.store.schema import cases, history, incidents, personal, timers
from roles.assignment import Assignment
from roles.staff import Person, Unit
from tests.browser.house import standing
from tests.runtime.company import caller, granted

SHOPS = 20
ROLES = ("phone-front-desk", *["phone-repair-tester"] * 12, "phone-supervisor", "phone-front-desk")
"""What the people of a shop hold."""
OPEN = 0.34
"""Which part of the copies is open."""
TOGETHER = 5_000
"""Copies written in one transaction."""
LONGEST_AGO = timedelta(days=1_000)
OVERDUE, AHEAD = timedelta(days=-2), timedelta(days=10)
"""Since when, and until when, timers fall due."""
DEVICES = 30_011
REMARKS = 2_000
"""What was said of one case."""
PLANNED = 300
"""Cases of a plan."""
INCIDENTS, STILL_OPEN = 10_000, 500
LONG = ("phone-repair", "repairing")
"""Where the case stands of which so much was said: the first of the house."""
KINDS: tuple[IncidentKind, ...] = ("step_refused", "holder_absent", "nobody_to_assign")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Model:
    """A case of the house, as rows."""

    case: Row
    rows: Mapping[Table, Sequence[Row]]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do with it."""
        return self.case["outcome"] is None


def crowd(app: Application, size: int) -> Mapping[str, str]:
    """Add copies until there are so many cases, and the rest; answers the plan, and of a copy in the first shop what it is found by."""
    much_talked_of = standing(app, *LONG)
    _open_shops(app)
    copies = _copies(_models(app), app.time.now(), size)
    while some := list(islice(copies, TOGETHER)):
        with app.database.write() as connection:
            for table in (cases, history, personal, timers):
                if of_table := [row for each in some for row in each[table]]:
                    connection.execute(insert(table), of_table)
    _talk(app, much_talked_of)
    _make_trouble(app)
    plan, place = _plan(app), _place(app)
    settle(app.settings.database)
    return {"plan": plan, "place": str(place), "subject": _subject(place), "mobile": _mobile(place)}


def _place(app: Application) -> int:
    with app.database.read() as reader:
        found = lines(reader, Filter("phone-repair", unit="phone-01", is_open=True), limit=PLANNED)
    return next(int(line.number.removeprefix("ZZ-")) for line in reversed(found) if line.number.startswith("ZZ-"))


def _subject(place: int) -> str:
    return f"0010171{place % DEVICES:08}"


def _mobile(place: int) -> str:
    return f"128{place:08}"


def _talk(app: Application, number: str) -> None:
    for nth in range(REMARKS):
        granted(app.cases.handle(number, Comment(f"第 {nth} 次联系客户：测试说明，待客户回复。"), caller("amy")))


def _make_trouble(app: Application) -> None:
    now, chance = app.time.now(), Random(11)
    with app.database.read() as reader:
        ids = [line.id for line in lines(reader, Filter("phone-repair", is_open=True), limit=INCIDENTS)]
    rows: list[Row] = []
    for nth in range(INCIDENTS):
        at = now - chance.random() * timedelta(days=100)
        row = {**incident_row(ids[nth % len(ids)], KINDS[nth % len(KINDS)], f"s{nth}", Label("步骤被拒", "the step was refused"), at)}
        is_open = nth % (INCIDENTS // STILL_OPEN) == 0
        settled = {"state": "resolved", "settled_at": encode_instant(at), "settled_by": "mia", "note": "已处理"}
        rows.append(row if is_open else {**row, **settled})
    with app.database.write() as connection:
        connection.execute(insert(incidents), rows)


def _plan(app: Application) -> str:
    with app.database.read() as reader:
        found = lines(reader, Filter("phone-repair", state="received", unit="phone-01", is_open=True), limit=PLANNED)
    return app.bulk.plan("cancel", [line.number for line in found], {}, "客户不再来取", caller("mia")).plan.id


def _open_shops(app: Application) -> None:
    now = app.time.now()
    with app.database.write() as connection:
        for nth in range(SHOPS):
            people.save_unit(connection, Unit(_shop(nth), verbatim(f"样例{nth + 1}店"), "headquarters"))
            for place, role in enumerate(ROLES):
                id = f"s{nth:02}-{place:02}"
                people.save_person(connection, Person(id, f"样例店员{nth:02}{place:02}"))
                people.assign(connection, Assignment(id, role, _shop(nth), now), at=now, by="os:bench")


def _shop(nth: int) -> str:
    return f"phone-1{nth:02}"


def _models(app: Application) -> list[Model]:
    with app.database.read() as reader:
        rows = [dict(row) for row in reader.connection.execute(select(cases)).mappings()]
        first = {
            table: [dict(row) for row in reader.connection.execute(select(table).where(table.c.seq == 1)).mappings()]
            for table in (history, personal)
        }
        armed = [dict(row) for row in reader.connection.execute(select(timers)).mappings()]
    kept = {**first, timers: armed}
    return [Model(row, {table: [one for one in of if one["case_id"] == row["id"]] for table, of in kept.items()}) for row in rows]


def _copies(models: Sequence[Model], now: datetime, size: int) -> Iterator[Mapping[Table, list[Row]]]:
    chance = Random(7)
    by_state = {state: [each for each in models if each.is_open is state] for state in (True, False)}
    for place in range(len(models), size):
        yield _copy(chance.choice(by_state[chance.random() < OPEN]), place, now, chance)


def _copy(model: Model, place: int, now: datetime, chance: Random) -> Mapping[Table, list[Row]]:
    shop = chance.randrange(SHOPS + 2)
    id, is_new = f"{chance.getrandbits(128):032x}", shop < SHOPS and (model.case["unit"] or "").startswith("phone")
    ago = chance.random() * (timedelta(days=10) if model.is_open else LONGEST_AGO)
    instants = {name: encode_instant(now - ago) for name in ("opened_at", "entered_at", "last_at")}
    case = {
        **model.case,
        **instants,
        "id": id,
        "number": f"ZZ-{place:07}",
        "unit": _shop(shop) if is_new else model.case["unit"],
        "assignee": f"s{shop:02}-{chance.randrange(1, 13):02}" if is_new and model.case["assignee"] else model.case["assignee"],
        "ended_at": None if model.is_open else instants["last_at"],
        "subject": _subject(place),
        "reference": None,
    }
    value = {"customer_name": canonical(f"测试客户{place}"), "mobile": canonical(_mobile(place))}
    return {
        cases: [case],
        history: [{**each, "case_id": id, "at": instants["opened_at"]} for each in model.rows[history]],
        personal: [{**each, "case_id": id, "value": value.get(each["field"], each["value"])} for each in model.rows[personal]],
        timers: [_moved(each, id, now + OVERDUE + chance.random() * (AHEAD - OVERDUE)) for each in model.rows[timers]],
    }


def _moved(timer: Row, id: str, due: datetime) -> Row:
    """A timer that falls due at another instant, and rings for the first time as long before as it did."""
    if timer["due_at"] is None:
        return {**timer, "case_id": id}
    by = due - decode_instant(timer["due_at"])
    fires = timer["fires_at"] and encode_instant(decode_instant(timer["fires_at"]) + by)
    return {**timer, "case_id": id, "due_at": encode_instant(due), "fires_at": fires}
