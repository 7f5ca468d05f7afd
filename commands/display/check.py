"""The tree of checks on the terminal: what was asked before a step, ✓ what holds, ✗ what does not and why, ? what the form will decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from commands.speech import listed, say
from engine.core.decision import Check
from engine.core.field import FieldRule
from engine.runtime.questions import KINDS, decisive, said

Fields = Mapping[str, FieldRule]
"""The fields of the definition, by id: what is missing is told by their titles."""

_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}


def mark(*, holds: bool | None) -> Text:
    """✓, ✗ or ?, in its colour."""
    return Text(*_MARKS[holds])


def in_full(checks: Sequence[Check], fields: Fields, indent: int = 2) -> list[Text]:
    """Every question down to the last."""
    return [line for check in checks for line in _lines(check, fields, indent, whole=True)]


def in_brief(checks: Sequence[Check], fields: Fields, indent: int = 2) -> list[Text]:
    """What does not hold in full; of the rest only what it was about, each under its worst mark."""
    lines = [line for check in checks if check.holds is False for line in _lines(check, fields, indent, whole=False)]
    told = {check.kind for check in checks if check.holds is False}
    for holds in (None, True):
        kinds = dict.fromkeys(check.kind for check in checks if check.holds is holds and check.kind not in told)
        told.update(kinds)
        if kinds:
            lines.append(Text.assemble(" " * indent, mark(holds=holds), (f" {listed([say(KINDS[kind]) for kind in kinds])}", "dim")))
    return lines


def _lines(check: Check, fields: Fields, indent: int, *, whole: bool) -> Iterator[Text]:
    yield Text.assemble(" " * indent, mark(holds=check.holds), f" {say(said(check))}")
    yield from (Text(" " * (indent + 4) + say(line), "dim") for line in decisive(check, fields))
    for part in check.parts:
        if whole or (check.holds is not True and _tells_more(part)):
            yield from _lines(part, fields, indent + 4, whole=whole)


def _tells_more(part: Check) -> bool:
    """Whether a part says what the reason above it does not: a cause of its own, who stood there, a unit, for whom."""
    return part.reason is not None or bool(part.values) or any(map(_tells_more, part.parts)) or part.kind == "unit"
