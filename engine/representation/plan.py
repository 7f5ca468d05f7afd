"""Bulk plans as objects for JSON: one wish for many cases, a verdict for each, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import encode_instant
from engine.core.command import Assign, Fire
from engine.label import Label
from engine.representation.label import LabelObject, of_label
from engine.representation.outcome import OutcomeObject, of_outcome
from engine.representation.scalar import Instant, Number, Person, Revision, of_instant
from engine.runtime.bulk import Planned, reasons_of
from engine.runtime.outcome import Outcome
from engine.store.plans import LineStatus, Plan, PlanLine, PlanState, Verdict


class WhyNotObject(TypedDict):
    """Why a case was not moved, or would not be."""

    code: str
    sentence: LabelObject


class PlanLineObject(TypedDict):
    """One case of a plan."""

    number: Number
    revision: Annotated[Revision, Field(description="What the verdict was made on; at another the case is not moved.")]
    verdict: Verdict
    status: LineStatus
    reasons: list[WhyNotObject]
    outcome: Annotated[OutcomeObject | None, Field(description="What was done.")]
    done_at: Instant | None


class AssignmentObject(TypedDict):
    """To whom the cases are given."""

    person: Annotated[Person | None, Field(description="null: to nobody.")]


class PlanHeadObject(TypedDict):
    """One step for many cases, or one assignment of them."""

    id: Annotated[str, Field(examples=["3f9a0c1d"])]
    step: Annotated[str | None, Field(description="The step, by id; null: the cases are assigned.")]
    assign: Annotated[AssignmentObject | None, Field(description="To whom they are assigned; null: a step is done with them.")]
    title: LabelObject
    state: PlanState
    made_by: Person
    made_at: Instant
    data: Annotated[dict[str, Any], Field(description="Its form, the same for all.")]
    reason: str | None


class PlanObject(PlanHeadObject):
    """The same with its cases, in order."""

    possible: Annotated[int, Field(description="How many cases can be moved, by the verdict.")]
    lines: list[PlanLineObject]


class PlansObject(TypedDict):
    """Plans, newest first."""

    plans: list[PlanHeadObject]


def of_plans(plans: Iterable[Plan], titles: Mapping[str, Label]) -> PlansObject:
    """Plans, newest first. `titles`: plan → what it does with its cases."""
    return {"plans": [_head(each, titles[each.id]) for each in plans]}


def of_plan(planned: Planned, title: Label) -> PlanObject:
    """A plan, and what it does with its cases."""
    return {**_head(planned.plan, title), "possible": planned.possible, "lines": [_line(each) for each in planned.lines]}


def _head(plan: Plan, title: Label) -> PlanHeadObject:
    wish = plan.wish
    step = wish if isinstance(wish, Fire) else None
    return {
        "id": plan.id,
        "step": step.transition if step is not None else None,
        "assign": {"person": wish.person} if isinstance(wish, Assign) else None,
        "title": of_label(title),
        "state": plan.state,
        "made_by": plan.made_by,
        "made_at": encode_instant(plan.made_at),
        "data": dict(step.data) if step is not None else {},
        "reason": wish.reason,
    }


def _line(line: PlanLine) -> PlanLineObject:
    return {
        "number": line.number,
        "revision": line.revision,
        "verdict": line.verdict,
        "status": line.status,
        "reasons": [{"code": why.code, "sentence": of_label(why.sentence)} for why in reasons_of(line)],
        "outcome": of_outcome(Outcome.read(line.outcome)) if line.status == "done" and line.outcome is not None else None,
        "done_at": of_instant(line.done_at),
    }
