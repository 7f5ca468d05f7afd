"""Bulk: cases are selected, a step is chosen and filled in once; the plan tells the verdict for each, and its run what came of each."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count

import pytest
from bs4 import BeautifulSoup
from httpx2 import Response

from engine.core.command import Correct
from engine.runtime.access import OPERATOR
from engine.runtime.substitution import record_absence
from engine.store import plans
from roles.absence import Absence
from tests.console.reception import SWAPPING, Reception
from tests.runtime.company import caller, granted
from web.console.pages.bulk import SLICE

_devices = count(1)


def phone(reception: Reception, person: str = "amy") -> str:
    """A phone of its own comes in."""
    nth = next(_devices)
    return reception.centre.opened(person, imei=f"00101700006{nth:04}", mobile=f"1280006{nth:04}")


def read(answer: Response, status: int = 200) -> BeautifulSoup:
    """The page that a form was answered with."""
    assert answer.status_code == status, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def plan(reception: Reception, person: str, numbers: list[str], step: str = "take", **filled: str) -> str:
    """The address of the plan that somebody makes."""
    whom = {"person": filled.pop("to")} if "to" in filled else {}
    answer = reception.post(person, "/bulk", {"numbers": " ".join(numbers), "step": step, **whom, **filled})
    assert answer.status_code == 303, answer.text
    address = str(answer.headers["location"])
    assert re.fullmatch("/bulk/[0-9a-f]{8}", address)
    return address


def counts(page: BeautifulSoup) -> list[str]:
    """What a plan says of its cases, in numbers."""
    return [each.text for each in page.select(".bulk-counts b")]


def listed(reception: Reception, person: str) -> set[str]:
    """The plans that stand in somebody's list, by their addresses."""
    return {str(each["href"]) for each in reception.read(person, "/bulk").select(".lines a")}


def test_from_the_selection_to_the_result(reception: Reception) -> None:
    first, second, third = (phone(reception) for _ in range(3))
    reception.centre.fire(third, "take", "ray")
    chosen = reception.read("tom", "/bulk/new?workflow=phone-repair")
    assert {first, second, third} <= {str(each["value"]) for each in chosen.select("input[name=number]")}

    steps = read(reception.post("tom", "/bulk/step", {"number": [first, second, third]}))
    assert "2 of them are where this step can be taken" in steps.text
    form = read(reception.post("tom", "/bulk/form", {"numbers": f"{first} {second} {third}", "step": "take"}))
    assert form.select_one("form[action='/bulk']") is not None

    address = plan(reception, "tom", [first, second, third])
    page = reception.read("tom", address)
    assert counts(page) == ["2", "1"]
    assert reception.centre.app.views.case(first).case.assignee is None, "a plan moves nothing"
    refused = reception.centre.app.bulk.result(address[-8:]).lines[2].reasons[0].sentence.en
    assert refused in page.text

    done = read(reception.post("tom", f"{address}/run", headers=SWAPPING))
    assert counts(done) == ["2", "0", "1"]
    assert [reception.centre.app.views.case(each).case.assignee for each in (first, second, third)] == ["tom", "tom", "ray"]
    kept = reception.read("tom", address)
    assert {str(each["href"]) for each in kept.select(".is-good .bulk-numbers a")} == {f"/cases/{first}", f"/cases/{second}"}
    assert kept.select("form[action$='/run']") == [], "what is finished is not run again"
    assert address in listed(reception, "tom")


def test_a_long_run_goes_slice_by_slice_and_can_be_stopped_between(reception: Reception) -> None:
    numbers = [phone(reception) for _ in range(SLICE + 2)]
    address = plan(reception, "sue", numbers)
    assert reception.post("sue", f"{address}/run").headers["location"] == address, "without a script by a button"
    paused = reception.read("sue", address)
    assert counts(paused)[:2] == [str(SLICE), "2"]
    (go_on,) = paused.select("form[action$='/run']")
    assert go_on.get("hx-trigger") is None, "a page that is only read moves nothing by itself"
    assert paused.select_one("progress") is not None

    done = read(reception.post("sue", f"{address}/run", headers=SWAPPING))
    assert counts(done)[0] == str(SLICE + 2)
    assert {reception.centre.app.views.case(each).case.assignee for each in numbers} == {"sue"}


def test_a_run_that_is_swapped_in_goes_on_by_itself(reception: Reception) -> None:
    address = plan(reception, "sue", [phone(reception) for _ in range(SLICE + 1)])
    running = read(reception.post("sue", f"{address}/run", headers=SWAPPING))
    (form,) = running.select("form[action$='/run']")
    assert "load" in str(form["hx-trigger"])


