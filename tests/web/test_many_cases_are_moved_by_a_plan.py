"""A plan over HTTP: a verdict for each case, nothing moved before it is confirmed, each moved once, seen by its maker alone."""

from __future__ import annotations

from roles.scope import Scope
from tests.web.counter import Counter, problem, ticket


def test_a_plan_is_made_looked_at_and_confirmed(counter: Counter) -> None:
    possible, taken = counter.receive(1), counter.receive(2)
    counter.post(f"/cases/{taken}/transitions/take", who="ren")
    made = counter.post("/plans", {"transition": "take", "numbers": [possible, taken]}, who="rui")
    plan, path = made.json(), f"/plans/{made.json()['id']}"
    assert (made.status_code, made.headers["location"]) == (201, f"/api/v1{path}")
    assert [(line["number"], line["verdict"]) for line in plan["lines"]] == [(possible, "possible"), (taken, "refused")]
    assert (plan["possible"], plan["state"], counter.company.case(possible).state) == (1, "made", "received")
    assert [each["code"] for each in plan["lines"][1]["reasons"]] == ["not_available"]

    done = counter.post(f"{path}/confirm", who="rui").json()
    assert [(line["status"], (line["outcome"] or {}).get("state")) for line in done["lines"]] == [("done", "repairing"), ("skipped", None)]
    assert counter.post(f"{path}/confirm", who="rui").json() == done
    assert counter.ask("GET", path, "rui").json() == done
    assert [entry.door for entry in counter.company.history(possible)] == ["api", "api"]
    problem(counter.ask("DELETE", path, "rui"), 409, "conflict")


def test_a_plan_by_a_filter_takes_the_cases_that_one_sees(counter: Counter) -> None:
    mine, other = counter.receive(3), counter.post("/cases", ticket(4), who="cui").json()["number"]
    plan = counter.post("/plans", {"transition": "give", "filter": {"state": "received"}, "data": {"repairer": "rui"}}).json()
    numbers = [line["number"] for line in plan["lines"]]
    assert mine in numbers
    assert other not in numbers
    problem(counter.post("/plans", {"transition": "give", "numbers": [mine, other], "data": {"repairer": "rui"}}), 404, "unknown")


def test_a_plan_is_nobody_elses_business(counter: Counter) -> None:
    number = counter.receive(5)
    path = f"/plans/{counter.post('/plans', {'transition': 'take', 'numbers': [number]}, who='rui').json()['id']}"
    for answer in (
        counter.ask("GET", path, "ren"),
        counter.post(f"{path}/confirm", who="ren"),
        counter.ask("DELETE", path, "ren"),
        counter.ask("GET", "/plans/00000000", "rui"),
    ):
        problem(answer, 404, "unknown")
    assert counter.ask("GET", path, "ada").json()["made_by"] == "rui"
    problem(counter.post(f"{path}/confirm", who="ada"), 409, "conflict")
    assert counter.ask("DELETE", path, "rui").status_code == 204
    problem(counter.post(f"{path}/confirm", who="rui"), 409, "conflict")
    assert counter.company.case(number).state == "received"


def test_of_its_cases_only_those_are_told_that_are_still_seen(counter: Counter) -> None:
    number = counter.receive(6)
    made = counter.post("/plans", {"transition": "take", "numbers": [number]}, who="ada")
    assert [line["verdict"] for line in made.json()["lines"]] == ["refused"]
    elsewhere = {"Authorization": f"Bearer {counter.token('ada', Scope(units=frozenset({'shop-2'})))}"}
    assert counter.ask("GET", f"/plans/{made.json()['id']}", None, headers=elsewhere).json()["lines"] == []


def test_cases_are_given_to_somebody_by_a_plan(counter: Counter) -> None:
    first, second = counter.receive(8), counter.receive(9)
    for number in (first, second):
        counter.ask("PUT", f"/cases/{number}/assignment", "ren", json={"person": "ren"})
    chosen = {"filter": {"workflow": "desk-repair", "person": "ren"}, "reason": "病假"}
    made = counter.post("/plans", {"assign": {"person": "rui"}, **chosen}, who="sun").json()
    assert (made["step"], made["assign"], made["title"]["en"]) == (None, {"person": "rui"}, "Assign to 样例工程师01")
    assert {first, second} <= {line["number"] for line in made["lines"] if line["verdict"] == "possible"}
    done = counter.post(f"/plans/{made['id']}/confirm", who="sun").json()
    assert {line["number"]: line["status"] for line in done["lines"]}.items() >= {(first, "done"), (second, "done")}
    assert {counter.company.case(number).assignee for number in (first, second)} == {"rui"}

    down = counter.post("/plans", {"assign": {"person": None}, "numbers": [first]}, who="rui").json()
    counter.post(f"/plans/{down['id']}/confirm", who="rui")
    assert counter.company.case(first).assignee is None


def test_what_is_no_plan_is_refused(counter: Counter) -> None:
    number = counter.receive(7)
    for body in (
        {"transition": "take"},
        {"transition": "take", "numbers": [number], "filter": {}},
        {"transition": "take", "numbers": []},
        {"transition": "take", "numbers": [number] * 1001},
        {"numbers": [number]},
        {"transition": "take", "assign": {"person": "rui"}, "numbers": [number]},
        {"assign": {"person": "rui"}, "data": {"repairer": "rui"}, "numbers": [number]},
        {"assign": {}, "numbers": [number]},
    ):
        problem(counter.post("/plans", body, who="rui"), 400, "misuse")
    problem(counter.post("/plans", {"transition": "take", "filter": {"state": "closed"}}, who="rui"), 404, "unknown")
    problem(counter.post("/plans", {"transition": "nothing", "numbers": [number]}, who="rui"), 404, "unknown")
    problem(counter.post("/plans", {"assign": {"person": "nobody-here"}, "numbers": [number]}, who="rui"), 404, "unknown")
