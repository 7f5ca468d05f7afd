"""The history of a case in words: what each entry says, for one reader. Knows the definition that an entry was made under, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.conclusion import SYSTEM
from engine.core.event import (
    Assigned,
    CalendarExtended,
    ChildChanged,
    Commented,
    Corrected,
    Disclosed,
    Moved,
    Opened,
    RungFired,
    Signed,
    TimerLapsed,
    Undone,
    Voided,
)
from engine.core.masking import HIDDEN
from engine.core.showing import EMPTY, show
from engine.label import Label, listed, verbatim
from engine.runtime.deed import Deed, opened_by, text_of, title_of
from engine.runtime.fields import ERASED, Fields, FieldView
from engine.runtime.rung import clock_title, result_title, rung_title
from engine.runtime.titles import person_title
from engine.store.history import Course, HistoryEntry
from roles.roster import Roster

_CORRECTED = Label("更正", "Correction")
_COMMENTED = Label("备注", "Comment")
_DISCLOSED = Label("查看原文", "Disclosure")
_EVERYTHING = Label("全部个人信息与备注", "all that is personal, and the remarks")
_ASSIGNED = Label("派单", "Assignment")
_HOLDER = Label("承办人", "Holder")
_LAPSED = Label("计时落空：已无事可做", "A timer rang, and there was nothing to do")
_EXTENDED = Label("改用新公布的节假日", "Newly decreed holidays taken over")
_BY_ITSELF = Label("系统（自动）", "the system, by itself")


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of the history in words. `to` is the state entered, if one was; `text` a comment, or what became of a rung."""

    entry: HistoryEntry
    title: Label
    who: Label
    to: Label | None
    changes: tuple[FieldView, ...]
    text: Label | None = None
    is_masked: bool = False
    """Whether the comment is hidden from this reader."""
    opened: tuple[Label, ...] = ()
    """The cases that were opened with it, by title and number."""

    @property
    def is_quiet(self) -> bool:
        """Whether nobody did it, and the case is as it was before: a reminder, a timer, a calendar."""
        return isinstance(self.entry.event, RungFired | TimerLapsed | CalendarExtended)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A part of a history, newest first. `more`: whether there are older entries."""

    entries: tuple[EntryView, ...]
    more: bool
    course: Course


def entry_view(definition: CompiledDefinition, entry: HistoryEntry, fields: Fields, numbers: Mapping[str, str]) -> EntryView:
    """An entry in words, for the reader of `fields`. `numbers`: id → number of the children that the case has opened."""
    event, roster = entry.event, fields.roster
    who = _who(entry, roster)
    if isinstance(event, Assigned):
        to_whom = person_title(event.assignee, roster) if event.assignee is not None else EMPTY
        return EntryView(entry, _ASSIGNED, who, None, (FieldView("assignee", _HOLDER, to_whom),))
    if isinstance(event, Commented):
        return _remark(entry, event, who, is_masked=fields.masks)
    if isinstance(event, Disclosed):
        return EntryView(entry, _DISCLOSED, who, None, (), _read_by(definition, event))
    if isinstance(event, RungFired):
        title = Label("{clock}：{rung}", "{clock}: {rung}")
        title = title.fill(clock=clock_title(definition, event.clock), rung=rung_title(event.rung, event.repetition))
        became = result_title(definition, event.clock, event.result, event.into, event.why)
        return EntryView(entry, title, who, None, (), became)
    if isinstance(event, TimerLapsed | CalendarExtended):
        return EntryView(entry, _LAPSED if isinstance(event, TimerLapsed) else _EXTENDED, who, None, ())
    if isinstance(event, Signed | Voided | ChildChanged | Undone):
        to = definition.states[event.to].title if isinstance(event, Undone) else None
        told = _told(definition, entry, event, fields)
        return EntryView(entry, title_of(definition, event, numbers), who, to, told, text_of(event, roster))
    changes = fields.changed(definition, event.changes, entry.erased)
    if isinstance(event, Corrected):
        return EntryView(entry, _CORRECTED, who, None, changes)
    to = definition.states[event.to].title if isinstance(event, Opened) or event.entered else None
    return EntryView(entry, _step(definition, event).title, who, to, changes, opened=opened_by(definition, event))


def _told(definition: CompiledDefinition, entry: HistoryEntry, event: Deed, fields: Fields) -> tuple[FieldView, ...]:
    """The values that a deed tells: the form that was signed, what a child has handed back, what was put back."""
    if isinstance(event, Signed):
        return fields.changed(definition, event.form or {}, entry.erased)
    changes = fields.changed(definition, event.changes, entry.erased) if isinstance(event, ChildChanged | Undone) else ()
    if not isinstance(event, ChildChanged):
        return changes
    kept = {(each.title, each.value) for each in changes}  # a computed field mostly bears the name of what it takes over
    return (*(each for each in _returned(definition, event, fields) if (each.title, each.value) not in kept), *changes)


def _returned(definition: CompiledDefinition, event: ChildChanged, fields: Fields) -> tuple[FieldView, ...]:
    """Nothing of it is personal: a child hands no such value back (`personal-handed-over`)."""
    columns = dict(definition.aliases[event.alias].kind.columns)
    found: list[FieldView] = []
    for name, value in event.returns.items():
        id = f"{event.alias}.{name}"
        said = show(value, columns[name], definition.scope.choices.get(id), fields.zone)
        found.append(FieldView(id, definition.scope.titles[id], said))
    return tuple(found)


def _remark(entry: HistoryEntry, event: Commented, who: Label, *, is_masked: bool) -> EntryView:
    if event.text is None:
        return EntryView(entry, _COMMENTED, who, None, (), ERASED)
    return EntryView(entry, _COMMENTED, who, None, (), HIDDEN if is_masked else verbatim(event.text), is_masked=is_masked)


def _read_by(definition: CompiledDefinition, event: Disclosed) -> Label:
    """What was read."""
    return listed(definition.fields[name].title for name in event.fields) if event.fields else _EVERYTHING


def _who(entry: HistoryEntry, roster: Roster) -> Label:
    if entry.actor == SYSTEM.id and entry.door != "timer":
        return _BY_ITSELF
    who = person_title(entry.actor, roster)
    if entry.on_behalf_of is None:
        return who
    return Label("{who}，代{other}", "{who} for {other}").fill(who=who, other=person_title(entry.on_behalf_of, roster))


def _step(definition: CompiledDefinition, event: Opened | Moved) -> CompiledStep:
    return definition.starts[event.start] if isinstance(event, Opened) else definition.states[event.source].steps[event.step]
