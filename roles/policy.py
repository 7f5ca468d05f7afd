"""The policy: may this actor do this, and does anything he did before forbid it. Pure; deny by default.

Works on words that the compiler has resolved – a role, a person field, a party – and on who stands in them now. Knows
neither cases nor definitions, so that a revoked role, or a changed field, acts at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from roles.actor import Actor

RightKind = Literal["role", "field", "party", "assignee", "integration", "system"]


@dataclass(frozen=True, slots=True)
class Right:
    """One word of `by` or `not_by`, resolved: what kind of thing it names, and the name."""

    kind: RightKind
    name: str


@dataclass(frozen=True, slots=True)
class Relation:
    """Who stands in a person field, or holds the case, and the role that such a person must (still) hold."""

    persons: tuple[str, ...] = ()
    role: str | None = None


Relations = Mapping[str, Relation]
"""A field id, or `assignee`, → who stands there. What is absent is empty."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The actor may."""

    through: frozenset[str]
    """The names of all rights that admit him: what `acting(x)` looks at."""


@dataclass(frozen=True, slots=True)
class Denied:
    """No right admits the actor."""


def authorise(rights: Sequence[Right], actor: Actor, relations: Relations, lineage: tuple[str, ...]) -> Allowed | Denied:
    """Whether one of the rights admits the actor; without any right nobody is admitted.

    `lineage`: the unit of the case and the units above it, nearest first. A role counts when it is held in one of these
    or everywhere; for a case without unit (an empty lineage) it counts wherever it is held.
    """
    through = frozenset(right.name for right in rights if _admits(right, actor, relations, lineage))
    return Allowed(through) if through else Denied()


def excluded(actor: Actor, performers: Mapping[str, frozenset[str]], rights: Sequence[Right], relations: Relations) -> tuple[str, ...]:
    """The words of `not_by` that exclude the actor, steps first; empty if nothing does.

    `performers`: each named step → everyone who performed it and everyone for whom it was performed. `rights`: the other
    words. Wider than `authorise` on purpose: a person stays excluded by a field when he has lost its role, and by a role
    wherever he holds it.
    """
    steps = tuple(step for step, persons in performers.items() if actor.id in persons)
    return steps + tuple(right.name for right in rights if _bars(right, actor, relations))


def _admits(right: Right, actor: Actor, relations: Relations, lineage: tuple[str, ...]) -> bool:
    if right.kind == "role":
        return _holds(actor, right.name, lineage)
    if right.kind in ("field", "assignee"):
        relation = relations.get(right.name, Relation())
        stands_there = actor.kind == "person" and actor.id in relation.persons
        return stands_there and (relation.role is None or _holds(actor, relation.role, lineage))
    if right.kind == "party":
        return _is_party(actor, right.name)
    return right.kind == actor.kind == "integration" or right.kind == actor.kind == "system"


def _bars(right: Right, actor: Actor, relations: Relations) -> bool:
    if right.kind == "role":
        return any(grant.role == right.name for grant in actor.grants)
    if right.kind in ("field", "assignee"):
        return actor.id in relations.get(right.name, Relation()).persons
    if right.kind == "party":
        return _is_party(actor, right.name)
    return right.kind not in ("integration", "system") or actor.kind == right.kind


def _is_party(actor: Actor, name: str) -> bool:
    return actor.kind == "party" and actor.party == name


def _holds(actor: Actor, role: str, lineage: tuple[str, ...]) -> bool:
    return actor.kind == "person" and any(grant.role == role and grant.covers(lineage) for grant in actor.grants)
