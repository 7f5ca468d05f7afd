"""What follows from what is filled: computed fields, what they cannot have been without, what a step that was done has filled.

And the places of a rule that read what may be empty. Knows rules, not steps: those are in `data`. Every answer is remembered, since a
walk over all steps asks the same many times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from engine.core.choosing import ByCases, BySwitch, Chosen, Fixed
from engine.core.compiled import CompiledDefinition
from engine.core.expression import Expression
from engine.core.problem import Path, Problem
from engine.label import Label

Filled = frozenset[str]

Lasting = Mapping[str, Filled]
"""`done_at(step)` → the fields that the step has filled wherever it stands, and that no step ever empties."""

Found = tuple[Problem, str]
"""What is wrong, and the name that may be empty."""

T = TypeVar("T")


class Following:
    """The consequences within one definition. `known`: the names that are filled at a place."""

    def __init__(self, definition: CompiledDefinition, lasting: Lasting) -> None:
        self._lasting = lasting
        self._computed = definition.computed
        self._names = frozenset(name for name, _ in definition.computed)
        self._asked = {name: _asked(rule) for name, rule in definition.computed}
        self._behind = {name: _behind(name, rule.value) for name, rule in definition.computed if isinstance(rule, Fixed)}
        self._has_value: dict[tuple[str, Filled], bool] = {}

    def carried(self, known: Filled, emptied: Filled) -> Filled:
        """What outlasts writing: a computed field is calculated anew, so it is vouched for by what it reads and nothing else.

        What is said of all rows of a list together may no longer be so.
        """
        kept = self.narrowed(known) - emptied - self._names
        return self._calculated(frozenset(name for name in kept if not _is_of_rows(name)))

    def narrowed(self, known: Filled) -> Filled:
        """Plus what steps that were done have filled, what a computed field cannot have been without, and computed fields that follow."""
        known = known.union(*(fields for done, fields in self._lasting.items() if done in known))
        for name, _ in reversed(self._computed):
            if name in known and name in self._behind:
                known |= self._behind[name]
        return self._calculated(known)

    def in_choice(self, rule: Chosen[Expression], path: Path, known: Filled) -> Iterator[Found]:
        """Reads of what may be empty, in the conditions of a rule and in the values that it chooses."""
        yield from self.in_conditions(rule, path, known)
        for place, value, proven in placed(rule, path):
            yield from self.in_expression(value, place, known | proven)

    def in_conditions(self, rule: Chosen[object], path: Path, known: Filled) -> Iterator[Found]:
        """The same in its conditions only."""
        if isinstance(rule, ByCases):
            for index, (when, _) in enumerate(rule.branches):
                yield from self.in_expression(when, (*path, index, "when"), known)
        elif isinstance(rule, BySwitch) and rule.field not in known:
            yield maybe_empty((*path, "field"), rule.field)

    def in_expression(self, expression: Expression, path: Path, known: Filled) -> Iterator[Found]:
        """The same in one expression."""
        for fault in expression.unassigned(known, self._lasting):
            yield Problem.at(path, fault), expression.text[fault.offset : fault.offset + fault.length]

    def _calculated(self, known: Filled) -> Filled:
        """Plus the computed fields whose operands are all filled."""
        for name, rule in self._computed:
            of_it = known & self._asked[name]
            if (name, of_it) not in self._has_value:
                self._has_value[name, of_it] = not any(self.in_choice(rule, (), of_it))
            if self._has_value[name, of_it]:
                known |= {name}
        return known


def _asked(rule: Chosen[Expression]) -> Filled:
    """The names by which it is decided whether a rule has a value."""
    conditions = [when for when, _ in rule.branches] if isinstance(rule, ByCases) else []
    switch = frozenset({rule.field} if isinstance(rule, BySwitch) else ())
    return switch.union(*(each.asks() for each in (*conditions, *rule.values())))


def _behind(name: str, value: Expression) -> Filled:
    """What must be filled for a computed field to be. A filled column tells of its row only: there may be no rows."""
    found = value.proven(True) & value.proven(False)
    return frozenset(each for each in found if "." in each and not _is_of_rows(each)) if "." in name else found


def _is_of_rows(name: str) -> bool:
    """Whether a name is a function of rows, as in `last(price of lines)`."""
    return " of " in name


def placed(rule: Chosen[T], path: Path) -> Iterator[tuple[Path, T, Filled]]:
    """Each value that may come out, where it stands, and what is known to be filled when it does."""
    if isinstance(rule, ByCases):
        refuted: Filled = frozenset()
        for index, (when, value) in enumerate(rule.branches):
            refuted |= when.proven(False)
            yield (*path, index, "then"), value, when.proven(True)
        if rule.otherwise is not None:
            yield (*path, len(rule.branches), "else"), rule.otherwise, refuted
    elif isinstance(rule, BySwitch):
        for choice, value in rule.cases.items():
            yield (*path, "is", choice), value, frozenset()
    else:
        yield path, rule.value, frozenset()


def maybe_empty(path: Path, name: str) -> Found:
    """A name that may be empty where nothing but the name stands."""
    problem = Problem(
        "may-be-empty",
        path,
        Label("“{name}”在此处可能为空", "“{name}” may be empty here").fill(name=name),
        Label("先要求填写它，或改用 when 并以 is set 判断。", "Ask for it before, or use “when” with “is set”."),
    )
    return problem, name
