"""What may be done with a case: each step with every reason why not and who can, and one step asked through."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from engine.representation.step import OptionsObject, WhyObject, of_options, of_why
from web.answer import Json
from web.api.parameters import CaseNumber, Step
from web.documentation import Links, answers
from web.visitor import Visiting

router = APIRouter(prefix="/cases/{number}/options", tags=["cases"])


_OF_STEP: Links = {
    "read_option": {"number": "/number", "step": "/options/0/step"},
    "perform_step": {"number": "/number", "transition": "/options/0/step"},
}


@router.get("", responses=answers(OptionsObject, 404, links=_OF_STEP), response_model=None)
def list_options(number: CaseNumber, visitor: Visiting) -> Response:
    """Each step of the present state as the caller sees it: allowed or every reason why not, what it asks for, and who can instead."""
    application = visitor.application
    case, found = application.cases.options(number, visitor.caller.identity)
    who = application.standing.instead(application.catalog.by_digest(case.digest), case, found, visitor.access)
    return Json(of_options(case, found, who))


@router.get("/{step}", responses=answers(WhyObject, 404), response_model=None)
def read_option(number: CaseNumber, step: Step, visitor: Visiting) -> Response:
    """Whether the caller may perform a step, question by question, before the form is filled; and everybody who can."""
    application = visitor.application
    application.views.case(number, visitor.access)  # another's is as if it did not exist
    return Json(of_why(application.standing.why(number, step, {}, None, visitor.caller)))
