"""Shared story of the store tests: a repair is opened, moved, mended and remarked upon, each through a unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import insert

from engine.core.case import Case, Parent
from engine.core.decision import Accepted
from engine.core.effect import ArmTimer, CancelChild, Effect, Notify, Occurrence, WakeParent
from engine.core.event import ChildChanged, ChildOpened, Commented, Corrected, Event, Moved, Opened, Result, RungFired, Undone
from engine.core.evolve import evolve
from engine.core.kind import DATE, DATETIME, DECIMAL, INTEGER, PEOPLE, TEXT, Kind, Value
from engine.core.run import ClockChange
from engine.label import Label
from engine.store.database import Database
from engine.store.record import Claim, ErrandKey, Provenance, Record, Recording, Request
from engine.store.schema import definitions
from engine.store.unit_of_work import UnitOfWork
from engine.timing.period import Period
from roles.policy import Right

DIGEST = "d" * 64
KINDS: Mapping[str, Kind] = {
    "imei": TEXT,
    "fault": TEXT,
    "customer": TEXT,
    "mobile": Kind("text"),
    "price": Kind("money", "CNY"),
    "weight": DECIMAL,
    "due": DATE,
    "arrived": DATETIME,
    "helpers": PEOPLE,
    "photos": Kind("files"),
    "lines": Kind("list", "lines", (("part", TEXT), ("pieces", INTEGER), ("photo", Kind("file")))),
    "parts": Kind("list", "parts", (("number", TEXT), ("picked", DATE))),
}
"""`parts` is the alias of children, which hand back when they were picked."""
PERSONAL = frozenset({"customer", "mobile"})
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DATA: Mapping[str, Value] = {
    "imei": "001017000000011",
    "fault": "屏幕碎裂",
    "customer": "测试客户甲",
    "mobile": "12800000001",
    "price": Decimal("120.5"),
    "arrived": START,
    "helpers": ("样例工程师01", "样例工程师02"),
}


def prepare(database: Database) -> None:
    """Publish the one definition and tell its kinds."""
    with database.write() as connection:
        row = {"workflow": "repair", "version": 1, "title_zh": "维修", "title_en": "Repair", "text": "…", "form": "{}"}
        connection.execute(
            insert(definitions), [{**row, "digest": DIGEST, "published_at": "2026-11-25T08:00:00.000000Z", "published_by": "owner"}]
        )
    database.kinds_of = lambda _: KINDS


def opened(number: str, data: Mapping[str, Value] = DATA, at: datetime = START) -> Opened:
    """The opening of a case; its id is made from its number."""
    return Opened(at, "u01", None, None, f"id-{number}", number, "repair", DIGEST, "center", "receive", "received", None, dict(data), "u01")


def moved(to: str, changes: Mapping[str, Value | None] | None = None, at: datetime | None = None, outcome: str | None = None) -> Moved:
    """A step into `to`."""
    return Moved(
        at or START + timedelta(hours=1),
        "u02",
        "u01",
        None,
        f"to_{to}",
        "received",
        to,
        True,
        outcome,
        dict(changes or {}),
        "u02",
        "center",
    )


def corrected(changes: Mapping[str, Value | None], at: datetime | None = None) -> Corrected:
    """A mended value."""
    return Corrected(at or START + timedelta(hours=2), "u01", None, "写错了", dict(changes))


def commented(text: str, at: datetime | None = None) -> Commented:
    """A remark."""
    return Commented(at or START + timedelta(hours=3), "u01", None, text)


def started(clock: str = "repair", at: datetime = START) -> ClockChange:
    """A clock of two days begins a cycle."""
    return ClockChange(clock, "started", at, Period(2, "d"))


def armed(clock: str = "repair", *, due: timedelta = timedelta(days=2), fires: timedelta | None = timedelta(days=1)) -> ArmTimer:
    """The timer of a clock in its first cycle, due and firing so long after START."""
    return ArmTimer(clock, 1, "running", START + due, None if fires is None else START + fires, None if fires is None else "50%", 1)


def rung(
    rung: str = "50%", clock: str = "repair", *, at: timedelta = timedelta(days=1), late: timedelta = timedelta(), result: Result = "told"
) -> RungFired:
    """A rung that was reached so long after START, and noticed so much later."""
    return RungFired(START + at + late, "system", None, clock, 1, rung, 1, START + at, result)


def notice(fired: RungFired | None = None, *names: str) -> Notify:
    """The intent to tell the holders of these roles, by default the workers, of a rung or of a step."""
    tell = tuple(Right("role", name) for name in names or ("worker",))
    reached = None if fired is None else Occurrence(fired.clock, fired.cycle, fired.rung, fired.repetition, fired.due_at)
    return Notify(tell, "overdue", "received", {"device": Label("手机", "phone")}, reached, None if fired is None else fired.due_at)


def parting(*children: str, at: datetime | None = None) -> Moved:
    """A step that opens a child for each of these numbers."""
    opened = tuple(ChildOpened("parts", f"id-{child}", child, "repair", None, "cancel", "drop") for child in children)
    return replace(moved("waiting", at=at), children=opened)


def opened_by(parent: str, number: str) -> Opened:
    """The opening of a child of this parent."""
    return replace(opened(number, {}), parent=Parent(f"id-{parent}", parent, "parts"))


def child_ended(number: str, at: datetime | None = None) -> ChildChanged:
    """What a parent is told of the end of its child."""
    ended_at = at or START + timedelta(hours=4)
    returns: dict[str, Value] = {"number": number, "picked": date(2026, 11, 26)}
    return ChildChanged(ended_at, "system", None, "parts", f"id-{number}", "picked", "success", ended_at, returns)


def undone(before: Case, event: Moved, at: datetime | None = None) -> Undone:
    """The newest step of a case is taken back; `before` is the case as it was before it."""
    return Undone(
        at=at or START + timedelta(hours=5),
        actor=event.actor,
        on_behalf_of=event.on_behalf_of,
        reason="点错了",
        step=event.step,
        undoes=before.seq + 1,
        to=before.state,
        outcome=before.outcome,
        assignee=before.assignee,
        unit=before.unit,
        visit=before.visit,
        entered_at=before.entered_at,
        ended_at=before.ended_at,
        changes={field: before.data.get(field) for field in event.changes},
        runs={},
    )


def accepted(before: Record | None, *events: Event, effects: tuple[Effect, ...] = ()) -> Accepted:
    """What a decision would answer: the events applied in order."""
    case = None if before is None else before.case
    for event in events:
        case = evolve(case, event)
    assert case is not None
    return Accepted(case, events, effects)


def recording(
    *claims: Claim,
    request: Request | None = None,
    phase: str | None = "intake",
    reference: str | None = None,
    errands_done: tuple[ErrandKey, ...] = (),
) -> Recording:
    """What is written besides."""
    return Recording(Provenance("cli", "os:tester"), PERSONAL, 1, phase, "001017000000011", reference, claims, request, errands_done)


def open_case(database: Database, number: str, data: Mapping[str, Value] = DATA, *claims: Claim, at: datetime = START) -> Record:
    """Open a case through its own unit of work."""
    return database.attempt(lambda unit: unit.record(None, accepted(None, opened(number, data, at)), recording(*claims)))


def open_with_clocks(database: Database, number: str, *effects: Effect, edition: int = 0) -> Record:
    """Open a case on which the clocks of these effects begin."""
    clocks = tuple(started(effect.clock) for effect in effects if isinstance(effect, ArmTimer))
    opening = replace(opened(number), clocks=clocks, edition=edition)
    return database.attempt(lambda unit: unit.record(None, accepted(None, opening, effects=effects), recording()))


def open_family(database: Database, parent: str, *children: str) -> Record:
    """A case opens children by a step, all in one unit of work; the parent as it stands then."""
    open_case(database, parent)

    def work(unit: UnitOfWork) -> Record:
        before = present(unit, parent)
        after = unit.record(before, accepted(before, parting(*children)), recording())
        for child in children:
            unit.record(None, accepted(None, opened_by(parent, child)), recording())
        return after

    return database.attempt(work)


def end_child(database: Database, number: str) -> Record:
    """A child ends, and asks its parent to look."""
    return advance(database, number, moved("picked", at=START + timedelta(hours=4), outcome="success"), effects=(WakeParent(),))


def end_parent(database: Database, number: str, *children: str) -> Record:
    """A parent ends, and asks its children to be cancelled."""
    asked = tuple(CancelChild(f"id-{child}", "drop") for child in children)
    return advance(database, number, moved("closed", at=START + timedelta(hours=6), outcome="success"), effects=asked)


def present(unit: UnitOfWork, number: str) -> Record:
    """The stored case, which must exist."""
    record = unit.case(number)
    assert record is not None
    return record


def advance(
    database: Database,
    number: str,
    *events: Event,
    claims: tuple[Claim, ...] = (),
    request: Request | None = None,
    effects: tuple[Effect, ...] = (),
    errands_done: tuple[ErrandKey, ...] = (),
) -> Record:
    """Apply events to a stored case through one unit of work."""

    def work(unit: UnitOfWork) -> Record:
        before = present(unit, number)
        written = recording(*claims, request=request, errands_done=errands_done)
        return unit.record(before, accepted(before, *events, effects=effects), written)

    return database.attempt(work)


def read(database: Database, number: str) -> Record:
    """The stored case as a reader sees it."""
    with database.read() as reader:
        record = reader.case(number)
    assert record is not None
    return record
