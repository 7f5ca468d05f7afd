"""Offspring: a wish decided together with the cases that it opens (`core.offspring`), by what the unit of work sees that will record them.

Reads and takes numbers through that unit; decides and records nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from engine.core.case import Case
from engine.core.command import Command, OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.decision import Decision
from engine.core.facts import Facts
from engine.core.offspring import Born, decide_family
from engine.runtime.briefing import Briefing
from engine.runtime.catalog import Catalog
from engine.store.unit_of_work import UnitOfWork
from roles.scope import Identity


class Offspring:
    """Decides wishes together with the cases that they open; safe to share between threads."""

    def __init__(self, catalog: Catalog, briefing: Briefing) -> None:
        self._catalog = catalog
        self._briefing = briefing

    def decide(
        self, unit: UnitOfWork, definition: CompiledDefinition, case: Case | None, command: Command, facts: Facts, identity: Identity | None
    ) -> tuple[Decision, tuple[Born, ...]]:
        """The decision on a wish, and all that are born of it, parents before their children.

        `identity`: who acts, as the briefing knows him. For an opening, `facts` has its number already.
        """
        return decide_family(_Nursery(self._catalog, self._briefing, unit, facts.now, identity), definition, case, command, facts)


@dataclass(frozen=True, slots=True)
class _Nursery:
    """What one unit of work sees."""

    catalog: Catalog
    briefing: Briefing
    unit: UnitOfWork
    now: datetime
    identity: Identity | None

    def newest(self, workflow: str) -> CompiledDefinition:
        return self.catalog.newest(workflow)

    def facts_of_birth(self, definition: CompiledDefinition, command: OpenCase) -> Facts:
        found = self.briefing.facts(self.unit, definition, None, command, self.identity, self.now)
        return replace(found, case_id=uuid4().hex)

    def next_number(self, remainder: str) -> int:
        return self.unit.next_number(remainder)
