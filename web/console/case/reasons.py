"""Why not, and who can, laid out for a page: reasons as their reader is spoken to, the tree of checks in words, who can instead. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.core.compiled import CompiledDefinition
from engine.core.decision import Check
from engine.label import Label
from engine.runtime.questions import decisive, said
from engine.runtime.standing import Who

SHOWN = 8
"""How many of those who can are named; the others are counted."""


_SPOKEN = (
    (Label("“{name}”无权", "“{name}” may not"), Label("您无权", "you may not")),
    (Label("“{name}”不得", "“{name}” may not"), Label("您不得", "you may not")),
    (Label("“{name}”没有", "“{name}” has"), Label("您没有", "you have")),
    (
        Label("“{name}”本人或其代表的人", "“{name}”, or the person he acts for, has"),
        Label("您本人或您代表的人", "you, or the person you act for, have"),
    ),
    (Label("已由“{name}”承办", "“{name}” holds"), Label("已由您承办", "you hold")),
)


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


def questions_of(checks: Sequence[Check], definition: CompiledDefinition, name: str) -> tuple[Question, ...]:
    """The tree of checks in words, as the person of this name reads them."""
    return tuple(
        Question(
            each.holds,
            spoken_to(name, said(each)),
            decisive(each, definition.fields),
            questions_of(each.parts, definition, name),
        )
        for each in checks
    )


def spoken_to(name: str, sentence: Label) -> Label:
    """A reason as the person of this name reads it who is refused by it: nobody is called by his own name.

    >>> spoken_to("样例维修01", Label("“样例维修01”无权执行“改派”", "“样例维修01” may not do “Reassign”")).en
    'You may not do “Reassign”'
    """
    zh, en = sentence.zh, sentence.en
    for of_him, to_him in _SPOKEN:
        zh = zh.replace(of_him.zh.replace("{name}", name), to_him.zh)
        en = en.replace(of_him.en.replace("{name}", name), to_him.en)
    return Label(zh, f"Y{en[1:]}" if en.startswith("you") else en)


def others_of(who: Sequence[Who]) -> Others:
    """Who can, of all who have the right."""
    able = [each for each in who if not each.able.hindrances]
    return Others(tuple(Able(each.name, each.stands_for, each.back_at) for each in able[:SHOWN]), max(0, len(able) - SHOWN))
