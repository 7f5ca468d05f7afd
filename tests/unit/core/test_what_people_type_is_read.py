"""Every type of field reads what people really type, and says what it expected of what it cannot read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.core.kind import Value
from tests.process import Walk, coded, definition

FORM = definition("""
fields:
  text: {type: text, title: 文字}
  serial: {type: text, title: 串号, pattern: "[0-9]{15}"}
  phone: {type: phone, title: 电话}
  email: {type: email, title: 邮箱}
  flag: {type: boolean, title: 是否}
  count: {type: integer, title: 数量, min: 1, max: 99}
  share: {type: decimal, title: 比例}
  price: {type: money, title: 金额, currency: CNY, min: "0.01"}
  yen: {type: money, title: 日元, currency: JPY}
  day: {type: date, title: 日期, min: 2020-01-01}
  moment: {type: datetime, title: 时刻}
  fault:
    type: choice
    title: 故障
    choices: {power: {zh: 不开机, en: Does not start}, none: {zh: 无故障（ＯＫ）, en: No fault}}
  tester: {type: person, title: 维修员, role: bench}
  helpers: {type: people, title: 协助人}
  unit: {type: unit, title: 门店}
start:
  open:
    title: 受理
    by: [desk, integration]
    asks: [text?, serial?, phone?, email?, flag?, count?, share?, price?, yen?, day?, moment?, fault?, tester?, helpers?, unit?]
    to: kept
states:
  kept: {title: 在库, transitions: {end: {title: 结案, by: desk, to: done}}}
  done: {title: 完成, final: success}
