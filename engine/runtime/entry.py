"""What is typed becomes the data of a wish: fields and columns by id or title, rows from a sheet or JSON, files from the disk.

A value that begins with `@` names a file: a sheet of rows for a list, an attachment for a file field. Decides nothing about a case.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.authoring.document import content_of
from engine.core.compiled import CompiledDefinition
from engine.core.field import FieldRule, ListRule
from engine.core.rows import ROW
from engine.errors import Misuse
from engine.label import Label
from engine.runtime import attachment
from engine.runtime.naming import Titles, by_field, id_of
from engine.runtime.sheet import AS_CSV, read_sheet
from engine.store.database import Database


@dataclass(frozen=True, slots=True)
class Entry:
    """The data of a wish, and the files that must be stored before it."""

    data: Mapping[str, object]
    found: tuple[attachment.Found, ...]

    def keep(self, database: Database, at: datetime) -> None:
        """Store the files. They stay, whatever becomes of the wish: a content without a case is a file that nobody sees."""
        for each in self.found:
            attachment.store(database, each, at)


def enter(typed: Mapping[str, str], definition: CompiledDefinition, asked: Iterable[str], units: Titles) -> Entry:
    """What was typed under ids or titles. `units`: all that there are; a value may be the title of one.

    Raises Misuse for a file that cannot be read, or that its field cannot take.
    """
    data: dict[str, object] = {}
    found: list[attachment.Found] = []
    for name, value in by_field(typed, definition, asked).items():
        rule = definition.fields.get(name)
        data[name] = value if rule is None else _entered(rule, str(value), found, units)
    return Entry(data, tuple(found))


def _entered(rule: FieldRule, text: str, found: list[attachment.Found], units: Titles) -> object:
    if rule.rows is not None:
        return _with_units(rule.rows, _rows(rule.rows, text.strip()), units)
    if rule.files is not None and "@" in text:
        return [_file(rule, part.strip(), found) for part in text.split(",") if part.strip()]
    return id_of(text, units) if rule.type == "unit" else text


def _with_units(rule: ListRule, rows: object, units: Titles) -> object:
    columns = {name for name, column in rule.columns.items() if column.type == "unit"}
    if not columns or not isinstance(rows, list):
        return rows
    return [{name: id_of(cell, units) if name in columns and isinstance(cell, str) else cell for name, cell in row.items()} for row in rows]


def _file(rule: FieldRule, text: str, found: list[attachment.Found]) -> object:
    if not text.startswith("@"):
        return text
    each = attachment.look(_path(text), rule.files)
    found.append(each)
    return each.attachment


def _rows(rule: ListRule, text: str) -> object:
    """Raw rows by the ids of columns; what is neither a sheet nor JSON goes on as it is, to be refused with a sentence."""
    if text.startswith("@"):
        return _sheet(rule, _path(text))
    try:
        given = json.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        return text
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        return text
    return [{_column(rule, name): value for name, value in row.items()} for row in given]


def _sheet(rule: ListRule, path: Path) -> object:
    content = content_of(path)
    media = attachment.media_of(content)
    if media not in ("text/plain", attachment.UNKNOWN):
        sentence = Label("文件“{path}”应为 CSV 表格，实际为 {media}。", "Expected a CSV sheet in “{path}”, found {media}.")
        raise Misuse(sentence.fill(path=path, media=media), AS_CSV)
    sheet = read_sheet(content)
    names = [_column(rule, column) for column in sheet.columns]
    for row in sheet.rows:
        if row.fault is not None:
            sentence = Label("文件“{path}”第 {line} 行：{fault}。", "Line {line} of “{path}”: {fault}.")
            raise Misuse(sentence.fill(path=path, line=row.line, fault=row.fault))
    return [{name: cell.strip() for name, cell in zip(names, row.cells, strict=True) if name and cell.strip()} for row in sheet.rows]


def _path(text: str) -> Path:
    name = text.removeprefix("@").strip()
    if not name:
        sentence = Label("“@”之后应写文件名，实际没有。", "Expected the name of a file after “@”, found none.")
        raise Misuse(sentence, Label("例如 @照片.jpg。", "For example @photo.jpg."))
    return Path(name)


def _column(rule: ListRule, name: str) -> str:
    return id_of(name, {ROW: Label("行", "row"), **{column: each.title for column, each in rule.columns.items()}})
