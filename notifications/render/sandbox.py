"""Jinja2, locked down: no globals, no tests, our own filters, and values that are nothing but data.

A value is made inert before a template sees it. Of a mapping only its entries can be reached, of everything else nothing:
neither methods nor attributes. Must not decide what an author may write (`syntax`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.label import Label, Language
from notifications.render.filters import FILTERS

LONGEST_LIST = 100
"""Items that a list shows; an ellipsis stands for the others."""

_YES, _NO = Label("是", "yes"), Label("否", "no")
_BETWEEN = Label("、", ", ")


class _Record(dict[str, object]):
    """A value with named parts."""


class _Listing:
    """Several values: shows at most LONGEST_LIST of them, but counts all."""

    def __init__(self, items: tuple[object, ...], between: str) -> None:
        self._items = items
        self._between = between

    def __iter__(self) -> Iterator[object]:
        yield from self._items[:LONGEST_LIST]
        if len(self._items) > LONGEST_LIST:
            yield "…"

    def __len__(self) -> int:
        return len(self._items)

    def __str__(self) -> str:
        return self._between.join(map(str, self))


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment in which the templates of one language are compiled and filled; threads may share it."""

    def __init__(self, language: Language) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, finalize=self._shown)
        self.globals.clear()
        self.tests.clear()
        self.filters = dict(FILTERS)
        self._language = language

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An entry of a record; undefined for anything else, whatever attributes the object has."""
        return obj[attribute] if isinstance(obj, _Record) and attribute in obj else self.undefined(obj=obj, name=attribute)

    def inert(self, value: object) -> object:
        """The same value without behaviour: numbers, texts, and records and lists of them; anything else as its text."""
        match value:
            case None | bool() | int() | float() | Decimal():
                return value
            case Mapping():
                return _Record({str(name): self.inert(part) for name, part in value.items()})
            case list() | tuple():
                return _Listing(tuple(self._shown(self.inert(each)) for each in value), _BETWEEN.within(self._language))
            case _:
                return str(value)

    def _shown(self, value: object) -> object:
        """What stands in a text for a value. Raises TypeError for a record: only its parts can be shown."""
        match value:
            case None:
                return ""
            case bool():
                return (_YES if value else _NO).within(self._language)
            case _Record():
                raise TypeError("a record has no text of its own")
            case _:
                return value
