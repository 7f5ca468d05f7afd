"""Delegation in the policy: whoever acts for another has that one's rights and his bars, and his own right comes first."""

from __future__ import annotations

import pytest

from roles.actor import Actor, Grant, Lent
from roles.policy import Allowed, Relation, Right, authorise, excluded

SHOP, OTHER, TOP = "phone-01", "phone-02", "headquarters"
LINEAGE = (SHOP, TOP)
TESTER, DESK = Right("role", "tester"), Right("role", "desk")
REPAIRER, HOLDER = Right("field", "repairer"), Right("assignee", "assignee")


def standing_in(*lent: Lent, grants: tuple[Grant, ...] = ()) -> Actor:
    """Bea, who acts for others."""
    return Actor("bea", "person", frozenset(grants), lent=lent)


def everything(delegator: str, *grants: Grant) -> Lent:
    return Lent(delegator, frozenset(grants), whole=True, held=frozenset(grants))


def role_of(delegator: str, *grants: Grant) -> Lent:
    return Lent(delegator, frozenset(grants), whole=False, held=frozenset(grants))


def test_his_own_right_comes_before_those_he_is_lent_and_these_in_order() -> None:
    bea = standing_in(everything("amy", Grant("tester", SHOP)), everything("tom", Grant("tester", TOP)), grants=(Grant("tester", SHOP),))

    ways = authorise([TESTER], bea, {}, LINEAGE)

    assert ways == tuple(Allowed(frozenset({"tester"}), for_whom) for for_whom in (None, "amy", "tom"))


@pytest.mark.parametrize(
    ("lent", "admitted"),
    [
        pytest.param(everything("amy", Grant("tester", SHOP)), True, id="a role lent with everything"),
        pytest.param(role_of("amy", Grant("tester", SHOP)), True, id="the role alone"),
        pytest.param(role_of("amy", Grant("desk", SHOP)), False, id="another role"),
        pytest.param(everything("amy", Grant("tester", OTHER)), False, id="a role that she holds in another shop"),
        pytest.param(everything("amy"), False, id="everything of somebody who holds nothing"),
    ],
)
def test_a_role_is_lent_with_the_units_in_which_it_is_held(lent: Lent, admitted: bool) -> None:
    assert bool(authorise([TESTER], standing_in(lent), {}, LINEAGE)) is admitted


@pytest.mark.parametrize(
    ("right", "relation", "lent", "admitted"),
    [
        pytest.param(HOLDER, Relation(("amy",)), everything("amy"), True, id="a case she holds, with everything"),
        pytest.param(HOLDER, Relation(("amy",)), role_of("amy", Grant("tester", SHOP)), False, id="a case she holds, with one role"),
        pytest.param(REPAIRER, Relation(("amy",)), everything("amy"), True, id="a field without a role, with everything"),
        pytest.param(
            REPAIRER, Relation(("amy",)), role_of("amy", Grant("tester", SHOP)), False, id="a field without a role, with one role"
        ),
        pytest.param(
            REPAIRER, Relation(("amy",), "tester"), role_of("amy", Grant("tester", SHOP)), True, id="a field of the role that was lent"
        ),
        pytest.param(REPAIRER, Relation(("amy",), "tester"), role_of("amy", Grant("desk", SHOP)), False, id="a field of another role"),
        pytest.param(REPAIRER, Relation(("amy",), "tester"), everything("amy"), False, id="a field whose role she has lost"),
        pytest.param(REPAIRER, Relation(("tom",)), everything("amy"), False, id="a field in which somebody else stands"),
    ],
)
def test_where_a_person_stands_is_lent_with_everything_or_with_the_role_of_the_place(
    right: Right, relation: Relation, lent: Lent, admitted: bool
) -> None:
    ways = authorise([right], standing_in(lent), {right.name: relation}, LINEAGE)

    assert ways == ((Allowed(frozenset({right.name}), "amy"),) if admitted else ())


def test_neither_a_party_nor_an_integration_is_lent() -> None:
    words = [Right("party", "customer"), Right("integration", "integration"), Right("system", "system"), Right("parent", "parent")]

    assert authorise(words, standing_in(everything("amy", Grant("customer"))), {}, LINEAGE) == ()


@pytest.mark.parametrize(
    ("performers", "words"),
    [
        pytest.param({"bea"}, ("finish",), id="who acts has done it himself"),
        pytest.param({"amy"}, ("finish",), id="it was done by whom he acts for, or for her"),
        pytest.param({"tom"}, (), id="somebody else has done it"),
    ],
)
def test_both_count_for_separation_of_duties(performers: set[str], words: tuple[str, ...]) -> None:
    assert excluded(standing_in(everything("amy")), "amy", {"finish": frozenset(performers)}, [], {}) == words


def test_one_delegator_does_not_bar_what_is_done_for_another() -> None:
    bea = standing_in(everything("amy", Grant("desk")), everything("tom"))

    assert excluded(bea, "tom", {"finish": frozenset({"amy"})}, [DESK], {}) == ()
    assert excluded(bea, "amy", {"finish": frozenset({"amy"})}, [DESK], {}) == ("finish", "desk")


def test_fields_and_roles_of_either_exclude() -> None:
    bea = standing_in(everything("amy", Grant("desk")), grants=(Grant("tester"),))
    relations = {"repairer": Relation(("amy",))}

    assert excluded(bea, "amy", {}, [TESTER, DESK, REPAIRER], relations) == ("tester", "desk", "repairer")
    assert excluded(bea, None, {}, [TESTER, DESK, REPAIRER], relations) == ("tester",)


def test_what_the_other_holds_bars_though_something_else_was_lent() -> None:
    lent = Lent("amy", frozenset({Grant("tester", SHOP)}), whole=False, held=frozenset({Grant("tester", SHOP), Grant("desk", OTHER)}))

    assert excluded(standing_in(lent), "amy", {}, [DESK], {}) == ("desk",)
    assert excluded(standing_in(lent), None, {}, [DESK], {}) == ()


def test_what_somebody_opens_by_a_step_of_a_parent_he_opens_for_whom_he_performs_it() -> None:
    bea = Actor("bea", "person", opens_child=True, opens_for="amy")

    assert authorise([Right("parent", "parent")], bea, {}, LINEAGE) == (Allowed(frozenset({"parent"}), "amy"),)
