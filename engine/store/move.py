"""The hot statements: everything a move reads and writes, in SQLAlchemy Core, compiled once for each dialect.

SQLite writes row by row, since a statement costs it no journey. PostgreSQL writes the whole move in one statement, whose
first part touches the case row under its guard; all other parts draw on what that part returned, so that a lost race writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    Column,
    Dialect,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.sql import ClauseElement

from engine.store.accounts import select_session
from engine.store.cases import select_of_subject
from engine.store.inbound import put_event, select_ahead, select_event, select_standing
from engine.store.incidents import select_mark, update_settled
from engine.store.record import Row
from engine.store.schema import (
    STAFF_VERSION,
    cases,
    claims,
    counters,
    errands,
    files,
    firings,
    history,
    meta,
    official_years,
    outbox,
    personal,
    requests,
    timers,
    turns,
)
from engine.store.snapshot import NO_CLOCK, select_snapshot
from engine.store.statement import Statement
from engine.store.tokens import select_shown
from engine.store.upsert import Inserting, inserting, put_errand, put_incident, put_intent, put_turn

_KEPT = ("number", "workflow", "reference", "opened_at")
"""Columns of a case that never change after its opening."""
PARTS = (("state", "phase"), ("outcome", "ended_at"), ("digest", "version"), ("unit",), ("assignee",), ("subject",))
"""Columns that many moves leave alone, and that change together. SQLite rewrites the index of every column that an UPDATE names, changed
or not."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How many rows of each kind a move on PostgreSQL writes; each shape is one statement, prepared once by the server."""

    opening: bool
    entries: int
    personal: int
    armed: int
    cancelled: int
    firings: int
    outbox: int
    claimed: int
    released: int
    request: int


class MoveStatements:
    """The hot statements of one dialect."""

    def __init__(self, dialect: Dialect, dialect_insert: Inserting) -> None:
        def compiled(clause: ClauseElement) -> Statement:
            return Statement(clause, dialect)

        clock = func.clock_timestamp() if dialect.name == "postgresql" else NO_CLOCK
        self.snapshot = compiled(select_snapshot(clock).where(cases.c.number == bindparam("number")))
        self.snapshots = compiled(select_snapshot(clock).where(cases.c.number.in_(_listed(dialect, "numbers"))))
        self.snapshot_by_id = compiled(select_snapshot(clock).where(cases.c.id == bindparam("case_id")))
        self.known = compiled(
            select(requests.c.hash, requests.c.outcome, requests.c.at).where(
                requests.c.scope == bindparam("scope"), requests.c.key == bindparam("key")
            )
        )
        self.surroundings = compiled(_select_surroundings(clock))
        self.taken = compiled(_select_holder())
        self.rings = compiled(select(timers.c.clock).where(timers.c.case_id == bindparam("case_id"), timers.c.fires_at <= bindparam("now")))
        self.next_number = compiled(_count_up(dialect_insert))
        self.open_case = compiled(_open_case())
        self.add_entry = compiled(_insert(history))
        self.add_personal = compiled(_insert(personal))
        self.arm_timer = compiled(_replacing(dialect_insert(timers).values({each: bindparam(each.name) for each in timers.columns})))
        self.cancel_timer = compiled(delete(timers).where(*_of_timer()))
        self.add_firing = compiled(_insert(firings))
        self.add_outbox = compiled(_insert(outbox))
        self.add_claim = compiled(_insert(claims))
        self.release_claim = compiled(delete(claims).where(*_of_claim(), claims.c.case_id == bindparam("case_id")))
        self.add_request = compiled(_insert(requests))
        self.put_errand = compiled(put_errand(dialect_insert).inline())
        self.drop_errand = self.finish_errand = compiled(delete(errands).where(*_of_errand()))
        self.errand_waits = compiled(select(errands.c.seq).where(*_of_errand()))
        self.recall_notices = compiled(_recall())
        self.heard_outside = compiled(_heard_outside())
        self.put_incident = compiled(put_incident(dialect_insert).inline())
        self.incident_mark = compiled(select_mark())
        self.settle_incident = compiled(update_settled())
        self.put_intent = compiled(put_intent(dialect_insert).inline())
        self.put_turn = compiled(put_turn(dialect_insert).inline())
        self.candidates = compiled(_select_candidates(dialect))
        self.of_subject = compiled(select_of_subject())
        self.workflows = compiled(select(cases.c.number, cases.c.workflow).where(cases.c.number.in_(_listed(dialect, "numbers"))))
        self.event = compiled(select_event())
        self.event_ahead = compiled(select_ahead())
        self.put_event = compiled(put_event(dialect_insert).inline())
        self.standing = compiled(select_standing(dialect, partial(_listed, dialect), apart=False))
        self.standing_apart = compiled(select_standing(dialect, partial(_listed, dialect), apart=True))
        self.files = compiled(select(files.c.id, files.c.size, files.c.media).where(files.c.id.in_(_listed(dialect, "ids"))))
        self.token = compiled(select_shown(clock))
        self.session = compiled(select_session(clock))
        self._dialect = dialect
        self._dialect_insert = dialect_insert
        self.move_case = cache(self._move_case)
        self.whole = cache(self._whole)

    def _move_case(self, changed: tuple[bool, ...]) -> Statement:
        """SQLite: the case row, of `PARTS` those that change."""
        kept = [name for part, is_changed in zip(PARTS, changed, strict=True) if not is_changed for name in part]
        return Statement(_move_case(without=tuple(kept)), self._dialect)

    def _whole(self, shape: Shape) -> Statement:
        """PostgreSQL: the whole move in one statement; it answers one row, or none when the guard did not hold."""
        return Statement(_compose(shape, self._dialect_insert), self._dialect)


