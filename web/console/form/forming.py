"""Forms as a page needs them, generated from what a step asks: each field with its control, its choices, what stands in it, what is wrong.

Pure: who may be named and what was typed come in as values. Nothing is decided here, nothing is checked: the step itself does that.

What may be left empty stands there as the case has it, since leaving it empty empties it; so do rows. What must be filled is filled anew –
a number that is to be scanned again must not stand there already – with the present value beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal, cast
from zoneinfo import ZoneInfo

from engine.core.command import Raw
from engine.core.decision import Reason
from engine.core.field import FieldRule
from engine.core.form import Ask
from engine.core.kind import Row, Value, attachments_in, decimals, persons_in, rows_in
from engine.core.prose import REASON_LIMIT
from engine.core.rows import ROW, RowsAsk, place_in_words
from engine.label import Label, verbatim
from engine.runtime.fields import FieldView
from web.console.form.control import Control, Fault, FormView, Grid, Kept, Known, Line, as_readable, bare, closed, focus_of

PREFIX = "data"
"""Fields are called `data.FIELD`, cells `data.LIST.ROW.COLUMN`: so no field of a definition meets what the page itself sends."""
REASON = "reason"
BLANK = "__row__"
"""Stands for the number of a row that is not there yet."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What a form begins with, or comes back with: `data`, by field, where anything was filled in, the reason, and why it comes back."""

    data: Raw | None = None
    reason: str = ""
    faults: Sequence[Reason] = ()


def form_of(
    asks: Sequence[Ask],
    known: Known,
    filling: Filling = Filling(),
    *,
    present: Mapping[str, Value] | None = None,
    shown: Mapping[str, FieldView] | None = None,
    reason: Literal["none", "optional", "required"] = "none",
    fills: bool = False,
) -> FormView:
    """The form of these asks.

    `present`, `shown`: the values of the case, and how they read; masked ones stand nowhere. `fills`: what must be filled stands there,
    too, as for a correction.
    """
    making = _Making(known, present or {}, shown or {}, filling.data, tuple(filling.faults), fills)
    controls = [making.control(ask) for ask in asks]
    if reason != "none":
        controls.append(_reason(reason == "required", filling.reason, filling.faults))
    return FormView(tuple(controls), tuple(_fault(each, controls) for each in filling.faults), known.offers)


