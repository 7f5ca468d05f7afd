"""Who acts, and by what right: Role, Grant, Actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.label import Label


@dataclass(frozen=True, slots=True)
class Role:
    """A role of an organisation, as its role file declares it."""

    id: str
    title: Label
    organisation: str
    reports_to: str | None = None
    external: bool = False
    """Held by nobody of the department: a customer, an agent, an integration."""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held now, in a unit or (unit None) everywhere."""

    role: str
    unit: str | None = None

    def covers(self, lineage: tuple[str, ...]) -> bool:
        """Whether it counts for a case whose unit, and the units above it, are `lineage`; every grant counts without one."""
        return self.unit is None or not lineage or self.unit in lineage


ActorKind = Literal["person", "integration", "party", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who performs a command: a person with grants, a named integration, an outside party, or the system itself."""

    id: str
    kind: ActorKind
    grants: frozenset[Grant] = frozenset()
    party: str | None = None
    """For an outside party: the name by which the definition knows it (`customer`)."""
