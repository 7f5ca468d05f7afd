"""The registry: which roles exist in all organisations, and which of them exclude each other.

Built from the role files; who holds what comes in as assignments. Knows no workflow and reads nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from engine.errors import Conflict, Unknown, did_you_mean
from engine.label import Label
from roles.actor import ADMINISTRATOR, Role
from roles.assignment import Assignment

OWN = Role(ADMINISTRATOR, Label("系统管理员", "Administrator"), "aftercare")
"""The role that is there whatever the organisations declare."""


@dataclass(frozen=True, slots=True)
class Clash:
    """One person holds, at the same time, two roles that nobody may combine. The two stand in order of their ids."""

    person: str
    first: Assignment
    second: Assignment


@dataclass(frozen=True, slots=True)
class RoleRegistry:
    """The roles of all organisations. Outside roles (`customer`) may be declared by several; one stands for all."""

    roles: Mapping[str, Role]
    apart: frozenset[frozenset[str]] = frozenset()
    """Pairs of roles that one person may never hold both."""

    @staticmethod
    def of(roles: Iterable[Role], apart: Iterable[tuple[str, str]] = ()) -> RoleRegistry:
        """Collect the roles of several files.

        Raises Conflict for an id that two organisations declare or a pair of one role with itself, Unknown for a role in
        `reports_to` or `apart` that nobody declares.
        """
        registry = RoleRegistry(_collected(roles), frozenset(_pair(one, other) for one, other in apart))
        above = [role.reports_to for role in registry.roles.values() if role.reports_to is not None]
        for mentioned in (*above, *sorted(frozenset().union(*registry.apart))):
            registry.role(mentioned)
        return registry

    def role(self, id: str) -> Role:
        """The role with this id. Raises Unknown, with the nearest id that exists."""
        if id not in self.roles:
            raise Unknown(Label("没有角色“{id}”。", "There is no role “{id}”.").fill(id=id), did_you_mean(id, self.roles))
        return self.roles[id]

    def clashes(self, assignments: Iterable[Assignment]) -> tuple[Clash, ...]:
        """Every pair of assignments of one person that overlap in time and must be kept apart, in whatever units."""
        ordered = sorted(assignments, key=lambda a: (a.person, a.role, a.since, a.unit or ""))
        return tuple(
            Clash(one.person, one, other)
            for one, other in combinations(ordered, 2)
            if one.person == other.person and frozenset((one.role, other.role)) in self.apart and one.overlaps(other)
        )


def _collected(roles: Iterable[Role]) -> dict[str, Role]:
    known: dict[str, Role] = {OWN.id: OWN}
    for role in roles:
        first = known.setdefault(role.id, role)
        if first is not role and not (first.external and role.external):
            raise Conflict(
                Label("角色“{id}”重复定义：{one} 与 {other}。", "The role “{id}” is declared twice: by {one} and by {other}.").fill(
                    id=role.id, one=first.organisation, other=role.organisation
                ),
                Label("每个角色只属于一个组织；请改用另一个标识。", "A role belongs to one organisation; use another id."),
            )
    return known


def _pair(one: str, other: str) -> frozenset[str]:
    if one == other:
        raise Conflict(
            Label("互斥的应为两个不同的角色，实际都是“{id}”。", "Expected two different roles to keep apart, found “{id}” twice.").fill(
                id=one
            )
        )
    return frozenset((one, other))
