"""The sample sheet fits the start it is for, and nobody in it exists."""

from __future__ import annotations

import csv
import io
from collections import Counter

from tests.unit.workflows import shipped

CONTENT = (shipped.ROOT / "workflows" / "examples" / "intake.csv").read_bytes()
ROWS = list(csv.DictReader(io.StringIO(CONTENT.decode("utf-8-sig"), newline="")))


def check_digit(digits: str) -> int:
    """Luhn: every second digit doubled, its own digits added up."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(digits)]
    return -sum(value - 9 if value > 9 else value for value in doubled) % 10


def test_it_is_written_as_chinese_excel_writes() -> None:
    assert CONTENT.startswith(b"\xef\xbb\xbf")
    assert CONTENT.endswith(b"\r\n")


def test_its_columns_are_the_form_of_the_start() -> None:
    document = shipped.workflow(shipped.ROOT / "workflows" / "phone" / "phone-repair.yaml")
    asked = [name.removesuffix("?") for name in document.start["receive"].asks if isinstance(name, str)]

    assert list(ROWS[0]) == ["reference", *(document.fields[name].title.zh for name in asked)]


def test_most_tickets_are_in_order_and_some_repeat_what_must_be_unique() -> None:
    references = Counter(row["reference"] for row in ROWS)
    devices = Counter(row["串号"] for row in ROWS)

    assert len(ROWS) == 84
    assert [number for number, times in references.items() if times > 1] == ["SX2609-0012"]
    assert [imei for imei, times in devices.items() if times > 1] == ["001017000000052"]


def test_the_people_and_devices_are_invented() -> None:
    for row in ROWS:
        assert row["客户姓名"].startswith(("测试", "样例", "示例"))
        assert row["手机号"].startswith(("128", "１２８"))
        assert row["机型"].startswith(("示例", "样机"))
        assert row["串号"].startswith("00")


def test_every_full_imei_has_its_check_digit() -> None:
    whole = [row["串号"] for row in ROWS if len(row["串号"]) == 15]

    assert len(whole) == len(ROWS) - 1
    assert all(int(imei[-1]) == check_digit(imei[:-1]) for imei in whole)
