"""Performs one step on paper: authorise → form → requires → set and clears → to → assign. Collects every reason.

Shared by opening and moving, which differ only in what stands before. Records nothing, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.core.authority import admit, separate
from engine.core.calculation import calculated, differences, filled, only, recompute
from engine.core.case import Case, Performance
from engine.core.command import Raw
from engine.core.compiled import CompiledDefinition, CompiledStep, Holder
from engine.core.decision import Reason
from engine.core.effect import Notify
from engine.core.event import Changes
from engine.core.expression import Environment
from engine.core.facts import Facts
from engine.core.guard import unmet
from engine.core.kind import Value
from engine.core.prose import REASON_LIMIT, fault_in
from engine.core.telling import notice
from engine.core.unique import duplicates
from engine.label import Label


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
    revives: bool = False
    """An ended case is reopened, so its values must be unique among open cases again."""

    @staticmethod
    def of(case: Case, *, revives: bool = False) -> Before:
        """A case as it stands."""
        return Before(case.id, case.number, case.unit, case.data, case.assignee, case.performed, case.visit, revives)


@dataclass(frozen=True, slots=True)
class Performed:
    """What the step makes: changed values, the target as written (a state or `stay`), who holds the case."""

    changes: Changes
    target: str
    assignee: str | None
    environment: Environment
    """What expressions look at after the step."""


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
    )


def perform(
    definition: CompiledDefinition, step: CompiledStep, before: Before, raw: Raw, reason: str | None, facts: Facts
) -> Performed | tuple[Reason, ...]:
    """The outcome of the step, or every reason against it."""
    lineage = facts.lineage(before.unit)
    acting, reasons = admit(definition, step, before.data, before.assignee, facts, lineage)
    entered, faults = step.form.fill(raw, facts, lineage)
    data = filled({**before.data, **entered})
    environment = environment_of(definition, before, facts, acting, data)
    miscalculated = recompute(definition, data, environment)
    reasons += separate(definition, step, data, before.performed, before.assignee, facts)
    reasons += (*faults, *faults_of_reason(reason, is_required=step.reason_required))
    unreadable = [ask.field.id for ask in step.form.asks if ask.field.id not in entered]
    unreadable += [why.subject for why in miscalculated if why.subject is not None]
    reasons += unmet(definition, step, environment, unreadable)
    reasons += miscalculated
    reasons += duplicates(definition, data if before.revives else filled(entered), facts)
    if reasons:
        return reasons
    return _settle(definition, step, before, environment)


def notices(step: CompiledStep, performed: Performed, state: str) -> tuple[Notify, ...]:
    """Whom the step tells, by the values after it; `state` is where the case now stands."""
    if not step.notify:
        return ()
    told = (notice(rule, performed.environment, state) for rule in step.notify)
    return tuple(each for each in told if each is not None)


def faults_of_reason(reason: str | None, *, is_required: bool) -> tuple[Reason, ...]:
    """What is wrong with the words that a person gave as a reason."""
    if reason is None or not reason.strip():
        fault = Label("须写明原因", "This needs a reason") if is_required else None
    else:
        found = fault_in(reason, REASON_LIMIT)
        fault = Label("原因：{fault}", "Reason: {fault}").fill(fault=found) if found is not None else None
    return () if fault is None else (Reason("data_invalid", fault, subject="reason"),)


def _settle(definition: CompiledDefinition, step: CompiledStep, before: Before, environment: Environment) -> Performed | tuple[Reason, ...]:
    """All conditions hold: values are set, then the target and the holder are chosen by the new values."""
    after: dict[str, Value | None] = dict(environment.data)
    reasons: tuple[Reason, ...] = ()
    for name, rule in step.sets:
        value = calculated(definition, name, rule, environment)
        if isinstance(value, Reason):
            reasons += (value,)
        else:
            after[name] = value
    after.update(dict.fromkeys(step.clears))
    data, settled = environment.data, environment
    if step.sets or step.clears:
        data = filled(after)
        settled = replace(environment, data=data)
        reasons += recompute(definition, data, settled)
    if reasons:
        return reasons
    target = only(step.to, settled, "to")
    holder = only(step.assign, settled, "assign") if step.assign is not None else None
    if isinstance(target, Reason) or isinstance(holder, Reason):
        return tuple(found for found in (target, holder) if isinstance(found, Reason))
    return Performed(differences(before.data, data), target, _holding(holder, before, settled), settled)


def _holding(holder: Holder | None, before: Before, environment: Environment) -> str | None:
    if holder is None:
        return before.assignee
    if holder.kind == "actor":
        return environment.actor
    value = environment.data.get(holder.field) if holder.kind == "field" else None
    return value if isinstance(value, str) else None
