"""Accounts: people sign in with a password and get a session; what a browser shows is known by its hash and ends when it should.

A session lends nothing: each request is good for what its person holds at that instant. A browser in which somebody has signed in is known
for some time: that opens no door, but whatever others try with his name does not keep him waiting there. Says nothing of cookies.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from unicodedata import normalize

from sqlalchemy import Connection

from engine.errors import AftercareError, Conflict, Forbidden, Misuse, Unauthenticated, Unavailable, Unknown, did_you_mean
from engine.label import Label
from engine.runtime import strength
from engine.runtime.access import Access, access_of
from engine.runtime.caller import Caller
from engine.runtime.directory import Directory
from engine.runtime.passwords import compared, hashed, nobodys, normal
from engine.runtime.throttle import Throttle, Tried
from engine.runtime.timesource import TimeSource
from engine.store import accounts
from engine.store.accounts import Password, Session
from engine.store.database import Database
from engine.store.record import Provenance
from roles.staff import Person

LONGEST = timedelta(days=7)
"""How long a session lasts, however much it is used."""
IDLE = timedelta(hours=12)
"""How long a session lasts that is not used: a shift, and the way home."""
TEMPORARY = timedelta(days=7)
"""How long a temporary password is good."""
KNOWN = timedelta(days=90)
"""How long a browser is known in which somebody has signed in."""
_BROWSERS = 12
"""In how many browsers a person is known."""
SHARED = 8
"""How many people are known in one browser, such as that at a counter."""
_NOTED_EVERY = timedelta(minutes=5)
_DEVICE = 120
"""Characters kept of what a device is called."""
_NAME_READ = 200
"""Characters of a name that are looked at."""
_LETTERS, _GROUPS, _IN_EACH = "abcdefghjkmnpqrstuvwxyz23456789", 4, 4
"""What a temporary password is made of: nothing that is mistaken for another when it is read out."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who wants to sign in: as whom, from which address, with which device.

    `kept`: what this browser keeps of those who have signed in there before (`SignedIn.kept`).
    """

    person: str
    password: str = field(repr=False)
    address: str
    device: str
    kept: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has begun, and the texts that the browser keeps; they are stored nowhere else.

    `kept`: beyond the session, so that each of these people is known when he signs in there again – the newest first.
    """

    session: Session
    secret: str = field(repr=False)
    kept: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whoever is signed in: his session, as whom he acts, and how far he sees."""

    session: Session
    caller: Caller
    access: Access
    must_change: bool
    """Whether his password is temporary: until he has changed it, he may do nothing else."""


class Throttled(Unauthenticated):
    """Nobody has looked at the password. Told in the same words; only the log shall know."""


class Accounts:
    """Serves one database; safe to share between threads."""

    def __init__(self, database: Database, directory: Directory, time: TimeSource, throttle: Throttle) -> None:
        self._database = database
        self._directory = directory
        self._time = time
        self._throttle = throttle

    def set_password(self, person: str, password: str, *, by: str, temporary: bool = False) -> None:
        """From now on this is the password of the person, whose sessions end, whatever it is worth. Raises Unknown."""
        self._person(person)
        now, hash = self._time.now(), hashed(password)
        with self._database.write() as connection:
            self._replace(connection, Password(person, hash, temporary, now, by))
            self._throttle.clear(connection, person)

    def renew(self, person: str, by: Caller) -> str:
        """Give the person a temporary password, answered this once, and end his sessions. For administrators.

        Raises Unknown, Forbidden, and Conflict for a person that is disabled.
        """
        now = self._time.now()
        if not access_of(self._directory.roster(), by.identity, now).administers(None):
            raise _not_administrator()  # before it is told whether there is such a person
        found = self._person(person)
        if not self._directory.roster().is_active(person, now):
            raise _disabled(found)
        made = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_IN_EACH)) for _ in range(_GROUPS))
        self.set_password(person, made, by=by.provenance.principal, temporary=True)
        return made

    def has_password(self, person: str) -> bool:
        """Whether the person can sign in, as far as that goes by a password."""
        with self._database.read() as reader:
            return accounts.password(reader.connection, person) is not None

    def sign_in(self, attempt: Attempt) -> SignedIn:
        """Begin a session. Raises Unauthenticated, in the same words whatever is wrong."""
        person = _called(attempt.person)
        browser = self._known_in(person, attempt.kept)
        tried = self._throttle.tried(person, attempt.address) if browser is None else self._throttle.tried_in(browser)
        if tried is None:
            raise Throttled(*_WRONG)
        found, renewed = self._compared(person, attempt.password, tried)
        now = self._time.now()
        is_over = found is not None and found.temporary and now >= found.set_at + TEMPORARY
        if found is None or is_over or not self._directory.roster().is_active(person, now):
            raise Unauthenticated(*_WRONG)
        with self._database.write() as connection:
            self._require_unchanged(connection, found)
            self._throttle.succeeded(connection, tried)
            accounts.forget_sessions(connection, now, now - KNOWN)
            if renewed is not None:
                accounts.save_password(connection, Password(person, renewed, found.temporary, found.set_at, found.set_by))
            return self._begin(connection, person, attempt.device, attempt.kept, now)

    def change(self, session: Session, old: str, new: str, kept: tuple[str, ...] = ()) -> SignedIn:
        """Choose another password; all sessions of the person end, and another begins in the place of this one.

        `old`: the present one; while that is temporary it is not looked at. `kept`: as in `Attempt`. Raises Unauthenticated where the old
        one is wrong, Misuse where the new one will not do.
        """
        person = self._person(session.person)
        strength.check(new, person)
        with self._database.read() as reader:
            found = accounts.password(reader.connection, person.id)
        if found is None:
            raise Unauthenticated(*_OLD_WRONG)
        is_same = compared(new, found.hash).is_right if found.temporary else normal(old) == normal(new)
        if is_same:
            raise _same()
        tried = None if found.temporary else self._tried_old(session, old)
        now, hash = self._time.now(), hashed(new)
        with self._database.write() as connection:
            self._require_unchanged(connection, found)
            if tried is not None:
                self._throttle.succeeded(connection, tried)
            self._replace(connection, Password(person.id, hash, False, now, f"person:{person.id}"))
            return self._begin(connection, person.id, session.device, kept, now)

    def recognise(self, secret: str, *, is_use: bool = True) -> Recognised | None:
        """Whose session this is, if it is still good. `is_use`: whether it is used by whom it shows, not by a page that looks."""
        shown = accounts.shown(self._database, _hash(secret))
        if shown is None:
            return None
        session, now = shown.session, self._time.now(shown)
        roster = self._directory.roster(shown.staff_version)
        if not _is_alive(session, now) or not roster.is_active(session.person, now):
            return None
        if is_use:
            self._note(session, now)
        caller = Caller(Provenance("web", f"person:{session.person}"), session.person)
        return Recognised(session, caller, access_of(roster, caller.identity, now), shown.temporary)

    def sessions(self, person: str) -> list[Session]:
        """Where the person is signed in, the newest first. Raises Unknown."""
        self._person(person)
        with self._database.read() as reader:
            found = accounts.sessions_of(reader.connection, person)
        now = self._time.now()
        return [each for each in found if _is_alive(each, now)]

    def sign_out(self, session: Session) -> None:
        """End this session. Its browser stays known."""
        with self._database.write() as connection:
            accounts.leave(connection, session.id, self._time.now())

    def end(self, person: str, *, only: str | None = None, besides: str | None = None) -> int:
        """End this person's sessions: all of them, `only` one, or all `besides` one; how many. Raises Unknown.

        Where they were he is not known any more; when it is all of them, nowhere.
        """
        ended = [each for each in self.sessions(person) if each.id != besides and only in (None, each.id)]
        with self._database.write() as connection:
            accounts.end(connection, person, self._time.now(), only=only, besides=besides)
        return len(ended)

    def _person(self, id: str) -> Person:
        people = {each.id: each for each in self._directory.roster().people.values() if each.kind == "person"}
        if id not in people:
            raise Unknown(Label("没有人员“{id}”。", "There is no person “{id}”.").fill(id=id), did_you_mean(id, people))
        return people[id]

    def _compared(self, person: str, password: str, tried: Tried) -> tuple[Password | None, str | None]:
        """The password that was found to be the right one, and what is to be kept of it; None when it is not.

        Whoever does not exist, or has none, takes as long.
        """
        with self._database.read() as reader:
            kept = accounts.password(reader.connection, person)
        try:
            nobody = nobodys()
            found = compared(password, kept.hash if kept is not None else nobody)
        except Unavailable:
            self._throttle.take_back(tried)
            raise
        return (kept, found.renewed) if found.is_right and kept is not None else (None, None)

    def _known_in(self, person: str, kept: tuple[str, ...]) -> str | None:
        """By what this person is known in a browser, if he is. For whoever does not exist it is asked all the same."""
        if not kept:
            return None
        with self._database.read() as reader:
            known = accounts.known_by(reader.connection, _hashes(kept), self._time.now() - KNOWN)
        return next((hash for hash, whose in known.items() if whose == person), None)

    def _tried_old(self, session: Session, old: str) -> Tried:
        """Whoever has found a screen that nobody watches guesses no more often than at the door."""
        tried = self._throttle.tried_in(session.id)
        if tried is None:
            raise Throttled(*_OLD_WRONG)
        if self._compared(session.person, old, tried)[0] is None:
            raise Unauthenticated(*_OLD_WRONG)
        return tried

    def _replace(self, connection: Connection, made: Password) -> None:
        accounts.save_password(connection, made)
        accounts.end(connection, made.person, made.set_at)

    def _require_unchanged(self, connection: Connection, found: Password) -> None:
        """Nobody has given the person another one while this one was looked at."""
        if accounts.password(connection, found.person, hold=True) != found:
            raise Unauthenticated(*_WRONG)

    def _begin(self, connection: Connection, person: str, device: str, kept: tuple[str, ...], now: datetime) -> SignedIn:
        secret, known = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
        session = Session(_hash(secret), person, now, now, now + LONGEST, None, device[:_DEVICE])
        hashes = _hashes(kept)
        whose = accounts.known_by(connection, hashes, now - KNOWN)
        accounts.unknow(connection, person, hashes)  # whoever has copied what was kept here is known by it no longer than until now
        accounts.begin(connection, session, _hash(known))
        accounts.unknow_oldest(connection, session, _BROWSERS - 1)
        others = (text for text, hash in zip(kept, hashes, strict=False) if whose.get(hash, person) != person)
        return SignedIn(session, secret, (known, *others)[:SHARED])

    def _note(self, session: Session, now: datetime) -> None:
        """Remember when it was used, now and then: a page that is only read shall not write each time."""
        if session.used_at + _NOTED_EVERY <= now:
            with suppress(AftercareError), self._database.write() as connection:  # what is asked for does not hang on this
                accounts.use(connection, session.id, now)


def _is_alive(session: Session, now: datetime) -> bool:
    return session.ended_at is None and now < min(session.ends_at, session.used_at + IDLE)


_WRONG = (
    Label("账号或密码不正确，或尝试次数过多。", "The name or the password is wrong, or there were too many tries."),
    Label(
        "请检查后重试；试过多次的，请等几分钟。忘记密码请找系统管理员。",
        "Look at both and try again; after several tries wait some minutes. An administrator can give you a new password.",
    ),
)
_OLD_WRONG = (
    Label("现在的密码不正确，或尝试次数过多。", "The present password is wrong, or there were too many tries."),
    Label("请重新输入；试过多次的，请等几分钟。", "Try again; after several tries wait some minutes."),
)


def _same() -> Misuse:
    return Misuse(
        Label("新密码与现在的密码相同。", "The new password is the present one."),
        Label("请换一个别处没有用过的密码。", "Take one that you use nowhere else."),
    )


def _disabled(person: Person) -> Conflict:
    return Conflict(
        Label("“{id}”已停用，不能登录。", "“{id}” is disabled and cannot sign in.").fill(id=person.id),
        Label(
            "请先用“aftercare people add {id} --name {name}”恢复。",
            "Bring the person back first with “aftercare people add {id} --name {name}”.",
        ).fill(id=person.id, name=person.name),
    )


def _not_administrator() -> Forbidden:
    return Forbidden(
        Label("只有系统管理员可以给人新密码。", "Only an administrator can give somebody a new password."),
        Label("用“aftercare people assign”授予角色。", "“aftercare people assign” gives the role."),
    )


def _called(name: str) -> str:
    """Whom somebody means who has typed this, in whatever width and case.

    >>> _called(" Ａｍｙ　")
    'amy'
    """
    return normalize("NFKC", name[:_NAME_READ]).strip().casefold()


def _hashes(kept: tuple[str, ...]) -> list[str]:
    return [_hash(each) for each in kept[:SHARED]]


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
