"""Answers as objects for JSON: ids and raw values for programs, both languages for people. Stable names; nothing is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from commands.display.check import verdict
from engine.core.case import Case
from engine.core.codec import EVENT_KINDS, encode_instant, encode_value
from engine.core.decision import Check, Reason, Refused, Shown
from engine.core.event import RungFired
from engine.core.explain import Option
from engine.core.wording import local
from engine.label import Label
from engine.runtime.clocks import ClockFace
from engine.runtime.family import Family, Relative
from engine.runtime.reading import CaseView, EntryView, FieldView, LineView, Page
from engine.runtime.service import Granted
from engine.runtime.signatures import SigningView
from engine.runtime.standing import Who, Why


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


def of_case(view: CaseView, family: Family) -> dict[str, Any]:
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
        "parent": _relative(family.parent) if family.parent is not None else None,
        "children": [_relative(each) for each in family.children],
        "signings": [_signing(each) for each in view.signings],
        "fields": {
            each.id: {
                "title": of_label(each.title),
                "value": encode_value(kinds[each.id], case.data[each.id]),
                "shown": of_label(each.value),
            }
            for each in view.fields
        },
    }


def _signing(signing: SigningView) -> dict[str, Any]:
    return {
        "step": signing.step,
        "title": of_label(signing.title),
        "signatures": [{"person": each.person, "at": encode_instant(each.at)} for each in signing.signatures],
        "signed": signing.signed,
        "needed": signing.needed,
        "missing": of_label(signing.missing),
    }


def _relative(relative: Relative) -> dict[str, Any]:
    return {
        "number": relative.number,
        "alias": relative.alias,
        "workflow": of_label(relative.workflow),
        "state_title": of_label(relative.state) if relative.state is not None else None,
        "outcome": relative.outcome,
        "opened_at": encode_instant(relative.opened_at),
        "ended_at": encode_instant(relative.ended_at) if relative.ended_at is not None else None,
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
        "opened": [of_label(each) for each in view.opened],
        "rung": _rung(entry.event) if isinstance(entry.event, RungFired) else None,
        "erased": sorted(entry.erased),
        "hash": entry.hash,
    }


def of_options(case: Case, found: Sequence[Option], who: Mapping[str, Sequence[Who]]) -> dict[str, Any]:
    """The steps of a case as one person sees them."""
    steps = [of_option(each, who.get(each.step)) for each in found]
    return {"number": case.number, "revision": case.revision, "options": steps}


def of_option(option: Option, who: Sequence[Who] | None) -> dict[str, Any]:
    """A step as one person sees it, and who can where that is the question."""
    return {
        "step": option.step,
        "title": of_label(option.title),
        "allowed": option.allowed,
        "reasons": [of_reason(each) for each in option.reasons],
        "asks": [{"field": ask.field.id, "title": of_label(ask.field.title), "optional": ask.optional} for ask in option.asks],
        "shows": list(option.shows),
        "needs_reason": option.needs_reason,
        "conditions": [of_label(each) for each in option.conditions],
        "checks": [of_check(each) for each in option.checks],
        "who_can": [of_who(each) for each in who] if who is not None else None,
    }


def of_why(why: Why) -> dict[str, Any]:
    """One step and one person: everything that was asked, and who can."""
    return {
        "number": why.case.number,
        "revision": why.case.revision,
        "step": why.step.id,
        "title": of_label(why.step.title),
        "holds": verdict(why.checks),
        "checks": [of_check(each) for each in why.checks],
        "who_can": [of_who(each) for each in why.who] if why.who is not None else None,
    }


def of_grant(granted: Granted, *, dry_run: bool) -> dict[str, Any]:
    """A wish that came true, or would."""
    return {
        "granted": True,
        "dry_run": dry_run,
        "repeated": granted.repeated,
        **asdict(granted.outcome),
        "checks": [of_check(each) for each in granted.checks],
        "alarms": [of_label(each) for each in granted.alarms],
    }


def of_refusal(refused: Refused, who: Sequence[Who] | None) -> dict[str, Any]:
    """A wish that was refused."""
    return {
        "granted": False,
        "reasons": [of_reason(each) for each in refused.reasons],
        "checks": [of_check(each) for each in refused.checks],
        "who_can": [of_who(each) for each in who] if who is not None else None,
    }


def of_check(check: Check) -> dict[str, Any]:
    """A question that was asked; `holds` is null where the form will decide."""
    return {
        "kind": check.kind,
        "subject": check.subject,
        "sentence": of_label(check.sentence),
        "holds": check.holds,
        "reason": of_reason(check.reason) if check.reason is not None else None,
        "values": [_shown(each) for each in check.values],
        "parts": [of_check(each) for each in check.parts],
    }


def of_who(who: Who) -> dict[str, Any]:
    """Somebody who has the right to a step; with hindrances he cannot use it."""
    able = who.able
    return {
        "person": able.person,
        "name": who.name,
        "on_behalf_of": able.on_behalf_of,
        "present": able.is_present,
        "back_at": encode_instant(who.back_at) if who.back_at is not None else None,
        "hindrances": [of_check(each) for each in able.hindrances],
    }


def of_reason(reason: Reason) -> dict[str, Any]:
    """A reason of a refusal."""
    return {
        "code": reason.code,
        "sentence": of_label(reason.sentence),
        "subject": reason.subject,
        "values": [_shown(each) for each in reason.values],
        "missing": list(reason.missing),
    }


def _shown(shown: Shown) -> dict[str, Any]:
    return {"name": shown.name, "title": of_label(shown.title), "value": of_label(shown.value)}


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
