"""Why an expression came out as it did: the values that decided, and the names to fill where there is no answer yet.

Evaluates parts of the tree once more, on request only; a move that succeeds never comes here.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.decision import Shown
from engine.core.expression.environment import Environment
from engine.core.expression.evaluation import chosen_rows, compile_term
from engine.core.expression.scope import Scope
from engine.core.expression.term import (
    Acting,
    CaseFact,
    Clock,
    Column,
    Conjunction,
    Disjunction,
    Earlier,
    Holders,
    Leaf,
    Replacement,
    RowFunction,
    Sampled,
    StepFact,
    Term,
    leaves,
    may_be_empty,
    name_of,
    parts,
)
from engine.core.showing import show
from engine.label import Label, listed, verbatim

Source = Leaf | RowFunction
"""What a value comes from, as it is told: of rows, only what is said of all of them together."""

MOST_ROWS = 5
"""How many rows are told by their places."""

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
    "holders": Label("担任“{it}”的人", "Who holds “{it}”"),
    "sampled": Label("抽中（{it}%）", "In the sample ({it} of 100)"),
    "earlier": Label("同一对象的其他工单", "Other cases of the subject"),
}

_OF_ROWS = {
    "count": Label("“{rows}”中符合条件的行数", "How many of “{rows}”"),
    "sum": Label("“{rows}”的“{each}”合计", "Sum of “{each}” of “{rows}”"),
    "every": Label("“{rows}”每一行都满足“{each}”", "“{each}” for every one of “{rows}”"),
    "last": Label("“{rows}”最后一行的“{each}”", "“{each}” of the last of “{rows}”"),
}


def explain(term: Term, environment: Environment, scope: Scope) -> tuple[tuple[Shown, ...], tuple[str, ...]]:
    """The values that decided, each once, in the order of the text; the names whose emptiness leaves it missing."""
    decisive = {name_of(leaf): leaf for leaf in _decisive(term, environment)}
    missing = dict.fromkeys(_missing(term, environment))
    return tuple(_shown(leaf, environment, scope) for leaf in decisive.values()), tuple(missing)


def _decisive(term: Term, environment: Environment) -> Iterator[Source]:
    match term:
        case Leaf():
            yield term
        case RowFunction():
            yield term
            inner = [leaf for part in (term.each, term.where) if part is not None for leaf in leaves(part)]
            yield from (leaf for leaf in inner if not isinstance(leaf, Column))
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


def _missing(term: Term, environment: Environment) -> Iterator[str]:
    if _value(term, environment) is not None:
        return
    if isinstance(term, RowFunction):
        yield from _missing_in_rows(term, environment)
        return
    if isinstance(term, Leaf) and may_be_empty(term):
        yield name_of(term)
    for part in parts(term):
        yield from _missing(part, environment)


def _missing_in_rows(term: RowFunction, environment: Environment) -> Iterator[str]:
    """The list – as a whole, for nobody fills a single cell – and whatever else is empty in one of its rows."""
    yield name_of(term.rows)
    for place in chosen_rows(term)(environment):
        if term.each is not None:
            yield from (name for name in _missing(term.each, place) if name not in _cells(term.each))


def _cells(term: Term) -> frozenset[str]:
    return frozenset(name_of(leaf) for leaf in leaves(term) if isinstance(leaf, Column))


def _value(term: Term, environment: Environment) -> object:
    return compile_term(term)(environment)


def _shown(leaf: Source, environment: Environment, scope: Scope) -> Shown:
    name = name_of(leaf)
    value = compile_term(leaf)(environment)
    shown = show(value, leaf.kind, scope.choices_of(leaf.kind), environment.zone, environment.called)
    return Shown(name, title_of(leaf, scope), _with_rows(leaf, environment, shown) if isinstance(leaf, RowFunction) else shown)


def _with_rows(term: RowFunction, environment: Environment, shown: Label) -> Label:
    """The value and the places, in the list, of the rows that made it so."""
    every = compile_term(term.rows)(environment) or ()
    places = [place.row for place in _deciding(term, chosen_rows(term)(environment))]
    numbers = [str(number) for number, row in enumerate(every, 1) if row in places]
    if not numbers:
        return shown
    told = listed(map(verbatim, numbers[:MOST_ROWS]))
    rest = Label("…", "…") if len(numbers) > MOST_ROWS else verbatim("")
    which = Label("第 {told}{rest} 行", "row {told}{rest}") if len(numbers) == 1 else Label("第 {told}{rest} 行", "rows {told}{rest}")
    return Label("{shown}（{which}）", "{shown} ({which})").fill(shown=shown, which=which.fill(told=told, rest=rest))


def _deciding(term: RowFunction, places: list[Environment]) -> list[Environment]:
    if term.each is None:
        return places
    answers = [(_value(term.each, place), place) for place in places]
    if term.question == "last":
        return places[-1:]
    empty = [place for answer, place in answers if answer is None]
    if term.question == "sum":
        return empty
    return [place for answer, place in answers if answer is False] or empty


def title_of(leaf: Source, scope: Scope) -> Label:
    """What a value comes from, as people say it."""
    match leaf:
        case RowFunction():
            return _title_of_rows(leaf, scope)
        case Column():
            return scope.titles.get(name_of(leaf), verbatim(leaf.name))
        case Earlier():
            return _TITLES["earlier"]
        case CaseFact() | Clock():
            return _TITLES[leaf.name]
        case StepFact():
            return _TITLES[leaf.question].fill(it=_titled(leaf.step, scope))
        case Acting():
            return _TITLES["acting"].fill(it=_titled(leaf.word, scope))
        case Holders():
            return _TITLES["holders"].fill(it=_titled(leaf.role, scope))
        case Sampled():
            return _TITLES["sampled"].fill(it=leaf.share)
        case _:
            return _titled(name_of(leaf), scope)


def _title_of_rows(term: RowFunction, scope: Scope) -> Label:
    rows = title_of(term.rows, scope)
    each = title_of(term.each, scope) if isinstance(term.each, Column) else None
    title = _OF_ROWS[term.question]
    if each is None and term.each is not None:
        each = verbatim(term.each.place.text)
    return title.fill(rows=rows, each=each)


def _titled(name: str, scope: Scope) -> Label:
    return scope.titles.get(name, verbatim(name))
