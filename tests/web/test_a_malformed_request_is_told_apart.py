"""A request that is not as it must be is refused before anything is done, in our own words, with the place of each fault."""

from __future__ import annotations

import json

import pytest
from starlette.requests import Request

from engine.errors import Unavailable
from engine.label import Label
from tests.web.counter import Counter, problem, ticket
from web.problem import of_error

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({**ticket(), "state": "closed", "force": True}, ["/body/state", "/body/force"]),
        ({**ticket(), "user": "sun"}, ["/body/user"]),
        ({**ticket(), "workflow": 5, "data": []}, ["/body/workflow", "/body/data"]),
        ({"workflow": "desk-repair"}, ["/body/start"]),
        ({**ticket(), "reference": "x" * 201}, ["/body/reference"]),
        ({**ticket(), "reference": "x\n"}, ["/body/reference"]),
        ([], ["/body"]),
        (None, ["/body"]),
    ],
)
def test_every_fault_is_told_with_its_place(counter: Counter, body: object, places: list[str]) -> None:
    said = problem(counter.ask("POST", "/cases", content=json.dumps(body), headers=JSON), 400, "misuse")
    assert [each["place"] for each in said["faults"]] == places
    assert not any(word in json.dumps(said) for word in ("Input should", "Field required", "Extra inputs"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "not valid JSON at character 1"),
        ("", "missing"),
        ('{"data": {}, "data": {}}', "stands there twice"),
        ('{"data": {"fee": NaN}}', "NaN is no number of JSON"),
        ('{"data": {"fee": 1e400}}', "1e400 is no number of JSON"),
        ('{"data": {"work": "\\u0000"}}', "no database keeps"),
        ('{"data": {"work": "\\ud800"}}', "half a character"),
        ('{"\\udc00": 1}', "half a character"),
        ("[" * 100_000, "nested more than 32 deep"),
        ('{"data": {"work": ' + "[" * 40 + "]" * 40 + "}}", "nested more than 32 deep"),
        ('{"data": "\udcff"}', "not encoded in UTF-8"),  # the byte FF, as surrogateescape writes it
    ],
)
def test_a_body_that_nobody_can_work_with_is_refused(counter: Counter, content: str, told: str) -> None:
    answer = counter.ask("POST", "/cases/DR26-0001/transitions/take", content=content.encode(errors="surrogateescape"), headers=JSON)
    assert told in problem(answer, 400, "misuse")["detail"]


def test_a_path_that_is_not_quite_right_leads_nowhere_else(counter: Counter) -> None:
    problem(counter.ask("GET", "/cases/", follow_redirects=False), 404, "unknown")


def test_a_body_of_another_kind_is_refused(counter: Counter) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        problem(counter.ask("POST", "/cases", content=json.dumps(ticket()), headers={"Content-Type": kind}), 415, "unsupported_media")


@pytest.mark.parametrize("query", ["dryrun=true", "dry_run=true&dry_run=false", "dry_run=perhaps", "force=1"])
def test_a_parameter_that_nobody_heeds_is_refused(counter: Counter, query: str) -> None:
    problem(counter.post(f"/cases?{query}", ticket()), 400, "misuse")


def test_paths_and_methods_that_are_none_are_problems_too(counter: Counter) -> None:
    problem(counter.ask("GET", "/nothing"), 404, "unknown")
    assert problem(counter.ask("DELETE", "/cases"), 405, "method_not_allowed")
    assert "POST" in counter.ask("PATCH", "/cases").headers["allow"]


@pytest.mark.parametrize("path", ["/cases/%00/comments", "/outbox/DR26-0001%00/1.1/resend", "/plans/%00"])
def test_a_character_that_no_database_keeps_is_in_no_path(counter: Counter, path: str) -> None:
    problem(counter.post(path, {"text": "?"}), 404, "unknown")
    problem(counter.post("/cases?dry_run=%00", ticket()), 400, "misuse")


def test_who_is_nobody_learns_nothing(counter: Counter) -> None:
    for headers in ({}, {"Authorization": "Bearer aftercare_0_x"}, {"Authorization": "Basic eDp5"}):
        answer = counter.ask("POST", "/cases", None, ticket(), headers=headers)
        problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_failure_of_the_system_tells_the_log_alone_where_the_database_lies() -> None:
    request = Request({"type": "http", "headers": []})
    answer = of_error(request, Unavailable(Label("无法打开 /srv/shop.db。", "/srv/shop.db cannot be opened.")))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert b"/srv" not in answer.body
    assert request.state.said == "/srv/shop.db cannot be opened."


def test_a_problem_speaks_the_language_that_is_asked_for(counter: Counter) -> None:
    for wanted, detail in (("en-GB,en;q=0.9", "There is no case “X”."), ("zh-CN", "没有工单“X”。"), ("fr", "没有工单“X”。")):
        answer = counter.ask("POST", "/cases/X/comments", body={"text": "?"}, headers={"Accept-Language": wanted})
        assert answer.json()["detail"] == detail
