"""No unauthorised move: every role, nobody, the party and the integration × every state × every step of the shipped definitions.

What is expected comes from an independent reading of the YAML (`tests.rig.judge`), not from the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from engine.core.briefing import INTEGRATION
from engine.core.case import Case, Performance
from engine.core.command import Fire, OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.decide import decide
from engine.core.decision import Refused
from engine.core.explain import options
from engine.core.facts import Facts
from roles.actor import Actor, Grant
from tests.process import LINEAGES, SHANGHAI
from tests.rig.judge import Judge, Register, Situation, Who
from tests.unit.core.shipped import EACH, ROLES, document_of

pytestmark = pytest.mark.reliability

NOW = datetime(2026, 9, 28, 1, 30, tzinfo=UTC)
UNITS = (None, "north-1", "south-1", "north", "head")
"""Where a role may be held; the case belongs to north-1 or to nowhere."""


HOLDS = (
    *((f"{role}@{unit}", role, unit, NOW - timedelta(days=1), None) for role in ROLES for unit in UNITS),
    *(("all", role, "north-1", NOW - timedelta(days=1), None) for role in ROLES),
)
REGISTER = Register(NOW, HOLDS)
"""One person for each role and unit, and one with all roles."""


def everybody(definition: CompiledDefinition) -> Iterator[Who]:
    """All who hold a role of this process, and of one other; nobody, strangers. (Every role: `test_nobody_moves_without_a_right`.)"""
    known = [*definition.roles, next(role for role in ROLES if role not in definition.roles)]
    yield from (Who(name) for name in dict.fromkeys(name for name, role, *_ in HOLDS if role in known))
    yield Who("nobody")
    yield from (Who(party, "party") for party in [*definition.parties, "neighbour"])
    yield from (Who(kind, kind) for kind in ("integration", "system"))


def situations(definition: CompiledDefinition, who: Who) -> Iterator[Situation]:
    """He is a stranger to the case; he stands in its fields and holds it; he performed every step of it."""
    persons = {name: who.name for name, rule in definition.fields.items() if rule.kind.name == "person"}
    steps = {step for state in definition.states.values() for step in state.steps} | set(definition.starts)
    for units in ((), LINEAGES["north-1"]):
        yield Situation(units)
        yield Situation(units, persons, who.name)
        yield Situation(units, dict.fromkeys(persons, "another"), "another", tuple((step, who.name) for step in sorted(steps)))


def case_in(definition: CompiledDefinition, state: str, situation: Situation) -> Case:
    """A case that has come to this, however that was."""
    performed = tuple(Performance(step, actor, None, NOW) for step, actor in situation.performed)
    unit = situation.units[0] if situation.units else None
    outcome = definition.states[state].outcome
    return Case("1", "N-1", definition.workflow, definition.digest, unit, state, outcome, situation.persons, situation.assignee, performed,
                1, NOW, NOW, NOW if outcome else None, NOW, 1, 1)  # fmt: skip


def actor(who: Who) -> Actor:
    if who.kind == "integration":
        return INTEGRATION
    grants = frozenset(Grant(role, unit) for role, unit in REGISTER.of(who.name))
    return Actor(who.name, who.kind, grants, who.name if who.kind == "party" else None)  # type: ignore[arg-type]


def facts(definition: CompiledDefinition, who: Who) -> Facts:
    return Facts(NOW, actor(who), SHANGHAI, LINEAGES, calendars=definition.calendars, case_id="1", number="N-1", sampling_key=b"key")


@pytest.mark.parametrize("definition", EACH)
def test_a_step_is_open_to_exactly_those_whom_the_document_names(definition: CompiledDefinition) -> None:
    judge, tried, allowed = Judge(document_of(definition.workflow), REGISTER), 0, 0
    for who in everybody(definition):
        for situation in situations(definition, who):
            for state in definition.states:
                case, steps = case_in(definition, state, situation), judge.steps_in(state)
                assert definition.states[state].steps.keys() == steps.keys()
                offered = {
                    option.step: {reason.code for reason in option.reasons} for option in options(definition, case, facts(definition, who))
                }
                for name, step in steps.items():
                    against = judge.against(step, who, situation)
                    expected = {code: code in against for code in ("not_authorised", "separation_of_duties")}
                    decision = decide(definition, case, Fire(name), facts(definition, who))
                    found = {reason.code for reason in decision.reasons} if isinstance(decision, Refused) else set()
                    assert {code: code in found for code in expected} == expected, (state, name, who, situation)
                    assert {code: code in offered[name] for code in expected} == expected, (state, name, who, situation)
                    tried += 1
                    allowed += not any(expected.values())

    assert tried > 300
    assert 0 < allowed < tried / 2


@pytest.mark.parametrize("definition", EACH)
@pytest.mark.parametrize("unit", [None, "north-1"])
def test_a_case_is_opened_by_exactly_those_whom_the_document_names(definition: CompiledDefinition, unit: str | None) -> None:
    judge = Judge(document_of(definition.workflow), REGISTER)
    for who in everybody(definition):
        for name, step in judge.steps_in(None).items():
            decision = decide(definition, None, OpenCase(name, unit=unit), facts(definition, who))
            assert isinstance(decision, Refused)
            # Without a wish the case belongs to the unit in which the role is held.
            units = LINEAGES[unit] if unit else ()
            expected = "not_authorised" not in judge.against(step, who, Situation(units))
            # In a unit that he does not see he is told that there is no such unit, which comes to the same.
            against = {(reason.code, reason.subject if reason.code == "data_invalid" else None) for reason in decision.reasons}
            assert against.isdisjoint({("not_authorised", None), ("data_invalid", "unit")}) == expected, (name, who)


@pytest.mark.parametrize("definition", EACH)
def test_a_step_of_another_state_is_never_performed(definition: CompiledDefinition) -> None:
    who = Who("all")
    every = {step for state in definition.states.values() for step in state.steps}
    for state, rule in definition.states.items():
        for step in every - rule.steps.keys():
            decision = decide(definition, case_in(definition, state, Situation()), Fire(step), facts(definition, who))
            assert isinstance(decision, Refused)
            assert [reason.code for reason in decision.reasons] == ["not_available"]
