"""As whom somebody acts, and with how much of it: a token may be good for a part only of what its holder may do.

Narrows an actor, never widens him.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from roles.actor import Actor, Grant

Lineages = Mapping[str, tuple[str, ...]]
"""unit → itself and the units above it, nearest first."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The roles and the units that count; None: all of them.

    A unit stands for itself and all units below it. What somebody may do because he stands somewhere in person – in a field, as the one
    who holds the case – is not taken from him; what is done for others is narrowed like his own.
    """

    roles: frozenset[str] | None = None
    units: frozenset[str] | None = None


WHOLE = Scope()
"""Takes nothing away."""


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom somebody acts: a person or a service by id, within a scope."""

    id: str
    scope: Scope = WHOLE


def narrowed(actor: Actor, scope: Scope, lineages: Lineages) -> Actor:
    """The actor with those of his grants that lie within the scope, each as far as it does."""
    if scope == WHOLE:
        return actor
    lent = tuple(replace(each, grants=_within(each.grants, scope, lineages)) for each in actor.lent)
    kept = _within(actor.grants, scope, lineages)
    return replace(actor, grants=kept, withheld=actor.grants - kept, lent=lent)


def _within(grants: frozenset[Grant], scope: Scope, lineages: Lineages) -> frozenset[Grant]:
    kept = [grant for grant in grants if scope.roles is None or grant.role in scope.roles]
    if scope.units is None:
        return frozenset(kept)
    return frozenset(Grant(grant.role, unit) for grant in kept for unit in _units(grant, scope.units, lineages))


def _units(grant: Grant, units: frozenset[str], lineages: Lineages) -> frozenset[str]:
    """Where a grant still counts: in its own unit when that lies within the scope, else in those of the scope that lie below it."""
    if grant.unit is not None and not units.isdisjoint(lineages.get(grant.unit, (grant.unit,))):
        return frozenset({grant.unit})
    return frozenset(unit for unit in units if grant.covers(lineages.get(unit, (unit,))))
