"""The organisation: its units and its roles."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from engine.representation.staff import RolesObject, UnitsObject, of_roles, of_units
from web.answer import Json
from web.documentation import answers
from web.visitor import Visiting

router = APIRouter(tags=["people"])


@router.get("/units", responses=answers(UnitsObject), response_model=None)
def list_units(visitor: Visiting) -> Response:
    """The units whose cases the caller sees."""
    units = visitor.application.directory.roster().units.values()
    return Json(of_units(each for each in units if visitor.access.sees(each.id)))


@router.get("/roles", responses=answers(RolesObject), response_model=None)
def list_roles(visitor: Visiting) -> Response:
    """All roles of all organisations."""
    return Json(of_roles(visitor.application.hierarchy.roles.values()))
