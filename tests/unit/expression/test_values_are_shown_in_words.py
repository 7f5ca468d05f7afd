"""Values as a person reads them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.core.kind import BOOLEAN, DATE, DATETIME, DECIMAL, INTEGER, PEOPLE, PERSON, TEXT, Kind, Value
from engine.core.showing import show
from engine.label import Label
from engine.timing.period import Period
from tests.unit.expression.surroundings import CNY, FAULT, SCOPE, SHANGHAI


@pytest.mark.parametrize(
    ("value", "kind", "zh", "en"),
    [
        (None, INTEGER, "–", "–"),
        (False, BOOLEAN, "否", "no"),
        (True, BOOLEAN, "是", "yes"),
        (0, INTEGER, "0", "0"),
        (Decimal("1E+3"), DECIMAL, "1000", "1000"),
        (Decimal("480.00"), CNY, "¥480.00", "CNY 480.00"),
        (Decimal("-12480"), CNY, "-¥12,480.00", "-CNY 12,480.00"),
        (Decimal("1480"), Kind("money", "USD"), "USD 1,480.00", "USD 1,480.00"),
        (Decimal("1480"), Kind("money", "JPY"), "JPY 1,480", "JPY 1,480"),
        ("进水", TEXT, "进水", "进水"),
        ("power", FAULT, "不开机", "Does not start"),
        ("gone", FAULT, "gone", "gone"),
        (date(2026, 9, 28), DATE, "2026-09-28", "2026-09-28"),
        (datetime(2026, 9, 27, 16, 5, 59, tzinfo=UTC), DATETIME, "2026-09-28 00:05", "2026-09-28 00:05"),
        (datetime.max.replace(tzinfo=UTC), DATETIME, "9999-12-31 23:59", "9999-12-31 23:59"),
        ("amy", PERSON, "amy", "amy"),
        (("sue", "tom"), PEOPLE, "sue、tom", "sue, tom"),
        ((), PEOPLE, "–", "–"),
        (Period(3, "wd"), Kind("duration", "working"), "3 个工作日", "3 working d"),
    ],
)
def test_show(value: Value | None, kind: Kind, zh: str, en: str) -> None:
    assert show(value, kind, SCOPE.choices_of(kind), SHANGHAI) == Label(zh, en)
