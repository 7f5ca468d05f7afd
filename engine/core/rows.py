"""Raw rows become rows: which row of a list each one means, which cells it gives, and every fault, by row and column.

A row that stays keeps its id; a new one gets an id that its case never uses again. Knows one list and one form, no case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from engine.core.facts import Facts
from engine.core.field import LINE_LIMIT, FieldRule, ListRule, Unreadable
from engine.core.kind import Row, Value
from engine.core.prose import quoted
from engine.errors import with_nearest
from engine.label import Label, listed

ROW = "row"
"""How a raw row names the row that it means: no column may be called so."""

_TEXT_LIMIT = 1_000_000
"""Characters of rows written as JSON."""

_REQUIRED = Label("必填", "must be filled")
_EXPECTED = Label("明细行的列表", "a list of rows")

RawRow = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ColumnAsk:
    """One column of a form of rows."""

    column: FieldRule
    optional: bool


@dataclass(frozen=True, slots=True)
class RowsAsk:
    """What a form asks of a list: `whole` rows, which it replaces, adds and removes; else these cells of every row, with `add` new rows."""

    columns: tuple[ColumnAsk, ...]
    whole: bool
    add: bool
    mends: bool = False
    """What is not given stays: a correction fills cells anew, and empties none."""


class NewIds:
    """Ids for the rows that one entry of the history makes: `SEQ.1`, `SEQ.2` …"""

    def __init__(self, seq: int) -> None:
        self._seq, self._numbers = seq, count(1)

    def next(self) -> str:
        """One that was never given before."""
        return f"{self._seq}.{next(self._numbers)}"


def whole_rows(rule: ListRule) -> RowsAsk:
    """What a form asks that asks for the list itself."""
    asks = (ColumnAsk(column, name not in rule.needed) for name, column in rule.columns.items() if not column.computed)
    return RowsAsk(tuple(asks), whole=True, add=True)


def mended_rows(rule: ListRule) -> RowsAsk:
    """What a correction may give: any cells of rows that are there."""
    asks = (ColumnAsk(column, optional=True) for column in rule.columns.values() if not column.computed)
    return RowsAsk(tuple(asks), whole=False, add=False, mends=True)


def rows_given(raw: object) -> tuple[RawRow, ...]:
    """The raw rows in a raw value: a list of mappings, the same as JSON, or rows themselves. Raises Unreadable."""
    if raw is None or raw == "":
        return ()
    if isinstance(raw, str):
        raw = _parsed(raw)
    if not isinstance(raw, list | tuple):
        raise _not_rows(raw)
    return tuple(_one(each) for each in raw)


def fill_rows(
    rule: ListRule, ask: RowsAsk, raw: object, present: tuple[Row, ...], ids: NewIds, facts: Facts, lineage: tuple[str, ...]
) -> tuple[tuple[Row, ...], tuple[Label, ...]]:
    """The rows after the form, and all that is wrong with what was given; with a fault the rows mean nothing."""
    try:
        given = rows_given(_kept_apart(ask, raw, present) if isinstance(raw, tuple) else raw)
    except Unreadable as fault:
        return present, (fault.sentence,)
    if len(given) > rule.most:
        return present, (_too_many(rule, len(given)),)
    filling = _Filling(rule, ask, present, facts, lineage)
    filling.take(given)
    if filling.faults:
        return present, tuple(filling.faults)
    rows = filling.rows(ids)
    return rows, tuple(_faults_of_all(rule, rows))


def _kept_apart(ask: RowsAsk, raw: tuple[object, ...], present: tuple[Row, ...]) -> tuple[object, ...]:
    """Rows of another list, or of a form that was put by, are new ones here; of their columns those are taken over that are asked."""
    known, asked = {row.id for row in present}, {each.column.id for each in ask.columns}
    return tuple(_raw(each, asked, known) if isinstance(each, Row) else each for each in raw)


def _raw(row: Row, asked: set[str], known: set[str]) -> RawRow:
    cells = {name: value for name, value in row.cells.items() if name in asked}
    return {ROW: row.id, **cells} if row.id in known else cells


def _parsed(text: str) -> object:
    if len(text) > _TEXT_LIMIT:
        raise _not_rows(text)
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise _not_rows(text) from None


def _not_rows(raw: object) -> Unreadable:
    return Unreadable(
        Label("应为{expected}，实际为{raw}", "expected {expected}, found {raw}").fill(expected=_EXPECTED, raw=quoted(raw)),
    )


def _one(raw: object) -> RawRow:
    if isinstance(raw, Row):
        return {ROW: raw.id, **raw.cells}
    if isinstance(raw, Mapping) and all(isinstance(name, str) for name in raw):
        return raw
    raise _not_rows(raw)


class _Filling:
    """One list while its form is read."""

    def __init__(self, rule: ListRule, ask: RowsAsk, present: tuple[Row, ...], facts: Facts, lineage: tuple[str, ...]) -> None:
        self.rule, self.ask, self.present, self.facts, self.lineage = rule, ask, present, facts, lineage
        self.faults: list[Label] = []
        self.taken: list[tuple[Row | None, Mapping[str, Value]]] = []
        self._asked = {each.column.id for each in ask.columns}
        self._by_id = {row.id: row for row in present}
        self._by_key = {_key(rule, row.cells): row for row in present} if rule.key else {}

    def take(self, given: Sequence[RawRow]) -> None:
        """All raw rows, and the rows that none of them means."""
        found = self._matched(given)
        if self.faults:
            return
        for number, (raw, row) in enumerate(zip(given, found, strict=True), 1):
            if row is None and not self.ask.add:
                self._fault(number, self._no_row(raw))
                continue
            if row is not None and any(row is other for other, _ in self.taken):
                self._fault(number, Label("同一行给了两次", "the same row is given twice"))
            self.taken.append((row, self._cells(number, raw, row)))
        if not self.ask.whole and any(not each.optional for each in self.ask.columns):
            for number, row in enumerate(self.present, 1):
                if not any(row is other for other, _ in self.taken):
                    sentence = Label("缺少第 {number} 行{name}", "row {number}{name} is missing")
                    self.faults.append(sentence.fill(number=number, name=key_in_words(self.rule, row.cells)))

    def rows(self, ids: NewIds) -> tuple[Row, ...]:
        """The list after the form."""
        if self.ask.whole:
            return tuple(
                Row(row.id, {**self._kept(row), **cells}) if row is not None else Row(ids.next(), cells) for row, cells in self.taken
            )
        given = {row.id: cells for row, cells in self.taken if row is not None}
        kept = (
            Row(row.id, {**row.cells, **given.get(row.id, {})})
            if self.ask.mends
            else Row(row.id, {**self._kept(row), **given.get(row.id, {})})
            for row in self.present
        )
        return (*kept, *(Row(ids.next(), cells) for row, cells in self.taken if row is None))

    def _kept(self, row: Row) -> dict[str, Value]:
        """The cells that the form does not ask."""
        return {name: value for name, value in row.cells.items() if name not in self._asked}

    def _matched(self, given: Sequence[RawRow]) -> list[Row | None]:
        found = [self._meant(number, raw) for number, raw in enumerate(given, 1)]
        if self.rule.key or self.ask.whole:
            return found
        # Without a name for the row and without a key, the n-th cell given is that of the n-th row – if they are as many.
        free = iter([row for row in self.present if not any(row is other for other in found)])
        nameless = [index for index, raw in enumerate(given) if not raw.get(ROW)]
        if len(given) == len(self.present) or (self.ask.add and len(given) > len(self.present)):
            for index in nameless:
                found[index] = next(free, None)
        elif nameless and self.present:
            sentence = Label("应有 {expected} 行，实际为 {found} 行", "expected {expected} rows, found {found}")
            self.faults.append(sentence.fill(expected=len(self.present), found=len(given)))
        return found

    def _meant(self, number: int, raw: RawRow) -> Row | None:
        """The present row that a raw row names or has the key of."""
        name = raw.get(ROW)
        if name:
            row = self._by_id.get(name) if isinstance(name, str) else None
            if row is None:
                self._fault(number, Label("没有编号为{name}的行", "there is no row {name}").fill(name=quoted(name)))
            return row
        if not self.rule.key:
            return None
        try:
            cells = {name: self._read(self.rule.columns[name], raw) for name in self.rule.key}
        except Unreadable:
            return None  # the cell itself will say so, where it is asked
        return self._by_key.get(_key(self.rule, {name: value for name, value in cells.items() if value is not None}))

    def _cells(self, number: int, raw: RawRow, row: Row | None) -> Mapping[str, Value]:
        cells: dict[str, Value] = {}
        for each in self.ask.columns:
            try:
                value = self._read(each.column, raw)
            except Unreadable as fault:
                self._fault(number, fault.sentence, each.column)
                continue
            if value is not None:
                cells[each.column.id] = value
            elif not each.optional:
                self._fault(number, _REQUIRED, each.column)
        for name in raw:
            if name not in self._asked and name != ROW:
                self._check_besides(number, name, raw, row)
        return cells

    def _check_besides(self, number: int, name: str, raw: RawRow, row: Row | None) -> None:
        """A cell that is not asked: part of a key may stand there to tell which row is meant, and must be what it is."""
        column = self.rule.columns.get(name)
        if column is None:
            self._fault(number, self._no_column(name))
            return
        try:
            same = row is not None and self._read(column, raw) == row.cells.get(name)
        except Unreadable:
            same = False
        if not same:
            self._fault(number, Label("不在本步骤的表单中", "is not asked for in this step"), column)

    def _no_row(self, raw: RawRow) -> Label:
        """There is no row with the key that was given, or none at all."""
        key = key_in_words(self.rule, raw)
        if not key.en:
            return Label("没有这一行；本步骤不能添加行", "there is no such row, and this step adds none")
        return Label("没有{key}这一行；本步骤不能添加行", "there is no row{key}, and this step adds none").fill(key=key)

    def _no_column(self, name: str) -> Label:
        """There is no such column: the nearest of those that may be given, by id or title, else all of them."""
        names = dict.fromkeys((*self.rule.key, *(each.column.id for each in self.ask.columns)))
        asked = [self.rule.columns[each] for each in names]
        sentence = Label("没有列{name}", "there is no column {name}").fill(name=quoted(name))
        near = with_nearest(sentence, name[:LINE_LIMIT], [word for each in asked for word in (each.id, each.title.zh, each.title.en)])
        if near is not sentence:
            return near
        there = listed(each.title for each in asked)
        return Label("{sentence}；可填的列：{there}", "{sentence}; there are: {there}").fill(sentence=sentence, there=there)

    def _read(self, column: FieldRule, raw: RawRow) -> Value | None:
        return column.read(raw.get(column.id), self.facts, self.lineage)

    def _fault(self, number: int, fault: Label, column: FieldRule | None = None) -> None:
        where = place_in_words(number, column)
        self.faults.append(Label("{where}：{fault}", "{where}: {fault}").fill(where=where, fault=fault))


def place_in_words(number: int, column: FieldRule | None = None) -> Label:
    """A row, counted from 1, or one of its cells, as a fault names it."""
    if column is None:
        return Label("第 {number} 行", "row {number}").fill(number=number)
    return Label("第 {number} 行“{column}”", "row {number}, {column}").fill(number=number, column=column.title)


def key_in_words(rule: ListRule, cells: RawRow) -> Label:
    """What tells a row apart from the others, as it stands behind its number: `“BAT-1”`; nothing without a key."""
    values = [quoted(cells[name]) for name in rule.key if cells.get(name) not in (None, "")]
    return Label("".join(values), "".join(f" {value}" for value in values))


def _key(rule: ListRule, cells: Mapping[str, Value]) -> tuple[Value | None, ...]:
    return tuple(cells.get(name) for name in rule.key)


def _faults_of_all(rule: ListRule, rows: tuple[Row, ...]) -> Iterator[Label]:
    first: dict[tuple[Value | None, ...], int] = {}
    for number, row in enumerate(rows, 1) if rule.key else ():
        before = first.setdefault(_key(rule, row.cells), number)
        if before != number:
            sentence = Label("第 {one} 行与第 {other} 行的{columns}相同", "rows {one} and {other} have the same {columns}")
            yield sentence.fill(one=before, other=number, columns=listed(rule.columns[name].title for name in rule.key))
    if len(rows) > rule.most:
        yield _too_many(rule, len(rows))
    if len(rows) < rule.least:
        sentence = Label("应不少于 {limit} 行，实际为 {found} 行", "expected at least {limit} rows, found {found}")
        yield sentence.fill(limit=rule.least, found=len(rows))


def _too_many(rule: ListRule, found: int) -> Label:
    return Label("应不超过 {limit} 行，实际为 {found} 行", "expected at most {limit} rows, found {found}").fill(
        limit=rule.most, found=found
    )
