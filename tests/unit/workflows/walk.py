"""Walks one case through a shipped process by `decide`, with the demonstration team and a clock that the test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.authoring.library import read_library
from engine.core.case import Case
from engine.core.command import Fire, OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.decide import decide
from engine.core.decision import Accepted, Decision
from engine.core.facts import Facts
from roles.actor import Actor, Grant
from tests.unit.workflows import shipped

TEAM = shipped.people()
PEOPLE = {id: frozenset(Grant(held.role, held.unit) for held in person.holds) for id, person in TEAM.people.items()}
LINEAGES = {unit: shipped.lineage(TEAM, unit) for unit in TEAM.units}


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
        self.now = datetime(2026, 9, 28, 1, tzinfo=UTC)
        self.current: Case | None = None

    @property
    def case(self) -> Case:
        assert self.current is not None
        return self.current

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

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

    def _decided(self, decision: Decision) -> Decision:
        if isinstance(decision, Accepted):
            self.current = decision.case
            self.now += timedelta(hours=1)
        return decision

    def _facts(self, by: str) -> Facts:
        actor = Actor(by, "integration") if by == "intake" else Actor(by, "person", PEOPLE[by])
        return Facts(
            now=self.now,
            actor=actor,
            zone=ZoneInfo("Asia/Shanghai"),
            lineages=LINEAGES,
            people=PEOPLE,
            taken=self.taken,
            calendars=self.definition.calendars,
            case_id="case-1",
            number="NO-1",
        )
