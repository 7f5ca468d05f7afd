"""From the effects of a decision, and the rungs that fired in it, to rows: timers, outbox, ledger, and what is rare. Pure; runs no SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.core.case import Case
from engine.core.codec import Json, Kinds, canonical, encode_instant, encode_value
from engine.core.effect import ArmTimer, CancelChild, CancelTimer, Effect, Emit, Notify, OpenIncident, RecallNotices, TakeTurn, WakeParent
from engine.core.event import Event, RungFired
from engine.label import Label
from engine.store.incidents import incident_row
from engine.store.record import ErrandKey, ErrandKind, Row
from engine.store.snapshot import optional_instant

Beside = tuple[str, Row]
"""The name of a statement of `store.move`, and its values."""
_COMMON = (ArmTimer, CancelTimer, Notify, Emit)
"""What has tables of its own in the statement of a move."""
BESIDE_DECISIONS = 1000
"""From this place on stand intents that no decision on their case made."""
RECALLED = Label("该步骤已被撤销，不再通知", "The step was taken back; nobody is told any more")
"""Why a recalled intent tells nobody."""


def timer_rows(case: Case, effects: Sequence[Effect]) -> tuple[list[Row], list[Row]]:
    """The timers to put in their places, and the keys of those to take away. Of several effects on a clock the last stands."""
    last = {effect.clock: effect for effect in effects if isinstance(effect, ArmTimer | CancelTimer)}
    armed = [timer_row(case, effect) for effect in last.values() if isinstance(effect, ArmTimer)]
    cancelled: list[Row] = [{"case_id": case.id, "clock": effect.clock} for effect in last.values() if isinstance(effect, CancelTimer)]
    return armed, cancelled


def timer_row(case: Case, timer: ArmTimer) -> Row:
    """A timer as it is stored: it was computed with the holidays that the case goes by."""
    return {
        "case_id": case.id,
        "clock": timer.clock,
        "cycle": timer.cycle,
        "standing": timer.standing,
        "due_at": optional_instant(timer.due_at),
        "fires_at": optional_instant(timer.fires_at),
        "rung": timer.rung,
        "repetition": timer.repetition,
        "provisional": int(timer.provisional),
        "edition": case.edition,
    }


def firing_rows(case_id: str, events: Sequence[Event]) -> list[Row]:
    """The lines of the ledger that these events make."""
    return [firing_row(case_id, event) for event in events if isinstance(event, RungFired)]


def firing_row(case_id: str, event: RungFired) -> Row:
    """One line of the ledger."""
    return {
        "case_id": case_id,
        "clock": event.clock,
        "cycle": event.cycle,
        "rung": event.rung,
        "repetition": event.repetition,
        "due_at": encode_instant(event.due_at),
        "fired_at": encode_instant(event.at),
        "result": event.result,
        "into_rung": event.into,
        "why": canonical(list(event.why)),
    }


def outbox_rows(case: Case, effects: Sequence[Effect], kinds: Kinds, personal: frozenset[str]) -> list[Row]:
    """What is to be told and emitted, in the order in which it was decided, under the seq of the decision's last entry."""
    told = [effect for effect in effects if isinstance(effect, Notify | Emit)]
    return [
        outbox_row(case, place, intent, case.last_at) if isinstance(intent, Notify) else _emitted_row(case, place, intent, kinds, personal)
        for place, intent in enumerate(told, 1)
    ]


def outbox_row(case: Case, place: int, intent: Notify, recorded_at: datetime) -> Row:
    """One intent to tell somebody, under the seq of the newest entry of its case."""
    at = encode_instant(recorded_at)
    reached = intent.occurrence
    return {
        "case_id": case.id,
        "seq": case.seq,
        "place": place,
        "status": "waiting",
        "recorded_at": at,
        "not_before": at if intent.not_before is None else encode_instant(intent.not_before),
        "tell": canonical([[right.kind, right.name, *(["any"] if right.anywhere else [])] for right in intent.tell]),
        "template": intent.template,
        "state": intent.state,
        "words": canonical({name: [label.zh, label.en] for name, label in intent.values.items()}),
        "clock": None if reached is None else reached.clock,
        "cycle": None if reached is None else reached.cycle,
        "rung": None if reached is None else reached.rung,
        "repetition": None if reached is None else reached.repetition,
        "rung_at": None if reached is None else encode_instant(reached.at),
        "due_at": optional_instant(intent.due_at),
        "note": None,
        "emitted": None,
    }


def _emitted_row(case: Case, place: int, intent: Emit, kinds: Kinds, personal: frozenset[str]) -> Row:
    """An intent to emit, with the values as of now; of what is personal only the names, for that lies in one place alone."""
    values = {name: encode_value(kinds[name], case.data.get(name)) for name in intent.fields if name not in personal}
    read_later: list[Json] = [name for name in intent.fields if name in personal]
    row = outbox_row(case, place, Notify((), "", intent.state, not_before=intent.not_before), case.last_at)
    return {**row, "emitted": canonical({"event": intent.event, "values": values, "personal": read_later})}


def besides(case: Case, effects: Sequence[Effect], done: Sequence[ErrandKey]) -> list[Beside]:
    """What a decision writes only rarely, in the order in which every unit writes it: two that meet wait, and never for each other."""
    rare = [effect for effect in effects if type(effect) not in _COMMON]
    if not rare and not done:
        return []
    found = [*_rare(case, rare), *(("finish_errand", errand_key_row(key)) for key in done)]
    return sorted(found, key=_order) if len(found) > 1 else found


def errand_key_row(key: ErrandKey) -> Row:
    """Which errand, under the names of its columns."""
    return {"target_id": key.target, "source_id": key.source, "kind": key.kind, "seq": key.seq}


def _rare(case: Case, effects: Sequence[Effect]) -> Iterator[Beside]:
    for effect in effects:
        if isinstance(effect, WakeParent):
            assert case.parent is not None  # only a child wakes
            yield "put_errand", _errand_row(case, case.parent.id, "wake", None)
        elif isinstance(effect, CancelChild):
            yield "put_errand", _errand_row(case, effect.child, "cancel", effect.step)
        elif isinstance(effect, RecallNotices):
            yield "recall_notices", {"case_id": case.id, "seq": effect.seq, "as_note": canonical([RECALLED.zh, RECALLED.en])}
        elif isinstance(effect, OpenIncident):
            yield "put_incident", incident_row(case.id, effect.kind, effect.subject, effect.sentence, case.last_at)
        elif isinstance(effect, TakeTurn):
            yield "put_turn", {"role": effect.role, "person": effect.person, "at": encode_instant(case.last_at)}


def _errand_row(case: Case, target: str, kind: ErrandKind, step: str | None) -> Row:
    return {
        "target_id": target,
        "source_id": case.id,
        "kind": kind,
        "seq": case.seq,
        "step": step,
        "recorded_at": encode_instant(case.last_at),
    }


def _order(beside: Beside) -> tuple[str, ...]:
    name, row = beside
    table = "errand" if name.endswith("errand") else name
    return (table, *(str(row.get(key)) for key in ("target_id", "source_id", "kind", "id", "role", "person")))
