"""Who acts, and by what right: Role, Grant, Actor. Two roles are the product's own, whatever the organisation."""

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


INTEGRATION = "integration"
"""The role of a service – another program, with a name of its own – that performs the steps of `by: integration`, in its unit."""

ADMINISTRATOR = "administrator"
"""The role of a person who looks after the installation: sees what waits and what went wrong, and performs no step by it."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held now, in a unit or (unit None) everywhere."""

    role: str
    unit: str | None = None

    def covers(self, lineage: tuple[str, ...]) -> bool:
        """Whether it counts for a case whose unit, and the units above it, are `lineage`; every grant counts without one."""
        return self.unit is None or not lineage or self.unit in lineage


@dataclass(frozen=True, slots=True)
class Lent:
    """What a person may do for another at this instant. `whole`: also wherever the other stands in person – a field, a case he holds."""

    delegator: str
    grants: frozenset[Grant]
    whole: bool
    held: frozenset[Grant]
    """All that the other holds, lent or not: what keeps him from a step keeps everybody from it who acts for him."""


ActorKind = Literal["person", "disabled", "integration", "party", "parent", "system"]
"""`disabled`: a person who may do nothing any more, wherever he stands."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who performs a command: a person or a service (`integration`) with grants, an outside party, a parent case, or the system itself."""

    id: str
    kind: ActorKind
    grants: frozenset[Grant] = frozenset()
    party: str | None = None
    """For an outside party: the name by which the definition knows it (`customer`)."""
    lent: tuple[Lent, ...] = ()
    """For whom he may act besides, in order of their ids."""
    opens_child: bool = False
    """Whether the wish is that of a step of a parent case, which this actor performs: what `by: parent` admits."""
    opens_for: str | None = None
    """For whom he performs that step of the parent, if not by his own right: the child is opened for the same person."""
    withheld: frozenset[Grant] = frozenset()
    """What he holds beside, outside of the scope in which he acts: it admits him to nothing, and keeps him from what it always does."""
