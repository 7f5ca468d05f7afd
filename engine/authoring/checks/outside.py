"""Checks events that compile and yet find no case: the field by which they would find it is empty whatever happens."""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.compiled import CompiledDefinition
from engine.core.problem import Problem
from engine.label import Label


def check_outside(definition: CompiledDefinition) -> Iterator[Problem]:
    """A problem for each matched field that no step, and no calculation, ever fills."""
    steps = definition.steps()
    written = {name for name, _ in definition.computed}.union(*(step.form.names | {name for name, _ in step.sets} for step in steps))
    for step in steps:
        for key, name in step.event.match if step.event is not None else ():
            if name not in written:
                sentence = Label(
                    "没有步骤填写“{name}”，事件永远找不到工单", "no step ever fills “{name}”, so that the event never finds a case"
                )
                way_out = Label("让某个步骤填写它，或换一个字段。", "Let a step fill it, or name another field.")
                yield Problem("event-never-matches", (*step.path, "event", "match", key), sentence.fill(name=name), way_out)
