"""Sheets as spreadsheets save them: both Chinese encodings, quotes and lines within cells, and what is wrong with the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Misuse
from engine.runtime.sheet import CELL_LIMIT, COLUMNS_LIMIT, ROWS_LIMIT, read_sheet, write_sheet

TEXT = "reference,客户姓名\nA-1,测试客户甲\nA-2,测试客户㐀\n"
"""With a character that GB18030 has and older encodings have not."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_every_encoding_and_line_ending_gives_the_same_sheet(encoding: str, ending: str) -> None:
    sheet = read_sheet(TEXT.replace("\n", ending).encode(encoding))
    assert sheet.columns == ("reference", "客户姓名")
    assert [(row.line, row.cells, row.fault) for row in sheet.rows] == [
        (2, ("A-1", "测试客户甲"), None),
        (3, ("A-2", "测试客户㐀"), None),
    ]


def test_quotes_commas_and_lines_stay_within_their_cell_and_rows_keep_their_line() -> None:
    sheet = read_sheet('a,b\n1,"不开机\n偶尔,""自动""重启"\n\n2,正常\n'.encode())
    assert [(row.line, row.cells) for row in sheet.rows] == [(2, ("1", '不开机\n偶尔,"自动"重启')), (5, ("2", "正常"))]


def test_a_ragged_row_is_kept_with_its_fault_and_the_others_stand() -> None:
    sheet = read_sheet(b"a,b,c\n1,2\n1,2,3\n1,2,3,4\n")
    assert [row.fault.en if row.fault else None for row in sheet.rows] == [
        "Expected 3 cells, found 2",
        None,
        "Expected 3 cells, found 4",
    ]


def test_empty_rows_are_left_out_but_count_as_lines() -> None:
    sheet = read_sheet(b"a,b\n,\n  , \n1,2\n")
    assert [(row.line, row.cells) for row in sheet.rows] == [(4, ("1", "2"))]


def test_a_cell_too_long_spoils_its_row_only() -> None:
    sheet = read_sheet(f"a\n{'长' * (CELL_LIMIT + 1)}\n{'长' * CELL_LIMIT}\n".encode())
    assert [row.fault is not None for row in sheet.rows] == [True, False]


FAULTY = {
    "nothing": (b"", "empty"),
    "ten thousand columns": (b"\xef\xbb\xbf" + ",".join(f"c{place}" for place in range(10_000)).encode(), f"at most {COLUMNS_LIMIT}"),
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00", "neither UTF-8 nor GB18030"),
    "UTF-16": (TEXT.encode("utf-16"), "neither UTF-8 nor GB18030"),
    "neither encoding": (b"a,b\n\xff\xff\xff,1\n", "neither UTF-8 nor GB18030"),
    "an open quotation mark": (b'a,b\n1,"2\n3,4\n', "not a valid CSV"),
    "text after a quotation mark": (b'a,b\n1,"2"x\n', "not a valid CSV"),
    "a column twice": (b"a,b,a\n1,2,3\n", "“a” appears twice"),
    "too many rows": (b"a\n" + b"1\n" * (ROWS_LIMIT + 1), f"at most {ROWS_LIMIT} rows"),
    "too large": (b"a\n" + b"1" * (33 * 1024 * 1024), "at most 32 MB"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_what_spoils_a_whole_file_is_said_in_one_sentence(name: str) -> None:
    content, said = FAULTY[name]
    with pytest.raises(Misuse, match=said) as caught:
        read_sheet(content)
    assert "\n" not in caught.value.sentence.en + caught.value.sentence.zh
    assert "{" not in caught.value.sentence.en + caught.value.sentence.zh


CELL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(CELL, CELL).filter(lambda row: any(cell.strip() for cell in row)), max_size=8))
def test_what_is_written_is_read_back(rows: list[tuple[str, str]]) -> None:
    content = write_sheet(["甲", "乙"], rows)
    assert content.startswith(b"\xef\xbb\xbf")
    assert [row.cells for row in read_sheet(content).rows] == rows


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    try:
        sheet = read_sheet(content)
    except Misuse:
        return
    assert all(row.fault is not None or len(row.cells) == len(sheet.columns) for row in sheet.rows)
