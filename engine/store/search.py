"""Finding cases by what a caller tells on the phone: a number, a name, a telephone, a serial number, or a part of one. Writes nothing.

A whole value is found by an index, and a part of what everybody reads is looked for in all of it, which is short. For a part of a personal
value each has to be read: those of the newest cases, and of the newest that are open, so many that it takes a moment. What very many cases
have in common is looked for in no others, either.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, exists, func, literal, literal_column, select, union

from engine.core.codec import canonical
from engine.store.cases import COLUMNS, Filter, Line, read_lines
from engine.store.listing import beside, conditions, select_newest
from engine.store.reader import Reader
from engine.store.schema import COMMENT, FOUND_BY, cases, personal

MayGuess = Callable[[Sequence[Line]], set[str]]
"""Of these cases the ids of those that may be found by a part of a personal value."""

NEWEST = 1_000
"""In the personal values of how many cases a part of one is looked for: of all, and of those that are open."""
GUESSED = 300
"""Of how many of those that contain it in a personal value it is asked whether they may be found by it."""
FEW = 500
"""What more of the numbers, references or subjects have in common is looked for in no others than the newest cases."""
_TOGETHER = 60
NUMBER, REFERENCE, SUBJECT = "#number", "#reference", "#subject"
"""By what a case was found that is no personal value; no field can have such a name."""
_PUBLIC = {NUMBER: cases.c.number, REFERENCE: cases.c.reference, SUBJECT: cases.c.subject}
_BEYOND = "zzzz"
"""Behind a beginning, it comes after whatever a number or a serial goes on with, in the order of every database."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Cases that were found, newest first. `is_exact`: they are it; else they contain it."""

    lines: list[Line]
    is_exact: bool
    has_older: bool = False
    """Whether there are older cases that were not looked through, or not their personal values."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """The cases that are looked through, the newest first, and whether there are more. `public`: what everybody reads of each."""

    public: Mapping[str, Sequence[str | None]]
    has_older: bool

    def first(self, ids: Collection[str], limit: int) -> list[str]:
        """The newest of these."""
        return [*islice((id for id in self.public if id in ids), limit)]


def find(reader: Reader, text: str, *, limit: int, chosen: Filter | None = None, may_guess: MayGuess | None = None) -> Hits:
    """Cases by number, reference, subject or a present personal value: those that are it, else those that contain it.

    `may_guess` None: all of them may be found by a part of a personal value.
    """
    text, chosen = text.strip(), chosen or Filter()
    if not text:
        return Hits([], is_exact=False)
    exact = exactly(reader, text, limit=limit, chosen=chosen)
    return Hits(exact, is_exact=True) if exact else _containing(reader, text, limit, chosen, may_guess)


def exactly(reader: Reader, text: str, *, limit: int, chosen: Filter) -> list[Line]:
    """Those that are it, by an index each, newest first."""
    return read_lines(reader, _newest(and_(_is(text), *conditions(chosen, beside)), limit))


def beginning(reader: Reader, text: str, *, limit: int, chosen: Filter) -> list[Line]:
    """Those whose number, reference or subject begins so, by an index each, newest first of as many as are looked at."""
    ways = [
        select(cases.c.id)
        .where(column >= start, column < start + _BEYOND, beside(column).startswith(start, autoescape=True))
        .limit(NEWEST)
        .subquery()
        for column in _PUBLIC.values()
        for start in _written(text)
    ]
    return read_lines(reader, _newest(and_(cases.c.id.in_(union(*map(select, ways))), *conditions(chosen, beside)), limit))


def matched(reader: Reader, text: str, found: Sequence[Line], may_guess: MayGuess | None = None) -> Mapping[str, tuple[str, ...]]:
    """id → by what a case was found that was found by this text: `#number` and the like, or ids of fields.

    That a personal value contains it is told of no more cases than may be found by it, that one is it of all.
    """
    whole, text = canonical(text.strip()), text.strip().casefold()
    by: dict[str, list[str]] = {each.id: [] for each in found}
    for line in found:
        for name, value in ((NUMBER, line.number), (REFERENCE, line.reference), (SUBJECT, line.subject)):
            if value is not None and text in value.casefold():
                by[line.id].append(name)
    of_them = personal.c.case_id.in_(sorted(by))
    query = (
        select(personal.c.case_id, personal.c.field, personal.c.value)
        .where(of_them, _has(reader, personal.c.value, canonical(text)[1:-1]), *_present())
        .order_by(personal.c.field)
    )
    told = reader.connection.execute(query).all()
    guessed = {id for id, _, value in told if value != whole}
    if guessed and may_guess is not None:
        guessed = may_guess([line for line in found if line.id in guessed])
    for id, field, value in told:
        if value == whole or id in guessed:
            by[id].append(field)
    return {id: tuple(names) for id, names in by.items()}


def _containing(reader: Reader, text: str, limit: int, chosen: Filter, may_guess: MayGuess | None) -> Hits:
    looked = _looked_through(reader, chosen)
    found = {line.id: line for line in read_lines(reader, _newest(_publicly(reader, text, limit, chosen, looked), limit))}
    told = looked.first(_telling(reader, text, [*looked.public]), limit if may_guess is None else GUESSED)
    guessed = read_lines(reader, _newest(cases.c.id.in_(told), len(told)))
    found |= {line.id: line for line in (guessed if may_guess is None else _allowed(guessed, may_guess, limit))}
    lines = sorted(found.values(), key=lambda line: (line.opened_at, line.number), reverse=True)[:limit]
    return Hits(lines, is_exact=False, has_older=looked.has_older)


def _publicly(reader: Reader, text: str, limit: int, chosen: Filter, looked: _Looked) -> ColumnElement[bool]:
    """That what everybody reads of a case contains it."""
    ways = []
    for column in _PUBLIC.values():
        query = select(column).where(column.is_not(None), _has(reader, column, text)).limit(FEW + 1)
        values = [*reader.connection.execute(query).scalars()]
        if len(values) > FEW:
            sought = text.casefold()
            ids = {id for id, public in looked.public.items() if any(each is not None and sought in each.casefold() for each in public)}
            return cases.c.id.in_(looked.first(ids, limit))
        ways.append(select(cases.c.id).where(column.in_(values)))
    return and_(cases.c.id.in_(union(*ways)), *conditions(chosen, beside))


def _telling(reader: Reader, text: str, ids: Sequence[str]) -> set[str]:
    """Those of these cases of which a present personal value contains it."""
    contains, value = _has(reader, personal.c.value, canonical(text)[1:-1]), personal.c.case_id
    if reader.connection.dialect.name == "sqlite":
        query = select(value).where(value.in_(ids), contains, *_present())
    else:
        # The values of each case are looked up: for so many PostgreSQL would rather read those of all cases there are.
        wanted = func.unnest(literal(ids, ARRAY(Text))).table_valued("id", name="wanted").render_derived()
        each = select(value).where(value == wanted.c.id, contains, *_present()).limit(1).lateral()
        query = select(each.c.case_id).select_from(wanted).join(each, literal(value=True))
    return {*reader.connection.execute(query).scalars()}


def _allowed(guessed: Sequence[Line], may_guess: MayGuess, limit: int) -> Iterator[Line]:
    """The first of them that may be found so, asked of a few at a time."""
    count = 0
    for begin in range(0, len(guessed), _TOGETHER):
        some = guessed[begin : begin + _TOGETHER]
        allowed = may_guess(some)
        yield from (line for line in some if line.id in allowed)
        count += len(allowed)
        if count >= limit:
            return


def _looked_through(reader: Reader, chosen: Filter) -> _Looked:
    """The chosen cases in whose personal values a part is looked for."""
    newest = _read(reader, chosen, NEWEST + 1)
    if len(newest) <= NEWEST:
        return _Looked(newest, has_older=False)
    newest.popitem()
    return _Looked(newest | (_read(reader, replace(chosen, is_open=True), NEWEST) if chosen.is_open is None else {}), has_older=True)


def _read(reader: Reader, chosen: Filter, limit: int) -> dict[str, Sequence[str | None]]:
    query = select_newest(reader.connection, (cases.c.id, *_PUBLIC.values()), chosen, limit=limit)
    return {id: public for id, *public in reader.connection.execute(query)}


def _newest(condition: ColumnElement[bool], limit: int) -> Select[Any]:
    return select(*COLUMNS).where(condition).order_by(cases.c.opened_at.desc(), cases.c.number.desc()).limit(limit)


def _is(text: str) -> ColumnElement[bool]:
    """That it is what everybody reads who sees the case, or a present personal value."""
    value = canonical(text)
    # SQLite knows the index by these very numbers, no parameters; the whole value, named as it is, it would put in here too.
    start = func.substr(personal.c.value, literal_column("1"), literal_column(str(FOUND_BY)))
    indexed = and_(start == value[:FOUND_BY], beside(personal.c.value) == value)
    public = [select(cases.c.id).where(column.in_(_written(text))) for column in _PUBLIC.values()]
    return cases.c.id.in_(union(*public, select(personal.c.case_id).where(indexed, *_present())))


def _written(text: str) -> list[str]:
    """The ways in which a number is written: as it was typed, and in capitals."""
    return sorted({text, text.upper()})


def _has(reader: Reader, column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """That it contains the text, in capitals or not."""
    if reader.connection.dialect.name == "sqlite":
        return column.contains(text, autoescape=True)  # its LIKE makes no difference anyway, and in half the time
    return column.icontains(text, autoescape=True)


def _present() -> list[ColumnElement[bool]]:
    newer = personal.alias("newer")
    replaced = exists().where(newer.c.case_id == personal.c.case_id, newer.c.field == personal.c.field, newer.c.seq > personal.c.seq)
    return [personal.c.field != COMMENT, ~replaced]
