"""A child has ended, or is open again: its parent takes note, and what is computed from its children is computed anew."""

from __future__ import annotations

from engine.core.calculation import differences, recompute
from engine.core.case import Case, Child
from engine.core.clock import Situation, clock_changes
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import SYSTEM, conclude
from engine.core.decision import Decision, Reason, Refused
from engine.core.event import ChildChanged
from engine.core.evolve import evolve
from engine.core.facts import ChildNow, Facts
from engine.core.perform import Before, environment_of
from engine.label import Label


def wake(definition: CompiledDefinition, case: Case, facts: Facts) -> Decision:
    """What `Facts.child` has become; refused as stale when the parent knows it already, or never had this child."""
    now = facts.child
    alias, known = next(
        ((alias, child) for alias, of_alias in case.children.items() for child in of_alias if now is not None and child.id == now.id),
        ("", None),
    )
    if now is None or known is None or _is_known(known, now):
        return Refused((Reason("stale", Label("子工单没有新的变化", "The child has not changed")),))
    returns = definition.aliases[alias].returns if now.outcome is not None else ()
    event = ChildChanged(
        at=facts.now,
        actor=SYSTEM.id,
        on_behalf_of=None,
        alias=alias,
        id=now.id,
        state=now.state if now.outcome is not None else None,
        outcome=now.outcome,
        ended_at=now.ended_at if now.outcome is not None else None,
        returns={name: now.data[name] for name in returns if name in now.data},
    )
    after = evolve(case, event)
    data = dict(after.data)
    environment = environment_of(definition, Before.of(after), facts, frozenset(), data)
    reasons = recompute(definition, data, environment)
    is_open = case.outcome is None
    clocks, unclear = clock_changes(
        definition, case.clocks, Situation(case.state, is_open, None, is_open, facts.now), environment, facts.calendars
    )
    if reasons or unclear:
        return Refused((*reasons, *unclear))
    told = ChildChanged(
        event.at, event.actor, None, alias, event.id, event.state, event.outcome, event.ended_at, event.returns,
        differences(case.data, data), clocks,
    )  # fmt: skip
    return conclude(definition, case, (told,), (), facts)


def _is_known(child: Child, now: ChildNow) -> bool:
    return (child.outcome, child.ended_at if child.outcome is not None else None) == (
        now.outcome,
        now.ended_at if now.outcome is not None else None,
    )
