"""What went wrong is set right: incidents seen, tried again or settled, messages sent again. For whoever looks after the cases of it.

None of it takes an `Idempotency-Key`: done twice, the second finds nothing to do.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import Field
from typing_extensions import TypedDict

from engine.representation.incident import IncidentObject, RetriedObject, of_incident, of_retried
from web.answer import Json
from web.documentation import answers
from web.strict import Body, shown
from web.visitor import Visiting

router = APIRouter()

IncidentId = Annotated[str, Path(max_length=200, description="The id of the incident.", examples=["3f9a0c1d2e4b"])]


class Settlement(Body):
    """How an incident was dealt with."""

    model_config = shown({"note": "已电话告知客户"})

    note: Annotated[str, Field(description="What was done about it.", min_length=1, max_length=2000)]


class ResentObject(TypedDict):
    """What came of sending again."""

    id: str
    going: Annotated[bool, Field(description="It waits to be sent; false: there was nothing to send again.")]


@router.post("/incidents/{id}/seen", tags=["incidents"], responses=answers(IncidentObject, 404, 409), response_model=None)
def see_incident(id: IncidentId, visitor: Visiting) -> Response:
    """Say that somebody has seen it; whoever was first stays. When it happens again after it was settled, nobody has seen it yet."""
    return Json(of_incident(visitor.application.incidents.see(id, visitor.person, visitor.access)))


@router.post("/incidents/{id}/retry", tags=["incidents"], responses=answers(RetriedObject, 404, 409), response_model=None)
def retry_incident(id: IncidentId, visitor: Visiting) -> Response:
    """Try again what was refused or given up: send, tell, assign, perform."""
    return Json(of_retried(visitor.application.incidents.retry(id, visitor.caller, visitor.access)))


@router.post("/incidents/{id}/resolve", tags=["incidents"], responses=answers(IncidentObject, 404, 409, 413, 415), response_model=None)
def resolve_incident(id: IncidentId, settlement: Settlement, visitor: Visiting) -> Response:
    """Say that it is dealt with, and how."""
    return Json(of_incident(visitor.application.incidents.resolve(id, visitor.person, settlement.note, visitor.access)))


@router.post("/outbox/{number}/{entry}/resend", tags=["outbox"], responses=answers(ResentObject, 404), response_model=None)
def resend_message(
    number: Annotated[
        str, Path(max_length=200, description="The case: the first part of the id of the message.", examples=["WX26-000001"])
    ],
    entry: Annotated[str, Path(max_length=200, description="Its second part.", examples=["3.1"])],
    visitor: Visiting,
) -> Response:
    """Send a message again that was given up or reached nobody."""
    id = f"{number}/{entry}"
    return Json({"id": id, "going": visitor.application.messages.resend(id, visitor.access)})
