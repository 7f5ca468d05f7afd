"""The small values that recur in objects: how each is written, with an example for whoever documents them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from engine.core.codec import encode_instant

Number = Annotated[str, Field(description="The number of a case.", examples=["WX26-000001"])]
Instant = Annotated[str, Field(description="An instant in UTC; as text it sorts as time.", examples=["2026-09-28T01:00:00.000000Z"])]
Local = Annotated[str, Field(description="The same instant as people say it, in the zone of its calendar.", examples=["2026-09-30 18:00"])]
Day = Annotated[str, Field(description="A day.", examples=["2026-09-30"])]
Seconds = Annotated[int, Field(description="A length of time in seconds.", examples=[14400])]
Revision = Annotated[int, Field(description="Counts up with every change; what `If-Match` may name.", examples=[4])]
Workflow = Annotated[str, Field(description="A workflow, by id.", examples=["phone-repair"])]
Unit = Annotated[str, Field(description="A unit, by id.", examples=["phone-01"])]
Person = Annotated[str, Field(description="A person or a service, by id.", examples=["amy"])]
More = Annotated[bool, Field(description="Whether there are more than these.")]

Next = Annotated[str | None, Field(description="`cursor` of the page after this one; null: there is none.", examples=["WX26-000050"])]


def of_instant(instant: datetime | None) -> str | None:
    """An instant that may be missing."""
    return encode_instant(instant) if instant is not None else None


def of_length(length: timedelta) -> int:
    """A length of time as whole seconds."""
    return int(length.total_seconds())
