"""Values and events as JSON, and JSON as canonical text: what history stores and what the chain of hashes is made of.

The text of a value never changes between versions, dialects or machines: keys sorted, no spaces, Chinese as it is,
decimals and money as shortest strings, instants as fixed-width UTC. Knows no table; which field has which kind is given.
Of a clock, what is not there is not written, so that what was stored before there were clocks reads the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]  # not in the stubs
from typing import Any, TypeAlias, cast

from engine.core.event import CalendarExtended, Changes, Commented, Corrected, Event, Moved, Opened, RungFired, TimerLapsed
from engine.core.kind import Kind, Value
from engine.core.run import Break, ClockChange, ClockRun
from engine.timing.period import Period

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
Kinds = Mapping[str, Kind]
"""field id → kind, of one definition."""

EVENT_KINDS: Mapping[type[Event], str] = {
    Opened: "opened",
    Moved: "moved",
    Corrected: "corrected",
    Commented: "commented",
    RungFired: "rung_fired",
    TimerLapsed: "timer_lapsed",
    CalendarExtended: "calendar_extended",
}
"""The name under which history stores each event."""

_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _prepared() -> Callable[[Json], str]:
    """The encoder with its machinery built once: `JSONEncoder.encode` builds it anew at every call, which costs a move dearly."""
    if c_make_encoder is None:
        return _encoder.encode
    build = c_make_encoder(None, _encoder.default, encode_basestring, None, ":", ",", True, False, False)
    return lambda body: "".join(build(body, 0))


canonical: Callable[[Json], str] = _prepared()
"""JSON as text that never changes for an equal value. ValueError or TypeError for what JSON cannot hold."""


_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # not in the stubs


def parsed(text: str) -> Any:
    """What `canonical` has written. ValueError for anything else; `json.loads` would look for white space around it first."""
    try:
        body, end = _scan(text, 0)
    except StopIteration:
        end = -1
    if end != len(text):
        raise ValueError(f"not canonical JSON: {text[:80]!r}")
    return body


@lru_cache(maxsize=256)
def encode_instant(instant: datetime) -> str:
    """`2026-11-25T13:10:06.123456Z`: sorts as time. A naive datetime is a ValueError.

    Remembered, because one move writes its instant into five places.
    """
    if instant.tzinfo is not UTC:
        if instant.tzinfo is None:
            raise ValueError("expected an aware instant, found a naive datetime")
        instant = instant.astimezone(UTC)
    return f"{instant.isoformat(timespec='microseconds')[:26]}Z"


def decode_instant(text: str) -> datetime:
    """The aware instant, in UTC. ValueError for anything that is not an instant."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is not UTC:
        raise ValueError(f"expected an instant in UTC, found {text!r}")
    return instant


def encode_value(kind: Kind, value: Value | None) -> Json:
    """A value of this kind as JSON; None stays null. ValueError when the value is not of the kind."""
    if value is None:
        return None
    encode = _ENCODERS.get(kind.name)
    if encode is None:
        return cast(Json, value)
    return encode(value)


def decode_value(kind: Kind, body: Json) -> Value | None:
    """The value that `encode_value` wrote."""
    if body is None:
        return None
    decode = _DECODERS.get(kind.name)
    if decode is None:
        return cast(Value, body)
    return decode(body)


def encode_changes(changes: Changes, kinds: Kinds) -> dict[str, Json]:
    """field id → JSON value. KeyError for a field that the definition does not know."""
    return {field: encode_value(kinds[field], value) for field, value in changes.items()}


def decode_changes(body: Mapping[str, Json], kinds: Kinds) -> dict[str, Value | None]:
    """The changes that `encode_changes` wrote."""
    return {field: decode_value(kinds[field], value) for field, value in body.items()}


def encode_event(event: Event, kinds: Kinds) -> dict[str, Json]:
    """The whole event as JSON, without its kind (`EVENT_KINDS`)."""
    body: dict[str, Json] = {"at": encode_instant(event.at), "actor": event.actor, "on_behalf_of": event.on_behalf_of}
    if isinstance(event, Opened | Moved | Corrected):
        return body | _encode_deed(event, kinds)
    if isinstance(event, RungFired):
        return body | _encode_rung(event)
    if isinstance(event, Commented):
        body["text"] = event.text
    elif isinstance(event, CalendarExtended):
        body["edition"] = event.edition
    return body


def _encode_deed(event: Opened | Moved | Corrected, kinds: Kinds) -> dict[str, Json]:
    body: dict[str, Json] = {"reason": event.reason, "changes": cast(Json, encode_changes(event.changes, kinds))}
    if event.clocks:
        body["clocks"] = [_encode_change(change) for change in event.clocks]
    if isinstance(event, Corrected):
        return body
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


