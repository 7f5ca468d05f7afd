"""The receipt: what the customer takes along, as far as whoever prints it may read it."""

from __future__ import annotations

import re
from dataclasses import replace

import segno

from tests.console.reception import Reception, part
from web.console.display.qr import QUIET, Qr, qr_of


def squares(qr: Qr) -> list[list[bool]]:
    """Which squares are dark where the path is filled."""
    found = [[False] * qr.size for _ in range(qr.size)]
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", qr.path):
        assert width == back
        for place in range(int(x), int(x) + int(width)):
            found[int(y)][place] = True
    return found


def test_the_path_is_the_code(reception: Reception) -> None:
    del reception
    for content in ("WX26-000067", "https://desk.example.com/cases/WX26-000067"):
        matrix = segno.make_qr(content, error="m").matrix
        inner = [row[QUIET:-QUIET] for row in squares(qr_of(content))[QUIET:-QUIET]]
        assert inner == [[bool(cell) for cell in row] for row in matrix]


def test_it_says_what_was_handed_in_in_the_order_of_the_form(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000805", sold_on="2026-03-01")
    page = reception.read("amy", f"/cases/{number}/receipt")
    receipt = part(page, ".receipt")
    titles = [str(each.contents[0]).strip() for each in receipt.select("dl:first-of-type dt")]
    assert titles == [
        *("Channel", "Customer", "Mobile", "Model", "IMEI", "Proof of purchase", "Date of purchase", "Symptom"),
        *("Accessories", "Condition", "Goods as listed", "Told to back up data"),
    ]
    assert part(receipt, ".receipt-number").text == number
    assert "手机维修一店" in reception.browser("ann", "zh").get(f"/cases/{number}/receipt").text
    assert "样例前台01" in receipt.text, "who received it"
    promised = part(receipt, ".receipt-promised")
    assert promised is not None
    assert "Turn-around" in promised.text
    assert "Diagnosis" not in promised.text, "the deadline of a stage is nobody's business but of whoever works on it"
    assert part(receipt, "svg path")["d"] == qr_of(number).path
    assert page.select_one("a[autofocus]") is None


def test_whoever_sees_the_case_in_masks_prints_masks(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000813", mobile="12800000813")
    receipt = part(reception.read("ken", f"/cases/{number}/receipt"), ".receipt").text
    assert "128****0813" in receipt
    assert "测试客户甲" not in receipt


def test_whoever_does_not_see_the_case_gets_none(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000821")
    assert reception.get("bea", f"/cases/{number}/receipt").status_code == 404
    assert reception.get("amy", "/cases/WX26-999999/receipt").status_code == 404


def test_the_code_leads_to_the_case_where_it_can_be_looked_at(reception: Reception) -> None:
    number, link = reception.centre.opened("amy", imei="001017000000839"), "https://desk.example.com/cases/{number}"
    linked = reception.under(settings=replace(reception.app.settings, link=link))
    receipt = part(linked.read("amy", f"/cases/{number}/receipt"), ".receipt")
    assert part(receipt, "svg path")["d"] == qr_of(f"https://desk.example.com/cases/{number}").path
