"""One transaction, and the only door through which a decision is written. Its units come from `Database.attempt`.

A unit reads what a decision needs, and records what was decided. Nothing is durable before the attempt returns; a unit that
records nothing changes nothing, not even the running number it took. Decides nothing itself.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from engine.core.case import Case
from engine.core.codec import canonical, decode_instant, encode_instant
from engine.core.decision import Accepted
from engine.core.effect import IncidentKind, Notify
from engine.core.facts import Candidate
from engine.core.field import Until
from engine.label import Label
from engine.store.cases import SUBJECT_LIMIT, Line, decode_lines
from engine.store.failure import Crowded, outrun
from engine.store.inbound import ORDER, InboundEvent, decode_event, event_row
from engine.store.incidents import IncidentState, decode_mark, incident_row, settled_row
from engine.store.intent import BESIDE_DECISIONS, Beside, errand_key_row, outbox_row
from engine.store.move import MoveStatements
from engine.store.record import ErrandKey, KindsOf, Known, Record, Recording, Row
from engine.store.snapshot import CLOCK, STAFF, decode_optional, decode_snapshot, decode_snapshots
from engine.store.statement import Cursor, Driver, Statement
from engine.store.writing import Writing, hash_claim, prepare


class UnitOfWork(ABC):
    """Reads and records on one driver connection; the dialects say how a recording is written."""

    is_shared = False
    """Whether other units have recorded in this transaction before, which is not committed yet."""

    def __init__(self, driver: Driver, statements: MoveStatements, kinds_of: KindsOf, claim_key: bytes) -> None:
        self._driver = driver
        self._statements = statements
        self._kinds_of = kinds_of
        self._claim_key = claim_key
        self._surroundings: tuple[str, datetime | None] | None = None
        self._edition: int | None = None
        self.recorded = False

    def set_apart(self) -> None:
        """Ask for a transaction that no other unit shares: this one begins anew if it has company.

        For a unit that reads beside itself too, where nothing shows that is not committed yet, and for one that takes long.
        """
        if self.is_shared:
            raise Crowded

    def case(self, number: str) -> Record | None:
        """The case as it stands, personal values included; None for an unknown number."""
        return self._case(self._statements.snapshot, {"number": number})

    def case_by_id(self, id: str) -> Record | None:
        """The case with this id, as the family of another names it; None for an unknown one."""
        return self._case(self._statements.snapshot_by_id, {"case_id": id})

    def cases(self, numbers: Sequence[str]) -> Mapping[str, Record]:
        """number → case as it stands, for those that exist; one journey for all."""
        rows = self._run(self._statements.snapshots, {"numbers": canonical(list(numbers))}).fetchall()
        if rows:
            self._surroundings = rows[0][STAFF], rows[0][CLOCK]
        return {record.case.number: record for record in decode_snapshots(rows, self._kinds_of)}

    def staff_version(self) -> str:
        """The version of units, people and assignments that holds for this unit; free once a case was read."""
        return self._around()[0]

    def server_time(self) -> datetime:
        """The instant by the clock that all writers share, aware, in UTC; on a server as free as the version of the staff."""
        instant = self._around()[1]
        return datetime.now(UTC) if instant is None else instant.astimezone(UTC)

    def edition(self) -> int:
        """The newest edition of official holidays, 0 when none was loaded; free for an opening, which asks for the staff anyway."""
        if self._edition is None:
            self._look_around()
        return self._edition or 0

    def known(self, scope: str, key: str) -> Known | None:
        """What was answered under this key before, if it was used."""
        row = self._run(self._statements.known, {"scope": scope, "key": key}).fetchone()
        return None if row is None else Known(row[0], row[1], decode_instant(row[2]))

    def next_number(self, remainder: str) -> int:
        """The next running number of this number text, from 1; taken for good only if the unit records something."""
        row = self._run(self._statements.next_number, {"remainder": remainder}).fetchone()
        return int(row[0])

    def taken(self, workflow: str, wanted: Sequence[tuple[str, str, Until]], besides: str | None) -> Mapping[tuple[str, str], str]:
        """(field, value as canonical text) → number of another case of the workflow that holds it; only what is held.

        `besides` is the id of the case that asks. Claims that last while a case is open are gone once it has ended, so
        what is found forbids `open` and `ever` alike.
        """
        holders: dict[tuple[str, str], str] = {}
        for field, value, _ in wanted:
            hashed = hash_claim(self._claim_key, field, value)
            asked = {"workflow": workflow, "field": field, "value_hash": hashed, "besides": besides or ""}
            row = self._run(self._statements.taken, asked).fetchone()
            if row is not None:
                holders[field, value] = row[0]
        return holders

    def candidates(self, persons: Sequence[str], role: str) -> Mapping[str, Candidate]:
        """person → how many open cases he holds, and when one was last given to him because of this role."""
        rows = self._run(self._statements.candidates, {"persons": canonical(list(persons)), "role": role}).fetchall()
        return {person: Candidate(person, int(count), decode_optional(at)) for person, count, at in rows}

    def of_subject(self, subject: str, besides: str | None) -> list[Line]:
        """The cases of a subject, oldest first, but for the one with the id `besides` (`store.cases.of_subject`)."""
        asked = {"subject": subject, "besides": besides or "", "limit": SUBJECT_LIMIT}
        return decode_lines(self._run(self._statements.of_subject, asked).fetchall())

    def workflows_of(self, numbers: Sequence[str]) -> Mapping[str, str]:
        """number → workflow, for the cases that exist."""
        rows = self._run(self._statements.workflows, {"numbers": canonical(list(numbers))}).fetchall()
        return dict(rows)

    def files(self, ids: Sequence[str]) -> Mapping[str, tuple[int, str]]:
        """id → its size in bytes and its media type, for the contents that are kept."""
        rows = self._run(self._statements.files, {"ids": canonical(list(ids))}).fetchall()
        return {id: (size, media) for id, size, media in rows}

    def event(self, source: str, id: str) -> InboundEvent | None:
        """The event that a source has sent under this id, if it was received."""
        row = self._run(self._statements.event, {"source": source, "event_id": id}).fetchone()
        return None if row is None else decode_event(row)

    def next_event(self) -> int:
        """The place of an event in the order of receipt. Whoever has asked is alone with it until the unit ends."""
        return self.next_number(ORDER)

    def event_ahead(self, number: str, place: int) -> bool:
        """Whether an event that means this case and was received before waits in quarantine."""
        return self._run(self._statements.event_ahead, {"number": number, "before": place}).fetchone() is not None

    def standing(self, asked: Row, *, apart: bool) -> list[str]:
        """The numbers of the open cases that may be meant (`store.inbound.select_standing`)."""
        statement = self._statements.standing_apart if apart else self._statements.standing
        return [number for (number,) in self._run(statement, asked).fetchall()]

    def errand_waits(self, key: ErrandKey) -> bool:
        """Whether an errand is still to be done, and was not asked anew: who comes second finds none."""
        return self._run(self._statements.errand_waits, errand_key_row(key)).fetchone() is not None

    def rings(self, case_id: str, now: datetime) -> bool:
        """Whether a timer of the case is due by now: a sweeper that comes second finds none."""
        return self._run(self._statements.rings, {"case_id": case_id, "now": encode_instant(now)}).fetchone() is not None

    def record(self, before: Record | None, accepted: Accepted, recording: Recording) -> Record:
        """Write a decision with its history, personal values, timers, intents to tell, errands, incidents, claims and request outcome.

        `before` is the record the decision was made on, None for an opening. A unit may record the decisions of several cases, those
        of a family in any order. Raises Raced (a Conflict) when the stored case has moved on, when a number, unique value or key was
        taken or an errand it deals with was asked anew meanwhile; on PostgreSQL possibly only when the attempt ends.
        """
        writing = prepare(before, accepted, recording, self._kinds_of, self._claim_key)
        self.recorded = True
        self._write(writing)
        return writing.record

    def keep_event(self, event: InboundEvent) -> None:
        """Write down an event, or what became of one that is there."""
        self._write_beside(("put_event", event_row(event)))

    def drop_errand(self, key: ErrandKey) -> None:
        """Take an errand away that needs no decision any more; one that was asked anew meanwhile stays."""
        self._write_beside(("drop_errand", errand_key_row(key)))

    def open_incident(self, case_id: str | None, kind: IncidentKind, subject: str, sentence: Label, at: datetime) -> None:
        """Open an incident without a decision, or count up the one that is there."""
        self._write_beside(("put_incident", incident_row(case_id, kind, subject, sentence, at)))

    def hold_incident(self, id: str) -> str | None:
        """The mark of an incident (`Incident.mark`), None for an unknown one. Nobody else changes it until the unit ends."""
        row = self._run(self._statements.incident_mark, {"incident": id}).fetchone()
        return None if row is None else decode_mark(row)

    def settle_incident(self, id: str, state: IncidentState, at: datetime, by: str) -> None:
        """Say what became of an incident."""
        self._write_beside(("settle_incident", settled_row(id, state, at, by, None)))

    def tell(self, case: Case, intent: Notify, place: int, at: datetime) -> None:
        """Intend to tell somebody about a case without a decision on it, once. `place`: a number that stands for what is to be told."""
        self._write_beside(("put_intent", outbox_row(case, BESIDE_DECISIONS + place, intent, at)))

    def _write_beside(self, beside: Beside) -> None:
        self.recorded = True
        self._write_besides([beside])

    def _case(self, statement: Statement, values: Mapping[str, object]) -> Record | None:
        rows = self._run(statement, values).fetchall()
        if not rows:
            return None
        self._surroundings = rows[0][STAFF], rows[0][CLOCK]
        return decode_snapshot(rows, self._kinds_of)

    def _around(self) -> tuple[str, datetime | None]:
        return self._surroundings or self._look_around()

    def _look_around(self) -> tuple[str, datetime | None]:
        version, clock, self._edition = self._run(self._statements.surroundings, {}).fetchone()
        # What was read with the case holds for the whole unit, the instant above all.
        self._surroundings = self._surroundings or (version, clock)
        return self._surroundings

    def _run(self, statement: Statement, values: Mapping[str, object]) -> Cursor:
        return statement.run(self._driver, values)

    @abstractmethod
    def _write(self, writing: Writing) -> None:
        """Write the case row first, under its guard, then everything else."""

    def _write_besides(self, besides: Sequence[Beside]) -> None:
        """Write what is rare, in the transaction of everything else."""
        for name, row in besides:
            statement: Statement = getattr(self._statements, name)
            written = self._run(statement, row)
            if name == "finish_errand" and written.rowcount != 1:
                raise outrun()  # what the decision took note of is not so any more
            if name == "recall_notices" and self._run(self._statements.heard_outside, row).fetchone() is not None:
                raise outrun()  # told in the last moment of the window
