"""Who is calling."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from engine.representation.identity import IdentityObject, of_identity
from web.answer import Json
from web.documentation import answers
from web.visitor import Visiting

router = APIRouter(prefix="/me", tags=["people"])


@router.get("", responses=answers(IdentityObject), response_model=None)
def read_me(visitor: Visiting) -> Response:
    """The token, as whom it acts now, and how far that reaches: the first thing to look at when something is not found."""
    return Json(of_identity(visitor.admitted, visitor.access))