@dataclass(frozen=True, slots=True)
class _Making:
    """One form while it is made."""

    known: Known
    present: Mapping[str, Value]
    shown: Mapping[str, FieldView]
    typed: Raw | None
    faults: tuple[Reason, ...]
    fills: bool

    def control(self, ask: Ask) -> Control:
        """One field with what stands in it."""
        rule = ask.field
        empty = bare(rule, self.known, f"{PREFIX}-{rule.id}", f"{PREFIX}.{rule.id}", is_required=not ask.optional)
        empty = replace(empty, faults=_beside(rule, self.faults))
        is_masked = rule.id in self.shown and self.shown[rule.id].is_masked
        value = None if is_masked else self.present.get(rule.id)
        if ask.rows is not None and rule.rows is not None:
            of_all = tuple(each for each in empty.faults if not _is_of_cell(rule, each))
            return replace(empty, grid=self._grid(rule, ask.rows, rows_in(value), empty.faults), faults=of_all)
        if rule.files is not None:
            return replace(empty, files=self._files(rule, value, ask))
        before = written(rule, value, self.known.zone)
        stands = before if self.typed is None and (ask.optional or self.fills) else ""
        if self.typed is not None:
            stands = _as_typed(rule, self.typed.get(rule.id), self.known.zone)
        said = self.shown[rule.id].value if rule.id in self.shown else None
        if (is_masked and self.fills) or (before and before != stands):
            return as_readable(replace(empty, value=stands, present=said, before=before))
        return as_readable(replace(empty, value=stands))

    def _files(self, rule: FieldRule, value: Value | None, ask: Ask) -> tuple[Kept, ...]:
        """What was sent just now, and below it what the field holds."""
        typed = self.typed.get(rule.id) if self.typed is not None else None
        sent = [(each["id"], each["name"]) for each in typed if isinstance(each, Mapping)] if isinstance(typed, list) else []
        ids = {id for id, _ in sent}
        held = [each for each in attachments_in(value) if each.id not in ids]
        stays = self.typed is None and (ask.optional or self.fills)
        return (
            *(Kept(kept_value(id, name), name, is_taken=True) for id, name in sent),
            *(Kept(kept_value(each.id, each.name), each.name, is_taken=stays) for each in held),
        )

    def _grid(self, rule: FieldRule, ask: RowsAsk, held: Sequence[Row], faults: Sequence[Label]) -> Grid:
        assert rule.rows is not None
        asked = {each.column.id for each in ask.columns}
        beside = [name for name in rule.rows.columns if name not in asked and (name in rule.rows.key or not rule.rows.key)]
        names = [] if ask.whole else beside
        told = self._told(rule, names, held)
        typed = self.typed.get(rule.id, held) if self.typed is not None else held
        rows = typed if isinstance(typed, list | tuple) else ()
        given = [_row(ask, each, self.known.zone) if isinstance(each, Row) else each for each in rows if isinstance(each, Row | Mapping)]
        if not given and ask.add:
            given = [{}] * max(1, rule.rows.least)
        unsaid = (verbatim(""),) * len(names)
        return Grid(
            tuple(rule.rows.columns[name].title for name in names),
            tuple((each.column.title, not each.optional) for each in ask.columns),
            tuple(self._line(rule, ask, place, raw, told.get(str(raw.get(ROW)), unsaid), faults) for place, raw in enumerate(given)),
            self._line(rule, ask, BLANK, {}, unsaid, ()) if ask.add else None,
        )

    def _told(self, rule: FieldRule, names: Sequence[str], held: Sequence[Row]) -> Mapping[str, tuple[Label, ...]]:
        """row → the cells in words that it shows and does not ask."""
        shown = self.shown.get(rule.id)
        if shown is None or rule.rows is None or len(shown.rows) != len(held):
            return {}
        places = [list(rule.rows.columns).index(name) for name in names]
        return {row.id: tuple(cells[place] for place in places) for row, cells in zip(held, shown.rows, strict=True)}

    def _line(self, rule: FieldRule, ask: RowsAsk, place: int | str, raw: Raw, told: tuple[Label, ...], faults: Sequence[Label]) -> Line:
        row, number = str(raw.get(ROW) or ""), place + 1 if isinstance(place, int) else 0
        cells = []
        for each in ask.columns:
            column = each.column
            id, name = f"{PREFIX}-{rule.id}-{place}-{column.id}", f"{PREFIX}.{rule.id}.{place}.{column.id}"
            cell = bare(column, self.known, id, name, is_required=not each.optional)
            cell = as_readable(
                replace(cell, value=_as_typed(column, raw.get(column.id), self.known.zone), faults=_of_cell(faults, number, column))
            )
            # In a row choices do not lie open: it would be as high as they are many.
            cells.append(
                replace(cell, widget="select", choices=closed(cell)) if cell.widget == "radio" and column.kind.name != "boolean" else cell
            )
        return Line(place, row, told, tuple(cells), can_go=ask.add and (ask.whole or not row))


def kept_value(id: str, name: str) -> str:
    """A stored file as a form sends it back."""
    return f"{id}/{name}"


