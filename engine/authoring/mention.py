"""Which roles, calendars, templates and children a document mentions: what a bundle takes along of what lies around the document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from engine.authoring.interface import PARENT, interface_of, steps_of, wanted_of
from engine.authoring.supplies import Supplies
from engine.core.assigning import NOBODY_TO_ASSIGN
from engine.core.elapse import STEP_REFUSED
from engine.core.family import CHILD_NOT_CANCELLED
from engine.core.problem import Path, Problem
from engine.core.undoing import STEP_UNDONE
from engine.definition.bundle import Bundle
from engine.definition.clock import Rung
from engine.definition.element import Bilingual
from engine.definition.message import Notice
from engine.definition.step import Pick
from engine.definition.value import CasesValue, Else, Switch
from engine.definition.who import word_of
from engine.definition.workflow import Workflow
from engine.label import Label
from roles.registry import RoleRegistry

_NO_FAMILY: Mapping[str, Workflow] = MappingProxyType({})
_ASKED = re.compile(r"(?:acting|holders)\s*\(\s*([a-z][a-z0-9_-]*)")


def bundle_of(workflow: Workflow, registry: RoleRegistry, supplies: Supplies, family: Mapping[str, Workflow] = _NO_FAMILY) -> Bundle:
    """The document with the roles it mentions and the separations among them, its calendars, its templates and its children.

    `family`: the documents that it may start, itself included.

    Outsiders are no roles of the department: a document reaches them as its parties, or as `integration`. What does not exist
    is left out, and told by the compiler.
    """
    inside = inside_roles(registry)
    mentioned = {word for word in _words(workflow) if word in inside and word not in workflow.parties}
    titles = {name: registry.roles[name].title for name in sorted(mentioned)}
    pairs = (tuple(sorted(pair)) for pair in registry.apart if pair <= mentioned)
    calendars = {name for _, name in _calendars(workflow)} & supplies.calendars.keys()
    templates = {name for _, name in _templates(workflow)} & supplies.templates.keys()
    if any(isinstance(notice, Rung) and notice.fire is not None for _, notice in _notices(workflow)):
        templates |= {STEP_REFUSED} & supplies.templates.keys()
    if any(path[0] != "start" and PARENT in step.by for path, step in steps_of(workflow)):
        templates |= {CHILD_NOT_CANCELLED} & supplies.templates.keys()
    if workflow.undo is not None:
        templates |= {STEP_UNDONE} & supplies.templates.keys()
    if any(step.assign not in (None, "nobody") for _, step in steps_of(workflow)):
        templates |= {NOBODY_TO_ASSIGN} & supplies.templates.keys()
    return Bundle(
        workflow=workflow,
        roles={name: Bilingual(zh=title.zh, en=title.en) for name, title in titles.items()},
        apart=tuple(sorted((one, other) for one, other in pairs)),
        calendars={name: supplies.calendars[name] for name in sorted(calendars)},
        templates={name: supplies.templates[name] for name in sorted(templates)},
        children={name: interface_of(family[name], returns) for name, returns in sorted(wanted_of(workflow).items()) if name in family},
    )


def inside_roles(registry: RoleRegistry) -> Mapping[str, Label]:
    """The roles that people of the department can hold, with their titles."""
    return {name: role.title for name, role in registry.roles.items() if not role.external}


def unusable(workflow: Workflow, supplies: Supplies) -> Iterator[Problem]:
    """A problem for each place that names a calendar or a template which is there, but not as it must be."""
    for path, name in _calendars(workflow):
        if name in supplies.faulty_calendars:
            sentence = Label("日历“{name}”的文件有错误", "the file of the calendar “{name}” has mistakes").fill(name=name)
            yield Problem("unknown-calendar", path, sentence, Label("先改正该文件。", "Mend that file first."))
    for path, name in _templates(workflow):
        if name in supplies.faulty_templates:
            yield Problem("template-fault", path, *supplies.faulty_templates[name])


def _words(workflow: Workflow) -> Iterator[str]:
    yield workflow.owner
    for field in workflow.fields.values():
        yield from (each.role for each in (field, *(field.of or {}).values()) if each.role is not None)
    for _, step in steps_of(workflow):
        yield from map(word_of, step.by)
        yield from step.not_by
        yield from step.approvals.each_of if step.approvals is not None else ()
        if isinstance(step.assign, Pick):
            yield step.assign.role
        yield from _ASKED.findall(step.model_dump_json())
    for clock in workflow.clocks.values():
        yield from _ASKED.findall(clock.model_dump_json())
    for _, notice in _notices(workflow):
        yield from map(word_of, notice.tell)


def _calendars(workflow: Workflow) -> Iterator[tuple[Path, str]]:
    if workflow.calendar is not None:
        yield ("calendar",), workflow.calendar
    for name, clock in workflow.clocks.items():
        if clock.calendar is not None:
            yield ("clocks", name, "calendar"), clock.calendar


def _templates(workflow: Workflow) -> Iterator[tuple[Path, str]]:
    for path, notice in _notices(workflow):
        if notice.template is not None:
            yield from words_in(notice.template, (*path, "template"))


def words_in(value: CasesValue, path: Path) -> Iterator[tuple[Path, str]]:
    """Each word that may come out of a cases value, and where it stands."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Switch):
        for choice, word in value.cases.items():
            yield (*path, "is", choice), word
    else:
        for index, case in enumerate(value):
            yield ((*path, index, "else"), case.otherwise) if isinstance(case, Else) else ((*path, index, "then"), case.then)


def _notices(workflow: Workflow) -> Iterator[tuple[Path, Notice]]:
    for path, step in steps_of(workflow):
        for index, notice in enumerate(step.notify):
            yield (*path, "notify", index), notice
    for name, clock in workflow.clocks.items():
        if not isinstance(clock.ladder, str):
            for index, rung in enumerate(clock.ladder):
                yield ("clocks", name, "ladder", index), rung
    for name, ladder in workflow.ladders.items():
        for index, rung in enumerate(ladder):
            yield ("ladders", name, index), rung
