"""`/metrics` counts requests by the template of their path, refusals by code, and tells what waits – nothing of any case."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from engine.runtime.tokens import Wish
from roles.scope import WHOLE
from tests.docs.pages import REFERENCE, section
from tests.runtime.company import TICKET, Company, found, open_company
from web.app import build
from web.logs import Silence
from web.observing import observe

Labels = tuple[tuple[str, str], ...]
Samples = dict[str, dict[Labels, float]]
CASE = "/api/v1/cases/{number}"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A company with one case."""
    url = f"sqlite:///{tmp_path_factory.mktemp('metrics') / 'aftercare.db'}"
    found(url)
    with open_company(url) as company:
        company.opened()
        yield company


class Counted:
    """A server, and what it has counted since the beginning of a test."""

    def __init__(self, company: Company) -> None:
        web = build(company.app)
        web.get("/api/v1/boom")(boom)
        self.client = TestClient(web, raise_server_exceptions=False)
        self.get = self.client.get
        self.begin()

    def begin(self) -> None:
        """Count from here."""
        self._before = read(self.client)

    def since(self, name: str) -> dict[Labels, float]:
        """What was added to a counter, by labels."""
        before = self._before.get(name, {})
        grown = {labels: value - before.get(labels, 0) for labels, value in read(self.client).get(name, {}).items()}
        return {labels: more for labels, more in grown.items() if more}


def boom() -> None:
    """A defect."""
    raise RuntimeError("12800000001")


@pytest.fixture(scope="module")
def server(company: Company) -> Counted:
    """One for all tests."""
    return Counted(company)


@pytest.fixture
def counted(server: Counted) -> Counted:
    """The same, counting from here."""
    server.begin()
    return server


def read(client: TestClient) -> Samples:
    """Name → labels → value, as Prometheus reads it."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    found: Samples = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[labelled(**sample.labels)] = sample.value
    return found


def watched(company: Company) -> TestClient:
    """What answers to those who watch, without the rest of a server; it has read nothing yet."""
    web = FastAPI()
    observe(web, company.app, Silence())
    return TestClient(web)


def labelled(**labels: str) -> Labels:
    """Labels as they are compared."""
    return tuple(sorted(labels.items()))


def test_a_request_is_counted_by_the_template_of_its_path(counted: Counted) -> None:
    for number in ("DR26-0001", "DR26-0002"):
        counted.get(f"/api/v1/cases/{number}")
    counted.get("/12800000001")
    counted.client.request("BREW", "/api/v1/cases/DR26-0001")
    for path in ("/healthz", "/readyz", "/metrics"):
        counted.get(path)

    assert counted.since("aftercare_requests_total") == {
        labelled(route=CASE, method="GET", status="401"): 2,
        labelled(route="unmatched", method="GET", status="404"): 1,
        labelled(route=CASE, method="other", status="405"): 1,
    }
    assert counted.since("aftercare_request_seconds_count")[labelled(route=CASE, method="GET")] == 2
    assert read(counted.client)["aftercare_requests_in_flight"] == {(): 0}


def test_refusals_are_counted_by_code_and_failed_proofs_besides(company: Company, counted: Counted) -> None:
    secret = company.app.tokens.make(Wish("cai", "测试", WHOLE), by="os:owner").secret
    counted.get("/api/v1/cases/DR26-0001")
    counted.get("/api/v1/cases/DR26-9999", headers={"Authorization": f"Bearer {secret}"})

    assert counted.since("aftercare_refusals_total") == {labelled(code="unauthenticated"): 1, labelled(code="unknown"): 1}
    assert counted.since("aftercare_authentication_failures_total") == {(): 1}
    assert counted.since("aftercare_rate_limited_total") == {}


def test_a_defect_is_counted_and_named(counted: Counted) -> None:
    answer = counted.get("/api/v1/boom")

    assert (answer.status_code, answer.json()["code"]) == (500, "defect")
    assert counted.since("aftercare_refusals_total") == {labelled(code="defect"): 1}


def test_the_database_tells_what_waits(company: Company) -> None:
    before = read(watched(company))
    with company.app.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO timers (case_id, clock, cycle, standing, fires_at, repetition, provisional, edition)"
            " SELECT id, 'c', 1, 'running', '2026-09-28T00:59:30.000000Z', 0, 0, 0 FROM cases"
        )
    after = read(watched(company))
    with company.app.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM timers")

    assert before["aftercare_open_cases"] == {labelled(workflow="desk-repair"): 1}
    assert (before["aftercare_oldest_due_timer_seconds"], after["aftercare_oldest_due_timer_seconds"]) == ({(): 0}, {(): 30})
    assert after["aftercare_database_up"] == {(): 1}


def test_without_the_database_there_are_no_figures_of_it(company: Company) -> None:
    with company.app.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE outbox RENAME TO gone")
    told = read(watched(company))
    with company.app.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO outbox")

    assert told["aftercare_database_up"] == {(): 0}
    assert "aftercare_dead_letters" not in told
    assert told["aftercare_rate_limited_total"] == {(): 0}


def test_nothing_personal_and_no_number_is_told(counted: Counted) -> None:
    counted.get("/api/v1/cases/DR26-0001", params={"q": str(TICKET["mobile"])})
    text = counted.get("/metrics").text

    for value in ("DR26-", *map(str, TICKET.values()), "cai"):
        assert value not in text


def test_every_metric_is_documented_and_none_is_left_over(counted: Counted) -> None:
    counted.get("/api/v1/cases/DR26-0001")
    named = re.findall(r"^\| `(\w+)(?:\{([^}]*)\})?`", section(REFERENCE / "server.md", "/metrics"), re.MULTILINE)
    documented = {name: {label for label in labels.split(", ") if label} for name, labels in named}
    found = read(counted.client)
    told = {re.sub("_(bucket|count|sum)$", "", name) for name in found}

    assert told | {"aftercare_last_work_seconds", "aftercare_open_incidents"} == set(documented)
    for name, labels in documented.items():
        for labelling in found.get(name, {}):
            assert {label for label, _ in labelling} == labels
