"""Performs one step on paper: authorise → form → requires → set and clears → to → assign → children. Collects every reason.

Shared by opening and moving, which differ only in what stands before. Records nothing, changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from engine.core.assigning import holding
from engine.core.authority import BY_NO_RIGHT, admit, not_authorised, not_separate, separate
from engine.core.calculation import calculated, differences, filled, only, recompute, with_column
from engine.core.case import Case, Child, Performance
from engine.core.command import Raw
from engine.core.compiled import STAY, CompiledDefinition, CompiledStep
from engine.core.decision import Opening, Reason
from engine.core.effect import Effect, Emit, Notify
from engine.core.event import Changes, ChildOpened
from engine.core.expression import Environment
from engine.core.facts import Facts
from engine.core.family import opened, openings, rows_of, with_opened
from engine.core.field import Unreadable
from engine.core.guard import unmet
from engine.core.kind import Value, rows_in
from engine.core.prose import REASON_LIMIT, fault_in
from engine.core.telling import notice
from engine.core.unique import duplicates
from engine.label import Label
from roles.policy import Allowed, tiers


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before the step; for an opening, the blank sheet."""

    case_id: str
    number: str
    unit: str | None
    data: Mapping[str, Value]
    assignee: str | None
    performed: tuple[Performance, ...]
    visit: int
    children: Mapping[str, tuple[Child, ...]] = field(default_factory=dict)
    revives: bool = False
    """An ended case is reopened, so its values must be unique among open cases again."""
    state: str = ""
    """Where it stands; nowhere before an opening."""
    seq: int = 1
    """The one of the entry that the step will be."""

    @staticmethod
    def of(case: Case, *, revives: bool = False) -> Before:
        """A case as it stands."""
        return Before(
            case.id,
            case.number,
            case.unit,
            case.data,
            case.assignee,
            case.performed,
            case.visit,
            case.children,
            revives,
            case.state,
            case.seq + 1,
        )


