"""From the effects of a decision, and the rungs that fired in it, to rows of timers, outbox and ledger. Pure; runs no SQL."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.case import Case
from engine.core.codec import canonical, encode_instant
from engine.core.effect import ArmTimer, CancelTimer, Effect, Notify
from engine.core.event import Event, RungFired
from engine.store.record import Row
from engine.store.snapshot import optional_instant


def timer_rows(case: Case, effects: Sequence[Effect]) -> tuple[list[Row], list[Row]]:
    """The timers to put in their places, and the keys of those to take away. Of several effects on a clock the last stands."""
    last = {effect.clock: effect for effect in effects if not isinstance(effect, Notify)}
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


def outbox_rows(case: Case, effects: Sequence[Effect]) -> list[Row]:
    """What is to be told, in the order in which it was decided, under the seq of the decision's last entry."""
    told = [effect for effect in effects if isinstance(effect, Notify)]
    return [_outbox_row(case, place, intent) for place, intent in enumerate(told, 1)]


def _outbox_row(case: Case, place: int, intent: Notify) -> Row:
    at = encode_instant(case.last_at)
    reached = intent.occurrence
    return {
        "case_id": case.id,
        "seq": case.seq,
        "place": place,
        "status": "waiting",
        "recorded_at": at,
        "not_before": at,
        "tell": canonical([[right.kind, right.name] for right in intent.tell]),
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
    }
