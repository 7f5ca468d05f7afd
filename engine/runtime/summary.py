"""The summary of a case: what lists and cards say of it beside its number and subject, as its definition has it."""

from __future__ import annotations

from engine.core.compiled import CompiledDefinition
from engine.core.event import Changes
from engine.core.showing import EMPTY
from engine.label import Label, joined, verbatim
from engine.runtime.fields import Fields

LONGEST = 60
"""Characters of one value: a line has no room for more, and a page of lines is sent with all of them."""
_BETWEEN = verbatim(" · ")


def summary(definition: CompiledDefinition, values: Changes, shown: Fields) -> Label | None:
    """The values of its fields in words, in their order; None where all are empty."""
    told = (shown.of(definition.fields[name], values.get(name)).value for name in definition.summary)
    parts = [Label(_cut(each.zh), _cut(each.en)) for each in told if each != EMPTY]
    return joined(parts, _BETWEEN) if parts else None


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
