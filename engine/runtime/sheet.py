"""A sheet: rows of text as spreadsheets save them (CSV), read from bytes and written back. Knows no field and no case.

Chinese Excel writes UTF-8 with a byte order mark or GB18030; both are read. What is written is UTF-8 with a mark, which
every Excel opens rightly.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.errors import Misuse
from engine.label import Label

BYTES_LIMIT = 32 * 1024 * 1024
ROWS_LIMIT = 100_000
COLUMNS_LIMIT = 200
CELL_LIMIT = 10_000
"""Characters of one cell."""


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
            Label("文件超过 {limit} MB", "the file is larger than {limit} MB").fill(limit=BYTES_LIMIT // 1024 // 1024),
            Label("请拆分后分批导入", "split it and send the parts"),
        )
    lines = _rows_of(_decoded(content))
    try:
        header = next(lines, None)
        if header is None:
            raise Misuse(Label("文件是空的", "the file is empty"), Label("第一行应为列名", "its first line should name the columns"))
        columns = _checked_columns(header.cells)
        rows: list[Row] = []
        for row in lines:
            if len(rows) == ROWS_LIMIT:
                raise Misuse(
                    Label("超过 {limit} 行", "more than {limit} rows").fill(limit=ROWS_LIMIT), Label("请拆分后分批导入", "split it")
                )
            if any(cell.strip() for cell in row.cells):
                rows.append(_checked_row(row, columns))
    except csv.Error as error:
        raise Misuse(
            Label("不是有效的 CSV 文件：{why}", "this is not a valid CSV file: {why}").fill(why=error),
            Label("请检查引号是否成对，并另存为 CSV", "look for a quotation mark that is never closed, and save it as CSV again"),
        ) from error
    return Sheet(columns, tuple(rows))


def write_sheet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Misuse(
        Label("文件既不是 UTF-8 也不是 GB18030 编码的文本", "the file is text in neither UTF-8 nor GB18030"),
        Label("在 Excel 中另存为“CSV UTF-8（逗号分隔）”", "in Excel, save it as “CSV UTF-8 (comma delimited)”"),
    )


def _rows_of(text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for cells in reader:
        yield Row(line, tuple(cells))
        line = reader.line_num + 1


def _checked_columns(cells: tuple[str, ...]) -> tuple[str, ...]:
    columns = tuple(cell.strip() for cell in cells)
    if len(columns) > COLUMNS_LIMIT:
        raise Misuse(
            Label("列数应不超过 {limit}，现有 {count}", "expected at most {limit} columns, found {count}").fill(
                limit=COLUMNS_LIMIT, count=len(columns)
            ),
            Label("请确认分隔符为逗号、第一行为列名", "check that commas separate the cells and the first line names the columns"),
        )
    twice = next((column for index, column in enumerate(columns) if column and column in columns[:index]), None)
    if twice is not None:
        raise Misuse(Label("列“{name}”出现了两次", "the column “{name}” appears twice").fill(name=twice))
    return columns


def _checked_row(row: Row, columns: tuple[str, ...]) -> Row:
    if len(row.cells) != len(columns):
        sentence = Label("应有 {expected} 个单元格，现有 {found} 个", "expected {expected} cells, found {found}")
        return Row(row.line, row.cells, sentence.fill(expected=len(columns), found=len(row.cells)))
    if any(len(cell) > CELL_LIMIT for cell in row.cells):
        return Row(
            row.line, row.cells, Label("有单元格超过 {limit} 个字符", "a cell has more than {limit} characters").fill(limit=CELL_LIMIT)
        )
    return row
