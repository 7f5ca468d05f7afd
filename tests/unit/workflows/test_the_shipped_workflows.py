"""Every shipped process is valid, can be done by the demonstration team, and is named in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definition.step import Step
from tests.unit.workflows import shipped

REGISTRY = shipped.registry()
TEAM = shipped.people()

every_workflow = pytest.mark.parametrize("path", shipped.WORKFLOWS, ids=lambda path: path.stem)


def performers(step: Step, fields: dict[str, str | None], unit: str) -> frozenset[str]:
    """Who of the team can do the step in a unit: holders, there or above, of its roles and of the roles of its person fields.

    In a person field without role anybody may stand.
    """
    words = {word if isinstance(word, str) else word.role for word in step.by}
    roles = {fields.get(word, word) for word in words}
    if None in roles:
        roles |= REGISTRY.roles.keys()
    here = shipped.lineage(TEAM, unit)
    return frozenset(id for id, person in TEAM.people.items() if any(held.role in roles and held.unit in here for held in person.holds))


def test_the_processes_of_the_first_release_are_there() -> None:
    assert {path.stem for path in shipped.WORKFLOWS} >= {"phone-repair", "phone-material-outbound", "phone-callback", "dealer-callback"}


@every_workflow
def test_the_document_is_valid_and_stands_under_its_own_name(path: Path) -> None:
    document = shipped.workflow(path)

    assert document.workflow == path.stem
    assert document.organisation == path.parent.name
    assert REGISTRY.role(document.owner).organisation == document.organisation


@every_workflow
def test_every_word_of_by_and_not_by_means_something(path: Path) -> None:
    document = shipped.workflow(path)
    persons = {name for name, field in document.fields.items() if field.type in ("person", "people")}
    names = {name for name, _ in shipped.steps(document)}
    known = REGISTRY.roles.keys() | document.parties.keys() | persons | {"assignee", "integration", "system", "parent"}

    for name, step in shipped.steps(document):
        assert step.by, name
        assert set(step.by) <= known, name
        assert set(step.not_by) <= known | names, name


@every_workflow
def test_a_sheet_can_be_taken_in(path: Path) -> None:
    assert any("integration" in start.by for start in shipped.workflow(path).start.values())


@every_workflow
def test_the_team_of_every_shop_can_keep_separated_duties_apart(path: Path) -> None:
    document = shipped.workflow(path)
    fields = {name: field.role for name, field in document.fields.items()}
    shops = [unit for unit, rule in TEAM.units.items() if rule.above and unit.startswith(document.organisation)]
    separated = [(name, step) for name, step in shipped.steps(document) if step.not_by]

    assert len(shops) == 2
    assert separated
    for shop in shops:
        for name, step in separated:
            assert len(performers(step, fields, shop)) >= 2, f"{name} in {shop}"
        for name, step in shipped.steps(document):
            assert performers(step, fields, shop) or step.by in (("system",), ("parent",)), f"{name} in {shop}"


def test_the_inspector_is_never_the_repairer() -> None:
    inspect = shipped.workflow(shipped.ROOT / "workflows" / "phone" / "phone-repair.yaml").states["inspecting"].transitions["inspect"]

    assert set(inspect.not_by) == {"finish", "tester"}


def test_the_caller_worked_on_neither_the_phone_nor_the_car() -> None:
    phone = shipped.workflow(shipped.ROOT / "workflows" / "phone" / "phone-callback.yaml").states["calling"].transitions
    car = shipped.workflow(shipped.ROOT / "workflows" / "dealer" / "dealer-callback.yaml").states["waiting"].transitions

    assert set(phone["call_back"].not_by) == {"tester", "repairers"}
    assert set(car["record"].not_by) == {"technician", "workers"}
