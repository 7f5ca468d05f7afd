"""Values of which one can only ask whether two are the same: those that conditions name, and as many others as there are variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import cast

from engine.authoring.proof.constraint import Derived
from engine.authoring.proof.variable import NAMED, Other, Variable
from engine.core.choosing import BySwitch
from engine.core.expression.term import Comparison, Constant, FieldValue, Membership, Term, parts
from engine.core.kind import Value

_LETTERS = "ABCDEFGH"
MOST_OTHERS = len(_LETTERS)
LARGEST_GROUP = 3
"""How many persons a list of people holds at most in a proof."""
MOST_BESIDE_PEOPLE = 5
"""The same as `MOST_OTHERS` where one of those compared is a list of people: it may hold any of them."""


@dataclass(slots=True)
class _Group:
    """Variables that are compared with each other, directly or through others."""

    names: dict[str, None] = field(default_factory=dict)
    constants: dict[str, None] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    """Of these, what is held against a list of people itself, and may so be in it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Names and constants that one comparison holds against each other."""

    names: tuple[str, ...]
    constants: tuple[str, ...]


class Names:
    """The values that stand for all values of each named variable."""

    def __init__(self, comparisons: Iterable[Compared], derived: Iterable[Derived], variables: Mapping[str, Variable]) -> None:
        self._variables = variables
        self._groups: dict[str, _Group] = {}
        for each in comparisons:
            self._join(each)
        for found in derived:
            if isinstance(found.rule, BySwitch):
                self._join(Compared((found.rule.field,), tuple(found.rule.cases)))
            if found.rule is not None and found.field.kind.name in NAMED:
                ends = _held([value.tree for value in found.rule.values()])
                self._join(Compared((found.name, *ends.names), ends.constants))

    def _join(self, compared: Compared) -> None:
        merged = _Group(dict.fromkeys(compared.names), dict.fromkeys(compared.constants))
        if any(map(self._is_people, compared.names)):
            merged.members = {*compared.constants, *(each for each in compared.names if not self._is_people(each))}
        for group in {id(self._groups[each]): self._groups[each] for each in compared.names if each in self._groups}.values():
            merged.names.update(group.names)
            merged.constants.update(group.constants)
            merged.members |= group.members
        self._groups.update(dict.fromkeys(merged.names, merged))

    @property
    def stand_for_all(self) -> bool:
        """Whether no more are compared with each other than may all differ; else a case may be missed."""
        return all(self._is_small(group) for group in self._groups.values())

    def _is_small(self, group: _Group) -> bool:
        free = self._free(group)
        return len(free) <= self._most(free) and len(group.members) <= LARGEST_GROUP

    def _free(self, group: _Group) -> list[str]:
        return [each for each in group.names if each in self._variables]

    def _most(self, free: Iterable[str]) -> int:
        return MOST_BESIDE_PEOPLE if any(map(self._is_people, free)) else MOST_OTHERS

    def _is_people(self, name: str) -> bool:
        return name in self._variables and self._variables[name].kind.name == "people"

    def values(self, name: str) -> tuple[Value, ...]:
        """One value for each class of values that the conditions tell apart."""
        variable = self._variables[name]
        group = self._groups.get(name, _Group({name: None}))
        free = self._free(group)
        count = min(max(len(free), 1), self._most(free))
        if variable.kind.name == "choice":
            named = [each for each in variable.choices if each in group.constants]
            return (*named, *[each for each in variable.choices if each not in group.constants][:count])
        named = [each for each in group.constants if variable.pattern is None or variable.pattern.fullmatch(each)]
        others = [Other(f"\0{letter}") for letter in _LETTERS[:count]]
        if variable.kind.name == "people":
            return tuple(_people([*named, *others]))
        if self._most(free) == MOST_OTHERS:
            # Others are alike: the first variable need not try the second of them.
            others = others[: free.index(name) + 1] if name in free else others[:1]
        return (*named, *others)


def _people(persons: list[str]) -> Iterator[tuple[str, ...]]:
    for size in range(1, min(LARGEST_GROUP, len(persons)) + 1):
        for chosen in combinations(persons, size):
            yield tuple(sorted(chosen))


def compared(term: Term) -> Iterator[Compared]:
    """What is compared with what, wherever it stands in a lifted condition."""
    if isinstance(term, Comparison) and term.left.kind.name in NAMED:
        yield _held((term.left, term.right))
    elif isinstance(term, Membership) and term.value.kind.name in NAMED:
        yield _held((term.value, *term.options))
    for part in parts(term):
        yield from compared(part)


def _held(terms: Iterable[Term]) -> Compared:
    found = [end for term in terms for end in _ends(term)]
    values = [end.value if isinstance(end.value, tuple) else (end.value,) for end in found if isinstance(end, Constant)]
    constants = tuple(cast(str, value) for each in values for value in each)
    return Compared(tuple(end.field for end in found if isinstance(end, FieldValue)), constants)


def _ends(term: Term) -> Iterator[Term]:
    """The variables and constants a named value may come from."""
    if isinstance(term, FieldValue | Constant):
        yield term
    for part in parts(term):
        yield from _ends(part)
