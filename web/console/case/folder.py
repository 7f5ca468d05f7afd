"""A case laid out for its page: what it is about, its phases, its fields in groups, its history folded, its clocks by urgency.

Pure: puts in order what the views say, and says nothing of its own but the titles of groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Literal
from zoneinfo import ZoneInfo

from engine.core.compiled import CompiledDefinition
from engine.core.kind import Attachment, Kind, attachments_in
from engine.core.showing import EMPTY, show
from engine.core.wording import lasting
from engine.definition.phase import PHASES
from engine.label import Label
from engine.runtime.chronicle import EntryView
from engine.runtime.clocks import Dial
from engine.runtime.deadline import is_soon
from engine.runtime.fields import FieldView
from engine.runtime.messages import MessageView
from engine.runtime.reading import CaseView
from engine.store.deliveries import Status

_CUSTOMER = Label("客户", "Customer")
_CONTENT = Label("工单内容", "Contents")
_LONG = 32
"""Characters from which on a value gets a line of its own."""
_AT_A_GLANCE = 3
_FOLDED = 3
"""So many reminders after each other are folded."""

Mood = Literal["calm", "soon", "late", "paused", "kept", "missed"]


@dataclass(frozen=True, slots=True)
class Filled:
    """A field that is not empty. `files`: what it holds, where this reader may have it."""

    view: FieldView
    kind: Kind
    type: str
    files: tuple[Attachment, ...]

    @property
    def is_long(self) -> bool:
        """Whether it needs a line of its own."""
        return len(self.view.value.zh) > _LONG

    @property
    def shown(self) -> tuple[int, ...]:
        """Of a list the places of the columns that are not empty in every row."""
        return tuple(place for place in range(len(self.view.columns)) if any(row[place] != EMPTY for row in self.view.rows))


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    title: Label
    fields: tuple[Filled, ...]

    @property
    def has_masked(self) -> bool:
        """Whether there is more to it than this reader is shown."""
        return any(each.view.is_masked for each in self.fields)


@dataclass(frozen=True, slots=True)
class Stage:
    """A phase of the process, and how the case stands to it."""

    title: Label
    standing: Literal["past", "present", "ahead"]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A clock with what a bar shows of it."""

    dial: Dial
    used: Label
    limit: Label | None
    """How long it may take; None where a promised date holds instead."""
    mood: Mood
    percent: int | None
    """How much of its time is used up; None while nobody knows."""


def groups_of(view: CaseView) -> tuple[Group, ...]:
    """The filled fields: the customer's first, then by the phase in which each is first asked, in the order of the document."""
    definition = view.definition
    of_party = {field for fields in definition.parties.values() for field in fields.values()}
    phases = _asked_in(definition)
    found: dict[str | None, list[Filled]] = {}
    last: str | None = None
    for each in view.fields:
        if each.value == EMPTY:
            continue
        last = phases.get(each.id, last)  # what nobody fills in stands with what it is reckoned from
        found.setdefault("" if each.id in of_party else last, []).append(filled(view, each))
    order = ["", *_phases(definition), None]
    chosen = sorted(found.items(), key=lambda item: order.index(item[0]))
    return tuple(Group(_CUSTOMER if phase == "" else PHASES[phase] if phase else _CONTENT, tuple(fields)) for phase, fields in chosen)


def glance_of(view: CaseView) -> tuple[FieldView, ...]:
    """What the case is about: its subject, whom it is for, and the first that was said of it."""
    definition = view.definition
    shown = {each.id: each for each in view.fields if each.value != EMPTY}
    first = [definition.subject, *(fields.get(name) for fields in definition.parties.values() for name in ("name", "mobile"))]
    named = [shown[name] for name in dict.fromkeys(first) if name in shown]
    asked = (ask.field for start in definition.starts.values() for ask in start.form.asks)
    texts = dict.fromkeys(rule.id for rule in asked if rule.type == "text" and not rule.personal)
    told = (shown[name] for name in texts if name in shown)
    return (*named, *islice((each for each in told if each not in named), max(_AT_A_GLANCE - len(named), 2)))


