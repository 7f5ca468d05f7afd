"""A form: what a step asks for. Filling it gives values and every reason why it cannot be taken; it stops at no fault."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from engine.core.command import Raw
from engine.core.decision import Reason
from engine.core.facts import Facts
from engine.core.field import LINE_LIMIT, FieldRule, Unreadable, names_in
from engine.core.kind import Value
from engine.core.prose import quoted
from engine.errors import with_nearest
from engine.label import Label


@dataclass(frozen=True, slots=True)
class Ask:
    """One field of a form; an optional one may be left empty, and then empties the field."""

    field: FieldRule
    optional: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The fields a step asks for, in order."""

    asks: tuple[Ask, ...] = ()

    def fill(self, raw: Raw, facts: Facts, lineage: tuple[str, ...]) -> tuple[dict[str, Value | None], tuple[Reason, ...]]:
        """Values by field (None empties) and the reasons of those that could not be read; a faulty field has no value."""
        values: dict[str, Value | None] = {}
        reasons: list[Reason] = []
        for ask in self.asks:
            field = ask.field
            try:
                value = field.read(raw.get(field.id), facts, lineage)
            except Unreadable as fault:
                reasons.append(invalid(field, fault.sentence))
                continue
            if value is None and not ask.optional:
                reasons.append(invalid(field, Label("必填", "must be filled")))
            else:
                values[field.id] = value
        reasons.extend(self._not_asked(raw))
        return values, tuple(reasons)

    def _not_asked(self, raw: Raw) -> list[Reason]:
        asked = [ask.field.id for ask in self.asks]
        unknown = [name for name in raw if name not in asked]
        if not unknown:
            return []
        sentence = Label("{name}不在本步骤的表单中", "{name} is not asked for in this step")
        return [
            Reason("data_invalid", with_nearest(sentence.fill(name=quoted(name)), name[:LINE_LIMIT], asked), subject=name)
            for name in unknown
        ]


def invalid(field: FieldRule, fault: Label) -> Reason:
    """The reason that a field's value cannot be taken."""
    return Reason("data_invalid", Label("{title}：{fault}", "{title}: {fault}").fill(title=field.title, fault=fault), subject=field.id)


def persons_named(asks: tuple[Ask, ...], raw: Raw) -> frozenset[str]:
    """The person ids that a command's data names: whom the shell must look up before the decision."""
    named: set[str] = set()
    for ask in asks:
        if ask.field.kind.name in ("person", "people"):
            with suppress(Unreadable):  # the decision itself will say so
                named.update(names_in(raw.get(ask.field.id)))
    return frozenset(named)
