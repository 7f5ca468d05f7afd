"""What compiles may still be wrong: checks over a compiled definition, a family a module. Each gives Problems; none changes anything."""

from __future__ import annotations

from engine.authoring.checks.automatic import check_automatic
from engine.authoring.checks.data import check_data
from engine.authoring.checks.graph import check_graph
from engine.authoring.checks.text import check_text
from engine.authoring.checks.time import check_time
from engine.core.compiled import CompiledDefinition
from engine.core.problem import Problem

WARNINGS = frozenset({"device-left-behind", "mixed-units", "party-without-address", "unused-variable"})
"""Codes that are worth a look but do not stop a publication."""


def check(definition: CompiledDefinition) -> tuple[Problem, ...]:
    """All findings of all families."""
    return (
        *check_graph(definition),
        *check_automatic(definition),
        *check_data(definition),
        *check_time(definition),
        *check_text(definition),
    )
