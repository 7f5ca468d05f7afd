"""Bulk plans as objects for JSON: one step for many cases, a verdict for each, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import encode_instant
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


class PlanHeadObject(TypedDict):
    """One step for many cases."""

    id: Annotated[str, Field(examples=["3f9a0c1d"])]
    step: str
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
    """Plans, newest first. `titles`: plan → the title of its step."""
    return {"plans": [_head(each, titles[each.id]) for each in plans]}


def of_plan(planned: Planned, title: Label) -> PlanObject:
    """A plan, and the title of its step."""
    return {**_head(planned.plan, title), "possible": planned.possible, "lines": [_line(each) for each in planned.lines]}


def _head(plan: Plan, title: Label) -> PlanHeadObject:
    return {
        "id": plan.id,
        "step": plan.transition,
        "title": of_label(title),
        "state": plan.state,
        "made_by": plan.made_by,
        "made_at": encode_instant(plan.made_at),
        "data": dict(plan.data),
        "reason": plan.reason,
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
