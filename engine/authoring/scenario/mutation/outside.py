"""Changes of what a step has to do with other programs: the event that performs it, and the event that it gives out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.authoring.interface import steps_of
from engine.authoring.scenario.mutation.edit import GONE
from engine.authoring.scenario.mutation.mutant import Change, Original, change
from engine.core.problem import Path
from engine.definition.outside import Event
from engine.label import Label


def outside(original: Original) -> Iterator[Change]:
    """Every such change, step by step."""
    for path, step in steps_of(original.workflow):
        title = step.title.label
        if step.event is not None:
            yield from _not_heard(original, title, (*path, "event"), step.event)
        if step.emit is not None:
            what = Label("“{step}”不再发出“{event}”", "“{step}” no longer gave out “{event}”").fill(step=title, event=step.emit.name)
            yield change(original, "emit-dropped", (*path, "emit"), GONE, step.emit.name, what)


def _not_heard(original: Original, title: Label, path: Path, event: Event) -> Iterator[Change]:
    fields = original.definition.fields
    what = Label("事件“{event}”不再执行“{step}”", "the event “{event}” no longer performed “{step}”").fill(event=event.name, step=title)
    yield change(original, "event-dropped", path, GONE, event.name, what)
    for key, name in event.match.items():
        if len(event.match) > 1:
            what = Label("“{event}”不再按“{field}”找工单", "“{event}” found a case whatever its “{field}”")
            filled = what.fill(event=event.name, field=fields[name].title)
            yield change(original, "match-dropped", (*path, "match", key), GONE, key, filled)
    for name, key in event.fills.items():
        what = Label("“{event}”不再填入“{field}”", "“{event}” no longer filled “{field}”").fill(event=event.name, field=fields[name].title)
        yield change(original, "fill-dropped", (*path, "fills", name), GONE, name, what)
        other = next((each for each in event.fills.values() if each != key), None)
        if other is not None:
            what = Label("“{event}”把“{other}”填入“{field}”", "“{event}” filled “{field}” with “{other}”")
            filled = what.fill(event=event.name, other=other, field=fields[name].title)
            yield change(original, "fill-swapped", (*path, "fills", name), other, name, filled)
