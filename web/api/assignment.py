"""The assignment of a case: who holds it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from engine.core.command import Assign
from engine.representation.scalar import Person
from web.api.parameters import CaseNumber
from web.strict import Body, Reason, shown
from web.wishing import GRANTED, Wished

router = APIRouter(prefix="/cases/{number}/assignment", tags=["cases"])


class Holder(Body):
    """Who is to hold a case."""

    model_config = shown({"person": "tom"}, {"person": "sue", "reason": "下班交接"})

    person: Annotated[Person | None, Field(description="The caller himself (he takes it), another person, or null: nobody.")]
    reason: Reason = None


@router.put("", responses=GRANTED, response_model=None)
def assign_case(number: CaseNumber, holder: Holder, wished: Wished) -> Response:
    """Take a case, pass it on, or put it down."""
    return wished.handle(number, Assign(holder.person, holder.reason, wished.expect))
