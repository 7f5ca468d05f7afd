"""Answers as objects for JSON: ids and raw values for programs, both languages for people. Stable names; nothing is left out."""

from __future__ import annotations

from typing import Any

from engine.core.codec import EVENT_KINDS, encode_instant, encode_value
from engine.core.decision import Reason
from engine.core.event import RungFired
from engine.core.explain import Option
from engine.label import Label
from engine.runtime.clocks import ClockFace
from engine.runtime.reading import CaseView, EntryView, FieldView, LineView, Page
from engine.runtime.wording import local


def of_page(page: Page) -> dict[str, Any]:
    """A list of cases."""
    return {"cases": [of_line(each) for each in page.lines], "more": page.more}


def of_line(view: LineView) -> dict[str, Any]:
    """A line of a list."""
    line = view.line
    return {
        "number": line.number,
        "workflow": line.workflow,
        "version": line.version,
        "unit": line.unit,
        "state": line.state,
        "state_title": of_label(view.state),
        "phase": line.phase,
        "outcome": line.outcome,
        "holder": line.assignee,
        "subject": line.subject,
        "reference": line.reference,
        "opened_at": encode_instant(line.opened_at),
        "entered_at": encode_instant(line.entered_at),
        "ended_at": encode_instant(line.ended_at) if line.ended_at is not None else None,
        "revision": line.revision,
        "due": _due(view) if view.timer is not None else None,
    }


def of_case(view: CaseView) -> dict[str, Any]:
    """One case, whole."""
    case, kinds = view.case, view.definition.kinds
    return {
        "number": case.number,
        "workflow": case.workflow,
        "version": view.definition.version,
        "digest": case.digest,
        "unit": case.unit,
        "state": case.state,
        "state_title": of_label(view.state),
        "phase": view.phase,
        "outcome": case.outcome,
        "holder": case.assignee,
        "opened_at": encode_instant(case.opened_at),
        "entered_at": encode_instant(case.entered_at),
        "ended_at": encode_instant(case.ended_at) if case.ended_at is not None else None,
        "revision": case.revision,
        "seq": case.seq,
        "clocks": [_clock(each) for each in view.clocks],
        "fields": {
            each.id: {
                "title": of_label(each.title),
                "value": encode_value(kinds[each.id], case.data[each.id]),
                "shown": of_label(each.value),
            }
            for each in view.fields
        },
    }


def of_entry(view: EntryView) -> dict[str, Any]:
    """An entry of a history."""
    entry = view.entry
    return {
        "seq": entry.seq,
        "at": encode_instant(entry.at),
        "kind": EVENT_KINDS[type(entry.event)],
        "title": of_label(view.title),
        "to": of_label(view.to) if view.to is not None else None,
        "door": entry.door,
        "principal": entry.principal,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "reason": entry.reason,
        "cause": entry.cause,
        "changes": [_field(each) for each in view.changes],
        "text": of_label(view.text) if view.text is not None else None,
        "rung": _rung(entry.event) if isinstance(entry.event, RungFired) else None,
        "erased": sorted(entry.erased),
        "hash": entry.hash,
    }


def of_option(option: Option) -> dict[str, Any]:
    """A step as one person sees it."""
    return {
        "step": option.step,
        "title": of_label(option.title),
        "allowed": option.allowed,
        "reasons": [of_reason(each) for each in option.reasons],
        "asks": [{"field": ask.field.id, "title": of_label(ask.field.title), "optional": ask.optional} for ask in option.asks],
        "shows": list(option.shows),
        "needs_reason": option.needs_reason,
        "conditions": [of_label(each) for each in option.conditions],
    }


def of_reason(reason: Reason) -> dict[str, Any]:
    """A reason of a refusal."""
    return {
        "code": reason.code,
        "sentence": of_label(reason.sentence),
        "subject": reason.subject,
        "values": [{"name": each.name, "title": of_label(each.title), "value": of_label(each.value)} for each in reason.values],
        "missing": list(reason.missing),
    }


def of_label(label: Label) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": label.zh, "en": label.en}


def _rung(event: RungFired) -> dict[str, Any]:
    return {
        "clock": event.clock,
        "cycle": event.cycle,
        "rung": event.rung,
        "repetition": event.repetition,
        "due_at": encode_instant(event.due_at),
        "result": event.result,
        "into": event.into,
        "why": list(event.why),
    }


def _clock(face: ClockFace) -> dict[str, Any]:
    due = face.due
    return {
        "clock": face.clock,
        "title": of_label(face.title),
        "cycle": face.cycle,
        "standing": face.standing,
        "due": encode_instant(due.at) if due is not None else None,
        "due_local": local(due.at, face.zone).en if due is not None else None,
        "provisional": due is not None and due.provisional,
    }


def _due(view: LineView) -> dict[str, Any]:
    assert view.timer is not None
    assert view.clock is not None
    timer = view.timer
    return {
        "clock": timer.clock,
        "title": of_label(view.clock),
        "cycle": timer.cycle,
        "standing": timer.standing,
        "due": encode_instant(timer.due_at) if timer.due_at is not None else None,
        "due_local": local(timer.due_at, view.zone).en if timer.due_at is not None else None,
        "provisional": timer.provisional,
    }


def _field(view: FieldView) -> dict[str, Any]:
    return {"field": view.id, "title": of_label(view.title), "shown": of_label(view.value)}
