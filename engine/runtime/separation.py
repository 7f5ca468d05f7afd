"""Roles that nobody may combine, over all that a person holds or is lent. Looks before something is recorded; records nothing."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from engine.errors import Conflict
from engine.label import Label
from engine.store import people
from roles.assignment import Assignment
from roles.delegation import Delegation, lent
from roles.registry import RoleRegistry


class Lent(Conflict):
    """Somebody would combine them by a delegation. `persons`: of whom the sentence speaks."""

    def __init__(self, sentence: Label, way_out: Label, persons: frozenset[str]) -> None:
        super().__init__(sentence, way_out)
        self.persons = persons


def check_assignment(connection: Connection, registry: RoleRegistry, assignment: Assignment) -> None:
    """Raises Conflict when with this assignment somebody would combine roles kept apart: its person, or whoever stands in for it."""
    if not any(assignment.role in pair for pair in registry.apart):
        return
    others = [held.assignment for held in people.overlapping(connection, assignment)]
    clash = next(iter(registry.clashes([assignment, *others])), None)
    if clash is not None:
        raise Conflict(
            Label(
                "职责分离：“{person}”不能同时担任“{one}”和“{other}”。",
                "“{person}” may not hold both “{one}” and “{other}”: these duties are kept apart.",
            ).fill(
                person=people.name_of(connection, assignment.person),
                one=registry.role(clash.first.role).title,
                other=registry.role(clash.second.role).title,
            ),
            Label("请先撤销其中一个角色。", "Revoke one of them first."),
        )
    for known in people.delegations(connection):
        delegation = known.delegation
        if delegation.delegate == assignment.person:
            _check_lent(connection, registry, delegation, _held(connection, delegation.delegator), [assignment])
        elif delegation.delegator == assignment.person:
            _check_lent(connection, registry, delegation, [assignment], _combined(connection, delegation))


def check_delegation(connection: Connection, registry: RoleRegistry, delegation: Delegation) -> None:
    """Raises Conflict when the delegate would combine, by what he holds and what he is lent, roles kept apart."""
    _check_lent(connection, registry, delegation, _held(connection, delegation.delegator), _combined(connection, delegation))


def _check_lent(
    connection: Connection,
    registry: RoleRegistry,
    delegation: Delegation,
    of_delegator: Iterable[Assignment],
    of_delegate: Iterable[Assignment],
) -> None:
    given = lent(delegation, of_delegator)
    found = registry.clashes([*given, *of_delegate])
    clash = next((each for each in found if each.first in given or each.second in given), None)
    if clash is None:
        return
    one, other = (clash.first, clash.second) if clash.first in given else (clash.second, clash.first)
    raise Lent(
        Label(
            "职责分离：“{delegate}”担任或代理“{other}”，不能同时代理“{delegator}”的“{one}”。",
            "“{delegate}” holds “{other}”, or acts as it, and may not act as “{one}” for “{delegator}”: these duties are kept apart.",
        ).fill(
            delegate=people.name_of(connection, delegation.delegate),
            delegator=people.name_of(connection, delegation.delegator),
            one=registry.role(one.role).title,
            other=registry.role(other.role).title,
        ),
        Label("请另选代理人，或只委托其他角色。", "Choose another delegate, or delegate another role only."),
        frozenset({delegation.delegate, delegation.delegator}),
    )


def _combined(connection: Connection, besides: Delegation) -> list[Assignment]:
    """All that the delegate holds, and what others lend him."""
    others = (each.delegation for each in people.delegations(connection))
    mine = [each for each in others if each.delegate == besides.delegate and each != besides]
    borrowed = (held for each in mine for held in lent(each, _held(connection, each.delegator)))
    return [*_held(connection, besides.delegate), *borrowed]


def _held(connection: Connection, person: str) -> list[Assignment]:
    return [held.assignment for held in people.assignments_of(connection, person)]
