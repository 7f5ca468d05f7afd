"""Changes of a choice, wherever one stands: branches exchange what comes out of them, one is treated like the rest, a bound is moved."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from engine.authoring.mention import words_in
from engine.authoring.scenario.mutation.edit import edited
from engine.authoring.scenario.mutation.mutant import Change, Original, change
from engine.authoring.scenario.mutation.shift import shifts
from engine.core.problem import Path
from engine.definition.value import CasesValue, Else, Switch, When
from engine.label import Label, verbatim


def choices(original: Original, title: Label, path: Path, value: CasesValue) -> Iterator[Change]:
    """Every change of a value at a path that belongs to what is titled so; none of one that is always the same."""
    if isinstance(value, str):
        return
    place = Label("“{title}”的去向", "“to” of “{title}”") if path[-1] == "to" else Label("“{title}”的“{key}”", "“{key}” of “{title}”")
    place = place.fill(title=title, key=_key(path))
    yield from _swapped(original, place, path, value)
    if not isinstance(value, Switch):
        yield from _merged(original, place, path, value)
        yield from _shifted(original, place, path, value)


def _key(path: Path) -> str:
    """The key that the choice stands under: `to`, `set reworks`."""
    return f"{path[-2]} {path[-1]}" if path[-2] in ("set", "with") else str(path[-1])


def _swapped(original: Original, place: Label, path: Path, value: CasesValue) -> Iterator[Change]:
    for (one, first), (other, second) in pairwise(words_in(value, path)):
        if first != second:
            what = Label("{place}中“{first}”与“{second}”对调", "“{first}” and “{second}” were swapped in {place}")
            filled = what.fill(place=place, first=_shown(original, path, first), second=_shown(original, path, second))
            workflow = edited(edited(original.workflow, one, second), other, first)
            yield Change("choice-swapped", one, f"{_key(path)} {first} {second}", filled, workflow)


def _shown(original: Original, path: Path, word: str) -> Label:
    return original.state(word) if path[-1] == "to" else verbatim(word)


def _merged(original: Original, place: Label, path: Path, value: tuple[When | Else, ...]) -> Iterator[Change]:
    last = value[-1]
    if not isinstance(last, Else):
        return
    for index, case in enumerate(value):
        if isinstance(case, When) and case.then != last.otherwise:
            rest = (*value[:index], *value[index + 1 :])
            what = Label("{place}把“{when}”按其余情况处理", "{place} treated “{when}” like all the rest").fill(place=place, when=case.when)
            new: CasesValue = rest if len(rest) > 1 else last.otherwise
            found = change(original, "branch-dropped", path, new, f"{_key(path)} {case.when}", what)
            yield Change(found.operator, (*path, index), found.detail, found.what, found.workflow)


def _shifted(original: Original, place: Label, path: Path, value: tuple[When | Else, ...]) -> Iterator[Change]:
    at = [index for index, case in enumerate(value) if isinstance(case, When)]
    conditions = [case.when for case in value if isinstance(case, When)]
    for shift in shifts(conditions, original.definition.scope):
        workflow = original.workflow
        for index, text in zip(at, shift.texts, strict=True):
            workflow = edited(workflow, (*path, index, "when"), text)
        first = next(index for index, old, new in zip(at, conditions, shift.texts, strict=True) if old != new)
        what = instead(place, shift.before, shift.after)
        yield Change("bound-shifted", (*path, first, "when"), f"{_key(path)} {shift.before} {shift.after}", what, workflow)


def instead(place: Label, before: str, after: str) -> Label:
    """Something says one thing where it says another."""
    what = Label("{place}写的是“{after}”而不是“{before}”", "{place} said “{after}” instead of “{before}”")
    return what.fill(place=place, before=before, after=after)
