"""What is overdue."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from engine.representation.due import OverdueListObject, of_overdue_list
from web.answer import Json
from web.api.parameters import USUALLY, Cursor, Limit, OfPerson, OfUnit, OfWorkflow
from web.documentation import answers
from web.visitor import Visiting

router = APIRouter(prefix="/overdue", tags=["cases"])


@router.get("", responses=answers(OverdueListObject, 404), response_model=None)
def list_overdue(
    visitor: Visiting,
    workflow: OfWorkflow = None,
    person: OfPerson = None,
    unit: OfUnit = None,
    limit: Limit = USUALLY,
    cursor: Cursor = None,
) -> Response:
    """The clocks that are past their deadline, longest first, by how much on the wall and in working time."""
    due, access = visitor.application.due, visitor.access
    return Json(of_overdue_list(due.overdue(limit, workflow=workflow, person=person, unit=unit, access=access, after=cursor)))
