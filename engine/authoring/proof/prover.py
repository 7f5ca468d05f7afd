"""Whether conditions can hold together: the question that gaps, overlaps, dead lines and useless ones all come down to.

What only makes the answer larger is left out: conditions known to hold that share nothing with those asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import cast
from zoneinfo import ZoneInfo

from engine.authoring.proof.answer import Answer, Impossible, Undecided, Witness
from engine.authoring.proof.constraint import TRUE, Constraint, Derived, Truths
from engine.authoring.proof.cutting import Cuts, Found, Function, TooIntricate, cuts_of
from engine.authoring.proof.lifting import Lifting
from engine.authoring.proof.linear import Sum, fixed
from engine.authoring.proof.naming import Compared, Names, compared
from engine.authoring.proof.search import MOST_EVALUATIONS, Exhausted, Search, Slot, surroundings
from engine.authoring.proof.variable import NAMED, ORDERED, Other, Position, Variable, measure, value_at
from engine.core.choosing import Chosen, expressions_of
from engine.core.compiled import CompiledDefinition
from engine.core.decision import Shown
from engine.core.expression import Environment, Expression
from engine.core.expression.evaluation import compile_term
from engine.core.expression.explanation import Source, title_of
from engine.core.expression.term import Comparison, FieldValue, Leaf, Membership, RowFunction, Term, name_of, parts
from engine.core.kind import Kind, Value
from engine.core.showing import show
from engine.label import Label, listed, verbatim

_TOO_MANY = Label("组合太多，试了 {most} 次仍无结论", "there are too many combinations: no answer within {most} trials").fill(
    most=MOST_EVALUATIONS
)
_TOO_INTRICATE = Label("值之间的比较太复杂", "the values are compared with each other in too many ways")
_EMPTY = Label("空", "empty")
_GIVEN = Label("已有", "given")

MOST_CASES = 7
"""How many cases are remembered, besides the last."""


@dataclass(frozen=True, slots=True)
class Claim:
    """That a condition comes out as one of `outcomes`; `after`: asked of the values after `set`."""

    condition: Expression
    outcomes: Truths = TRUE
    after: bool = False


class Prover:
    """Answers questions at one place of a document: with these fields filled, and this written by the step."""

    def __init__(
        self,
        definition: CompiledDefinition,
        filled: frozenset[str],
        written: Sequence[tuple[str, Chosen[Expression]]] = (),
        emptied: Sequence[str] = (),
        *,
        is_start: bool = False,
    ) -> None:
        self._definition = definition
        self._lifting = Lifting(definition, filled, written, emptied, is_start=is_start)
        calendar = definition.calendars[definition.calendar] if definition.calendar is not None else None
        self._calendar = calendar
        self._zone = calendar.zone if calendar is not None else ZoneInfo("UTC")
        self._found: Found = {}
        self._cases: list[tuple[Set[str], Environment]] = []
        """Cases that were found: they may do for the next question too."""
        self._pairs: dict[int, tuple[Term, tuple[Compared, ...]]] = {}
        self._functions: dict[str, tuple[str, Function]] = {}
        self._comparisons: dict[int, tuple[Term, tuple[Sum, ...]]] = {}

    def ask(self, goals: Sequence[Claim], known: Sequence[Claim] = ()) -> Answer:
        """Whether there is a case in which all goals come out as claimed, and all that is known does too."""
        found = self._find(*self._asked(goals, known))
        return Witness(tuple(self._shown(goals, found))) if isinstance(found, dict) else found

    def against(self, goals: Sequence[Claim], known: Sequence[Claim] = ()) -> Impossible | Undecided | None:
        """What stands against such a case; None where there is one. Quicker than `ask`, for those who need no witness."""
        wanted, given = self._asked(goals, known)
        if any(_agrees(case, [*wanted, *given]) for case in reversed(self._cases)):
            return None
        found = self._find(wanted, given)
        return None if isinstance(found, dict) else found

    def _asked(self, goals: Sequence[Claim], known: Sequence[Claim]) -> tuple[list[Constraint], list[Constraint]]:
        wanted = [each for goal in goals for each in self._constraints(goal)]
        return wanted, _connected(wanted, [each for claim in known for each in self._constraints(claim)], self._lifting.derived)

    def _find(self, wanted: list[Constraint], given: list[Constraint]) -> dict[str, Value] | Impossible | Undecided:
        found = self._solve([*wanted, *given])
        if isinstance(found, Undecided) and given and isinstance(self._solve(wanted), Impossible):
            return Impossible()
        return found

    def _constraints(self, claim: Claim) -> tuple[Constraint, ...]:
        return self._lifting.constraints(claim.condition.tree, claim.outcomes, after=claim.after)

    def _solve(self, constraints: list[Constraint]) -> dict[str, Value] | Impossible | Undecided:
        constraints, names = self._with_links(constraints)
        derived = [each for name, each in self._lifting.derived.items() if name in names]
        trees = [*(each.tree for each in constraints), *(tree for each in derived for tree in _trees(each))]
        try:
            cuts, is_exact = cuts_of(
                self._sums(trees, derived), self._lifting.variables, self._known_functions(), self._lifting.irregular, self._found
            )
            named = Names((pair for tree in trees for pair in self._named(tree)), derived, self._lifting.variables)
            search = self._search(constraints, derived, names, named, cuts)
            if search.finds():
                self._cases = [*self._cases[-MOST_CASES:], (names.keys(), search.environment)]
                return search.data
        except TooIntricate:
            return Undecided(_TOO_INTRICATE)
        except Exhausted:
            return Undecided(_TOO_MANY)
        return Impossible() if is_exact and named.stand_for_all else Undecided(_TOO_INTRICATE)

    def _with_links(self, constraints: list[Constraint]) -> tuple[list[Constraint], dict[str, None]]:
        """The constraints with those that tie their variables together, and the names of all that is read, in their order."""
        names: dict[str, None] = {}
        links = list(self._lifting.links)
        found = list(constraints)
        for each in found:  # grows while it is walked
            for name in self._through(each.reads):
                names[name] = None
            found += [link for link in links if link.reads & names.keys()]
            links = [link for link in links if not link.reads & names.keys()]
        return found, names

    def _through(self, names: Iterable[str]) -> Iterator[str]:
        """The names, and before each what it is derived from."""
        for name in sorted(names):
            if name in self._lifting.derived:
                yield from self._through(self._lifting.derived[name].reads)
            yield name

    # Cutting

    def _sums(self, trees: Iterable[Term], derived: Iterable[Derived]) -> Iterator[Sum]:
        for tree in trees:
            if id(tree) not in self._comparisons:
                # The tree is kept with its sums, so that its id is not given to another.
                self._comparisons[id(tree)] = tree, tuple(self._compared(tree))
            yield from self._comparisons[id(tree)][1]
        for each in derived:
            limits = [limit for limit in (each.field.minimum, each.field.maximum) if limit is not None and each.field.kind.name in ORDERED]
            yield from (form.plus(fixed(limit), -1) for form in each.forms or () for limit in limits)

    def _compared(self, tree: Term) -> Iterator[Sum]:
        if isinstance(tree, Comparison) and (tree.left.kind.name in ORDERED or tree.left.kind.name == "duration"):
            yield from self._lifting.differences(tree.left, tree.right) or ()
        elif isinstance(tree, Membership) and tree.value.kind.name in ORDERED:
            for option in tree.options:
                yield from self._lifting.differences(tree.value, option) or ()
        for part in parts(tree):
            yield from self._compared(part)

    def _known_functions(self) -> Mapping[str, tuple[str, Function]]:
        for name, (variable, term) in self._lifting.functions.items():
            if name not in self._functions:
                self._functions[name] = variable, self._function(variable, term)
        return self._functions

    def _function(self, variable: str, term: Term) -> Function:
        """Where a term of one variable stands, by where the variable does."""
        data: dict[str, Value] = {}
        environment = surroundings(data, self._zone, self._calendar)
        evaluate, kind = compile_term(term), self._lifting.variables[variable].kind
        names = dict.fromkeys(name for field in _fields(term) for name in self._through((field,)))
        derived = [self._lifting.derived[name] for name in names if name in self._lifting.derived]

        @cache
        def position(of: Position) -> Position | None:
            data[variable] = value_at(kind, of)
            for each in derived:
                each.is_worked_out(data, environment)
            value = evaluate(environment)
            return None if value is None else measure(cast(Value, value))

        return position

    # Searching

    def _search(
        self, constraints: list[Constraint], derived: list[Derived], names: Mapping[str, None], named: Names, cuts: Mapping[str, Cuts]
    ) -> Search:
        variables = self._lifting.variables
        slots: dict[str, Slot] = {}

        def place(name: str) -> None:
            if name not in variables or name in slots:
                return
            variable = variables[name]
            for total in cuts[name].sums if name in cuts else ():
                for each in total.names:
                    place(self._lifting.functions[each][0] if each in self._lifting.functions else each)
            slots[name] = Slot(variable, self._values(variable, named, cuts))

        for name in names:
            place(name)
        turns = {name: index for index, name in enumerate(slots)}
        blank = Slot(_NONE, ())
        order = list(slots.values())
        for each in derived:
            turns[each.name] = max((turns[name] for name in each.reads), default=-1)
            (order[turns[each.name]] if turns[each.name] >= 0 else blank).derived.append(each)
        for constraint in constraints:
            turn = max((turns[name] for name in constraint.reads), default=-1)
            (order[turn] if turn >= 0 else blank).constraints.append(constraint)
        return Search(order, (blank.derived, blank.constraints), self._known_functions(), self._zone, self._calendar)

    def _named(self, tree: Term) -> tuple[Compared, ...]:
        if id(tree) not in self._pairs:
            self._pairs[id(tree)] = tree, tuple(compared(tree))
        return self._pairs[id(tree)][1]

    def _values(self, variable: Variable, named: Names, cuts: Mapping[str, Cuts]) -> tuple[Value | None, ...] | Cuts:
        if variable.kind.name == "boolean":
            return True, False
        if variable.kind.name in ORDERED:
            return cuts.get(variable.name) or Cuts()
        return named.values(variable.name) if variable.kind.name in NAMED else (_SOMETHING,)

    # Showing

    def _shown(self, goals: Sequence[Claim], data: Mapping[str, Value]) -> Iterator[Shown]:
        """The values that decide the goals, each once, in the order of the text; a computed field with what it is made of."""
        environment = surroundings(data, self._zone, self._calendar)
        seen: set[str] = set()
        for goal in goals:
            for source in self._sources(goal.condition.tree):
                if name_of(source) not in seen:
                    seen.add(name_of(source))
                    value = compile_term(self._lifting.lift(source, after=goal.after))(environment)
                    yield Shown(name_of(source), self._title(source, goal.condition), self._in_words(value, source.kind, goal.condition))

    def _sources(self, term: Term) -> Iterator[Source]:
        if isinstance(term, RowFunction | Leaf):
            yield term
            # A computed field that is a value of its own here says nothing about what it is made of.
            worked_out = isinstance(term, FieldValue) and term.field in self._lifting.derived
            rule = dict(self._definition.computed).get(name_of(term)) if worked_out else None
            for expression in expressions_of(rule) if rule is not None else ():
                yield from self._sources(expression.tree)
        else:
            for part in parts(term):
                yield from self._sources(part)

    def _title(self, source: Source, condition: Expression) -> Label:
        return verbatim(name_of(source)) if isinstance(source, RowFunction) else title_of(source, condition.scope)

    def _in_words(self, value: object, kind: Kind, condition: Expression) -> Label:
        if value is None or value == ():
            return _EMPTY
        if isinstance(value, Other):
            return value.label(kind)
        if isinstance(value, tuple):
            return listed(each.label(kind) if isinstance(each, Other) else verbatim(str(each)) for each in value)
        if value == _SOMETHING and kind.name in ("list", "file", "files"):
            return _GIVEN
        return show(cast(Value, value), kind, condition.scope.choices_of(kind), self._zone)


def _agrees(case: tuple[Set[str], Environment], constraints: Iterable[Constraint]) -> bool:
    names, environment = case
    return all(each.reads <= names and each.evaluate(environment) in each.outcomes for each in constraints)


_NONE = Variable("", Kind("boolean"))
_SOMETHING = "…"
"""A file, of which one can only ask whether it is there."""


def _connected(wanted: Iterable[Constraint], known: list[Constraint], derived: Mapping[str, Derived]) -> list[Constraint]:
    """Of what is known, what bears on what is wanted."""

    def roots(names: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(roots(derived[name].reads) | {name} if name in derived else {name} for name in names))

    reached = frozenset().union(*(roots(each.reads) for each in wanted))
    left = {id(each): (each, roots(each.reads)) for each in known}
    found: list[Constraint] = []
    while near := [each for each, names in left.values() if names & reached]:
        found += near
        reached = reached.union(*(left.pop(id(each))[1] for each in near))
    return found


def _trees(derived: Derived) -> Iterator[Term]:
    for expression in expressions_of(derived.rule) if derived.rule is not None else ():
        yield expression.tree


def _fields(term: Term) -> Iterator[str]:
    if isinstance(term, FieldValue):
        yield term.field
    for part in parts(term):
        yield from _fields(part)
