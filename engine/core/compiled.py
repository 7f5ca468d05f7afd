"""A compiled definition: checked, every name resolved, ready to decide. Built by `core.compile`, shared by threads, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from engine.core.case import AtEnd
from engine.core.choosing import Chosen, expressions_of, reads_of
from engine.core.expression import Expression, Scope
from engine.core.expression.term import CaseFact, StepFact, leaves
from engine.core.field import FieldRule
from engine.core.form import Form
from engine.core.kind import Kind
from engine.core.ladder import Rung
from engine.core.machine import Machine
from engine.core.problem import Path
from engine.core.telling import NoticeRule
from engine.label import Label
from engine.timing.calendar import WorkingCalendar
from notifications.template import Template
from roles.policy import Right

STAY = "stay"
"""The target of a step that leaves the case where it is."""

ALL = "all"
"""In `runs_in` and `pauses`: every state that is not final."""


@dataclass(frozen=True, slots=True)
class GuardRule:
    """A line of `requires`: the condition, and the sentence shown when it is not met."""

    that: Expression
    say: Label


@dataclass(frozen=True, slots=True)
class Holder:
    """A word of `assign`: who holds the case from here on."""

    kind: Literal["field", "actor", "nobody", "role"]
    field: str = ""
    role: str = ""
    pick: Literal["least_open", "in_turn"] = "least_open"
    """How one of the holders of the role is chosen."""


@dataclass(frozen=True, slots=True)
class ChildRule:
    """A line of `starts`: which case a step opens, when, for which rows, with which data, and what becomes of it at the end."""

    alias: str
    workflow: str
    start: str
    path: Path
    when: Expression | None
    for_each: str | None
    """A list field: a child for each of its rows that `where` admits."""
    where: Expression | None
    values: tuple[tuple[str, Chosen[Expression]], ...]
    """field of the child → what it is given."""
    required: frozenset[str]
    """The fields that its start must be given; a value for another may be empty."""
    rows: Mapping[str, frozenset[str]]
    """list of the child → the columns that must be filled in every row that is handed over."""
    at_end: AtEnd
    cancel_step: str | None


@dataclass(frozen=True, slots=True)
class Alias:
    """The children under one name, as expressions read them: a list."""

    workflow: str
    title: Label
    kind: Kind
    returns: tuple[str, ...]
    """The fields of the child that are handed back; the other columns of `kind` every child has."""


@dataclass(frozen=True, slots=True)
class Approvals:
    """How many different persons must sign a step, and of which roles one each."""

    at_least: Chosen[int]
    each_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventRule:
    """How an event from outside performs a step: the case that it means, and what it fills in."""

    name: str
    match: tuple[tuple[str, str], ...]
    """(key of the message, field of the case) pairs, all of which must agree; none for a start."""
    fills: tuple[tuple[str, str], ...]
    """(field of the form, key of the message)."""


@dataclass(frozen=True, slots=True)
class EmitRule:
    """What a step tells programs outside: the name of the event, and the fields whose values go with it."""

    name: str
    fields: tuple[str, ...]


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
    """A field, or a column of every row as `list.column` → its value."""
    clears: tuple[str, ...]
    assign: Chosen[Holder] | None
    to: Chosen[str]
    """States, or STAY."""
    notify: tuple[NoticeRule, ...] = ()
    when: Expression | None = None
    """An automatic step: performed by the system as soon as this holds."""
    starts: tuple[ChildRule, ...] = ()
    approvals: Approvals | None = None
    undoable: bool = True
    """Whether it may be taken back within `CompiledDefinition.undo`."""
    event: EventRule | None = None
    emit: EmitRule | None = None


@dataclass(frozen=True, slots=True)
class CompiledState:
    """A resting place and the steps out of it, `anywhere` steps included."""

    id: str
    title: Label
    phase: str | None
    waits_on: str | None
    outcome: str | None
    steps: Mapping[str, CompiledStep]
    automatic: tuple[CompiledStep, ...] = ()
    """Those of its steps that the system performs by itself."""


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A clock: in which states it counts, how long, and whom it reminds."""

    id: str
    title: Label
    path: Path
    states: frozenset[str]
    """Where it runs or pauses; with `until`, every state that is not final."""
    pauses: frozenset[str]
    until: frozenset[str]
    """Steps that end it."""
    since: str | None
    """The field it counts from."""
    limit: Chosen[Expression] | None
    due: str | None
    """The field whose date or instant wins over the limit."""
    when: Expression | None
    restart: Literal["never", "on_entry", "any_step"] | frozenset[str]
    legal: bool
    source: tuple[str, ...]
    calendar: str
    ladder: tuple[Rung, ...]

    @property
    def looks_back(self) -> bool:
        """Whether it reads what was done, or who holds the case and where."""
        rules = (*(expressions_of(self.limit) if self.limit is not None else ()), *((self.when,) if self.when is not None else ()))
        return any(isinstance(leaf, StepFact | CaseFact) for rule in rules for leaf in leaves(rule.tree))

    @property
    def reads(self) -> frozenset[str]:
        """The fields that move it."""
        found = frozenset(name for name in (self.since, self.due) if name is not None)
        limit = reads_of(self.limit) if self.limit is not None else frozenset()
        return found.union(limit, self.when.reads if self.when is not None else ())


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
    """Fields, and columns as `list.column`, in an order in which each reads only what stands before it."""
    depends: Mapping[str, frozenset[str]]
    """computed field or column → all fields it depends on, through other computed ones too."""
    deciding: frozenset[str]
    """Fields that a guard, a choice, a `set`, a clock or a computed field reads."""
    starts: Mapping[str, CompiledStep]
    states: Mapping[str, CompiledState]
    scope: Scope
    roles: Mapping[str, Label]
    """The roles that this document mentions, with their titles."""
    calendar: str | None
    """The calendar of its clocks, and the zone of its dates; None: the zone of the installation."""
    clocks: Mapping[str, ClockRule]
    guarded: frozenset[str]
    """Fields that a legal clock reads, through computed ones too: nobody corrects them."""
    clocks_look_back: bool
    """Whether one of its clocks does (`ClockRule.looks_back`)."""
    calendars: Mapping[str, WorkingCalendar]
    """Those it names, without official holidays: they come with the edition that a case goes by (`Facts.calendars`)."""
    calendar_titles: Mapping[str, Label]
    """What they are called."""
    templates: Mapping[str, Template]
    machine: Machine = field(repr=False)
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    summary: tuple[str, ...] = ()
    """The fields that lists show of a case, nothing personal."""
    subject_kind: str | None = None
    """What sort of thing the case is about: cases of the same kind and key find each other."""
    system_pools: frozenset[str] = frozenset()
    """The roles of whose holders one may be picked by a step that the system performs, whatever the wish was."""
    reads_earlier: bool = False
    """Whether an expression reads the other cases of the subject."""
    asked_roles: frozenset[str] = frozenset()
    """The roles whose holders an expression reads."""
    undo: timedelta | None = None
    """For how long a step may be taken back; None: never."""

    def steps(self) -> tuple[CompiledStep, ...]:
        """Every start and every step as it is written, starts first; one of `anywhere` once, though it stands in many states."""
        of_states = (step for state in self.states.values() for step in state.steps.values())
        return tuple({step.path: step for step in (*self.starts.values(), *of_states)}.values())

    def reads(self, expression: Expression) -> frozenset[str]:
        """The fields an expression depends on, seen through computed fields."""
        through = expression.reads
        for name in (expression.reads | expression.columns) & self.depends.keys():
            through |= self.depends[name]
        return through

    def rule_of(self, name: str) -> FieldRule:
        """The rule of a field, or of a column as `list.column`."""
        list_id, _, column = name.partition(".")
        rows = self.fields[list_id].rows
        return rows.columns[column] if column and rows is not None else self.fields[list_id]

    def pools(self, asked: CompiledStep | None) -> frozenset[str]:
        """The roles of whose holders one may be picked when this step is asked for."""
        return self.system_pools if asked is None or asked.assign is None else self.system_pools | picked_by(asked)

    def roles_of(self, step: CompiledStep) -> frozenset[str]:
        """The roles that may perform a step."""
        return frozenset(right.name for right in step.by if right.kind == "role")


def picked_by(step: CompiledStep) -> frozenset[str]:
    """The roles of whose holders the step picks one."""
    return frozenset(holder.role for holder in step.assign.values() if holder.kind == "role") if step.assign is not None else frozenset()
