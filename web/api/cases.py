"""Cases as they stand: lists, one whole, what happened to it, its clocks, and what was told of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from engine.representation.case import CaseListObject, CaseObject, of_case, of_found, of_list
from engine.representation.clock import ClocksObject, of_clocks
from engine.representation.history import HistoryObject, of_history
from engine.representation.message import MessageListObject, of_message_list
from engine.runtime.clocks import clocks_of
from engine.store.cases import Filter
from web.answer import Json
from web.api.parameters import USUALLY, CaseNumber, Cursor, Limit, OfPerson, OfUnit, OfWorkflow
from web.documentation import answers, unchanged
from web.etag import etag, is_known
from web.guessing import Guesses
from web.visitor import Visiting

router = APIRouter(prefix="/cases", tags=["cases"])

Text = Annotated[str, Query(max_length=200)]


@router.get("", responses=answers(CaseListObject, 404, links={"read_case": {"number": "/cases/0/number"}}), response_model=None)
def list_cases(
    visitor: Visiting,
    request: Request,
    workflow: OfWorkflow = None,
    state: Annotated[Text | None, Query(description="Only in this state, by id or title.", examples=["diagnosing"])] = None,
    phase: Annotated[Text | None, Query(description="Only in this phase, by id or title.", examples=["diagnose"])] = None,
    person: OfPerson = None,
    unit: OfUnit = None,
    is_open: Annotated[bool | None, Query(alias="open", description="true: only open ones; false: only ended ones.")] = None,
    mine: Annotated[bool, Query(description="Only open ones that the caller holds, or somebody for whom he stands in.")] = False,
    q: Annotated[
        Text | None, Query(description="Looked for in numbers, names, phones, serial numbers; answers one page.", examples=["12800000001"])
    ] = None,
    limit: Limit = USUALLY,
    cursor: Cursor = None,
) -> Response:
    """Cases that the caller sees, oldest first; those that `q` finds come best first. A name that does not exist is a 404."""
    views, access = visitor.application.views, visitor.access
    chosen = Filter(workflow, state, phase, person, is_open, unit=unit)
    if q is not None:
        guesses = Guesses(request, visitor.admitted.token.holder)
        guesses.require_few()
        found = views.find(q, limit, access, chosen)
        if not found.lines:
            guesses.count()
        return Json(of_found(found))
    if mine:
        return Json(of_list(views.mine(visitor.person, visitor.application.time.now(), chosen, limit, cursor, access)))
    return Json(of_list(views.page(chosen, limit, cursor, access)))


@router.get("/{number}", responses={**answers(CaseObject, 404), **unchanged()}, response_model=None)
def read_case(
    number: CaseNumber,
    visitor: Visiting,
    known: Annotated[
        str | None, Header(alias="If-None-Match", description="The `ETag` of the last answer.", examples=['"4-3f9a0c1d2e4b5a69"'])
    ] = None,
) -> Response:
    """One case, whole. Its `ETag` may stand in the `If-Match` of a change, and in the `If-None-Match` of the next reading."""
    view = visitor.application.views.case(number, visitor.access)
    answer = Json(of_case(view, visitor.application.views.family(view.case, visitor.access)))
    answer.headers["ETag"] = etag(view.case.revision, bytes(answer.body))
    if is_known(answer.headers["ETag"], known):
        return Response(status_code=304, headers={name: answer.headers[name] for name in ("ETag", "Cache-Control")})
    return answer


@router.get("/{number}/history", responses=answers(HistoryObject, 404), response_model=None)
def read_history(number: CaseNumber, visitor: Visiting) -> Response:
    """All that happened to a case, oldest first, with the links of its chain."""
    return Json(of_history(number, visitor.application.views.history(number, visitor.access)))


@router.get("/{number}/clocks", responses=answers(ClocksObject, 404), response_model=None)
def read_clocks(number: CaseNumber, visitor: Visiting) -> Response:
    """Every clock of a case: what counted, what did not and why, every reminder, and day by day why it is due then."""
    application = visitor.application
    application.views.case(number, visitor.access)  # another's is as if it did not exist
    return Json(of_clocks(clocks_of(application.database, application.catalog, application.time, number)))


@router.get("/{number}/messages", responses=answers(MessageListObject, 404), response_model=None)
def list_messages_of_case(number: CaseNumber, visitor: Visiting, limit: Limit = USUALLY, cursor: Cursor = None) -> Response:
    """Who was told of a case, over which channel, or why a message waits; newest first. Not what the messages say."""
    page = visitor.application.messages.outbox(limit, number=number, access=visitor.access, after=cursor)
    return Json(of_message_list(page, goes_on=True))