@cache
def move_statements(name: str) -> MoveStatements:
    """The hot statements of `sqlite` or `postgresql`, with positional parameters as the driver wants them."""
    # A program loads only the dialect it runs on: PostgreSQL's alone takes longer than this whole package.
    if name == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415

        return MoveStatements(sqlite.dialect(paramstyle="qmark"), inserting(name))
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg  # noqa: PLC0415

    return MoveStatements(PGDialect_psycopg(paramstyle="numeric_dollar"), inserting(name))  # type: ignore[no-untyped-call]


def _listed(dialect: Dialect, name: str) -> Any:
    """The texts of the JSON list that is this parameter: one statement, however many they are."""
    texts = bindparam(name, type_=Text)
    if dialect.name == "postgresql":
        return select(func.json_array_elements_text(cast(texts, JSON)).table_valued("value").c.value)
    return select(func.json_each(texts).table_valued("value").c.value)


def _insert(table: Table) -> Any:
    return insert(table).values({each: bindparam(each.name) for each in table.columns}).inline()


def _of_timer() -> list[Any]:
    return [timers.c[name] == bindparam(name) for name in ("case_id", "clock")]


def _replacing(put: Any) -> Any:
    """The insertion of timers, made to replace those that the clocks had before."""
    keys = (timers.c.case_id, timers.c.clock)
    renewed = {each.name: put.excluded[each.name] for each in timers.columns if not each.primary_key}
    return put.on_conflict_do_update(index_elements=keys, set_=renewed)


def _select_surroundings(clock: Any) -> Any:
    edition = func.coalesce(select(func.max(official_years.c.edition)).scalar_subquery(), literal_column("0"))
    return select(meta.c.value, clock, edition).where(meta.c.key == literal_column(f"'{STAFF_VERSION}'"))


def _of_claim() -> list[Any]:
    return [claims.c[name] == bindparam(name) for name in ("workflow", "field", "value_hash")]


def _of_errand() -> list[Any]:
    return [errands.c[name] == bindparam(name) for name in ("target_id", "source_id", "kind", "seq")]


def _recall() -> Any:
    """Withdraws what the step of an entry wanted to tell."""
    still_waits = outbox.c.status == literal_column("'waiting'")
    return update(outbox).where(_of_step(), still_waits).values(status=literal_column("'withdrawn'"), note=bindparam("as_note"))


def _heard_outside() -> Any:
    """Finds whether somebody or a program outside was told of that step after all."""
    is_outside = or_(outbox.c.tell.like(literal_column("""'%["party"%'""")), outbox.c.emitted.is_not(None))
    return select(outbox.c.place).where(_of_step(), outbox.c.status == literal_column("'told'"), is_outside)


def _of_step() -> Any:
    """The intents of the decision of an entry, which lie before the next step or undoing."""
    of_case = history.c.case_id == bindparam("case_id")
    is_later = and_(history.c.seq > bindparam("seq"), history.c.kind.in_([literal_column("'moved'"), literal_column("'undone'")]))
    until = select(func.min(history.c.seq)).where(of_case, is_later).scalar_subquery()
    mine = and_(outbox.c.case_id == bindparam("case_id"), outbox.c.seq >= bindparam("seq"), outbox.c.seq < until)
    return and_(mine, outbox.c.clock.is_(None))


