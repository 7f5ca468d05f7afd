"""A scope takes something away and never gives: what is allowed within it was allowed without it, and what was forbidden stays so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles.actor import Actor, Grant, Lent
from roles.policy import Relation, Relations, Right, authorise, excluded, units_seen
from roles.scope import WHOLE, Scope, narrowed

LINEAGES = {
    "top": ("top",),
    "north": ("north", "top"),
    "north-1": ("north-1", "north", "top"),
    "south": ("south", "top"),
}
ROLES = ("clerk", "repairer", "boss")
CLERK, BOSS = Grant("clerk", "north"), Grant("boss")


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        pytest.param(WHOLE, {CLERK, BOSS}, id="without a scope everything"),
        pytest.param(Scope(roles=frozenset({"clerk"})), {CLERK}, id="one role"),
        pytest.param(Scope(roles=frozenset()), set(), id="no role at all"),
        pytest.param(Scope(roles=frozenset({"repairer"})), set(), id="a role that is not held"),
        pytest.param(Scope(units=frozenset({"top"})), {CLERK, Grant("boss", "top")}, id="a unit above: a grant in it stays as it is"),
        pytest.param(Scope(units=frozenset({"north-1"})), {Grant("clerk", "north-1"), Grant("boss", "north-1")}, id="a unit below"),
        pytest.param(
            Scope(units=frozenset({"south"})), {Grant("boss", "south")}, id="a unit elsewhere: what counts everywhere counts there"
        ),
        pytest.param(Scope(frozenset({"boss"}), frozenset({"south"})), {Grant("boss", "south")}, id="both"),
        pytest.param(Scope(units=frozenset({"closed"})), {Grant("boss", "closed")}, id="a unit that is no more, in which nothing is"),
    ],
)
def test_what_a_scope_leaves(scope: Scope, left: set[Grant]) -> None:
    assert narrowed(Actor("ann", "person", frozenset({CLERK, BOSS})), scope, LINEAGES).grants == left


def test_what_is_lent_is_narrowed_like_ones_own() -> None:
    actor = Actor("ann", "person", lent=(Lent("bob", frozenset({CLERK, BOSS}), True, frozenset({CLERK, BOSS})),))

    (lent,) = narrowed(actor, Scope(roles=frozenset({"clerk"})), LINEAGES).lent

    assert (set(lent.grants), set(lent.held)) == ({CLERK}, {CLERK, BOSS})


def test_a_role_keeps_its_holder_from_a_step_even_outside_of_the_scope() -> None:
    actor = narrowed(Actor("ann", "person", frozenset({CLERK, BOSS})), Scope(roles=frozenset({"clerk"})), LINEAGES)

    assert excluded(actor, None, {}, [Right("role", "boss")], {}) == ("boss",)


grants = st.frozensets(st.builds(Grant, st.sampled_from(ROLES), st.sampled_from([None, *LINEAGES])), max_size=4)
scopes = st.builds(
    Scope,
    st.none() | st.frozensets(st.sampled_from(ROLES)),
    st.none() | st.frozensets(st.sampled_from(sorted(LINEAGES))),
)


@st.composite
def actors(draw: st.DrawFn) -> Actor:
    """Somebody with roles of his own, who may act for bob."""
    held = draw(grants)
    lent = Lent("bob", frozenset(draw(st.sets(st.sampled_from(sorted(held, key=str)))) if held else ()), draw(st.booleans()), held)
    return Actor("ann", "person", draw(grants), lent=draw(st.sampled_from([(), (lent,)])))


rights = st.lists(
    st.builds(Right, st.just("role"), st.sampled_from(ROLES), st.booleans())
    | st.sampled_from([Right("field", "repairer"), Right("assignee", "assignee")]),
    min_size=1,
    max_size=3,
)
relations = st.fixed_dictionaries(
    {
        name: st.builds(Relation, st.sampled_from([(), ("ann",), ("bob",)]), st.sampled_from([None, *ROLES]))
        for name in ("repairer", "assignee")
    }
)


@given(actors(), scopes, rights, rights, relations, st.sampled_from([(), *LINEAGES.values()]))
def test_nobody_may_more_within_a_scope(
    actor: Actor, scope: Scope, by: list[Right], not_by: list[Right], standing: Relations, lineage: tuple[str, ...]
) -> None:
    def allowed(who: Actor) -> set[str | None]:
        ways = authorise(by, who, standing, lineage)
        return {way.on_behalf_of for way in ways if not excluded(who, way.on_behalf_of, {}, not_by, standing)}

    assert allowed(narrowed(actor, scope, LINEAGES)) <= allowed(actor)


@given(actors(), scopes)
def test_nobody_sees_more_within_a_scope(actor: Actor, scope: Scope) -> None:
    assert units_seen(narrowed(actor, scope, LINEAGES), LINEAGES) <= units_seen(actor, LINEAGES)


@given(actors(), scopes, scopes)
def test_a_scope_within_a_scope_takes_more_away(actor: Actor, outer: Scope, inner: Scope) -> None:
    once = narrowed(actor, outer, LINEAGES)
    twice = narrowed(once, inner, LINEAGES)

    assert units_seen(twice, LINEAGES) <= units_seen(once, LINEAGES)
    assert {grant.role for grant in twice.grants} <= {grant.role for grant in once.grants}
