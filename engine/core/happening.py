"""Something that has happened outside: which steps it performs, which case it means, and what it fills into their forms.

An event has a name and a payload: a JSON object as `json.loads(…, parse_float=Decimal)` gives it. A key of a rule is the name of a member,
or a path into nested objects, `data.waybill`. Must not know how an event came in, nor where cases are kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from engine.core.command import Raw
from engine.core.compiled import CompiledDefinition, CompiledStep, EventRule
from engine.core.decision import Reason
from engine.core.facts import Facts
from engine.core.field import FieldRule, Unreadable
from engine.core.form import invalid
from engine.core.kind import Value
from engine.core.prose import plain
from engine.label import Label, listed, verbatim
from roles.actor import Actor

T = TypeVar("T")

Payload = Mapping[str, object]
"""key → text, number (int or Decimal), boolean, None, list or nested object."""

TELLING = frozenset({"text", "integer", "decimal", "money", "date", "boolean", "choice", "person", "unit", "case"})
"""The kinds of fields by whose values a case is found: each has one written form, whatever the zone."""

_NAMED = ("person", "unit", "case")
"""Kinds that hold an id, which a case has only if it was there."""
_NOBODY = Facts(datetime.min.replace(tzinfo=UTC), Actor("", "system"), ZoneInfo("UTC"))
"""What reading a value of any other of these kinds knows besides it: nothing."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A step or a start that an event performs."""

    step: CompiledStep
    rule: EventRule
    states: frozenset[str]
    """The states in which the step is available, none of them final; none at all for a start, which opens a case."""

    @property
    def opens(self) -> bool:
        """Whether it is a start."""
        return not self.states

    def is_of(self, state: str, data: Mapping[str, Value], wanted: Mapping[str, Value]) -> bool:
        """Whether a case in this state, with these values, is the one that is meant. `wanted`: what `matching` says."""
        return state in self.states and all(data.get(field) == value for field, value in wanted.items())


def meant(definition: CompiledDefinition, name: str) -> tuple[Meant, ...]:
    """The starts and steps that an event of this name performs, in the order of the document; none: the process does not know it."""
    found = [Meant(step, step.event, frozenset()) for step in definition.starts.values() if step.event is not None]
    for step in definition.steps()[len(definition.starts) :]:
        if step.event is not None:
            states = (state for state in definition.states.values() if state.steps.get(step.id) is step)
            found.append(Meant(step, step.event, frozenset(state.id for state in states if state.outcome is None)))
    return tuple(each for each in found if each.rule.name == name)


def matching(definition: CompiledDefinition, rule: EventRule, payload: Payload) -> Mapping[str, Value] | tuple[Reason, ...]:
    """field → the value that a case holds in it if it is meant, as cases hold values; every reason when the payload does not say."""
    wanted: dict[str, Value] = {}
    reasons: list[Reason] = []
    for key, name in rule.match:
        field, raw = definition.fields[name], _at(payload, key)
        try:
            value = _kept(field, raw)
        except Unreadable as fault:
            reasons.append(invalid(field, fault.sentence))
            continue
        if value is None:
            sentence = Label("消息缺少“{key}”，无法按{title}找到工单", "The message lacks “{key}”, so that no case can be found by {title}")
            reasons.append(Reason("data_invalid", sentence.fill(key=key, title=field.title), subject=name))
        else:
            wanted[name] = value
    return tuple(reasons) or wanted


def filling(step: CompiledStep, rule: EventRule, payload: Payload) -> Raw | tuple[Reason, ...]:
    """The data of the wish, for the form of the step to read; every reason when the payload lacks what must be filled."""
    data: dict[str, object] = {}
    reasons: list[Reason] = []
    needed = {ask.field.id: ask.field for ask in step.form.asks if not ask.optional}
    for name, key in rule.fills:
        raw = _at(payload, key)
        if raw is not None and raw != "":
            data[name] = raw
        elif name in needed:
            sentence = Label("消息缺少“{key}”，而{title}必填", "The message lacks “{key}”, and {title} must be filled")
            reasons.append(Reason("data_invalid", sentence.fill(key=key, title=needed[name].title), subject=name))
    return tuple(reasons) or data


def only_one(name: str, found: Mapping[str, T], lacking: tuple[Reason, ...]) -> T | tuple[Reason, ...]:
    """The one step that an event means – or why it means none: never the first of several.

    `found`: the number of a case, or the title of a start → what is meant. `lacking`: why it was not looked for elsewhere.
    """
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        sentence = Label("“{event}”同时指：{cases}", "“{event}” means several: {cases}")
        return (Reason("ambiguous", sentence.fill(event=name, cases=listed(map(verbatim, found))), subject=name),)
    sentence = Label("没有未结工单与“{event}”相符", "“{event}” means no open case")
    return lacking or (Reason("unmatched", sentence.fill(event=name), subject=name),)


def _at(payload: Payload, key: str) -> object:
    """What stands at this path; None where nothing does."""
    found: object = payload
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _kept(field: FieldRule, raw: object) -> Value | None:
    """The value that a case keeps when this is filled in; None for an empty one. Raises Unreadable."""
    if field.kind.name not in _NAMED:
        return field.read(raw, _NOBODY, ())
    text = plain(raw)
    if text is None and raw is not None:
        raise Unreadable(Label("应为标识，实际不是文字", "expected an id, found no text"))
    return unicodedata.normalize("NFKC", text or "").strip() or None
