"""The outbox: every message with what became of it, for those who look after the cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from engine.representation.attempt import AttemptsObject, of_log
from engine.representation.message import MessageListObject, of_message_list
from engine.runtime.messages import Status
from web.answer import Json
from web.api.parameters import USUALLY, Cursor, Limit
from web.documentation import Links, answers
from web.visitor import Visiting

Delivery = Annotated[str, Path(max_length=200, description="A delivery of a message, by id.", examples=["0f3c9a"])]

router = APIRouter(prefix="/outbox", tags=["outbox"])


_OF_MESSAGE: Links = {"list_attempts": {"delivery": "/messages/0/deliveries/0/id"}}


@router.get("", responses=answers(MessageListObject, 404, links=_OF_MESSAGE), response_model=None)
def list_messages(
    visitor: Visiting,
    status: Annotated[Status | None, Query(description="Only those with this outcome; `sending` and `failed` answer one page.")] = None,
    limit: Limit = USUALLY,
    cursor: Cursor = None,
) -> Response:
    """Messages of the cases that the caller looks after – as administrator of their unit or owner of their process –, newest first."""
    page = visitor.application.messages.outbox(limit, status=status, access=visitor.access, after=cursor)
    return Json(of_message_list(page, goes_on=status not in ("sending", "failed")))


@router.get("/{delivery}/attempts", responses=answers(AttemptsObject, 404), response_model=None)
def list_attempts(delivery: Delivery, visitor: Visiting) -> Response:
    """What every attempt to post a message to an endpoint came to, oldest first, as far as they are kept."""
    return Json(of_log(delivery, visitor.application.attempts.of(delivery, visitor.access)))