""")


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        ("text", "  充不进电\n偶尔关机 ", "充不进电\n偶尔关机"),
        ("text", 480, "480"),
        ("text", "全角ＡＢＣ保持原样", "全角ＡＢＣ保持原样"),
        ("text", "e\u0301", "é"),
        ("serial", "001017000000011", "001017000000011"),
        ("serial", "００１０１７０００００００１１", "001017000000011"),
        ("phone", "128 0000 0001", "12800000001"),
        ("phone", "＋８６－128-0000-0001", "12800000001"),
        ("phone", "（010）6500—0000", "01065000000"),
        ("phone", "400-000-0001", "4000000001"),
        ("phone", "+33 100 000 000", "+33100000000"),
        ("email", "kehu@example.com", "kehu@example.com"),
        ("flag", "是", True),
        ("flag", " 否 ", False),
        ("flag", "ＴＲＵＥ", True),
        ("flag", "No", False),
        ("flag", False, False),
        ("count", "７", 7),
        ("count", 7, 7),
        ("count", "+7", 7),
        ("share", "－０．５", Decimal("-0.5")),
        ("share", Decimal("0.125"), Decimal("0.125")),
        ("price", "¥1,200.00", Decimal("1200.00")),
        ("price", "CNY 1,200.00", Decimal("1200.00")),
        ("price", "￥1，200", Decimal("1200")),
        ("price", "480元", Decimal("480")),
        ("price", "1234567.5", Decimal("1234567.5")),
        ("yen", "5,000", Decimal("5000")),
        ("yen", "5000.0", Decimal("5000")),
        ("day", "2026-03-02", date(2026, 3, 2)),
        ("day", "2026年3月2日", date(2026, 3, 2)),
        ("day", "2026/3/2", date(2026, 3, 2)),
        ("day", "２０２６．３．２", date(2026, 3, 2)),
        ("moment", "2026-03-02 09:30", datetime(2026, 3, 2, 1, 30, tzinfo=UTC)),
        ("moment", "2026年3月2日 9：30", datetime(2026, 3, 2, 1, 30, tzinfo=UTC)),
        ("moment", "2026-03-02T09:30:15+00:00", datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)),
        ("moment", "2026-03-02T09:30Z", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("fault", "power", "power"),
        ("fault", "不开机", "power"),
        ("fault", "does not START", "power"),
        ("fault", "无故障(OK)", "none"),
        ("tester", "tom", "tom"),
        ("tester", "ｔｏｍ", "tom"),
        ("helpers", "tom、dan，tom；sol", ("dan", "sol", "tom")),
        ("helpers", ["tom", " dan "], ("dan", "tom")),
        ("unit", "north", "north"),
    ],
)
def test_what_is_typed_becomes_a_value(field: str, raw: Any, value: Value) -> None:
    case = Walk(FORM).open("integration", **{field: raw})

    assert case.data == {field: value}
    assert type(case.data[field]) is type(value)


@pytest.mark.parametrize("raw", [None, "", "   ", "\u3000", []])
@pytest.mark.parametrize("field", FORM.fields)
def test_nothing_typed_is_empty(field: str, raw: Any) -> None:
    assert Walk(FORM).open("integration", **{field: raw}).data == {}


def test_a_list_that_names_nobody_is_empty() -> None:
    assert Walk(FORM).open("integration", helpers="，、 ;").data == {}


@pytest.mark.parametrize(
    ("field", "raw", "sentence"),
    [
        ("text", "字" * 2001, "文字：应不超过 2000 个字符，实际为 2001 个"),
        ("text", "响\x07铃", "文字：含有不可见的控制字符 U+0007"),
        pytest.param("text", "半个字符\ud800", "文字：含有不可见的控制字符 U+D800", id="text-surrogate"),
        ("text", "反\u202e向", "文字：含有不可见的控制字符 U+202E"),
        ("text", ["一"], "文字：应为文字，实际为“[…]”"),
        ("text", 1.5, "文字：应为文字，实际为“1.5”"),
        ("serial", "12345", "串号：应为 15 位数字，实际为“12345”"),
        ("serial", "0010170000000110", "串号：应为 15 位数字，实际为“0010170000000110”"),
        ("phone", "1280000000", "电话：应为电话号码（手机 11 位，或带区号的座机），实际为“1280000000”"),
        ("phone", "١٢٨٠٠٠٠٠٠٠١", "电话：应为电话号码（手机 11 位，或带区号的座机），实际为“١٢٨٠٠٠٠٠٠٠١”"),
        ("email", "kehu@", "邮箱：应为电子邮箱，实际为“kehu@”"),
        ("flag", "对", "是否：应为是或否，实际为“对”"),
        ("flag", 1, "是否：应为是或否，实际为“1”"),
        ("count", "1.5", "数量：应为整数，实际为“1.5”"),
        ("count", True, "数量：应为整数，实际为“True”"),
        ("count", "0", "数量：不能小于 1"),
        ("count", "100", "数量：不能大于 99"),
        pytest.param("count", 10**5000, "数量：应为整数，实际为“…”", id="count-enormous"),
        ("share", "1/2", "比例：应为数字，实际为“1/2”"),
        ("share", float("nan"), "比例：应为数字，实际为“nan”"),
        ("price", "480,50", "金额：应为金额数字（元，最多 2 位小数），实际为“480,50”"),
        ("price", "1,2,3", "金额：应为金额数字（元，最多 2 位小数），实际为“1,2,3”"),
        ("price", "0.001", "金额：应为金额数字（元，最多 2 位小数），实际为“0.001”"),
        ("price", "0", "金额：不能小于 ¥0.01"),
        ("yen", "5000.5", "日元：应为金额数字（JPY，不含小数），实际为“5000.5”"),
        ("day", "2026-02-29", "日期：应为日期（如 2026-03-02），实际为“2026-02-29”"),
        ("day", "3月2日", "日期：应为日期（如 2026-03-02），实际为“3月2日”"),
        ("day", "2019-12-31", "日期：不能早于 2020-01-01"),
        ("moment", "2026-03-02 25:00", "时刻：应为日期和时间（如 2026-03-02 09:30），实际为“2026-03-02 25:00”"),
        ("moment", "2026-03-02 09:30+99:00", "时刻：应为日期和时间（如 2026-03-02 09:30），实际为“2026-03-02 09:30+99:00”"),
        ("fault", "进水", "故障：应为以下之一：不开机、无故障（ＯＫ），实际为“进水”"),
        ("tester", "dan", "维修员：“dan”现在不担任“维修”"),
        ("tester", "zoe", "维修员：没有在职人员“zoe”"),
        ("tester", "tom, tim", "维修员：没有在职人员“tom, tim”"),
        ("helpers", {"tom": 1}, "协助人：应为人员，实际为“{…}”"),
        ("helpers", ["tom", 7], "协助人：应为人员，实际为“[…]”"),
        ("helpers", ["tom"] * 51, "协助人：应不超过 50 人"),
        ("unit", "nort", "门店：没有单位“nort”。是不是想写“north”？"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_was_expected(field: str, raw: Any, sentence: str) -> None:
    reasons = Walk(FORM).not_opened("integration", **{field: raw})

    assert coded(reasons) == [("data_invalid", field)]
    assert reasons[0].sentence.zh == sentence


def test_every_fault_of_a_form_is_told_at_once() -> None:
    reasons = Walk(FORM).not_opened("integration", phone="x", count="0", colour="red", seriel="1")

    assert coded(reasons) == [("data_invalid", name) for name in ("phone", "count", "colour", "seriel")]
    assert reasons[3].sentence.en == "“seriel” is not asked for in this step. Did you mean “serial”?"


def test_a_person_must_hold_the_role_in_the_unit_of_the_case() -> None:
    assert Walk(FORM).open("integration", unit="north-1", tester="tom").data["tester"] == "tom"
    assert coded(Walk(FORM).not_opened("integration", unit="south-1", tester="tom")) == [("data_invalid", "tester")]
