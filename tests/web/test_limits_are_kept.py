"""What is too large, too slow, too often or one too many is turned away before anybody works on it, and says when to come again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from engine.errors import AftercareError
from engine.label import Label
from engine.runtime.budget import Rate
from tests.web.counter import problem
from web.body import FILES, Bodies
from web.gate import Gate
from web.limits import Limits
from web.problem import KINDS, STATUS_OF_ERRORS, STATUS_OF_REASONS
from web.route import API

SMALL = Limits(body=100, file=200, address=200, headers=600, per_token=Rate(0.001, 3), failures=Rate(0.001, 2), at_once=1, files_at_once=1)
JSON = {"Content-Type": "application/json"}
ENGLISH = {"Accept-Language": "en"}


class Counted:
    """An application that reads its body, knows the token `good`, and counts what has come so far."""

    def __init__(self) -> None:
        self.seen = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        more = scope["method"] in ("POST", "PUT")
        while more:
            more = (await receive()).get("more_body", False)
        self.seen += 1
        is_good = any(value.split()[-1:] == [b"good"] for name, value in scope["headers"] if name == b"authorization")
        if is_good:
            scope.setdefault("state", {})["principal"] = "token:1/till"
        await send({"type": "http.response.start", "status": 200 if is_good else 401, "headers": []})
        await send({"type": "http.response.body"})


def behind(app: Any, limits: Limits = SMALL) -> TestClient:
    return TestClient(Gate(Bodies(app, limits), limits), headers={"Authorization": "Bearer good", **ENGLISH})


def pieces(*sizes: int) -> Iterator[bytes]:
    for size in sizes:
        yield b" " * size


@pytest.mark.parametrize(("path", "most"), [(f"{API}/cases", 100), (FILES, 200)])
def test_a_body_is_as_large_as_may_be_and_no_larger(path: str, most: int) -> None:
    app = Counted()
    client = behind(app)
    assert client.post(path, content=b"[" + b" " * (most - 2) + b"]", headers=JSON).status_code == 200
    for content in (b" " * (most + 1), pieces(most, 1)):  # with and without a Content-Length
        problem(client.post(path, content=content, headers=JSON), 413, "too_large")
    assert app.seen == 1


def test_addresses_and_headers_have_an_end() -> None:
    app = Counted()
    problem(behind(app).get(f"{API}/cases?{'x' * 200}"), 414, "too_large")
    problem(behind(app).get(f"{API}/cases", headers={"X-Long": "x" * 600}), 431, "too_large")
    assert app.seen == 0


def test_a_token_that_asks_too_often_waits() -> None:
    client = behind(Counted())
    answers = [client.get(f"{API}/cases") for _ in range(5)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
    problem(answers[-1], 429, "too_many")
    assert int(answers[-1].headers["retry-after"]) > 900
    assert answers[0].headers["ratelimit-policy"] == '"token";q=3;w=3000'
    assert [each.headers["ratelimit"] for each in answers[:3]] == [f'"token";r={left};t=3000' for left in (2, 1, 0)]


def test_a_token_is_the_same_however_its_header_is_written() -> None:
    client = behind(Counted())
    written = ("Bearer good", "bearer good", "BEARER   good", "Bearer good ", "beareR good")
    assert [client.get(f"{API}/cases", headers={"Authorization": each}).status_code for each in written] == [200, 200, 200, 429, 429]


def test_who_guesses_tokens_waits_and_whoever_has_a_good_one_does_not() -> None:
    app = Counted()
    client = behind(app)
    assert client.get(f"{API}/cases").status_code == 200
    guesses = [client.get(f"{API}/cases", headers={"Authorization": f"Bearer {guess}"}).status_code for guess in range(5)]
    assert guesses == [401, 401, 429, 429, 429]
    assert client.get(f"{API}/cases").status_code == 200
    assert app.seen == 4


def test_paths_for_operators_have_no_gate() -> None:
    client = behind(Counted())
    assert [client.get("/healthz", headers={"Authorization": "Bearer bad"}).status_code for _ in range(5)] == [401] * 5


def test_one_too_many_at_once_is_turned_away_and_the_others_are_served() -> None:
    asyncio.run(_two_at_once())


async def _two_at_once() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        await go_on.wait()
        await Counted()(scope, receive, send)

    gate = Gate(slow, SMALL)
    first: list[Message] = []
    serving = asyncio.create_task(gate(_scope(), _nothing, _into(first)))
    await begun.wait()
    second: list[Message] = []
    await gate(_scope(), _nothing, _into(second))
    assert (second[0]["status"], dict(second[0]["headers"])[b"retry-after"]) == (503, b"5")
    go_on.set()
    await serving
    assert first[0]["status"] == 200


def test_a_body_that_does_not_arrive_is_not_waited_for() -> None:
    answered: list[Message] = []

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    asyncio.run(Bodies(Counted(), Limits(body_within=0))({**_scope(), "method": "POST"}, never, _into(answered)))
    assert answered[0]["status"] == 408


def test_every_code_has_a_status_and_every_status_a_sentence() -> None:
    assert {kind.code for kind in _descendants(AftercareError)} <= set(STATUS_OF_ERRORS)
    assert set(STATUS_OF_REASONS.values()) == {403, 409, 412, 422}
    assert all(isinstance(each.sentence, Label) for each in KINDS.values())


def _descendants(kind: type[AftercareError]) -> Iterator[type[AftercareError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


def _scope() -> dict[str, Any]:
    headers = [(b"authorization", b"Bearer good")]
    return {"type": "http", "method": "GET", "path": f"{API}/cases", "query_string": b"", "headers": headers, "client": ("192.0.2.1", 1)}


async def _nothing() -> Message:
    return {"type": "http.request"}


def _into(answered: list[Message]) -> Send:
    async def send(message: Message) -> None:
        answered.append(message)

    return send
