"""The peer: what a Python team builds today – `transitions` on a SQLAlchemy ORM entity, one session a move.

Of the peers in reach the quickest pairing; same checks, same rows (case and history), same durability, its own two tables.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from transitions import Machine

from benchmarks.workload import MOVES, STATES


class Base(DeclarativeBase):
    """Declarative root."""


class Ticket(Base):
    """A case as an entity that carries its own machine's state."""

    __tablename__ = "tickets"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    symptom: Mapped[str]
    customer: Mapped[str]
    minutes: Mapped[int | None]
    changed_at: Mapped[datetime | None]

    def has_right(self, role: str, minutes: int) -> bool:  # noqa: ARG002  # a condition gets all arguments of the trigger
        """Condition: the role."""
        return role == "bench-worker"

    def is_ready(self, role: str, minutes: int) -> bool:  # noqa: ARG002
        """Condition: the guard."""
        return minutes < 600 and bool(self.symptom)


class Entry(Base):
    """One row of history."""

    __tablename__ = "entries"
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]
    actor: Mapped[str]
    body: Mapped[str]


class OrmPeer:
    """Moves tickets on its own SQLite file."""

    def __init__(self, path: str, numbers: list[str]) -> None:
        engine = create_engine(f"sqlite:///{path}")

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _: object) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

        Base.metadata.create_all(engine)
        self._sessions = sessionmaker(engine)
        moves = [
            {"trigger": step, "source": source, "dest": target, "conditions": ["has_right", "is_ready"]}
            for step, source, target in zip(MOVES, STATES, STATES[1:], strict=False)
        ]
        self._machine = Machine(model=None, states=list(STATES), transitions=moves, initial="received", auto_transitions=False)
        with self._sessions.begin() as session:
            session.add_all(Ticket(number=number, state="received", symptom="不开机", customer="测试客户甲") for number in numbers)

    def fire(self, number: str, step: str, minutes: str) -> None:
        """One move."""
        with self._sessions.begin() as session:
            self._move(session, number, step, int(minutes))

    def _move(self, session: Session, number: str, step: str, minutes: int) -> None:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        self._machine.add_model(ticket, initial=ticket.state)
        try:
            if not ticket.trigger(step, "bench-worker", minutes):  # type: ignore[attr-defined]  # bound by transitions
                raise ValueError("refused")
        finally:
            self._machine.remove_model(ticket)
        ticket.minutes, ticket.changed_at = minutes, datetime.now(UTC)
        session.add(Entry(ticket=ticket.id, at=ticket.changed_at, actor="worker", body=json.dumps({"step": step, "minutes": minutes})))
