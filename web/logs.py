"""What the server writes down: one line for each event, as JSON for programs or – on a terminal – for people.

Only names, numbers and codes are handed to it. Whatever they hold, a line stays a line. Of an exception it tells where it was raised, not
what it says: that may be a customer's phone number.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, TextIO, cast

import structlog

_LONGEST = 200
"""Characters of a text that are written."""
_FRAMES = 8
"""How many of the innermost calls of an exception are told."""
_OURS = "aftercare."
"""How the names of our own loggers begin."""


class Log(Protocol):
    """Where events go. `fields` are names, numbers, codes."""

    def info(self, event: str, **fields: object) -> object:
        """Something that is as it should be."""
        ...

    def warning(self, event: str, **fields: object) -> object:
        """Something that somebody may have to look at."""
        ...

    def error(self, event: str, **fields: object) -> object:
        """A defect, or something that does not work at all."""
        ...


class Silence:
    """A log that nobody reads."""

    def info(self, event: str, **fields: object) -> None:
        """Nothing."""

    warning = error = info


def log_to(stream: TextIO) -> Log:
    """A log on a stream: JSON lines, or what people like to read if it is a terminal."""
    for_people = not stream.closed and stream.isatty()
    last = structlog.dev.ConsoleRenderer() if for_people else structlog.processors.JSONRenderer(ensure_ascii=False)
    stamp = structlog.processors.TimeStamper("%H:%M:%S" if for_people else "iso", utc=not for_people, key="time")
    chain: list[Any] = [structlog.processors.add_log_level, stamp, _as_lines, last]
    return cast("Log", structlog.wrap_logger(_Page(stream), processors=chain))


def hear_others(log: Log) -> None:
    """Take over what libraries have to say by the logging of Python, warnings and worse."""
    root = logging.getLogger()
    root.handlers = [_Heard(log)]
    root.setLevel(logging.WARNING)


def raised(error: BaseException) -> str:
    """What was raised and where, its causes too: kinds, modules and lines."""
    return " < ".join(_one(each) for each in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _one(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return f"{type(error).__qualname__} in " + " > ".join(f"{_short(each.filename)}:{each.lineno} {each.name}" for each in frames)


def _short(file: str) -> str:
    return "/".join(Path(file).parts[-2:])


def _as_lines(_logger: object, _method: str, fields: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """No text breaks its line, colours a terminal or grows without end; what is None is left out."""
    first = {name: fields.pop(name) for name in ("time", "level", "event")}
    return {name: _plain(value, name) for name, value in (first | dict(fields)).items() if value is not None}


def _plain(value: object, name: str) -> object:
    if not isinstance(value, str):
        return value if isinstance(value, int | float) else str(value)
    shown = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in value)
    return shown if name == "raised" or len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


class _Page:
    """Where lines are written. A full disk below it, or a reader that has gone, keeps nobody from being served."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        """One line, whatever its level."""
        with suppress(OSError, ValueError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    info = warning = error = write


class _Heard(logging.Handler):
    """Hands on what a library says: who, and its words as they are in its source, without the values in them.

    The words of Aftercare itself hold names and numbers only, and are told whole.
    """

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info is not None else None
        say = self._log.error if record.levelno >= logging.ERROR else self._log.warning
        what = record.getMessage() if record.name.startswith(_OURS) else str(record.msg)
        say("library", who=record.name, what=what, raised=raised(error) if error is not None else None)
