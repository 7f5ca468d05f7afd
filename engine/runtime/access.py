"""Access: how far somebody sees, asked in one place by every door. What one may not see is as if it did not exist.

Made anew for each request from what its caller holds at that instant, so that a revoked role acts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.disclosure import discloses, is_seen
from engine.errors import Forbidden
from engine.label import Label
from engine.store.oversight import EVERYTHING, Oversight
from roles.actor import ADMINISTRATOR, Actor, Grant
from roles.policy import sees, sees_everywhere, stands_as, units_known, units_seen
from roles.roster import Roster
from roles.scope import Identity


@dataclass(frozen=True)
class Access:
    """What an actor may see. Without one: everything, for whoever works at the machine itself."""

    # Without slots, so that where he sees is reckoned once, not for each of a thousand people.

    actor: Actor | None = None
    lineages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """unit → itself and the units above it, nearest first."""
    staff: Callable[[], Mapping[str, frozenset[Grant]]] = dict
    """Everybody → what he holds now."""

    def sees(self, unit: str | None) -> bool:
        """Whether he sees the cases of this unit; those of none everybody sees."""
        return self.actor is None or sees(self.actor, self._lineage(unit))

    def finds(self, definition: CompiledDefinition, case: Case) -> bool:
        """Whether there is such a case for him."""
        return self.actor is None or is_seen(definition, case, self.actor, self._lineage(case.unit))

    def discloses(self, definition: CompiledDefinition, case: Case) -> bool:
        """Whether he sees what is personal in the case; else it is masked."""
        return self.actor is None or discloses(definition, case, self.actor, self._lineage(case.unit))

    def lists(self, unit: str | None, holder: str | None) -> bool:
        """Whether a case of this unit, held by this person, stands in his lists."""
        return self.sees(unit) or holder in self.persons

    @cached_property
    def units(self) -> frozenset[str] | None:
        """The units whose cases he sees, None: all of them; as `store.cases.Filter` has it."""
        return None if self.actor is None or sees_everywhere(self.actor) else units_seen(self.actor, self.lineages)

    @property
    def persons(self) -> frozenset[str]:
        """Those whose cases he sees in whatever unit: his own, and of whoever has lent him everything."""
        return frozenset() if self.actor is None else stands_as(self.actor)

    def administers(self, unit: str | None) -> bool:
        """Whether he looks after the installation, as far as it concerns this unit (None: as a whole)."""
        if self.actor is None:
            return True
        held = [grant for grant in self.actor.grants if grant.role == ADMINISTRATOR]
        return any(grant.unit is None or (unit is not None and grant.covers(self._lineage(unit))) for grant in held)

    def known(self, grants: Iterable[Grant]) -> frozenset[Grant]:
        """What somebody holds of these as far as he is told; nothing of whom he is not told of."""
        return frozenset(grant for grant in grants if self.actor is None or grant.unit in self._units_known)

    def tells_of(self, person: str, grants: Iterable[Grant]) -> bool:
        """Whether he is told of this person, who holds these: of himself, of whoever counts where he sees, as administrator of all."""
        return self.actor is None or self.actor.id == person or self.administers(None) or bool(self.known(grants))

    @cached_property
    def people(self) -> frozenset[str] | None:
        """The people and services whom he is told of, None: all of them."""
        if self.actor is None or self.administers(None):
            return None
        return frozenset(person for person, grants in self.staff().items() if self.tells_of(person, grants))

    @property
    def tells_of_everybody(self) -> bool:
        """Whether there is nobody with a role of whom he is not told."""
        return all(self.tells_of(person, grants) for person, grants in self.staff().items() if grants)

    def manages(self, person: str, grants: Iterable[Grant]) -> bool:
        """Whether he reads what concerns this person alone, who holds these: how mail reaches him, why he is away."""
        if self.actor is None or self.actor.id == person or self.administers(None):
            return True
        return any(grant.unit is not None and self.administers(grant.unit) for grant in grants)

    def has_charge(self, grants: Iterable[Grant]) -> bool:
        """Whether he is administrator wherever these are held: what he may change of theirs is then no more than he gives himself."""
        held = tuple(grants)
        return self.administers(None) or (bool(held) and all(grant.unit is not None and self.administers(grant.unit) for grant in held))

    def oversight(self, owners: Callable[[], Mapping[str, str]]) -> Oversight:
        """The cases whose messages and incidents he is told of: as administrator of their unit, or as owner of their process there.

        `owners`: workflow → the role that owns it. Raises Forbidden for whoever looks after nothing.
        """
        if self.actor is None:
            return EVERYTHING
        held = frozenset(self.actor.grants).union(*(lent.grants for lent in self.actor.lent))
        roles = {grant.role for grant in held}
        units = self._where(self.actor.grants, ADMINISTRATOR)
        processes = {workflow: self._where(held, role) for workflow, role in owners().items() if role in roles}
        if units == frozenset() and not processes:
            raise Forbidden(
                Label("只有系统管理员和流程负责人可以查看。", "Only administrators and the owners of a process may look at this."),
                Label("用“aftercare people assign”授予角色。", "“aftercare people assign” gives the role."),
            )
        return Oversight(units, processes)

    def _where(self, grants: Iterable[Grant], role: str) -> frozenset[str] | None:
        """The units in which a role is held, those below them included; None: everywhere."""
        held = [grant for grant in grants if grant.role == role]
        if any(grant.unit is None for grant in held):
            return None
        return frozenset(unit for unit, lineage in self.lineages.items() if any(grant.covers(lineage) for grant in held))

    @cached_property
    def _units_known(self) -> frozenset[str | None]:
        return frozenset() if self.actor is None else units_known(self.actor, self.lineages)

    def _lineage(self, unit: str | None) -> tuple[str, ...]:
        return self.lineages.get(unit, (unit,)) if unit is not None else ()


OPERATOR = Access()
"""Sees everything."""


def access_of(roster: Roster, identity: Identity | None, now: datetime) -> Access:
    """How far this one sees now; without limit where nobody is named. Raises Unknown."""
    if identity is None:
        return OPERATOR
    return Access(roster.acting(identity, now), roster.lineages, lambda: {each: roster.actor(each, now).grants for each in roster.people})
