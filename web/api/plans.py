"""Bulk plans: one step for many cases, or one assignment of them, tried first, then confirmed.

Seen by whoever made them and by administrators, and of their cases only those that one sees.
They take no `Idempotency-Key`: a plan moves nothing, and confirming one twice moves each case once.
"""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import Field
from pydantic.config import JsonDict

from engine.errors import Misuse
from engine.label import Label
from engine.representation.plan import PlanObject, of_plan
from engine.representation.scalar import Number, Person, Workflow
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
    person: Annotated[Person | None, Field(description="Who holds them, by id.")] = None


class Assigning(Body):
    """To whom the cases are given."""

    person: Annotated[Person | None, Field(description="A person, or null: nobody.")]


_CASES: tuple[tuple[str, JsonDict], ...] = (("numbers", {"type": "array"}), ("filter", {"type": "object"}))
_WISHES: tuple[tuple[str, JsonDict], ...] = (
    ("transition", {"transition": {"type": "string"}, "assign": {"type": "null"}}),
    ("assign", {"assign": {"type": "object"}, "transition": {"type": "null"}, "data": {"maxProperties": 0}}),
)


class Planning(Body):
    """A step for many cases, or somebody to hold them: those of these numbers, or those of this filter."""

    model_config = shown(
        {"transition": "take", "numbers": ["WX26-000001"]},
        {"transition": "take", "filter": {"workflow": "phone-repair", "state": "received"}},
        {"assign": {"person": "sue"}, "filter": {"person": "tom"}, "reason": "病假"},
        oneOf=[{"required": [wish, chosen], "properties": {**said, chosen: kind}} for wish, said in _WISHES for chosen, kind in _CASES],
    )

    transition: Annotated[str | None, Field(description="The step, by id.", examples=["take"])] = None
    assign: Annotated[Assigning | None, Field(description="Instead of a step: who is to hold the cases.")] = None
    numbers: Annotated[list[Number] | None, Field(min_length=1, max_length=CASES_PER_PLAN)] = None
    filter: Chosen | None = None
    data: Data = Field(default_factory=dict)
    reason: Reason = None


@router.post("", status_code=201, responses=answers(PlanObject, 404, 413, 415, status=201, links=_OF_PLAN), response_model=None)
def make_plan(planning: Planning, visitor: Visiting) -> Response:
    """Try a step, or an assignment, on many cases and keep the verdict for each; nothing is done yet. Takes no personal values."""
    planned = _planned(planning, visitor)
    return _answer(visitor, planned, 201, {"Location": f"{API}/plans/{planned.plan.id}"})


@router.get("/{id}", responses=answers(PlanObject, 404), response_model=None)
def read_plan(id: PlanId, visitor: Visiting) -> Response:
    """A plan, and what came of each of its cases."""
    return _answer(visitor, _seen(visitor, id))


@router.post("/{id}/confirm", responses=answers(PlanObject, 404, 409), response_model=None)
def confirm_plan(id: PlanId, visitor: Visiting) -> Response:
    """Deal with every case that the plan found possible and that has not changed since, each by itself. One that was cut off goes on."""
    _seen(visitor, id)
    return _answer(visitor, visitor.application.bulk.confirm(id, visitor.caller))


@router.delete("/{id}", status_code=204, responses=answers(None, 404, 409, status=204), response_class=Response)
def drop_plan(id: PlanId, visitor: Visiting) -> None:
    """Give up a plan that nobody has confirmed."""
    _seen(visitor, id)
    visitor.application.bulk.drop(id, visitor.caller)


def _planned(planning: Planning, visitor: Visitor) -> Planned:
    bulk, data = visitor.application.bulk, cast("dict[str, Any]", planning.data)
    if planning.assign is None and planning.transition is not None:
        return bulk.plan(planning.transition, _chosen(planning), data, planning.reason, visitor.caller, most=CASES_PER_PLAN)
    if planning.assign is not None and planning.transition is None and not data:
        return bulk.assign(planning.assign.person, _chosen(planning), planning.reason, visitor.caller, most=CASES_PER_PLAN)
    raise Misuse(
        Label("应给出 transition 或 assign，二者取一。", "Expected either “transition” or “assign”."),
        Label(
            "transition 是步骤，可带 data；assign 说明派给谁。",
            "A transition is a step, with its data; assign says who is to hold the cases.",
        ),
    )


def _chosen(planning: Planning) -> Filter | list[str]:
    if (planning.numbers is None) == (planning.filter is None):
        raise Misuse(
            Label("应给出 numbers 或 filter，二者取一。", "Expected either “numbers” or “filter”."),
            Label(
                "numbers 列出工单编号，filter 按流程、状态、阶段、承办人选定。",
                "Numbers name cases; a filter chooses by workflow, state, phase, person.",
            ),
        )
    if planning.numbers is not None:
        return planning.numbers
    chosen = planning.filter
    assert chosen is not None
    return Filter(chosen.workflow, chosen.state, chosen.phase, chosen.person, is_open=True)


def _seen(visitor: Visitor, id: str) -> Planned:
    """A plan of his own, or any for an administrator. Raises Unknown for others: they are none of his business."""
    found = visitor.application.bulk.result(id)
    if found.plan.made_by != visitor.caller.person and not visitor.access.administers(None):
        raise unknown_plan(id)
    return found


def _answer(visitor: Visitor, planned: Planned, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    bulk = visitor.application.bulk
    return Json(of_plan(bulk.seen(planned, visitor.access), bulk.title_of(planned.plan)), status, headers)
