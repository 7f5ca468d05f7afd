"""Where messages are posted beside persons: kept by name, disabled and enabled, and never shown with what is secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.errors import Unknown
from engine.label import Label
from engine.store.database import Database
from engine.store.endpoints import Endpoint, KnownEndpoint, disable, enable, endpoints, save
from engine.store.people import save_unit
from roles.staff import Unit
from tests.store.story import START

HOOK = Endpoint("desk", "webhook", "https://hook.example.com/token-1", "front-desk", "center", "secret-1")
ROBOT = Endpoint("center-group", "wecom", "https://robot.example.com/?key=token-2", "manager")
WHY = Label("对方答复 410：地址已停用", "The other side answered 410: the address is gone")


@pytest.fixture
def posted(database: Database) -> Database:
    """Two endpoints, one of a unit."""
    with database.write() as connection:
        save_unit(connection, Unit("center", Label("维修中心", "Repair centre")))
        assert save(connection, HOOK, at=START, by="u01")
        assert save(connection, ROBOT, at=START, by="u01")
    return database


def known(database: Database) -> list[KnownEndpoint]:
    with database.read() as reader:
        return endpoints(reader.connection)


def test_endpoints_are_listed_by_name_as_they_were_saved(posted: Database) -> None:
    assert known(posted) == [KnownEndpoint(ROBOT, START, "u01"), KnownEndpoint(HOOK, START, "u01")]


def test_an_endpoint_is_changed_under_its_name(posted: Database) -> None:
    changed = replace(HOOK, secret="secret-2", former_secret="secret-1", renewed_at=START)
    with posted.write() as connection:
        assert not save(connection, HOOK, at=START, by="u02")
        assert save(connection, changed, at=START + timedelta(hours=1), by="u02")
    assert known(posted)[1] == KnownEndpoint(changed, START, "u01")


def test_an_endpoint_belongs_to_a_unit_that_exists(posted: Database) -> None:
    with pytest.raises(Unknown, match="centre"), posted.write() as connection:
        save(connection, replace(HOOK, unit="centre"), at=START, by="u01")
    assert known(posted)[1].endpoint == HOOK


def test_a_disabled_endpoint_says_why_until_it_is_enabled(posted: Database) -> None:
    with posted.write() as connection:
        assert disable(connection, "desk", START, WHY)
        assert not disable(connection, "desk", START + timedelta(hours=1), WHY)
        assert not disable(connection, "nowhere", START, WHY)
    assert (known(posted)[1].disabled_at, known(posted)[1].why) == (START, WHY)
    with posted.write() as connection:
        assert enable(connection, "desk")
        assert not enable(connection, "desk")
    assert known(posted)[1] == KnownEndpoint(HOOK, START, "u01")


def test_what_is_secret_is_in_no_text(posted: Database) -> None:
    assert not [word for word in ("secret-1", "token-1", "token-2") if word in repr(known(posted))]
