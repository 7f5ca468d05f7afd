"""An expression, read: what rules, cases values, `set` and `computed` hold and ask. `read` is the only way to make one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from engine.core.decision import Shown
from engine.core.expression import assignment, explanation
from engine.core.expression.check import check
from engine.core.expression.environment import Environment
from engine.core.expression.evaluation import compile_term
from engine.core.expression.fault import TOO_MUCH, expected
from engine.core.expression.lexer import tokenise
from engine.core.expression.parser import parse
from engine.core.expression.scope import Scope
from engine.core.expression.syntax import Node, Place
from engine.core.expression.term import Column, Earlier, FieldValue, Holders, Term, leaves, name_of
from engine.core.kind import Kind, Value
from engine.core.problem import Fault
from engine.label import Label

MAX_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression. `evaluate` gives a value of `kind`, or None for *missing*, and never raises."""

    text: str
    kind: Kind
    tree: Term
    """What it means, for proofs about gaps and overlaps."""
    reads: frozenset[str]
    """The fields it reads, lists among them."""
    columns: frozenset[str]
    """The columns it reads, as `list.column`."""
    reads_earlier: bool
    """Whether it looks at the other cases of the subject."""
    asked_roles: frozenset[str]
    """The roles whose holders it looks at."""
    evaluate: Callable[[Environment], Value | None] = field(repr=False, compare=False)
    scope: Scope = field(repr=False, compare=False)

    def explain(self, environment: Environment) -> tuple[tuple[Shown, ...], tuple[str, ...]]:
        """The values that decided, and – if the result is missing – the names to fill before there is an answer."""
        return explanation.explain(self.tree, environment, self.scope)

    def unassigned(self, assigned: frozenset[str], implied: assignment.Implied = assignment.NOTHING_IMPLIED) -> tuple[Fault, ...]:
        """The reads of names that may be empty, if only those `assigned` are set, and with a name those that are `implied`.

        Names are field ids, columns as `list.column`, `assignee`, `unit`, `done_at(step)`, and functions of rows word for word.
        """
        return assignment.unassigned(self.tree, assigned, implied)

    def asks(self) -> frozenset[str]:
        """The names on which depends what `unassigned` finds."""
        return assignment.asked(self.tree)

    def proven(self, outcome: bool) -> frozenset[str]:
        """The names that are known to be set when the expression, a boolean, has this outcome."""
        return assignment.proven(self.tree, outcome)


def read(text: str, scope: Scope, expected: Kind | None = None) -> Expression | tuple[Fault, ...]:
    """The expression that a text means – of the kind `expected`, if one is given – or all its faults, in order.

    A bare word is first looked up among the choices of an expected choice kind. Never raises.
    """
    if len(text) > MAX_LENGTH:
        return (_too_long(text),)
    tree, lexical = _spelled(text)
    if isinstance(tree, Fault):
        return lexical or (tree,)
    term = check(tree, scope, expected)
    if not isinstance(term, Term):
        # What could not even be spelled is not blamed for its kind as well.
        others = [found for found in term if not any(_covers(wider, found) for wider in lexical)]
        return tuple(sorted((*lexical, *others), key=lambda found: found.offset))
    return lexical or _expression(text, term, scope)


@lru_cache(maxsize=1024)
def _spelled(text: str) -> tuple[Node | Fault, tuple[Fault, ...]]:
    """The tree of a text or its first fault, and all that is wrong with its words: the same whatever the names mean."""
    tokens, lexical = tokenise(text)
    return parse(text, tokens), lexical


def _covers(wider: Fault, found: Fault) -> bool:
    return wider.offset <= found.offset and found.offset + found.length <= wider.offset + wider.length


def _expression(text: str, term: Term, scope: Scope) -> Expression:
    found = leaves(term)
    return Expression(
        text=text,
        kind=term.kind,
        tree=term,
        reads=frozenset(leaf.field for leaf in found if isinstance(leaf, FieldValue)),
        columns=frozenset(name_of(leaf) for leaf in found if isinstance(leaf, Column)),
        reads_earlier=any(isinstance(leaf, Earlier) for leaf in found),
        asked_roles=frozenset(leaf.role for leaf in found if isinstance(leaf, Holders)),
        evaluate=compile_term(term),
        scope=scope,
    )


def _too_long(text: str) -> Fault:
    rest = Place(MAX_LENGTH, len(text), text[MAX_LENGTH:])
    wanted = Label("最多 {n} 个字符", "at most {n} characters").fill(n=MAX_LENGTH)
    found = Label("{n} 个字符", "{n} characters").fill(n=len(text))
    return expected("expression-too-long", rest, wanted, found, TOO_MUCH)
