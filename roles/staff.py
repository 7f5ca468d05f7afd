"""The staff: units, people, who holds which role, who is away and who acts for whom, as recorded. Plain values; knows no table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.label import Label
from roles.absence import Absence
from roles.assignment import Assignment
from roles.delegation import Delegation


@dataclass(frozen=True, slots=True)
class Unit:
    """A place of the organisation: a shop, a centre, a headquarters."""

    id: str
    title: Label
    parent: str | None = None


PersonKind = Literal["person", "service"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may act: a human being, or a service – another program, which holds roles but is never told, given or lent anything."""

    id: str
    name: str
    disabled_at: datetime | None = None
    email: str | None = None
    kind: PersonKind = "person"


@dataclass(frozen=True, slots=True)
class Held:
    """An assignment as recorded: by whom and when."""

    id: int
    assignment: Assignment
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class KnownAbsence:
    """An absence as recorded: why, by whom and when."""

    id: int
    absence: Absence
    reason: str | None
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class KnownDelegation:
    """A delegation as recorded: why, by whom and when."""

    id: int
    delegation: Delegation
    reason: str | None
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody at one version."""

    version: str
    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    held: tuple[Held, ...]
    absences: tuple[KnownAbsence, ...] = ()
    delegations: tuple[KnownDelegation, ...] = ()
