"""Comments: remarks in the history of a case."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from engine.core.command import Comment
from web.api.parameters import CaseNumber
from web.strict import Body, shown
from web.wishing import GRANTED_AT_ANY_REVISION, WishedAtAnyRevision

router = APIRouter(prefix="/cases/{number}/comments", tags=["cases"])


class Remark(Body):
    """A remark."""

    model_config = shown({"text": "客户催促"})

    text: Annotated[str, Field(description="What is to be remembered.")]


@router.post("", responses=GRANTED_AT_ANY_REVISION, response_model=None)
def comment_on_case(number: CaseNumber, remark: Remark, wished: WishedAtAnyRevision) -> Response:
    """Write a remark into the history. It leaves the revision as it is, and depends on none."""
    return wished.handle(number, Comment(remark.text))
