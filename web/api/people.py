"""People and services: those whom the caller is told of, what they hold, who is away and who stands in."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from engine.representation.staff import (
    AbsencesObject,
    DelegationsObject,
    PeopleObject,
    PersonObject,
    of_absences,
    of_delegations,
    of_people,
    of_person,
)
from engine.runtime.colleagues import absences, colleague, colleagues, delegations
from web.answer import Json
from web.api.parameters import PersonId
from web.documentation import answers
from web.visitor import Visiting

router = APIRouter(tags=["people"])


@router.get("/people", responses=answers(PeopleObject, links={"read_person": {"person": "/people/0/id"}}), response_model=None)
def list_people(visitor: Visiting) -> Response:
    """Everybody with a role that counts in a unit that the caller sees. What they hold elsewhere is not told."""
    roster, now = visitor.application.directory.roster(), visitor.application.time.now()
    return Json(of_people(colleagues(roster, visitor.access, now).values(), roster, now))


@router.get("/people/{person}", responses=answers(PersonObject, 404), response_model=None)
def read_person(person: PersonId, visitor: Visiting) -> Response:
    """One of them."""
    roster, now = visitor.application.directory.roster(), visitor.application.time.now()
    return Json(of_person(colleague(roster, visitor.access, person, now), roster, now))


@router.get("/absences", responses=answers(AbsencesObject), response_model=None)
def list_absences(visitor: Visiting) -> Response:
    """Who of them is away, or will be."""
    roster, now = visitor.application.directory.roster(), visitor.application.time.now()
    known = colleagues(roster, visitor.access, now)
    return Json(of_absences(absences(roster, known, now), known))


@router.get("/delegations", responses=answers(DelegationsObject), response_model=None)
def list_delegations(visitor: Visiting) -> Response:
    """Who of them stands in for whom of them, or will, and for which open cases that the caller sees."""
    application = visitor.application
    roster, now = application.directory.roster(), application.time.now()
    known = colleagues(roster, visitor.access, now)
    found = delegations(roster, known, now)
    held = application.views.held({each.delegation.delegator for each in found}, visitor.access)
    return Json(of_delegations(found, known, held))
