"""Events from outside: taken in from their sources, which sign them, and looked after by administrators.

A source has no token: what it sends is good for its signature. Both what was performed and what is in quarantine is received, and told so.
"""

from __future__ import annotations

from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import Field

from engine.representation.inbound import (
    EventPageObject,
    EventViewObject,
    ReceiptObject,
    of_event_page,
    of_event_view,
    of_receipt,
)
from engine.store.inbound import InboundStatus
from web.answer import Json
from web.api.parameters import USUALLY, Limit
from web.documentation import Links, answers
from web.limits import EVENT
from web.problem import of_status
from web.strict import Body, shown
from web.visitor import Visiting, application_of
from web.wishing import REPLAYED

router = APIRouter(prefix="/events", tags=["events"])

_NAME = r"^[a-z0-9][a-z0-9-]{0,31}$"
_ID = r"^[!-~]{1,200}$"
Source = Annotated[str, Path(pattern=_NAME, description="The source.", examples=["courier"])]
Id = Annotated[str, Path(pattern=_ID, description="The event, as its sender calls it.", examples=["msg_0001"])]
OfSource = Annotated[str | None, Query(pattern=_NAME, description="Only those of this source.", examples=["courier"])]
OfName = Annotated[str | None, Query(pattern=_ID, description="Only those of this name.", examples=["waybill.signed"])]
Place = Annotated[str | None, Query(alias="cursor", pattern="^[0-9]{1,18}$", description="`next` of the page before.")]

_LOOKED_AFTER = ("read_event", "replay_event", "drop_event")
_RECEIVED: Links = {each: {"source": "/source", "id": "/id"} for each in _LOOKED_AFTER}
_LISTED: Links = {each: {"source": "/events/0/source", "id": "/events/0/id"} for each in _LOOKED_AFTER}
_SENT = {
    "schema": {"type": "object", "description": "As the source declares it."},
    "example": {"type": "waybill.signed", "data": {"no": "SF0000000001"}},
}


class Dropping(Body):
    """Why an event is let be."""

    model_config = shown({"reason": "重复通知"})

    reason: Annotated[str, Field(description="Why; kept with the event.", min_length=1, max_length=1000)]


@router.post(
    "/{source}",
    responses={
        **answers(ReceiptObject, 404, 413, 415, 422),
        202: {**answers(ReceiptObject, links=_RECEIVED)[200], "description": "Received, and in quarantine: somebody will look at it."},
    },
    response_model=None,
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": _SENT}}},
)
async def receive_event(source: Source, request: Request) -> Response:
    """Take in an event, signed as its source declares. The same event again changes nothing and is answered as before."""
    body = await request.body()
    if len(body) > EVENT:
        return of_status(request, 413)
    return await run_in_threadpool(_receive, source, request, body)


def _receive(source: str, request: Request, body: bytes) -> Response:
    application = application_of(request)
    arrival = application.sources.admit(source, request.headers, body)
    request.state.principal = f"source:{source}"
    wait = request.app.state.sources.take(source, monotonic()).wait
    if wait:
        return of_status(request, 429, {"Retry-After": str(wait)})
    received = application.inbound.receive(source, arrival)
    status = 202 if received.event.status == "quarantined" else 200
    return Json(of_receipt(received.event), status, {REPLAYED: "true"} if received.repeated else None)


@router.get("", responses=answers(EventPageObject, 404, links=_LISTED), response_model=None)
def list_events(
    visitor: Visiting,
    status: Annotated[InboundStatus | None, Query(description="Only those with this status.")] = None,
    source: OfSource = None,
    name: OfName = None,
    limit: Limit = USUALLY,
    before: Place = None,
) -> Response:
    """Events, newest first. For administrators of the whole installation."""
    visitor.require_administrator()
    place = int(before) if before is not None else None
    return Json(of_event_page(visitor.application.inbound.page(limit, status=status, source=source, name=name, before=place)))


@router.get("/{source}/{id:path}", responses=answers(EventViewObject, 404), response_model=None)
def read_event(source: Source, id: Id, visitor: Visiting) -> Response:
    """One event with what it said: of that, what processes make of it that is not personal. For administrators."""
    visitor.require_administrator()
    return Json(of_event_view(visitor.application.inbound.show(source, id, visitor.access)))


@router.post("/{source}/{id:path}/replay", responses=answers(EventViewObject, 404, 409), response_model=None)
def replay_event(source: Source, id: Id, visitor: Visiting) -> Response:
    """Try an event again that is in quarantine, and if it is done whatever waits behind it. For administrators."""
    visitor.require_administrator()
    visitor.application.inbound.replay(source, id, by=visitor.person)
    return read_event(source, id, visitor)


@router.post("/{source}/{id:path}/drop", responses=answers(EventViewObject, 404, 409, 413, 415), response_model=None)
def drop_event(source: Source, id: Id, dropping: Dropping, visitor: Visiting) -> Response:
    """Let an event be that is in quarantine, for good. For administrators."""
    visitor.require_administrator()
    visitor.application.inbound.drop(source, id, dropping.reason, by=visitor.person)
    return read_event(source, id, visitor)
