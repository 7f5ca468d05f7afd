"""Performs one step on paper: authorise → form → requires → set and clears → to → assign. Collects every reason.

Shared by opening and moving, which differ only in what stands before. Records nothing, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.core.authority import admit, separate
from engine.core.case import Performance
from engine.core.choosing import Chosen
from engine.core.command import Raw
from engine.core.compiled import CompiledDefinition, CompiledStep, Holder
from engine.core.decision import Reason
from engine.core.event import Changes
from engine.core.expression import Environment, Expression
from engine.core.facts import Facts
from engine.core.guard import unmet
from engine.core.kind import Value
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


@dataclass(frozen=True, slots=True)
class Performed:
    """What the step makes: changed values, the target as written (a state or `stay`), who holds the case."""

    changes: Changes
    target: str
    assignee: str | None


def environment_of(before: Before, facts: Facts, acting: frozenset[str]) -> Environment:
    """What expressions may look at before the step."""
    return Environment(
        data=before.data,
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
    )


def perform(
    definition: CompiledDefinition, step: CompiledStep, before: Before, raw: Raw, reason: str | None, facts: Facts
) -> Performed | tuple[Reason, ...]:
    """The outcome of the step, or every reason against it."""
    lineage = facts.lineages.get(before.unit, (before.unit,)) if before.unit else ()
    acting, reasons = admit(definition, step, before.data, before.assignee, facts, lineage)
    filled, faults = step.form.fill(raw, facts, lineage)
    data = recomputed(definition, {**before.data, **filled}, before, facts, acting)
    reasons += separate(definition, step, data, before.performed, before.assignee, facts)
    reasons += faults
    if step.reason_required and not (reason and reason.strip()):
        reasons += (Reason("data_invalid", Label("本步骤须写明原因", "this step needs a reason"), subject="reason"),)
    unreadable = [ask.field.id for ask in step.form.asks if ask.field.id not in filled]
    environment = replace(environment_of(before, facts, acting), data=data)
    reasons += unmet(definition, step, environment, unreadable)
    reasons += duplicates(
        definition, data if before.revives else {name: value for name, value in filled.items() if value is not None}, facts
    )
    if reasons:
        return reasons
    return _settle(definition, step, before, environment, facts)


def _settle(
    definition: CompiledDefinition, step: CompiledStep, before: Before, environment: Environment, facts: Facts
) -> Performed | tuple[Reason, ...]:
    """All conditions hold: values are set, then the target and the holder are chosen by the new values."""
    after: dict[str, Value | None] = dict(environment.data)
    reasons: tuple[Reason, ...] = ()
    for name, rule in step.sets:
        chosen = _only(rule, environment, name)
        if isinstance(chosen, Reason):
            reasons += (chosen,)
        else:
            after[name] = definition.fields[name].round(chosen.evaluate(environment))
    after.update(dict.fromkeys(step.clears))
    data = recomputed(definition, after, before, facts, environment.acting) if step.sets or step.clears else environment.data
    settled = replace(environment, data=data)
    target = _only(step.to, settled, "to")
    holder = _only(step.assign, settled, "assign") if step.assign is not None else None
    if isinstance(target, Reason) or isinstance(holder, Reason) or reasons:
        return (*reasons, *(found for found in (target, holder) if isinstance(found, Reason)))
    return Performed(differences(before.data, data), target, _holding(holder, before, settled))


def _only(rule: Chosen[str] | Chosen[Holder] | Chosen[Expression], environment: Environment, place: str):  # type: ignore[no-untyped-def]
    applying = rule.applying(environment)
    if len(applying) == 1:
        return applying[0]
    return Reason(
        "no_single_choice",
        Label(
            "“{place}”应恰有一种情况成立，现有 {count} 种；请流程负责人修正定义",
            "exactly one case of “{place}” should apply, {count} do; the process owner must mend the definition",
        ).fill(place=place, count=len(applying)),
        subject=place,
    )


def _holding(holder: Holder | None, before: Before, environment: Environment) -> str | None:
    if holder is None:
        return before.assignee
    if holder.kind == "actor":
        return environment.actor
    value = environment.data.get(holder.field) if holder.kind == "field" else None
    return value if isinstance(value, str) else None


def recomputed(
    definition: CompiledDefinition, data: Mapping[str, Value | None], before: Before, facts: Facts, acting: frozenset[str]
) -> dict[str, Value]:
    """The filled values with every computed field calculated anew; missing where an operand is."""
    filled = {name: value for name, value in data.items() if value is not None}
    if definition.computed:
        environment = replace(environment_of(before, facts, acting), data=filled)
        for name, rule in definition.computed:
            applying = rule.applying(environment)
            value = applying[0].evaluate(environment) if len(applying) == 1 else None
            if value is None:
                filled.pop(name, None)
            else:
                filled[name] = definition.fields[name].round(value)  # type: ignore[assignment]  # a value rounds to a value
    return filled


def differences(old: Mapping[str, Value], new: Mapping[str, Value]) -> Changes:
    """What really changed; None for what was emptied."""
    changes: dict[str, Value | None] = {name: value for name, value in new.items() if old.get(name) != value}
    changes.update((name, None) for name in old if name not in new)
    return changes