def stages_of(view: CaseView, been: Sequence[str]) -> tuple[Stage, ...]:
    """The phases of the process in their order; `been`: the states that the case was in.

    What was sent back has the later ones before it again.
    """
    states = view.definition.states
    past = {states[name].phase for name in been if name in states}
    phases = _phases(view.definition)
    here = phases.index(view.phase) if view.phase in phases else len(phases)
    return tuple(Stage(PHASES[each], _standing(place, here, is_past=each in past)) for place, each in enumerate(phases))


def gauges_of(dials: Sequence[Dial], now: datetime) -> tuple[tuple[Gauge, ...], tuple[Gauge, ...]]:
    """The clocks that run or pause, what is due first coming first, and those that have stopped."""
    found = [_gauge(each, now) for each in dials]
    going = [each for each in found if each.dial.run.standing in ("running", "paused")]
    going.sort(key=lambda each: (each.dial.due is None, each.dial.due.at if each.dial.due is not None else now))
    return tuple(going), tuple(each for each in found if each not in going)


@dataclass(frozen=True, slots=True)
class Told:
    """Recipients over one channel of whom the same became."""

    channel: str
    recipients: tuple[Label, ...]
    status: Status
    note: Label | None


def told_by(message: MessageView) -> tuple[Told, ...]:
    """What became of a message, those together of whom the same became."""
    found: dict[tuple[str, Status, Label | None], list[Label]] = {}
    for each in message.deliveries:
        way = each.delivery.channel.partition(":")[0]
        found.setdefault((way, each.delivery.status, each.delivery.note), []).append(each.recipient)
    return tuple(Told(way, tuple(recipients), status, note) for (way, status, note), recipients in found.items())


def folded(entries: Sequence[EntryView]) -> Iterator[tuple[EntryView, ...]]:
    """The entries, each alone; several after each other that nobody brought about are one."""
    for is_quiet, run in groupby(entries, key=lambda each: each.is_quiet):
        together = tuple(run)
        if is_quiet and len(together) >= _FOLDED:
            yield together
        else:
            yield from ((each,) for each in together)


def _phases(definition: CompiledDefinition) -> tuple[str, ...]:
    """In the order in which the document comes to them."""
    return tuple(dict.fromkeys(state.phase for state in definition.states.values() if state.phase is not None))


def _asked_in(definition: CompiledDefinition) -> Mapping[str, str | None]:
    """field → the phase in which it is first asked."""
    states = definition.states
    opening = ((states[target].phase, start) for start in definition.starts.values() for target in start.to.values() if target in states)
    steps = ((state.phase, step) for state in states.values() for step in state.steps.values() if step.path[:1] != ("anywhere",))
    asked: dict[str, str | None] = {}
    for phase, step in (*opening, *steps):
        for ask in step.form.asks:
            asked.setdefault(ask.field.id, phase)
    return asked


def filled(view: CaseView, field: FieldView) -> Filled:
    """A field with the files that it holds, as far as this reader may have them."""
    rule = view.definition.fields[field.id]
    files = attachments_in(view.case.data.get(field.id)) if rule.files is not None and not field.is_masked else ()
    return Filled(field, rule.kind, rule.type, files)


def _standing(place: int, here: int, *, is_past: bool) -> Literal["past", "present", "ahead"]:
    return "present" if place == here else "past" if is_past and place < here else "ahead"


def _gauge(dial: Dial, now: datetime) -> Gauge:
    run = dial.run
    used = lasting(dial.elapsed, working=dial.is_working)
    limit = show(run.limit, Kind("duration"), None, ZoneInfo("UTC")) if run.limit is not None and run.promised is None else None
    percent = None
    if dial.whole is not None:
        percent = min(100, int(100 * dial.elapsed / dial.whole)) if dial.whole else 100
    return Gauge(dial, used, limit, _mood(dial, now), percent)


def _mood(dial: Dial, now: datetime) -> Mood:
    if dial.run.standing in ("stopped", "ended"):
        return "missed" if dial.is_late else "kept"
    if dial.due is not None and dial.due.at <= now:
        return "late"
    if dial.run.standing == "paused":
        return "paused"
    return "soon" if dial.due is not None and is_soon(dial.due.at, dial.run.start, now) else "calm"
