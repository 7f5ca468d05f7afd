"""Walks one case through a shipped process by `decide`, with the demonstration team and a clock that the test moves.

What it opens is walked by itself (`child`); how that ended is told to the parent (`hear`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.authoring.library import read_library
from engine.core.briefing import INTEGRATION
from engine.core.case import Case
from engine.core.command import Fire, OpenCase, Undo, Wake
from engine.core.compiled import CompiledDefinition
from engine.core.decide import decide
from engine.core.decision import Accepted, Decision, Opening, Refused
from engine.core.effect import CancelChild
from engine.core.event import Event
from engine.core.facts import Candidate, ChildNow, Facts, NewChild
from engine.core.family import parent_of
from engine.core.kind import Attachment, Row
from engine.core.undoing import rewound
from roles.actor import Actor, Grant
from tests.unit.workflows import shipped

TEAM = shipped.people()
PEOPLE = {id: frozenset(Grant(held.role, held.unit) for held in person.holds) for id, person in TEAM.people.items()}
LINEAGES = {unit: shipped.lineage(TEAM, unit) for unit in TEAM.units}
POOLS = {
    role: tuple(
        Candidate(person, 0, None, frozenset(grant.unit for grant in grants if grant.role == role))
        for person, grants in PEOPLE.items()
        if any(grant.role == role for grant in grants)
    )
    for role in shipped.registry().roles
}
PHOTO = Attachment("f" * 64, "进水标.jpg", 1000, "image/jpeg")
"""A file that is stored already; a form names it by its id."""


def compiled(path: Path) -> CompiledDefinition:
    """The definition, which must have no fault and no warning."""
    library = read_library([path], shipped.registry(), [shipped.ROOT / "workflows"])
    assert library.diagnostics == ()
    return library.checked[0].compiled


class Walk:
    """One case on its way. Every step takes an hour; `wait` lets days pass."""

    def __init__(self, definition: CompiledDefinition, taken: dict[tuple[str, str], str] | None = None) -> None:
        self.definition = definition
        self.taken = taken or {}
        self.earlier: tuple[Row, ...] = ()
        """The other cases of its subject."""
        self.now = datetime(2026, 9, 28, 1, tzinfo=UTC)
        self.current: Case | None = None
        self.history: list[Event] = []
        self.openings: list[Opening] = []
        """Everything it has opened."""
        self.cancelled: list[tuple[str, str]] = []
        """The children that it would cancel, each with the step."""

    @property
    def case(self) -> Case:
        assert self.current is not None
        return self.current

    def wait(self, days: int = 0, minutes: int = 0) -> None:
        self.now += timedelta(days=days, minutes=minutes)

    def open(self, start: str, by: str, **data: Any) -> Decision:
        return self._decided(decide(self.definition, None, OpenCase(start, data), self._facts(by)))

    def do(self, step: str, by: str, reason: str | None = None, **data: Any) -> str:
        """Perform a step that must be allowed; the state it leads to."""
        decision = self._decided(decide(self.definition, self.case, Fire(step, data, reason), self._facts(by)))
        assert isinstance(decision, Accepted), decision
        return decision.case.state

    def refused(self, step: str, by: str, reason: str | None = None, **data: Any) -> set[str]:
        """Try a step that must be refused; the codes of the reasons."""
        decision = decide(self.definition, self.case, Fire(step, data, reason), self._facts(by))
        assert not isinstance(decision, Accepted), decision
        return {each.code for each in decision.reasons}

    def undone(self, by: str) -> set[str]:
        """Try to take the newest step back; the codes of the reasons against it, none when it was."""
        facts = replace(self._facts(by), rewind=rewound(self.history))
        decision = self._decided(decide(self.definition, self.case, Undo("点错了"), facts))
        return {each.code for each in decision.reasons} if isinstance(decision, Refused) else set()

    def child(self, definition: CompiledDefinition, by: str) -> Walk:
        """The case that it opened last, which its own process must accept."""
        opening = self.openings[-1]
        assert opening.workflow == definition.workflow
        walk = Walk(definition)
        walk.now = self.now
        wish = OpenCase(opening.start, opening.data, None, opening.unit, parent_of(self.case.id, self.case.number, opening))
        facts = walk._facts(by)
        decision = walk._decided(decide(definition, None, wish, replace(facts, actor=replace(facts.actor, opens_child=True))))
        assert isinstance(decision, Accepted), decision
        return walk

    def hear(self, child: Walk) -> str:
        """Learn how its newest child stands; the state that this leads to."""
        (alias,) = {name for name, of_alias in self.case.children.items() if of_alias[-1].workflow == child.case.workflow}
        id = self.case.children[alias][-1].id
        told = ChildNow(id, child.case.state, child.case.outcome, child.case.ended_at, child.case.data)
        facts = replace(self._facts("tom"), child=told)
        decision = self._decided(decide(self.definition, self.case, Wake(), facts))
        assert isinstance(decision, Accepted), decision
        return decision.case.state

    def _decided(self, decision: Decision) -> Decision:
        if isinstance(decision, Accepted):
            self.history += decision.events
            self.openings += decision.openings
            self.cancelled += [(each.child, each.step) for each in decision.effects if isinstance(each, CancelChild)]
            self.current = decision.case
            self.now += timedelta(hours=1)
        return decision

    def _facts(self, by: str) -> Facts:
        actor = Actor(by, "integration", INTEGRATION.grants) if by == "intake" else Actor(by, "person", PEOPLE[by])
        return Facts(
            now=self.now,
            actor=actor,
            zone=ZoneInfo("Asia/Shanghai"),
            lineages=LINEAGES,
            people=PEOPLE,
            taken=self.taken,
            calendars=self.definition.calendars,
            pools=POOLS,
            earlier=self.earlier,
            files={PHOTO.id: PHOTO},
            case_id="case-1",
            number="NO-1",
            new_children=(NewChild(f"child-{len(self.openings) + 1}", f"CHILD-{len(self.openings) + 1}"),),
        )
