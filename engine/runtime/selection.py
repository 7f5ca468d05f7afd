"""Cases that were selected for one step together, and the steps that are there for them. Reads, never writes.

How many of them can do a step at all is counted by their states; whether each may is the verdict of a plan (`runtime.bulk`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.form import Ask
from engine.label import Label
from engine.runtime.access import Access
from engine.runtime.catalog import Catalog
from engine.runtime.service import unknown_number
from engine.store import cases
from engine.store.cases import Line
from engine.store.database import Database
from engine.store.reader import Reader
from roles.actor import Actor

_OF_PERSONS = frozenset({"role", "field", "assignee"})


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that somebody may have a right to, and how many of the cases stand where it is. `definition`: the first that has it."""

    step: CompiledStep
    definition: CompiledDefinition
    cases: int

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What is filled in once for all: nothing personal."""
        return tuple(ask for ask in self.step.form.asks if ask.field.id not in self.definition.personal)

    @property
    def left_out(self) -> tuple[Label, ...]:
        """The fields that it asks for and that are filled in case by case, or not at all."""
        return tuple(ask.field.title for ask in self.step.form.asks if ask.field.id in self.definition.personal)

    @property
    def is_single(self) -> bool:
        """Whether it must be done case by case: something personal must be filled in."""
        return any(not ask.optional for ask in self.step.form.asks if ask.field.id in self.definition.personal)


@dataclass(frozen=True, slots=True)
class Selection:
    """The cases, in the order in which they were named, and the steps, those for most cases first."""

    lines: tuple[Line, ...]
    offers: tuple[Offer, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """What they are called."""
        return tuple(line.number for line in self.lines)

    def offer(self, step: str) -> Offer | None:
        """What is offered under this id."""
        return next((each for each in self.offers if each.step.id == step), None)


def selected(database: Database, catalog: Catalog, numbers: Iterable[str], access: Access) -> Selection:
    """These cases. Raises Unknown for one that does not exist or may not be seen."""
    wanted = list(dict.fromkeys(numbers))
    with database.read() as reader:
        found = cases.of_numbers(reader, wanted)
        _require_seen(reader, catalog, wanted, list(found.values()), access)
    lines = tuple(found[number] for number in wanted)
    return Selection(lines, _offers(catalog, lines, access.actor))


def _require_seen(reader: Reader, catalog: Catalog, wanted: Sequence[str], found: Sequence[Line], access: Access) -> None:
    listed = {line.number for line in found if access.lists(line.unit, line.assignee)}
    others = cases.records(reader, [line.number for line in found if line.number not in listed])
    seen = {number for number, each in others.items() if access.finds(catalog.by_digest(each.case.digest), each.case)}
    missing = next((number for number in wanted if number not in listed | seen), None)
    if missing is not None:
        raise unknown_number(missing)


def _offers(catalog: Catalog, lines: Sequence[Line], actor: Actor | None) -> tuple[Offer, ...]:
    counts: dict[str, int] = {}
    first: dict[str, tuple[CompiledStep, CompiledDefinition]] = {}
    for line in lines:
        definition = catalog.by_digest(line.digest)
        for id, step in definition.states[line.state].steps.items():
            if _may(step, actor):
                first.setdefault(id, (step, definition))
                counts[id] = counts.get(id, 0) + 1
    offers = (Offer(*first[id], count) for id, count in counts.items())
    return tuple(sorted(offers, key=lambda each: -each.cases))


def _may(step: CompiledStep, actor: Actor | None) -> bool:
    """Whether he may have a right to it, in some case."""
    if actor is None:
        return True
    roles = {grant.role for grants in (actor.grants, *(lent.grants for lent in actor.lent)) for grant in grants}
    return any(right.kind in _OF_PERSONS and (right.kind != "role" or right.name in roles) for right in step.by)
