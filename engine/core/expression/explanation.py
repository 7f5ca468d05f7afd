"""Why an expression came out as it did: the values that decided, and the names to fill where there is no answer yet.

Evaluates parts of the tree once more, on request only; a move that succeeds never comes here.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.decision import Shown
from engine.core.expression.environment import Environment
from engine.core.expression.evaluation import compile_term
from engine.core.expression.scope import Scope
from engine.core.expression.term import (
    Acting,
    CaseFact,
    Clock,
    Conjunction,
    Disjunction,
    Leaf,
    Replacement,
    Sampled,
    StepFact,
    Term,
    may_be_empty,
    name_of,
    parts,
)
from engine.core.showing import show
from engine.label import Label, verbatim

_TITLES = {
    "actor": Label("办理人", "Who acts"),
    "assignee": Label("承办人", "Assignee"),
    "unit": Label("所属单位", "Unit"),
    "number": Label("单号", "Number"),
    "today": Label("今天", "Today"),
    "now": Label("当前时间", "Now"),
    "done": Label("已执行“{it}”", "“{it}” was performed"),
    "times": Label("“{it}”的执行次数", "How often “{it}” was performed"),
    "done_at": Label("最近一次“{it}”的时间", "When “{it}” was last performed"),
    "performers": Label("执行过“{it}”的人", "Who performed “{it}”"),
    "acting": Label("以“{it}”的身份办理", "Acting as “{it}”"),
    "sampled": Label("抽中（{it}%）", "In the sample ({it} of 100)"),
}


def explain(term: Term, environment: Environment, scope: Scope) -> tuple[tuple[Shown, ...], tuple[str, ...]]:
    """The values that decided, each once, in the order of the text; the names whose emptiness leaves it missing."""
    decisive = {name_of(leaf): leaf for leaf in _decisive(term, environment)}
    missing = dict.fromkeys(name_of(leaf) for leaf in _missing(term, environment))
    return tuple(_shown(leaf, environment, scope) for leaf in decisive.values()), tuple(missing)


def _decisive(term: Term, environment: Environment) -> Iterator[Leaf]:
    match term:
        case Leaf():
            yield term
        case Conjunction(operands=operands) | Disjunction(operands=operands):
            # What is not true decides an `and`, what is true an `or`; where there is none of these, all operands do.
            settling = isinstance(term, Disjunction)
            deciding = [operand for operand in operands if (_value(operand, environment) is True) is settling]
            for operand in deciding or operands:
                yield from _decisive(operand, environment)
        case Replacement():
            yield from _decisive(term.value, environment)
            if _value(term.value, environment) is None:
                yield from _decisive(term.substitute, environment)
        case _:
            for part in parts(term):
                yield from _decisive(part, environment)


def _missing(term: Term, environment: Environment) -> Iterator[Leaf]:
    if _value(term, environment) is not None:
        return
    if isinstance(term, Leaf) and may_be_empty(term):
        yield term
    for part in parts(term):
        yield from _missing(part, environment)


def _value(term: Term, environment: Environment) -> object:
    return compile_term(term)(environment)


def _shown(leaf: Leaf, environment: Environment, scope: Scope) -> Shown:
    name = name_of(leaf)
    value = compile_term(leaf)(environment)
    return Shown(name, _title(leaf, scope), show(value, leaf.kind, scope.choices_of(leaf.kind), environment.zone))


def _title(leaf: Leaf, scope: Scope) -> Label:
    match leaf:
        case CaseFact() | Clock():
            return _TITLES[leaf.name]
        case StepFact():
            return _TITLES[leaf.question].fill(it=_titled(leaf.step, scope))
        case Acting():
            return _TITLES["acting"].fill(it=_titled(leaf.word, scope))
        case Sampled():
            return _TITLES["sampled"].fill(it=leaf.share)
        case _:
            return _titled(name_of(leaf), scope)


def _titled(name: str, scope: Scope) -> Label:
    return scope.titles.get(name, verbatim(name))
