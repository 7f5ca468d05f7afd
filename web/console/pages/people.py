"""People: who is here today, who is away and who stands in; one person with what he does and what somebody may change of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from engine.label import Label
from engine.runtime.access import Access
from engine.runtime.colleagues import Colleague, absences, colleague, colleagues, delegations
from engine.runtime.presence import Wanted, listed, presence, role_title, unit_title
from engine.runtime.workforce import Gap
from roles.roster import Roster
from roles.staff import KnownDelegation
from web.console.form.span import told
from web.console.screen import Screen, Showing

PATH = "/people"
LINES = 60
GAPS = 5
"""How many of what stands still are told; the report has them all."""
HELD = 8

router = APIRouter(include_in_schema=False)


@router.get(PATH)
def people(screen: Showing, q: str = "", unit: str = "", role: str = "", here: str = "", page: int = 1) -> Response:
    """Everybody of whom he is told, as far as they are wanted."""
    application, access = screen.application, screen.access
    roster, now, roles = application.directory.roster(), application.time.now(), application.hierarchy.roles
    known = colleagues(roster, access, now)
    wanted = Wanted(q or None, unit or None, role or None, {"yes": True, "no": False}.get(here))
    found = listed(known, wanted, roster, roles, now)
    held = {grant for each in known.values() for grant in each.holds}
    page = min(max(page, 1), max(-(-len(found) // LINES), 1))
    return screen.page(
        "people.html",
        "people",
        lines=found[(page - 1) * LINES : page * LINES],
        total=len(found),
        here_now=sum(each.is_here for each in listed(known, Wanted(), roster, roles, now)),
        wanted=wanted,
        place=page,
        more=page * LINES < len(found),
        units={grant.unit: unit_title(grant.unit, roster) for grant in sorted(held, key=str) if grant.unit is not None},
        roles={grant.role: role_title(grant.role, roles) for grant in sorted(held, key=str)},
        mine=_coming(screen.person, roster, known, now),
        names=roster.people,
        address=lambda **changed: _address({"q": q, "unit": unit, "role": role, "here": here} | changed),
        span=_spans(screen),
        me=screen.person,
        person_address=person_address,
    )


@router.get(PATH + "/{person}")
def person(screen: Showing, person: str) -> Response:
    """One of them. Raises Unknown."""
    return show_person(screen, person)


@router.post(PATH + "/-/absences/{id}/end")
def end_absence(screen: Showing, id: int) -> Response:
    """He is back, or will not be away."""
    person = screen.application.personnel.end_absence(id, screen.access)
    said = Label("不在岗已结束", "The absence has ended")
    return screen.then(person_address(person), lambda: show_person(screen, person), said)


@router.post(PATH + "/-/delegations/{id}/end")
def end_delegation(screen: Showing, id: int) -> Response:
    """Nobody acts by it any more."""
    person = screen.application.personnel.end_delegation(id, screen.access)
    said = Label("委托已结束", "The delegation has ended")
    return screen.then(person_address(person), lambda: show_person(screen, person), said)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which form of his page was refused, what is wrong with it, by field, and what was typed; the status that says so."""

    asked: str
    faults: Mapping[str, Label]
    typed: Mapping[str, str] = field(default_factory=dict)
    status: int = 422


def show_person(screen: Screen, person: str, refusal: Refusal | None = None, *, secret: str | None = None) -> Response:
    """The page of a person, read anew: alone, or as the answer to a change of him. Raises Unknown.

    `secret`: a password that is shown this once.
    """
    application, access = screen.application, screen.access
    roster, now, roles = application.directory.roster(), application.time.now(), application.hierarchy.roles
    known, everybody = colleague(roster, access, person, now), colleagues(roster, access, now)
    held = application.views.held([person], access).get(person, ())
    powers = application.personnel.powers(person, access)
    return screen.page(
        "person.html",
        "people",
        refusal.status if refusal is not None else 200,
        one=presence(known, everybody, roster, roles, now),
        is_self=person == screen.person,
        powers=powers,
        gives={unit: unit_title(unit, roster) for unit in (None, *sorted(roster.units)) if access.administers(unit)},
        roles_held=[each for each in roster.assignments(person, now) if each.grant in access.known([each.grant]) or powers.keeps],
        coming=_coming(person, roster, everybody, now),
        stands_in=[each for each in roster.delegations_to(person, now) if person == screen.person or _is_told(each, known, everybody)],
        names=roster.names,
        roles=roles,
        role_title=lambda role: role_title(role, roles),
        unit_title=lambda unit: unit_title(unit, roster),
        held=held[:HELD],
        held_count=len(held),
        asked=refusal.asked if refusal is not None else None,
        faults=refusal.faults if refusal is not None else {},
        typed=refusal.typed if refusal is not None else {},
        secret=secret,
        span=_spans(screen),
        sessions=len(application.accounts.sessions(person)) if access.administers(None) and known.person.kind == "person" else 0,
        person_address=person_address,
    )


def seen_of(lost: Sequence[Gap], access: Access) -> tuple[Gap, ...]:
    """What stands still where he sees cases: the sentences name people and units."""
    return tuple(each for each in lost if access.sees(each.unit))


def told_of(lost: Sequence[Gap], access: Access) -> tuple[Label, ...]:
    """The same in words, some of it and how many more."""
    seen = seen_of(lost, access)
    more = (Label("另有 {n} 处", "and {n} more").fill(n=len(seen) - GAPS),) if len(seen) > GAPS else ()
    return (*(each.told for each in seen[:GAPS]), *more)


def person_address(person: str) -> str:
    """Where somebody's page is."""
    return f"{PATH}/{quote(person, safe='')}"


def _coming(person: str, roster: Roster, known: dict[str, Colleague], now: datetime) -> dict[str, object]:
    """A person's absences and who stands in for him, now and later."""
    return {
        "absences": [each for each in absences(roster, known, now) if each.absence.person == person],
        "delegations": [each for each in delegations(roster, known, now) if each.delegation.delegator == person],
        "is_open": person in known and known[person].is_open,
    }


def _is_told(each: KnownDelegation, known: Colleague, everybody: dict[str, Colleague]) -> bool:
    """Whether one is told for whom another stands in."""
    return known.is_open and each.delegation.delegator in everybody


def _spans(screen: Screen) -> Callable[[datetime, datetime], Label]:
    return lambda since, until: told(since, until, screen.application.settings.zone)


def _address(query: dict[str, object]) -> str:
    said = urlencode({name: value for name, value in query.items() if value not in ("", None)})
    return f"{PATH}?{said}" if said else PATH
