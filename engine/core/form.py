"""A form: what a step asks for. Filling it gives values and every reason why it cannot be taken; it stops at no fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from engine.core.attaching import files_in
from engine.core.command import Raw
from engine.core.decision import Reason
from engine.core.facts import Facts
from engine.core.field import LINE_LIMIT, FieldRule, Unreadable, names_in
from engine.core.kind import Value, rows_in
from engine.core.prose import plain, quoted
from engine.core.rows import NewIds, RowsAsk, fill_rows, mended_rows, rows_given, whole_rows
from engine.errors import with_nearest
from engine.label import Label


@dataclass(frozen=True, slots=True)
class Ask:
    """One field of a form; an optional one may be left empty, and then empties the field."""

    field: FieldRule
    optional: bool
    rows: RowsAsk | None = None
    """list only: what is asked of its rows."""

    @staticmethod
    def of(field: FieldRule, *, optional: bool) -> Ask:
        """The field as a whole."""
        return Ask(field, optional, whole_rows(field.rows) if field.rows is not None else None)

    @staticmethod
    def mending(field: FieldRule, *, optional: bool) -> Ask:
        """The field as it is corrected."""
        return Ask(field, optional, mended_rows(field.rows) if field.rows is not None else None)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields a step asks for, in order."""

    asks: tuple[Ask, ...] = ()
    names: frozenset[str] = dataclass_field(init=False, compare=False)
    """The ids of the fields it asks for."""
    kinds: frozenset[str] = dataclass_field(init=False, compare=False)
    """The kinds of the values it takes, those of columns included: what a wish may name at all."""

    refers: bool = dataclass_field(init=False, compare=False)
    """Whether what is filled in may name persons, cases or files, which the shell must look up before the decision."""

    def __post_init__(self) -> None:
        # Asked with every move, so it is not gathered anew each time.
        columns = (column.kind.name for ask in self.asks if ask.field.rows is not None for column in ask.field.rows.columns.values())
        object.__setattr__(self, "names", frozenset(ask.field.id for ask in self.asks))
        object.__setattr__(self, "kinds", frozenset((*(ask.field.kind.name for ask in self.asks), *columns)))
        object.__setattr__(self, "refers", not self.kinds.isdisjoint(("person", "people", "case", "file", "files")))

    def fill(
        self, raw: Raw, present: Mapping[str, Value], facts: Facts, lineage: tuple[str, ...], seq: int
    ) -> tuple[dict[str, Value | None], tuple[Reason, ...]]:
        """Values by field (None empties) and the reasons of those that could not be read; a faulty field has no value.

        `present`: the values before, of which rows that stay are made. `seq`: the one of the entry that this will be, after which new
        rows are called.
        """
        values: dict[str, Value | None] = {}
        reasons: list[Reason] = []
        ids = NewIds(seq)
        for ask in self.asks:
            field = ask.field
            value, faults = _filled(ask, raw.get(field.id), present, ids, facts, lineage)
            # A form of cells has nothing to ask where there are no rows.
            if not faults and value is None and not ask.optional and (ask.rows is None or ask.rows.whole):
                faults = (Label("必填", "must be filled"),)
            reasons.extend(invalid(field, fault) for fault in faults)
            if not faults:
                values[field.id] = value
        reasons.extend(self._not_asked(raw))
        return values, tuple(reasons)

    def unit(self, raw: Raw, facts: Facts) -> str | None:
        """The unit that the form gives to the case; None when it asks for none, or none is filled in. Raises Unreadable."""
        if "unit" not in self.names:
            return None
        found = next(ask.field for ask in self.asks if ask.field.id == "unit").read(raw.get("unit"), facts, ())
        return found if isinstance(found, str) else None

    def _not_asked(self, raw: Raw) -> list[Reason]:
        if self.names.issuperset(raw):
            return []
        asked = [ask.field.id for ask in self.asks]
        unknown = [name for name in raw if name not in asked]
        sentence = Label("{name}不在本步骤的表单中", "{name} is not asked for in this step")
        return [
            Reason("data_invalid", with_nearest(sentence.fill(name=quoted(name)), name[:LINE_LIMIT], asked), subject=name)
            for name in unknown
        ]


def invalid(field: FieldRule, fault: Label) -> Reason:
    """The reason that a field's value cannot be taken."""
    return Reason("data_invalid", Label("{title}：{fault}", "{title}: {fault}").fill(title=field.title, fault=fault), subject=field.id)


def _filled(
    ask: Ask, raw: object, present: Mapping[str, Value], ids: NewIds, facts: Facts, lineage: tuple[str, ...]
) -> tuple[Value | None, tuple[Label, ...]]:
    if ask.rows is None or ask.field.rows is None or (ask.rows.whole and (raw is None or raw == "")):
        try:
            return ask.field.read(raw, facts, lineage), ()
        except Unreadable as fault:
            return None, (fault.sentence,)
    filled, faults = fill_rows(ask.field.rows, ask.rows, raw, rows_in(present.get(ask.field.id)), ids, facts, lineage)
    return filled or None, faults


def persons_named(form: Form, raw: Raw) -> frozenset[str]:
    """The person ids that a command's data names: whom the shell must look up before the decision."""
    named: set[str] = set()
    for field, value in _values(form, raw, "person", "people"):
        if field.kind.name in ("person", "people"):
            with suppress(Unreadable):  # the decision itself will say so
                named.update(names_in(value))
    return frozenset(named)


def cases_named(form: Form, raw: Raw) -> frozenset[str]:
    """The numbers of cases that a command's data names."""
    found = (plain(value) for field, value in _values(form, raw, "case") if field.kind.name == "case")
    return frozenset(number.strip() for number in found if number is not None and len(number) <= LINE_LIMIT)


def files_named(form: Form, raw: Raw) -> frozenset[str]:
    """The ids of files that a command's data names."""
    found = _values(form, raw, "file", "files")
    return frozenset(id for field, value in found if field.kind.name in ("file", "files") for id in files_in(value))


def _values(form: Form, raw: Raw, *kinds: str) -> Iterator[tuple[FieldRule, object]]:
    """Each raw value with its field, or with its column, row by row; nothing where the form takes none of these kinds."""
    for ask in form.asks if not form.kinds.isdisjoint(kinds) else ():
        value = raw.get(ask.field.id)
        yield ask.field, value
        if ask.field.rows is None:
            continue
        with suppress(Unreadable):
            yield from ((column, row.get(name)) for row in rows_given(value) for name, column in ask.field.rows.columns.items())
