"""The policy: may this actor do this, and does anything he did before forbid it. Pure; deny by default.

Works on words that the compiler has resolved – a role, a person field, a party – and on who stands in them now. Knows
neither cases nor definitions, so that a revoked role, or a changed field, acts at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from roles.actor import INTEGRATION, Actor, Grant, Lent

RightKind = Literal["role", "field", "party", "assignee", "integration", "parent", "system", "person"]
"""`person`: this very person, whom no document names; only messages do, which correct what he was told."""


@dataclass(frozen=True, slots=True)
class Right:
    """One word of `by` or `not_by`, resolved: what kind of thing it names, and the name."""

    kind: RightKind
    name: str
    anywhere: bool = False
    """A role that counts whatever unit it is held in (`{role: R, in: any}`)."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Who stands in a person field, or holds the case, and the role that such a person must (still) hold."""

    persons: tuple[str, ...] = ()
    role: str | None = None


Relations = Mapping[str, Relation]
"""A field id, or `assignee`, → who stands there. What is absent is empty."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The actor may, by himself or – `on_behalf_of` – for the person whose right it is."""

    through: frozenset[str]
    """The names of all rights that admit him: what `acting(x)` looks at."""
    on_behalf_of: str | None = None


def authorise(rights: Sequence[Right], actor: Actor, relations: Relations, lineage: tuple[str, ...]) -> tuple[Allowed, ...]:
    """Every way in which the actor is admitted: by his own right first, then for each person he may act for. Empty: not at all.

    `lineage`: the unit of the case and the units above it, nearest first. A role counts when it is held in one of these
    or everywhere; for a case without unit (an empty lineage) it counts wherever it is held.
    """
    own = frozenset(right.name for right in rights if _admits(right, actor, relations, lineage))
    found = [Allowed(own, actor.opens_for)] if own else []
    for lent in actor.lent:
        through = frozenset(right.name for right in rights if _admits_for(right, actor, lent, relations, lineage))
        if through:
            found.append(Allowed(through, lent.delegator))
    return tuple(found)


def excluded(
    actor: Actor,
    on_behalf_of: str | None,
    performers: Mapping[str, frozenset[str]],
    rights: Sequence[Right],
    relations: Relations,
) -> tuple[str, ...]:
    """The words of `not_by` that exclude the actor, or the person he acts for, steps first; empty if nothing does.

    `performers`: each named step → everyone who performed it and everyone for whom it was performed. `rights`: the other
    words. Wider than `authorise` on purpose: a person stays excluded by a field when he has lost its role, by a role wherever
    he holds it, and whoever acts for him by a role that was not lent.
    """
    both = (actor.id, on_behalf_of)
    steps = tuple(step for step, persons in performers.items() if not persons.isdisjoint(both))
    behalf = next((Actor(each.delegator, "person", each.held) for each in actor.lent if each.delegator == on_behalf_of), None)
    acting = (actor, behalf) if behalf is not None else (actor,)
    return steps + tuple(right.name for right in rights if any(_bars(right, each, relations) for each in acting))