@dataclass(frozen=True, slots=True)
class Performed:
    """What the step makes: changed values, the target as written (a state or `stay`), who holds the case, where it belongs."""

    way: Allowed
    """By what right, and for whom, the actor performs it."""
    changes: Changes
    target: str
    assignee: str | None
    unit: str | None
    environment: Environment
    """What expressions look at after the step."""
    openings: tuple[Opening, ...] = ()
    children: tuple[ChildOpened, ...] = ()
    effects: tuple[Effect, ...] = ()
    """What came of finding somebody to hold the case."""

    def afterwards(self, done: tuple[Performance, ...]) -> Environment:
        """What clocks look at, which are read when the step is over: it is among what was `done`, and the case where it went."""
        return replace(self.environment, performed=done, assignee=self.assignee, unit=self.unit)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What decides whether a step may be performed; `core.examine` tells all of it, `perform` only what stands against."""

    ways: tuple[Allowed, ...]
    """Every way in which the actor is admitted; empty: in none."""
    way: Allowed
    """The one he takes."""
    barring: tuple[str, ...]
    """The words of `not_by` that bar it."""
    entered: Mapping[str, Value]
    """What the form fills."""
    faults: tuple[Reason, ...]
    """What is wrong with the form."""
    environment: Environment
    """What expressions look at after the form."""
    miscalculated: tuple[Reason, ...]
    unreadable: Collection[str]
    """Fields whose value was refused: what reads them has no verdict."""


def environment_of(
    definition: CompiledDefinition, before: Before, facts: Facts, acting: frozenset[str], data: Mapping[str, Value]
) -> Environment:
    """What expressions may look at: what stands before the step, with these values."""
    return Environment(
        data=data,
        actor=facts.actor.id,
        acting=acting,
        performed=before.performed,
        assignee=before.assignee,
        unit=before.unit,
        number=before.number,
        now=facts.now,
        zone=facts.zone,
        case_id=before.case_id,
        visit=before.visit,
        sampling_key=facts.sampling_key,
        calendar=facts.calendars[definition.calendar] if definition.calendar is not None else None,
        children=rows_of(before.children) if before.children else {},
        earlier=facts.earlier,
        holders=_holders(definition, before.unit, facts) if definition.asked_roles else {},
        called=facts.called,
    )


def _holders(definition: CompiledDefinition, unit: str | None, facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """Who holds the roles that the definition asks for, where the case belongs."""
    lineage = facts.lineage(unit)
    near_and_far = ((role, tiers(facts.holders.get(role, {}), lineage)) for role in definition.asked_roles)
    return {role: tuple(sorted({person for tier in found for person in tier})) for role, found in near_and_far}


def perform(
    definition: CompiledDefinition, step: CompiledStep, before: Before, raw: Raw, reason: str | None, facts: Facts
) -> Performed | tuple[Reason, ...]:
    """The outcome of the step, or every reason against it."""
    weighed = weigh(definition, step, before, raw, facts)
    environment = weighed.environment
    reasons: tuple[Reason, ...] = () if weighed.ways else (not_authorised(definition, step, facts),)
    reasons += (not_separate(definition, step, weighed.barring, facts),) if weighed.barring else ()
    reasons += (*weighed.faults, *faults_of_reason(reason, is_required=step.reason_required))
    reasons += unmet(definition, step, environment, weighed.unreadable)
    reasons += weighed.miscalculated
    reasons += duplicates(definition, environment.data if before.revives else weighed.entered, facts)
    if reasons:
        return reasons
    return _settle(definition, step, before, weighed.way, environment, facts)


def weigh(definition: CompiledDefinition, step: CompiledStep, before: Before, raw: Raw, facts: Facts) -> Weighed:
    """What decides whether the step may be performed with this form."""
    lineage = facts.lineage(before.unit)
    ways = admit(definition, step, before.data, before.assignee, facts, lineage)
    entered, faults = step.form.fill(raw, before.data, facts, _lineage_after(step, raw, facts) or lineage, before.seq)
    data = filled({**before.data, **entered})
    way, barring = separate(definition, step, ways or BY_NO_RIGHT, data, before.performed, before.assignee, facts)
    environment = environment_of(definition, before, facts, way.through, data)
    miscalculated = recompute(definition, data, environment)
    unreadable = [ask.field.id for ask in step.form.asks if ask.field.id not in entered]
    unreadable += [why.subject for why in miscalculated if why.subject is not None]
    return Weighed(ways, way, barring, filled(entered), faults, environment, miscalculated, unreadable)


def _lineage_after(step: CompiledStep, raw: Raw, facts: Facts) -> tuple[str, ...]:
    """The unit to which the form moves the case, and those above it: whom it names must hold his role there."""
    if "unit" in step.form.names:
        with suppress(Unreadable):  # the form itself will say so
            return facts.lineage(step.form.unit(raw, facts))
    return ()


def intents(step: CompiledStep, performed: Performed, state: str) -> tuple[Notify | Emit, ...]:
    """Whom the step tells, by the values after it, and what it emits; `state` is where the case now stands."""
    emitted = (Emit(step.emit.name, step.emit.fields, state),) if step.emit is not None else ()
    if not step.notify:
        return emitted
    told = (notice(rule, performed.environment, state) for rule in step.notify)
    return (*(each for each in told if each is not None), *emitted)


def faults_of_reason(reason: str | None, *, is_required: bool) -> tuple[Reason, ...]:
    """What is wrong with the words that a person gave as a reason."""
    if reason is None or not reason.strip():
        fault = Label("须写明原因", "This needs a reason") if is_required else None
    else:
        found = fault_in(reason, REASON_LIMIT)
        fault = Label("原因：{fault}", "Reason: {fault}").fill(fault=found) if found is not None else None
    return () if fault is None else (Reason("data_invalid", fault, subject="reason"),)


def _settle(
    definition: CompiledDefinition, step: CompiledStep, before: Before, way: Allowed, environment: Environment, facts: Facts
) -> Performed | tuple[Reason, ...]:
    """All conditions hold: values are set, then target, holder and children are chosen by the new values."""
    settled, reasons = _set(definition, step, environment)
    if reasons:
        return reasons
    data = settled.data
    target = only(step.to, settled, "to")
    holder = only(step.assign, settled, "assign") if step.assign is not None else None
    if isinstance(target, Reason) or isinstance(holder, Reason):
        return tuple(found for found in (target, holder) if isinstance(found, Reason))
    unit = unit_after(data, before.unit)
    assignee, effects = holding(definition, holder, settled, facts, state=before.state if target == STAY else target, unit=unit)
    wanted: tuple[Opening, ...] = ()
    children: tuple[ChildOpened, ...] = ()
    if step.starts:
        wanted, reasons = openings(step, unit, settled)
        children = opened(wanted, facts)
        data = dict(data)
        settled = replace(with_opened(settled, children, facts), data=data)
        reasons += recompute(definition, data, settled)
        if reasons:
            return reasons
    return Performed(way, differences(before.data, data), target, assignee, unit, settled, wanted, children, effects)


def _set(definition: CompiledDefinition, step: CompiledStep, environment: Environment) -> tuple[Environment, tuple[Reason, ...]]:
    """What expressions look at after `set` and `clears`; every right-hand side sees the values before them."""
    if not step.sets and not step.clears:
        return environment, ()
    after: dict[str, Value | None] = dict(environment.data)
    reasons: tuple[Reason, ...] = ()
    for name, rule in step.sets:
        target_name = name.partition(".")[0]
        value: Value | Reason | None
        if target_name == name:
            value = calculated(definition, name, rule, environment)
        else:
            value = with_column(definition, name, rule, environment, rows_in(after.get(target_name))) or None
        if isinstance(value, Reason):
            reasons += (value,)
        else:
            after[target_name] = value
    after.update(dict.fromkeys(step.clears))
    data = filled(after)
    settled = replace(environment, data=data)
    return settled, (*reasons, *recompute(definition, data, settled))


def unit_after(data: Mapping[str, Value], unit: str | None) -> str | None:
    """Where the case belongs: its field `unit`, if it has one, else where it was."""
    found = data.get("unit")
    return found if isinstance(found, str) else unit
