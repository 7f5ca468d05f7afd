"""Events as JSON: what history stores. What is not there is not written, so that what was stored before reads the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from engine.core.case import Parent
from engine.core.codec.family import encode_parent
from engine.core.codec.run import decode_change, decode_runs, encode_change, encode_runs
from engine.core.codec.text import Json, decode_instant, encode_instant
from engine.core.codec.value import Kinds, decode_cells, decode_changes, encode_cells, encode_changes
from engine.core.event import (
    Assigned,
    CalendarExtended,
    ChildChanged,
    ChildOpened,
    Commented,
    Corrected,
    Disclosed,
    Event,
    Moved,
    Opened,
    RungFired,
    Signed,
    TimerLapsed,
    Undone,
    Voided,
)

EVENT_KINDS: Mapping[type[Event], str] = {
    Opened: "opened",
    Moved: "moved",
    Corrected: "corrected",
    Commented: "commented",
    Disclosed: "disclosed",
    RungFired: "rung_fired",
    TimerLapsed: "timer_lapsed",
    CalendarExtended: "calendar_extended",
    Assigned: "assigned",
    Signed: "signed",
    Voided: "voided",
    ChildChanged: "child_changed",
    Undone: "undone",
}
"""The name under which history stores each event."""


def encode_event(event: Event, kinds: Kinds) -> dict[str, Json]:
    """The whole event as JSON, without its kind (`EVENT_KINDS`)."""
    body: dict[str, Json] = {"at": encode_instant(event.at), "actor": event.actor, "on_behalf_of": event.on_behalf_of}
    if isinstance(event, Opened | Moved | Corrected):
        return body | _encode_deed(event, kinds)
    if isinstance(event, RungFired):
        return body | _encode_rung(event)
    if isinstance(event, Commented):
        body["text"] = event.text
    elif isinstance(event, Disclosed):
        body |= {"reason": event.reason, "fields": list(event.fields)}
    elif isinstance(event, CalendarExtended):
        body["edition"] = event.edition
    elif isinstance(event, Assigned):
        body |= {"reason": event.reason, "assignee": event.assignee}
        if event.clocks:
            body["clocks"] = [encode_change(change) for change in event.clocks]
    elif isinstance(event, Signed):
        body |= {"reason": event.reason, "step": event.step, "through": list(event.through)}
        if event.form is not None:
            body["form"] = cast(Json, encode_changes(event.form, kinds))
    elif isinstance(event, Voided):
        body |= {"step": event.step, "signers": list(event.signers), "why": event.why}
    elif isinstance(event, ChildChanged):
        body |= _encode_child_changed(event, kinds)
    elif isinstance(event, Undone):
        body |= _encode_undone(event, kinds)
    return body


def _encode_child_changed(event: ChildChanged, kinds: Kinds) -> dict[str, Json]:
    body: dict[str, Json] = {
        "alias": event.alias,
        "id": event.id,
        "state": event.state,
        "outcome": event.outcome,
        "ended_at": None if event.ended_at is None else encode_instant(event.ended_at),
        "returns": encode_cells(kinds[event.alias], event.returns),
        "changes": cast(Json, encode_changes(event.changes, kinds)),
    }
    if event.clocks:
        body["clocks"] = [encode_change(change) for change in event.clocks]
    return body


def _encode_undone(event: Undone, kinds: Kinds) -> dict[str, Json]:
    body: dict[str, Json] = {
        "reason": event.reason,
        "step": event.step,
        "undoes": event.undoes,
        "to": event.to,
        "outcome": event.outcome,
        "assignee": event.assignee,
        "unit": event.unit,
        "visit": event.visit,
        "entered_at": encode_instant(event.entered_at),
        "ended_at": None if event.ended_at is None else encode_instant(event.ended_at),
        "changes": cast(Json, encode_changes(event.changes, kinds)),
        "runs": encode_runs(event.runs),
    }
    if event.disowned:
        body["disowned"] = list(event.disowned)
    return body


def _encode_deed(event: Opened | Moved | Corrected, kinds: Kinds) -> dict[str, Json]:
    body: dict[str, Json] = {"reason": event.reason, "changes": cast(Json, encode_changes(event.changes, kinds))}
    if event.clocks:
        body["clocks"] = [encode_change(change) for change in event.clocks]
    if isinstance(event, Corrected):
        return body
    if event.children:
        body["children"] = [
            {name: getattr(each, name) for name in ("alias", "id", "number", "workflow", "row", "at_end", "cancel_step")}
            for each in event.children
        ]
    body["to"] = event.to
    body["outcome"] = event.outcome
    body["assignee"] = event.assignee
    body["unit"] = event.unit
    if isinstance(event, Moved):
        body["step"] = event.step
        body["source"] = event.source
        body["entered"] = event.entered
        if event.fired_by is not None:
            body["fired_by"] = event.fired_by
        return body
    body["id"] = event.id
    body["number"] = event.number
    body["workflow"] = event.workflow
    body["digest"] = event.digest
    body["start"] = event.start
    if event.edition:
        body["edition"] = event.edition
    if event.parent is not None:
        body["parent"] = encode_parent(event.parent)
    return body


def _encode_rung(event: RungFired) -> dict[str, Json]:
    body: dict[str, Json] = {
        "clock": event.clock,
        "cycle": event.cycle,
        "rung": event.rung,
        "repetition": event.repetition,
        "due_at": encode_instant(event.due_at),
        "result": event.result,
    }
    if event.into is not None:
        body["into"] = event.into
    if event.why:
        body["why"] = list(event.why)
    return body


_DECODED_APART = frozenset({"signed", "voided", "child_changed", "undone"})


def decode_event(kind: str, body: Mapping[str, Json], kinds: Kinds) -> Event:
    """The event that `encode_event` wrote. KeyError or ValueError when the body is not one."""
    given: dict[str, Any] = {**body}
    given["at"] = decode_instant(given["at"])
    if "changes" in given:
        given["changes"] = decode_changes(given["changes"], kinds)
    if "clocks" in given:
        given["clocks"] = tuple([decode_change(change) for change in given["clocks"]])
    if "due_at" in given:
        given["due_at"] = decode_instant(given["due_at"])
    if kind == "disclosed":
        given["fields"] = tuple(given["fields"])
    if kind == "rung_fired" and "why" in given:
        given["why"] = tuple(given["why"])
    if "children" in given:
        given["children"] = tuple([ChildOpened(**each) for each in given["children"]])
    if "parent" in given:
        given["parent"] = Parent(**given["parent"])
    if kind in _DECODED_APART:
        _decode_apart(kind, given, kinds)
    try:
        return _EVENTS[kind](**given)
    except TypeError as error:
        raise ValueError(f"not the body of a {kind} event: {error}") from error


def _decode_apart(kind: str, given: dict[str, Any], kinds: Kinds) -> None:
    if kind == "signed":
        given["through"] = tuple(given["through"])
        if "form" in given:
            given["form"] = decode_changes(given["form"], kinds)
    elif kind == "voided":
        given["signers"] = tuple(given["signers"])
    else:
        given["ended_at"] = None if given["ended_at"] is None else decode_instant(given["ended_at"])
    if kind == "child_changed":
        given["returns"] = decode_cells(kinds[given["alias"]], given["returns"])
    elif kind == "undone":
        given["entered_at"] = decode_instant(given["entered_at"])
        given["runs"] = decode_runs(given["runs"])
        given["disowned"] = tuple(given.get("disowned", ()))


_EVENTS: Mapping[str, Callable[..., Event]] = {name: kind for kind, name in EVENT_KINDS.items()}