def changes_in(asks: Sequence[Ask], typed: Raw, present: Mapping[str, Value], zone: ZoneInfo, masked: Collection[str]) -> Raw:
    """What a correction mends: the fields in which something else stands than the case has. Of a masked one nothing stands there."""
    found: dict[str, object] = {}
    for ask in asks:
        rule, value = ask.field, None if ask.field.id in masked else present.get(ask.field.id)
        raw = typed.get(rule.id)
        if ask.rows is not None:
            given = [each for each in raw if isinstance(each, Mapping)] if isinstance(raw, list) else []
            is_same = [_filled(each) for each in given] == [_filled(_row(ask.rows, each, zone)) for each in rows_in(value)]
        elif rule.files is not None:
            is_same = raw == [{"id": each.id, "name": each.name} for each in attachments_in(value)]
        else:
            is_same = _as_typed(rule, raw, zone) == written(rule, value, zone)
        if not is_same:
            found[rule.id] = raw
    return found


def written(rule: FieldRule, value: Value | None, zone: ZoneInfo) -> str:
    """A value as it would stand in its control."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%dT%H:%M}"
    if isinstance(value, Decimal):
        return f"{value:.{decimals(rule.kind.of)}f}" if rule.kind.name == "money" else format(value, "f")
    return " ".join(persons_in(value)) if rule.kind.name == "people" else str(value)


def _row(ask: RowsAsk, row: Row, zone: ZoneInfo) -> Raw:
    """A row as it would stand in its controls."""
    return {ROW: row.id, **{each.column.id: written(each.column, row.cells.get(each.column.id), zone) for each in ask.columns}}


def _filled(row: Raw) -> Raw:
    return {name: cell for name, cell in row.items() if cell not in ("", None)}


def _as_typed(rule: FieldRule, raw: object, zone: ZoneInfo) -> str:
    """What was filled in – typed, or taken over as a value – as it stands there again."""
    if isinstance(raw, str):
        return raw
    return " ".join(map(str, raw)) if isinstance(raw, list) else written(rule, cast("Value | None", raw), zone)


def _reason(is_required: bool, typed: str, faults: Sequence[Reason]) -> Control:
    found = tuple(each.sentence for each in faults if each.subject == REASON)
    title = Label("原因", "Reason")
    hint = (Label("写入工单历史", "Kept in the history"),)
    return Control(REASON, REASON, title, "text", is_required, typed, hints=hint, faults=found, most=REASON_LIMIT, lines=2)


def _beside(rule: FieldRule, faults: Sequence[Reason]) -> tuple[Label, ...]:
    """What is wrong with a field, without its title, beside which it stands."""
    own = (each.sentence for each in faults if each.subject == rule.id)
    return tuple(without(each, rule.title) for each in own)


def without(sentence: Label, place: Label) -> Label:
    """A fault without the words that say where it is: it stands there."""
    return Label(sentence.zh.removeprefix(f"{place.zh}："), sentence.en.removeprefix(f"{place.en}: "))


def _of_cell(faults: Sequence[Label], number: int, column: FieldRule) -> tuple[Label, ...]:
    place = place_in_words(number, column)
    return tuple(without(each, place) for each in faults if each.en.startswith(f"{place.en}: "))


def _is_of_cell(rule: FieldRule, fault: Label) -> bool:
    """Whether a fault of a list names one of its cells, beside which it stands."""
    found = re.match(r"row (\d+), ", fault.en)
    columns = rule.rows.columns.values() if rule.rows is not None else ()
    return found is not None and any(fault.en.startswith(f"{place_in_words(int(found[1]), each).en}: ") for each in columns)


def _fault(reason: Reason, controls: Sequence[Control]) -> Fault:
    """A reason as a line of the summary, leading to the control that it is about – or, of those whose values decided, to one left empty."""
    by_field = {each.name.removeprefix(f"{PREFIX}."): each for each in controls}
    about = [by_field[each] for each in (reason.subject, *reason.missing) if each in by_field]
    decided = {each.name for each in reason.values}
    deciding = sorted((each for name, each in by_field.items() if name in decided), key=lambda each: bool(each.value))
    found = next(iter((*about, *deciding)), None)
    return Fault(reason.code, reason.sentence, focus_of(found, reason.sentence) if found is not None else None)
