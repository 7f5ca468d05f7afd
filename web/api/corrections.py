"""Corrections: wrongly entered values mended without a move."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from engine.core.command import Correct
from web.api.parameters import CaseNumber
from web.strict import Body, Data, shown
from web.wishing import GRANTED, Wished

router = APIRouter(prefix="/cases/{number}/corrections", tags=["cases"])


class Correction(Body):
    """Values as they should have been entered."""

    model_config = shown({"data": {"model": "示例 X19"}, "reason": "看错了型号"})

    data: Data
    reason: Annotated[str, Field(description="Why they are mended.")]


@router.post("", responses=GRANTED, response_model=None)
def correct_case(number: CaseNumber, correction: Correction, wished: Wished) -> Response:
    """Mend values of a case."""
    return wished.handle(number, Correct(correction.data, correction.reason, wished.expect))
