"""Opens a case by one of the starts of its process, on paper: what event it makes and whom it tells – or every reason why not."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.case import Performance
from engine.core.clock import Situation, clock_changes
from engine.core.command import OpenCase
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Opening, Reason
from engine.core.effect import Effect
from engine.core.event import Opened
from engine.core.facts import Facts
from engine.core.family import still_open
from engine.core.field import LINE_LIMIT, Unreadable
from engine.core.machine import BIRTH
from engine.core.moving import no_such
from engine.core.perform import Before, Performed, intents, perform
from engine.core.prose import quoted
from engine.errors import with_nearest
from engine.label import Label
from roles.actor import INTEGRATION, Grant
from roles.policy import authorise, sees, units_seen


@dataclass(frozen=True, slots=True)
class Birth:
    """An opening that may happen."""

    event: Opened
    effects: tuple[Effect, ...]
    openings: tuple[Opening, ...] = ()


def open_by(definition: CompiledDefinition, command: OpenCase, facts: Facts) -> Birth | tuple[Reason, ...]:
    """The opening by the start that the wish names."""
    step = definition.starts.get(command.start)
    if step is None:
        return (no_start(definition, command.start),)
    unit, faults = unit_of(definition, step, command, facts)
    result = perform(definition, step, blank(unit, facts), command.data, command.reason, facts)
    if faults or not isinstance(result, Performed):
        return (*faults, *(() if isinstance(result, Performed) else result))
    if not definition.machine.confirms(BIRTH, step.id, result.target):
        return (no_start(definition, command.start),)
    outcome = definition.states[result.target].outcome
    is_open = outcome is None
    environment = result.environment
    if definition.clocks_look_back:
        environment = result.afterwards((Performance(step.id, facts.actor.id, result.way.on_behalf_of, facts.now),))
    clocks, unclear = clock_changes(
        definition, {}, Situation(result.target, is_open, step.id, True, facts.now), environment, facts.calendars
    )
    unclear += () if is_open else still_open({}, result.children)
    if unclear:
        return unclear
    event = Opened(
        at=facts.now,
        actor=facts.actor.id,
        on_behalf_of=result.way.on_behalf_of,
        reason=command.reason,
        id=facts.case_id,
        number=facts.number,
        workflow=definition.workflow,
        digest=definition.digest,
        unit=result.unit,
        start=step.id,
        to=result.target,
        outcome=outcome,
        changes=result.changes,
        assignee=result.assignee,
        clocks=clocks,
        edition=facts.edition,
        parent=command.parent,
        children=result.children,
    )
    return Birth(event, (*intents(step, result, result.target), *result.effects), result.openings)


def blank(unit: str | None, facts: Facts) -> Before:
    """The blank sheet that stands before an opening."""
    return Before(facts.case_id, facts.number, unit, {}, None, (), 1)


def no_start(definition: CompiledDefinition, name: str) -> Reason:
    """The reason that there is no start of this name."""
    return no_such(Label("开始方式", "start"), name, tuple(definition.starts))


def unit_of(definition: CompiledDefinition, step: CompiledStep, command: OpenCase, facts: Facts) -> tuple[str | None, tuple[Reason, ...]]:
    """Where the case belongs: the form's `unit`, the wish's, or the unit of the grant that lets the actor open it."""
    try:
        asked = step.form.unit(command.data, facts)
    except Unreadable:
        return None, ()  # the form itself will say so
    if asked is not None:
        return asked, ()
    if command.unit is not None:
        if _is_known(step, command.unit, facts):
            return command.unit, ()
        sentence = Label("没有单位{name}", "There is no unit {name}").fill(name=quoted(command.unit))
        near = with_nearest(sentence, command.unit[:LINE_LIMIT], units_seen(facts.actor, facts.lineages))
        return None, (Reason("data_invalid", near, subject="unit"),)
    roles = definition.roles_of(step) | ({INTEGRATION} if any(right.kind == "integration" for right in step.by) else frozenset())
    held = [{grant.unit for grant in grants if grant.role in roles} for grants in (facts.actor.grants, *_lent(facts))]
    units = sorted(unit for unit in next((units for units in held if units), ()) if unit is not None)
    return (units[0] if units else None), ()


def _is_known(step: CompiledStep, unit: str, facts: Facts) -> bool:
    """Whether there is such a unit for whoever opens: one that he sees, or in which he has the right to."""
    lineage = facts.lineages.get(unit, ())
    return bool(lineage) and (sees(facts.actor, lineage) or bool(authorise(step.by, facts.actor, {}, lineage)))


def _lent(facts: Facts) -> tuple[frozenset[Grant], ...]:
    return tuple(lent.grants for lent in facts.actor.lent)
