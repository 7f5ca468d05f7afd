"""What happens outside performs a step of the one case that it means, and fills its form – or says what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from engine.core.compiled import EventRule
from engine.core.happening import Meant, filling, matching, meant, only_one
from engine.core.kind import Value
from tests.process import definition

DOCUMENT = definition("""
fields:
  waybill:  {type: text, title: 运单号, pattern: "[A-Z]{2}[0-9]+"}
  phone:    {type: phone, title: 电话, personal: true}
  pieces:   {type: integer, title: 件数}
  price:    {type: money, title: 价款, currency: CNY}
  sent_on:  {type: date, title: 寄出日}
  urgent:   {type: boolean, title: 加急}
  way:      {type: choice, title: 方式, choices: {air: 空运, road: 陆运}}
  sender:   {type: person, title: 寄件人}
  signed:   {type: text, title: 签收人}
  photos:   {type: files, title: 照片}
start:
  book:
    title: 受理
    by: [desk, integration]
    asks: [waybill, phone, pieces?]
    event: {name: parcel.booked, fills: {waybill: no, phone: from.tel}}
    to: way
states:
  way:
    title: 途中
    transitions:
      sign:
        title: 签收
        by: [desk, integration]
        asks: [signed, photos?]
        event: {name: parcel.signed, match: {no: waybill, from.tel: phone}, fills: {signed: by.name, photos: by.photos}}
        to: done
      hold: {title: 暂存, by: desk, asks: [price, sent_on, urgent, way, sender], to: held}
  held:
    title: 暂存
    transitions:
      sign:
        title: 取件
        by: [desk, integration]
        event: {name: parcel.signed, match: {way: way, cost: price, day: sent_on, count: pieces, fast: urgent, who: sender}}
        to: done
  done: {title: 完成, final: success}
anywhere:
  scan: {title: 扫描, by: integration, event: {name: parcel.scanned, match: {no: waybill}}, to: stay}
