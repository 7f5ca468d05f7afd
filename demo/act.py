"""An act: one thing a member of the team may do to a case – which step, who, with what in the form, how likely.

The tables in `phone` and `dealer` say what people do; the engine alone says whether they may.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from engine.core.case import Case

Filling = Callable[[Random, Case, date], Mapping[str, object]]
"""The form of a step, from chance, the case and today's date."""


Asking = Callable[[Case, date], bool]
"""Whether the act comes into question for the case, today."""


def nothing(_chance: Random, _case: Case, _today: date) -> Mapping[str, object]:
    """An empty form."""
    return {}


def always(_case: Case, _today: date) -> bool:
    """In any case."""
    return True


@dataclass(frozen=True, slots=True)
class Act:
    """`who`: a role, or a person field of the case."""

    step: str
    who: str
    weight: float = 1.0
    fill: Filling = nothing
    reason: str | None = None
    when: Asking = always


@dataclass(frozen=True, slots=True)
class Habit:
    """What happens to a case in one state: the acts to choose from, and how long it usually lies there (in working hours)."""

    hours: tuple[float, float]
    acts: tuple[Act, ...]
