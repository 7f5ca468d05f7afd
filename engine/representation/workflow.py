"""Workflows as objects for JSON: what a program must know to open a case, fill a form and show a board.

A reading of the compiled definition; its text is the definition itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.attaching import FileRule
from engine.core.codec import encode_value
from engine.core.compiled import STAY, CompiledDefinition, CompiledState, CompiledStep
from engine.core.field import FieldRule
from engine.core.form import Ask
from engine.core.kind import KindName, Value
from engine.representation.label import LabelObject, of_label
from engine.representation.scalar import Workflow
from engine.representation.staff import RoleId
from engine.runtime.titles import right_title
from roles.policy import Right, RightKind


class StateObject(TypedDict):
    """A resting place."""

    id: str
    title: LabelObject
    phase: Annotated[str | None, Field(description="The phase of work, where one is named.", examples=["diagnose"])]
    waits_on: Annotated[str | None, Field(description="Who has to do something while a case is here, where that is said.")]
    outcome: Annotated[str | None, Field(description="Of a final state how the case ends: `success`, `failure`, `abandoned`.")]


class StartObject(TypedDict):
    """How a case may be opened."""

    id: str
    title: LabelObject


class WorkflowLineObject(TypedDict):
    """The newest version of a workflow."""

    workflow: Workflow
    version: int
    digest: str
    title: LabelObject
    organisation: str
    owner: Annotated[RoleId, Field(description="The role that owns the process.")]
    starts: list[StartObject]
    states: list[StateObject]


class WorkflowsObject(TypedDict):
    """The newest version of every published workflow."""

    workflows: list[WorkflowLineObject]


class FilesObject(TypedDict):
    """Which files a field takes."""

    accept: Annotated[list[str], Field(description="Kinds of content; none: all.", examples=[["jpg", "pdf"]])]
    size: Annotated[int, Field(description="Bytes of each at most.")]
    min: int
    max: int


class RuleObject(TypedDict):
    """A field, or a column of one: what it may hold."""

    id: str
    title: LabelObject
    type: Annotated[str, Field(description="As the definition writes it.", examples=["choice"])]
    kind: Annotated[KindName, Field(description="The kind of its values.")]
    personal: bool
    computed: Annotated[bool, Field(description="Nobody fills it in.")]
    unique: Annotated[str | None, Field(description="`open`, `ever`: no other case may have the same.")]
    lines: Annotated[int, Field(description="How many lines to offer for it.")]
    pattern: Annotated[str | None, Field(description="What the whole text must match.")]
    min: Annotated[Any, Field(description="Null: no limit.")]
    max: Annotated[Any, Field(description="Null: no limit.")]
    currency: Annotated[str | None, Field(examples=["CNY"])]
    choices: Annotated[dict[str, LabelObject] | None, Field(description="Of a choice: value → title.")]
    role: Annotated[RoleId | None, Field(description="The role that a person named here must hold.")]
    workflow: Annotated[Workflow | None, Field(description="Of a linked case.")]
    files: Annotated[FilesObject | None, Field(description="Of a field of files.")]
    columns: Annotated[list[RuleObject] | None, Field(description="Of a list.")]


class AskedObject(TypedDict):
    """A field that a form asks for."""

    field: str
    optional: bool
    columns: Annotated[list[str] | None, Field(description="Of a list: the columns that are asked for.")]
    whole_rows: Annotated[bool, Field(description="Of a list: its rows are replaced; else these cells are filled.")]


class RightObject(TypedDict):
    """A word of `by`: who may."""

    kind: RightKind
    name: str
    title: LabelObject
    anywhere: Annotated[bool, Field(description="Of a role: in whatever unit it is held.")]


class StepObject(TypedDict):
    """A start, or a step of a state."""

    id: str
    title: LabelObject
    by: Annotated[list[RightObject], Field(description="Who may; nobody, where the system does it by itself.")]
    asks: list[AskedObject]
    shows: Annotated[list[str], Field(description="The fields to look at before it is done.")]
    requires: Annotated[list[LabelObject], Field(description="What must hold, as the sentence that is told when it does not.")]
    needs_reason: bool
    approvals: Annotated[bool, Field(description="Whether several must sign.")]
    undoable: bool
    automatic: Annotated[bool, Field(description="The system does it by itself as soon as it may.")]
    to: Annotated[list[str], Field(description="The states that it may lead to; `stay`: it moves nothing.")]
    event: Annotated[str | None, Field(description="The event from outside that performs it.")]
    emits: Annotated[str | None, Field(description="The event that programs outside are told.")]


class StateWithStepsObject(StateObject):
    """A resting place and the steps out of it."""

    steps: list[StepObject]


class WorkflowObject(TypedDict):
    """One version of a workflow, whole."""

    workflow: Workflow
    version: int
    digest: str
    title: LabelObject
    organisation: str
    owner: RoleId
    subject: Annotated[str | None, Field(description="The field that says what a case is about.")]
    fields: list[RuleObject]
    starts: list[StepObject]
    states: list[StateWithStepsObject]


def of_workflows(definitions: Iterable[CompiledDefinition]) -> WorkflowsObject:
    """Workflows, in the order given."""
    return {"workflows": [_line(each) for each in definitions]}


def of_workflow(definition: CompiledDefinition) -> WorkflowObject:
    """One version of a workflow, whole."""
    return {
        "workflow": definition.workflow,
        "version": definition.version,
        "digest": definition.digest,
        "title": of_label(definition.title),
        "organisation": definition.organisation,
        "owner": definition.owner,
        "subject": definition.subject,
        "fields": [_rule(each) for each in definition.fields.values()],
        "starts": [_step(each, definition) for each in definition.starts.values()],
        "states": [
            {**_state(each), "steps": [_step(step, definition) for step in each.steps.values()]} for each in definition.states.values()
        ],
    }


def _line(definition: CompiledDefinition) -> WorkflowLineObject:
    return {
        "workflow": definition.workflow,
        "version": definition.version,
        "digest": definition.digest,
        "title": of_label(definition.title),
        "organisation": definition.organisation,
        "owner": definition.owner,
        "starts": [{"id": each.id, "title": of_label(each.title)} for each in definition.starts.values()],
        "states": [_state(each) for each in definition.states.values()],
    }


def _state(state: CompiledState) -> StateObject:
    return {
        "id": state.id,
        "title": of_label(state.title),
        "phase": state.phase,
        "waits_on": state.waits_on,
        "outcome": state.outcome,
    }


def _rule(rule: FieldRule) -> RuleObject:
    return {
        "id": rule.id,
        "title": of_label(rule.title),
        "type": rule.type,
        "kind": rule.kind.name,
        "personal": rule.personal,
        "computed": rule.computed,
        "unique": rule.unique,
        "lines": rule.lines,
        "pattern": rule.pattern.pattern if rule.pattern is not None else None,
        "min": _limit(rule, rule.minimum),
        "max": _limit(rule, rule.maximum),
        "currency": rule.kind.of if rule.kind.name == "money" else None,
        "choices": {name: of_label(title) for name, title in rule.choices.items()} if rule.choices is not None else None,
        "role": rule.role,
        "workflow": rule.workflow,
        "files": _files(rule.files) if rule.files is not None else None,
        "columns": [_rule(each) for each in rule.rows.columns.values()] if rule.rows is not None else None,
    }


def _files(rule: FileRule) -> FilesObject:
    return {"accept": list(rule.accept), "size": rule.size, "min": rule.least, "max": rule.most}


def _limit(rule: FieldRule, value: Value | None) -> Any:
    return encode_value(rule.kind, value) if value is not None else None


def _step(step: CompiledStep, definition: CompiledDefinition) -> StepObject:
    return {
        "id": step.id,
        "title": of_label(step.title),
        "by": [_right(each, definition) for each in step.by],
        "asks": [_asked(each) for each in step.form.asks],
        "shows": list(step.shows),
        "requires": [of_label(each.say) for each in step.requires],
        "needs_reason": step.reason_required,
        "approvals": step.approvals is not None,
        "undoable": step.undoable and definition.undo is not None,
        "automatic": step.when is not None,
        "to": sorted(set(step.to.values()), key=[*definition.states, STAY].index),
        "event": step.event.name if step.event is not None else None,
        "emits": step.emit.name if step.emit is not None else None,
    }


def _right(right: Right, definition: CompiledDefinition) -> RightObject:
    return {"kind": right.kind, "name": right.name, "title": of_label(right_title(right, definition)), "anywhere": right.anywhere}


def _asked(ask: Ask) -> AskedObject:
    rows = ask.rows
    return {
        "field": ask.field.id,
        "optional": ask.optional,
        "columns": [each.column.id for each in rows.columns] if rows is not None else None,
        "whole_rows": rows is not None and rows.whole,
    }