""")


def the(name: str, number: int = 0) -> Meant:
    return meant(DOCUMENT, name)[number]


def wanted(rule: EventRule, payload: Mapping[str, object]) -> object:
    """What a case must hold, or the fields about which the message says nothing that could be looked for."""
    found = matching(DOCUMENT, rule, payload)
    return found if isinstance(found, Mapping) else [reason.subject for reason in found]


def test_an_event_knows_its_starts_and_its_steps_and_where_they_are() -> None:
    assert [(each.step.title.zh, each.opens, each.states) for each in meant(DOCUMENT, "parcel.booked")] == [("受理", True, frozenset())]
    found = [(each.step.title.zh, each.states) for each in meant(DOCUMENT, "parcel.signed")]
    assert found == [("签收", frozenset({"way"})), ("取件", frozenset({"held"}))]
    assert [each.states for each in meant(DOCUMENT, "parcel.scanned")] == [frozenset({"way", "held"})]
    assert meant(DOCUMENT, "parcel.lost") == ()


@pytest.mark.parametrize(
    ("payload", "held"),
    [
        ({"no": "SF1", "from": {"tel": "128 0000 0001"}}, {"waybill": "SF1", "phone": "12800000001"}),
        ({"no": " ＳＦ1 ", "from": {"tel": 12800000001}}, {"waybill": "SF1", "phone": "12800000001"}),
        ({"no": "SF1", "from": {"tel": "+86-128-0000-0001", "other": 1}}, {"waybill": "SF1", "phone": "12800000001"}),
    ],
)
def test_what_a_case_must_hold_is_said_as_cases_hold_it(payload: Mapping[str, object], held: Mapping[str, Value]) -> None:
    assert wanted(the("parcel.signed").rule, payload) == held


def test_every_kind_is_read_as_its_field_reads_it() -> None:
    payload = {"way": "陆运", "cost": Decimal("480.5"), "day": "2026年9月28日", "count": "２", "fast": False, "who": " tom "}

    assert wanted(the("parcel.signed", 1).rule, payload) == {
        "way": "road", "price": Decimal("480.50"), "sent_on": date(2026, 9, 28), "pieces": 2, "urgent": False, "sender": "tom",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("payload", "subjects"),
    [
        ({}, ["waybill", "phone"]),
        ({"no": None, "from": {"tel": ""}}, ["waybill", "phone"]),
        ({"no": "SF1", "from": "12800000001"}, ["phone"]),
        ({"no": "1", "from": {"tel": "12800000001"}}, ["waybill"]),
        ({"no": ["SF1"], "from": {"tel": {"area": 1}}}, ["waybill", "phone"]),
        ({"no": True, "from": {"tel": 1.5}}, ["waybill", "phone"]),
    ],
)
def test_a_message_that_does_not_say_which_case_is_told_so(payload: Mapping[str, object], subjects: list[str]) -> None:
    assert wanted(the("parcel.signed").rule, payload) == subjects


def test_the_key_that_is_missing_is_named() -> None:
    (reason,) = matching(DOCUMENT, the("parcel.scanned").rule, {"number": "SF1"})

    assert not isinstance(reason, str)
    assert (reason.code, reason.sentence.zh) == ("data_invalid", "消息缺少“no”，无法按运单号找到工单")
    assert reason.sentence.en == "The message lacks “no”, so that no case can be found by 运单号"


def test_an_id_of_somebody_is_a_text() -> None:
    payload = {"way": "road", "cost": 1, "day": "2026-09-28", "count": 1, "fast": True, "who": {"id": "tom"}}

    assert wanted(the("parcel.signed", 1).rule, payload) == ["sender"]


def test_a_case_is_meant_if_every_value_agrees_in_a_state_with_the_step() -> None:
    signing = the("parcel.signed")
    held = {"waybill": "SF1", "phone": "12800000001"}

    assert signing.is_of("way", {**held, "pieces": 1}, held)
    assert not signing.is_of("held", held, held)
    assert not signing.is_of("way", {**held, "phone": "12800000002"}, held)
    assert not signing.is_of("way", {"waybill": "SF1"}, held)


@pytest.mark.parametrize(
    ("payload", "data"),
    [
        ({"by": {"name": "测试客户甲"}}, {"signed": "测试客户甲"}),
        ({"by": {"name": 7, "photos": []}}, {"signed": 7, "photos": []}),
        ({"by": {"name": False, "photos": None}}, {"signed": False}),
    ],
)
def test_a_form_is_given_what_the_message_says(payload: Mapping[str, object], data: Mapping[str, object]) -> None:
    signing = the("parcel.signed")

    assert filling(signing.step, signing.rule, payload) == data


def test_a_form_that_must_be_filled_asks_for_its_key() -> None:
    signing = the("parcel.signed")
    (reason,) = filling(signing.step, signing.rule, {"by": {"title": "…"}})

    assert not isinstance(reason, str)
    assert (reason.code, reason.subject) == ("data_invalid", "signed")
    assert reason.sentence.zh == "消息缺少“by.name”，而签收人必填"


def test_never_the_first_of_several() -> None:
    lacking = matching(DOCUMENT, the("parcel.scanned").rule, {})
    assert isinstance(lacking, tuple)

    assert only_one("parcel.signed", {"P26-0001": 1}, lacking) == 1
    assert only_one("parcel.signed", {}, lacking) == lacking
    assert codes(only_one("parcel.signed", {}, ())) == [("unmatched", "“parcel.signed” means no open case")]
    assert codes(only_one("parcel.signed", {"P26-0001": 1, "P26-0002": 2}, lacking)) == [
        ("ambiguous", "“parcel.signed” means several: P26-0001, P26-0002")
    ]


def codes(found: object) -> list[tuple[str, str]]:
    assert isinstance(found, tuple)
    return [(reason.code, reason.sentence.en) for reason in found]
