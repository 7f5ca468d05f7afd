"""Outcomes as objects for JSON: what was done, canonical, so that the same wish is answered with the same bytes for ever."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.representation.scalar import Number, Revision
from engine.runtime.outcome import Outcome


class OpenedObject(TypedDict):
    """A case that a step has opened."""

    alias: Annotated[str, Field(description="Under which the process knows it.", examples=["callbacks"])]
    number: Number


class OutcomeObject(TypedDict):
    """What was done. Nothing that may look different tomorrow, and nothing personal."""

    number: Number
    state: Annotated[str, Field(description="The state of the case after it, by id.", examples=["diagnosing"])]
    revision: Revision
    seq: Annotated[int, Field(description="The newest entry of its history.", examples=[4])]
    events: Annotated[list[str], Field(description="What happened, in order.", examples=[["moved"]])]
    opened: Annotated[list[OpenedObject], Field(description="The cases that were opened with it, in order.", examples=[[]])]


def of_outcome(outcome: Outcome) -> OutcomeObject:
    """What was done."""
    return {
        "number": outcome.number,
        "state": outcome.state,
        "revision": outcome.revision,
        "seq": outcome.seq,
        "events": list(outcome.events),
        "opened": [{"alias": alias, "number": number} for alias, number in outcome.opened],
    }
