"""By what a case was found, in words: its number, what another system calls it, or the title of a field – never the value."""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.compiled import CompiledDefinition
from engine.label import Label
from engine.store.search import NUMBER, REFERENCE, SUBJECT

_NUMBER = Label("编号", "number")
_REFERENCE = Label("外部编号", "reference")


def ways(definition: CompiledDefinition, names: Iterable[str]) -> tuple[Label, ...]:
    """Each once. The subject is the value of a field, and is told by its title."""
    found = (_way(definition, name) for name in names)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _way(definition: CompiledDefinition, name: str) -> Label | None:
    if name == NUMBER:
        return _NUMBER
    if name == REFERENCE:
        return _REFERENCE
    field = definition.fields.get(definition.subject or "" if name == SUBJECT else name)
    return field.title if field is not None else None
