"""How a story begins: when, what was there before it, and – where it says so – in the middle of a case."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from datetime import datetime

from engine.authoring.scenario.casting import units_of
from engine.authoring.scenario.entering import enter
from engine.authoring.scenario.expecting import Miss
from engine.authoring.scenario.instant import instant_in
from engine.authoring.scenario.props import props_of
from engine.authoring.scenario.script import Script
from engine.authoring.scenario.stage import Stage
from engine.core.calculation import filled
from engine.core.codec import canonical, encode_value
from engine.core.command import Correct
from engine.core.conclusion import SYSTEM
from engine.core.field import Unreadable
from engine.core.form import invalid
from engine.core.kind import Row, Value
from engine.core.problem import Path
from engine.definition.scenario import Earlier, Scenario


def begin(stage: Stage, script: Script, scenario: Scenario, *, checked: bool) -> Iterator[Miss]:
    """Set the clock and put everything on the stage that is there when the story begins; what of it cannot be so.

    `checked`: also whether a case in whose middle it begins could stand there.
    """
    stage.now = _instant(stage, scenario.at)
    earlier: list[Row] = []
    for place, each in enumerate(scenario.earlier):
        path: Path = ("earlier", place, "fields")
        values = yield from _read(stage, each.fields, path)
        earlier.append(_row(stage, each, values))
    stage.archive.earlier_rows = tuple(earlier)
    yield from _take(stage, scenario)
    starting = scenario.starting_in
    if starting is not None:
        units = units_of(script.file)
        unit = starting.unit or next(iter(units))
        for miss in enter(stage, starting, unit, checked=checked):
            yield Miss(("starting_in", *miss.path), miss.sentence)
        if stage.current is not None:
            stage.settle()


def _instant(stage: Stage, text: str) -> datetime:
    instant = instant_in(text, stage.setting.zone_of(stage.definition))
    assert instant is not None  # as `reading` has seen
    return instant


def _read(stage: Stage, typed: Mapping[str, object], path: Path) -> Generator[Miss, None, dict[str, Value]]:
    """The values of what is typed, and what cannot be one."""
    definition = stage.definition
    props = props_of(definition, {name: value for name, value in typed.items() if name in definition.fields})
    stage.archive.take(props)
    facts = stage.facts(definition, None, Correct(props.data, ""), SYSTEM)
    values: dict[str, Value] = {}
    for name, raw in props.data.items():
        try:
            value = definition.fields[name].read(raw, facts, ())
        except Unreadable as fault:
            yield Miss((*path, name), invalid(definition.fields[name], fault.sentence).sentence)
            continue
        if value is not None:
            values[name] = value
    return values


def _row(stage: Stage, earlier: Earlier, values: dict[str, Value]) -> Row:
    """A case that was there before, as `earlier` has it."""
    opened_at = _instant(stage, earlier.opened_at)
    number = stage.new_number(opened_at, None)
    cells = {
        **values,
        "workflow": earlier.workflow or stage.definition.workflow,
        "number": number,
        "open": earlier.ended_at is None,
        "outcome": earlier.outcome,
        "opened_at": opened_at,
        "ended_at": _instant(stage, earlier.ended_at) if earlier.ended_at is not None else None,
    }
    return Row(number, filled(cells))


def _take(stage: Stage, scenario: Scenario) -> Iterator[Miss]:
    """The unique values that others have."""
    definition = stage.definition
    for name, taken in scenario.taken.items():
        for place, raw in enumerate(taken):
            values = yield from _read(stage, {name: raw}, ("taken", name, place))
            for value in values.values():
                number = stage.new_number(stage.now, None)
                stage.archive.held[definition.workflow, name, canonical(encode_value(definition.kinds[name], value))] = number
