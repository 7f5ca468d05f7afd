"""Ten years of an organisation: as many cases as are asked for, in forty areas of ten shops, nearly all of them ended long ago.

Each is one of the eight that the core makes on the way through *repair-7*, under another number, in another unit, by another instant,
with no more history than its opening. A hundredth are of a second, rare workflow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, create_engine, insert, text

from benchmarks.population import columns_of
from benchmarks.workload import MOVES, REGISTRY, ROLE, WORKER, opened
from engine.app import Application
from engine.authoring.document import read
from engine.authoring.library import check_documents
from engine.authoring.supplies import read_supplies
from engine.core.codec import canonical, encode_instant
from engine.core.command import Command, Fire, OpenCase
from engine.core.decide import decide
from engine.core.decision import Accepted
from engine.core.facts import Facts
from engine.label import verbatim
from engine.runtime.publishing import publish
from engine.store import people
from engine.store.database import Database
from engine.store.record import Record, Recording, Row
from engine.store.schema import cases, history, personal, timers
from engine.store.writing import Writing, prepare
from roles.actor import Actor, Grant
from roles.assignment import Assignment
from roles.staff import Person, Unit

AREAS, SHOPS, PERSONS = 40, 10, 500
BEGAN = datetime(2016, 10, 1, tzinfo=UTC)
LASTS = timedelta(days=3650)
RECENT = 40_000
"""Of the newest so many cases half are open, of all others one in two hundred."""
TOGETHER = 20_000
SHOP, AREA = "shop-07-3", "area-07"
"""Where those look who do not see everything."""

HOLDER = "p000"
"""Who holds cases everywhere, and works in that shop."""

PHASES = ("receive", "diagnose", "repair", "inspect", "inspect", "return", "callback", "done")
"""The phase of each state."""


def found(url: str) -> None:
    """The organisation with its people and both workflows, and no case."""
    folder = Path(__file__).parent
    seven = (folder / "repair7.yaml").read_text(encoding="utf-8")
    eight = (
        seven.replace("repair-seven", "repair-rare").replace("BM{yy}", "BR{yy}").replace("七步维修", "少见维修").replace("seven", "rare")
    )
    documents = [read(each.encode(), f"{name}.yaml") for name, each in (("repair7", seven), ("repair-rare", eight))]
    checked = check_documents(documents, REGISTRY, read_supplies([folder])).checked
    database = Database.create(url, simulated=False, now=BEGAN)
    publish(database, checked, "os:bench", BEGAN)
    with database.write() as connection:
        _staff(connection)
    database.close()


def _staff(connection: Connection) -> None:
    people.save_unit(connection, Unit("head", verbatim("总部"), None))
    for area in range(AREAS):
        people.save_unit(connection, Unit(f"area-{area:02}", verbatim(f"{area}区"), "head"))
        for shop in range(SHOPS):
            people.save_unit(connection, Unit(f"shop-{area:02}-{shop}", verbatim(f"{area}区{shop}店"), f"area-{area:02}"))
    for nth in range(PERSONS):
        people.save_person(connection, Person(f"p{nth:03}", f"样例工程师{nth:03}"))
    for person, unit in (("worker", None), ("of-area", AREA), ("of-shop", SHOP), (HOLDER, SHOP)):
        people.save_person(connection, Person(person, f"样例{person}"))
        people.assign(connection, Assignment(person, ROLE, unit, BEGAN), at=BEGAN, by="os:bench")


def fill(url: str, size: int) -> None:
    """Write so many cases, and let the database know itself."""
    with opened(url) as app:
        rows = _rows(app, size)
        while some := list(islice(rows, TOGETHER)):
            with app.database.write() as connection:
                for table in (cases, history, personal, timers):
                    of_table = [row for of_case in some for row in of_case.get(table, ())]
                    if of_table:
                        connection.execute(insert(table), of_table)
    settle(url)


def settle(url: str) -> None:
    """What a database does by itself in the long run: its log is in its file, its statistics are taken."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()


def _rows(app: Application, size: int) -> Iterator[dict[Table, list[Row]]]:
    chance = Random(7)
    models = {workflow: _models(app, workflow) for workflow in ("repair-seven", "repair-rare")}
    for place in range(size):
        stands = chance.randrange(len(MOVES)) if chance.random() < (0.5 if size - place <= RECENT else 0.005) else len(MOVES)
        model = models["repair-rare" if place % 100 == 0 else "repair-seven"][stands]
        area = min(int(chance.expovariate(0.1)), AREAS - 1)  # some areas are much larger than others
        at = encode_instant(BEGAN + LASTS * (place / size))
        row = columns_of(model.case) | {
            "id": f"{chance.getrandbits(128):032x}",
            "number": f"BM-{place:07}",
            "unit": f"shop-{area:02}-{chance.randrange(SHOPS)}",
            "phase": PHASES[stands],
            "assignee": f"p{chance.randrange(PERSONS):03}" if stands < len(MOVES) or chance.random() < 0.3 else None,
            "subject": f"{place % (size // 3 + 1):015}",
            "reference": f"REF-{place:07}" if place % 10 == 0 else None,
            "opened_at": at,
            "entered_at": at,
            "last_at": at,
        }
        yield {
            cases: [row],
            history: [each | {"case_id": row["id"], "at": at} for each in model.entries[:1]],
            personal: [each | {"case_id": row["id"], "value": canonical(f"测试客户{place}")} for each in model.personal],
            timers: [each | {"case_id": row["id"]} for each in model.armed],
        }


def _models(app: Application, workflow: str) -> list[Writing]:
    """A case in each of its states, with the entry and the personal values of its opening, and the timer that runs there."""
    definition = app.catalog.newest(workflow)
    actor = Actor("worker", "person", frozenset({Grant(ROLE)}))
    recording = Recording(WORKER.provenance, definition.personal, definition.version, None, None)
    first: Writing | None = None
    before: Record | None = None
    made = []
    wishes: list[Command] = [
        OpenCase("receive", {"customer": "测试客户甲", "symptom": "不开机"}),
        *(Fire(step, {"minutes": "5"}) for step in MOVES),
    ]
    for wish in wishes:
        facts = Facts(BEGAN, actor, ZoneInfo("Asia/Shanghai"), case_id="c", number="n", calendars=definition.calendars)
        decision = decide(definition, before.case if before is not None else None, wish, facts)
        assert isinstance(decision, Accepted)
        writing = prepare(before, decision, recording, lambda _: definition.kinds, b"")
        first, before = first or writing, writing.record
        given = {"workflow": workflow, "reference": None, "number": "", "opened_at": ""}
        made.append(replace(writing, case=given | writing.case, entries=first.entries, personal=first.personal))
    return made
