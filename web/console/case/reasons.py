"""Why not, and who can, laid out for a page: reasons as their reader is spoken to, the tree of checks in words, who can instead. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.core.compiled import CompiledDefinition
from engine.core.decision import Check
from engine.label import Label
from engine.runtime.questions import decisive, said
from engine.runtime.standing import Who

SHOWN = 8
"""How many of those who can are named; the others are counted."""


_FORBIDS = ("无权", "不得")


@dataclass(frozen=True, slots=True)
class Question:
    """A check in words, with the values that decided it."""

    holds: bool | None
    said: Label
    lines: tuple[Label, ...]
    parts: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Able:
    """Somebody who can. `stands_for`: for whom he would act; `back_at`: until when he is away."""

    name: str
    stands_for: str | None
    back_at: datetime | None


@dataclass(frozen=True, slots=True)
class Others:
    """Who can instead: some by name, those who are there first, and how many more."""

    named: tuple[Able, ...]
    more: int


def questions_of(checks: Sequence[Check], definition: CompiledDefinition, units: Mapping[str, Label], person: str) -> tuple[Question, ...]:
    """The tree of checks in words, as this person reads them."""
    return tuple(
        Question(
            each.holds,
            spoken_to(person, said(each, units)),
            decisive(each, definition.fields),
            questions_of(each.parts, definition, units, person),
        )
        for each in checks
    )


def spoken_to(person: str, sentence: Label) -> Label:
    """A reason as the person reads it who is refused by it: nobody is called by his own id.

    >>> spoken_to("tom", Label("“tom”无权执行“改派”", "“tom” may not do “Reassign”")).en
    'You may not do “Reassign”'
    """
    zh, en = sentence.zh, sentence.en.replace(f"“{person}” may not", "you may not")
    for verb in _FORBIDS:
        zh = zh.replace(f"“{person}”{verb}", f"您{verb}")
    return Label(zh, f"Y{en[1:]}" if en.startswith("you may not") else en)


def others_of(who: Sequence[Who]) -> Others:
    """Who can, of all who have the right."""
    able = [each for each in who if not each.able.hindrances]
    return Others(tuple(Able(each.name, each.stands_for, each.back_at) for each in able[:SHOWN]), max(0, len(able) - SHOWN))
