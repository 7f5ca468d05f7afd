"""The hot statements: everything a move reads and writes, in SQLAlchemy Core, compiled once for each dialect.

SQLite writes row by row, since a statement costs it no journey. PostgreSQL writes the whole move in one statement, whose
first part touches the case row under its guard; all other parts draw on what that part returned, so that a lost race writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CTE, Column, Dialect, Table, and_, bindparam, column, delete, func, insert, literal_column, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import ClauseElement

from engine.store.schema import STAFF_VERSION, cases, claims, counters, history, meta, personal, requests
from engine.store.snapshot import NO_CLOCK, select_snapshot
from engine.store.statement import Statement

_KEPT = ("number", "workflow", "reference", "opened_at")
"""Columns of a case that never change after its opening."""
PLACE = ("digest", "version", "unit", "assignee", "subject")
"""Columns that most moves leave alone. SQLite rewrites the index of every column that an UPDATE names, changed or not."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Which parts a move on PostgreSQL has; each shape is one statement, prepared once by the server."""

    opening: bool
    personal: bool
    claimed: bool
    released: bool
    request: bool


class MoveStatements:
    """The hot statements of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        def compiled(clause: ClauseElement) -> Statement:
            return Statement(clause, dialect)

        clock = func.clock_timestamp() if dialect.name == "postgresql" else NO_CLOCK
        self.snapshot = compiled(select_snapshot(clock).where(cases.c.number == bindparam("number")))
        self.known = compiled(
            select(requests.c.hash, requests.c.outcome, requests.c.at).where(
                requests.c.scope == bindparam("scope"), requests.c.key == bindparam("key")
            )
        )
        self.surroundings = compiled(select(meta.c.value, clock).where(meta.c.key == literal_column(f"'{STAFF_VERSION}'")))
        self.taken = compiled(_select_holder())
        self.next_number = compiled(_count_up(dialect))
        self.open_case = compiled(_open_case())
        self.move_case = compiled(_move_case(without=PLACE))
        self.move_and_place_case = compiled(_move_case())
        self.add_entry = compiled(_insert(history))
        self.add_personal = compiled(_insert(personal))
        self.add_claim = compiled(_insert(claims))
        self.release_claim = compiled(delete(claims).where(*_of_claim(), claims.c.case_id == bindparam("case_id")))
        self.add_request = compiled(_insert(requests))
        self._dialect = dialect
        self.whole = cache(self._whole)

    def _whole(self, shape: Shape) -> Statement:
        """PostgreSQL: the whole move in one statement; it answers one row, or none when the guard did not hold."""
        return Statement(_compose(shape), self._dialect)


@cache
def move_statements(name: str) -> MoveStatements:
    """The hot statements of `sqlite` or `postgresql`, with positional parameters as the driver wants them."""
    if name == "sqlite":
        return MoveStatements(sqlite.dialect(paramstyle="qmark"))
    return MoveStatements(PGDialect_psycopg(paramstyle="format"))  # type: ignore[no-untyped-call]


def _insert(table: Table) -> Any:
    return insert(table).values({each: bindparam(each.name) for each in table.columns}).inline()


def _of_claim() -> list[Any]:
    return [claims.c[name] == bindparam(name) for name in ("workflow", "field", "value_hash")]


def _select_holder() -> Any:
    return (
        select(cases.c.number)
        .join_from(claims, cases, claims.c.case_id == cases.c.id)
        .where(*_of_claim(), claims.c.case_id != bindparam("besides"))
    )


def _count_up(dialect: Dialect) -> Any:
    dialect_insert = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
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


def _compose(shape: Shape) -> Any:
    head = _open_case() if shape.opening else _move_case()
    moved = head.returning(cases.c.id).cte("moved")
    statement = select(moved.c.id).add_cte(_append(moved, history, "entries"))
    if shape.personal:
        statement = statement.add_cte(_append(moved, personal, "personal"))
    if shape.released:
        statement = statement.add_cte(_release(moved))
    if shape.claimed:
        statement = statement.add_cte(_append(moved, claims, "claimed"))
    if shape.request:
        statement = statement.add_cte(_append(moved, requests, "request"))
    return statement


def _rows(columns: list[Column[Any]], name: str) -> Any:
    """The rows of one JSON parameter as a table."""
    given = func.json_to_recordset(bindparam(name, type_=postgresql.JSON))
    return given.table_valued(*(column(each.name, each.type) for each in columns), name=f"{name}_rows").render_derived(with_types=True)


def _append(moved: CTE, table: Table, name: str) -> CTE:
    columns = list(table.columns)
    rows = _rows(columns, name)
    # The cross join with `moved` is what makes this part wait for the guarded row and write nothing without it.
    chosen = select(*(rows.c[each.name] for each in columns)).select_from(rows).join(moved, moved.c.id.is_not(None))
    added: Any = insert(table).from_select(columns, chosen).inline()
    result: CTE = added.cte(f"{name}_added")
    return result


def _release(moved: CTE) -> CTE:
    keys = [claims.c.workflow, claims.c.field, claims.c.value_hash]
    rows = _rows(keys, "released")
    gone = tuple_(*keys).in_(select(*(rows.c[each.name] for each in keys)))
    return delete(claims).where(and_(claims.c.case_id == moved.c.id, gone)).cte("released_gone")
