"""A clock: a stop-watch over states or until a step, with its ladder of reminders, as written."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag

from engine.definition.element import Bilingual, Element, Expression, Flag, Name, Names, Words
from engine.definition.message import Notice
from engine.definition.state import Phase, Waiting
from engine.definition.value import CasesValue

PERIOD = r"^[1-9][0-9]{0,5}(m|h|d|mo|y|wh|wd)$"
RUNG_POINT = r"^([1-9][0-9]?%|due|due [+-] [1-9][0-9]{0,5}(m|h|d|mo|y|wh|wd)|[1-9][0-9]{0,5}(m|h|d|mo|y|wh|wd))$"

PeriodText = Annotated[str, StringConstraints(pattern=PERIOD)]
"""A length of time: `4wh`, `3d`."""

RungPoint = Annotated[str, StringConstraints(pattern=RUNG_POINT, max_length=20)]
"""When a rung is reached: `75%` of the way, `due`, `due + 1wd`, or `7d` after the start."""


class PhaseSet(Element):
    """All states of one phase."""

    phase: Phase


class WaitingSet(Element):
    """All states that wait on the same."""

    waits_on: Waiting


def _as_list(raw: Any) -> Any:
    return [raw] if isinstance(raw, str | dict) else raw


def _set_kind(raw: Any) -> str:
    if isinstance(raw, dict):
        return "waiting" if "waits_on" in raw else "phase"
    return "waiting" if isinstance(raw, WaitingSet) else "phase" if isinstance(raw, PhaseSet) else "name"


_OneSet = Annotated[
    Annotated[Name, Tag("name")] | Annotated[PhaseSet, Tag("phase")] | Annotated[WaitingSet, Tag("waiting")], Discriminator(_set_kind)
]

StateSet = Annotated[tuple[_OneSet, ...], BeforeValidator(_as_list)]
"""States by id, by phase, by what they wait on; `all` stands for every state that is not final."""


class Rung(Notice):
    """One entry of a ladder: at a point of the clock somebody is told, or the system fires a step."""

    at: RungPoint
    fire: Name | None = None
    """The step that `system` performs; then nobody is told by this rung."""
    every: PeriodText | None = None
    """Repeated after each such period, until the clock stops."""
    times: Annotated[int, Field(ge=2, le=1000)] | None = None
    """How often in all, the first included; needs `every`."""
    late: Literal["send", "merge", "skip"] = "merge"
    """What becomes of it when it was missed while nobody worked."""
    source: Words = ()
    """Clauses of the written procedures that it carries out."""


def _restart_kind(raw: Any) -> str:
    return "word" if raw in ("on_entry", "never", "any_step") else "steps"


Restart = Annotated[
    Annotated[Literal["on_entry", "never", "any_step"], Tag("word")] | Annotated[Names, Tag("steps")], Discriminator(_restart_kind)
]
"""When a new cycle begins: at each entry, never, after each step, or after some."""


def _ladder_kind(raw: Any) -> str:
    return "name" if isinstance(raw, str) else "rungs"


Ladder = Annotated[Annotated[Name, Tag("name")] | Annotated[tuple[Rung, ...], Tag("rungs")], Discriminator(_ladder_kind)]
"""Rungs of its own, or the name of a ladder that several clocks share."""


class Clock(Element):
    """One entry of `clocks:`."""

    title: Bilingual
    runs_in: StateSet = ()
    until: Names = ()
    """Instead of `runs_in`: from the opening until the first of these steps."""
    since: Name | None = Field(default=None, alias="from")
    """Counts from the date or instant in this field, not from entry."""
    limit: CasesValue | None = None
    due: Name | None = None
    """The date or instant in this field wins over `limit` while it is set."""
    when: Expression | None = None
    pauses: StateSet = ()
    restart: Restart = "never"
    legal: Flag = False
    source: Words = ()
    calendar: Name | None = None
    """Other than the workflow's."""
    ladder: Ladder = ()
