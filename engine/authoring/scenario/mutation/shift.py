"""Shifts of conditions: a bound moved by one, `<` for `<=`. Each is the smallest change of a comparison that means something else.

Works on the texts of one condition, or of all cases of one value: the same comparison is shifted in all of them, since they divide one
range between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from engine.core.expression import Expression, Scope
from engine.core.expression import read as read_expression
from engine.core.expression.term import Comparison, Constant, Moved, RowFunction, Term, parts

_FLIPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_TOWARDS = {"<": 1, ">=": 1, "<=": -1, ">": -1}
"""Which way the bound on the right moves when the operator is flipped, of what has a next value."""
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_PERIOD = re.compile(r"([0-9]+)(m|h|d|mo|y|wh|wd)")
_DISCRETE = frozenset({"integer", "date"})


@dataclass(frozen=True, slots=True)
class Shift:
    """The texts with one comparison shifted, and that comparison before and after."""

    texts: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Patch:
    """A stretch of a text, to be written otherwise."""

    start: int
    end: int
    new: str


_Edit = Callable[[str, Comparison], _Patch]


def shifts(texts: Sequence[str], scope: Scope) -> Iterator[Shift]:
    """Every shift of these conditions; one that cannot be read in this scope has none."""
    found = [tuple(_comparisons(term)) if (term := _read(text, scope)) is not None else () for text in texts]
    done: set[tuple[str, str]] = set()
    for text, comparisons in zip(texts, found, strict=True):
        for comparison in comparisons:
            if _sides(comparison) in done:
                continue
            done.add(_sides(comparison))
            alike = [[each for each in of_text if _sides(each) == _sides(comparison)] for of_text in found]
            for edit in _edits(comparison):
                after = tuple(_patched(each, [edit(each, one) for one in of_text]) for each, of_text in zip(texts, alike, strict=True))
                yield Shift(after, comparison.place.text, _within(edit(text, comparison), comparison))


def lengths(text: str, scope: Scope) -> Iterator[str]:
    """The text of a length or a number, each of its constants one more and one less."""
    term = _read(text, scope)
    for constant in _constants(term) if term is not None else ():
        for new in _neighbours(constant.place.text).values():
            yield _patched(text, [_Patch(constant.place.offset, constant.place.end, new)])


def _read(text: str, scope: Scope) -> Term | None:
    found = read_expression(text, scope)
    return found.tree if isinstance(found, Expression) else None


def _comparisons(term: Term) -> Iterator[Comparison]:
    if isinstance(term, Comparison):
        yield term
    for part in parts(term):
        yield from _comparisons(part)


def _constants(term: Term) -> Iterator[Constant]:
    """The numbers and lengths that are written out in a term; those in the condition of a function of rows belong to that."""
    if isinstance(term, Constant) and _neighbours(term.place.text):
        yield term
    for part in () if isinstance(term, RowFunction) else parts(term):
        yield from _constants(part)


def _sides(comparison: Comparison) -> tuple[str, str]:
    return comparison.left.place.text, comparison.right.place.text


def _edits(comparison: Comparison) -> Iterator[_Edit]:
    if comparison.operator in _FLIPPED:
        yield _flip
    for index, constant in enumerate(_constants(comparison)):
        for step, new in _neighbours(constant.place.text).items():
            # Of an equation, one other value is as wrong as any.
            if (comparison.operator in _FLIPPED or step > 0) and not _is_flip(comparison, constant, step):
                yield partial(_exchange, index, new)


def _flip(text: str, comparison: Comparison) -> _Patch:
    operator = comparison.operator
    start = text.index(operator, comparison.left.place.end)
    return _Patch(start, start + len(operator), _FLIPPED[operator])


def _exchange(index: int, new: str, _text: str, comparison: Comparison) -> _Patch:
    place = tuple(_constants(comparison))[index].place
    return _Patch(place.offset, place.end, new)


def _is_flip(comparison: Comparison, constant: Constant, step: int) -> bool:
    """Whether moving the constant means the same as flipping the operator."""
    right = comparison.right
    bound = right.period if isinstance(right, Moved) and right.operator == "+" else right
    is_next = bound is constant and (bound is right or constant.place.text.endswith("d"))
    return is_next and comparison.left.kind.name in _DISCRETE and _TOWARDS.get(comparison.operator) == step


def _neighbours(text: str) -> dict[int, str]:
    """One more and one less, in the last digit that is written; nothing for what is neither number nor length, nor below the smallest."""
    period = _PERIOD.fullmatch(text)
    if period is not None:
        return {step: f"{count}{period[2]}" for step in (1, -1) if (count := int(period[1]) + step) > 0}
    number = _NUMBER.fullmatch(text)
    if number is None:
        return {}
    unit = Decimal(1).scaleb(-len(number[1] or ".") + 1)
    return {step: f"{value:f}" for step in (1, -1) if (value := Decimal(text) + step * unit) >= 0}


def _patched(text: str, patches: Sequence[_Patch]) -> str:
    for patch in sorted(patches, key=lambda each: -each.start):
        text = text[: patch.start] + patch.new + text[patch.end :]
    return text


def _within(patch: _Patch, comparison: Comparison) -> str:
    offset = comparison.place.offset
    return _patched(comparison.place.text, [_Patch(patch.start - offset, patch.end - offset, patch.new)])
