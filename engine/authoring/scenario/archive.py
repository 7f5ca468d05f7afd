"""What is known of other cases in a story: those on its stage, those that it says there are, and the files and numbers that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.authoring.scenario.props import Props
from engine.core.briefing import earlier_row
from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.effect import ArmTimer, Notify
from engine.core.event import Event
from engine.core.facts import Candidate
from engine.core.field import Until
from engine.core.kind import Row
from engine.core.unique import unique_values


@dataclass(slots=True)
class Standing:
    """A case on the stage, with all that a store would keep of it."""

    definition: CompiledDefinition
    case: Case
    events: list[Event] = field(default_factory=list)
    timers: dict[str, ArmTimer] = field(default_factory=dict)
    told: list[tuple[int, Notify, tuple[str, ...]]] = field(default_factory=list)
    """Under which seq, what, and whom."""
    entered: int = 0
    """How many of its events only say where the story begins."""


@dataclass(slots=True)
class StageArchive:
    """`core.briefing.Archive` over one stage."""

    above: Mapping[str, str]
    """role → the role it reports to."""
    cases: dict[str, Standing] = field(default_factory=dict)
    """By id, oldest first."""
    earlier_rows: tuple[Row, ...] = ()
    """The cases of the subject that were there before the story."""
    held: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """(workflow, field, canonical value) → the number of a case that was there before the story."""
    turns: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """(role, person) → when he was last given a case because of it."""
    kept: dict[str, tuple[int, str]] = field(default_factory=dict)
    """id of a file → its size in bytes and its media type."""
    links: dict[str, str] = field(default_factory=dict)
    """number → workflow, of the cases that were named."""

    def take(self, props: Props) -> None:
        """What was named exists from now on."""
        self.kept.update(props.files)
        self.links.update(props.links)

    def superiors(self) -> Mapping[str, str]:
        """role → the role it reports to."""
        return self.above

    def candidates(self, persons: Sequence[str], role: str) -> Mapping[str, Candidate]:
        """person → how many open cases he holds, and when one was last given to him because of this role."""
        holders = [each.case.assignee for each in self.cases.values() if each.case.outcome is None]
        return {person: Candidate(person, holders.count(person), self.turns.get((role, person))) for person in persons}

    def workflows_of(self, numbers: Sequence[str]) -> Mapping[str, str]:
        """number → workflow: of the cases on the stage, and of all that were named."""
        known = {**self.links, **{each.case.number: each.case.workflow for each in self.cases.values()}}
        return {number: known[number] for number in numbers if number in known}

    def files(self, ids: Sequence[str]) -> Mapping[str, tuple[int, str]]:
        """id → its size in bytes and its media type."""
        return {id: self.kept[id] for id in ids if id in self.kept}

    def earlier(self, definition: CompiledDefinition, subject: str, besides: str | None) -> tuple[Row, ...]:
        """The cases of a subject, oldest first: those before the story, then those on the stage."""
        return (
            *self.earlier_rows,
            *(earlier_row(definition, each.definition, each.case) for each in self._of(definition, subject, besides)),
        )

    def taken(self, workflow: str, wanted: Sequence[tuple[str, str, Until]], besides: str | None) -> Mapping[tuple[str, str], str]:
        """(field, canonical value) → number of another case of the workflow that holds it."""
        held = {key[1:]: number for key, number in self.held.items() if key[0] == workflow}
        for each in self.cases.values():
            if each.case.workflow == workflow and each.case.id != besides:
                values = unique_values(each.definition, each.case.data, is_open=each.case.outcome is None)
                held.update({(name, value): each.case.number for name, value, _ in values})
        return {(name, value): held[name, value] for name, value, _ in wanted if (name, value) in held}

    def by_number(self, number: str) -> Case | None:
        """The case of this number on the stage."""
        return next((each.case for each in self.cases.values() if each.case.number == number), None)

    def _of(self, definition: CompiledDefinition, subject: str, besides: str | None) -> Iterator[Standing]:
        for each in self.cases.values():
            key = each.definition.subject
            if key is None or each.case.id == besides or each.definition.subject_kind != definition.subject_kind:
                continue
            if str(each.case.data.get(key)) == subject:
                yield each
