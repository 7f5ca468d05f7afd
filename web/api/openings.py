"""New cases, opened by one of the starts of a workflow."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from engine.core.command import OpenCase
from engine.representation.scalar import Unit, Workflow
from web.strict import Body, Data, Reason, shown
from web.wishing import OPENED, WishedAtAnyRevision

router = APIRouter(prefix="/cases", tags=["cases"])


class Opening(Body):
    """A case as somebody wishes it opened."""

    model_config = shown(
        {
            "workflow": "phone-repair",
            "start": "receive",
            "data": {
                "channel": "walk_in",
                "customer_name": "测试客户甲",
                "mobile": "12800000001",
                "model": "示例 X18",
                "imei": "001017000000029",
                "proof": "invoice",
                "sold_on": "2026-03-01",
                "symptom": "充不进电",
                "accessories": "充电器",
                "appearance": "外观正常",
                "as_listed": True,
                "backed_up": True,
            },
            "reference": "SX2609-00001",
        }
    )

    workflow: Workflow
    start: Annotated[str, Field(description="One of its starts, by id.", examples=["receive"])]
    data: Data = Field(default_factory=dict)
    unit: Annotated[Unit | None, Field(description="Where it belongs; by default the unit in which the caller may open it.")] = None
    reason: Reason = None
    reference: Annotated[
        str | None,
        Field(
            description="What the calling program calls it, to be found by it; two cases may bear the same.",
            min_length=1,
            max_length=200,
            pattern=r"^[^\x00-\x1f\x7f]*$",
        ),
    ] = None


@router.post("", status_code=201, responses=OPENED, response_model=None)
def open_case(opening: Opening, wished: WishedAtAnyRevision) -> Response:
    """Open a case by the newest version of its workflow. `Location` says where it is found."""
    command = OpenCase(opening.start, opening.data, opening.reason, opening.unit)
    return wished.open(opening.workflow, command, opening.reference)