def test_a_case_that_has_changed_since_is_named_and_not_moved(reception: Reception) -> None:
    first, second = phone(reception), phone(reception)
    address = plan(reception, "tom", [first, second])
    granted(reception.centre.app.cases.handle(first, Correct({"symptom": "不能开机"}, "听错了"), caller("amy")))
    page = reception.read("tom", address)
    stale = page.select_one(".is-stale")
    assert stale is not None
    assert [each.text for each in stale.select("a")] == [first]
    done = read(reception.post("tom", f"{address}/run", headers=SWAPPING))
    assert counts(done) == ["1", "1", "0"]
    assert reception.centre.app.views.case(first).case.state == "received"


def test_what_is_wrong_for_every_case_comes_back_with_the_form(reception: Reception) -> None:
    number = phone(reception)
    reception.centre.fire(number, "take", "tom")
    filled, before = {"numbers": number, "step": "diagnose", "data.cause": "屏碎"}, listed(reception, "tom")
    page = read(reception.post("tom", "/bulk", filled), 422)
    assert page.select(".fault")
    assert page.select("[name='data.cause']")[0].text == "屏碎"
    assert listed(reception, "tom") == before


def test_what_is_filled_in_once_goes_into_the_plan(reception: Reception) -> None:
    number = phone(reception)
    reception.centre.fire(number, "take", "tom")
    verdict = {"fault": "screen", "cause": "屏碎", "in_warranty": "true", "verdict_why": "保内", "remedy": "repair", "tests": ""}
    address = plan(reception, "tom", [number], "diagnose", **{f"data.{name}": value for name, value in verdict.items()}, reason="一批")
    page = reception.read("tom", address)
    filled = page.select_one(".bulk-filled")
    assert filled is not None
    assert "Display and touch" in filled.text
    assert "一批" in page.text
    read(reception.post("tom", f"{address}/run", headers=SWAPPING))
    assert reception.centre.app.views.case(number).case.state == "repairing"


def test_a_plan_is_dropped(reception: Reception) -> None:
    number = phone(reception)
    address = plan(reception, "tom", [number])
    assert reception.post("tom", f"{address}/drop").headers["location"] == "/bulk"
    assert reception.read("tom", address).select("form[action$='/run']") == []
    assert reception.post("tom", f"{address}/run").status_code == 409
    assert reception.centre.app.views.case(number).case.assignee is None


def test_plans_are_seen_by_their_maker_and_by_an_administrator_and_run_by_their_maker(reception: Reception) -> None:
    number = phone(reception)
    address = plan(reception, "tom", [number])
    for other in ("sue", "amy", "mia"):
        assert reception.get(other, address).status_code == 404
        assert reception.post(other, f"{address}/run").status_code == 404
        assert reception.post(other, f"{address}/drop").status_code == 404
        assert address not in listed(reception, other)
    assert address in listed(reception, "abe")
    assert reception.read("abe", address).select("form[action$='/run']") == []
    assert reception.post("abe", f"{address}/run").status_code == 409
    with reception.centre.app.database.read() as reader:
        found = plans.plan(reader, address[-8:])
    assert found is not None
    assert found.state == "made"


@pytest.mark.parametrize("person", ["tom", "amy", "mia", "max", "abe"])
def test_only_steps_are_offered_that_somebody_may_have_a_right_to(reception: Reception, person: str) -> None:
    page = read(reception.post(person, "/bulk/step", {"number": [phone(reception)]}))
    held = {grant.role for grant in reception.centre.app.directory.roster().actor(person, reception.centre.app.time.now()).grants}
    steps = reception.centre.app.catalog.newest("phone-repair").states["received"].steps.values()
    may = {step.id for step in steps if any(right.kind == "role" and right.name in held for right in step.by)}
    assert {str(each["value"]) for each in page.select("button[name=step]")} == may


def test_cases_that_are_brought_along_are_ticked_and_those_not_seen_are_not_found(reception: Reception) -> None:
    first, elsewhere = phone(reception), phone(reception, "bea")
    page = reception.read("tom", f"/bulk/new?number={first}")
    assert [str(each["value"]) for each in page.select("input[name=number][checked]")] == [first]
    assert reception.get("tom", f"/bulk/new?number={first}&number={elsewhere}").status_code == 404
    assert reception.post("tom", "/bulk", {"numbers": f"{first} {elsewhere}", "step": "take"}).status_code == 404


