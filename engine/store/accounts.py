"""Accounts: passwords as hashes, sessions by the hash of what the browser keeps, how often somebody has tried in vain. Judges nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from engine.core.codec import decode_instant, encode_instant
from engine.store.schema import STAFF_VERSION, failures, meta, passwords, sessions
from engine.store.snapshot import decode_optional
from engine.store.upsert import inserting, put_password

if TYPE_CHECKING:
    from engine.store.database import Database


@dataclass(frozen=True, slots=True)
class Password:
    """What is kept of a person's password. `temporary`: somebody else knows it too, so that it has to be changed first."""

    person: str
    hash: str
    temporary: bool
    set_at: datetime
    set_by: str


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in. `id`: the hash of what his browser keeps; `device`: which browser, in a few words."""

    id: str
    person: str
    begun_at: datetime
    used_at: datetime
    """When it was last used, within a few minutes."""
    ends_at: datetime
    """When it ends, however much it is used."""
    ended_at: datetime | None
    device: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A session that a browser shows, with what every request must know besides: no further question is asked for it."""

    session: Session
    temporary: bool
    """Whether the password has to be changed first."""
    staff_version: str
    clock: datetime | None

    def server_time(self) -> datetime:
        """The instant by the clock that all writers share."""
        return datetime.now(UTC) if self.clock is None else self.clock.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Failures:
    """Tries in vain, and when they were last counted."""

    tries: int
    last_at: datetime


def password(connection: Connection, person: str, *, hold: bool = False) -> Password | None:
    """What is kept of this person's password, if there is one. `hold`: nobody else changes it until this transaction ends."""
    asked = select(passwords).where(passwords.c.person == person)
    row = connection.execute(asked.with_for_update() if hold else asked).mappings().first()
    return None if row is None else _password(row)


def save_password(connection: Connection, made: Password) -> None:
    """In the place of whatever was there."""
    row = {
        "person": made.person,
        "hash": made.hash,
        "temporary": int(made.temporary),
        "set_at": encode_instant(made.set_at),
        "set_by": made.set_by,
    }
    connection.execute(put_password(inserting(connection.dialect.name)), row)


def begin(connection: Connection, begun: Session, known: str | None = None) -> None:
    """Record a new session. `known`: the hash of that by which its browser is known again."""
    row = {
        "id": begun.id,
        "person": begun.person,
        "begun_at": encode_instant(begun.begun_at),
        "used_at": encode_instant(begun.used_at),
        "ends_at": encode_instant(begun.ends_at),
        "ended_at": None,
        "device": begun.device,
        "known": known,
    }
    connection.execute(insert(sessions).values(row))


def known_by(connection: Connection, hashes: Collection[str], since: datetime) -> Mapping[str, str]:
    """Of the hashes of what a browser keeps: those by which it is known → the person who has signed in there after that instant."""
    asked = (sessions.c.known.in_(hashes), sessions.c.begun_at > encode_instant(since))
    return {row.known: row.person for row in connection.execute(select(sessions.c.known, sessions.c.person).where(*asked))}


def unknow(connection: Connection, person: str, hashes: Collection[str]) -> None:
    """Nobody is this person by any of these any more."""
    connection.execute(update(sessions).where(sessions.c.person == person, sessions.c.known.in_(hashes)).values(known=None))


def unknow_oldest(connection: Connection, newest: Session, most: int) -> None:
    """Of the browsers by which the person of this session is known, besides its own, only so many stay."""
    others = (sessions.c.person == newest.person, sessions.c.known.is_not(None), sessions.c.id != newest.id)
    oldest = select(sessions.c.id).where(*others).order_by(sessions.c.begun_at.desc()).offset(most)
    connection.execute(update(sessions).where(sessions.c.id.in_(oldest)).values(known=None))


def select_session(clock: ColumnElement[Any]) -> Select[Any]:
    """The session with the id `session`, whether its password is temporary, the version of the staff, and the clock."""
    staff = select(meta.c.value).where(meta.c.key == literal_column(f"'{STAFF_VERSION}'")).scalar_subquery()
    temporary = select(passwords.c.temporary).where(passwords.c.person == sessions.c.person).scalar_subquery()
    return select(*sessions.columns, temporary, staff, clock).where(sessions.c.id == bindparam("session"))


