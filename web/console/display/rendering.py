"""Templates become HTML: both languages stand beside each other in them, and each is rendered in one. Everything shown is escaped.

Knows words, instants and icons; no page, no request and no case.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from engine.core.wording import lasting, left, local
from engine.label import Label, Language
from web.console.display.statics import address
from web.problem import LANGUAGES

_FOLDER = Path(__file__).parent.parent / "templates"


class Renderer:
    """Renders for one installation, in its zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._spoken = {language: _environment(language, zone) for language in LANGUAGES}

    def render(self, template: str, language: Language, values: Mapping[str, Any]) -> str:
        """The page, or part of one."""
        return self._spoken[language].get_template(template).render(values)

    def prepare(self) -> None:
        """Compile what is not compiled yet: half a second of work, for which else the first would wait who comes to each page."""
        for spoken in self._spoken.values():
            for template in spoken.list_templates():
                spoken.get_template(template)


class _Compiled(BytecodeCache):
    """Templates as they were compiled, for both languages: which one is spoken is decided only when a page is rendered."""

    def __init__(self) -> None:
        self._known: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._known[bucket.key] = bucket.code


_COMPILED = _Compiled()


@cache
def _environment(language: Language, zone: ZoneInfo) -> Environment:
    # Once for a process, however many applications it opens: a template costs far more to compile than to render.
    spoken = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )

    def text(zh: str, en: str, **values: object) -> str:
        """What a template says itself, in both languages."""
        return Label(zh, en).fill(**values).within(language)

    spoken.globals.update(t=text, static=address, language=language)
    spoken.filters.update(
        capital=lambda words: words[:1].upper() + words[1:],
        say=lambda label: label.within(language) if label is not None else "",
        due=lambda instant, elsewhere=zone: local(instant, elsewhere).within(language),
        left=lambda instant, now: left(instant, now).within(language),
        lasting=lambda length: lasting(length).within(language),
        moment=lambda instant, elsewhere=zone: f"{instant.astimezone(elsewhere):%Y-%m-%d %H:%M}",
        short=lambda instant, elsewhere=zone: f"{instant.astimezone(elsewhere):%m-%d %H:%M}",
        day=lambda instant, elsewhere=zone: f"{instant.astimezone(elsewhere):%Y-%m-%d}",
        iso=lambda instant: instant.isoformat(timespec="seconds"),
    )
    return spoken
