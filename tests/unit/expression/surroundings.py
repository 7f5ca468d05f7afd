"""One scope and one case for the tests of expressions: a phone repair with every kind of field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.core.case import Performance
from engine.core.earlier import earlier_choices, earlier_kind
from engine.core.expression import Environment, Expression, Scope, read
from engine.core.kind import BOOLEAN, DATE, DATETIME, DECIMAL, INTEGER, PEOPLE, PERSON, TEXT, UNIT, Kind, Row, Value
from engine.core.problem import Fault
from engine.label import Label
from engine.timing.calendar import Window, WorkingCalendar

CNY = Kind("money", "CNY")
FAULT = Kind("choice", "fault")
LINES = Kind(
    "list",
    "lines",
    (
        ("material", TEXT),
        ("approved", INTEGER),
        ("wanted", INTEGER),
        ("price", CNY),
        ("done", BOOLEAN),
        ("state", Kind("choice", "lines.state")),
        ("issued", INTEGER),
    ),
)
PARTS = Kind(
    "list",
    "parts",
    (
        ("number", TEXT),
        ("open", BOOLEAN),
        ("outcome", Kind("choice", "parts.outcome")),
        ("opened_at", DATETIME),
        ("ended_at", DATETIME),
        ("handed_over", INTEGER),
    ),
)
WISH = Kind("choice", "wish")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 28, 1, 30, tzinfo=UTC)
HOURS = (Window(9 * 60, 12 * 60), Window(13 * 60 + 30, 18 * 60))
OFFICE = WorkingCalendar("office", SHANGHAI, dict.fromkeys(range(5), HOURS))
"""Monday to Friday, 09:00-12:00 and 13:30-18:00, no holidays."""

SCOPE = Scope(
    fields={
        "fault": FAULT,
        "wish": WISH,
        "in_warranty": BOOLEAN,
        "passed": BOOLEAN,
        "quote": CNY,
        "deposit": CNY,
        "fee": Kind("money", "USD"),
        "quantity": INTEGER,
        "stock": INTEGER,
        "share": DECIMAL,
        "symptom": TEXT,
        "remark": TEXT,
        "sold_on": DATE,
        "back_on": DATE,
        "received_at": DATETIME,
        "tester": PERSON,
        "helpers": PEOPLE,
        "shop": UNIT,
        "lines": LINES,
        "evidence": Kind("file"),
        "related": Kind("case", "parcel"),
    },
    titles={
        "fault": Label("故障代码", "Fault code"),
        "in_warranty": Label("保修期内", "In warranty"),
        "quote": Label("报价", "Quote"),
        "sold_on": Label("购买日期", "Date of sale"),
        "finish": Label("维修完成", "Finish"),
        "lines": Label("明细", "Lines"),
        "lines.price": Label("价格", "Price"),
        "lines.done": Label("完成", "Done"),
        "parts": Label("备件", "Parts"),
        "parts.outcome": Label("结果", "Outcome"),
        "parts.handed_over": Label("已发", "Handed over"),
    },
    choices={
        "fault": {
            "power": Label("不开机", "Does not start"),
            "screen": Label("显示", "Display"),
            "none": Label("无故障", "No fault found"),
        },
        "wish": {"repair": Label("维修", "Repair"), "refund": Label("退款", "Refund")},
        "lines.state": {"good": Label("良好", "Good"), "bad": Label("损坏", "Bad")},
        "parts.outcome": {"success": Label("成功", "success"), "failure": Label("失败", "failure")},
        **earlier_choices(),
    },
    steps=frozenset({"take", "finish", "hand_over"}),
    parties=frozenset({"customer"}),
    roles=frozenset({"phone-supervisor", "phone-front-desk"}),
    calendar=True,
    lists={"parts": PARTS, "earlier": earlier_kind({"fault": FAULT, "quote": CNY})},
    rows_of={"parts": "lines"},
)


def surroundings(
    data: Mapping[str, Value] | None = None,
    *,
    acting: frozenset[str] = frozenset(),
    performed: tuple[Performance, ...] = (),
    assignee: str | None = None,
    unit: str | None = None,
    now: datetime = NOW,
    zone: ZoneInfo = SHANGHAI,
    case_id: str = "case-1",
    visit: int = 1,
    sampling_key: bytes = b"key",
    calendar: WorkingCalendar | None = OFFICE,
    children: Mapping[str, tuple[Row, ...]] | None = None,
    earlier: tuple[Row, ...] = (),
    row: Row | None = None,
) -> Environment:
    """The environment of a decision on a case with this data."""
    return Environment(
        data=data or {},
        actor="amy",
        acting=acting,
        performed=performed,
        assignee=assignee,
        unit=unit,
        number="WX26-000001",
        now=now,
        zone=zone,
        case_id=case_id,
        visit=visit,
        sampling_key=sampling_key,
        calendar=calendar,
        children=children or {},
        earlier=earlier,
        row=row,
    )


def table(*rows: Mapping[str, Value]) -> tuple[Row, ...]:
    """Rows with these cells."""
    return tuple(Row(f"1.{number}", cells) for number, cells in enumerate(rows, 1))


def good(text: str, expected: Kind | None = None) -> Expression:
    """The expression of a text that must be without fault."""
    result = read(text, SCOPE, expected)
    assert isinstance(result, Expression), (text, result)
    return result


def faults(text: str, expected: Kind | None = None) -> tuple[Fault, ...]:
    """The faults of a text that must have some."""
    result = read(text, SCOPE, expected)
    assert not isinstance(result, Expression), text
    assert result
    return result
