"""Accounts in a small company: passwords that are quick to look at, a door whose clock is moved by hand, and what was really hashed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from engine.app import Application
from engine.errors import Unauthenticated
from engine.runtime import passwords
from engine.runtime.accounts import Accounts, Attempt, SignedIn
from engine.runtime.throttle import Throttle
from engine.runtime.timesource import SimulatedTime
from engine.store import accounts

PASSWORD = "kettle window lamp"
NEW = "river pencil cloud"
HERE = "192.0.2.7"
QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


def give(app: Application, person: str, password: str = PASSWORD, *, temporary: bool = False) -> None:
    """The person has this password, hashed so that looking at it takes no time."""
    kept = accounts.Password(person, QUICK.hash(password), temporary, app.time.now(), "os:tester")
    with app.database.write() as connection:
        accounts.save_password(connection, kept)


@dataclass
class Door:
    """Where people sign in. Its clock, which counts tries, is that of the cases."""

    app: Application
    clock: SimulatedTime
    accounts: Accounts

    def sign_in(self, person: str = "cai", password: str = PASSWORD, address: str = HERE, kept: tuple[str, ...] = ()) -> SignedIn:
        """Somebody who may. `kept`: what his browser keeps of those who have signed in there before."""
        return self.accounts.sign_in(Attempt(person, password, address, "edge windows", kept))

    def refuses(self, person: str = "cai", password: str = "wrong", address: str = HERE, kept: tuple[str, ...] = ()) -> Unauthenticated:
        """The words in which somebody is refused, which he must be."""
        with pytest.raises(Unauthenticated) as met:
            self.sign_in(person, password, address, kept)
        return met.value

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.clock.move_to(self.clock.now() + timedelta(**time))


def door_of(app: Application) -> Door:
    """The door of this application, which is on simulated time."""
    assert isinstance(app.time, SimulatedTime)
    throttle = Throttle(app.database, app.time)
    return Door(app, app.time, Accounts(app.database, app.directory, app.time, throttle))


@contextmanager
def quick_hashing() -> Iterator[None]:
    """All that is hashed meanwhile takes no time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PasswordHash, "recommended", classmethod(lambda _: QUICK))
        _forget_hasher()
        yield
    _forget_hasher()


def _forget_hasher() -> None:
    passwords.hasher.cache_clear()
    passwords.nobodys.cache_clear()


@contextmanager
def counting_hashes() -> Iterator[list[str]]:
    """Everything that is really hashed or compared meanwhile, by the library."""
    done: list[str] = []
    hash, verify = Argon2Hasher.hash, Argon2Hasher.verify

    def hashing(self: Argon2Hasher, *arguments: object, **more: object) -> str:
        done.append("hash")
        return hash(self, *arguments, **more)  # type: ignore[arg-type]

    def verifying(self: Argon2Hasher, *arguments: object, **more: object) -> bool:
        done.append("verify")
        return verify(self, *arguments, **more)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2Hasher, "hash", hashing)
        patch.setattr(Argon2Hasher, "verify", verifying)
        yield done
