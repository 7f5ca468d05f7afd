"""Every wish of a case comes in by HTTP: granted with its canonical outcome, refused with every reason, tried without a trace."""

from __future__ import annotations

import pytest

from tests.web.counter import Counter, problem, ticket


def test_a_case_is_opened_moved_corrected_and_remarked_upon(counter: Counter) -> None:
    opened = counter.post("/cases", {**ticket(1), "reference": "POS-1"})
    number = opened.json()["number"]
    assert (opened.status_code, opened.headers["location"], opened.headers["etag"]) == (201, f"/api/v1/cases/{number}", '"1"')
    assert opened.json() == {"number": number, "state": "received", "revision": 1, "seq": 1, "events": ["opened"], "opened": []}

    taken = counter.post(f"/cases/{number}/transitions/take", who="rui")
    assert (taken.status_code, taken.headers["etag"], taken.json()["state"]) == (200, '"2"', "repairing")
    corrected = counter.post(f"/cases/{number}/corrections", {"data": {"symptom": "无法充电"}, "reason": "听错了"})
    assert (corrected.json()["events"], corrected.headers["etag"]) == (["corrected"], '"3"')
    remarked = counter.post(f"/cases/{number}/comments", {"text": "客户催促"})
    assert (remarked.json()["events"], remarked.headers["etag"]) == (["commented"], '"3"')
    put_down = counter.ask("PUT", f"/cases/{number}/assignment", "rui", {"person": None, "reason": "缺配件"})
    assert put_down.json()["events"] == ["assigned"]

    case = counter.company.case(number)
    assert (case.data["symptom"], case.assignee) == ("无法充电", None)
    assert {(entry.door, entry.actor) for entry in counter.company.history(number)} == {("api", "cai"), ("api", "rui")}
    assert all(entry.principal.startswith("token:") for entry in counter.company.history(number))


def test_a_step_is_signed_withdrawn_and_undone(counter: Counter) -> None:
    number = counter.lend()
    assert counter.post(f"/cases/{number}/transitions/waive", who="cai").json()["events"] == ["signed"]
    again = problem(counter.post(f"/cases/{number}/transitions/waive", who="cai"), 403, "approval_repeated")
    assert "sun" in {each["person"] for each in again["who_can"]}
    assert counter.post(f"/cases/{number}/withdrawals", {"step": "waive"}, who="cai").json()["events"] == ["voided"]

    counter.post(f"/cases/{number}/transitions/remark", {"data": {"note": "完好"}})
    undone = counter.post(f"/cases/{number}/undo", {"reason": "点错了"})
    assert undone.json()["events"] == ["undone"]
    assert "note" not in counter.company.case(number).data


def test_a_service_acts_as_itself_or_as_a_person_whom_it_names(counter: Counter) -> None:
    itself = counter.post("/cases", ticket(2), who="till").json()["number"]
    assert counter.company.history(itself)[0].actor == "till"
    assert problem(counter.post("/cases", ticket(3), who="till", Aftercare_Person="cai"), 403, "forbidden")
    named = counter.post(
        "/cases", ticket(3), who=None, Authorization=f"Bearer {counter.token('till', for_people=True)}", Aftercare_Person="cai"
    )
    entry = counter.company.history(named.json()["number"])[0]
    assert (entry.actor, entry.principal.endswith("/till"), entry.door) == ("cai", True, "api")


