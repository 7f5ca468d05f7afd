"""The runs of clocks, and what an event did to them, as JSON. What is not there is not written, so that old texts read the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.core.codec.text import Json, decode_instant, encode_instant
from engine.core.codec.value import decode_duration, encode_duration
from engine.core.run import Break, ClockChange, ClockRun
from engine.timing.period import Period


def encode_change(change: ClockChange) -> Json:
    """A change of a clock as JSON."""
    body: dict[str, Json] = {"clock": change.clock, "change": change.change, "start": encode_instant(change.start)}
    _add_deadline(body, change)
    if change.why is not None:
        body["why"] = change.why
    if change.counted:
        body["counted"] = True
    return body


def decode_change(body: Mapping[str, Any]) -> ClockChange:
    """The change that `encode_change` wrote."""
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
    if run.struck:
        body["struck"] = run.struck
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
        struck=body.get("struck", 0),
    )


def _add_deadline(body: dict[str, Json], given: ClockChange | ClockRun) -> None:
    if given.limit is not None:
        body["limit"] = encode_duration(given.limit)
    if given.promised is not None:
        body["promised"] = encode_instant(given.promised)


def _deadline(body: Mapping[str, Any]) -> tuple[Period | None, datetime | None]:
    limit, promised = body.get("limit"), body.get("promised")
    return None if limit is None else decode_duration(limit), None if promised is None else decode_instant(promised)
