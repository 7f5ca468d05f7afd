"""A case that cannot be read any more – its definition is damaged – is named, and holds up nobody else (reliability bar 20, in small).

A database that cannot be written is no trouble of a case: the run ends there, and the next one finds everything as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import text

from engine.app import Application
from engine.errors import Unavailable
from engine.runtime import holidays
from engine.runtime.briefing import Briefing
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.hierarchy import Hierarchy
from engine.runtime.publishing import publish
from engine.runtime.service import CaseService
from engine.runtime.sweeper import Sweeper
from engine.store.database import Database
from engine.timing.official import OfficialYear
from tests.notifications.mail import Sink, refusing, serving
from tests.rig.desk import CLOCKS, HEAD, Desk, checked, with_mail
from tests.runtime.company import START, ZONE, settings

SECOND = (HEAD + CLOCKS).replace("version: 1", "version: 2")


@pytest.fixture
def poisoned(desk_url: str) -> tuple[str, str, str]:
    """The database, a case by the first version of the workflow, and one by the second."""
    with Application.open(settings(desk_url)) as app:
        bad = Desk(app).receive("hourly")
    database = Database.open(desk_url)
    publish(database, [checked(SECOND)], "os:owner", START)
    database.close()
    with Application.open(settings(desk_url)) as app:
        good = Desk(app).receive("hourly")
    return desk_url, bad, good


def damage(url: str) -> None:
    """Whatever held the first version is unreadable now."""
    with Application.open(settings(url)) as app, app.database.write() as connection:
        connection.execute(text("UPDATE definitions SET form = '{' || form WHERE version = 1"))


def mend(url: str) -> None:
    """It is as it was."""
    with Application.open(settings(url)) as app, app.database.write() as connection:
        connection.execute(text("UPDATE definitions SET form = substr(form, 2) WHERE version = 1"))


@contextmanager
def working(url: str, port: int | None = None) -> Iterator[Desk]:
    """The desk, not proven: a damaged definition cannot be."""
    with Application.open(settings(url) if port is None else with_mail(url, port)) as app:
        yield Desk(app)


def test_the_rungs_of_others_are_reached(poisoned: tuple[str, str, str]) -> None:
    url, bad, good = poisoned
    damage(url)
    with working(url) as desk:
        desk.at("10:00")
        for _ in range(2):
            swept = desk.app.sweeper.run_once()
            assert [each.number for each in swept.troubles] == [bad]
        assert desk.reached(good) == [("due", "told")]
    mend(url)
    with working(url) as desk:
        desk.sweep()
        assert desk.reached(bad) == [("due", "told")]


def test_others_find_their_messages(poisoned: tuple[str, str, str]) -> None:
    url, bad, good = poisoned
    with working(url) as desk:
        desk.at("10:00")
        desk.sweep()
    damage(url)
    with working(url) as desk:
        for _ in range(2):
            relayed = desk.app.relay.run_once()
            assert [each.number for each in relayed.troubles] == [bad]
        assert [each.number for each in desk.inbox("rui")] == [good]
    mend(url)
    with working(url) as desk:
        assert desk.app.relay.run_once().troubles == []
        assert {each.number for each in desk.inbox("rui")} == {good, bad}


def test_others_get_their_mail(poisoned: tuple[str, str, str]) -> None:
    url, _, good = poisoned
    with refusing() as port, working(url, port) as desk:
        desk.at("10:00")
        desk.work()  # the mail server is away
    damage(url)
    sink = Sink()
    with serving(sink) as port, working(url, port) as desk:
        desk.at("10:05")
        relayed = desk.app.relay.run_once()
        assert (relayed.sent, relayed.deferred) == (3, 3)
        assert all(good in str(mail["Subject"]) for mail in sink.received)
        mend(url)
    with serving(sink) as port, working(url, port) as desk:
        desk.at("10:20")
        assert desk.app.relay.run_once().sent == 3
    assert len({str(mail["Message-ID"]) for mail in sink.received}) == len(sink.received) == 6


def test_others_take_over_new_holidays(desk_url: str) -> None:
    with working(desk_url) as desk:
        desk.at("2026-12-30 10:00")
        bad = desk.receive("working_days")
    database = Database.open(desk_url)
    publish(database, [checked(SECOND)], "os:owner", START)
    database.close()
    with working(desk_url) as desk:
        good = desk.receive("working_days")
        year = OfficialYear("CN", 2027, frozenset({date(2027, 1, 1)}), frozenset())
        holidays.load(desk.app.database, [year], desk.app.time.now(), "os:owner")
    damage(desk_url)
    with working(desk_url) as desk:
        swept = desk.app.sweeper.run_once()
        assert ([each.number for each in swept.troubles], swept.extended) == ([bad], 1)
        assert desk.case(good).edition == 2


def test_a_locked_database_ends_the_run_at_once(desk_sqlite_url: str) -> None:
    with working(desk_sqlite_url) as desk:
        desk.receive("hourly")
        desk.receive("hourly")
        desk.at("10:00")
        database = Database.open(desk_sqlite_url, patience=0.1)
        catalog = Catalog(database)
        database.kinds_of = catalog.kinds
        hasty = Sweeper(database, CaseService(database, catalog, briefing_of(database, catalog), desk.app.time), desk.app.time)
        with desk.app.database.write(), pytest.raises(Unavailable):
            hasty.run_once()
        assert desk.ledger() == []
        assert hasty.run_once().rungs == 2
        database.close()


def briefing_of(database: Database, catalog: Catalog) -> Briefing:
    return Briefing(catalog, Directory(database), Hierarchy(()), ZONE, database.purpose.sampling_key)