def tiers(held: Mapping[str, Collection[str | None]], lineage: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The holders of a role from near to far, by id within a tier: those in the unit of the case, then those in each unit above.

    `held`: person → the units in which he holds the role (None: everywhere, which comes after the topmost unit). `lineage`: as
    above; without a unit, all holders are one tier. Only tiers in which there is somebody.
    """
    if not lineage:
        everybody = tuple(sorted(person for person, units in held.items() if units))
        return (everybody,) if everybody else ()
    found = (tuple(sorted(person for person, units in held.items() if unit in units)) for unit in (*lineage, None))
    return tuple(tier for tier in found if tier)


def sees(actor: Actor, lineage: tuple[str, ...]) -> bool:
    """Whether he may see a case of this unit: some role of his, or of a person he acts for, is held there, above it, or everywhere.

    A case without a unit (an empty lineage) is seen by everybody.
    """
    return not lineage or any(grant.covers(lineage) for grant in _held(actor))


def sees_everywhere(actor: Actor) -> bool:
    """Whether he may see the cases of every unit."""
    return any(grant.unit is None for grant in _held(actor))


def _held(actor: Actor) -> Iterator[Grant]:
    """His grants, and what others have lent him."""
    return chain(actor.grants, *(lent.grants for lent in actor.lent))


def stands_as(actor: Actor) -> frozenset[str]:
    """The persons in whose place he stands: himself, and whoever has lent him everything."""
    own = {actor.id} if actor.kind == "person" else set()
    return frozenset(own | {lent.delegator for lent in actor.lent if lent.whole})


def units_seen(actor: Actor, lineages: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """The units whose cases he may see. `lineages`: every unit → itself and the units above it, nearest first."""
    return frozenset(unit for unit, lineage in lineages.items() if sees(actor, lineage))


def units_known(actor: Actor, lineages: Mapping[str, tuple[str, ...]]) -> frozenset[str | None]:
    """Where somebody may hold a role of which the actor is told: everywhere (None), in a unit that he sees, above one.

    Nowhere for whoever holds nothing himself. `lineages`: as above.
    """
    if not actor.grants and not any(lent.grants for lent in actor.lent):
        return frozenset()
    return frozenset({None}.union(*(lineages[seen] for seen in units_seen(actor, lineages))))


def known(actor: Actor, grants: Iterable[Grant], lineages: Mapping[str, tuple[str, ...]]) -> frozenset[Grant]:
    """What somebody holds of these as far as the actor is told. `lineages`: as above."""
    where = units_known(actor, lineages)
    return frozenset(grant for grant in grants if grant.unit in where)


def _admits_for(right: Right, actor: Actor, lent: Lent, relations: Relations, lineage: tuple[str, ...]) -> bool:
    """Whether the right is that of the other – or his own place in a field, whose role he has from the other: he took the case for him."""
    if _lends(right, lent, relations) and _admits(right, Actor(lent.delegator, "person", lent.grants), relations, lineage):
        return True
    is_kept = right.kind == "field" and relations.get(right.name, Relation()).role is not None
    return is_kept and _admits(right, Actor(actor.id, actor.kind, lent.grants), relations, lineage)


def _lends(right: Right, lent: Lent, relations: Relations) -> bool:
    """Whether what was lent reaches this right: a role, a field whose role was lent, or – of everything – any place he stands in."""
    if right.kind == "role" or lent.whole:
        return True
    role = relations.get(right.name, Relation()).role
    return right.kind == "field" and role is not None and any(grant.role == role for grant in lent.grants)


def _admits(right: Right, actor: Actor, relations: Relations, lineage: tuple[str, ...]) -> bool:
    if right.kind == "role":
        return _holds(actor, right.name, () if right.anywhere else lineage)
    if right.kind in ("field", "assignee"):
        relation = relations.get(right.name, Relation())
        stands_there = actor.kind == "person" and actor.id in relation.persons
        return stands_there and (relation.role is None or _holds(actor, relation.role, lineage))
    if right.kind == "party":
        return _is_party(actor, right.name)
    if right.kind == "parent":
        return actor.kind == "parent" or actor.opens_child
    if right.kind == "integration":
        return actor.kind == "integration" and _holds(actor, INTEGRATION, lineage)
    return right.kind == actor.kind == "system"


def _bars(right: Right, actor: Actor, relations: Relations) -> bool:
    if right.kind == "role":
        return any(grant.role == right.name for grant in actor.grants | actor.withheld)
    if right.kind in ("field", "assignee"):
        return actor.id in relations.get(right.name, Relation()).persons
    if right.kind == "party":
        return _is_party(actor, right.name)
    if right.kind == "parent":
        return actor.kind == "parent"
    return right.kind not in ("integration", "system") or actor.kind == right.kind


def _is_party(actor: Actor, name: str) -> bool:
    return actor.kind == "party" and actor.party == name


def _holds(actor: Actor, role: str, lineage: tuple[str, ...]) -> bool:
    return actor.kind in ("person", "integration") and any(grant.role == role and grant.covers(lineage) for grant in actor.grants)
