"""Colleagues: the people whom somebody is told of, with what each holds, who is away and who stands in. Reads, never writes.

Whether he is told is asked of `Access`; himself everybody knows, and whoever looks after the whole installation knows all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.errors import Unknown, did_you_mean
from engine.label import Label
from engine.runtime.access import Access
from engine.runtime.naming import id_of, names_of, person_named
from engine.store import cases
from engine.store.cases import Filter
from engine.store.reader import Reader
from roles.actor import Grant
from roles.roster import Roster
from roles.staff import KnownAbsence, KnownDelegation, Person


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person or service as somebody knows it. `holds`: now, as far as he is told; `is_open`: so is what concerns the person alone."""

    person: Person
    holds: frozenset[Grant]
    is_open: bool


def colleagues(roster: Roster, access: Access, now: datetime) -> dict[str, Colleague]:
    """id → everybody whom he is told of."""
    found = (_colleague(person, roster, access, now) for person in roster.people.values())
    return {each.person.id: each for each in found if each is not None}


def colleague(roster: Roster, access: Access, id: str, now: datetime) -> Colleague:
    """One of them. Raises Unknown, with the nearest of those that he knows."""
    person = roster.people.get(id)
    found = _colleague(person, roster, access, now) if person is not None else None
    if found is None:
        sentence = Label("没有人员“{name}”。", "There is no person “{name}”.").fill(name=id)
        raise Unknown(sentence, did_you_mean(id, colleagues(roster, access, now)))
    return found


def holder_named(reader: Reader, roster: Roster, access: Access, name: str) -> str:
    """The id of the person, given by id or name, whose cases are asked for. Raises Unknown, with the nearest of those whom he is told of.

    Whoever has left is still found by the open cases that are seen.
    """
    told = access.people
    if told is not None:
        others = {id_of(name, names_of(roster))} - told
        told |= cases.held(reader, others, Filter(is_open=True, units=access.units, besides=access.persons)).keys()
    return person_named(roster, name, told)


def absences(roster: Roster, known: dict[str, Colleague], now: datetime) -> list[KnownAbsence]:
    """Who of them is away, or will be."""
    return [each for each in roster.absences if each.absence.until > now and each.absence.person in known]


def delegations(roster: Roster, known: dict[str, Colleague], now: datetime) -> list[KnownDelegation]:
    """Who of them stands in for whom of them, or will."""
    coming = [each for each in roster.delegations if each.delegation.until > now]
    return [each for each in coming if {each.delegation.delegator, each.delegation.delegate} <= known.keys()]


def _colleague(person: Person, roster: Roster, access: Access, now: datetime) -> Colleague | None:
    grants = roster.actor(person.id, now).grants
    if not access.tells_of(person.id, grants):
        return None
    is_self = access.actor is not None and access.actor.id == person.id
    return Colleague(person, grants if is_self else access.known(grants), access.manages(person.id, grants))
