"""Sight: which other cases a decision may name to the one who acts. What he does not see bears on what he wishes, and is not told.

Reads through the unit of work that will record the decision.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.core.case import Case
from engine.core.disclosure import is_seen
from engine.runtime.catalog import Catalog
from engine.store.unit_of_work import UnitOfWork
from roles.actor import Actor
from roles.scope import Lineages

Taken = Mapping[tuple[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Sight:
    """How far one sees while a decision is made."""

    unit: UnitOfWork
    catalog: Catalog
    actor: Actor
    lineages: Lineages

    def seen(self, numbers: Collection[str]) -> frozenset[str]:
        """Those of these cases that there are for him."""
        found = self.unit.cases(sorted(numbers)).values() if numbers else ()
        return frozenset(each.case.number for each in found if self._is_seen(each.case))

    def taken(self, found: Mapping[tuple[str, str], str]) -> Taken:
        """The unique values that others hold, as `Facts.taken` has them: without the number of a case that he does not see."""
        seen = self.seen(set(found.values()))
        return {value: number if number in seen else None for value, number in found.items()}

    def _is_seen(self, case: Case) -> bool:
        lineage = self.lineages.get(case.unit, (case.unit,)) if case.unit is not None else ()
        return is_seen(self.catalog.by_digest(case.digest), case, self.actor, lineage)
