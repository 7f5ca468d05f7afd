"""Cases as objects for JSON: lists, and one whole. Ids and raw values for programs, both languages for people.

Stable names; nothing is left out. Every door tells them alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import Kinds, encode_instant, encode_value
from engine.core.kind import Value
from engine.core.run import Standing
from engine.core.wording import local
from engine.representation.label import LabelObject, of_label, of_optional
from engine.representation.scalar import Instant, Local, More, Next, Number, Person, Revision, Unit, Workflow, of_instant
from engine.runtime.clocks import ClockFace
from engine.runtime.family import Family, Relative
from engine.runtime.fields import FieldView
from engine.runtime.reading import CaseView, LineView, Page
from engine.runtime.signatures import SigningView

Phase = Annotated[str | None, Field(description="The phase of the state, where the workflow names one.")]
Outcome = Annotated[str | None, Field(description="How the case has ended: `success`, `failure`, `abandoned`; null while it is open.")]
Masked = Annotated[bool, Field(description="Whether it is personal and there is more to it than this caller is shown.")]
Holder = Annotated[str | None, Field(description="Who holds the case, by id.", examples=["tom"])]


class FaceObject(TypedDict):
    """A clock that runs or pauses. `due` is null while a pause keeps it open."""

    clock: str
    title: LabelObject
    cycle: Annotated[int, Field(description="Which round of it, from 1.")]
    standing: Standing
    due: Instant | None
    due_local: Local | None
    provisional: Annotated[bool, Field(description="Whether the date may change: official holidays are not known yet.")]


class CaseLineObject(TypedDict):
    """A line of a list."""

    number: Number
    workflow: Workflow
    version: int
    unit: Unit | None
    state: str
    state_title: LabelObject
    phase: Phase
    outcome: Outcome
    holder: Holder
    subject: Annotated[str | None, Field(description="What the case is about: a serial number, a chassis number.")]
    summary: Annotated[LabelObject | None, Field(description="What the definition has lists say of it; nothing personal.")]
    reference: Annotated[str | None, Field(description="What another system calls it.")]
    opened_at: Instant
    entered_at: Annotated[Instant, Field(description="Since when it is in its state.")]
    ended_at: Instant | None
    revision: Revision
    due: Annotated[FaceObject | None, Field(description="The clock that is due first, if one runs.")]


class CasePageObject(TypedDict):
    """Cases, and whether there are more."""

    cases: list[CaseLineObject]
    more: More


class CaseListObject(CasePageObject):
    """A page of cases, and where the next one begins."""

    next: Next


class RelativeObject(TypedDict):
    """A parent or a child, as it stands now."""

    number: Number
    alias: Annotated[str, Field(description="What the parent calls this child.")]
    workflow: LabelObject
    state_title: LabelObject | None
    outcome: Outcome
    opened_at: Instant
    ended_at: Instant | None


class SignatureObject(TypedDict):
    """One signature."""

    person: Person
    at: Instant


class SigningObject(TypedDict):
    """A step that waits for signatures."""

    step: str
    title: LabelObject
    signatures: list[SignatureObject]
    signed: int
    needed: int
    missing: Annotated[LabelObject, Field(description="Who is still needed.")]


class FieldObject(TypedDict):
    """A filled field."""

    title: LabelObject
    value: Annotated[Any, Field(description="As it is stored: decimals and money are strings.", examples=["128.00"])]
    shown: Annotated[LabelObject, Field(description="The same in words.")]
    masked: Masked


class ChangeObject(TypedDict):
    """A field that was filled, changed or emptied."""

    field: str
    title: LabelObject
    shown: LabelObject
    masked: Masked


class CaseObject(TypedDict):
    """One case, whole."""

    number: Number
    workflow: Workflow
    version: int
    digest: Annotated[str, Field(description="Of the definition that it goes by.")]
    unit: Unit | None
    state: str
    state_title: LabelObject
    phase: Phase
    outcome: Outcome
    holder: Holder
    opened_at: Instant
    entered_at: Annotated[Instant, Field(description="Since when it is in its state.")]
    ended_at: Instant | None
    revision: Revision
    seq: Annotated[int, Field(description="The newest entry of its history.")]
    clocks: Annotated[list[FaceObject], Field(description="Those that run or pause, what is due first coming first.")]
    parent: RelativeObject | None
    children: list[RelativeObject]
    signings: list[SigningObject]
    fields: Annotated[dict[str, FieldObject], Field(description="The filled fields by id, in the order of the definition.")]


def of_page(page: Page) -> CasePageObject:
    """A list of cases."""
    return {"cases": [of_line(each) for each in page.lines], "more": page.more}


def of_list(page: Page) -> CaseListObject:
    """A list of cases that goes on after its last one."""
    return {**of_page(page), "next": page.lines[-1].line.number if page.more else None}


def of_found(page: Page) -> CaseListObject:
    """Cases that were looked for: one page, what fits best coming first."""
    return {**of_page(page), "next": None}


def of_line(view: LineView) -> CaseLineObject:
    """A line of a list."""
    line = view.line
    return {
        "number": line.number,
        "workflow": line.workflow,
        "version": line.version,
        "unit": line.unit,
        "state": line.state,
        "state_title": of_label(view.state),
        "phase": line.phase,
        "outcome": line.outcome,
        "holder": line.assignee,
        "subject": line.subject,
        "summary": of_label(view.summary) if view.summary is not None else None,
        "reference": line.reference,
        "opened_at": encode_instant(line.opened_at),
        "entered_at": encode_instant(line.entered_at),
        "ended_at": of_instant(line.ended_at),
        "revision": line.revision,
        "due": _due(view) if view.timer is not None else None,
    }


def of_case(view: CaseView, family: Family) -> CaseObject:
    """One case, whole."""
    case, kinds = view.case, view.definition.kinds
    return {
        "number": case.number,
        "workflow": case.workflow,
        "version": view.definition.version,
        "digest": case.digest,
        "unit": case.unit,
        "state": case.state,
        "state_title": of_label(view.state),
        "phase": view.phase,
        "outcome": case.outcome,
        "holder": case.assignee,
        "opened_at": encode_instant(case.opened_at),
        "entered_at": encode_instant(case.entered_at),
        "ended_at": of_instant(case.ended_at),
        "revision": case.revision,
        "seq": case.seq,
        "clocks": [of_face(each) for each in view.clocks],
        "parent": _relative(family.parent) if family.parent is not None else None,
        "children": [_relative(each) for each in family.children],
        "signings": [_signing(each) for each in view.signings],
        "fields": of_fields(view.fields, case.data, kinds),
    }


def of_fields(views: Iterable[FieldView], data: Mapping[str, Value], kinds: Kinds) -> dict[str, FieldObject]:
    """Filled fields by id. Of a masked one the value is the mask."""
    return {
        each.id: {
            "title": of_label(each.title),
            "value": each.value.zh if each.is_masked else encode_value(kinds[each.id], data[each.id]),
            "shown": of_label(each.value),
            "masked": each.is_masked,
        }
        for each in views
    }


def of_change(view: FieldView) -> ChangeObject:
    """A field that was filled, changed or emptied."""
    return {"field": view.id, "title": of_label(view.title), "shown": of_label(view.value), "masked": view.is_masked}


def _signing(signing: SigningView) -> SigningObject:
    return {
        "step": signing.step,
        "title": of_label(signing.title),
        "signatures": [{"person": each.person, "at": encode_instant(each.at)} for each in signing.signatures],
        "signed": signing.signed,
        "needed": signing.needed,
        "missing": of_label(signing.missing),
    }


def _relative(relative: Relative) -> RelativeObject:
    return {
        "number": relative.number,
        "alias": relative.alias,
        "workflow": of_label(relative.workflow),
        "state_title": of_optional(relative.state),
        "outcome": relative.outcome,
        "opened_at": encode_instant(relative.opened_at),
        "ended_at": of_instant(relative.ended_at),
    }


def of_face(face: ClockFace) -> FaceObject:
    """A clock that runs or pauses."""
    due = face.due
    return {
        "clock": face.clock,
        "title": of_label(face.title),
        "cycle": face.cycle,
        "standing": face.standing,
        "due": encode_instant(due.at) if due is not None else None,
        "due_local": local(due.at, face.zone).en if due is not None else None,
        "provisional": due is not None and due.provisional,
    }


def _due(view: LineView) -> FaceObject:
    assert view.timer is not None
    assert view.clock is not None
    timer = view.timer
    return {
        "clock": timer.clock,
        "title": of_label(view.clock),
        "cycle": timer.cycle,
        "standing": timer.standing,
        "due": of_instant(timer.due_at),
        "due_local": local(timer.due_at, view.zone).en if timer.due_at is not None else None,
        "provisional": timer.provisional,
    }
