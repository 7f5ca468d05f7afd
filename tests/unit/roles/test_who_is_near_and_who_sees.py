"""Units in the policy: which holders of a role are meant first, and whose cases a person sees."""

from __future__ import annotations

import pytest

from roles.actor import Actor, Grant, Lent
from roles.policy import sees, tiers, units_seen

LINEAGES = {
    "top": ("top",),
    "north": ("north", "top"),
    "north-1": ("north-1", "north", "top"),
    "south": ("south", "top"),
}
HELD: dict[str, set[str | None]] = {
    "ann": {"north-1"},
    "bob": {"north", "south"},
    "cyn": {"top"},
    "dan": {None},
    "eve": {"north-1", None},
    "fay": set(),
}


@pytest.mark.parametrize(
    ("lineage", "found"),
    [
        pytest.param(LINEAGES["north-1"], (("ann", "eve"), ("bob",), ("cyn",), ("dan", "eve")), id="from the shop upwards"),
        pytest.param(LINEAGES["south"], (("bob",), ("cyn",), ("dan", "eve")), id="nobody below counts"),
        pytest.param(("east", "top"), (("cyn",), ("dan", "eve")), id="a unit in which nobody holds it"),
        pytest.param((), (("ann", "bob", "cyn", "dan", "eve"),), id="a case without unit: all who hold it"),
    ],
)
def test_holders_stand_in_tiers_from_near_to_far(lineage: tuple[str, ...], found: tuple[tuple[str, ...], ...]) -> None:
    assert tiers(HELD, lineage) == found


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        pytest.param(Actor("ann", "person", frozenset({Grant("desk", "north-1")})), {"north-1"}, id="a shop sees its own"),
        pytest.param(Actor("bob", "person", frozenset({Grant("desk", "north")})), {"north", "north-1"}, id="a province sees its shops"),
        pytest.param(Actor("cyn", "person", frozenset({Grant("desk", "top")})), set(LINEAGES), id="headquarters sees all"),
        pytest.param(Actor("dan", "person", frozenset({Grant("desk")})), set(LINEAGES), id="a role held everywhere sees all"),
        pytest.param(Actor("fay", "person"), set(), id="whoever holds nothing sees no unit"),
        pytest.param(
            Actor("gil", "person", lent=(Lent("ann", frozenset({Grant("desk", "north-1")}), whole=True, held=frozenset()),)),
            {"north-1"},
            id="a delegate sees what the other sees",
        ),
    ],
)
def test_a_person_sees_the_units_in_which_or_above_which_he_holds_a_role(actor: Actor, seen: set[str]) -> None:
    assert units_seen(actor, LINEAGES) == seen
    assert all(sees(actor, lineage) is (unit in seen) for unit, lineage in LINEAGES.items())
    assert sees(actor, ())
