"""Steps of cases: performed, signed where several must, or only tried."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import Field

from engine.core.command import Fire
from web.api.parameters import CaseNumber
from web.strict import Body, Data, Reason, shown
from web.wishing import GRANTED, Wished

router = APIRouter(prefix="/cases/{number}/transitions", tags=["cases"])


class Step(Body):
    """A step with its form filled in."""

    model_config = shown({}, {"data": {"work_done": "换尾插，充电正常"}})

    data: Data = Field(default_factory=dict)
    reason: Reason = None


@router.post("/{transition}", responses=GRANTED, response_model=None)
def perform_step(
    number: CaseNumber,
    transition: Annotated[str, Path(max_length=200, description="The step, by id.", examples=["take"])],
    step: Step,
    wished: Wished,
) -> Response:
    """Perform a step of the state that the case is in; where a step needs several signatures, sign it."""
    return wished.handle(number, Fire(transition, step.data, step.reason, wished.expect))
