"""The tree of checks on the terminal: what was asked before a step, ✓ what holds, ✗ what does not and why, ? what the form will decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from commands.speech import listed, say
from engine.core.decision import Check
from engine.core.field import FieldRule
from engine.label import Label
from engine.runtime.questions import KINDS, decisive, said


@dataclass(frozen=True, slots=True)
class Names:
    """What is shown by its title: the fields of the definition, and the units there are."""

    fields: Mapping[str, FieldRule]
    units: Mapping[str, Label]


_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}


def mark(*, holds: bool | None) -> Text:
    """✓, ✗ or ?, in its colour."""
    return Text(*_MARKS[holds])


def in_full(checks: Sequence[Check], names: Names, indent: int = 2) -> list[Text]:
    """Every question down to the last."""
    return [line for check in checks for line in _lines(check, names, indent, whole=True)]


def in_brief(checks: Sequence[Check], names: Names, indent: int = 2) -> list[Text]:
    """What does not hold in full; of the rest only what it was about, each under its worst mark."""
    lines = [line for check in checks if check.holds is False for line in _lines(check, names, indent, whole=False)]
    told = {check.kind for check in checks if check.holds is False}
    for holds in (None, True):
        kinds = dict.fromkeys(check.kind for check in checks if check.holds is holds and check.kind not in told)
        told.update(kinds)
        if kinds:
            lines.append(Text.assemble(" " * indent, mark(holds=holds), (f" {listed([say(KINDS[kind]) for kind in kinds])}", "dim")))
    return lines


def _lines(check: Check, names: Names, indent: int, *, whole: bool) -> Iterator[Text]:
    yield Text.assemble(" " * indent, mark(holds=check.holds), f" {say(said(check, names.units))}")
    yield from (Text(" " * (indent + 4) + say(line), "dim") for line in decisive(check, names.fields))
    for part in check.parts:
        if whole or (check.holds is not True and _tells_more(part)):
            yield from _lines(part, names, indent + 4, whole=whole)


def _tells_more(part: Check) -> bool:
    """Whether a part says what the reason above it does not: a cause of its own, who stood there, a unit, for whom."""
    return part.reason is not None or bool(part.values) or any(map(_tells_more, part.parts)) or part.kind == "unit"
