"""Options: each step of a case as one actor sees it now – allowed, or every reason why not, and what it will ask for."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Check, Reason
from engine.core.examine import causes, look
from engine.core.facts import Facts
from engine.core.form import Ask
from engine.label import Label


@dataclass(frozen=True, slots=True)
class Option:
    """One step. `conditions` are the sentences that depend on the form and are therefore still open."""

    step: str
    title: Label
    allowed: bool
    reasons: tuple[Reason, ...]
    checks: tuple[Check, ...]
    """All that was asked, what holds included; None where the form will decide."""
    asks: tuple[Ask, ...]
    shows: tuple[str, ...]
    needs_reason: bool
    conditions: tuple[Label, ...]


def options(definition: CompiledDefinition, case: Case, facts: Facts) -> tuple[Option, ...]:
    """Every step of the present state, in the order of the document."""
    return tuple(option(definition, case, step, facts) for step in definition.states[case.state].steps.values())


def option(definition: CompiledDefinition, case: Case, step: CompiledStep, facts: Facts) -> Option:
    """One step of the present state."""
    checks = look(definition, case, step, facts)
    reasons = tuple(causes(checks))
    conditions = tuple(check.sentence for check in checks if check.kind == "guard" and check.holds is None)
    # Once somebody has signed, the form is filled: whoever signs after him only sees it.
    is_filled = step.id in case.signing
    shows = (*(ask.field.id for ask in step.form.asks), *step.shows) if is_filled else step.shows
    asks = () if is_filled else step.form.asks
    return Option(step.id, step.title, not reasons, reasons, checks, asks, shows, step.reason_required and not is_filled, conditions)
