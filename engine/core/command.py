"""Commands: wishes. Raw data as it came through a door – text from a command line or a sheet, JSON from an API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.core.case import Parent

Raw = Mapping[str, object]
"""field id → raw value: text, number, boolean, list of texts, or None / "" for empty."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case of a workflow by one of its starts."""

    start: str
    data: Raw = field(default_factory=dict)
    reason: str | None = None
    unit: str | None = None
    """Where the case belongs; by default the unit in which the actor holds the role that lets him open it."""
    parent: Parent | None = None
    """The case that opens it by a step; None for a wish of its own."""


@dataclass(frozen=True, slots=True)
class Fire:
    """Move a case by one of the transitions of its state."""

    transition: str
    data: Raw = field(default_factory=dict)
    reason: str | None = None
    expect: int | None = None
    """The revision the wish was made on; another revision refuses it as stale."""


@dataclass(frozen=True, slots=True)
class Correct:
    """Mend wrongly entered values without moving the case."""

    data: Raw
    reason: str
    expect: int | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """Write a remark into the history of a case."""

    text: str


@dataclass(frozen=True, slots=True)
class Disclose:
    """Read personal values in full that are masked: these fields, or none named: all of them, and the remarks."""

    reason: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Elapse:
    """Time has passed: what is due on this case by now? The wish of the sweeper."""

    by: datetime | None = None
    """By this instant rather: what the clock says, where the history of the case lies ahead of it since the clock once jumped."""


@dataclass(frozen=True, slots=True)
class ExtendCalendar:
    """Let the calendars of the case follow the newest edition of official holidays."""


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the case to a person: to oneself (take it), to another (pass it on), or to nobody (put it down)."""

    person: str | None
    reason: str | None = None
    expect: int | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back one's own signature of a step."""

    step: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the newest step, which was one's own, within the window that the document allows."""

    reason: str
    expect: int | None = None


@dataclass(frozen=True, slots=True)
class Wake:
    """A child has ended or was reopened: take note (`Facts.child`), and try the automatic steps. The wish of the errand runner."""


Wish = Fire | Correct | Comment | Assign | Withdraw | Undo | Disclose
"""What a person may wish of a case."""

Command = OpenCase | Wish | Elapse | ExtendCalendar | Wake
