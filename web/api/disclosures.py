"""Reading what is masked: a recorded act with a reason, answered with the values in full."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from engine.core.command import Disclose
from engine.core.decision import Refused
from engine.representation.disclosure import DisclosureObject, of_disclosure
from engine.runtime.disclosing import disclose
from web.answer import Json
from web.api.parameters import CaseNumber
from web.documentation import answers
from web.problem import of_refusal
from web.strict import Body, shown
from web.visitor import Visiting

router = APIRouter(prefix="/cases/{number}/disclosures", tags=["cases"])

MOST = 100
"""Fields of one wish."""


class Reading(Body):
    """What is to be read, and why."""

    model_config = shown({"reason": "回访", "fields": ["mobile"]}, {"reason": "回访"})

    reason: Annotated[str, Field(description="Why; kept in the history.")]
    fields: Annotated[
        list[str],
        Field(
            default_factory=list,
            max_length=MOST,
            description="Only these personal fields, by id; none: all of them, and the remarks.",
        ),
    ]


@router.post("", responses=answers(DisclosureObject, 404, 409, 413, 415, 422), response_model=None)
def disclose_values(number: CaseNumber, reading: Reading, visitor: Visiting, request: Request) -> JSONResponse:
    """Read personal values in full. Takes no `Idempotency-Key`: whoever reads them twice has read them twice."""
    application = visitor.application
    found = disclose(application.cases, application.views, number, Disclose(reading.reason, tuple(reading.fields)), visitor.caller)
    if isinstance(found, Refused):
        return of_refusal(request, found, None, application.views.case(number, visitor.access).case.revision)
    return Json(of_disclosure(found))
