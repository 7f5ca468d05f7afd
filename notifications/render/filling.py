"""A template and values → the text that is sent. What was given as data is never read as a template, and the text is bounded."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import Template as Compiled
from jinja2 import TemplateError, UndefinedError

from engine.errors import Misuse
from engine.label import Label, Language
from notifications.message import Text, cut, one_line
from notifications.render.sandbox import Sandbox
from notifications.render.syntax import BODY_LIMIT, SUBJECT_LIMIT, refused
from notifications.template import Part, Template

_SANDBOXES: Mapping[Language, Sandbox] = {"zh": Sandbox("zh"), "en": Sandbox("en")}

_PARTS: Mapping[Part, Label] = {"subject": Label("标题", "subject"), "body": Label("正文", "body")}


def render(template: Template, language: Language, values: Mapping[str, object]) -> Text:
    """The text in one language: a subject of one line and at most SUBJECT_LIMIT characters, a body of at most BODY_LIMIT.

    `values`: by name, a text, a number, a boolean, None (shown as nothing), a mapping of these (its parts are `name.part`) or
    a list of them; what reads differently in the two languages comes as text in this one. Raises Misuse for a template that
    `check` would refuse, for a missing value and for one of the wrong kind.
    """
    return Text(entitle(template, language, values), _fill(template.text(language).body, "body", language, values))


def entitle(template: Template, language: Language, values: Mapping[str, object]) -> str:
    """The subject alone. Raises Misuse as `render` does."""
    return one_line(_fill(template.text(language).subject, "subject", language, values), SUBJECT_LIMIT)


def _fill(source: str, part: Part, language: Language, values: Mapping[str, object]) -> str:
    faults = refused(source, language, part)
    if faults:
        raise _failure(part, faults[0].sentence)
    sandbox = _SANDBOXES[language]
    inert = {name: sandbox.inert(value) for name, value in values.items()}
    pieces: list[str] = []
    length = 0
    try:
        for piece in _compiled(source, language).generate(inert):
            pieces.append(piece)
            length += len(piece)
            if length > BODY_LIMIT:
                break
    except UndefinedError as error:
        raise _failure(part, Label("缺少一个值", "a value is missing")) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise _failure(part, Label("一个值的种类不符", "a value is of the wrong kind")) from error
    # A lone half of a character could neither be stored nor sent.
    return cut("".join(pieces).encode("utf-8", "replace").decode(), BODY_LIMIT)


@lru_cache(maxsize=256)
def _compiled(source: str, language: Language) -> Compiled:
    return _SANDBOXES[language].from_string(source)


def _failure(part: Part, reason: Label) -> Misuse:
    sentence = Label("模板的{part}无法生成：{reason}。", "The {part} of the template cannot be filled: {reason}.")
    way_out = Label("请先检查模板，再发送。", "Check the template before anything is sent with it.")
    return Misuse(sentence.fill(part=_PARTS[part], reason=reason), way_out)