def _select_candidates(dialect: Dialect) -> Any:
    """How many open cases each person of a list holds, and when one was last given to him because of a role."""
    person = _listed(dialect, "persons").subquery("candidate").c.value
    held = select(func.count()).where(cases.c.assignee == person, cases.c.outcome.is_(None)).scalar_subquery()
    last = select(turns.c.at).where(turns.c.role == bindparam("role"), turns.c.person == person).scalar_subquery()
    return select(person, held, last)


def _select_holder() -> Any:
    return (
        select(cases.c.number)
        .join_from(claims, cases, claims.c.case_id == cases.c.id)
        .where(*_of_claim(), claims.c.case_id != bindparam("besides"))
    )


def _count_up(dialect_insert: Inserting) -> Any:
    start = dialect_insert(counters).values(remainder=bindparam("remainder"), value=literal_column("1"))
    return start.on_conflict_do_update(
        index_elements=[counters.c.remainder], set_={"value": counters.c.value + literal_column("1")}
    ).returning(counters.c.value)


def _open_case() -> Any:
    return (
        insert(cases)
        .values({cases.c.id: bindparam("case_id"), **{cases.c[name]: bindparam(name) for name in _KEPT}, **_changing(())})
        .inline()
    )


def _move_case(without: tuple[str, ...] = ()) -> Any:
    return update(cases).where(cases.c.id == bindparam("case_id"), cases.c.seq == bindparam("guard")).values(_changing(without))


def _changing(without: tuple[str, ...]) -> dict[Any, Any]:
    # SQLAlchemy reserves a parameter named like a changed column for itself, hence `new_`.
    return {each: bindparam(f"new_{each.name}", type_=each.type) for each in cases.columns if each.name not in ("id", *_KEPT, *without)}


def numbered(part: str, rows: Sequence[Row]) -> Row:
    """The values of several rows under the names that the statement of a whole move has for them."""
    return {f"{part}_{place}_{name}": value for place, row in enumerate(rows) for name, value in row.items()}


def _compose(shape: Shape, dialect_insert: Inserting) -> Any:
    head = _open_case() if shape.opening else _move_case()
    moved = head.returning(cases.c.id).cte("moved")
    statement = select(moved.c.id).add_cte(_append(moved, history, "entries", shape.entries))
    if shape.personal:
        statement = statement.add_cte(_append(moved, personal, "personal", shape.personal))
    if shape.armed:
        statement = statement.add_cte(_replacing(_drawn(moved, dialect_insert(timers), timers, "armed", shape.armed)).cte("timers_armed"))
    if shape.cancelled:
        statement = statement.add_cte(_cancel(moved, shape.cancelled))
    if shape.firings:
        statement = statement.add_cte(_append(moved, firings, "firings", shape.firings))
    if shape.outbox:
        statement = statement.add_cte(_append(moved, outbox, "outbox", shape.outbox))
    if shape.released:
        statement = statement.add_cte(_release(moved, shape.released))
    if shape.claimed:
        statement = statement.add_cte(_append(moved, claims, "claimed", shape.claimed))
    if shape.request:
        statement = statement.add_cte(_append(moved, requests, "request", shape.request))
    return statement


def _given(part: str, place: int, each: Column[Any]) -> Any:
    return bindparam(f"{part}_{place}_{each.name}", type_=each.type)


def _append(moved: CTE, table: Table, part: str, count: int) -> CTE:
    result: CTE = _drawn(moved, insert(table), table, part, count).inline().cte(f"{part}_added")
    return result


def _drawn(moved: CTE, into: Any, table: Table, part: str, count: int) -> Any:
    columns = list(table.columns)
    # Drawing on `moved` is what makes this part wait for the guarded row and write nothing without it.
    rows = [select(*(_given(part, place, each) for each in columns)).select_from(moved) for place in range(count)]
    return into.from_select(columns, union_all(*rows) if count > 1 else rows[0])


def _cancel(moved: CTE, count: int) -> CTE:
    clocks = [_given("cancelled", place, timers.c.clock) for place in range(count)]
    return delete(timers).where(timers.c.case_id == moved.c.id, or_(*(timers.c.clock == clock for clock in clocks))).cte("timers_gone")


def _release(moved: CTE, count: int) -> CTE:
    keys = (claims.c.workflow, claims.c.field, claims.c.value_hash)
    gone = or_(*(and_(*(each == _given("released", place, each) for each in keys)) for place in range(count)))
    return delete(claims).where(claims.c.case_id == moved.c.id, gone).cte("released_gone")
