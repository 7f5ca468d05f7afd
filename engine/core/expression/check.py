"""Syntax tree to typed tree: every name resolved, every operand of a kind its operator takes – or all the faults.

A part that is at fault has no kind; what is built on it is passed over in silence, so that one mistake is one fault.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.expression import function, operation, row_function
from engine.core.expression.agreement import adapt, mismatch
from engine.core.expression.naming import resolve
from engine.core.expression.scope import Scope
from engine.core.expression.syntax import (
    And,
    Call,
    Compare,
    In,
    IsSet,
    Literal,
    Node,
    Not,
    Or,
    Otherwise,
    Product,
    Sum,
    Word,
)
from engine.core.expression.term import Conjunction, Constant, Disjunction, Negation, Presence, Term
from engine.core.kind import BOOLEAN, Kind
from engine.core.problem import Fault


def check(tree: Node, scope: Scope, wanted: Kind | None) -> Term | tuple[Fault, ...]:
    """The typed tree, of the kind `wanted` if one is given; else all faults, in the order of the text."""
    checker = _Checker(scope)
    term = checker.check(tree, wanted)
    if term is not None and wanted is not None:
        term = checker.kept(adapt(term, wanted) or mismatch(wanted, term))
    if term is None or checker.faults:
        return tuple(sorted(checker.faults, key=lambda found: found.offset))
    return term


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.faults: list[Fault] = []

    def kept(self, result: Term | Fault | tuple[Fault, ...]) -> Term | None:
        """The term, or nothing, its faults noted."""
        if isinstance(result, Term):
            return result
        self.faults.extend((result,) if isinstance(result, Fault) else result)
        return None

    def check(self, node: Node, wanted: Kind | None = None) -> Term | None:
        """The term of a node; `wanted` only tells a bare word whose choice it may be."""
        match node:
            case Literal():
                return Constant(node.kind, node.place, node.value)
            case Word():
                return self.kept(resolve(node, self.scope, wanted))
            case Call():
                return self._call(node)
            case Product():
                left, right = self.check(node.left), self.check(node.right)
                return None if left is None or right is None else self.kept(operation.multiply(node.place, left, right))
            case Sum():
                left, right = self.check(node.left), self.check(node.right)
                return None if left is None or right is None else self._sum(node, left, right)
            case Otherwise():
                left, right = self._sides(node.value, node.substitute, wanted)
                return None if left is None or right is None else self.kept(operation.substitute(node.place, left, right))
            case Compare():
                left, right = self._sides(node.left, node.right, None)
                return None if left is None or right is None else self.kept(operation.compare(node.place, node.operator, left, right))
            case In():
                return self._membership(node)
            case _:
                return self._logic(node)

    def _logic(self, node: Node) -> Term | None:
        match node:
            case IsSet():
                value = self.check(node.value)
                return None if value is None else Presence(BOOLEAN, node.place, value)
            case Not():
                operand = self._boolean(node.operand)
                return None if operand is None else Negation(BOOLEAN, node.place, operand)
            case And():
                operands = self._booleans(node.operands)
                return None if operands is None else Conjunction(BOOLEAN, node.place, operands)
            case Or():
                operands = self._booleans(node.operands)
                return None if operands is None else Disjunction(BOOLEAN, node.place, operands)
            case _:
                raise TypeError(f"not an expression: {node}")

    def _sum(self, node: Sum, left: Term, right: Term) -> Term | None:
        return self.kept(operation.add(node.place, node.operator, left, right, has_calendar=self.scope.calendar))

    def _boolean(self, node: Node) -> Term | None:
        term = self.check(node)
        if term is None:
            return None
        return term if term.kind == BOOLEAN else self.kept(mismatch(BOOLEAN, term))

    def _booleans(self, nodes: Iterable[Node]) -> tuple[Term, ...] | None:
        terms = [self._boolean(node) for node in nodes]
        found = tuple(term for term in terms if term is not None)
        return found if len(found) == len(terms) else None

    def _sides(self, left: Node, right: Node, wanted: Kind | None) -> tuple[Term | None, Term | None]:
        # Each side may be a choice of the field on the other; the left is a field unless it cannot be.
        if self._is_homeless(left, wanted) and not self._is_homeless(right, wanted):
            second = self.check(right, wanted)
            return self.check(left, wanted if second is None else second.kind), second
        first = self.check(left, wanted)
        if first is None and self._could_be_choice(right):
            return None, None
        return first, self.check(right, wanted if first is None else first.kind)

    def _membership(self, node: In) -> Term | None:
        value = self.check(node.value)
        if value is None:
            for option in node.options:
                if not self._could_be_choice(option):
                    self.check(option)
            return None
        options = [self.check(option, value.kind) for option in node.options]
        found = tuple(option for option in options if option is not None)
        kept = self.kept(operation.contain(node.place, value, found))
        return kept if len(found) == len(options) else None

    def _is_homeless(self, node: Node, wanted: Kind | None) -> bool:
        return isinstance(node, Word) and not self.scope.knows(node.name) and node.name not in self.scope.choices_of(wanted)

    def _could_be_choice(self, node: Node) -> bool:
        # Beside a side at fault: a choice of what it should have been.
        return isinstance(node, Word) and self.scope.offers(node.name)

    def _call(self, call: Call) -> Term | None:
        if row_function.is_of_rows(call):
            return self._of_rows(call)
        found = function.find(call)
        if isinstance(found, Fault):
            return self.kept(found)
        if found.takes not in ("value", "values") or call.argument is None:
            return self.kept(function.of_words(call, found, self.scope))
        argument = self.check(call.argument)
        until = None if call.until is None else self.check(call.until)
        if argument is None or (call.until is not None and until is None):
            return None
        return self.kept(function.of_values(call, argument, until))

    def _of_rows(self, call: Call) -> Term | None:
        found = row_function.rows_of(call, self.scope)
        if isinstance(found, Fault):
            return self.kept(found)
        rows, kind = found
        of_row = _Checker(self.scope.within(kind))
        asked = None if call.function.name == "count" else call.argument
        each = None if asked is None else of_row.check(asked)
        where = None if call.where is None else of_row.check(call.where)
        self.faults += of_row.faults
        if of_row.faults:
            return None
        return self.kept(row_function.asked_of(call, rows, each, where))
