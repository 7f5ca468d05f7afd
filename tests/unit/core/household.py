"""A parent and its children in memory, for the tests of families: what the shell does around `decide`, in its plainest form.

A step that opens children is decided twice, as in the service: once to learn what it opens, once with the ids. Errands are done when a
test says so, so that it can look at what lies between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.core.case import Case, Parent
from engine.core.command import Command, Correct, Elapse, Fire, OpenCase, Wake
from engine.core.compiled import CompiledDefinition
from engine.core.decide import decide
from engine.core.decision import Accepted, Decision, Opening, Refused
from engine.core.effect import CancelChild, OpenIncident, WakeParent
from engine.core.event import Event
from engine.core.evolve import replay
from engine.core.facts import ChildNow, Facts, NewChild
from roles.actor import Actor
from tests.process import LINEAGES, SHANGHAI, TEAM, library, person, stored

SYSTEM = Actor("system", "system")


@dataclass(frozen=True)
class Errand:
    """A command that is still to be carried out: which case, about which other, and – to cancel – which step."""

    target: str
    source: str
    step: str | None = None


class Household:
    """Cases that open each other."""

    def __init__(self, *texts: str) -> None:
        found = library(*texts)
        assert found.diagnostics == (), [(one.file, one.code, one.span, one.sentence.en) for one in found.diagnostics]
        self.definitions: Mapping[str, CompiledDefinition] = {each.compiled.workflow: each.compiled for each in found.checked}
        self.cases: dict[str, Case] = {}
        self.events: dict[str, list[Event]] = {}
        self.errands: list[Errand] = []
        self.incidents: list[tuple[str, OpenIncident]] = []
        self.refused_errands: list[Errand] = []
        self.now = datetime(2026, 9, 28, 1, 30, tzinfo=UTC)
        self._count = 0

    def case(self, number: str) -> Case:
        return next(case for case in self.cases.values() if case.number == number)

    def children(self, number: str, alias: str) -> list[Case]:
        """The children under an alias, as they are themselves."""
        return [self.cases[child.id] for child in self.case(number).children.get(alias, ())]

    def open(self, workflow: str, by: str = "dan", start: str = "open", **data: Any) -> Decision:
        return self._decided(None, self.definitions[workflow], OpenCase(start, data), person(by))

    def do(self, number: str, step: str, by: str = "tom", **data: Any) -> Decision:
        return self._wish(number, Fire(step, data, "缘由"), person(by))

    def correct(self, number: str, by: str = "bea", **data: Any) -> Decision:
        return self._wish(number, Correct(data, "录入有误"), person(by))

    def elapse(self, number: str) -> Decision:
        return self._wish(number, Elapse(), SYSTEM)

    def run_errands(self) -> None:
        """Carry out every errand, and those that come of it."""
        while self.errands:
            self.run_errand(self.errands.pop(0))

    def run_errand(self, errand: Errand) -> Decision:
        """Carry out one; a refused one is dropped."""
        target, source = self.cases[errand.target], self.cases[errand.source]
        if errand.step is not None:
            decision = self._wish(target.number, Fire(errand.step), Actor("parent", "parent"))
        else:
            child = ChildNow(source.id, source.state, source.outcome, source.ended_at, source.data)
            decision = self._wish(target.number, Wake(), SYSTEM, child=child)
        if isinstance(decision, Refused):
            self.refused_errands.append(errand)
        return decision

    def _wish(self, number: str, command: Command, actor: Actor, **facts: Any) -> Decision:
        case = self.case(number)
        return self._decided(case, self.definitions[case.workflow], command, actor, **facts)

    def _decided(self, case: Case | None, definition: CompiledDefinition, command: Command, actor: Actor, **known: Any) -> Decision:
        id, number = self._next() if case is None else (case.id, case.number)
        parent = self.cases.get(case.parent.id) if case is not None and case.parent is not None else None
        facts = replace(self._facts(definition, actor), case_id=id, number=number, **known)
        facts = replace(facts, parent_is_open=parent is None or parent.outcome is None)
        decision, children = self._family(case, definition, command, facts)
        if isinstance(decision, Accepted):
            self.now += timedelta(minutes=1)
            self._take(decision, definition)
            for child in children:
                self._take(child, self.definitions[child.case.workflow])
        return decision

    def _family(self, case: Case | None, definition: CompiledDefinition, command: Command, facts: Facts) -> tuple[Decision, list[Accepted]]:
        first = decide(definition, case, command, facts)
        if not isinstance(first, Accepted) or not first.openings:
            return first, []
        ids = [self._next() for _ in first.openings]
        facts = replace(facts, new_children=tuple(NewChild(id, number) for id, number in ids))
        again = decide(definition, case, command, facts)
        assert isinstance(again, Accepted)
        children: list[Accepted] = []
        for (id, number), opening in zip(ids, again.openings, strict=True):
            found, theirs = self._child(again.case, opening, replace(facts, case_id=id, number=number, new_children=()))
            if not isinstance(found, Accepted):
                return found, []
            children += [found, *theirs]
        return again, children

    def _child(self, parent: Case, opening: Opening, facts: Facts) -> tuple[Decision, list[Accepted]]:
        definition = self.definitions[opening.workflow]
        wish = OpenCase(opening.start, opening.data, None, opening.unit, Parent(parent.id, parent.number, opening.alias, opening.row))
        facts = replace(facts, actor=replace(facts.actor, opens_child=True), calendars=definition.calendars)
        return self._family(None, definition, wish, facts)

    def _take(self, decision: Accepted, definition: CompiledDefinition) -> None:
        case = decision.case
        self.cases[case.id] = case
        self.events.setdefault(case.id, []).extend(decision.events)
        assert replay(self.events[case.id]) == case
        assert replay(stored(self.events[case.id], definition)) == case
        for effect in decision.effects:
            if isinstance(effect, WakeParent) and case.parent is not None:
                self._add(Errand(case.parent.id, case.id))
            elif isinstance(effect, CancelChild):
                self._add(Errand(effect.child, case.id, effect.step))
            elif isinstance(effect, OpenIncident):
                self.incidents.append((case.number, effect))

    def _add(self, errand: Errand) -> None:
        if errand not in self.errands:
            self.errands.append(errand)

    def _facts(self, definition: CompiledDefinition, actor: Actor) -> Facts:
        return Facts(
            now=self.now,
            actor=actor,
            zone=SHANGHAI,
            lineages=LINEAGES,
            people=TEAM,
            calendars=definition.calendars,
            sampling_key=b"key",
        )

    def _next(self) -> tuple[str, str]:
        self._count += 1
        return f"id-{self._count}", f"N-{self._count}"