def test_all_that_a_filter_means_can_be_taken_together(reception: Reception) -> None:
    phone(reception, "bea")
    page = read(reception.post("tia", "/bulk/step", {"all": "1", "workflow": "phone-repair", "state": "received"}))
    (numbers,) = page.select("input[name=numbers]")
    assert str(numbers["value"]).split() != []
    assert set(str(numbers["value"]).split()) == set(reception.centre.numbers("tia", workflow="phone-repair", state="received"))


def test_nothing_or_too_much_selected_is_said(reception: Reception) -> None:
    assert read(reception.post("tom", "/bulk/step", {}), 400).select("[role=alert]")
    many = " ".join(f"WX26-{nth:06}" for nth in range(1001))
    assert "At most 1000" in read(reception.post("tom", "/bulk/step", {"numbers": many}), 400).text.replace("at most", "At most")
    assert reception.post("tom", "/bulk/form", {"numbers": phone(reception), "step": "nothing"}).status_code == 400


def test_the_cases_of_somebody_who_is_away_lead_from_his_page_to_whoever_takes_them(reception: Reception) -> None:
    numbers, app = [phone(reception) for _ in range(3)], reception.centre.app
    for number in numbers:
        reception.centre.fire(number, "take", "ray")
    assert not reception.read("mia", "/people/ray").select("a[href^='/bulk/new']"), "whoever is here keeps his cases"
    now = app.time.now()
    id = record_absence(app.database, Absence("ray", now, now + timedelta(days=2)), at=now, by="os:owner", reason="病假")
    try:
        (link,) = reception.read("mia", "/people/ray").select("a[href^='/bulk/new']")
        brought = reception.read("mia", str(link["href"]))
        assert {*numbers} <= {str(each["value"]) for each in brought.select("input[name=number][checked]")}

        form = read(reception.post("mia", "/bulk/form", {"numbers": " ".join(numbers), "assign": "yes"}))
        (whom,) = form.select("#person")
        offered = [str(each["value"]) for each in whom.select("input")]
        assert {"max", "mia"} <= {*offered}
        assert "ray" not in offered, "he holds them"
        assert offered[-1] == "-", "nobody"
        assert "could hold all 3 · holds" in whom.text
        missing = read(reception.post("mia", "/bulk", {"numbers": " ".join(numbers), "assign": "yes", "reason": "病假"}), 422)
        assert missing.select_one("#person-fault") is not None
        assert "病假" in missing.text

        address = plan(reception, "mia", numbers, "", assign="yes", to="max", reason="病假")
        verdict = reception.read("mia", address)
        assert counts(verdict) == ["3", "0"]
        assert {app.views.case(each).case.assignee for each in numbers} == {"ray"}
        done = read(reception.post("mia", f"{address}/run", headers=SWAPPING))
        assert counts(done) == ["3", "0", "0"]
        assert {app.views.case(each).case.assignee for each in numbers} == {"max"}
    finally:
        reception.centre.app.personnel.end_absence(id, OPERATOR)


def test_who_is_away_is_named_and_not_offered(reception: Reception) -> None:
    number, app = phone(reception), reception.centre.app
    now = app.time.now()
    id = record_absence(app.database, Absence("sue", now, now + timedelta(days=2)), at=now, by="os:owner", reason="病假")
    try:
        form = read(reception.post("mia", "/bulk/form", {"numbers": number, "assign": "yes"}))
        (whom,) = form.select("#person")
        assert "sue" not in [str(each["value"]) for each in whom.select("input")]
        assert "Away: 样例维修02" in whom.text
        refused = plan(reception, "mia", [number], "", assign="yes", to="sue")
        assert counts(reception.read("mia", refused)) == ["0", "1"]
    finally:
        reception.centre.app.personnel.end_absence(id, OPERATOR)


def test_a_plan_that_gives_is_judged_anew_with_the_same_person(reception: Reception) -> None:
    number = phone(reception)
    address = plan(reception, "mia", [number], "", assign="yes", to="tom")
    granted(reception.centre.app.cases.handle(number, Correct({"symptom": "不能开机"}, "听错了"), caller("amy")))
    stale = reception.read("mia", address).select_one(".is-stale form")
    assert stale is not None
    values = {str(each["name"]): str(each["value"]) for each in stale.select("input")}
    form = read(reception.post("mia", "/bulk/form", values))
    assert [str(each["value"]) for each in form.select("#person input[checked]")] == ["tom"]
