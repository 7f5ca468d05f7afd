"""What compiles may still be wrong: checks over a compiled definition, a family a module. Each gives Problems; none changes anything."""

from __future__ import annotations

from engine.authoring.checks.data import check_data
from engine.authoring.checks.graph import check_graph
from engine.core.compiled import CompiledDefinition
from engine.core.problem import Problem

WARNINGS = frozenset({"device-left-behind"})
"""Codes that are worth a look but do not stop a publication."""


def check(definition: CompiledDefinition) -> tuple[Problem, ...]:
    """All findings of all families."""
    return (*check_graph(definition), *check_data(definition))
