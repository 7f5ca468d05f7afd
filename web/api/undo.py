"""Undo: the newest step of a case, taken back by whoever did it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from engine.core.command import Undo
from web.api.parameters import CaseNumber
from web.strict import Body, shown
from web.wishing import GRANTED, Wished

router = APIRouter(prefix="/cases/{number}/undo", tags=["cases"])


class Regret(Body):
    """Why a step is taken back."""

    model_config = shown({"reason": "点错了"})

    reason: Annotated[str, Field(description="Why; kept in the history.")]


@router.post("", responses=GRANTED, response_model=None)
def undo_step(number: CaseNumber, regret: Regret, wished: Wished) -> Response:
    """Take back the newest step, which was one's own, within the time that its workflow allows."""
    return wished.handle(number, Undo(regret.reason, wished.expect))
