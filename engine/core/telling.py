"""Telling: a compiled line of `notify` or of a ladder, and the intent that comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from engine.core.choosing import Chosen
from engine.core.effect import Emit, Notify, Occurrence
from engine.core.expression import Environment, Expression
from engine.core.showing import show
from engine.label import Label
from roles.policy import Right


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """Who is told what, and when this line applies at all."""

    tell: tuple[Right, ...]
    template: Chosen[str]
    when: Expression | None = None
    values: tuple[tuple[str, Expression], ...] = ()
    """What the template may show besides the case."""


def words_of(tell: Iterable[Right]) -> str:
    """Whom a message is for, as the subject of an incident: the same words are one incident, however often nobody is there."""
    return ", ".join(right.name for right in tell)


def notice(
    rule: NoticeRule, environment: Environment, state: str, occurrence: Occurrence | None = None, due_at: datetime | None = None
) -> Notify | None:
    """The intent, or None when the line does not apply: its `when` is not true, or no template is chosen."""
    if rule.when is not None and rule.when.evaluate(environment) is not True:
        return None
    templates = rule.template.applying(environment)
    if len(templates) != 1:
        return None
    values = {name: _in_words(expression, environment) for name, expression in rule.values}
    return Notify(rule.tell, templates[0], state, values, occurrence, due_at)


def held(intent: Notify | Emit, until: datetime) -> tuple[Notify | Emit, ...]:
    """The same intent, in which whoever is outside is told no sooner than `until`: before that it can be recalled."""
    if isinstance(intent, Emit):
        return (replace(intent, not_before=until),)
    outside = tuple(right for right in intent.tell if right.kind == "party")
    inside = tuple(right for right in intent.tell if right.kind != "party")
    later = (replace(intent, tell=outside, not_before=until),) if outside else ()
    return (*((replace(intent, tell=inside),) if inside else ()), *later)


def _in_words(expression: Expression, environment: Environment) -> Label:
    kind = expression.kind
    choices = expression.scope.choices.get(kind.of) if kind.name == "choice" and kind.of is not None else None
    return show(expression.evaluate(environment), kind, choices, environment.zone, environment.called)
