"""Intake: a device is scanned, what was here of it is told at once, and one form opens its case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from engine.runtime.budget import Rate
from engine.runtime.substitution import record_delegation
from engine.store.cases import Filter
from roles.delegation import Delegation
from tests.console.reception import SWAPPING, Reception, part, said
from tests.web.centre import ROLES, TICKET, UNHINDERED

FORM = "/intake/phone-repair/receive"
TYPED = {f"data.{name}": {True: "true", False: "false"}.get(value, value) for name, value in TICKET.items()}  # type: ignore[call-overload]


def typed(**values: Any) -> dict[str, Any]:
    """A form as somebody has filled it in."""
    return {**TYPED, **{f"data.{name}": value for name, value in values.items()}}


def cases(reception: Reception) -> int:
    """How many there are."""
    return len(reception.app.views.page(Filter(), 200).lines)


def value_of(page: BeautifulSoup, field: str) -> str:
    """What stands in a field."""
    element = part(page, f"#data-{field}")
    return said(element, "value") if element.has_attr("value") else element.text


def test_what_was_never_here_leads_to_the_forms_with_its_number_in_them(reception: Reception) -> None:
    page = reception.read("amy", "/intake?subject=００1017000000904")
    assert "first time" in part(page, ".visits").text
    ways = [said(way, "href") for way in page.select("a.start")]
    assert [urlsplit(way).path for way in ways] == [FORM, "/intake/phone-callback/list"], "what other cases open comes last"
    assert part(page, "a.start[autofocus]")["href"] == ways[0]
    assert value_of(reception.read("amy", ways[0]), "imei") == "001017000000904"


def test_a_telephone_number_is_no_device_and_fills_its_own_field(reception: Reception) -> None:
    page = reception.read("amy", f"{FORM}?subject=128 0000 0905")
    assert (value_of(page, "imei"), value_of(page, "mobile")) == ("", "12800000905")
    assert page.select(".visits") == []


def test_a_device_that_is_here_is_told_before_anything_else(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000912", mobile="12800000912")
    for scanned in ("001017000000912", "12800000912", number):
        page = reception.read("amy", f"/intake?subject={scanned}")
        assert page.select_one(f".is-here a[href='/cases/{number}']") is not None, scanned
        assert "Received" in part(page, ".is-here").text


def test_what_lasts_of_the_earlier_case_is_taken_over(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000920", mobile="12800000920", model="样机 K3")
    page = reception.read("amy", f"{FORM}?subject=001017000000920")
    assert (value_of(page, "model"), value_of(page, "mobile")) == ("", "")
    way = said(part(page, ".take a"), "href")
    assert parse_qs(urlsplit(way).query) == {"subject": ["001017000000920"], "from": [number]}
    taken = reception.read("amy", way)
    names = ("imei", "model", "customer_name", "mobile", "symptom", "accessories")
    assert [value_of(taken, name) for name in names] == ["001017000000920", "样机 K3", "测试客户甲", "12800000920", "", ""]


def test_what_is_masked_is_not_taken_over(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000938", mobile="12800000938")
    page = reception.read("kim", f"/intake/phone-material-outbound/draw?subject=001017000000938&from={number}")
    assert value_of(page, "imei") == "001017000000938"
    assert "测试客户甲" not in page.text
    assert "12800000938" not in page.text


def test_another_shops_device_is_not_told_of(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000946", mobile="12800000946")
    for scanned in ("001017000000946", "12800000946", number):
        assert number not in part(reception.read("bea", f"/intake?subject={scanned}"), "main").text.replace(scanned, "")
    refused = reception.post("bea", FORM, typed(imei="001017000000946"))
    assert refused.status_code == 409
    assert number not in refused.text


def test_the_form_opens_the_case_once_and_its_receipt_is_what_follows(reception: Reception) -> None:
    before, form = cases(reception), {**typed(imei="001017000000953"), "key": "k-953", "reference": "SX-953"}
    answers = [reception.post("amy", FORM, form) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert cases(reception) == before + 1
    page = reception.read("amy", answers[0].headers["location"])
    number = part(page, ".receipt-number").text
    assert part(page, "a[autofocus]")["href"] == "/intake", "the next device is one key away"
    assert reception.app.views.find("SX-953", 2).lines[0].line.number == number

    other = reception.post("amy", FORM, {**form, **typed(imei="001017000000961")})
    assert other.status_code == 422, "a form that was sent with other contents is another form"
    assert cases(reception) == before + 1


def test_where_pages_are_swapped_the_receipt_is_the_answer(reception: Reception) -> None:
    answer = reception.post("amy", FORM, {**typed(imei="001017000000979"), "key": "k-979"}, headers=SWAPPING)
    assert answer.status_code == 200
    assert answer.headers["hx-push-url"] in {f"/cases/{each.line.number}/receipt?received=1" for each in newest(reception)}
    assert BeautifulSoup(answer.text, "html.parser").select_one(".receipt") is not None


def newest(reception: Reception) -> tuple[Any, ...]:
    """All cases."""
    return reception.app.views.page(Filter(), 200).lines


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(reception: Reception) -> None:
    before = cases(reception)
    answer = reception.post("amy", FORM, typed(imei="12", customer_name="", symptom="充不进电\n又死机"))
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    assert [each["href"] for each in page.select(".faults a")] == ["#data-customer_name", "#data-imei"]
    assert "must be filled" in part(page, "#data-customer_name-fault").text
    assert (value_of(page, "imei"), value_of(page, "symptom").strip()) == ("12", "充不进电\n又死机")
    assert cases(reception) == before


def test_a_device_twice_leads_to_the_case_that_it_has(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000987")
    before = cases(reception)
    answer = reception.post("amy", FORM, typed(imei="001017000000987"))
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 409
    assert number in part(page, "#data-imei-fault").text
    assert page.select_one(f".is-here a[href='/cases/{number}']") is not None
    assert cases(reception) == before


def test_who_may_not_is_told_who_can(reception: Reception) -> None:
    before = cases(reception)
    for page in (reception.read("tom", FORM, 403), reception.read("tom", "/intake")):
        assert "样例前台01" in page.text
        assert page.select("form[data-fills], a.start") == []
    refused = reception.post("tom", FORM, typed(imei="001017000000995"))
    assert refused.status_code == 403
    assert "样例前台01" in refused.text
    assert cases(reception) == before


def test_whoever_stands_in_takes_in_for_the_other(reception: Reception) -> None:
    app, now = reception.app, reception.app.time.now()
    delegation = Delegation("ann", "sue", None, now, now + timedelta(days=1))
    record_delegation(app.database, ROLES, delegation, at=now, by="os:owner", reason="培训")
    assert "data-fills" in str(reception.read("sue", FORM))
    location = reception.post("sue", FORM, typed(imei="001017000001027")).headers["location"]
    performed = app.views.case(location.split("/")[2]).case.performed[0]
    assert (performed.actor, performed.on_behalf_of) == ("sue", "ann")


def test_where_there_is_one_way_the_form_comes_at_once(reception: Reception) -> None:
    answer = reception.get("kim", "/intake?subject=001017000001001")
    assert (answer.status_code, answer.headers["location"]) == (303, "/intake/phone-material-outbound/draw?subject=001017000001001")


def test_whoever_may_in_several_units_says_where(reception: Reception) -> None:
    draw = "/intake/phone-material-outbound/draw"
    page = reception.read("kim", draw)
    assert [each["value"] for each in page.select("#unit option")] == ["headquarters", "phone-01", "phone-02"]
    form = {"data.request_no": "LL-1", "data.material": "示例电池", "data.quantity": "1", "data.receiver": "tom", "unit": "phone-01"}
    location = reception.post("kim", draw, form).headers["location"]
    assert reception.app.views.case(location.split("/")[2]).case.unit == "phone-01"


@pytest.mark.parametrize("path", ["/intake/phone-repair/nothing", "/intake/nothing/receive", "/intake/phone-repair/nothing/sheet"])
def test_what_does_not_exist_is_not_found(reception: Reception, path: str) -> None:
    assert reception.get("amy", path).status_code == 404


def test_guesses_at_telephone_numbers_come_to_an_end(reception: Reception) -> None:
    strict = reception.under(replace(UNHINDERED, vain=Rate(0.001, 1)))
    asked = [("lia", "12900000001"), ("lia", "12900000002"), ("leo", "12900000001"), ("leo", "001017000001019")]
    answers = [strict.get(person, f"/intake?subject={text}").status_code for person, text in asked]
    assert answers == [200, 429, 200, 429], "of each as many; the number of a device is none"
