"""Bulk plans: one step for many cases, tried first, then confirmed.

Seen by whoever made them and by administrators, and of their cases only those that one sees.
They take no `Idempotency-Key`: a plan moves nothing, and confirming one twice moves each case once.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import Field

from engine.errors import Misuse
from engine.label import Label
from engine.representation.plan import PlanObject, of_plan
from engine.representation.scalar import Number, Workflow
from engine.runtime.bulk import Planned, unknown_plan
from engine.store.cases import Filter
from web.answer import Json
from web.documentation import Links, answers
from web.limits import CASES_PER_PLAN
from web.route import API
from web.strict import Body, Data, Reason, shown
from web.visitor import Visiting, Visitor

router = APIRouter(prefix="/plans", tags=["plans"])

_OF_PLAN: Links = {each: {"id": "/id"} for each in ("read_plan", "confirm_plan", "drop_plan")}

PlanId = Annotated[str, Path(pattern="^[0-9a-f]{8}$", description="The id of the plan.", examples=["3f9a0c1d"])]


class Chosen(Body):
    """Open cases, by where they stand."""

    workflow: Workflow | None = None
    state: Annotated[str | None, Field(description="A state, by id.")] = None
    phase: Annotated[str | None, Field(description="A phase, by id.")] = None


class Planning(Body):
    """A step for many cases: those of these numbers, or those of this filter."""

    model_config = shown(
        {"transition": "take", "numbers": ["WX26-000001"]},
        {"transition": "take", "filter": {"workflow": "phone-repair", "state": "received"}},
        oneOf=[
            {"required": ["numbers"], "properties": {"numbers": {"type": "array"}}},
            {"required": ["filter"], "properties": {"filter": {"type": "object"}}},
        ],
    )

    transition: Annotated[str, Field(description="The step, by id.", examples=["take"])]
    numbers: Annotated[list[Number] | None, Field(min_length=1, max_length=CASES_PER_PLAN)] = None
    filter: Chosen | None = None
    data: Data = Field(default_factory=dict)
    reason: Reason = None


@router.post("", status_code=201, responses=answers(PlanObject, 404, 413, 415, status=201, links=_OF_PLAN), response_model=None)
def make_plan(planning: Planning, visitor: Visiting) -> Response:
    """Try a step on many cases and keep the verdict for each; nothing is moved. Takes no personal values."""
    bulk = visitor.application.bulk
    data: dict[str, Any] = planning.data
    planned = bulk.plan(planning.transition, _chosen(planning), data, planning.reason, visitor.caller, most=CASES_PER_PLAN)
    return _answer(visitor, planned, 201, {"Location": f"{API}/plans/{planned.plan.id}"})


@router.get("/{id}", responses=answers(PlanObject, 404), response_model=None)
def read_plan(id: PlanId, visitor: Visiting) -> Response:
    """A plan, and what came of each of its cases."""
    return _answer(visitor, _seen(visitor, id))


@router.post("/{id}/confirm", responses=answers(PlanObject, 404, 409), response_model=None)
def confirm_plan(id: PlanId, visitor: Visiting) -> Response:
    """Move every case that the plan found possible and that has not changed since, each by itself. One that was cut off goes on."""
    _seen(visitor, id)
    return _answer(visitor, visitor.application.bulk.confirm(id, visitor.caller))


@router.delete("/{id}", status_code=204, responses=answers(None, 404, 409, status=204), response_class=Response)
def drop_plan(id: PlanId, visitor: Visiting) -> None:
    """Give up a plan that nobody has confirmed."""
    _seen(visitor, id)
    visitor.application.bulk.drop(id, visitor.caller)


def _chosen(planning: Planning) -> Filter | list[str]:
    if (planning.numbers is None) == (planning.filter is None):
        raise Misuse(
            Label("应给出 numbers 或 filter，二者取一。", "Expected either “numbers” or “filter”."),
            Label(
                "numbers 列出工单编号，filter 按流程、状态、阶段选定。", "Numbers name cases; a filter chooses by workflow, state, phase."
            ),
        )
    if planning.numbers is not None:
        return planning.numbers
    assert planning.filter is not None
    return Filter(planning.filter.workflow, planning.filter.state, planning.filter.phase, is_open=True)


def _seen(visitor: Visitor, id: str) -> Planned:
    """A plan of his own, or any for an administrator. Raises Unknown for others: they are none of his business."""
    found = visitor.application.bulk.result(id)
    if found.plan.made_by != visitor.caller.person and not visitor.access.administers(None):
        raise unknown_plan(id)
    return found


def _answer(visitor: Visitor, planned: Planned, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    bulk = visitor.application.bulk
    return Json(of_plan(bulk.seen(planned, visitor.access), bulk.title_of(planned.plan)), status, headers)
