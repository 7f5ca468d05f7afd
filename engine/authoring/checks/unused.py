"""Fields that people are asked for in vain: nothing shows them, reads them, tells them or hands them on.

What is asked on the way to the end is a record for whoever reads the closed case, and so is a field that names the record of the
written procedures which it keeps (`source`). What a parent hands over tells where the case belongs. These are used by being there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.authoring.checks.reading import of_notice, readings
from engine.authoring.interface import wanted_of
from engine.core.compiled import STAY, ClockRule, CompiledDefinition, CompiledStep
from engine.core.problem import Path, Problem
from engine.definition.workflow import Workflow
from engine.label import Label
from roles.policy import Right


def check_unused(workflow: Workflow, definition: CompiledDefinition, family: Mapping[str, Workflow]) -> Iterator[Problem]:
    """A problem for each field that is asked for and never used, where it is asked first. `family`: the documents of its parents."""
    used = {name.partition(".")[0] for name in _used(definition)}
    used.update(name for name, field in workflow.fields.items() if field.source or any(each.source for each in (field.of or {}).values()))
    used.update(name for parent in family.values() for name in wanted_of(parent).get(workflow.workflow, ()))
    asked: dict[str, Path] = {}
    for step in definition.steps():
        if not _is_last(step, definition):
            for index, ask in enumerate(step.form.asks):
                asked.setdefault(ask.field.id, (*step.path, "asks", index))
    for name, path in asked.items():
        if name not in used:
            sentence = Label("填了“{name}”，之后从未用到", "“{name}” is asked for and never used").fill(name=name)
            way_out = Label(
                "在之后的步骤里 shows 它，或用 source 写明它是哪一项记录，或不再询问。",
                "Let a later step show it, name the record it keeps with “source”, or ask for it no more.",
            )
            yield Problem("asked-never-used", path, sentence, way_out)


def _is_last(step: CompiledStep, definition: CompiledDefinition) -> bool:
    return all(target != STAY and definition.states[target].outcome is not None for target in step.to.values())


def _used(definition: CompiledDefinition) -> Iterator[str]:
    """Fields, and columns as `list.column`, that something makes use of."""
    yield from (name for needed in definition.depends.values() for name in needed)
    yield from (name for party in definition.parties.values() for name in party.values())
    yield from (rule.id for rule in definition.unique)
    yield from (name for name in (definition.subject, "unit") if name is not None)
    yield from definition.summary
    for step in definition.starts.values():
        if any(right.kind == "parent" for right in step.by):
            yield from step.form.names
    for step in definition.steps():
        yield from step.shows
        yield from _of_rights((*step.by, *step.not_by_rights))
        yield from (holder.field for holder in (step.assign.values() if step.assign is not None else ()))
        yield from (name for notice in step.notify for name in _of_rights(notice.tell))
        yield from (name for _, name in step.event.match) if step.event is not None else ()
        yield from step.emit.fields if step.emit is not None else ()
        for each in readings(step):
            yield from [each.what] if isinstance(each.what, str) else each.what.reads | each.what.columns
    for rule in definition.clocks.values():
        yield from _of_clock(rule)


def _of_clock(rule: ClockRule) -> Iterator[str]:
    yield from rule.reads
    for rung in rule.ladder:
        if rung.when is not None:
            yield from rung.when.reads
        if rung.notice is not None:
            yield from _of_rights(rung.notice.tell)
            for each in of_notice(rung.notice, rung.path):
                yield from [each.what] if isinstance(each.what, str) else each.what.reads | each.what.columns


def _of_rights(rights: Iterable[Right]) -> Iterator[str]:
    return (right.name for right in rights if right.kind == "field")
