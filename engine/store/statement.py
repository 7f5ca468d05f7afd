"""A hot statement: built with SQLAlchemy Core, compiled once for a dialect, and run as text on the driver's connection.

SQLAlchemy's own execution of a statement object costs more than everything else a move does; off the hot path use Core as usual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler


class Cursor(Protocol):
    """What both drivers answer with."""

    rowcount: int

    def fetchone(self) -> Any: ...
    def fetchall(self) -> Sequence[Any]: ...


class Driver(Protocol):
    """What both drivers' connections can do."""

    @property
    def execute(self) -> Any: ...


class Statement:
    """SQL text and the order of its named parameters. Every value is a parameter: a missing one is a KeyError."""

    __slots__ = ("_pick", "text")

    def __init__(self, clause: ClauseElement, dialect: Dialect) -> None:
        compiled = clause.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self.text = compiled.string
        names = compiled.positiontup or []
        # More than one at a time, itemgetter picks without a step of Python.
        self._pick: Callable[[Mapping[str, object]], Sequence[object]] = (
            itemgetter(*names) if len(names) > 1 else lambda values: [values[name] for name in names]
        )

    def run(self, driver: Driver, values: Mapping[str, object]) -> Cursor:
        """Execute on a driver connection and answer its cursor; the driver's own errors pass through."""
        cursor: Cursor = driver.execute(self.text, self._pick(values))
        return cursor
