"""From a scenario file to a script, or to everything in it that does not exist: workflows, steps, fields, persons, clocks, instants.

Each with its place and the nearest name. Whether a story comes out as it says is not asked here (`running`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.authoring.diagnostic import Diagnostic, arranged, has_errors
from engine.authoring.document import Document
from engine.authoring.loader import load
from engine.authoring.scenario.casting import OUTSIDERS, TOP, units_of
from engine.authoring.scenario.knowing import Known, instant, known_name
from engine.authoring.scenario.moment import check_moment
from engine.authoring.scenario.script import Script
from engine.authoring.scenario.setting import Setting
from engine.core.problem import Path, Problem
from engine.definition.scenario import RoleHeld, Scenario, ScenarioFile, StartingIn
from engine.label import Label

_RESERVED = frozenset({"nobody", "none", "system", "assignee", "actor", "somebody", *OUTSIDERS})


def read_script(document: Document, setting: Setting, roles: Collection[str]) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    """The script in a document, and everything that is wrong with it; with an error the first is None.

    `roles`: those that people of the department can hold.
    """
    file, found = load(document, ScenarioFile)
    if file is None:
        return None, found
    found = arranged((*found, *(Diagnostic.of(problem, document) for problem in _problems(file, document, setting, roles))))
    return (None if has_errors(found) else Script.of(document, file)), found


def _problems(file: ScenarioFile, document: Document, setting: Setting, roles: Collection[str]) -> Iterator[Problem]:
    definition = setting.definitions.get(file.workflow)
    yield from _people(file, roles)
    if definition is None:
        yield from known_name("unknown-workflow", Label("流程", "workflow"), file.workflow, setting.definitions, ("workflow",))
        return
    for name in file.people:
        if name in definition.parties or name in _RESERVED:
            sentence = Label("人员不能叫“{name}”：此词另有所指", "a person cannot be called “{name}”: the word means somebody else")
            yield Problem(
                "reserved-name", ("people", name), sentence.fill(name=name), Label("换一个标识。", "Choose another id."), of_key=True
            )
    known = Known(file, document, setting, definition, frozenset(roles))
    for number, scenario in enumerate(file.scenarios):
        yield from _scenario(known, scenario, ("scenarios", number))


def _people(file: ScenarioFile, roles: Collection[str]) -> Iterator[Problem]:
    units = units_of(file)
    for unit, above in file.units.items():
        if above != TOP:
            yield from known_name("unknown-unit", Label("单位", "unit"), above, [*units, TOP], ("units", unit))
    for person, held in file.people.items():
        for place, role in enumerate(held):
            path: Path = ("people", person, place)
            if isinstance(role, RoleHeld):
                yield from known_name("unknown-role", Label("角色", "role"), role.role, roles, (*path, "role"))
                yield from known_name("unknown-unit", Label("单位", "unit"), role.unit, units, (*path, "unit"))
                continue
            yield from known_name("unknown-role", Label("角色", "role"), role, roles, path)
            if len(units) > 1:
                sentence = Label(
                    "有多个单位，应写明“{role}”在哪个单位", "expected the unit in which “{role}” is held, since there are several"
                )
                way_out = Label("请写“{{role: {role}, unit: …}}”。", "Write “{{role: {role}, unit: …}}”.")
                yield Problem("missing-key", path, sentence.fill(role=role), way_out.fill(role=role))


def _scenario(known: Known, scenario: Scenario, path: Path) -> Iterator[Problem]:
    yield from instant(scenario.at, (*path, "at"))
    if scenario.starting_in is not None:
        yield from _starting(known, scenario.starting_in, (*path, "starting_in"))
    for place, earlier in enumerate(scenario.earlier):
        here: Path = (*path, "earlier", place)
        if earlier.workflow is not None:
            yield from known_name(
                "unknown-workflow", Label("流程", "workflow"), earlier.workflow, known.setting.definitions, (*here, "workflow")
            )
        yield from instant(earlier.opened_at, (*here, "opened_at"))
        if earlier.ended_at is not None:
            yield from instant(earlier.ended_at, (*here, "ended_at"))
        yield from known.fields(known.definition, earlier.fields, (*here, "fields"))
    unique = {rule.id: rule for rule in known.definition.unique}
    for name in scenario.taken:
        yield from known.fields(known.definition, {name: None}, (*path, "taken"))
        if name in known.definition.fields and name not in unique:
            sentence = Label("字段“{name}”不是 unique，无所谓占用", "the field “{name}” is not unique: nothing of it can be taken")
            yield Problem("not-allowed-here", (*path, "taken", name), sentence.fill(name=name), of_key=True)
    for place, moment in enumerate(scenario.steps):
        yield from check_moment(known, moment, (*path, "steps", place))


def _starting(known: Known, starting: StartingIn, path: Path) -> Iterator[Problem]:
    definition = known.definition
    yield from known.state(definition, starting.state, (*path, "state"))
    yield from known.fields(definition, starting.fields, (*path, "fields"))
    for name in starting.fields:
        if name in definition.fields and definition.fields[name].computed:
            sentence = Label("“{name}”是计算得出的，不能给值", "“{name}” is computed: it is not given").fill(name=name)
            yield Problem("computed-written", (*path, "fields", name), sentence, of_key=True)
    for place, done in enumerate(starting.done):
        here: Path = (*path, "done", place)
        performers: Mapping[str, str | None] = done if isinstance(done, dict) else {done: None}
        for step, person in performers.items():
            yield from known.step(definition, step, (*here, step) if isinstance(done, dict) else here, of_key=isinstance(done, dict))
            if person is not None:
                yield from known.actor(definition, person, (*here, step))
    if starting.assignee is not None:
        yield from known.person(starting.assignee, (*path, "assignee"))
    units = units_of(known.file)
    if starting.unit is not None:
        yield from known.unit(starting.unit, (*path, "unit"))
    elif len(units) > 1 and "unit" not in starting.fields:
        sentence = Label("有多个单位，应写明工单属于哪个单位", "expected the unit to which the case belongs, since there are several")
        yield Problem("missing-key", path, sentence, Label("补上“unit: …”。", "Add “unit: …”."), of_key=True)
