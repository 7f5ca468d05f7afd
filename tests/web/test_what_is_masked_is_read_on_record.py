"""What is personal is masked over HTTP as everywhere, and read in full only by an act of its own."""

from __future__ import annotations

from typing import Any

import pytest
from httpx2 import Response

from tests.web.centre import Centre
from web.route import API

NAME, MOBILE = "测试客户丁", "12800004711"


@pytest.fixture(scope="module")
def number(centre: Centre) -> str:
    """A phone on Tom's bench: Amy, who took it in, has nothing to do with it for the time being."""
    number = centre.opened("amy", customer_name=NAME, mobile=MOBILE)
    centre.fire(number, "take", "tom")
    return number


def ask(centre: Centre, number: str, holder: str, body: object) -> Response:
    headers = {"Authorization": f"Bearer {centre.token(holder)}"}
    return centre.client.post(f"{API}/cases/{number}/disclosures", json=body, headers=headers)


def test_a_masked_field_says_so_and_its_value_is_the_mask(centre: Centre, number: str) -> None:
    def told(holder: str) -> dict[str, tuple[Any, bool]]:
        fields = centre.read(f"/cases/{number}", holder)["fields"]
        return {name: (fields[name]["value"], fields[name]["masked"]) for name in ("customer_name", "mobile", "model")}

    assert told("amy") == {"customer_name": ("测**", True), "mobile": ("128****4711", True), "model": ("示例 X18", False)}
    assert told("tom") == {"customer_name": (NAME, False), "mobile": (MOBILE, False), "model": ("示例 X18", False)}
    history = centre.get(f"/cases/{number}/history", "amy").text
    assert "128****4711" in history
    assert MOBILE not in history


def test_the_values_are_answered_once_and_who_read_them_stays_in_the_history(centre: Centre, number: str) -> None:
    before = centre.read(f"/cases/{number}", "amy")

    answer = ask(centre, number, "amy", {"reason": "回访", "fields": ["mobile"]})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert {name: each["value"] for name, each in answer.json()["fields"].items()} == {"mobile": MOBILE}
    assert answer.json()["outcome"]["events"] == ["disclosed"]
    after = centre.read(f"/cases/{number}", "amy")
    assert (after["revision"], after["seq"]) == (before["revision"], before["seq"] + 1)
    assert after["fields"]["mobile"]["masked"]
    last = centre.read(f"/cases/{number}/history", "tom")["history"][-1]
    assert (last["kind"], last["actor"], last["reason"], last["text"]["en"]) == ("disclosed", "amy", "回访", "Mobile")


def test_everything_is_what_is_filled_and_the_remarks(centre: Centre, number: str) -> None:
    assert centre.client.post(
        f"{API}/cases/{number}/comments", json={"text": "请晚上打"}, headers={"Authorization": f"Bearer {centre.token('tom')}"}
    ).is_success
    found = ask(centre, number, "amy", {"reason": "核对"}).json()
    assert {name: each["value"] for name, each in found["fields"].items()} == {"customer_name": NAME, "mobile": MOBILE}
    assert [each["text"]["zh"] for each in found["remarks"]] == ["请晚上打"]


@pytest.mark.parametrize(
    ("holder", "body", "status", "code"),
    [
        ("bea", {"reason": "好奇"}, 404, "unknown"),  # of the other shop
        ("abe", {"reason": "好奇"}, 403, "not_authorised"),  # looks after the installation, and has no part in the process
        ("courier", {"reason": "好奇"}, 403, "not_authorised"),
        ("amy", {"reason": " "}, 422, "data_invalid"),
        ("amy", {"reason": "核对", "fields": ["model"]}, 422, "data_invalid"),
        ("amy", {"reason": "核对", "fields": ["mobil"]}, 422, "data_invalid"),
        ("amy", {}, 400, "misuse"),
    ],
)
def test_others_read_nothing(centre: Centre, number: str, holder: str, body: object, status: int, code: str) -> None:
    before = centre.read(f"/cases/{number}", "tom")["seq"]
    answer = ask(centre, number, holder, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert MOBILE not in answer.text
    assert centre.read(f"/cases/{number}", "tom")["seq"] == before
