"""Where a step reads fields: every expression and every choice of it, in the order in which they are read.

Shared by the checks that ask what a field decides. Knows compiled steps; judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.authoring.checks.following import placed
from engine.core.choosing import ByCases, BySwitch, Chosen
from engine.core.compiled import CompiledStep
from engine.core.expression import Expression
from engine.core.problem import Path
from engine.core.telling import NoticeRule


@dataclass(frozen=True, slots=True)
class Reading:
    """One place that reads."""

    path: Path
    what: Expression | str
    """A field by its name where a choice depends on it."""
    under: tuple[Expression, ...] = ()
    """What holds when it is read: guards above it, conditions of its line."""
    is_late: bool = False
    """Whether it sees what the step itself sets and clears."""


def readings(step: CompiledStep) -> Iterator[Reading]:
    """The places of a step, those of its form aside."""
    guards: tuple[Expression, ...] = ()
    if step.when is not None:
        yield Reading((*step.path, "when"), step.when)
        guards = (step.when,)
    for index, line in enumerate(step.requires):
        yield Reading((*step.path, "requires", index, "that"), line.that, guards)
        guards = (*guards, line.that)
    for name, rule in step.sets:
        yield from _chosen(rule, (*step.path, "set", *name.split(".")), guards, is_late=False)
    yield from _choice(step.to, (*step.path, "to"))
    if step.assign is not None:
        yield from _choice(step.assign, (*step.path, "assign"))
    if step.approvals is not None:
        yield from _choice(step.approvals.at_least, (*step.path, "approvals", "at_least"))
    for starts in step.starts:
        conditions = tuple(each for each in (starts.when, starts.where) if each is not None)
        for key, condition in (("when", starts.when), ("where", starts.where)):
            if condition is not None:
                yield Reading((*starts.path, key), condition, is_late=True)
        if starts.for_each is not None:
            yield Reading((*starts.path, "for_each"), starts.for_each, conditions, is_late=True)
        for name, value in starts.values:
            yield from _chosen(value, (*starts.path, "with", name), conditions, is_late=True)
    for index, notice in enumerate(step.notify):
        yield from of_notice(notice, (*step.path, "notify", index))


def of_notice(notice: NoticeRule, path: Path) -> Iterator[Reading]:
    """The places of a line that tells somebody."""
    under = () if notice.when is None else (notice.when,)
    if notice.when is not None:
        yield Reading((*path, "when"), notice.when, is_late=True)
    yield from _choice(notice.template, (*path, "template"))
    for name, value in notice.values:
        yield Reading((*path, "with", name), value, under, is_late=True)


def _choice(rule: Chosen[object], path: Path) -> Iterator[Reading]:
    if isinstance(rule, ByCases):
        for index, (when, _) in enumerate(rule.branches):
            yield Reading((*path, index, "when"), when, is_late=True)
    elif isinstance(rule, BySwitch):
        yield Reading((*path, "field"), rule.field, is_late=True)


def _chosen(rule: Chosen[Expression], path: Path, under: tuple[Expression, ...], *, is_late: bool) -> Iterator[Reading]:
    if isinstance(rule, ByCases):
        for index, (when, value) in enumerate(rule.branches):
            yield Reading((*path, index, "when"), when, under, is_late)
            yield Reading((*path, index, "then"), value, (*under, when), is_late)
        if rule.otherwise is not None:
            yield Reading((*path, len(rule.branches), "else"), rule.otherwise, under, is_late)
        return
    if isinstance(rule, BySwitch):
        yield Reading((*path, "field"), rule.field, under, is_late)
    for place, value, _ in placed(rule, path):
        yield Reading(place, value, under, is_late)
