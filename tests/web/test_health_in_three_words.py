"""`/healthz` says ok, degraded or down and why, `/readyz` whether a request can be served; neither tells what is not for everybody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from engine.app import Application
from engine.runtime.health import AILMENTS
from tests.docs.pages import REFERENCE, section
from tests.runtime.company import found, settings
from web.logs import Silence
from web.observing import observe


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company on real time, as a file."""
    path = tmp_path_factory.mktemp("health") / "original.db"
    found(f"sqlite:///{path}", simulated=False, now=datetime.now(UTC))
    return path


@pytest.fixture
def app(at_work: Path, tmp_path: Path) -> Iterator[Application]:
    """A copy of it, open."""
    shutil.copy(at_work, tmp_path / "aftercare.db")
    with Application.open(settings(f"sqlite:///{tmp_path}/aftercare.db")) as app:
        yield app


def watched(app: Application) -> FastAPI:
    """What answers to those who watch, without the rest of a server."""
    web = FastAPI()
    observe(web, app, Silence())
    return web


def asked(app: Application, path: str = "/healthz") -> tuple[int, Any]:
    """What a server that has just been started answers."""
    answer = TestClient(watched(app)).get(path)
    return answer.status_code, answer.json()


def codes(app: Application) -> tuple[int, str, list[str]]:
    """Its health: the status of the answer, the word, and why."""
    status, told = asked(app)
    return status, told["status"], [each["code"] for each in told["because"]]


def test_without_a_worker_it_is_degraded_and_with_one_it_is_ok(app: Application) -> None:
    before = codes(app)
    app.sweeper.run_once()

    assert before == (200, "degraded", ["workers_silent"])
    assert codes(app) == (200, "ok", [])
    assert asked(app, "/readyz") == (200, {"ready": True})


def test_what_cannot_be_written_is_degraded_and_can_still_be_read(app: Application) -> None:
    app.sweeper.run_once()
    with app.database.write() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE UPDATE ON meta BEGIN SELECT RAISE(ABORT, 'full'); END")

    assert codes(app) == (200, "degraded", ["not_writable"])
    assert asked(app, "/readyz") == (200, {"ready": True})


def test_what_cannot_be_read_is_down(app: Application) -> None:
    with app.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE timers")

    assert codes(app) == (503, "down", ["database_unavailable"])


def test_a_database_that_another_version_has_changed_is_not_ready(app: Application) -> None:
    with app.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    assert asked(app, "/readyz") == (503, {"ready": False})


def test_a_server_that_stops_is_not_ready(app: Application) -> None:
    web = watched(app)
    web.state.watchdog.is_stopping = True

    assert TestClient(web).get("/readyz").status_code == 503


def test_a_sentence_has_no_figure_and_no_name(app: Application) -> None:
    _, told = asked(app)

    assert told["because"]
    assert set(told) == {"status", "because"}
    for each in told["because"]:
        assert set(each) == {"code", "sentence"}
        assert not any(char.isdigit() for char in str(each["sentence"]))
        assert app.database.place not in str(each)


def test_every_reason_is_documented_and_none_is_left_over() -> None:
    rows = [line.split("`")[1] for line in section(REFERENCE / "server.md", "/healthz").splitlines() if line.startswith("| `")]

    assert sorted(rows) == sorted(["ok", "degraded", "down", *(each.code for each in AILMENTS)])