def decode_event(kind: str, body: Mapping[str, Json], kinds: Kinds) -> Event:
    """The event that `encode_event` wrote. KeyError or ValueError when the body is not one."""
    given: dict[str, Any] = {**body}
    given["at"] = decode_instant(given["at"])
    if "changes" in given:
        given["changes"] = decode_changes(given["changes"], kinds)
    if "clocks" in given:
        given["clocks"] = tuple([_decode_change(change) for change in given["clocks"]])
    if "due_at" in given:
        given["due_at"] = decode_instant(given["due_at"])
    if "why" in given:
        given["why"] = tuple(given["why"])
    try:
        return _EVENTS[kind](**given)
    except TypeError as error:
        raise ValueError(f"not the body of a {kind} event: {error}") from error


def _encode_change(change: ClockChange) -> Json:
    body: dict[str, Json] = {"clock": change.clock, "change": change.change, "start": encode_instant(change.start)}
    _add_deadline(body, change)
    if change.why is not None:
        body["why"] = change.why
    if change.counted:
        body["counted"] = True
    return body


def _decode_change(body: Mapping[str, Any]) -> ClockChange:
    limit, promised = _deadline(body)
    return ClockChange(
        body["clock"], body["change"], decode_instant(body["start"]), limit, promised, body.get("why"), body.get("counted", False)
    )


def encode_runs(runs: Mapping[str, ClockRun]) -> Json:
    """clock id → its run as JSON."""
    return {clock: _encode_run(run) for clock, run in runs.items()}


def decode_runs(body: Mapping[str, Any]) -> dict[str, ClockRun]:
    """The runs that `encode_runs` wrote."""
    return {clock: _decode_run(run) for clock, run in body.items()}


def _encode_run(run: ClockRun) -> Json:
    body: dict[str, Json] = {
        "cycle": run.cycle,
        "standing": run.standing,
        "start": encode_instant(run.start),
        "armed_at": encode_instant(run.armed_at),
    }
    _add_deadline(body, run)
    if run.breaks:
        body["breaks"] = [
            [encode_instant(each.begins), None if each.ends is None else encode_instant(each.ends), each.why, each.state]
            for each in run.breaks
        ]
    if run.fired:
        body["fired"] = dict(run.fired)
    if run.pending:
        body["pending"] = list(run.pending)
    return body


def _decode_run(body: Mapping[str, Any]) -> ClockRun:
    limit, promised = _deadline(body)
    return ClockRun(
        cycle=body["cycle"],
        standing=body["standing"],
        start=decode_instant(body["start"]),
        armed_at=decode_instant(body["armed_at"]),
        limit=limit,
        promised=promised,
        breaks=tuple(
            [
                Break(decode_instant(begins), None if ends is None else decode_instant(ends), why, state)
                for begins, ends, why, state in body.get("breaks", ())
            ]
        ),
        fired=body.get("fired", {}),
        pending=tuple(body.get("pending", ())),
    )


def _add_deadline(body: dict[str, Json], given: ClockChange | ClockRun) -> None:
    if given.limit is not None:
        body["limit"] = _encode_duration(given.limit)
    if given.promised is not None:
        body["promised"] = encode_instant(given.promised)


def _deadline(body: Mapping[str, Any]) -> tuple[Period | None, datetime | None]:
    limit, promised = body.get("limit"), body.get("promised")
    return None if limit is None else _decode_duration(limit), None if promised is None else decode_instant(promised)


def _encode_decimal(value: Value) -> Json:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError(f"expected a finite decimal, found {value!r}")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _encode_date(value: Value) -> Json:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"expected a date, found {value!r}")
    return value.isoformat()


def _encode_datetime(value: Value) -> Json:
    if not isinstance(value, datetime):
        raise ValueError(f"expected an instant, found {value!r}")
    return encode_instant(value)


def _encode_people(value: Value) -> Json:
    return list(cast("tuple[str, ...]", value))


def _encode_duration(value: Value) -> Json:
    period = cast(Period, value)
    return [period.count, period.unit]


def _decode_duration(body: Json) -> Period:
    count, unit = cast("list[Json]", body)
    return Period(cast(int, count), unit)  # type: ignore[arg-type]


_ENCODERS: Mapping[str, Callable[[Value], Json]] = {
    "decimal": _encode_decimal,
    "money": _encode_decimal,
    "date": _encode_date,
    "datetime": _encode_datetime,
    "people": _encode_people,
    "duration": _encode_duration,
}
_DECODERS: Mapping[str, Callable[[Json], Value]] = {
    "decimal": cast("Callable[[Json], Value]", Decimal),
    "money": cast("Callable[[Json], Value]", Decimal),
    "date": cast("Callable[[Json], Value]", date.fromisoformat),
    "datetime": cast("Callable[[Json], Value]", decode_instant),
    "people": cast("Callable[[Json], Value]", tuple),
    "duration": _decode_duration,
}
_EVENTS: Mapping[str, Callable[..., Event]] = {name: kind for kind, name in EVENT_KINDS.items()}
