"""The OpenAPI document tells all that who calls has to know: what each operation does, an example, what may go wrong, where to go on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.web.counter import Counter as Desk
from web.documentation import EVERYWHERE, TAGS
from web.problem import MEDIA
from web.route import API

PROBLEM = {"$ref": "#/components/schemas/ProblemObject"}
LARGEST = 256 * 1024
"""Bytes of the document: it is read by people's tools each morning."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the document."""

    path: str
    method: str
    said: dict[str, Any]

    @property
    def id(self) -> str:
        """What links and clients call it."""
        id: str = self.said["operationId"]
        return id

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """Of its path, its query and its headers."""
        found: list[dict[str, Any]] = self.said.get("parameters", [])
        return found

    @property
    def json(self) -> dict[str, Any] | None:
        """What it says of its body, if that is JSON."""
        found: dict[str, Any] | None = self.said.get("requestBody", {}).get("content", {}).get("application/json")
        return found


@pytest.fixture(scope="module")
def document(counter: Desk) -> dict[str, Any]:
    """The document as it is served."""
    found: dict[str, Any] = counter.client.get(f"{API}/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> list[Operation]:
    """All of them."""
    return [Operation(path, method, said) for path, methods in document["paths"].items() for method, said in methods.items()]


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(operations: list[Operation]) -> None:
    assert [id for id, times in Counter(each.id for each in operations).items() if times > 1] == []
    assert [each.id for each in operations if len(each.said["tags"]) != 1 or not each.said["description"].strip().endswith(".")] == []
    assert [each.id for each in operations if each.said["summary"] != each.id.replace("_", " ").capitalize()] == []


def test_every_noun_stands_there_once_and_is_used(document: dict[str, Any], operations: list[Operation]) -> None:
    names = [each["name"] for each in document["tags"]]
    assert names == [each["name"] for each in TAGS]
    assert len(set(names)) == len(names)
    assert {tag for each in operations for tag in each.said["tags"]} == set(names)


def test_every_operation_names_its_problems_and_answers_none_in_other_words(operations: list[Operation]) -> None:
    for each in operations:
        statuses = {int(status) for status in each.said["responses"]}
        due = {*EVERYWHERE, *({413, 415} if each.json is not None else ()), *({404} if _names_something(each) else ())}
        assert statuses >= due, each.id
        for status in (status for status in statuses if status >= 400):
            assert each.said["responses"][str(status)]["content"] == {MEDIA: {"schema": PROBLEM}}, each.id


def test_the_framework_says_nothing_of_its_own(document: dict[str, Any]) -> None:
    assert "ValidationError" not in json.dumps(document)
    assert len(json.dumps(document)) < LARGEST


def test_every_value_that_must_be_given_has_an_example(document: dict[str, Any], operations: list[Operation]) -> None:
    required = [(each.id, parameter) for each in operations for parameter in each.parameters if parameter["required"]]
    assert [(id, parameter["name"]) for id, parameter in required if not parameter["schema"].get("examples")] == []
    bodies = 0
    for each in operations:
        for example in _examples(document, each):
            assert [wrong.message for wrong in _validator(document, (each.json or {})["schema"]).iter_errors(example)] == [], each.id
            bodies += 1
    assert bodies >= sum(each.json is not None for each in operations) >= 14


def test_a_parameter_is_never_null(operations: list[Operation]) -> None:
    assert [each.id for each in operations for parameter in each.parameters if "null" in json.dumps(parameter["schema"])] == []


def test_every_link_leads_somewhere(document: dict[str, Any], operations: list[Operation]) -> None:
    known = {each.id: {parameter["name"] for parameter in each.parameters if parameter["in"] == "path"} for each in operations}
    linked = set()
    for each in operations:
        for answer in each.said["responses"].values():
            for link in answer.get("links", {}).values():
                assert link["parameters"].keys() <= known[link["operationId"]], each.id
                for pointer in link["parameters"].values():
                    assert _leads(document, answer["content"]["application/json"]["schema"], pointer.partition("#/")[2].split("/")), pointer
                linked.add(link["operationId"])
    assert {"read_case", "perform_step", "confirm_plan", "drop_plan", "resolve_incident", "replay_event"} <= linked


def _names_something(operation: Operation) -> bool:
    """Whether what its path names may not be there. A subject of which nobody knows has no cases."""
    return "{" in operation.path and operation.id != "read_subject"


def _examples(document: dict[str, Any], operation: Operation) -> Iterator[Any]:
    """At least one of the body of an operation, if that is JSON."""
    content = operation.json
    if content is None:
        return
    schema = _resolved(document, content["schema"])
    found = [*schema.get("examples", ()), *([content["example"]] if "example" in content else ())]
    assert found, operation.id
    yield from found


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def _leads(document: dict[str, Any], schema: dict[str, Any], steps: list[str]) -> bool:
    """Whether an answer of this schema may have a value there."""
    schema = _resolved(document, schema)
    if "anyOf" in schema:
        return all(_leads(document, each, steps) for each in schema["anyOf"])
    if not steps:
        return True
    below = schema.get("items") if steps[0] == "0" else schema.get("properties", {}).get(steps[0])
    return below is not None and _leads(document, below, steps[1:])


def _validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document["components"]})
