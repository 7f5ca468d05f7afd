"""Time spent per phase: how long cases stood in each kind of work, by the clock on the wall, not in working time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from engine.core.compiled import CompiledDefinition
from engine.store.history import Entrance, entrances
from engine.store.reader import Reader


@dataclass(frozen=True, slots=True)
class PhaseTime:
    """One phase of one workflow. `stays`: how often a case came into it, rework counted each time."""

    workflow: str
    phase: str
    stays: int
    total: timedelta
    typical: timedelta
    """The median stay."""
    longest: timedelta


def phase_times(reader: Reader, definition: CompiledDefinition, now: datetime) -> tuple[PhaseTime, ...]:
    """Each phase of a workflow in the order of the document; an unfinished stay counts until `now`, an ended case rests."""
    phases = {state.id: state.phase for state in definition.states.values()}
    stays: dict[str, list[timedelta]] = {}
    for phase, length in _stays(list(entrances(reader, definition.workflow)), phases, now):
        stays.setdefault(phase, []).append(length)
    order = dict.fromkeys(phase for phase in phases.values() if phase in stays and phase is not None)
    return tuple(
        PhaseTime(definition.workflow, phase, len(stays[phase]), sum(stays[phase], timedelta()), _middle(stays[phase]), max(stays[phase]))
        for phase in order
    )


def _middle(lengths: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(length.total_seconds() for length in lengths))


def _stays(entered: Sequence[Entrance], phases: dict[str, str | None], now: datetime) -> Iterator[tuple[str, timedelta]]:
    """(phase, length) for each unbroken stay; moving between two states of one phase is one stay."""
    for one_case in _by_case(entered):
        began: datetime | None = None
        phase: str | None = None
        for entrance in one_case:
            here = None if entrance.ended else phases.get(entrance.state)
            if here != phase:
                if phase is not None and began is not None:
                    yield phase, entrance.at - began
                began, phase = entrance.at, here
        if phase is not None and began is not None:
            yield phase, max(now - began, timedelta())


def _by_case(entered: Sequence[Entrance]) -> Iterable[list[Entrance]]:
    apart: dict[str, list[Entrance]] = {}
    for entrance in entered:
        apart.setdefault(entrance.case_id, []).append(entrance)
    return apart.values()
