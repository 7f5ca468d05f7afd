"""Whoever has signed in vainly too often waits, by his name and by his address, and nobody learns from it who there is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from engine.runtime.accounts import Throttled
from engine.runtime.throttle import FREE, PER_ADDRESS
from engine.store.schema import failures
from tests.runtime.accounting import PASSWORD, Door, counting_hashes, door_of, give, quick_hashing
from tests.runtime.company import Company, caller, found, open_company


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Hashes take no time."""
    with quick_hashing():
        yield


@pytest.fixture
def door(company: Company) -> Door:
    """The company, where Cai has a password."""
    give(company.app, "cai")
    return door_of(company.app)


def worked(door: Door, tries: int, person: str = "cai", address: str | None = None) -> int:
    """So many tries with a wrong password, of which so many were looked at; each from its own address unless one is said."""
    with counting_hashes() as done:
        for number in range(tries):
            door.refuses(person, "wrong", address or f"198.51.100.{number}")
    return done.count("verify")


@pytest.mark.parametrize("person", ["cai", "rui", "nobody"])
def test_a_name_waits_longer_each_time_whoever_it_is(door: Door, person: str) -> None:
    assert worked(door, 8, person) == FREE
    for seconds in (30, 60, 120, 240, 480, 900, 900):
        door.wait(seconds=seconds - 1)
        assert worked(door, 2, person) == 0
        door.wait(seconds=1)
        assert worked(door, 2, person) == 1
    door.wait(days=1)
    assert worked(door, 8, person) == FREE


def test_the_right_password_is_not_looked_at_while_the_name_waits_and_begins_it_anew_later(door: Door) -> None:
    worked(door, FREE)
    met = door.refuses("cai", PASSWORD, "198.51.100.99")
    assert isinstance(met, Throttled)
    assert met.sentence == door.refuses("nobody", "x", "198.51.100.99").sentence

    door.wait(seconds=30)
    door.sign_in("cai", PASSWORD, "198.51.100.99")
    assert worked(door, 8) == FREE


def test_an_address_waits_whatever_names_it_tries_and_its_tries_come_back(door: Door) -> None:
    for name in range(PER_ADDRESS):
        assert worked(door, 1, f"name-{name}", "203.0.113.1") == 1
    assert worked(door, 3, "another", "203.0.113.1") == 0
    assert worked(door, 1, "another", "203.0.113.2") == 1

    for _ in range(3):
        door.wait(seconds=19)  # what is not yet a try is not lost
        worked(door, 1, "another-again", "203.0.113.1")
    assert worked(door, 1, "yet-another", "203.0.113.1") == 0
    door.wait(minutes=10)
    assert worked(door, 1, "yet-another", "203.0.113.1") == 1


def test_an_address_of_which_everybody_has_many_is_one(door: Door) -> None:
    for number in range(PER_ADDRESS):
        door.refuses(f"name-{number}", "x", f"2001:db8:0:1:{number:x}::1")
    assert worked(door, 1, "another", "2001:db8:0:1:ffff::9") == 0
    assert worked(door, 1, "another", "2001:db8:0:2::9") == 1


def test_whoever_signs_in_costs_his_address_nothing(door: Door) -> None:
    for _ in range(PER_ADDRESS + 1):
        door.sign_in("cai", PASSWORD, "203.0.113.1")


def test_a_new_password_ends_the_wait(door: Door) -> None:
    worked(door, FREE)
    made = door.accounts.renew("cai", caller(None))
    door.sign_in("cai", made, "198.51.100.99")


def test_old_counts_are_forgotten_and_hold_no_name(door: Door) -> None:
    worked(door, 3, "nobody")
    with door.app.database.read() as reader:
        kept = reader.connection.execute(select(failures.c.subject)).scalars().all()
    assert len(kept) == 4
    assert not any(name in each for each in kept for name in ("nobody", "198.51.100"))
    door.wait(days=2)
    door.sign_in()
    with door.app.database.read() as reader:
        assert reader.connection.execute(select(func.count()).select_from(failures)).scalar_one() == 2  # of this sign-in itself


def test_many_tries_at_the_same_instant_are_no_more_than_one_after_another(database_url: str) -> None:
    found(database_url)
    with open_company(database_url) as company:
        give(company.app, "cai")
        door = door_of(company.app)
        door.refuses("somebody", "x", "198.51.100.250")
        with counting_hashes() as done, ThreadPoolExecutor(12) as pool:
            met = list(pool.map(lambda number: door.refuses("cai", "wrong", f"198.51.100.{number}"), range(24)))
    assert sum(isinstance(each, Throttled) for each in met) == len(met) - FREE
    assert done == ["verify"] * FREE
