"""A value of a field, handed on by a parent or put by in a form, is read as itself; so are files and links that exist."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.attaching import read_files
from engine.core.field import Unreadable
from engine.core.kind import Attachment, Row, Value
from tests.process import LINEAGES, Walk, definition

FORM = definition("""
fields:
  words:    {type: text, title: 文字}
  phone:    {type: phone, title: 电话}
  mail:     {type: email, title: 邮箱}
  flag:     {type: boolean, title: 是否}
  count:    {type: integer, title: 个数}
  share:    {type: decimal, title: 系数}
  price:    {type: money, currency: CNY, title: 价格}
  yen:      {type: money, currency: JPY, title: 日元}
  day:      {type: date, title: 日期}
  moment:   {type: datetime, title: 时刻}
  grade:    {type: choice, title: 等级, choices: {new: 全新, used: 旧件}}
  tester:   {type: person, title: 维修员, role: bench}
  helpers:  {type: people, title: 协助}
  shop:     {type: unit, title: 门店}
  before:   {type: case, workflow: parcel, title: 前次}
  photo:    {type: file, title: 照片, accept: [jpg, pdf], size: 2kB}
  papers:   {type: files, title: 单据, min: 2, count: 3}
  lines:    {type: list, title: 明细, of: {part: {type: text, title: 物料}}}
start:
  open: {title: 受理, by: desk, asks: words?, to: done}
states:
  before_done: {title: 办理, transitions: {end: {title: 完成, by: desk, to: done}}}
  done: {title: 结束, final: success, transitions: {again: {title: 再来, by: desk, to: before_done}}}
""")

FILES = {id: Attachment(id, f"{id[:2]}.jpg", 100, "image/jpeg") for id in ("a" * 64, "b" * 64, "c" * 64, "d" * 64)}
A, B, C, D = FILES.values()
LARGE = Attachment("e" * 64, "large.pdf", 2500, "application/pdf")
PICTURE = Attachment("f" * 64, "a.png", 9, "image/png")

DIGITS = st.integers(-(10**30) + 1, 10**30 - 1)
TYPED: dict[str, st.SearchStrategy[Any]] = {
    "words": st.text("aé中 \n", min_size=1, max_size=30).map(str.strip).filter(bool),
    "phone": st.sampled_from(["12800000001", "+8612800000001", "02112345678"]),
    "mail": st.just("a.b@example.com"),
    "flag": st.booleans(),
    "count": DIGITS,
    "share": st.builds(lambda digits, places: Decimal(digits).scaleb(-places), st.integers(-(10**12), 10**12), st.integers(-12, 12)),
    "price": st.integers(-(10**20), 10**20).map(lambda cents: Decimal(cents).scaleb(-2)),
    "yen": st.integers(-(10**20), 10**20).map(Decimal),
    "day": st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    "moment": st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds without a zone
    "grade": st.sampled_from(["new", "used"]),
    "tester": st.sampled_from(["tom", "tim"]),
    "helpers": st.sets(st.sampled_from(["bea", "dan", "tom"]), min_size=1).map(lambda ids: tuple(sorted(ids))),
    "shop": st.sampled_from([*LINEAGES]),
    "before": st.just("P26-0007"),
    "photo": st.sampled_from([A, B]),
    "papers": st.permutations([A, B, C]).map(tuple),
    "lines": st.lists(st.builds(Row, st.text("12.", min_size=1), st.fixed_dictionaries({"part": st.text("ab")})), min_size=1).map(tuple),
}


def read(name: str, raw: object) -> Value | None:
    walk = Walk(FORM)
    walk.links, walk.files = {"P26-0007": "parcel", "L26-0001": "letter"}, {**FILES, LARGE.id: LARGE, PICTURE.id: PICTURE}
    return FORM.fields[name].read(raw, walk.facts("dan"), ("north-1", "north", "head"))


def test_every_type_is_here() -> None:
    assert TYPED.keys() == FORM.fields.keys()


@pytest.mark.parametrize("name", TYPED)
@given(data=st.data())
def test_a_value_is_read_as_itself(name: str, data: st.DataObject) -> None:
    value = data.draw(TYPED[name])
    first = read(name, value)
    assert first == (value.strip() if isinstance(value, str) and name != "phone" else first if name == "phone" else value)
    assert read(name, first) == first
    assert type(read(name, first)) is type(first)


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("photo", A.id, A),
        ("photo", {"id": A.id, "name": "  收据 1.jpg "}, Attachment(A.id, "收据 1.jpg", 100, "image/jpeg")),
        ("photo", [A.id], A),
        ("papers", f"{A.id}, {B.id}", (A, B)),
        ("papers", [A.id, {"id": B.id}, A.id], (A, B)),
        ("before", " P26-0007 ", "P26-0007"),
        ("photo", [], None),
    ],
)
def test_files_and_links_are_named(name: str, raw: object, value: object) -> None:
    assert read(name, raw) == value


@pytest.mark.parametrize(
    ("name", "raw", "sentence"),
    [
        ("photo", "0" * 64, "no file 000000000000… was stored"),
        ("photo", "photo.jpg", "expected a file, found “photo.jpg”"),
        ("photo", {"id": A.id, "name": 7}, "expected text as the name of a file, found “7”"),
        ("photo", {"id": A.id, "name": "a\x00"}, "holds an invisible control character U+0000"),
        ("photo", LARGE.id, "“large.pdf” has 2.5 kB, expected at most 2 kB"),
        ("photo", PICTURE.id, "“a.png” is image/png by its content, expected: jpg, pdf"),
        ("photo", [A.id, B.id], "expected one file, found 2"),
        ("papers", A.id, "expected at least 2 files, found 1"),
        ("papers", [A, B, C, D], "expected at most 3 files, found 4"),
        ("papers", [A, {"id": [1]}], "expected a file, found “{…}”"),
        ("before", "P26-0009", "there is no case “P26-0009”"),
        ("before", "L26-0001", "L26-0001 is a case of “letter”, expected one of “parcel”"),
        ("before", {"number": 1}, "expected the number of a case, found “{…}”"),
        ("lines", 7, "expected rows, found “7”"),
    ],
)
def test_what_cannot_be_taken_says_why(name: str, raw: object, sentence: str) -> None:
    with pytest.raises(Unreadable) as found:
        read(name, raw)
    assert found.value.sentence.en == sentence


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "name"]), inner),
        max_leaves=5,
    )
)
def test_no_raw_value_breaks_the_reader_of_files(raw: object) -> None:
    read_files(raw, FILES)
