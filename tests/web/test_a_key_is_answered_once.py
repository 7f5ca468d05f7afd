"""The same key with the same wish: the first outcome, byte for byte, whatever happened since (DESIGN law 15)."""

from __future__ import annotations

import pytest

from tests.web.counter import Counter, problem, ticket


def test_a_repeated_wish_is_answered_with_the_same_bytes(counter: Counter) -> None:
    first = counter.post("/cases", ticket(1), Idempotency_Key="open-1")
    number = first.json()["number"]
    moved = counter.post(f"/cases/{number}/transitions/take", who="rui", Idempotency_Key="take-1", If_Match='"1"')
    counter.post(f"/cases/{number}/transitions/finish", {"data": {"work": "更换屏幕", "fee": "300"}}, who="rui")
    for answer, again in (
        (first, counter.post("/cases", ticket(1), Idempotency_Key="open-1")),
        (moved, counter.post(f"/cases/{number}/transitions/take", who="rui", Idempotency_Key="take-1", If_Match='"1"')),
    ):
        assert (again.status_code, again.content) == (answer.status_code, answer.content)
        assert (answer.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
        assert again.headers.get("location") == answer.headers.get("location")
    assert counter.company.case(number).seq == 3


def test_the_same_key_with_another_request_is_refused(counter: Counter) -> None:
    number = counter.receive(2, Idempotency_Key="open-2")
    for path, body in (
        ("/cases", ticket(2, symptom="无法充电")),
        ("/cases", {**ticket(2), "reference": "POS-2"}),
        (f"/cases/{number}/comments", {"text": "客户催促"}),
    ):
        problem(counter.post(path, body, Idempotency_Key="open-2"), 422, "key_reused")
    assert counter.post(f"/cases/{number}/comments", {"text": "客户催促"}, Idempotency_Key="open-2b").status_code == 200


def test_keys_of_different_holders_do_not_meet_but_those_of_a_new_token_do(counter: Counter) -> None:
    number = counter.receive(3)
    assert counter.post(f"/cases/{number}/comments", {"text": "a"}, who="cai", Idempotency_Key="same").json()["seq"] == 2
    assert counter.post(f"/cases/{number}/comments", {"text": "b"}, who="rui", Idempotency_Key="same").json()["seq"] == 3
    counter.tokens.clear()
    again = counter.post(f"/cases/{number}/comments", {"text": "a"}, who="cai", Idempotency_Key="same")
    assert (again.json()["seq"], again.headers["idempotency-replayed"]) == (2, "true")


def test_a_refusal_is_not_kept(counter: Counter) -> None:
    number = counter.receive(4)
    wish = f"/cases/{number}/transitions/finish", {"data": {"work": "更换屏幕", "fee": "300"}}
    problem(counter.post(*wish, who="rui", Idempotency_Key="finish-4"), 409, "not_available")
    counter.post(f"/cases/{number}/transitions/take", who="rui")
    assert counter.post(*wish, who="rui", Idempotency_Key="finish-4").json()["state"] == "checking"


def test_what_was_granted_is_answered_to_whoever_has_lost_the_right_since(counter: Counter) -> None:
    number = counter.receive(5)
    first = counter.post(f"/cases/{number}/transitions/take", who="ren", Idempotency_Key="take-5")
    counter.ask("PUT", f"/cases/{number}/assignment", "ren", {"person": None})
    assert counter.post(f"/cases/{number}/transitions/take", who="ren", Idempotency_Key="take-5").content == first.content


@pytest.mark.parametrize("key", ["", "k" * 201, "schlüssel", "a\tb"])
def test_a_key_that_is_none_is_refused(counter: Counter, key: str) -> None:
    said = problem(counter.ask("POST", "/cases", body=ticket(6), headers={"Idempotency-Key": key.encode("latin-1")}), 400, "misuse")
    assert [each["place"] for each in said["faults"]] == ["/header/Idempotency-Key"]
