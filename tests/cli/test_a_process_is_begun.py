"""A new process begins with a file that checks and stories that hold, whoever is to answer for it; and with schemas for the editor."""

from __future__ import annotations

import json

import pytest

from engine.authoring.organisation import read_roles
from engine.authoring.schema import KINDS, file_name, schema_of
from engine.settings import SHIPPED
from roles.registry import OWN
from tests.cli.conftest import Terminal

ROLES = read_roles([SHIPPED / "roles"])[0]
ORGANISATIONS = sorted({role.organisation for role in ROLES.roles.values() if not role.external and role != OWN})


def found_in(company: Terminal, workflow: str) -> set[str]:
    """What a check finds in a process, which must pass it. How many people there are for its roles is no matter of the file."""
    checked = company.json("check", f"workflows/{workflow}.yaml")
    assert [each["workflow"] for each in checked["checked"]] == [workflow]
    return {each["code"] for each in checked["diagnostics"]}


def test_a_new_file_checks_and_its_stories_hold(company: Terminal) -> None:
    said = company.run("new", "return-visit", "--zh", "回访", "--en", "Return visit, by phone").stdout.splitlines()

    assert said[:2] == ["Made workflows/return-visit.yaml", "Made workflows/return-visit.scenarios.yaml"]
    assert said[-1] == "Next: aftercare check workflows/return-visit.yaml && aftercare test workflows/return-visit.yaml"
    assert found_in(company, "return-visit") <= {"single-person"}
    assert company.run("test", "workflows/return-visit.yaml").stdout.splitlines()[-1] == "4 scenarios, all passed"
    document = company.folder / "workflows" / "return-visit.yaml"
    assert 'title: {zh: 回访, en: "Return visit, by phone"}' in document.read_text("utf-8")


def test_its_stories_leave_no_rule_unnoticed(company: Terminal) -> None:
    company.run("new", "return-visit")

    told = company.json("test", "workflows/return-visit.yaml", "--coverage", "--mutation", "--least", "100")

    assert told["failed"] == 0


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_there_are_roles_for_it_in_every_organisation(company: Terminal, organisation: str) -> None:
    company.run("new", "visit", "--organisation", organisation)

    assert found_in(company, "visit") <= {"single-person"}


def test_nothing_is_written_over_and_a_bad_wish_is_one_sentence(company: Terminal) -> None:
    company.run("new", "visit", "--owner", "phone-supervisor")
    document = company.folder / "workflows" / "visit.yaml"
    document.write_text("mine", encoding="utf-8")

    assert "is there already and is not written over" in company.run("new", "visit", code=None).stderr
    assert document.read_text("utf-8") == "mine"
    assert "Expected an id of small letters" in company.run("new", "Visit", code=None).stderr
    assert "Did you mean “phone-supervisor”?" in company.run("new", "other", "--owner", "phone-superviser", code=None).stderr
    assert "Did you mean “phone”?" in company.run("new", "other", "--organisation", "phones", code=None).stderr
    assert "There is no folder “nowhere”" in company.run("new", "other", "--into", "nowhere", code=None).stderr
    assert not (company.folder / "workflows" / "other.yaml").exists()


def test_schemas_are_printed_and_written(company: Terminal) -> None:
    assert json.loads(company.run("schema").stdout) == schema_of("workflow")
    assert json.loads(company.run("schema", "people").stdout) == schema_of("people")
    assert "Did you mean “people”?" in company.run("schema", "peple", code=None).stderr

    company.run("schema", "--into", "schema")

    assert {path.name for path in (company.folder / "schema").iterdir()} == {file_name(kind) for kind in KINDS}
