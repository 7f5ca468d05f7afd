"""Nobody moves a case without a right, through whatever door (reliability bar 30).

For every shipped definition: everybody of a crew – holders of every role here, there, above and everywhere, those who stand in for them,
those who did, the disabled, outsiders, the system – × every state × every step × every door, against a judge who reads the YAML himself.
What a form or a condition says is not the question: only whether the right is refused, and for which of two reasons.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from engine.app import Application
from engine.core.ability import who_can
from engine.core.briefing import INTEGRATION
from engine.core.case import Case, Performance
from engine.core.command import Fire, OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.decide import decide
from engine.core.decision import Reason, ReasonCode, Refused
from engine.core.examine import causes
from engine.core.explain import options
from engine.core.facts import Facts
from engine.core.moving import before_of, move
from engine.errors import Unknown
from engine.label import Label
from engine.runtime.answer import Granted
from engine.runtime.founding import found_database
from engine.runtime.intake import take_in
from engine.runtime.publishing import publish
from engine.runtime.sheet import Row, Sheet
from engine.store.database import Database
from engine.store.plans import Why
from roles.actor import Actor
from roles.policy import Right
from roles.scope import Identity
from tests.console.reception import Reception
from tests.process import SHANGHAI
from tests.rig.crew import LINEAGE, NOW, Crew, crew, enrol
from tests.rig.judge import Judge, Situation, Who
from tests.rig.repair import BENCH, BOSS, DESK, TICKET, WALK
from tests.rig.report import Run, Tell
from tests.runtime.company import caller, granted, settings
from tests.unit.core.shipped import CHECKED, DEFINITIONS, EACH, ROLES, document_of
from tests.web.centre import UNHINDERED, Centre
from web.app import build
from web.console.form.filling import FORESEE

OF_RIGHTS = frozenset({"not_authorised", "separation_of_duties"})


@dataclass(frozen=True)
class Attempt:
    """Somebody before a step of a case."""

    definition: CompiledDefinition
    case: Case
    step: str
    facts: Facts


Door = Callable[[Attempt], set[str] | None]
"""What a door has against an attempt, as far as rights go; None: it is not for such people."""


def the_wish(attempt: Attempt) -> set[str]:
    """As the service decides it, for the command line and every other door that moves."""
    decision = decide(attempt.definition, attempt.case, Fire(attempt.step), attempt.facts)
    return _of_rights(decision.reasons) if isinstance(decision, Refused) else set()


def the_options(attempt: Attempt) -> set[str]:
    """As it is offered before anybody fills the form."""
    offered = next(each for each in options(attempt.definition, attempt.case, attempt.facts) if each.step == attempt.step)
    return _of_rights(offered.reasons)


def who_is_named(attempt: Attempt) -> set[str] | None:
    """Whether he is named among those who can."""
    if attempt.facts.actor.kind != "person":
        return None
    step = attempt.definition.states[attempt.case.state].steps[attempt.step]
    before = before_of(attempt.definition, attempt.case, step)
    found = who_can(attempt.definition, attempt.case, before, step, [attempt.facts.actor], attempt.facts)
    return {"not_authorised"} if not found else {"separation_of_duties"} if found[0].hindrances else set()


def the_rung(attempt: Attempt) -> set[str] | None:
    """As a clock, or an automatic step, performs it."""
    if attempt.facts.actor.kind != "system":
        return None
    found = move(attempt.definition, attempt.case, attempt.step, {}, None, attempt.facts, fired_by="clock/due")
    return _of_rights(found) if isinstance(found, tuple) else set()


DOORS: Mapping[str, Door] = {"wish": the_wish, "options": the_options, "who can": who_is_named, "rung": the_rung}
"""Every door there is. A new one is a function here."""


def crew_of(definition: CompiledDefinition, *, others: int) -> Crew:
    """The crew of the roles that the definition knows, and of so many of all the others."""
    foreign = [role for role in ROLES if role not in definition.roles]
    return crew([*(role for role in ROLES if role in definition.roles), *foreign[:others]])


def everybody(definition: CompiledDefinition, people: Crew) -> Iterator[tuple[Who, Actor]]:
    """The crew, every party, a stranger to all parties, an integration and the system."""
    yield from ((Who(each), people.roster.actor(each, NOW)) for each in people.roster.people)
    for party in [*definition.parties, "neighbour"]:
        yield Who(party, "party"), Actor(party, "party", party=party)
    yield Who("integration", "integration"), INTEGRATION
    yield Who("system", "system"), Actor("system", "system")
    yield Who("parent", "parent"), Actor("parent", "parent")


def situations(definition: CompiledDefinition, who: Who, lent: list[str]) -> Iterator[Situation]:
    """A stranger to the case; one who stands in its fields and has done every step; one who stands in for such a one."""
    yield Situation(LINEAGE)
    steps = sorted({step for state in definition.states.values() for step in state.steps} | set(definition.starts))
    fields = [name for name, rule in definition.fields.items() if rule.kind.name == "person"]
    for name in dict.fromkeys((who.name, *lent)):
        yield Situation(LINEAGE, dict.fromkeys(fields, name), name, tuple((step, "another") for step in steps))
        yield Situation(LINEAGE, dict.fromkeys(fields, "another"), "another", tuple((step, name) for step in steps))


def case_in(definition: CompiledDefinition, state: str, situation: Situation) -> Case:
    """A case that has come to this, however that was."""
    performed = tuple(Performance(step, actor, None, NOW) for step, actor in situation.performed)
    outcome = definition.states[state].outcome
    return Case("1", "N-1", definition.workflow, definition.digest, situation.units[0], state, outcome, situation.persons,
                situation.assignee, performed, 1, NOW, NOW, NOW if outcome else None, NOW, 1, 1)  # fmt: skip


def compare(definition: CompiledDefinition, people: Crew) -> tuple[int, int, list[tuple[object, ...]]]:
    """Everybody in every situation before every step, through every door: how many attempts, how many rightful, and what differs."""
    judge = Judge(document_of(definition.workflow), people.register)
    tried, rightful = 0, 0
    wrong: list[tuple[object, ...]] = []
    for who, actor in everybody(definition, people):
        facts = Facts(NOW, actor, SHANGHAI, people.roster.lineages, calendars=definition.calendars, case_id="1", number="N-1")
        for situation in situations(definition, who, [str(delegator) for delegator, _ in people.register.lent(who.name)]):
            for state in definition.states:
                case, steps = case_in(definition, state, situation), judge.steps_in(state)
                assert definition.states[state].steps.keys() == steps.keys()
                for name, step in steps.items():
                    expected = judge.against(step, who, situation)
                    rightful += not expected
                    for door, found in _through_all(Attempt(definition, case, name, facts)):
                        tried += 1
                        if found != (expected if door != "who can" or "not_authorised" not in expected else {"not_authorised"}):
                            wrong.append((door, state, name, who, situation, found, expected))
    return tried, rightful, wrong


def _through_all(attempt: Attempt) -> Iterator[tuple[str, set[str]]]:
    for name, door in DOORS.items():
        found = door(attempt)
        if found is not None:
            yield name, found


def _of_rights(reasons: Iterable[Reason | Why]) -> set[str]:
    return {reason.code for reason in reasons if reason.code in OF_RIGHTS}


def _judged(definition: CompiledDefinition, people: Crew, told: Tell) -> None:
    run = Run(30, "pure")
    tried, rightful, wrong = compare(definition, people)
    run.figures |= {"workflow": definition.workflow, "people": len(people.roster.people), "rightful": rightful, "doors": len(DOORS)}
    told(run, tried, len(wrong))
    assert wrong[:3] == []
    assert 0 < rightful < tried / 2


@pytest.mark.reliability
@pytest.mark.parametrize("definition", EACH)
def test_a_step_is_open_to_exactly_those_whom_the_document_names(definition: CompiledDefinition, told: Tell) -> None:
    _judged(definition, crew_of(definition, others=0), told)


@pytest.mark.full
@pytest.mark.parametrize("definition", EACH)
def test_and_whoever_holds_a_role_of_another_process_changes_nothing(definition: CompiledDefinition, told: Tell) -> None:
    _judged(definition, crew_of(definition, others=len(ROLES)), told)


@pytest.mark.reliability
def test_the_judge_notices_a_right_too_many_and_one_too_few() -> None:
    definition = next(one for one in DEFINITIONS if one.workflow == "dealer-callback")
    handling = definition.states["handling"]
    resolve = handling.steps["resolve"]
    wrongs = [
        replace(resolve, by=(*resolve.by, Right("role", "dealer-cs-specialist"))),
        replace(resolve, by=(Right("role", "dealer-cs-specialist"),)),
        replace(resolve, not_by_rights=()),
    ]
    for wrong in wrongs:
        states = {**definition.states, "handling": replace(handling, steps={"resolve": wrong})}
        found = compare(replace(definition, states=states), crew(["dealer-service-supervisor", "dealer-cs-specialist"]))[2]
        assert {each[0] for each in found} >= {"wish", "options", "who can"}


ServiceDoor = Callable[[Application, str, str, str], Iterable[Reason | Why]]
"""What a door of the shell has against a person and a step of a case."""


def the_service(app: Application, number: str, person: str, step: str) -> tuple[Reason, ...]:
    """As the command line asks it."""
    answer = app.cases.handle(number, Fire(step), caller(person))
    return answer.reasons if isinstance(answer, Refused) else ()


def its_dry_run(app: Application, number: str, person: str, step: str) -> tuple[Reason, ...]:
    """The same, without effect."""
    answer = app.cases.handle(number, Fire(step), caller(person), dry_run=True)
    return tuple(causes(answer.checks))


def its_options(app: Application, number: str, person: str, step: str) -> tuple[Reason, ...]:
    """As it is offered."""
    return next(each.reasons for each in app.cases.options(number, Identity(person))[1] if each.step == step)


def the_question_why(app: Application, number: str, person: str, step: str) -> tuple[Reason, ...]:
    """As it is explained."""
    return tuple(causes(app.standing.why(number, step, {}, None, caller(person)).checks))


def a_plan(app: Application, number: str, person: str, step: str) -> tuple[Why, ...]:
    """As a move for many foresees it."""
    return app.bulk.plan(step, [number], {}, None, caller(person)).lines[0].reasons


def a_form(app: Application, number: str, person: str, step: str) -> tuple[Reason, ...]:
    """As somebody who is signed in asks what would happen if he sent the form of the step."""
    answer = SCREENS[app.settings.database].post(person, f"/cases/{number}/steps/{step}", {"do": FORESEE})
    if answer.status_code in (303, 404):  # whoever is disabled is asked to sign in, which he cannot
        raise Unknown(Label("没有", "none"))
    told = BeautifulSoup(answer.text, "html.parser").select(".open-form .faults [data-code]")
    return tuple(Reason(cast("ReasonCode", each["data-code"]), Label("", "")) for each in told)


SERVICE_DOORS: Mapping[str, ServiceDoor] = {
    "wish": the_service,
    "dry run": its_dry_run,
    "options": its_options,
    "why": the_question_why,
    "plan": a_plan,
    "form": a_form,
}
"""Every door of the shell. A rightful wish goes through those only that change nothing."""
READING = frozenset({"why", "plan", "form"})
"""Those that look at the case first: who is disabled sees none, and is not even told why."""
NOWHERE = {"unknown"}
"""What is said of a case that somebody does not see."""
SCREENS: dict[str, Reception] = {}
"""database → the browsers of its people."""


@pytest.fixture
def company(request: pytest.FixtureRequest) -> Iterator[tuple[Application, Crew]]:
    """A company with the phone repair and its crew, on the database that the test asks for."""
    url, people = request.getfixturevalue(request.param), crew([DESK, BENCH, BOSS])
    found_database(url, simulated=True, now=NOW, principal="os:owner")
    database = Database.open(url)
    publish(database, CHECKED, "os:owner", NOW)
    enrol(database, people)
    database.close()
    with Application.open(settings(url)) as app, TestClient(build(app, limits=UNHINDERED)) as client:
        SCREENS[url] = Reception(Centre(app, client))
        yield app, people


@pytest.mark.reliability
@pytest.mark.parametrize("company", ["sqlite_url"], indirect=True)
def test_nor_through_a_door_of_the_shell(company: tuple[Application, Crew], told: Tell) -> None:
    app, people = company
    run, chance = Run(30, "sqlite", seed=30), random.Random(30)
    judge = Judge(document_of("phone-repair"), people.register)
    opening = OpenCase("receive", TICKET, unit="north-1")
    number = granted(app.cases.open("phone-repair", opening, caller(f"here.{DESK}"))).outcome.number
    tried = 0
    wrong: list[object] = []
    for step, person, data in WALK:
        for found in _at_the_doors(app, people, judge, number, chance):
            tried, wrong = tried + 1, [*wrong, *found]
        granted(app.cases.handle(number, Fire(step, data), caller(person)))
    for found in _at_the_doors(app, people, judge, number, chance):
        tried, wrong = tried + 1, [*wrong, *found]
    run.figures |= {"doors": len(SERVICE_DOORS)}
    told(run, tried, len(wrong))
    assert wrong[:3] == []


@pytest.mark.reliability
@pytest.mark.parametrize("company", ["sqlite_url"], indirect=True)
def test_nor_does_an_intake_or_an_opening(company: tuple[Application, Crew], told: Tell) -> None:
    app, people = company
    run = Run(30, "sqlite")
    judge, definition = Judge(document_of("phone-repair"), people.register), app.catalog.newest("phone-repair")
    step = judge.steps_in(None)["receive"]
    wrong = []
    for place, person in enumerate(people.roster.people):
        is_rightful = "not_authorised" not in judge.against(step, Who(person), Situation(LINEAGE))
        imei = f"{1017000000000 + place:015}"
        opened = app.cases.open("phone-repair", OpenCase("receive", {**TICKET, "imei": imei}, unit="north-1"), caller(person), dry_run=True)
        sheet = Sheet(("reference", *TICKET), (Row(2, (person, *{**TICKET, "imei": imei}.values())),))
        taken = take_in(app.cases, definition, "receive", sheet, caller(person), unit="north-1")
        if not is_rightful == isinstance(opened, Granted) == bool(taken.opened):
            wrong.append((person, is_rightful, opened, taken))
    told(run, 2 * len(people.roster.people), len(wrong))
    assert wrong[:1] == []


def _asked(ask: ServiceDoor, app: Application, number: str, person: str, step: str) -> set[str]:
    try:
        return _of_rights(ask(app, number, person, step))
    except Unknown:
        return NOWHERE


def _at_the_doors(app: Application, people: Crew, judge: Judge, number: str, chance: random.Random) -> Iterator[list[object]]:
    """Some of the crew before every step of the state, through every door; what differs from the judge."""
    with app.database.read() as reader:
        record = reader.case(number)
    assert record is not None
    case = record.case
    persons = {name: value for name, value in case.data.items() if isinstance(value, str)}
    performed = tuple((act.step, each) for act in case.performed for each in act.persons)
    situation = Situation(LINEAGE, persons, case.assignee, performed)
    for name, step in judge.steps_in(case.state).items():
        for person in chance.sample(sorted(people.roster.people), 12):
            against = judge.against(step, Who(person), situation)
            is_seen = judge.sees(case.state, Who(person), situation)
            doors = {each: door for each, door in SERVICE_DOORS.items() if against or each != "wish"}
            for door, ask in doors.items():
                is_told = is_seen or (person in judge.register.disabled and door not in READING)
                expected = against if is_told else NOWHERE
                found = _asked(ask, app, number, person, name)
                yield [] if found == expected else [(door, case.state, name, person, found, expected)]
        named = app.standing.who_can(case, app.catalog.by_digest(case.digest), name) or ()
        able = {who.able.person for who in named if not who.able.hindrances}
        rightful = {each for each in people.roster.people if not judge.against(step, Who(each), situation)}
        yield [] if able == rightful else [("who can", case.state, name, able ^ rightful)]
