"""What goes to the terminal: lines, tables and JSON on stdout, remarks on stderr. Knows widths and colours, no subject.

A terminal gets its own width and colours (none with NO_COLOR); a file or a pipe gets plain text, one row a line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Column, Table
from rich.text import Text

Cell = str | Text

_UNBOUNDED = 10_000
"""Columns of what is not a terminal: nothing is wrapped there, so that other programs can read it."""


def show(*lines: Cell) -> None:
    """Lines of text on stdout."""
    _write(Text("\n").join(_text(line) for line in lines), sys.stdout)


def remark(*lines: Cell) -> None:
    """Lines of text on stderr: what is not the answer itself."""
    _write(Text("\n").join(_text(line) for line in lines), sys.stderr)


def table(titles: Sequence[str], rows: Iterable[Sequence[Cell]], *, kept: Sequence[int] = (0,)) -> None:
    """Rows under titles. The columns `kept` are never wrapped."""
    columns = [Column(title, no_wrap=index in kept, overflow="fold") for index, title in enumerate(titles)]
    laid = Table(*columns, box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for row in rows:
        laid.add_row(*map(_text, row))
    _write(laid, sys.stdout)


def pairs(rows: Iterable[tuple[Cell, Cell]], indent: int = 0, width: int = 0) -> None:
    """Names and values side by side; names take `width` columns at least, so that groups stand below each other."""
    laid = Table.grid(Column(no_wrap=True, style="dim", min_width=indent + width), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for name, value in rows:
        laid.add_row(Text(" " * indent).append_text(_text(name)), _text(value))
    if laid.rows:
        _write(laid, sys.stdout)


def as_json(value: object) -> None:
    """A value as JSON on stdout: Chinese as it is, instants and decimals as text, dataclasses as objects."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")


def progress(title: str) -> tuple[Progress, Callable[[int, int], None]]:
    """A bar on stderr that vanishes at its end, and what to tell it: done, and how many in all. Silent without a terminal."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=_console(sys.stderr), transient=True,
        disable=not sys.stderr.isatty(),
    )  # fmt: skip
    task = bar.add_task(title, total=None)
    return bar, lambda done, total: bar.update(task, completed=done, total=total)


def has_colour() -> bool:
    """Whether stdout takes colours."""
    console = _console(sys.stdout)
    return console.color_system is not None and not console.no_color


def width(otherwise: int) -> int:
    """The columns of stdout, if it is a terminal."""
    return _console(sys.stdout).width if sys.stdout.isatty() else otherwise


def _write(renderable: RenderableType, stream: TextIO) -> None:
    console = _console(stream)
    with console.capture() as captured:
        console.print(renderable, crop=False, no_wrap=None)
    stream.write("".join(f"{line.rstrip()}\n" for line in captured.get().removesuffix("\n").split("\n")))


def _console(stream: TextIO) -> Console:
    return Console(file=stream, highlight=False, markup=False, emoji=False, width=None if stream.isatty() else _UNBOUNDED)


def _text(cell: Cell) -> Text:
    return cell if isinstance(cell, Text) else Text(cell)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date | Decimal | Path):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
