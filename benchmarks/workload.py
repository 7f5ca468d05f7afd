"""The workload *repair-7*: one worker, many cases, seven moves each, one durable transaction a move.

Every move but the last puts a new timer in the place of the one before, the last takes it away; two moves write what is to be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.app import Application
from engine.authoring.document import read
from engine.authoring.library import Library, check_documents
from engine.authoring.supplies import read_supplies
from engine.core.command import Fire, OpenCase
from engine.label import Label
from engine.runtime.answer import Granted
from engine.runtime.caller import Caller
from engine.runtime.publishing import publish
from engine.settings import Settings
from engine.store import people
from engine.store.database import Database
from engine.store.record import Provenance
from roles.actor import Role
from roles.assignment import Assignment
from roles.registry import RoleRegistry
from roles.staff import Person

MOVES = ("take", "diagnose", "repair", "test", "inspect", "hand_over", "call")
STATES = ("received", "diagnosing", "repairing", "testing", "inspecting", "returning", "calling", "closed")
WORKER = Caller(Provenance("cli", "os:bench"), "worker")
ROLE = "bench-worker"

REGISTRY = RoleRegistry.of([Role(ROLE, Label("维修员", "Worker"), "bench")])


def library() -> Library:
    """The definition, with its calendar and the messages it names."""
    folder = Path(__file__).parent
    document = read((folder / "repair7.yaml").read_bytes(), "repair7.yaml")
    return check_documents([document], REGISTRY, read_supplies([folder]))


def company(url: str, *, simulated: bool = False) -> Application:
    """A fresh database with the definition published and one worker."""
    began = datetime(2026, 1, 1, tzinfo=UTC)
    database = Database.create(url, simulated=simulated, now=began)
    publish(database, library().checked, "os:bench", began)
    with database.write() as connection:
        people.save_person(connection, Person("worker", "样例工程师01"))
        people.assign(connection, Assignment("worker", ROLE, None, began), at=began, by="os:bench")
    database.close()
    return opened(url)


def opened(url: str) -> Application:
    """The company of a database that was made before."""
    return Application.open(Settings(url, "en", ZoneInfo("Asia/Shanghai"), (), ()))


def open_cases(app: Application, count: int) -> list[str]:
    """The numbers of freshly opened cases."""
    numbers = []
    for index in range(count):
        answer = app.cases.open("repair-seven", OpenCase("receive", {"customer": f"测试客户{index}", "symptom": "不开机"}), WORKER)
        assert isinstance(answer, Granted)
        numbers.append(answer.outcome.number)
    return numbers


def moves(numbers: list[str]) -> Iterator[tuple[str, str, str]]:
    """(number, step, minutes): every case's first move, then every case's second, and so on."""
    for step in MOVES:
        for index, number in enumerate(numbers):
            yield number, step, str(index % 500)


def fire(app: Application, number: str, step: str, minutes: str) -> None:
    """One move through the public service."""
    answer = app.cases.handle(number, Fire(step, {"minutes": minutes}), WORKER)
    assert isinstance(answer, Granted)
