"""A compiled definition: checked, every name resolved, ready to decide. Built by `core.compile`, shared by threads, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.core.choosing import Chosen
from engine.core.expression import Expression, Scope
from engine.core.field import FieldRule
from engine.core.form import Form
from engine.core.kind import Kind
from engine.core.machine import Machine
from engine.core.problem import Path
from engine.label import Label
from roles.policy import Right

STAY = "stay"
"""The target of a step that leaves the case where it is."""


@dataclass(frozen=True, slots=True)
class GuardRule:
    """A line of `requires`: the condition, and the sentence shown when it is not met."""

    that: Expression
    say: Label


@dataclass(frozen=True, slots=True)
class Holder:
    """A word of `assign`: who holds the case from here on."""

    kind: str
    """field, actor or nobody."""
    field: str = ""


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """A start or a transition of one state."""

    id: str
    title: Label
    path: Path
    """Where it stands in the document, for problems found after compiling."""
    by: tuple[Right, ...]
    not_by_steps: frozenset[str]
    not_by_rights: tuple[Right, ...]
    """Roles and person fields of `not_by`."""
    form: Form
    shows: tuple[str, ...]
    requires: tuple[GuardRule, ...]
    reason_required: bool
    sets: tuple[tuple[str, Chosen[Expression]], ...]
    clears: tuple[str, ...]
    assign: Chosen[Holder] | None
    to: Chosen[str]
    """States, or STAY."""


@dataclass(frozen=True, slots=True)
class CompiledState:
    """A resting place and the steps out of it, `anywhere` steps included."""

    id: str
    title: Label
    phase: str | None
    waits_on: str | None
    outcome: str | None
    steps: Mapping[str, CompiledStep]


@dataclass(frozen=True, slots=True)
class CompiledDefinition:
    """One published version of a process."""

    workflow: str
    version: int
    digest: str
    title: Label
    owner: str
    organisation: str
    number: str
    """The pattern; `core.number` renders it."""
    subject: str | None
    """The field that identifies what the case is about."""
    parties: Mapping[str, Mapping[str, str]]
    """party → name, mobile, email → field."""
    fields: Mapping[str, FieldRule]
    kinds: Mapping[str, Kind]
    personal: frozenset[str]
    unique: tuple[FieldRule, ...]
    """The fields whose values no other case may have."""
    computed: tuple[tuple[str, Chosen[Expression]], ...]
    """In an order in which each reads only what stands before it."""
    depends: Mapping[str, frozenset[str]]
    """computed field → all fields it depends on, through other computed fields too."""
    deciding: frozenset[str]
    """Fields that a guard, a choice, a `set` or a computed field reads."""
    starts: Mapping[str, CompiledStep]
    states: Mapping[str, CompiledState]
    scope: Scope
    roles: Mapping[str, Label]
    """The roles that this document mentions, with their titles."""
    machine: Machine = field(repr=False)

    def reads(self, expression: Expression) -> frozenset[str]:
        """The fields an expression depends on, seen through computed fields."""
        through = expression.reads
        for name in expression.reads & self.depends.keys():
            through |= self.depends[name]
        return through

    def roles_of(self, step: CompiledStep) -> frozenset[str]:
        """The roles that may perform a step."""
        return frozenset(right.name for right in step.by if right.kind == "role")
