"""Checks titles and labels as written: each in its own language, and no two alike where people choose among them.

Also by its title a step is asked for, and a choice is read from an imported table: two alike cannot be told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.authoring.interface import steps_of
from engine.core.problem import Path, Problem
from engine.definition.element import Bilingual
from engine.definition.workflow import Workflow
from engine.label import Label

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[a-z]")
"""Capitals alone are an abbreviation, which Chinese writes as well: IMEI, VIN."""

_LANGUAGES = {"zh": Label("中文", "Chinese"), "en": Label("英文", "English")}


def check_wording(workflow: Workflow) -> Iterator[Problem]:
    """A problem for each label in the other language, and for each title that another one of its kind has already."""
    yield from _foreign(workflow.model_dump(mode="python", by_alias=True, exclude_defaults=True), ())
    yield from _alike(Label("状态", "state"), (((("states", name)), name, state.title) for name, state in workflow.states.items()))
    yield from _alike(Label("字段", "field"), ((("fields", name), name, field.title) for name, field in workflow.fields.items()))
    for name, field in workflow.fields.items():
        choices = ((("fields", name, "choices", choice), choice, title) for choice, title in (field.choices or {}).items())
        yield from _alike(Label("选项", "choice"), choices, titled=False)
        columns = ((("fields", name, "of", column), column, rule.title) for column, rule in (field.of or {}).items())
        yield from _alike(Label("列", "column"), columns)
    yield from dict.fromkeys(problem for steps in _choices_of_steps(workflow) for problem in _alike(Label("步骤", "step"), steps))


def _choices_of_steps(workflow: Workflow) -> Iterator[list[tuple[Path, str, Bilingual]]]:
    """The steps among which somebody chooses: the starts, and those of each state."""
    steps = [(path, str(path[-1]), step.title) for path, step in steps_of(workflow)]
    yield [each for each in steps if each[0][0] == "start"]
    for state, rule in workflow.states.items():
        anywhere = {
            name
            for name, step in workflow.anywhere.items()
            if (state in step.inside if step.inside is not None else state not in (step.outside or ()) and rule.final is None)
        }
        yield [each for each in steps if each[0][:2] == ("states", state) or (each[0][0] == "anywhere" and each[1] in anywhere)]


def _alike(kind: Label, titles: Iterable[tuple[Path, str, Bilingual]], *, titled: bool = True) -> Iterator[Problem]:
    seen: dict[tuple[str, str], str] = {}
    for path, name, title in titles:
        for language in ("zh", "en"):
            text = getattr(title, language)
            other = seen.setdefault((language, text.casefold()), name)
            if other != name:
                sentence = Label("{kind}“{other}”也叫“{text}”", "the {kind} “{other}” is called “{text}” too")
                way_out = Label("换一个名称，让人分得清。", "Give one of them another name, so that people can tell them apart.")
                place = (*path, "title", language) if titled else (*path, language)
                yield Problem("same-title", place, sentence.fill(kind=kind, other=other, text=text), way_out)
                break


def _foreign(data: Any, path: Path) -> Iterator[Problem]:
    if isinstance(data, Mapping):
        if data.keys() == {"zh", "en"} and isinstance(data["zh"], str) and isinstance(data["en"], str):
            yield from _in_the_other(data["zh"], data["en"], path)
            return
        for key, value in data.items():
            yield from _foreign(value, (*path, key))
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            yield from _foreign(value, (*path, index))


def _in_the_other(zh: str, en: str, path: Path) -> Iterator[Problem]:
    wrong = "zh" if not _HAN.search(zh) and _WORD.search(zh) else "en" if _HAN.search(en) else None
    if wrong is not None:
        sentence = Label("此处应为{language}，实际为“{text}”", "expected {language}, found “{text}”")
        sentence = sentence.fill(language=_LANGUAGES[wrong], text=zh if wrong == "zh" else en)
        yield Problem("title-in-other-language", (*path, wrong), sentence, Label("译成该语言。", "Translate it."))
