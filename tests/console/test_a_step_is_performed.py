"""A step on the page of a case: one button or a form, done once, refused with every reason and who can, and back to where one was."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from engine.core.command import OpenCase
from tests.console.desk import Desk, paper
from tests.console.reception import SWAPPING, part, said
from tests.runtime.company import caller, granted


def test_a_step_that_asks_nothing_is_one_button(desk: Desk) -> None:
    number = desk.company.opened()
    page = desk.read("rui", f"/cases/{number}")
    take = paper(page, ".deeds-steps form")
    assert take.action == f"/cases/{number}/steps/take"
    assert "reason" not in take.values
    answer = desk.post("rui", take.action, take.values)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{number}")
    assert desk.company.case(number).state == "repairing"
    entry = desk.company.history(number)[-1]
    assert (entry.door, entry.principal, entry.actor) == ("web", "person:rui", "rui")


def test_where_it_is_swapped_in_the_next_page_is_the_answer(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000101")
    take = paper(desk.read("rui", f"/cases/{number}"), ".deeds-steps form")
    answer = desk.post("rui", take.action, take.values, headers=SWAPPING)
    assert (answer.status_code, answer.headers["hx-push-url"]) == (200, f"/cases/{number}")
    assert part(BeautifulSoup(answer.text, "html.parser"), ".toast").get_text(strip=True) == "“Take” done → In repair"


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/work?phase=repair", "/work?phase=repair"),
        ("/board/desk-repair?mine=1", "/board/desk-repair?mine=1"),
        ("https://elsewhere.example.com/work", None),
        ("//elsewhere.example.com/board/desk-repair", None),
        ("/sign-out", None),
    ],
)
def test_it_leads_back_to_where_one_was_and_to_no_other_site(desk: Desk, back: str, leads_to: str | None) -> None:
    number = desk.company.opened(imei=f"00101700000{len(back):04}")
    take = paper(desk.read("rui", f"/cases/{number}"), ".deeds-steps form")
    answer = desk.post("rui", take.action, {**take.values, "back": back})
    assert answer.headers["location"] == (leads_to or f"/cases/{number}")


def test_sent_twice_it_is_done_once_and_answered_alike(desk: Desk) -> None:
    number = desk.begun()
    form = desk.ask("cai", number, "edit")
    sent = form.sent(words="样品乙")
    first, second = (desk.post("cai", form.action, sent, headers=SWAPPING) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert "it had been done before" not in first.text
    assert "it had been done before and was not done again" in second.text
    assert len(desk.company.history(number)) == 2


def test_a_form_that_was_sent_already_and_is_changed_is_not_taken_for_another(desk: Desk) -> None:
    number = desk.begun()
    form = desk.ask("cai", number, "edit")
    desk.send("cai", form, 303, data=form.sent(words="样品乙"))
    again = paper(desk.send("cai", form, 422, data=form.sent(words="样品丙")))
    assert again.values["data.words"] == ["样品丙"]
    assert again.values["key"] != form.values["key"]
    assert len(desk.company.history(number)) == 2


def test_a_reason_is_asked_where_one_is_needed(desk: Desk) -> None:
    number = desk.begun()
    form = desk.ask("cai", number, "give_up")
    assert part(form.page, "[data-sends]").get_text(strip=True) == "Confirm: Give up"
    page = desk.send("cai", form, 422)
    assert part(page, "#reason-fault").get_text(strip=True) == "This needs a reason"
    assert desk.company.case(number).state == "waiting"
    back = paper(page)
    desk.send("cai", back, 303, data={**back.values, "reason": "客户不要了"})
    assert desk.company.history(number)[-1].reason == "客户不要了"


def test_what_must_hold_is_said_and_marked_once_it_is_known(desk: Desk) -> None:
    form = desk.ask("cai", desk.begun(), "fill")
    assert [each.get_text(" ", strip=True) for each in form.page.select(".conditions li")] == [
        "? Open: It must be checked first",
        "? Open: Nine take a story",
    ]
    page = desk.send("cai", form, 409, data=form.sent(sure="false", count="3"))
    told = [each.get_text(" ", strip=True) for each in page.select(".conditions li")]
    assert told[0].startswith("Does not hold: It must be checked first as it is: Checked = no")
    assert told[1].startswith("Holds: met: Nine take a story")
    assert "It must be checked first" in paper(page).faults


def test_of_what_one_can_do_what_leads_on_is_pointed_at(desk: Desk) -> None:
    page = desk.read("cai", f"/cases/{desk.begun()}")
    assert [said(each, "data-step") for each in page.select(".deeds-steps [data-step]")] == ["fill", "edit", "give_up"]
    assert [said(each, "data-step") for each in page.select(".button-main[data-step]")] == ["fill"]


def test_what_it_would_do_is_shown_and_not_done(desk: Desk) -> None:
    number = desk.begun()
    form = desk.ask("cai", number, "edit")
    page = desk.send("cai", form, 200, data={**form.sent(words="样品丁"), "do": "foresee"})
    told = [each.get_text(" ", strip=True) for each in page.select(".foreseen li")]
    assert told == ["The state stays as it is", "Name: 样品 → 样品丁"]
    assert len(desk.company.history(number)) == 1
    back = paper(page)
    desk.send("cai", back, 303)
    assert len(desk.company.history(number)) == 2


def test_whoever_may_not_is_told_why_and_who_can(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000103")
    page = desk.read("cai", f"/cases/{number}")
    assert [said(each, "data-step") for each in page.select(".deeds-steps [data-step]")] == ["give"]
    hindered = part(page, ".hindered")
    assert part(hindered, "h3").get_text(strip=True) == "Take"
    assert part(hindered, ".because").get_text(strip=True).startswith("You may not do “Take”")
    assert {each.get_text(strip=True) for each in hindered.select(".able")} == {"样例工程师01", "样例工程师02", "样例工程师04"}
    assert "holds the role “Repairer”" in part(hindered, ".checks").get_text(" ", strip=True)


def test_a_wish_without_a_right_is_refused_with_its_status_and_changes_nothing(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000104")
    answer = desk.post("cai", f"/cases/{number}/steps/take", {"revision": "1"})
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 403
    assert part(page, ".open-form .fault").get_text(" ", strip=True).count("may not do") == 1
    assert {each.get_text(strip=True) for each in page.select(".open-form .able")} >= {"样例工程师01"}
    assert desk.company.case(number).state == "received"


def test_several_sign_and_each_sees_what_was_signed(desk: Desk) -> None:
    loan = granted(desk.app.cases.open("desk-loan", OpenCase("lend"), caller("cai"))).outcome.number
    desk.send("cai", desk.ask("cai", loan, "waive"), 303)
    form = desk.ask("rui", loan, "waive")
    assert part(form.page, ".open-form .signed").get_text(" ", strip=True).startswith("1 of 2 have signed")
    mine = desk.read("cai", f"/cases/{loan}")
    assert part(mine, ".because li").get_text(" ", strip=True).startswith("“Waive” takes different persons")
    desk.send("rui", form, 303)
    assert desk.company.case(loan).state == "closed"


def test_a_step_of_another_state_is_not_to_be_had_and_none_of_the_process_is_not_found(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000105")
    page = desk.read("rui", f"/cases/{number}/steps/finish")
    assert page.select_one(".open-form form") is None
    assert desk.get("rui", f"/cases/{number}/steps/fly").status_code == 404
    assert desk.get("cui", f"/cases/{number}/steps/take").status_code == 404
    assert desk.post("cui", f"/cases/{number}/steps/take").status_code == 404