def shown(database: Database, id: str) -> Shown | None:
    """The session with this id, whatever became of it."""
    rows = database.ask("session", {"session": id})
    if not rows:
        return None
    *columns, temporary, version, clock = rows[0]
    return Shown(_session(dict(zip(sessions.columns.keys(), columns, strict=True))), bool(temporary), version, clock)


def sessions_of(connection: Connection, person: str) -> list[Session]:
    """Those of this person that nobody has ended, the newest first."""
    open_ = (sessions.c.person == person, sessions.c.ended_at.is_(None))
    return [_session(row) for row in connection.execute(select(sessions).where(*open_).order_by(sessions.c.begun_at.desc())).mappings()]


def forget_sessions(connection: Connection, now: datetime, unknown: datetime) -> None:
    """Leave nothing of those that have lasted as long as one may, ended before or not, by which no browser is known.

    `unknown`: none is known by one that began until then. One that somebody else holds is left for another time.
    """
    is_known = (sessions.c.known.is_not(None), sessions.c.begun_at > encode_instant(unknown))
    old = select(sessions.c.id).where(sessions.c.ends_at <= encode_instant(now), ~and_(*is_known)).with_for_update(skip_locked=True)
    connection.execute(delete(sessions).where(sessions.c.id.in_(old)))


def use(connection: Connection, id: str, at: datetime) -> None:
    """Note when it was used."""
    connection.execute(update(sessions).where(sessions.c.id == id).values(used_at=encode_instant(at)))


def leave(connection: Connection, id: str, at: datetime) -> None:
    """End this session. Its browser stays known."""
    connection.execute(update(sessions).where(sessions.c.id == id, sessions.c.ended_at.is_(None)).values(ended_at=encode_instant(at)))


def end(connection: Connection, person: str, at: datetime, *, only: str | None = None, besides: str | None = None) -> None:
    """End this person's sessions – all of them, `only` one, or all `besides` one –, and know their browsers no more."""
    password(connection, person, hold=True)  # as whoever signs in: so of two that change several of these rows one waits for the other
    chosen = [sessions.c.person == person, or_(sessions.c.ended_at.is_(None), sessions.c.known.is_not(None))]
    if only is not None:
        chosen.append(sessions.c.id == only)
    if besides is not None:
        chosen.append(sessions.c.id != besides)
    ended_at = func.coalesce(sessions.c.ended_at, encode_instant(at))
    connection.execute(update(sessions).where(*chosen).values(ended_at=ended_at, known=None))


def failures_of(connection: Connection, subject: str) -> Failures | None:
    """How often this one has tried in vain."""
    row = connection.execute(select(failures.c.tries, failures.c.last_at).where(failures.c.subject == subject)).first()
    return None if row is None else Failures(row.tries, decode_instant(row.last_at))


def hold_failures(connection: Connection, subject: str, now: datetime) -> Failures:
    """The same, none where none are known; nobody else counts until this transaction ends."""
    first = inserting(connection.dialect.name)(failures).values(subject=subject, tries=0, last_at=encode_instant(now))
    connection.execute(first.on_conflict_do_nothing(index_elements=[failures.c.subject]))
    held = select(failures.c.tries, failures.c.last_at).where(failures.c.subject == subject).with_for_update()
    row = connection.execute(held).one()
    return Failures(row.tries, decode_instant(row.last_at))


def save_failures(connection: Connection, subject: str, found: Failures) -> None:
    """How often it is now, for one that is held."""
    values = {"tries": found.tries, "last_at": encode_instant(found.last_at)}
    connection.execute(update(failures).where(failures.c.subject == subject).values(values))


def forget_failures(connection: Connection, before: datetime) -> None:
    """Leave nothing of those who have not tried since; of one that is held, another time."""
    old = select(failures.c.subject).where(failures.c.last_at < encode_instant(before)).with_for_update(skip_locked=True)
    connection.execute(delete(failures).where(failures.c.subject.in_(old)))


def _password(row: RowMapping) -> Password:
    return Password(row["person"], row["hash"], bool(row["temporary"]), decode_instant(row["set_at"]), row["set_by"])


def _session(row: Mapping[str, Any] | RowMapping) -> Session:
    return Session(
        id=row["id"],
        person=row["person"],
        begun_at=decode_instant(row["begun_at"]),
        used_at=decode_instant(row["used_at"]),
        ends_at=decode_instant(row["ends_at"]),
        ended_at=decode_optional(row["ended_at"]),
        device=row["device"],
    )