def test_a_refusal_tells_every_reason_and_who_can(counter: Counter) -> None:
    number = counter.receive(4)
    said = problem(counter.post(f"/cases/{number}/transitions/take"), 403, "not_authorised")
    assert [each["code"] for each in said["reasons"]] == ["not_authorised"]
    assert {"rui", "ren", "hua"} == {each["person"] for each in said["who_can"]}
    assert (said["revision"], bool(said["checks"])) == (1, True)
    assert problem(counter.post(f"/cases/{number}/transitions/pass", who="rui"), 409, "not_available")
    assert problem(counter.post(f"/cases/{number}/transitions/take", {"data": {"fee": 1}}, who="rui"), 422, "data_invalid")
    assert problem(counter.post("/cases", ticket(4)), 409, "duplicate")["revision"] is None
    said = problem(counter.ask("PUT", f"/cases/{number}/assignment", "cai", {"person": "sun"}), 403, "not_authorised")
    assert [each["code"] for each in said["reasons"]] == ["not_authorised", "not_assignable"]
    assert problem(counter.ask("PUT", f"/cases/{number}/assignment", "sun", {"person": "sun"}), 409, "not_assignable")
    assert problem(counter.post(f"/cases/{number}/undo", {"reason": "点错了"}), 409, "not_undoable")


def test_a_case_of_another_shop_is_not_found(counter: Counter) -> None:
    number = counter.receive(5)
    for path, body in (("transitions/take", {}), ("comments", {"text": "?"}), ("corrections", {"data": {}, "reason": "?"})):
        for wanted in (number, "DR26-9999"):
            said = problem(counter.post(f"/cases/{wanted}/{path}", body, who="cui"), 404, "unknown")
            assert said["detail"] == f"There is no case “{wanted}”."
    assert problem(counter.post(f"/cases/{number}/transitions/take?dry_run=true", {}, who="cui"), 404, "unknown")


def test_a_dry_run_tells_what_would_be_and_leaves_no_trace(counter: Counter) -> None:
    number = counter.receive(6)
    before = counter.company.tables()
    tried = counter.post(f"/cases/{number}/transitions/take?dry_run=true", {}, who="rui", Idempotency_Key="dry-1").json()
    assert (tried["granted"], tried["dry_run"], tried["state"], tried["events"]) == (True, True, "repairing", ["moved"])
    assert [(each["field"], each["before"]["en"], each["after"]["en"]) for each in tried["changes"]] == [("repairer", "–", "样例工程师01")]
    assert (bool(tried["checks"]), tried["clocks"], tried["messages"], tried["emitted"]) == (True, [], [], [])
    assert problem(counter.post(f"/cases/{number}/transitions/take?dry_run=true", {}), 403, "not_authorised")
    assert counter.post("/cases?dry_run=true", ticket(7)).json()["state"] == "received"
    after = counter.company.tables()
    for told in (before, after):
        told.pop("tokens")  # when they were used
    assert after == before
    assert counter.post(f"/cases/{number}/transitions/take", {}, who="rui", Idempotency_Key="dry-1").json()["events"] == ["moved"]


@pytest.mark.parametrize("tag", ['"2"', "*", None])
def test_a_change_is_made_on_the_revision_that_it_names(counter: Counter, tag: str | None) -> None:
    number = counter.receive({'"2"': 8, "*": 9, None: 10}[tag])
    counter.post(f"/cases/{number}/transitions/take", who="rui")
    stale = counter.post(f"/cases/{number}/transitions/note", {"data": {"work": "检测"}}, who="rui", If_Match='"1"')
    assert problem(stale, 412, "stale")["revision"] == 2
    assert stale.headers["etag"] == '"2"'
    headers = {"If_Match": tag} if tag is not None else {}
    assert counter.post(f"/cases/{number}/transitions/note", {"data": {"work": "检测"}}, who="rui", **headers).status_code == 200


def test_a_revision_that_is_none_or_would_not_be_heeded_is_refused(counter: Counter) -> None:
    number = counter.receive(11)
    for tag in ("1", '"one"', '"1", "2"', ""):
        problem(
            counter.post(f"/cases/{number}/corrections", {"data": {"symptom": "花屏"}, "reason": "听错了"}, If_Match=tag), 400, "misuse"
        )
    for path, body in ((f"/cases/{number}/comments", {"text": "?"}), ("/cases", ticket(12))):
        problem(counter.post(path, body, If_Match='"1"'), 400, "misuse")
    assert counter.company.case(number).seq == 1
