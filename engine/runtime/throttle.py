"""The throttle: whoever has signed in vainly too often waits – each name by its own count, and each address by its own.

A browser in which somebody has signed in before has a count of its own for him, and neither of the others: whoever knows a name keeps it
waiting, but not where its owner comes from. Names and addresses are kept as keyed hashes, and a name is counted whether somebody is called
so or not. A try is counted before its password is looked at, so that many at once are no more than many one after another, and given back
when it was none in vain. Knows no password. Time is that of the clock on the wall, also where the time of cases stands still.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from sqlalchemy import Connection

from engine.runtime.timesource import TimeSource
from engine.store import accounts
from engine.store.accounts import Failures
from engine.store.database import Database

FREE = 5
"""How many tries a name has before it waits."""
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
"""How long it waits then, twice as long after each further try, and at most."""
FORGOTTEN = timedelta(days=1)
"""After how long without a try a name begins anew."""
PER_ADDRESS, WITHIN = 30, timedelta(minutes=10)
"""How many tries in vain an address has, which come back to it evenly within this time."""
_EACH = WITHIN / PER_ADDRESS
_NETWORK = 64
"""Bits of an IPv6 address that name a network: within it everybody takes as many addresses as he likes."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A try that was counted: by which name and from which address, as they are kept – or in which browser, which counts as a name does."""

    name: str
    address: str | None


class Throttle:
    """Counts in one database; safe to share between threads and processes."""

    def __init__(self, database: Database, time: TimeSource) -> None:
        self._database = database
        self._time = time

    def tried(self, name: str, address: str) -> Tried | None:
        """Count another try; None where this name or this address has to wait, which counts for nothing."""
        return self._counted(Tried(self._kept("name", name), self._kept("address", network_of(address))))

    def tried_in(self, browser: str) -> Tried | None:
        """The same of somebody who is known in this browser: whatever others try elsewhere keeps nobody waiting in it."""
        return self._counted(Tried(self._kept("browser", browser), None))

    def succeeded(self, connection: Connection, tried: Tried) -> None:
        """It was not in vain: the name begins anew, and the address has one try more. Old counts are forgotten."""
        now = self._time.now()
        accounts.save_failures(connection, tried.name, Failures(0, accounts.hold_failures(connection, tried.name, now).last_at))
        if tried.address is not None:
            self._give_back(connection, tried.address, now)
        accounts.forget_failures(connection, now - FORGOTTEN)

    def take_back(self, tried: Tried) -> None:
        """It was no try at all: nobody has looked at its password."""
        now = self._time.now()
        with self._database.write() as connection:
            for each in (tried.name, tried.address):
                if each is not None:
                    self._give_back(connection, each, now)

    def clear(self, connection: Connection, name: str) -> None:
        """This name begins anew: somebody who may has seen to it."""
        kept, now = self._kept("name", name), self._time.now()
        accounts.save_failures(connection, kept, replace(accounts.hold_failures(connection, kept, now), tries=0))

    def _counted(self, tried: Tried) -> Tried | None:
        now = self._time.now()
        with self._database.read() as reader:
            by_name = accounts.failures_of(reader.connection, tried.name)
            by_address = accounts.failures_of(reader.connection, tried.address) if tried.address is not None else None
        if not _may(by_name, by_address, now):
            return None  # most tries of an attack end here, without keeping those waiting who write
        with self._database.write() as connection:
            by_name = accounts.hold_failures(connection, tried.name, now)
            by_address = accounts.hold_failures(connection, tried.address, now) if tried.address is not None else None
            if not _may(by_name, by_address, now):
                return None
            accounts.save_failures(connection, tried.name, _again(by_name, now))
            if tried.address is not None and by_address is not None:
                accounts.save_failures(connection, tried.address, _again_from(by_address, now))
        return tried

    def _give_back(self, connection: Connection, subject: str, now: datetime) -> None:
        held = accounts.hold_failures(connection, subject, now)
        accounts.save_failures(connection, subject, replace(held, tries=max(held.tries - 1, 0)))

    def _kept(self, kind: str, text: str) -> str:
        return hmac.digest(self._database.purpose.claim_key, f"sign-in {kind} {text}".encode("utf-8", "replace"), sha256).hex()


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the network.

    >>> network_of("192.0.2.7"), network_of("2001:db8::7"), network_of("::ffff:192.0.2.7"), network_of("reception")
    ('192.0.2.7', '2001:db8::', '192.0.2.7', 'reception')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> _NETWORK << _NETWORK))


def wait_after(tries: int) -> timedelta:
    """How long a name waits after so many tries in vain.

    >>> [wait_after(tries).seconds for tries in (4, 5, 6, 9, 10, 1_000_000)]
    [0, 30, 60, 480, 900, 900]
    """
    if tries < FREE:
        return timedelta()
    return min(FIRST * (1 << min(tries - FREE, 16)), LONGEST)


def _may(by_name: Failures | None, by_address: Failures | None, now: datetime) -> bool:
    if by_name is not None and now < by_name.last_at + wait_after(_lately(by_name, now)):
        return False
    return by_address is None or by_address.tries - _forgiven(by_address, now) < PER_ADDRESS


def _lately(by_name: Failures, now: datetime) -> int:
    return by_name.tries if now < by_name.last_at + FORGOTTEN else 0


def _forgiven(by_address: Failures, now: datetime) -> int:
    return max((now - by_address.last_at) // _EACH, 0)


def _again(by_name: Failures, now: datetime) -> Failures:
    return Failures(_lately(by_name, now) + 1, now)


def _again_from(by_address: Failures, now: datetime) -> Failures:
    """One more. Time that forgives none as yet is kept for the next."""
    forgiven = _forgiven(by_address, now)
    if forgiven >= by_address.tries:
        return Failures(1, now)
    return Failures(by_address.tries - forgiven + 1, by_address.last_at + forgiven * _EACH)
