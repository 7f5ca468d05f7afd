"""Other wishes on the page of a case – take, pass on, put down, correct, comment, undo, read in full – stand there only where granted."""

from __future__ import annotations

from bs4 import BeautifulSoup

from engine.core.command import OpenCase
from tests.console.desk import Desk, paper
from tests.console.reception import part, said
from tests.runtime.company import caller, granted


def offered(page: BeautifulSoup) -> set[str]:
    """The wishes that stand on a page, by the last word of their address."""
    addresses = [said(each, "href") or said(each, "action") for each in page.select(".deeds-more a, .deeds-more form")]
    return {each.rpartition("/")[2] for each in addresses}


def test_only_what_would_be_granted_is_offered(desk: Desk) -> None:
    number = desk.company.opened()
    assert offered(desk.read("rui", f"/cases/{number}")) == {"assign", "comment", "correct"}
    assert offered(desk.read("sun", f"/cases/{number}")) == {"assign", "comment", "correct", "disclose"}
    assert offered(desk.read("ada", f"/cases/{number}")) == {"comment"}


def test_a_case_is_taken_passed_on_and_put_down(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000201")
    desk.send("rui", paper(desk.read("rui", f"/cases/{number}"), ".deeds-more form"), 303)
    assert desk.company.case(number).assignee == "rui"
    form = paper(desk.read("rui", f"/cases/{number}/assign"))
    choices = {said(each, "value"): each.get_text(strip=True) for each in form.page.select("#person option")}
    assert set(choices) == {"", "cai", "ren", "hua"}
    assert choices["ren"] == "样例工程师02 · holds 0"
    desk.send("rui", form, 303, data={**form.values, "person": "ren", "reason": "下班交接"})
    assert (desk.company.case(number).assignee, desk.company.history(number)[-1].reason) == ("ren", "下班交接")
    put_down = paper(desk.read("ren", f"/cases/{number}"), ".deeds-more form:has([name=put_down])")
    desk.send("ren", put_down, 303, data={**put_down.values, "put_down": "yes"})
    assert desk.company.case(number).assignee is None


def test_it_is_given_to_nobody_who_can_do_nothing_with_it(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000202")
    form = paper(desk.read("sun", f"/cases/{number}/assign"))
    page = desk.send("sun", form, 409, data={**form.values, "person": "rao"})
    assert "“样例工程师03” can do no step" in part(page, "#person-fault").get_text()
    assert desk.company.case(number).assignee is None


def test_a_remark_is_written_into_the_history(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000203")
    form = paper(desk.read("cai", f"/cases/{number}/comment"))
    assert "must be filled" in part(desk.send("cai", form, 422), "#text-fault").get_text()
    for _ in range(2):
        desk.send("cai", form, 303, data={**form.values, "text": "客户催促"})
    remarks = [entry for entry in desk.company.history(number) if entry.kind == "commented"]
    assert len(remarks) == 1


def test_what_was_entered_wrongly_is_corrected_and_nothing_else(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000204")
    form = paper(desk.read("cai", f"/cases/{number}/correct"))
    assert form.values["data.symptom"] == ["不开机"]
    assert form.values["data.customer"] == ["测试客户甲"]
    assert "data.repairer" not in form.values
    page = desk.send("cai", form, 422, data={**form.values, "reason": "看错了"})
    assert "There is nothing to correct" in part(page, ".open-form .faults").get_text()
    form = paper(page)
    desk.send("cai", form, 303, data={**form.sent(symptom="充不进电"), "reason": "看错了"})
    entry = desk.company.history(number)[-1]
    assert (entry.kind, entry.event.changes) == ("corrected", {"symptom": "充不进电"})  # type: ignore[union-attr]


def test_what_is_masked_is_neither_shown_for_correction_nor_emptied_by_it(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000205")
    form = paper(desk.read("sun", f"/cases/{number}/correct"))
    assert form.values["data.customer"] == [""]
    assert "测试客户甲" not in form.page.get_text()
    assert part(form.page, "#data-customer-hint").get_text(" ", strip=True) == "Now: 测**"
    desk.send("sun", form, 303, data={**form.sent(symptom="充不进电"), "reason": "看错了"})
    assert desk.company.case(number).data["customer"] == "测试客户甲"


def test_what_is_masked_is_read_on_record_and_once(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000206")
    form = paper(desk.read("sun", f"/cases/{number}/disclose"))
    page = desk.send("sun", form, 422)
    assert "测试客户甲" not in page.get_text()
    page = desk.send("sun", form, 200, data={**form.values, "reason": "回访"})
    assert "测试客户甲" in part(page, ".open-form .shows").get_text()
    entry = desk.company.history(number)[-1]
    assert (entry.kind, entry.actor, entry.reason) == ("disclosed", "sun", "回访")
    assert "测试客户甲" not in desk.read("sun", f"/cases/{number}").get_text()


def test_the_newest_step_is_taken_back_by_whoever_did_it_and_in_time(desk: Desk) -> None:
    number = desk.begun()
    desk.send("cai", form := desk.ask("cai", number, "edit"), 303, data=form.sent(words="样品乙"))
    undo = part(page := desk.read("cai", f"/cases/{number}"), ".deeds-more a[href$=undo]")
    assert undo.get_text(" ", strip=True) == "Undo “Edit” 10 min left"
    assert "undo" in offered(page)
    assert "undo" not in offered(desk.read("sun", f"/cases/{number}"))
    form = paper(desk.read("cai", f"/cases/{number}/undo"))
    desk.send("cai", form, 303, data={**form.values, "reason": "点错了"})
    assert desk.company.case(number).data["words"] == "样品"
    assert "undo" not in offered(desk.read("cai", f"/cases/{number}"))


def test_a_signature_is_taken_back(desk: Desk) -> None:
    loan = granted(desk.app.cases.open("desk-loan", OpenCase("lend"), caller("cai"))).outcome.number
    desk.send("cai", desk.ask("cai", loan, "waive"), 303)
    assert "withdraw" not in offered(desk.read("rui", f"/cases/{loan}"))
    withdraw = paper(desk.read("cai", f"/cases/{loan}"), ".deeds-more form[action$=withdraw]")
    desk.send("cai", withdraw, 303)
    assert desk.company.case(loan).signing == {}
    assert "withdraw" not in offered(desk.read("cai", f"/cases/{loan}"))


def test_a_wish_of_whoever_does_not_see_the_case_finds_none(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000207")
    for wish in ("correct", "comment", "assign", "undo", "withdraw", "disclose"):
        assert desk.post("cui", f"/cases/{number}/{wish}", {"reason": "x", "text": "x", "person": "cui"}).status_code == 404, wish
    for wish in ("correct", "comment", "assign", "undo", "disclose"):
        assert desk.get("cui", f"/cases/{number}/{wish}").status_code == 404, wish
