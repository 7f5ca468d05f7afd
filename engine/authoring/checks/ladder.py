"""Checks ladders as a whole: rungs stand in the order in which they are reached, and no two tell the same people at one point.

Two points are compared only where that can be done without a calendar: both of one kind, or against a limit written out in the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from engine.core.choosing import Fixed
from engine.core.compiled import ClockRule, CompiledDefinition
from engine.core.expression.term import Constant
from engine.core.ladder import Rung
from engine.core.problem import Problem
from engine.label import Label
from engine.timing.period import Period, Unit, finest

Point = tuple[Unit | None, Fraction]
"""How far from due, and in what; in hundredths of the way without a unit."""


def check_ladders(definition: CompiledDefinition) -> tuple[Problem, ...]:
    """A problem for each rung that comes too late in its ladder, and for each that says the same again; a shared ladder is told once."""
    found = (problem for rule in definition.clocks.values() for problem in (*_disordered(rule), *_repeated(rule)))
    return tuple({(each.code, each.path): each for each in found}.values())


def _disordered(rule: ClockRule) -> Iterator[Problem]:
    for before, rung in zip(rule.ladder, rule.ladder[1:], strict=False):
        if _is_later(before, rung, rule):
            sentence = Label("“{at}”早于上一级“{before}”", "“{at}” is reached before “{before}”, which stands above it")
            way_out = Label("按到达的先后排列。", "Write the rungs in the order in which they are reached.")
            yield Problem("ladder-out-of-order", (*rung.path, "at"), sentence.fill(at=_point(rung), before=_point(before)), way_out)


def _repeated(rule: ClockRule) -> Iterator[Problem]:
    for index, rung in enumerate(rule.ladder):
        for other in rule.ladder[:index]:
            if rung.notice is None or other.notice is None or rung.when is not None or other.when is not None:
                continue
            twice = set(rung.notice.tell) & set(other.notice.tell)
            if twice and _point(rung) == _point(other):
                sentence = Label("“{at}”已通知过“{who}”", "“{who}” is told at “{at}” already")
                way_out = Label("合并这两级，或换一个时刻。", "Make one rung of the two, or move one of them.")
                named = sorted(right.name or right.kind for right in twice)[0]
                yield Problem("rung-twice", (*rung.path, "at"), sentence.fill(at=_point(rung), who=named), way_out)


def _point(rung: Rung) -> str:
    return rung.id.partition("/")[0]


def _is_later(first: Rung, second: Rung, rule: ClockRule) -> bool:
    """Whether the first is surely reached after the second."""
    point, other_point = _from_due(first, rule), _from_due(second, rule)
    if point is None or other_point is None:
        return False
    (unit, one), (other_unit, other) = point, other_point
    if unit == other_unit:
        return one > other
    # Of different kinds: what lies before due, and what does not.
    return one > 0 >= other or one >= 0 > other


def _from_due(rung: Rung, rule: ClockRule) -> Point | None:
    limit = _limit(rule)
    if rung.after_start is not None:
        start = finest(rung.after_start)
        return (limit.unit, Fraction(start.count - limit.count)) if limit is not None and limit.unit == start.unit else None
    if rung.after_due is not None:
        after = finest(rung.after_due)
        return after.unit, Fraction(after.count)
    if rung.percent is None:
        return (limit.unit if limit is not None else None), Fraction(0)
    if limit is not None:
        return limit.unit, Fraction(limit.count * (rung.percent - 100), 100)
    return None, Fraction(rung.percent - 100)


def _limit(rule: ClockRule) -> Period | None:
    """The limit, where it is always the same and no date may take its place."""
    if rule.due is None and isinstance(rule.limit, Fixed) and isinstance(rule.limit.value.tree, Constant):
        value = rule.limit.value.tree.value
        return finest(value) if isinstance(value, Period) else None
    return None
