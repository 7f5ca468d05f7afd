"""What compiles may still be wrong: checks over a compiled definition, a family a module. Each gives Problems; none changes anything."""

from __future__ import annotations

from engine.authoring.checks.automatic import check_automatic
from engine.authoring.checks.data import check_data, filled_in
from engine.authoring.checks.graph import check_graph
from engine.authoring.checks.guard import check_guard
from engine.authoring.checks.ladder import check_ladders
from engine.authoring.checks.outside import check_outside
from engine.authoring.checks.people.locked import check_locked
from engine.authoring.checks.stale import check_stale
from engine.authoring.checks.text import check_text
from engine.authoring.checks.time import check_time
from engine.core.compiled import CompiledDefinition
from engine.core.problem import Problem

WARNINGS = frozenset(
    {
        "always-true",
        "asked-never-used",
        "clause-not-carried-out",
        "dead-transition",
        "device-left-behind",
        "guard-undecided",
        "ladder-out-of-order",
        "left-out-in-vain",
        "mixed-units",
        "party-without-address",
        "people-undecided",
        "person-locked-in",
        "recipient-never-filled",
        "rung-twice",
        "same-title",
        "single-person",
        "stale-value",
        "title-in-other-language",
        "unused-template",
        "unused-variable",
    }
)
"""Codes that are worth a look but do not stop a publication."""


def check(definition: CompiledDefinition) -> tuple[Problem, ...]:
    """All findings of all families."""
    filled = filled_in(definition)
    return (
        *check_graph(definition),
        *check_automatic(definition),
        *_first(check_data(definition, filled), check_stale(definition)),
        *check_guard(definition, filled),
        *_first(check_time(definition), check_ladders(definition)),
        *check_outside(definition),
        *check_text(definition),
        *check_locked(definition),
    )


def _first(found: tuple[Problem, ...], then: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """What was found, and of the rest what lies elsewhere: one place has one thing wrong at a time."""
    told = {(each.path, each.offset) for each in found}
    return (*found, *(each for each in then if (each.path, each.offset) not in told))
