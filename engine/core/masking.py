"""Masks: a personal value as somebody reads it to whom it is not disclosed – enough to tell two cases apart, never its length.

Knows kinds of values and the words of checks, not who reads them (`core.disclosure`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.core.compiled import CompiledDefinition
from engine.core.decision import Check, Reason, Refused, Shown
from engine.core.examine import causes
from engine.core.explain import Option
from engine.core.field import FieldRule
from engine.core.kind import Value
from engine.core.showing import EMPTY
from engine.label import Label, verbatim

HIDDEN = verbatim("***")
"""A value of which nothing may be seen: a number, a date, a choice, a person, a file."""

_DIALLED = 10
"""Digits from which on a telephone number still hides four when its first three and last four are shown."""


def masked(rule: FieldRule, value: Value | None) -> Label:
    """The value as it is shown masked; what is empty is told as empty.

    A telephone number as `128****0001`, an e-mail address as `t***@example.com`, words as `测**`.
    """
    if value is None or value == ():
        return EMPTY
    if not isinstance(value, str) or rule.kind.name != "text":
        return HIDDEN
    return verbatim(_MASKS.get(rule.type, _words)(value))


def masked_refusal(definition: CompiledDefinition, refused: Refused) -> Refused:
    """A refusal as somebody reads it to whom the case is masked."""
    reasons = tuple(_reason(definition, each) for each in refused.reasons)
    return replace(refused, reasons=reasons, checks=masked_checks(definition, refused.checks))


def masked_options(definition: CompiledDefinition, found: Iterable[Option]) -> tuple[Option, ...]:
    """Options as somebody reads them to whom the case is masked."""
    told = ((each, masked_checks(definition, each.checks)) for each in found)
    return tuple(replace(each, checks=checks, reasons=tuple(causes(checks))) for each, checks in told)


def masked_checks(definition: CompiledDefinition, checks: Iterable[Check]) -> tuple[Check, ...]:
    """The same questions and answers, without the personal values that decided."""
    return tuple(
        replace(
            each,
            values=_values(definition, each.values),
            reason=_reason(definition, each.reason) if each.reason is not None else None,
            parts=masked_checks(definition, each.parts),
        )
        for each in checks
    )


def _reason(definition: CompiledDefinition, reason: Reason) -> Reason:
    return replace(reason, values=_values(definition, reason.values))


def _values(definition: CompiledDefinition, values: tuple[Shown, ...]) -> tuple[Shown, ...]:
    return tuple(replace(each, value=HIDDEN) if each.name in definition.personal and each.value != EMPTY else each for each in values)


def _phone(number: str) -> str:
    if len(number) < _DIALLED:
        return HIDDEN.zh
    return f"{number[:3]}****{number[-4:]}"


def _email(address: str) -> str:
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}"


def _words(text: str) -> str:
    return f"{text[:1]}**" if len(text) > 1 else "**"


_MASKS = {"phone": _phone, "email": _email}
