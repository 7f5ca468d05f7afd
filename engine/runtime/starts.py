"""Starts: by which somebody may open a case now, and in which units. Asks the evaluator of the core and decides nothing: whoever opens a
case is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.core.ability import who_can
from engine.core.authority import working
from engine.core.command import OpenCase
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.facts import Facts
from engine.core.opening import blank, unit_of
from engine.errors import Unknown, did_you_mean
from engine.label import Label
from engine.runtime.briefing import Briefing, Present
from engine.runtime.catalog import Catalog
from engine.runtime.timesource import TimeSource
from roles.scope import Identity


@dataclass(frozen=True, slots=True)
class Offer:
    """A start of the newest version of a process, as one person has it before him."""

    definition: CompiledDefinition
    step: CompiledStep
    units: tuple[str | None, ...]
    """Where he may open a case by it – None: in no unit –, where it would belong of itself coming first. Empty: he may not."""

    @property
    def chooses_unit(self) -> bool:
        """Whether he says where the case belongs, beside what the form asks."""
        return len(self.units) > 1 and "unit" not in self.step.form.names


class Starts:
    """Answers for one database. Safe to share between threads."""

    def __init__(self, catalog: Catalog, briefing: Briefing, time: TimeSource) -> None:
        self._catalog = catalog
        self._briefing = briefing
        self._time = time

    def offers(self, identity: Identity) -> tuple[Offer, ...]:
        """Every start that persons perform, by process, whether he may or not."""
        present = self._briefing.present()
        return tuple(
            each
            for definition in self._catalog.all_newest()
            for each in self._offers(definition, [step for step in definition.starts.values() if _is_for_persons(step)], identity, present)
        )

    def offer(self, workflow: str, start: str, identity: Identity) -> Offer:
        """One start by its id, of whomever it is. Raises Unknown."""
        definition = self._catalog.newest(workflow)
        step = definition.starts.get(start)
        if step is None:
            sentence = Label("流程“{workflow}”没有开始方式“{start}”。", "The workflow “{workflow}” has no start “{start}”.")
            raise Unknown(sentence.fill(workflow=definition.workflow, start=start), did_you_mean(start, definition.starts))
        return self._offers(definition, [step], identity, self._briefing.present())[0]

    def _offers(
        self, definition: CompiledDefinition, steps: Iterable[CompiledStep], identity: Identity, present: Present
    ) -> tuple[Offer, ...]:
        now = self._time.now()
        facts = self._briefing.facts_to_look(definition, None, identity, now, present=present)
        at_work = {unit for role in working(definition) for units in present.roster.holders(role, now).values() for unit in units}
        places = [unit for unit in sorted(facts.lineages) if unit in at_work]
        return tuple(Offer(definition, step, _units(definition, step, places, facts)) for step in steps)


def follows_others(definition: CompiledDefinition) -> bool:
    """Whether its cases come from steps of other cases – a call afterwards –, so that one by hand is the exception."""
    return any(right.kind == "parent" for step in definition.starts.values() for right in step.by)


def _units(definition: CompiledDefinition, step: CompiledStep, places: Iterable[str], facts: Facts) -> tuple[str | None, ...]:
    usual, _ = unit_of(definition, step, OpenCase(step.id), facts)
    return tuple(unit for unit in dict.fromkeys((usual, *places)) if _may(definition, step, unit, facts))


def _may(definition: CompiledDefinition, step: CompiledStep, unit: str | None, facts: Facts) -> bool:
    able = who_can(definition, None, blank(unit, facts), step, (facts.actor,), facts)
    return any(not each.hindrances for each in able)


def _is_for_persons(step: CompiledStep) -> bool:
    return any(right.kind == "role" for right in step.by)
