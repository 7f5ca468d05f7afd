"""Attempts of deliveries as objects for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import encode_instant
from engine.representation.label import LabelObject, of_optional
from engine.representation.scalar import Instant
from engine.store.attempts import Attempt, Result


class AttemptObject(TypedDict):
    """One post to an endpoint."""

    at: Annotated[Instant, Field(description="When it ended.")]
    took_ms: Annotated[int, Field(description="Milliseconds, from looking up the host to the answer.", examples=[412])]
    answer: Annotated[int | None, Field(description="The status of the answer in HTTP; null when there was none.", examples=[503])]
    result: Annotated[Result, Field(description="`deferred`: it is tried again; `failed`: it was given up.")]
    note: LabelObject | None


class AttemptsObject(TypedDict):
    """The attempts of a delivery, oldest first."""

    delivery: str
    attempts: list[AttemptObject]


def of_attempts(log: Iterable[Attempt]) -> list[AttemptObject]:
    """The attempts of one delivery, oldest first."""
    return [
        {
            "at": encode_instant(each.at),
            "took_ms": each.took // timedelta(milliseconds=1),
            "answer": each.answer,
            "result": each.result,
            "note": of_optional(each.note),
        }
        for each in log
    ]


def of_log(delivery: str, log: Iterable[Attempt]) -> AttemptsObject:
    """The attempts of a delivery, by its id."""
    return {"delivery": delivery, "attempts": of_attempts(log)}
