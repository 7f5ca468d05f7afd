"""A sheet: rows of text as spreadsheets save them (CSV), read from bytes and written back. Knows no field and no case.

Chinese Excel writes UTF-8 with a byte order mark or GB18030; both are read. What is written is UTF-8 with a mark, which
every Excel opens rightly – and no cell of it as a formula: one that would be begins with an apostrophe, which reading takes away.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.errors import Misuse
from engine.label import Label

BYTES_LIMIT = 32 * 1024 * 1024
ROWS_LIMIT = 100_000
COLUMNS_LIMIT = 200
CELL_LIMIT = 10_000
"""Characters of one cell."""
AS_CSV = Label("请在 Excel 中另存为“CSV UTF-8（逗号分隔）”。", "In Excel, save it as “CSV UTF-8 (comma delimited)”.")
"""The way out for whatever is no such sheet."""

_CALCULATED = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n\0])")
"""How a cell begins that a spreadsheet would calculate, or that was kept from it: a value that has an apostrophe itself is not lost."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file it begins on (1-based), and its cells. `fault` says why it cannot be used as it stands."""

    line: int
    cells: tuple[str, ...]
    fault: Label | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and the rows below it; empty rows are left out."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(content: bytes) -> Sheet:
    """The sheet in a file. A ragged row is kept with its fault; what spoils the whole file is a Misuse."""
    if len(content) > BYTES_LIMIT:
        raise Misuse(
            Label("文件应不超过 {limit} MB，实际更大。", "Expected a file of at most {limit} MB, found a larger one.").fill(
                limit=BYTES_LIMIT // 1024 // 1024
            ),
            Label("请拆分后分批导入。", "Split it and send the parts."),
        )
    lines = _rows_of(_decoded(content))
    header = next(lines, None)
    if header is None:
        raise Misuse(
            Label("应有列名和数据行，实际没有：文件是空的。", "Expected a header and rows, found none: the file is empty."),
            Label("请在第一行写列名。", "Name the columns in its first line."),
        )
    columns = _checked_columns(header.cells)
    rows: list[Row] = []
    for row in lines:
        if len(rows) == ROWS_LIMIT:
            raise Misuse(
                Label("行数应不超过 {limit}，实际更多。", "Expected at most {limit} rows, found more.").fill(limit=ROWS_LIMIT),
                Label("请拆分后分批导入。", "Split it and send the parts."),
            )
        if any(cell.strip() for cell in row.cells):
            rows.append(_checked_row(row, columns))
    return Sheet(columns, tuple(rows))


def write_sheet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The bytes of a CSV file, in which no cell is a formula: `read_sheet` gives every one of them back as it is here."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(_kept_as_text, columns))
    writer.writerows(map(_kept_as_text, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _kept_as_text(cell: str) -> str:
    return f"'{cell}" if _CALCULATED.match(cell) else cell


def _as_meant(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _CALCULATED.match(cell) else cell


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Misuse(
        Label("文件应为 UTF-8 或 GB18030 编码的文本，实际两者都不是。", "Expected text, found a file in neither UTF-8 nor GB18030."),
        AS_CSV,
    )


def _rows_of(text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield Row(line, tuple(map(_as_meant, cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Misuse(
            Label("从第 {line} 行起不是有效的 CSV。", "From line {line} on the file is not a valid CSV file.").fill(line=line),
            Label("请检查引号是否成对，并另存为 CSV。", "Look for a quotation mark that is never closed, and save it as CSV again."),
        ) from error


def _checked_columns(cells: tuple[str, ...]) -> tuple[str, ...]:
    columns = tuple(cell.strip() for cell in cells)
    if len(columns) > COLUMNS_LIMIT:
        raise Misuse(
            Label("列数应不超过 {limit}，实际为 {count}。", "Expected at most {limit} columns, found {count}.").fill(
                limit=COLUMNS_LIMIT, count=len(columns)
            ),
            Label("请确认分隔符为逗号、第一行为列名。", "Check that commas separate the cells and that the first line names the columns."),
        )
    mark = next((mark for mark in _OTHER_MARKS if mark in columns[0]), None) if len(columns) == 1 else None
    if mark is not None:
        raise Misuse(
            Label("列名之间应为英文逗号，实际为{mark}。", "Expected commas between the columns, found {mark}.").fill(
                mark=_OTHER_MARKS[mark]
            ),
            AS_CSV,
        )
    twice = next((column for index, column in enumerate(columns) if column and column in columns[:index]), None)
    if twice is not None:
        raise Misuse(Label("列“{name}”出现了两次。", "The column “{name}” appears twice.").fill(name=twice))
    return columns


_OTHER_MARKS = {
    "\t": Label("制表符", "tabs"),
    ";": Label("分号", "semicolons"),
    "，": Label("中文逗号", "full-width commas"),
    "；": Label("中文分号", "full-width semicolons"),
}
"""What stands between cells where the comma should: sign → its name."""


def _checked_row(row: Row, columns: tuple[str, ...]) -> Row:
    if len(row.cells) != len(columns):
        sentence = Label("应有 {expected} 个单元格，实际为 {found} 个", "Expected {expected} cells, found {found}")
        return Row(row.line, row.cells, sentence.fill(expected=len(columns), found=len(row.cells)))
    nameless = next((place for place, cell in enumerate(row.cells) if not columns[place] and cell.strip()), None)
    if nameless is not None:
        sentence = Label("第 {place} 列没有列名，却有内容“{cell}”", "Column {place} has no name, but holds “{cell}”")
        return Row(row.line, row.cells, sentence.fill(place=nameless + 1, cell=row.cells[nameless].strip()[:20]))
    if any(len(cell) > CELL_LIMIT for cell in row.cells):
        return Row(
            row.line,
            row.cells,
            Label("单元格应不超过 {limit} 个字符，实际有更长的", "Expected at most {limit} characters in a cell, found more").fill(
                limit=CELL_LIMIT
            ),
        )
    return row
