"""One line for each request, with its identity, and nothing in it that came with the request: no path, query, header, body or value."""

from __future__ import annotations

import errno
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.runtime.tokens import Made, Wish
from roles.scope import WHOLE
from tests.runtime.company import TICKET, Company, found, open_company
from web.app import build
from web.logs import hear_others, log_to

MINE = "case-4711_x.y"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A company with one case."""
    url = f"sqlite:///{tmp_path_factory.mktemp('logs') / 'aftercare.db'}"
    found(url)
    with open_company(url) as company:
        company.opened()
        yield company


@pytest.fixture(scope="module")
def token(company: Company) -> Made:
    """What its clerk comes with."""
    return company.app.tokens.make(Wish("cai", "测试", WHOLE), by="os:owner")


def boom() -> None:
    """A defect that would tell something."""
    try:
        raise KeyError("canary-key")
    except KeyError as error:
        raise ValueError("canary-value 12800000001") from error


class Written:
    """A server, and what it has written down."""

    def __init__(self, company: Company) -> None:
        self._stream = io.StringIO()
        self.web = build(company.app, log_to(self._stream))
        self.web.get("/api/v1/boom")(boom)
        self.client = TestClient(self.web, raise_server_exceptions=False)

    def forget(self) -> None:
        """Begin with an empty page."""
        self._stream.seek(0)
        self._stream.truncate()

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture(scope="module")
def server(company: Company) -> Written:
    """One for all tests."""
    return Written(company)


@pytest.fixture
def written(server: Written) -> Written:
    """The same, with nothing written down yet."""
    server.forget()
    return server


def test_a_request_is_one_line(written: Written, token: Made) -> None:
    answer = written.client.get("/api/v1/cases/DR26-0001", headers={"Authorization": f"Bearer {token.secret}"})

    (line,) = written.lines
    assert line["ms"] > 0
    assert {name: value for name, value in line.items() if name not in ("time", "ms")} == {
        "level": "info",
        "event": "request",
        "id": answer.headers["X-Request-Id"],
        "method": "GET",
        "route": "/api/v1/cases/{number}",
        "status": 200,
        "principal": f"token:{token.token.id}/cai",
    }


def test_a_refusal_tells_its_code(written: Written) -> None:
    written.client.get("/api/v1/cases/DR26-0001")

    assert [(line["status"], line["code"]) for line in written.lines] == [(401, "unauthenticated")]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_whoever_only_watches_is_not_written_down(written: Written, path: str) -> None:
    assert written.client.get(path).status_code == 200
    assert written.lines == []


def test_the_identity_is_that_of_the_caller(written: Written) -> None:
    answer = written.client.get("/api/v1/cases/DR26-0001", headers={"X-Request-Id": MINE})

    assert (answer.headers["X-Request-Id"], written.lines[0]["id"]) == (MINE, MINE)


@pytest.mark.parametrize("wild", ["short", "x" * 65, "with space", 'quo"te-1234', "12345678\u00e9", "12345678\t", "../../etc/passwd"])
def test_a_wild_identity_is_replaced(written: Written, wild: str) -> None:
    answer = written.client.get("/api/v1/cases/DR26-0001", headers={b"X-Request-Id": wild.encode("latin-1")})

    assert answer.headers["X-Request-Id"] != wild
    assert wild not in written.text


def test_nothing_that_came_with_a_request_is_written(written: Written, token: Made) -> None:
    client, headers = (
        written.client,
        {"Authorization": f"Bearer {token.secret}", "Idempotency-Key": "canary-key", "User-Agent": "canary-agent"},
    )
    client.get("/api/v1/cases/DR26-0001?q=canary-query", headers=headers)
    client.get("/canary-path%0a%7b%22level%22%3a%22info%22%7d", headers=headers)
    client.post("/api/v1/cases/DR26-0001/transitions/canary-step", json={"data": {"work": "canary-body"}}, headers=headers)
    client.post("/api/v1/cases/DR26-0001/transitions/take", json={"canary-member": TICKET["mobile"]}, headers=headers)
    client.request("CANARY", "/api/v1/cases/DR26-0001", headers=headers)

    assert len(written.lines) == 5
    for canary in ("canary", "CANARY", str(TICKET["mobile"]), str(TICKET["imei"]), token.secret, "DR26"):
        assert canary not in written.text


def test_an_exception_tells_where_and_not_what(written: Written) -> None:
    answer = written.client.get("/api/v1/boom")

    defect, request = written.lines
    assert (answer.status_code, answer.json()["id"]) == (500, defect["id"])
    assert (defect["level"], defect["event"], request["status"], request["code"]) == ("error", "defect", 500, "defect")
    assert defect["raised"].startswith("ValueError in ")
    assert " < KeyError in " in defect["raised"]
    assert "boom" in defect["raised"]
    assert "canary" not in written.text + answer.text


@pytest.mark.parametrize(
    "wild", ['a\nb {"level": "error"}', "a\r\nb", "a\u2028b", "a\x1b[31mb", "a\x9b31mb", "a\x00b", "a\x85b", "工单\u202e"]
)
def test_whatever_a_value_holds_a_line_stays_a_line(wild: str) -> None:
    stream = io.StringIO()

    log_to(stream).info("request", principal=wild)

    (line,) = stream.getvalue().splitlines()
    assert all(char.isprintable() for char in line)
    assert json.loads(line)["principal"].startswith(("a\\u", "工单\\u"))


def test_a_long_value_is_cut() -> None:
    stream = io.StringIO()

    log_to(stream).info("request", principal="x" * 10_000)

    assert len(stream.getvalue()) < 400


def test_of_a_library_the_words_are_told_without_values_and_our_own_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, root = io.StringIO(), logging.getLogger()
    for name in ("handlers", "level"):
        monkeypatch.setattr(root, name, getattr(root, name))
    hear_others(log_to(stream))

    logging.getLogger("library").warning("the value is %s", "canary")
    logging.getLogger("aftercare.sources").warning("the source is %s", "courier")

    assert [json.loads(line)["what"] for line in stream.getvalue().splitlines()] == ["the value is %s", "the source is courier"]


class Full(io.StringIO):
    """A stream on a disk that has no room."""

    def write(self, _: str) -> int:
        """Nothing more goes there."""
        raise OSError(errno.ENOSPC, "full")


def test_a_log_that_cannot_be_written_keeps_nobody_from_being_served(company: Company) -> None:
    gone = io.StringIO()
    gone.close()
    for stream in (gone, Full()):
        assert TestClient(build(company.app, log_to(stream))).get("/api/v1/cases/DR26-0001").status_code == 401
