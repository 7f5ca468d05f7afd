"""The syntax tree: what an author wrote, before any name has a meaning. Every node knows its place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

from engine.core.kind import Kind, Value

Comparator = OneOf["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the text, in code points: from `offset` up to, not including, `end`."""

    offset: int
    end: int
    text: str
    """What stands there."""


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""

    place: Place


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, duration, text or truth value."""

    kind: Kind
    value: Value


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A bare word: a name, or a choice of the field it stands beside."""

    name: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(argument to until of rows where condition)`, each part optional."""

    function: Word
    argument: Node | None
    until: Node | None
    rows: Word | None
    where: Node | None


@dataclass(frozen=True, slots=True)
class Product(Node):
    """`left * right`."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """`left + right` or `left - right`."""

    operator: OneOf["+", "-"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Otherwise(Node):
    """`value otherwise substitute`."""

    value: Node
    substitute: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`left == right` and its like."""

    operator: Comparator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class IsSet(Node):
    """`value is set`; `is not set` is a Not around it."""

    value: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in (option | …)`; `not in` is a Not around it."""

    value: Node
    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """`a and b and …`, at least two."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """`a or b or …`, at least two."""

    operands: tuple[Node, ...]
