"""Withdrawals: one's own signature of a step, taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from engine.core.command import Withdraw
from web.api.parameters import CaseNumber
from web.strict import Body, shown
from web.wishing import GRANTED_AT_ANY_REVISION, WishedAtAnyRevision

router = APIRouter(prefix="/cases/{number}/withdrawals", tags=["cases"])


class Withdrawal(Body):
    """Whose signature: one's own, of this step."""

    model_config = shown({"step": "confirm"})

    step: Annotated[str, Field(description="The step that was signed, by id.")]


@router.post("", responses=GRANTED_AT_ANY_REVISION, response_model=None)
def withdraw_signature(number: CaseNumber, withdrawal: Withdrawal, wished: WishedAtAnyRevision) -> Response:
    """Take back one's signature of a step that still waits for others. It depends on no revision."""
    return wished.handle(number, Withdraw(withdrawal.step))
