"""What somebody may do now with cases that may wait for him: the steps that carry them on, as the evaluator of the core sees each.

Many cases are looked at together: what is the same for all of one definition is loaded once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.core.authority import admit, separate
from engine.core.case import Case
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.explain import Option, option
from engine.core.expression import Expression
from engine.core.expression.term import CaseFact
from engine.core.facts import Facts
from engine.core.kind import Row
from engine.label import Label
from engine.runtime.briefing import Briefing
from engine.runtime.catalog import Catalog
from engine.runtime.lineage import earlier_of_each
from engine.runtime.reach import own_steps
from engine.store import cases
from engine.store.reader import Reader
from roles.scope import Identity


@dataclass(frozen=True, slots=True)
class Doable:
    """A step that somebody may do now. `for_whom`: by whose right, if not his own."""

    step: str
    title: Label
    is_plain: bool
    """Whether nothing has to be filled in or read before it: it can be done at once."""
    signs: bool
    names: bool
    """Whether it is his because a field of the case names him, or the one in whose place he would act."""
    takes: bool
    """Whether whoever performs it holds the case after it."""
    for_whom: str | None


@dataclass(frozen=True, slots=True)
class Doing:
    """A case, and what somebody may do with it."""

    case: Case
    definition: CompiledDefinition
    steps: tuple[Doable, ...]


class Look:
    """How somebody looks at cases at one instant, through one reader."""

    def __init__(self, reader: Reader, catalog: Catalog, briefing: Briefing, identity: Identity, now: datetime) -> None:
        self._reader = reader
        self._catalog = catalog
        self._briefing = briefing
        self._identity = identity
        self._now = now
        self._known: dict[tuple[str, int], Facts] = {}

    def at(self, numbers: Sequence[str]) -> Mapping[str, Doing]:
        """number → what he may do, for those that exist."""
        found = cases.records(self._reader, [*numbers])
        read = {number: (self._catalog.by_digest(each.case.digest), each.case) for number, each in found.items()}
        earlier = earlier_of_each(self._reader, self._catalog, read.values())
        return {
            number: Doing(case, definition, tuple(self._steps(definition, case, earlier.get(case.id, ()))))
            for number, (definition, case) in read.items()
        }

    def _steps(self, definition: CompiledDefinition, case: Case, earlier: tuple[Row, ...]) -> list[Doable]:
        facts = self._facts(definition, case, earlier)
        own = [(step, option(definition, case, step, facts)) for step in own_steps(definition.states[case.state])]
        return [_doable(definition, case, step, found, facts) for step, found in own if found.allowed]

    def _facts(self, definition: CompiledDefinition, case: Case, earlier: tuple[Row, ...]) -> Facts:
        key = (definition.digest, case.edition)
        if case.signing:  # who has signed belongs to the facts
            facts = self._briefing.facts_to_look(definition, case, self._identity, self._now)
        else:
            if key not in self._known:
                self._known[key] = self._briefing.facts_to_look(definition, case, self._identity, self._now)
            facts = self._known[key]
        return replace(facts, now=max(self._now, case.last_at), earlier=earlier)


def _doable(definition: CompiledDefinition, case: Case, step: CompiledStep, found: Option, facts: Facts) -> Doable:
    signs = step.approvals is not None
    ways = admit(definition, step, case.data, case.assignee, facts, facts.lineage(case.unit))
    way, _ = separate(definition, step, ways, case.data, case.performed, case.assignee, facts)
    is_plain = not (found.asks or found.needs_reason or signs)
    names = any(right.kind == "field" and right.name in way.through for right in step.by)
    return Doable(step.id, step.title, is_plain, signs, names, _takes(step), way.on_behalf_of)


def _takes(step: CompiledStep) -> bool:
    """Whether it gives the case to the one who acts: by that word, or by a field that it sets to him."""
    to_him = {name for name, chosen in step.sets if all(_is_actor(each) for each in chosen.values())}
    return step.assign is not None and all(each.kind == "actor" or each.field in to_him for each in step.assign.values())


def _is_actor(value: Expression) -> bool:
    return isinstance(value.tree, CaseFact) and value.tree.name == "actor"
