"""The peer: what a Python team builds today – `transitions` on SQLAlchemy ORM entities, one session a move.

Of the peers in reach the quickest pairing. It stands on our full schema and reads and writes the same columns with
the same durability as the floor: the case under a version check, one hash-linked row of history, the timer, what is to be told.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session, joinedload, registry, relationship, sessionmaker
from transitions import Machine

from benchmarks.floor import LIMIT, TOLD, WHO, worked, written
from benchmarks.workload import MOVES, STATES
from engine.store.schema import STAFF_VERSION, cases, history, meta, outbox, personal, timers

entities = registry()


class PersonalValue:
    """A value kept apart."""


class Entry:
    """One row of history."""


class Timer:
    """The timer of the one clock."""


class Intent:
    """What is to be told."""


class Ticket:
    """A case as an entity that carries its own machine's state."""

    def has_right(self, role: str, minutes: int) -> bool:  # noqa: ARG002  # a condition gets all arguments of the trigger
        """Condition: the role."""
        return role == "bench-worker"

    def is_ready(self, role: str, minutes: int) -> bool:  # noqa: ARG002
        """Condition: the guard."""
        return minutes < 600 and bool(json.loads(self.document)["data"].get("symptom"))  # type: ignore[attr-defined]


entities.map_imperatively(PersonalValue, personal)
entities.map_imperatively(Entry, history)
entities.map_imperatively(Timer, timers)
entities.map_imperatively(Intent, outbox, properties={"entry": relationship(Entry)})
entities.map_imperatively(
    Ticket,
    cases,
    version_id_col=cases.c.seq,
    version_id_generator=False,
    properties={
        "apart": relationship(PersonalValue, primaryjoin=cases.c.id == personal.c.case_id, foreign_keys=personal.c.case_id, viewonly=True),
        "timer": relationship(Timer, uselist=False),
    },
)


class OrmPeer:
    """Moves tickets on a SQLite file of our schema, opened through our own service."""

    def __init__(self, path: str) -> None:
        engine = create_engine(f"sqlite:///{path}")

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _: object) -> None:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")

        self._sessions = sessionmaker(engine)
        moves = [
            {"trigger": step, "source": source, "dest": target, "conditions": ["has_right", "is_ready"]}
            for step, (source, target) in zip(MOVES, pairwise(STATES), strict=True)
        ]
        self._machine = Machine(model=None, states=list(STATES), transitions=moves, initial="received", auto_transitions=False)

    def fire(self, number: str, step: str, minutes: str) -> None:
        """One move."""
        with self._sessions.begin() as session:
            self._move(session, number, step, int(minutes))

    def _move(self, session: Session, number: str, step: str, minutes: int) -> None:
        # As the floor does, it learns with the case which version of the staff holds; who may do what it knows from memory.
        staff = select(meta.c.value).where(meta.c.key == STAFF_VERSION).scalar_subquery()
        with_all = (joinedload(Ticket.apart), joinedload(Ticket.timer))  # type: ignore[attr-defined]
        chosen = select(Ticket, staff).where(cases.c.number == number).options(*with_all)
        ticket: Any = session.execute(chosen).unique().one()[0]
        source = ticket.state
        self._machine.add_model(ticket, initial=source)
        try:
            if not ticket.trigger(step, "bench-worker", minutes):
                raise ValueError("refused")
        finally:
            self._machine.remove_model(ticket)
        at = datetime.now(UTC)
        now = written(at)
        document = json.loads(ticket.document)
        document["data"]["minutes"] = minutes
        document["performed"].append([step, "worker", None, now])
        ticket.document = json.dumps(document, ensure_ascii=False)
        ticket.entered_at = ticket.last_at = now
        ticket.visit, ticket.seq, ticket.revision = ticket.visit + 1, ticket.seq + 1, ticket.revision + 1
        if ticket.state == "closed":
            ticket.outcome, ticket.ended_at = "success", now
        body = json.dumps({"step": step, "source": source, "to": ticket.state, "changes": {"minutes": minutes}})
        ticket.head = hashlib.sha256(f"{ticket.head}{ticket.id}{ticket.seq}{now}{body}".encode()).hexdigest()
        entry: Any = Entry()
        entry.case_id, entry.seq, entry.at, entry.kind, entry.door = ticket.id, ticket.seq, now, "moved", "cli"
        entry.principal, entry.actor, entry.digest, entry.body, entry.hash = "os:bench", "worker", ticket.digest, body, ticket.head
        session.add(entry)
        if ticket.state == "closed":
            session.delete(ticket.timer)
        else:
            timer = ticket.timer
            timer.cycle, timer.due_at, timer.fires_at = ticket.seq, written(worked(at, LIMIT)), written(worked(at, LIMIT * 0.75))
        if step in TOLD:
            intent: Any = Intent()
            intent.entry, intent.place, intent.status = entry, 1, "waiting"
            intent.recorded_at, intent.not_before, intent.tell = now, now, WHO
            intent.template, intent.state, intent.words = TOLD[step], ticket.state, "{}"
            session.add(intent)
