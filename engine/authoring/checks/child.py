"""Checks a document together with those whose cases it opens: no circle, and nobody waits for a case that cannot end.

Works on documents as written, since a family is checked whole, whichever of its members has mistakes of its own.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping

from engine.authoring.interface import PARENT, steps_of, wanted_of
from engine.authoring.mention import words_in
from engine.core.compiled import STAY
from engine.core.problem import Path, Problem
from engine.definition.child import Starts
from engine.definition.step import Step
from engine.definition.workflow import Workflow
from engine.label import Label


def check_child(workflow: Workflow, family: Mapping[str, Workflow]) -> Iterator[Problem]:
    """A problem for each entry of `starts` that leads back to this document, or opens what is awaited in vain.

    `family`: the documents that may be started, this one included.
    """
    for path, starts in _starts(workflow):
        circle = _circle(workflow.workflow, starts.workflow, family)
        if circle:
            sentence = Label("流程循环开单：{circle}", "these workflows open each other in a circle: {circle}")
            way_out = Label("让其中一个不再开子工单；返工请开关联的新工单。", "Let one of them open no case: rework is a new, linked case.")
            yield Problem("child-recursion", (*path, "workflow"), sentence.fill(circle=" → ".join(circle)), way_out)
        child = family.get(starts.workflow)
        if child is not None and _is_awaited(workflow, starts) and not all(_can_end(child, start) for start in _begun(child, starts)):
            sentence = Label(
                "上级工单等待“{child}”，但它只能由上级工单来结束", "this waits for “{child}”, which only its parent could bring to an end"
            )
            way_out = Label("在子流程中加一个由人执行、通往终态的步骤。", "Give people a step in the child that leads on to a final state.")
            yield Problem("child-never-ends", (*path, "workflow"), sentence.fill(child=starts.workflow), way_out)


def _starts(workflow: Workflow) -> Iterator[tuple[Path, Starts]]:
    for path, step in steps_of(workflow):
        for index, starts in enumerate(step.starts):
            yield (*path, "starts", index), starts


def _circle(origin: str, first: str, family: Mapping[str, Workflow]) -> tuple[str, ...]:
    """The shortest way back to where one came from, both ends included; empty when there is none."""
    queue: deque[tuple[str, ...]] = deque([(origin, first)])
    seen: set[str] = set()
    while queue:
        way = queue.popleft()
        if way[-1] == origin:
            return way
        if way[-1] not in seen and way[-1] in family:
            seen.add(way[-1])
            queue.extend((*way, name) for name in wanted_of(family[way[-1]]))
    return ()


def _is_awaited(workflow: Workflow, starts: Starts) -> bool:
    """Whether an end of the parent, one of its guards or an automatic step looks at whether this child has ended."""
    read = re.compile(rf"(?<![\w-]){re.escape(starts.alias)}(?![\w-])")
    conditions = (text for _, step in steps_of(workflow) for text in _conditions(step))
    return starts.at_end == "wait" or any(read.search(text) for text in conditions)


def _conditions(step: Step) -> Iterator[str]:
    yield from (line.that for line in step.requires)
    if step.when is not None:
        yield step.when


def _begun(child: Workflow, starts: Starts) -> list[Step]:
    """The start of the child; none when it is not clear which."""
    found: list[Step] = [each for name, each in child.start.items() if PARENT in each.by and starts.start in (None, name)]
    return found if len(found) == 1 else []


def _can_end(child: Workflow, start: Step) -> bool:
    """Whether a case so opened can reach an end by steps that are not its parent's alone."""
    reached = _targets(start)
    waiting = list(reached)
    while waiting:
        more = {target for step in _ways_out(child, waiting.pop()) for target in _targets(step)} - reached
        reached |= more
        waiting += more
    return any(child.states[name].final is not None for name in reached if name in child.states)


def _ways_out(child: Workflow, state: str) -> Iterator[Step]:
    if state not in child.states:
        return
    for transition in child.states[state].transitions.values():
        if transition.by != (PARENT,):
            yield transition
    for step in child.anywhere.values():
        is_inside = (
            state in step.inside if step.inside is not None else state not in (step.outside or ()) and child.states[state].final is None
        )
        if is_inside and step.by != (PARENT,):
            yield step


def _targets(step: Step) -> set[str]:
    return {word for _, word in words_in(step.to, ())} - {STAY}
