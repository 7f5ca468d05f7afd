"""The typed tree: what an expression means. Every name is resolved, every kind known, every literal exact.

Evaluation, definite assignment, explanation and proofs about gaps and overlaps all walk this tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.core.expression.number import Operator
from engine.core.expression.syntax import Comparator, Place
from engine.core.kind import Kind, Value

StepQuestion = Literal["done", "times", "done_at", "performers"]
RowQuestion = Literal["count", "sum", "every", "last"]


ALWAYS_FILLED = frozenset({"workflow", "number", "open", "opened_at"})
"""The columns that no child and no earlier case lacks."""


@dataclass(frozen=True, slots=True)
class Term:
    """Any part of a typed expression, with the kind of its value and its place in the text."""

    kind: Kind
    place: Place


@dataclass(frozen=True, slots=True)
class Constant(Term):
    """A literal, a choice, or numbers already worked out."""

    value: Value


@dataclass(frozen=True, slots=True)
class Leaf(Term):
    """What a value comes from; everything else is made of leaves and constants."""


@dataclass(frozen=True, slots=True)
class FieldValue(Leaf):
    """The value of a field."""

    field: str


@dataclass(frozen=True, slots=True)
class Column(Leaf):
    """The cell of the row at hand. `filled`: it has a value in every row, whatever happens."""

    list: str
    name: str
    filled: bool


@dataclass(frozen=True, slots=True)
class Children(Leaf):
    """The children under an alias, oldest first; `of_row`: only those of the row at hand."""

    alias: str
    of_row: bool


@dataclass(frozen=True, slots=True)
class Earlier(Leaf):
    """The other cases of the subject, oldest first."""


@dataclass(frozen=True, slots=True)
class CaseFact(Leaf):
    """A reserved name."""

    name: Literal["actor", "assignee", "unit", "number"]


@dataclass(frozen=True, slots=True)
class Clock(Leaf):
    """`today()` or `now()`."""

    name: Literal["today", "now"]


@dataclass(frozen=True, slots=True)
class StepFact(Leaf):
    """What is known of the performances of a step."""

    question: StepQuestion
    step: str


@dataclass(frozen=True, slots=True)
class Acting(Leaf):
    """Whether the actor comes through a party or uses a role."""

    word: str


@dataclass(frozen=True, slots=True)
class Holders(Leaf):
    """Everybody who holds a role where the case belongs, there or not."""

    role: str


@dataclass(frozen=True, slots=True)
class Sampled(Leaf):
    """Whether this visit is among `share` of a hundred."""

    share: int


@dataclass(frozen=True, slots=True)
class RowFunction(Term):
    """What is said of the rows of a list for which `where` is true: how many, the sum, whether all, the newest."""

    question: RowQuestion
    rows: Leaf
    """A list field, children, or earlier cases."""
    each: Term | None
    """What is asked of each row; None for a count."""
    where: Term | None


@dataclass(frozen=True, slots=True)
class DateOf(Term):
    """The date of an instant."""

    instant: Term


@dataclass(frozen=True, slots=True)
class DaysBetween(Term):
    """Calendar days from one date to another."""

    since: Term
    until: Term


@dataclass(frozen=True, slots=True)
class Widened(Term):
    """An integer where a decimal is wanted."""

    integer: Term


@dataclass(frozen=True, slots=True)
class Calculation(Term):
    """Numbers or money, combined."""

    operator: Operator
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class PeriodSum(Term):
    """Two lengths of time added, or one taken from the other."""

    operator: Literal["+", "-"]
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class PeriodProduct(Term):
    """A whole multiple of a length of time."""

    period: Term
    factor: Term


@dataclass(frozen=True, slots=True)
class Together(Term):
    """Everybody of both sides, each a person or people."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Moved(Term):
    """A date or an instant, so much later (`+`) or earlier (`-`)."""

    operator: Literal["+", "-"]
    moment: Term
    period: Term


@dataclass(frozen=True, slots=True)
class Replacement(Term):
    """A value, or its substitute when it is empty."""

    value: Term
    substitute: Term


@dataclass(frozen=True, slots=True)
class Comparison(Term):
    """Two values compared."""

    operator: Comparator
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Presence(Term):
    """Whether a value is not empty."""

    value: Term


@dataclass(frozen=True, slots=True)
class Membership(Term):
    """Whether a value is one of the options, or among the people of an option."""

    value: Term
    options: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Negation(Term):
    """The opposite."""

    operand: Term


@dataclass(frozen=True, slots=True)
class Conjunction(Term):
    """All of the operands."""

    operands: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Disjunction(Term):
    """Any of the operands."""

    operands: tuple[Term, ...]


def parts(term: Term) -> tuple[Term, ...]:
    """The terms a term is directly made of, in the order of the text."""
    match term:
        case DateOf(instant=only) | Widened(integer=only) | Presence(value=only) | Negation(operand=only):
            return (only,)
        case DaysBetween(since=first, until=second) | Moved(moment=first, period=second) | PeriodProduct(period=first, factor=second):
            return (first, second)
        case Calculation() | PeriodSum() | Together() | Comparison():
            return (term.left, term.right)
        case Replacement():
            return (term.value, term.substitute)
        case Membership():
            return (term.value, *term.options)
        case Conjunction() | Disjunction():
            return term.operands
        case RowFunction():
            return tuple(part for part in (term.each, term.rows, term.where) if part is not None)
        case _:
            return ()


def leaves(term: Term) -> tuple[Leaf, ...]:
    """Where the values of a term come from, in the order of the text, repetitions included."""
    if isinstance(term, Leaf):
        return (term,)
    return tuple(leaf for part in parts(term) for leaf in leaves(part))


def name_of(leaf: Leaf | RowFunction) -> str:
    """The leaf as a document writes it; a column with its list before it; a function of rows word for word.

    >>> name_of(StepFact(Kind("datetime"), Place(0, 0, ""), "done_at", "finish"))
    'done_at(finish)'
    """
    match leaf:
        case FieldValue():
            return leaf.field
        case RowFunction():
            return " ".join(leaf.place.text.split())
        case Column():
            return column_name(leaf.list, leaf.name)
        case Children():
            return leaf.alias
        case Earlier():
            return "earlier"
        case CaseFact():
            return leaf.name
        case Clock():
            return f"{leaf.name}()"
        case StepFact():
            return f"{leaf.question}({leaf.step})"
        case Acting():
            return f"acting({leaf.word})"
        case Holders():
            return f"holders({leaf.role})"
        case Sampled():
            return f"sampled({leaf.share})"
        case _:
            raise TypeError(f"not a leaf: {leaf}")


def column_name(list_id: str, column: str) -> str:
    """How a column is told from fields, which have no dot in their names."""
    return f"{list_id}.{column}"


def may_be_empty(leaf: Leaf) -> bool:
    """Whether the leaf can be without a value at all."""
    match leaf:
        case FieldValue():
            return True
        case Column():
            return not leaf.filled
        case CaseFact():
            return leaf.name in ("assignee", "unit")
        case StepFact():
            return leaf.question == "done_at"
        case _:
            return False
