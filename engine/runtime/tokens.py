"""Tokens: made for a person or a service, shown once, revoked – and what a request that carries one may do.

A token never lends: it is good for what its holder holds at that instant, within its scope. Only one made `for_people` may act as a person
whom the request names; then both are recorded, the token as the principal and the person as the actor.
"""

from __future__ import annotations

import hmac
import re
import secrets as chance
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from engine.errors import AftercareError, Forbidden, Misuse, Unauthenticated, Unknown, did_you_mean
from engine.label import Label
from engine.runtime.access import Access, access_of
from engine.runtime.caller import Caller, Key
from engine.runtime.directory import Directory
from engine.runtime.timesource import TimeSource
from engine.store import tokens
from engine.store.database import Database
from engine.store.record import Door, Provenance
from engine.store.tokens import Shown, Token
from roles.roster import Roster
from roles.scope import Scope

LONGEST = timedelta(days=366)
"""How long a token may be good: one that is forgotten somewhere must end by itself."""
USUALLY = timedelta(days=90)
_TEXT = re.compile(r"aftercare_(?P<id>[0-9a-f]{8})_(?P<secret>[A-Za-z0-9_-]{43})")
_TITLE = 80
"""Characters of a title."""
_NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Wish:
    """A token as somebody wants it; roles, units and the holder by id."""

    holder: str
    title: str
    scope: Scope
    for_people: bool = False
    lasts: timedelta = USUALLY


@dataclass(frozen=True, slots=True)
class Made:
    """A new token, and the text that is shown this once."""

    token: Token
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who is calling with a token. `holder`: whose keys the request uses, so that they survive a change of token."""

    token: Token
    caller: Caller
    access: Access
    """How far the caller sees."""

    def key(self, value: str | None) -> Key | None:
        """An idempotency key of this holder, if one was given."""
        return Key(f"token:{self.token.holder}", value) if value is not None else None


class Tokens:
    """Serves one database; safe to share between threads."""

    def __init__(self, database: Database, directory: Directory, time: TimeSource) -> None:
        self._database = database
        self._directory = directory
        self._time = time

    def known(self) -> list[Token]:
        """All of them, spent ones too, oldest first."""
        with self._database.read() as reader:
            return tokens.tokens(reader)

    def make(self, wish: Wish, *, by: str) -> Made:
        """Make a token. Raises Unknown for a holder or unit that does not exist, Misuse for what can be no token."""
        roster = self._directory.roster()
        _check(wish, roster)
        now = self._time.now()
        secret = chance.token_urlsafe(32)
        with self._database.write() as connection:
            id = _unused(connection)
            made = Token(id, _hash(secret), wish.holder, wish.title, wish.scope, wish.for_people, now, by, now + wish.lasts)
            tokens.add(connection, made)
        return Made(made, f"aftercare_{id}_{secret}")

    def revoke(self, id: str) -> bool:
        """From now on it is good for nothing; False when that is so already. Raises Unknown."""
        known = [each.id for each in self.known()]
        if id not in known:
            raise Unknown(Label("没有令牌“{id}”。", "There is no token “{id}”.").fill(id=id), did_you_mean(id, known))
        with self._database.write() as connection:
            return tokens.revoke(connection, id, self._time.now())

    def admit(self, secret: str, person: str | None = None, door: Door = "api") -> Admitted:
        """Who is calling with this text, as the holder or – `person` – as somebody whom the request names.

        Raises Unauthenticated, always in the same words, and Forbidden when the token may not act for that person.
        """
        shown = self._shown(secret)
        if shown is None:
            raise unauthenticated()
        found, now, roster = shown.token, self._time.now(shown), self._directory.roster(shown.staff_version)
        if found.state(now) != "good" or roster.actor(found.holder, now).kind == "disabled":
            raise unauthenticated()
        if person is not None and person != found.holder and not (found.for_people and roster.is_active(person, now)):
            raise _not_for(person)
        self._note(found, now)
        caller = Caller(Provenance(door, f"token:{found.id}/{found.holder}"), person or found.holder, found.scope)
        return Admitted(found, caller, access_of(roster, caller.identity, now))

    def _shown(self, secret: str) -> Shown | None:
        written = _TEXT.fullmatch(secret)
        if written is None:
            return None
        shown = tokens.shown(self._database, written["id"])
        return shown if shown is not None and hmac.compare_digest(shown.token.hash, _hash(written["secret"])) else None

    def _note(self, used: Token, now: datetime) -> None:
        """Remember when it was used, now and then: a request that only reads shall not write each time."""
        if used.used_at is None or used.used_at + _NOTED_EVERY <= now:
            with suppress(AftercareError), self._database.write() as connection:  # what it wants does not hang on this
                tokens.use(connection, used, now)


def _unused(connection: Connection) -> str:
    """An id that no token has: it is short, to be read, so that chance may give one twice."""
    id = chance.token_hex(4)
    while tokens.is_known(connection, id):
        id = chance.token_hex(4)
    return id


def unauthenticated() -> Unauthenticated:
    """The error for whoever brings no token that is good for something."""
    return Unauthenticated(
        Label("需要有效的令牌。", "Expected a valid token."),
        Label(
            "请求头写 Authorization: Bearer 令牌；令牌用“aftercare tokens make”生成。",
            "Send it as “Authorization: Bearer TOKEN”; “aftercare tokens make” makes one.",
        ),
    )


def _not_for(person: str) -> Forbidden:
    return Forbidden(
        Label("此令牌不能代表“{person}”办理。", "This token may not act for “{person}”.").fill(person=person),
        Label("请去掉人员，或使用可代表人员的令牌。", "Name nobody, or use a token that may act for people."),
    )


def _check(wish: Wish, roster: Roster) -> None:
    if wish.holder not in roster.people:
        sentence = Label("没有人员或外部程序“{name}”。", "There is no person or service “{name}”.")
        raise Unknown(sentence.fill(name=wish.holder), did_you_mean(wish.holder, roster.people))
    for unit in sorted(wish.scope.units or ()):
        if unit not in roster.units:
            raise Unknown(Label("没有单位“{id}”。", "There is no unit “{id}”.").fill(id=unit), did_you_mean(unit, roster.units))
    if wish.for_people and roster.people[wish.holder].kind == "person":
        raise Misuse(
            Label("只有外部程序的令牌可以代表人员。", "Only the token of a service may act for people."),
            Label("请用“aftercare people add --service”登记外部程序。", "Add the service with “aftercare people add --service”."),
        )
    if not timedelta() < wish.lasts <= LONGEST:
        sentence = Label("令牌的有效期应为 1 至 {days} 天。", "Expected a token to be good for 1 to {days} days.")
        raise Misuse(sentence.fill(days=LONGEST.days))
    if not 0 < len(wish.title.strip()) <= _TITLE:
        sentence = Label("令牌需要一个至多 {n} 个字符的说明。", "A token needs a title of at most {n} characters.")
        raise Misuse(sentence.fill(n=_TITLE), Label("例如它用在哪里。", "Such as where it is used."))


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
