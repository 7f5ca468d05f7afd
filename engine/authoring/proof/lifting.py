"""Lifts conditions out of their case: whatever a condition reads becomes a variable of the proof, the rest of it stays as it is.

So what evaluates a condition in a proof is what evaluates it when a case moves. Computed fields, and those that the step sets, are
worked out from what they read by the very rules of the document. What is beyond sums of values becomes a variable of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar, cast

from engine.authoring.proof.constraint import TRUE, Constraint, Derived, Truths, reads_of, split
from engine.authoring.proof.linear import Forms, Sum, alone, forms
from engine.authoring.proof.variable import MISSING, NOBODY, ORDERED, Variable, measure
from engine.core.choosing import ByCases, BySwitch, Chosen, Fixed
from engine.core.choosing import reads_of as read_by
from engine.core.compiled import CompiledDefinition
from engine.core.expression import Expression
from engine.core.expression.agreement import unit_of
from engine.core.expression.assignment import unassigned
from engine.core.expression.evaluation import compile_term
from engine.core.expression.syntax import Place
from engine.core.expression.term import (
    Column,
    Comparison,
    Conjunction,
    Constant,
    DateOf,
    Disjunction,
    FieldValue,
    Leaf,
    Membership,
    Moved,
    Negation,
    Presence,
    RowFunction,
    Sampled,
    StepFact,
    Term,
    leaves,
    name_of,
)
from engine.core.field import FieldRule
from engine.core.kind import BOOLEAN, INTEGER, Kind, Value

_NOWHERE = Place(0, 0, "")

V = TypeVar("V", bound=Term)


class Lifting:
    """Everything that the conditions asked at one place of a document read, as variables."""

    def __init__(
        self,
        definition: CompiledDefinition,
        filled: frozenset[str],
        written: Sequence[tuple[str, Chosen[Expression]]] = (),
        emptied: Sequence[str] = (),
        *,
        is_start: bool = False,
    ) -> None:
        self.definition, self.filled, self.is_start = definition, filled, is_start
        self.variables: dict[str, Variable] = {}
        self.derived: dict[str, Derived] = {}
        self.functions: dict[str, tuple[str, Term]] = {}
        """A term of a single variable that is no sum: its variable, and the term."""
        self.irregular: set[str] = set()
        """Those that follow the closures of a calendar: four years say nothing of the next."""
        self.links: list[Constraint] = []
        """What ties variables together: an instant when a step was last performed is there when it was performed at all."""
        self._written = {name: rule for name, rule in written if "." not in name}
        self._emptied = frozenset(emptied)
        self._computed = dict(definition.computed)
        own = self._written.keys() | self._emptied | {name.partition(".")[0] for name, _ in written}
        self._changed = own | {name for name, reads in definition.depends.items() if own & reads}
        self._terms: dict[tuple[int, bool], tuple[Term, Term]] = {}
        self._constraints: dict[tuple[int, bool, Truths], tuple[Term, tuple[Constraint, ...]]] = {}

    def constraints(self, condition: Term, outcomes: Truths, *, after: bool) -> tuple[Constraint, ...]:
        """The condition as constraints of the proof; `after`: it is asked of the values after `set`."""
        key = (id(condition), after, outcomes)
        if key not in self._constraints:
            # The term is kept with its constraints, so that its id is not given to another.
            self._constraints[key] = condition, tuple(split(self.lift(condition, after=after), outcomes))
        return self._constraints[key][1]

    def lift(self, term: Term, *, after: bool) -> Term:
        """The term over variables."""
        key = (id(term), after)
        if key not in self._terms:
            self._terms[key] = term, self._lifted(term, after)
        return self._terms[key][1]

    def _lifted(self, term: Term, after: bool) -> Term:
        match term:
            case Constant():
                return term
            case Presence(value=FieldValue(kind=Kind(name="list")) as rows):
                count = RowFunction(INTEGER, rows.place, "count", rows, None, None)
                return self._more_than(term, self._rows(replace(count, place=replace(rows.place, text=f"count({rows.field})")), after), 0)
            case FieldValue():
                return self._field(term, after)
            case Column():
                return self._variable(term, name_of(term), self._may_be(term), self._rule_of_column(term))
            case RowFunction():
                return self._rows(term, after)
            case StepFact():
                return self._step(term)
            case Leaf():
                return self._fact(term)
            case Conjunction() | Disjunction():
                return replace(term, operands=tuple(self.lift(each, after=after) for each in term.operands))
            case Membership():
                options = tuple(self.lift(each, after=after) for each in term.options)
                return self._comparable(replace(term, value=self.lift(term.value, after=after), options=options))
            case DateOf(instant=instant):
                return self._date_of(term, self.lift(instant, after=after))
            case _:
                return self._comparable(self._of_parts(term, after))

    def _of_parts(self, term: Term, after: bool) -> Term:
        found = {each.name: getattr(term, each.name) for each in fields(term)}
        lifted: dict[str, Any] = {name: self.lift(part, after=after) for name, part in found.items() if isinstance(part, Term)}
        return replace(term, **lifted)

    # What is read

    def _field(self, term: FieldValue, after: bool) -> Term:
        name, rule = term.field, self.definition.fields[term.field]
        changed = after and name in self._changed
        called = f"{name}′" if changed else name
        lifted = replace(term, field=called)
        if called in self.variables or called in self.derived:
            return lifted
        if changed and name in self._emptied:
            self.derived[called] = Derived(called, None, rule, frozenset(), (), must_be=False)
        elif changed and name in self._written:
            self._derive(called, self._written[name], rule, after=False, must_be=True)
        elif name in self._computed:
            self._derive(called, self._computed[name], rule, after=after, must_be=False)
        else:
            self._variable(term, called, MISSING if name not in self.filled else (), rule)
        return lifted

    def _derive(self, called: str, rule: Chosen[Expression], field: FieldRule, *, after: bool, must_be: bool) -> None:
        """A value that follows from others – or a variable, if it is beyond sums."""
        lifted = self._chosen(rule, after)
        found: Forms | None = ()
        if field.kind.name in ORDERED:
            worth = [self.forms(each.tree) for each in lifted.values()]
            found = None if None in worth else tuple(dict.fromkeys(form for each in worth for form in each or ()))
            if found is not None and field.kind.name == "money" and any(_may_need_rounding(each) for each in found):
                found = self._rounded(called, read_by(lifted))
        if found is None:
            may_be = () if must_be or field.id in self.filled else MISSING
            self._variable(FieldValue(field.kind, rule.values()[0].tree.place, called), called, may_be, field)
            return
        self.derived[called] = Derived(called, lifted, field, read_by(lifted), found, must_be)

    def _rounded(self, called: str, names: Iterable[str]) -> Forms | None:
        """Of one variable the rounded amount is a function; of several it is no sum."""
        if len(names := self._roots(names)) != 1:
            return None
        (name,) = names
        key = f"~{called}"
        self.functions[key] = name, FieldValue(self.variables[name].kind, _NOWHERE, called)
        return (alone(key),)

    def _chosen(self, rule: Chosen[Expression], after: bool) -> Chosen[Expression]:
        if isinstance(rule, ByCases):
            branches = tuple((self._expression(when, after), self._expression(value, after)) for when, value in rule.branches)
            return ByCases(branches, None if rule.otherwise is None else self._expression(rule.otherwise, after))
        if isinstance(rule, BySwitch):
            kind = self.definition.kinds[rule.field]
            field = cast(FieldValue, self.lift(FieldValue(kind, _NOWHERE, rule.field), after=after)).field
            return BySwitch(field, {choice: self._expression(value, after) for choice, value in rule.cases.items()})
        return Fixed(self._expression(rule.value, after))

    def _expression(self, expression: Expression, after: bool) -> Expression:
        tree = self.lift(expression.tree, after=after)
        return replace(expression, tree=tree, reads=reads_of(tree), evaluate=compile_term(tree))

    def _rows(self, term: RowFunction, after: bool) -> Term:
        name = name_of(term)
        inside = {leaf.field for leaf in leaves(term) if isinstance(leaf, FieldValue)}
        called = f"{name}′" if after and inside & self._changed else name
        rule = self._rule_of_column(term.each) if isinstance(term.each, Column) and term.question in ("last", "sum") else None
        lifted = self._variable(term, called, self._may_be(term), rule if term.question == "last" else None)
        if term.question == "count":
            is_filled = called == name and term.where is None and isinstance(term.rows, FieldValue) and term.rows.field in self.filled
            self._limit(called, 1 if is_filled else 0, self._most_rows(term))
        elif term.question == "sum" and rule is not None and rule.minimum is not None and measure(rule.minimum) >= 0:
            self._limit(called, 0, None)
        return lifted

    def _most_rows(self, term: RowFunction) -> int | None:
        rows = self.definition.fields[term.rows.field].rows if isinstance(term.rows, FieldValue) else None
        return None if rows is None else rows.most

    def _rule_of_column(self, term: Column) -> FieldRule | None:
        return self.definition.rule_of(name_of(term)) if term.list in self.definition.fields else None

    def _step(self, term: StepFact) -> Term:
        times = self._variable(replace(term, question="times", kind=INTEGER), f"times({term.step})", (), None)
        self._limit(times.field, 0, 0 if self.is_start else None)
        match term.question:
            case "times":
                return times
            case "done":
                return self._more_than(term, times, 0)
            case "done_at":
                known = times.field in self.variables and name_of(term) in self.variables
                instant = self._variable(term, name_of(term), MISSING, None)
                if not known:
                    self._link(_same(Presence(BOOLEAN, term.place, instant), self._more_than(term, times, 0)))
                return instant
            case _:
                known = name_of(term) in self.variables
                people = self._variable(term, name_of(term), NOBODY, None)
                if not known:
                    never = Negation(BOOLEAN, term.place, self._more_than(term, times, 0))
                    self._link(Disjunction(BOOLEAN, term.place, (never, Presence(BOOLEAN, term.place, people))))
                return people

    def _fact(self, term: Leaf) -> Term:
        if isinstance(term, Sampled):
            # One draw decides for every share.
            drawn = self._variable(FieldValue(INTEGER, term.place, "sampled()"), "sampled()", (), None)
            self._limit("sampled()", 0, 99)
            return Comparison(BOOLEAN, term.place, "<", drawn, Constant(INTEGER, term.place, term.share))
        return self._variable(term, name_of(term), self._may_be(term), None)

    def _date_of(self, term: DateOf, instant: Term) -> Term:
        name = f"date({_named(instant)})"
        known = name in self.variables
        day = self._variable(replace(term, instant=instant), name, MISSING if self._is_loose(instant) else (), None)
        if not known and self._is_loose(instant):
            self._link(_same(Presence(BOOLEAN, term.place, day), Presence(BOOLEAN, term.place, instant)))
        return day

    # What is beyond sums

    def _comparable(self, term: Term) -> Term:
        """A comparison of what can be told as sums; whatever cannot becomes a variable."""
        match term:
            case Comparison(left=left, right=right) if left.kind.name in ORDERED or left.kind.name == "duration":
                if self._can_be_cut((right,), left):
                    return term
                if left.kind.name == "duration":
                    return self._opaque(term)
                return replace(term, left=self._opaque(left), right=self._opaque(right))
            case Membership(value=value, options=options) if value.kind.name in ORDERED and not self._can_be_cut(options, value):
                return replace(term, value=self._opaque(value), options=tuple(self._opaque(each) for each in options))
            case _:
                return term

    def _can_be_cut(self, rights: Iterable[Term], left: Term) -> bool:
        found = [self.differences(left, right) for right in rights]
        return all(each is not None and all(map(self._is_plain, each)) for each in found)

    def differences(self, left: Term, right: Term) -> Forms | None:
        """What one ordered term is more than another, as sums."""
        ours, theirs = self.forms(left), self.forms(right)
        if ours is None or theirs is None:
            return None
        return tuple(dict.fromkeys(one.plus(other, -1) for one in ours for other in theirs))

    def forms(self, term: Term) -> Forms | None:
        """The sums that a lifted term may come to."""
        return forms(term, self._forms_of_field, self._function)

    def _forms_of_field(self, name: str) -> Forms | None:
        return self.derived[name].forms if name in self.derived else (alone(name),)

    def _function(self, term: Term) -> Forms | None:
        """A date moved by months or working days, if it is one of a single variable."""
        if not isinstance(term, Moved):
            return None
        names = self._roots(reads_of(term))
        if len(names) != 1 or self.forms(term.moment) is None or leaves(term.period):
            return None
        (name,) = names
        key = f"~{_named(term)}"
        self.functions[key] = name, term
        if unit_of(term.period) in ("wd", "wh"):
            self.irregular.add(key)
        return (alone(key),)

    def _roots(self, names: Iterable[str]) -> frozenset[str]:
        """The variables that names come down to."""
        return frozenset().union(*(self._roots(self.derived[name].reads) if name in self.derived else {name} for name in names))

    def _is_plain(self, total: Sum) -> bool:
        """Whether the sum can be solved for each of its variables in turn."""
        bare = [name for name in total.names if name not in self.functions]
        inside = [self.functions[name][0] for name in total.names if name in self.functions]
        if len({*bare, *inside}) < 2:
            return True
        return len({*bare, *inside}) == len(total.names) and bool(bare) and all(abs(total.share(name)) == 1 for name in bare)

    def _opaque(self, term: V) -> V | FieldValue:
        if isinstance(term, FieldValue | Constant):
            return term
        name = _named(term)
        known = name in self.variables
        lifted = self._variable(term, name, MISSING if self._is_loose(term) else (), None)
        if not known and self._is_loose(term):
            self._link(_same(Presence(BOOLEAN, term.place, lifted), Presence(BOOLEAN, term.place, term)))
        return lifted

    def _is_loose(self, term: Term) -> bool:
        """Whether a lifted term may be without a value."""
        names = reads_of(term)
        return any(name in self.derived or self.variables[name].empty for name in names)

    # Making variables

    def _may_be(self, term: Term) -> tuple[Value | None, ...]:
        return MISSING if unassigned(term, self.filled) else ()

    def _variable(self, term: Term, name: str, empty: tuple[Value | None, ...], rule: FieldRule | None) -> FieldValue:
        if name not in self.variables:
            least = None if rule is None or rule.minimum is None or rule.kind.name not in ORDERED else measure(rule.minimum)
            most = None if rule is None or rule.maximum is None or rule.kind.name not in ORDERED else measure(rule.maximum)
            choices = tuple(self.definition.scope.choices_of(term.kind))
            self.variables[name] = Variable(name, term.kind, empty, least, most, choices, None if rule is None else rule.pattern)
        return FieldValue(term.kind, term.place, name)

    def _limit(self, name: str, least: int, most: int | None) -> None:
        self.variables[name] = replace(self.variables[name], least=least, most=most)

    def _more_than(self, term: Term, number: Term, least: int) -> Term:
        return Comparison(BOOLEAN, term.place, ">", number, Constant(INTEGER, term.place, least))

    def _link(self, condition: Term) -> None:
        self.links.extend(split(condition, TRUE))


def _same(left: Term, right: Term) -> Term:
    return Comparison(BOOLEAN, left.place, "==", left, right)


def _named(term: Term) -> str:
    """A name for a lifted term: what stands there, and what it reads, which tells before from after and one list from another."""
    return f"{' '.join(term.place.text.split())} | {' '.join(sorted(reads_of(term)))}"


def _may_need_rounding(form: Sum) -> bool:
    return any(share.denominator != 1 for _, share in form.shares) or (form.constant * 100).denominator != 1
