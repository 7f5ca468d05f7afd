"""Dry runs as objects for JSON: what a wish would do – move, values, clocks, messages – and everything that was asked before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.compiled import CompiledDefinition
from engine.core.effect import Emit, Notify
from engine.label import Label
from engine.representation.case import FaceObject, of_face
from engine.representation.label import LabelObject, of_label
from engine.representation.scalar import Instant, of_instant
from engine.representation.step import GrantObject, of_grant
from engine.runtime.answer import Granted
from engine.runtime.fields import FieldView
from engine.runtime.reading import CaseView
from engine.runtime.titles import right_title


class WouldChangeObject(TypedDict):
    """A field that would be filled, changed or emptied, in words."""

    field: str
    title: LabelObject
    before: LabelObject
    after: LabelObject


class WouldTellObject(TypedDict):
    """A message that would wait in the outbox. Who stands in these words is asked when it goes out."""

    template: str
    tell: Annotated[list[LabelObject], Field(description="Who is meant.")]
    not_before: Annotated[Instant | None, Field(description="Held back until then, so that an undo can recall it.")]


class TrialObject(GrantObject):
    """What a wish would do. A number that a new case would get, another may get before."""

    changes: list[WouldChangeObject]
    clocks: Annotated[list[FaceObject], Field(description="Those that would run or pause, what is due first coming first.")]
    messages: list[WouldTellObject]
    emitted: Annotated[list[str], Field(description="The events that programs outside would hear of, by name.")]


def of_trial(granted: Granted, after: CaseView, changes: Sequence[tuple[FieldView, Label]]) -> TrialObject:
    """What a wish would do. `after`: the case as it would be; `changes`: each field that would differ, and its value before."""
    return {
        **of_grant(granted, dry_run=True),
        "changes": [
            {"field": each.id, "title": of_label(each.title), "before": of_label(before), "after": of_label(each.value)}
            for each, before in changes
        ],
        "clocks": [of_face(each) for each in after.clocks],
        "messages": [_told(each, after.definition) for each in granted.effects if isinstance(each, Notify)],
        "emitted": [each.event for each in granted.effects if isinstance(each, Emit)],
    }


def _told(notify: Notify, definition: CompiledDefinition) -> WouldTellObject:
    return {
        "template": notify.template,
        "tell": [of_label(right_title(right, definition)) for right in notify.tell],
        "not_before": of_instant(notify.not_before),
    }
