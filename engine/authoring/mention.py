"""Which roles a document mentions: what a bundle takes along of the role files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.definition.bundle import Bundle
from engine.definition.element import Bilingual
from engine.definition.step import Step
from engine.definition.workflow import Workflow
from roles.registry import RoleRegistry

_ACTING = re.compile(r"acting\s*\(\s*([a-z][a-z0-9_-]*)")


def bundle_of(workflow: Workflow, registry: RoleRegistry) -> Bundle:
    """The document with the roles it mentions and the separations among them.

    Outsiders are no roles of the department: a document reaches them as its parties, or as `integration`.
    """
    inside = inside_roles(registry)
    mentioned = {word for word in _words(workflow) if word in inside and word not in workflow.parties}
    titles = {name: registry.roles[name].title for name in sorted(mentioned)}
    pairs = (tuple(sorted(pair)) for pair in registry.apart if pair <= mentioned)
    return Bundle(
        workflow=workflow,
        roles={name: Bilingual(zh=title.zh, en=title.en) for name, title in titles.items()},
        apart=tuple(sorted((one, other) for one, other in pairs)),
    )


def inside_roles(registry: RoleRegistry) -> frozenset[str]:
    """The roles that people of the department can hold."""
    return frozenset(name for name, role in registry.roles.items() if not role.external)


def _words(workflow: Workflow) -> Iterator[str]:
    yield workflow.owner
    for field in workflow.fields.values():
        if field.role is not None:
            yield field.role
    for step in _steps(workflow):
        yield from step.by
        yield from step.not_by
        yield from _ACTING.findall(step.model_dump_json())


def _steps(workflow: Workflow) -> Iterator[Step]:
    yield from workflow.start.values()
    for state in workflow.states.values():
        yield from state.transitions.values()
    yield from workflow.anywhere.values()
