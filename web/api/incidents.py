"""Incidents: what a person must look at, listed for those who look after the cases that it is about."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from engine.core.effect import IncidentKind
from engine.representation.incident import IncidentListObject, of_incident_list
from web.answer import Json
from web.api.parameters import USUALLY, Cursor, Limit
from web.documentation import Links, answers
from web.visitor import Visiting

router = APIRouter(prefix="/incidents", tags=["incidents"])


_OF_INCIDENT: Links = {each: {"id": "/incidents/0/id"} for each in ("see_incident", "retry_incident", "resolve_incident")}


@router.get("", responses=answers(IncidentListObject, 404, links=_OF_INCIDENT), response_model=None)
def list_incidents(
    visitor: Visiting,
    kind: Annotated[IncidentKind | None, Query(description="Only those of this kind.")] = None,
    case: Annotated[str | None, Query(max_length=200, description="Only those of this case.", examples=["WX26-000001"])] = None,
    settled: Annotated[bool, Query(description="Those retried and resolved, too.")] = False,
    limit: Limit = USUALLY,
    cursor: Cursor = None,
) -> Response:
    """Incidents of the cases that the caller looks after – as administrator of their unit or owner of their process –, newest first.

    Those that are about no case – an endpoint, a process – are told to administrators of the whole installation.
    """
    incidents, access = visitor.application.incidents, visitor.access
    return Json(of_incident_list(incidents.page(limit, kind=kind, number=case, with_settled=settled, access=access, after=cursor)))
