"""Finds where to cut ordered variables: at every point where some comparison changes its answer, so that one value stands for a gap.

Two variables that are compared cut each other: the one chosen later is cut at the values of the others, and the others are cut where
the order of those cuts changes. (One variable after the other is eliminated, as Fourier and Motzkin do.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import partial
from operator import ge, gt

from engine.authoring.proof.linear import Sum, value_of
from engine.authoring.proof.variable import Position, Variable, ends, quotient, sample_days, tick

MOST_COMPARISONS = 150
"""More than these, made of those that are written, are too many to follow."""

_FAR = 2
"""As good as any distance that is larger."""

Function = Callable[[Position], Position | None]

Found = dict[tuple[Sum, ...], tuple[Position, ...]]
"""The cuts of sums of a single variable."""


class TooIntricate(Exception):
    """The values are compared with each other in too many ways. Never leaves the prover."""


@dataclass(slots=True)
class Cuts:
    """Where an ordered variable is cut: at constants, and at sums of variables that are chosen before it."""

    constants: set[Position] = field(default_factory=set)
    sums: list[Sum] = field(default_factory=list)
    reach: int = 1


def cuts_of(
    comparisons: Iterable[Sum],
    variables: Mapping[str, Variable],
    functions: Mapping[str, tuple[str, Function]],
    irregular: Set[str],
    found: Found,
) -> tuple[dict[str, Cuts], bool]:
    """variable → its cuts, in an order in which each is cut by those before it; and whether the cuts miss nothing.

    `comparisons`: each is decided by whether the sum is more than, less than or just nothing. `functions`: those of one variable
    that the sums are made of besides variables; `irregular`: those of which a sample says nothing. `found` is filled with what took
    work, for the next question. Raises TooIntricate.
    """
    return _Elimination(comparisons, variables, functions, irregular, found).run()


class _Elimination:
    def __init__(
        self,
        comparisons: Iterable[Sum],
        variables: Mapping[str, Variable],
        functions: Mapping[str, tuple[str, Function]],
        irregular: Set[str],
        known: Found,
    ) -> None:
        self.variables, self.functions, self.irregular, self.known = variables, functions, irregular, known
        self.sums = {each.normal(): None for each in comparisons if each.shares}
        self.found: dict[str, Cuts] = {}
        self.is_exact = True

    def run(self) -> tuple[dict[str, Cuts], bool]:
        left = dict.fromkeys(name for each in self.sums for name in sorted(self._variables_of(each)))
        while left:
            name = min(left, key=self._burden)
            del left[name]
            self._eliminate(name)
        ordered = dict(reversed(self.found.items()))
        among = {each for cuts in ordered.values() for one in cuts.sums for each in self._variables_of(one)}
        connected = among | {name for name, cuts in ordered.items() if cuts.sums}
        for position, name in enumerate(self.found):
            if name in connected:
                self.found[name].reach = 1 + sum(each in connected for each in list(self.found)[:position])
        return ordered, self.is_exact

    def _variables_of(self, total: Sum) -> frozenset[str]:
        return frozenset(self.functions[name][0] if name in self.functions else name for name in total.names)

    def _burden(self, name: str) -> tuple[bool, int]:
        """How bad it is to choose this variable last: it is easy where it stands for itself, once, among others."""
        among = [each for each in self.sums if name in self._variables_of(each) and len(self._variables_of(each)) > 1]
        return any(not self._is_solvable(each, name) for each in among), len(among)

    def _is_solvable(self, total: Sum, name: str) -> bool:
        inside = any(self.functions[each][0] == name for each in total.names if each in self.functions)
        return not inside and all(abs(total.share(each)) == abs(total.share(name)) for each in total.names if each not in self.functions)

    def _eliminate(self, name: str) -> None:
        mine = [each for each in self.sums if name in self._variables_of(each)]
        self.sums = {each: None for each in self.sums if each not in mine}
        cuts = self.found[name] = Cuts()
        variable = self.variables[name]
        limits = [limit for limit in (variable.least, variable.most) if limit is not None]
        swaying: list[Sum] = []
        for each in mine:
            if len(self._variables_of(each)) > 1:
                self.is_exact &= self._is_solvable(each, name)
                cuts.sums += [each.without(name)] if name in each.names else []
            elif len(each.shares) > 1:
                swaying.append(each)
            else:
                cuts.constants.update(self._once((each,), partial(self._zeros, each, variable)))
        if swaying:
            found = self._once(tuple(swaying), partial(self._samples, swaying, variable))
            is_bound = bool(cuts.constants or limits) or any(each.names & self.irregular for each in swaying)
            self.is_exact &= len(found) == 1 or not is_bound
            cuts.constants.update(found)
        if cuts.sums:
            self._compare([*cuts.sums, *(Sum((), constant) for constant in sorted({*cuts.constants, *limits}))])

    def _once(self, totals: tuple[Sum, ...], find: Callable[[], Iterable[Position]]) -> tuple[Position, ...]:
        if totals not in self.known:
            self.known[totals] = tuple(find())
        return self.known[totals]

    def _compare(self, bounds: list[Sum]) -> None:
        """Where the order of two cuts changes is a cut of what they are made of."""
        for index, one in enumerate(bounds):
            for other in bounds[index + 1 :]:
                difference = one.plus(other, -1)
                if difference.shares:
                    self.sums[difference.normal()] = None
        if len(self.sums) > MOST_COMPARISONS:
            raise TooIntricate

    def _zeros(self, total: Sum, variable: Variable) -> Iterable[Position]:
        """Where a sum of one variable is nothing, or passes it."""
        ((name, share),) = total.shares
        if name not in self.functions:
            return (quotient(-total.constant, share),)
        function, wanted = self.functions[name][1], quotient(-total.constant, share)
        return _crossings(function, wanted, variable)

    def _samples(self, totals: list[Sum], variable: Variable) -> list[Position]:
        """For a date against the same date moved by months, which goes up and down: a day for each way the answers of four years fall."""
        found: dict[tuple[Position | None, ...], Position] = {}
        for position in sample_days(variable):
            values = [value_of(total, partial(self._at, position)) for total in totals]
            found.setdefault(tuple(None if value is None else max(min(value, _FAR), -_FAR) for value in values), position)
        return list(found.values())

    def _at(self, position: Position, name: str) -> Position | None:
        """What a share is of, when the one variable stands there."""
        return self.functions[name][1](position) if name in self.functions else position


def _crossings(function: Function, wanted: Position, variable: Variable) -> Iterable[Position]:
    """The first value at which a function that only grows, or only falls, reaches a number, and the first at which it passes it."""
    unit, (low, high) = tick(variable.kind), ends(variable)
    first, last = -(-low // unit), high // unit
    at_first, at_last = function(first * unit), function(last * unit)
    if at_first is None or at_last is None:
        return
    sign = 1 if at_last >= at_first else -1
    for is_beyond in (ge, gt):
        below, above = first - 1, last + 1
        while above - below > 1:
            middle = (below + above) // 2
            value = function(middle * unit)
            if value is None or not is_beyond(sign * value, sign * wanted):
                below = middle
            else:
                above = middle
        yield above * unit
