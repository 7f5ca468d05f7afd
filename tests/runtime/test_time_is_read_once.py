"""`now` comes from one clock, once per command, and never runs back within a case (DESIGN law 8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from engine.app import Application
from engine.errors import Misuse
from engine.runtime.timesource import SimulatedTime
from roles.scope import Identity
from tests.rig.server_clock import let_the_server_run
from tests.runtime.company import START, Company, found, granted, open_company, settings
from tests.runtime.statements import watched

pytestmark = pytest.mark.reliability

LATER = START + timedelta(days=3)


@pytest.fixture
def real(database_url: str) -> Iterator[Company]:
    """The company on real time."""
    found(database_url, simulated=False, now=datetime(2026, 9, 1, tzinfo=UTC))
    with open_company(database_url) as company:
        yield company


def test_simulated_time_stands_still_until_it_is_moved(company: Company, company_url: str) -> None:
    assert company.app.is_simulated
    number = company.opened()
    granted(company.fire(number, "take", "rui"))
    company.app.move_time(LATER)
    granted(company.fire(number, "note", "rui", work="…"))
    assert [entry.at for entry in company.history(number)] == [START, START, LATER]
    with open_company(company_url) as other:
        assert other.app.time.now() == LATER


def test_opening_at_a_later_instant_moves_the_clock_for_good(company: Company, company_url: str) -> None:
    company.opened()
    with open_company(company_url, LATER) as later:
        assert later.app.time.now() == LATER
    with open_company(company_url) as again, open_company(company_url, LATER) as same:
        assert (again.app.time.now(), same.app.time.now()) == (LATER, LATER)


def test_simulated_time_does_not_go_back(company: Company, company_url: str) -> None:
    company.app.move_time(LATER)
    with pytest.raises(Misuse) as caught:
        Application.open(settings(company_url), START)
    assert "2026-10-01 09:00" in caught.value.sentence.en  # in the time of the company
    with pytest.raises(ValueError, match="cannot go back"):
        company.app.move_time(START)
    with pytest.raises(ValueError, match="cannot go back"):
        SimulatedTime(LATER).move_to(START)
    with open_company(company_url) as again:
        assert again.app.time.now() == LATER


def test_the_clock_of_a_real_database_is_not_for_us_to_move(real: Company, database_url: str) -> None:
    assert not real.app.is_simulated
    with pytest.raises(Misuse, match="real time") as caught:
        Application.open(settings(database_url), LATER)
    assert caught.value.way_out is not None
    assert "--simulated" in caught.value.way_out.en
    with pytest.raises(Misuse, match="real time"):
        real.app.move_time(LATER)


def test_real_time_is_the_time_of_the_move(real: Company) -> None:
    before = datetime.now(UTC)
    number = real.opened()
    granted(real.fire(number, "take", "rui"))
    after = datetime.now(UTC)
    instants = [before, *(entry.at for entry in real.history(number)), after]
    assert instants == sorted(instants)
    assert len(set(instants)) == 4
    assert before < real.app.time.now()


def test_a_clock_that_stands_back_gives_the_last_instant_of_the_case(company: Company, company_url: str) -> None:
    number = company.opened()
    with open_company(company_url, LATER) as ahead:  # as another machine whose clock is three days ahead
        granted(ahead.fire(number, "take", "rui"))
    granted(company.fire(number, "note", "rui", work="…"))
    assert company.app.time.now() == START
    assert [entry.at for entry in company.history(number)] == [START, LATER, LATER]


def test_the_server_says_what_time_it_is(postgresql_url: str) -> None:
    found(postgresql_url, simulated=False, now=START)
    let_the_server_run(postgresql_url, "3 days")
    with open_company(postgresql_url) as company:
        ahead = timedelta(days=2)
        assert company.app.time.now() - datetime.now(UTC) > ahead
        number = company.opened()
        granted(company.fire(number, "take", "rui"))
        granted(company.comment(number, "sun"))
        assert all(entry.at - datetime.now(UTC) > ahead for entry in company.history(number))
        assert company.app.cases.options(number, Identity("rui"))[0].last_at - datetime.now(UTC) > ahead


def test_a_move_on_a_server_costs_one_reading_and_one_writing_journey(postgresql_url: str) -> None:
    found(postgresql_url, simulated=False, now=START)
    sent: list[str] = []
    with watched(sent.append), open_company(postgresql_url) as company:
        number = company.opened()
        granted(company.fire(number, "take", "rui"))
        sent.clear()
        granted(company.fire(number, "finish", "rui", work="更换电池", fee="120"))
        assert [statement.split()[0] for statement in sent] == ["SELECT", "WITH"]
