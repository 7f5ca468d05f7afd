"""Plans: one wish for many cases – a step, or to assign them –, with what was foreseen for each and what came of it. Decides nothing.

A line is settled after its move, in another transaction. A crash between leaves it in hand; it may be taken again, since the key under
which it is moved (plan and place) lets nothing happen twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Connection, and_, func, insert, literal, select, tuple_, update

from engine.core.codec import Json, canonical, decode_instant, encode_instant
from engine.core.command import Assign, Fire
from engine.label import Label
from engine.store.reader import Reader
from engine.store.schema import cases, plan_lines, plans
from engine.store.snapshot import decode_optional, optional_instant

PlanState = Literal["made", "confirmed", "finished", "dropped"]
Verdict = Literal["possible", "refused"]
LineStatus = Literal["waiting", "in_hand", "done", "refused", "skipped"]
"""skipped: it was left out, since it was refused when the plan was made or since the plan was dropped."""

_UNSETTLED: tuple[LineStatus, ...] = ("waiting", "in_hand")


PlanWish = Fire | Assign
"""What may be wished of many cases at once."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A wish for many cases, the same for all but for the revision that each is expected to have. Of a step its form, as it was typed."""

    id: str
    made_at: datetime
    made_by: str
    wish: PlanWish
    state: PlanState = "made"

    @property
    def is_assignment(self) -> bool:
        """Whether the cases are given to somebody, or to nobody; else a step is done with them."""
        return isinstance(self.wish, Assign)


@dataclass(frozen=True, slots=True)
class Why:
    """One reason of a verdict: its code and its sentence."""

    code: str
    sentence: Label


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One case of a plan, counted from 1. `revision` is what the verdict was made on; `outcome` what its move answered, as text."""

    place: int
    number: str
    revision: int
    verdict: Verdict
    reasons: tuple[Why, ...] = ()
    status: LineStatus = "waiting"
    outcome: str | None = None
    done_at: datetime | None = None


def add(connection: Connection, plan: Plan, lines: Sequence[PlanLine]) -> None:
    """Keep a new plan. Fails (Raced, where the transaction ends) when its id is taken."""
    row = {
        "id": plan.id,
        "made_at": encode_instant(plan.made_at),
        "made_by": plan.made_by,
        "reason": plan.wish.reason,
        "state": plan.state,
        **_columns(plan.wish),
    }
    connection.execute(insert(plans).values(row))
    if lines:
        connection.execute(insert(plan_lines), [_line_row(plan.id, line) for line in lines])


def plan(reader: Reader, id: str) -> Plan | None:
    """The plan with this id."""
    row = reader.connection.execute(select(plans).where(plans.c.id == id)).one_or_none()
    return None if row is None else _plan(row)


def plans_of(reader: Reader, *, limit: int, after: Plan | None = None, made_by: str | None = None) -> list[Plan]:
    """At most `limit` plans, newest first; `made_by`: only of this person."""
    order = (plans.c.made_at, plans.c.id)
    query = select(plans).order_by(*(each.desc() for each in order)).limit(limit)
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(literal(encode_instant(after.made_at)), literal(after.id)))
    if made_by is not None:
        query = query.where(plans.c.made_by == made_by)
    return [_plan(row) for row in reader.connection.execute(query)]


def lines(reader: Reader, id: str) -> list[PlanLine]:
    """The cases of a plan, in its order."""
    query = select(plan_lines).where(plan_lines.c.plan_id == id).order_by(plan_lines.c.place)
    return [_line(row) for row in reader.connection.execute(query)]


def digests(reader: Reader, id: str) -> list[str]:
    """The definitions of the cases of a plan, as they are now, in its order."""
    lines = plan_lines.join(cases, cases.c.number == plan_lines.c.number)
    query = select(cases.c.digest).select_from(lines).where(plan_lines.c.plan_id == id).group_by(cases.c.digest)
    return list(reader.connection.scalars(query.order_by(func.min(plan_lines.c.place))))


def stale(reader: Reader, id: str) -> frozenset[str]:
    """The cases of a plan that have changed since the verdict, of those that are still to be moved."""
    lines = plan_lines.join(cases, cases.c.number == plan_lines.c.number)
    to_move = and_(plan_lines.c.plan_id == id, plan_lines.c.status.in_(_UNSETTLED), cases.c.revision != plan_lines.c.revision)
    return frozenset(reader.connection.scalars(select(cases.c.number).select_from(lines).where(to_move)))


def set_state(connection: Connection, id: str, state: PlanState, *, before: PlanState) -> bool:
    """Bring a plan from one state into another; False when it stands in a third."""
    mine = and_(plans.c.id == id, plans.c.state == before)
    return connection.execute(update(plans).where(mine).values(state=state)).rowcount == 1


def claim_line(connection: Connection, id: str, place: int) -> bool:
    """Take a line in hand, also one that a crash left there; False when it is settled."""
    unsettled = plan_lines.c.status.in_(_UNSETTLED)
    return connection.execute(update(plan_lines).where(_is(id, place), unsettled).values(status="in_hand")).rowcount == 1


def settle_line(connection: Connection, id: str, place: int, status: LineStatus, outcome: str | None, at: datetime) -> None:
    """What came of a line."""
    settled = {"status": status, "outcome": outcome, "done_at": encode_instant(at)}
    connection.execute(update(plan_lines).where(_is(id, place)).values(settled))


def _is(id: str, place: int) -> ColumnElement[bool]:
    return and_(plan_lines.c.plan_id == id, plan_lines.c.place == place)


def _line_row(id: str, line: PlanLine) -> dict[str, object]:
    return {
        "plan_id": id,
        "place": line.place,
        "number": line.number,
        "revision": line.revision,
        "verdict": line.verdict,
        "reasons": canonical([[why.code, why.sentence.zh, why.sentence.en] for why in line.reasons]),
        "status": line.status,
        "outcome": line.outcome,
        "done_at": optional_instant(line.done_at),
    }


def _columns(wish: PlanWish) -> dict[str, object]:
    if isinstance(wish, Assign):
        return {"transition": None, "data": canonical({}), "person": wish.person}
    return {"transition": wish.transition, "data": canonical(cast("Json", dict(wish.data))), "person": None}


def _plan(row: Any) -> Plan:
    is_step = row.transition is not None
    wish = Fire(row.transition, json.loads(row.data), row.reason) if is_step else Assign(row.person, row.reason)
    return Plan(row.id, decode_instant(row.made_at), row.made_by, wish, row.state)


def _line(row: Any) -> PlanLine:
    return PlanLine(
        place=row.place,
        number=row.number,
        revision=row.revision,
        verdict=row.verdict,
        reasons=tuple(Why(code, Label(zh, en)) for code, zh, en in json.loads(row.reasons)),
        status=row.status,
        outcome=row.outcome,
        done_at=decode_optional(row.done_at),
    )
