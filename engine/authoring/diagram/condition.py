"""An expression in people's words: titles instead of ids, choices by their labels. Says what is asked, never what came out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from engine.core.expression import Expression, Scope
from engine.core.expression.explanation import title_of
from engine.core.expression.term import (
    Calculation,
    Comparison,
    Conjunction,
    Constant,
    DateOf,
    DaysBetween,
    Disjunction,
    Leaf,
    Membership,
    Moved,
    Negation,
    PeriodProduct,
    PeriodSum,
    Presence,
    Replacement,
    RowFunction,
    StepFact,
    Term,
    Together,
    Widened,
)
from engine.core.showing import show
from engine.label import Label, joined, listed, verbatim

_SIGNS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "+": "+", "-": "−", "*": "×"}
_COMPARING = frozenset({"==", "!=", "<", "<=", ">", ">="})
_NO = Label("否", "no")
_UTC = ZoneInfo("UTC")


def in_words(expression: Expression) -> Label:
    """The expression as its owner would say it.

    >>> from engine.core.expression import Scope, read
    >>> from engine.core.kind import Kind
    >>> scope = Scope({"price": Kind("integer")}, {"price": Label("报价", "Quote")}, {})
    >>> in_words(read("price is set and price <= 500", scope)).en
    'Quote is filled and Quote ≤ 500'
    """
    return _said(expression.tree, expression.scope)


def _said(term: Term, scope: Scope) -> Label:
    match term:
        case Constant(value=value):
            return show(value, term.kind, scope.choices_of(term.kind), _UTC)
        case RowFunction(rows=rows, where=where):
            said = title_of(term, scope)
            if where is None:
                return said
            return Label("{said}（限{where}）", "{said}, where {where}").fill(said=said, where=_said(where, _within(scope, rows)))
        case Leaf():
            return title_of(term, scope)
        case Widened(integer=only):
            return _said(only, scope)
        case Negation(operand=operand):
            return _denied(operand, scope)
        case Conjunction(operands=operands):
            return joined([_grouped(each, scope) for each in operands], Label("，且", " and "))
        case Disjunction(operands=operands):
            return joined([_said(each, scope) for each in operands], Label("，或", " or "))
        case Presence(value=value):
            return Label("{it}已填", "{it} is filled").fill(it=_said(value, scope))
        case Membership(value=value, options=options):
            among = listed(_said(each, scope) for each in options)
            return Label("{it}为{among}之一", "{it} is one of {among}").fill(it=_said(value, scope), among=among)
        case _:
            return _worked_out(term, scope)


def _worked_out(term: Term, scope: Scope) -> Label:
    """What is compared and calculated."""
    match term:
        case Comparison() | Calculation() | PeriodSum():
            return _signed(term.operator, term.left, term.right, scope)
        case Together(left=left, right=right):
            return _signed("+", left, right, scope)
        case Moved(operator=sign, moment=moment, period=period):
            return _signed(sign, moment, period, scope)
        case PeriodProduct(period=period, factor=factor):
            return _signed("*", period, factor, scope)
        case Replacement(value=value, substitute=substitute):
            words = Label("{it}（未填则为{other}）", "{it} (or {other}, if empty)")
            return words.fill(it=_said(value, scope), other=_said(substitute, scope))
        case DateOf(instant=instant):
            return Label("{it}的日期", "date of {it}").fill(it=_said(instant, scope))
        case DaysBetween(since=since, until=until):
            words = Label("{since}到{until}的天数", "days from {since} to {until}")
            return words.fill(since=_said(since, scope), until=_said(until, scope))
        case _:
            return verbatim(term.place.text)


def _signed(sign: str, left: Term, right: Term, scope: Scope) -> Label:
    bracketed = (Comparison,) if sign in _COMPARING else (Comparison, Calculation, PeriodSum, Moved)
    said = [_in_brackets(_said(term, scope)) if isinstance(term, bracketed) else _said(term, scope) for term in (left, right)]
    return Label("{left} {sign} {right}", "{left} {sign} {right}").fill(left=said[0], sign=_SIGNS[sign], right=said[1])


def _grouped(term: Term, scope: Scope) -> Label:
    said = _said(term, scope)
    return _in_brackets(said) if isinstance(term, Disjunction) else said


def _in_brackets(said: Label) -> Label:
    return Label("（{it}）", "({it})").fill(it=said)


def _denied(term: Term, scope: Scope) -> Label:
    match term:
        case StepFact(question="done", step=step):
            return Label("未执行“{it}”", "“{it}” was not performed").fill(it=scope.titles.get(step, verbatim(step)))
        case Presence(value=value):
            return Label("{it}未填", "{it} is empty").fill(it=_said(value, scope))
        case Negation(operand=operand):
            return _said(operand, scope)
        case Leaf():
            return Label("{it} = {no}", "{it} = {no}").fill(it=_said(term, scope), no=_NO)
        case _:
            return Label("并非（{it}）", "not ({it})").fill(it=_said(term, scope))


def _within(scope: Scope, rows: Leaf) -> Scope:
    return scope.within(rows.kind) if rows.kind.name == "list" else scope
