"""Unique values: which values of a command must be looked up before it is decided, and which are taken."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.case import Case
from engine.core.codec import canonical, encode_value
from engine.core.command import Raw
from engine.core.compiled import CompiledDefinition
from engine.core.decision import Reason
from engine.core.facts import Facts
from engine.core.field import Unreadable, Until
from engine.core.form import Ask
from engine.core.kind import Value
from engine.label import Label

_TAKEN: Mapping[Until, Label] = {
    "open": Label("{title}已用于未结工单 {number}", "{title} is already used by the open case {number}"),
    "ever": Label("{title}已用于工单 {number}", "{title} is already used by case {number}"),
}
_TAKEN_ELSEWHERE = Label("{title}已用于您看不到的工单", "{title} is already used by a case that you do not see")


def unique_values(definition: CompiledDefinition, data: Mapping[str, Value], *, is_open: bool) -> tuple[tuple[str, str, Until], ...]:
    """(field, canonical value, open | ever) of every unique value that a case with this data holds."""
    if not definition.unique:
        return ()
    return tuple(
        (rule.id, canonical(encode_value(rule.kind, data[rule.id])), rule.unique)
        for rule in definition.unique
        if rule.id in data and rule.unique is not None and (is_open or rule.unique == "ever")
    )


def duplicates(definition: CompiledDefinition, data: Mapping[str, Value], facts: Facts) -> tuple[Reason, ...]:
    """A reason for each value that another case has already."""
    reasons: list[Reason] = []
    for name, value, until in unique_values(definition, data, is_open=True):
        if (name, value) in facts.taken:
            rule, number = definition.fields[name], facts.taken[name, value]
            sentence = _TAKEN[until] if number is not None else _TAKEN_ELSEWHERE
            reasons.append(Reason("duplicate", sentence.fill(title=rule.title, number=number or ""), subject=name))
    return tuple(reasons)


def wanted_values(
    definition: CompiledDefinition, case: Case | None, asks: tuple[Ask, ...], raw: Raw, facts: Facts
) -> tuple[tuple[str, str, Until], ...]:
    """The unique values that a command would claim: what the shell must look up before the decision.

    Those of its data; and, when an ended case may be reopened, those it holds already.
    """
    if not definition.unique:
        return ()
    data: dict[str, Value] = dict(case.data) if case is not None and case.outcome is not None else {}
    for ask in asks:
        if ask.field.unique is None:
            continue
        try:
            value = ask.field.read(raw.get(ask.field.id), facts, ())
        except Unreadable:
            continue  # the decision itself will say so
        if value is not None:
            data[ask.field.id] = value
    return unique_values(definition, data, is_open=True)
