"""Every path that reads answers what the document says of it, whoever asks: an object of its schema, or a problem that it names."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from roles.scope import WHOLE, Scope
from tests.web.centre import Busy, Centre
from web.problem import MEDIA
from web.route import API

CALLERS = [
    pytest.param("abe", WHOLE, id="administrator"),
    pytest.param("amy", WHOLE, id="front desk"),
    pytest.param("mia", Scope(units=frozenset({"phone-02"})), id="scoped"),
    pytest.param("till", WHOLE, id="service"),
]
TEXTS = {"/workflows/{workflow}/text": "text/plain", "/workflows/{workflow}/diagram.svg": "image/svg+xml"}


@pytest.fixture(scope="module")
def document(centre: Centre) -> dict[str, Any]:
    """The document as it is served."""
    found: dict[str, Any] = centre.client.get(f"{API}/openapi.json").json()
    return found


@pytest.mark.parametrize(("holder", "scope"), CALLERS)
def test_every_answer_is_as_its_path_says(centre: Centre, busy: Busy, document: dict[str, Any], holder: str, scope: Scope) -> None:
    delivery = centre.read(f"/cases/{busy.taken}/messages", "tom")["messages"][0]["deliveries"][0]["id"]
    known = {"number": busy.taken, "workflow": "phone-repair", "step": "diagnose", "subject": "001017000000011", "person": "amy"}
    known["delivery"], asked = delivery, 0
    for path, operations in document["paths"].items():
        template = path.removeprefix(API)
        if "get" not in operations or "{id}" in template or "{field}" in template:
            continue
        answer = centre.get(template.format(**known), holder, scope)
        said = operations["get"]["responses"][str(answer.status_code)]
        media = answer.headers["content-type"].split(";")[0]
        assert media == (MEDIA if answer.status_code >= 400 else TEXTS.get(template, "application/json")), path
        if media in (MEDIA, "application/json"):
            assert [each.message for each in validator(document, said["content"][media]["schema"]["$ref"]).iter_errors(answer.json())] == []
        asked += 1
    assert asked >= 22


def test_every_list_of_a_busy_day_holds_something(centre: Centre, busy: Busy) -> None:
    """Else the answers above would prove little."""
    for path in ("cases", "overdue", "people", "absences", "delegations", "units", "roles", "incidents", "workflows"):
        assert len(centre.read(f"/{path}", "abe")[path]) >= 2, path
    assert len(centre.read("/outbox", "abe")["messages"]) >= 2
    assert len(centre.read(f"/cases/{busy.taken}/messages", "amy")["messages"]) >= 1
    assert len(centre.read(f"/cases/{busy.taken}/clocks", "amy")["clocks"][0]["cycles"][0]["rungs"]) >= 2
    assert len(centre.read(f"/cases/{busy.taken}/history", "amy")["history"]) >= 3


def test_every_operation_says_what_it_does_and_what_may_go_wrong(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    operations = [each for path in document["paths"].values() for each in path.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    for each in operations:
        assert each["summary"], each
        assert each["description"], each
        assert each["tags"][0] in {tag["name"] for tag in document["tags"]}, each
        assert {"400", "401", "403", "429", "503"} <= each["responses"].keys(), each
        assert "application/json" not in each["responses"].get("422", {}).get("content", {}), each


def test_what_is_published_is_told_whole(centre: Centre) -> None:
    found = centre.read("/workflows/phone-repair", "till")
    start = found["starts"][0]
    fields = {each["id"]: each for each in found["fields"]}

    assert start["id"] == "receive"
    assert {"kind": "integration", "name": "integration"}.items() <= start["by"][1].items()
    assert {"field": "email", "optional": True}.items() <= next(each for each in start["asks"] if each["field"] == "email").items()
    assert fields["fault"]["choices"]["battery"] == {"zh": "电池", "en": "Battery"}
    assert fields["mobile"]["personal"]
    assert "受理前须告知客户自行备份数据" in [each["zh"] for each in start["requires"]]
    assert [each["id"] for each in found["states"] if each["outcome"] == "success"]
    assert centre.get("/workflows/phone-repair/text", "till").text.count("\nworkflow: phone-repair\n") == 1
    assert centre.problem("/workflows/phone-repair", "till", version=99) == (404, "unknown")
    assert centre.problem("/workflows/phone-repare", "till") == (404, "unknown")


def validator(document: dict[str, Any], reference: str) -> Draft202012Validator:
    """Judges objects by one of the schemas of the document."""
    return Draft202012Validator({"$ref": reference, "components": document["components"]})
