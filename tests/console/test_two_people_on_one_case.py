"""Two people on one case: the second is told what the first did, what he typed is kept, and nothing is overwritten."""

from __future__ import annotations

from tests.console.desk import Desk, paper
from tests.console.reception import SWAPPING, part
from tests.runtime.company import granted


def test_whoever_comes_second_is_told_what_was_done_and_by_whom(desk: Desk) -> None:
    number = desk.begun()
    mine, theirs = desk.ask("cai", number, "edit"), desk.ask("cai", number, "edit")
    desk.send("cai", theirs, 303, data=theirs.sent(words="样品乙"))
    page = desk.send("cai", mine, 412, data=mine.sent(words="样品丙"))
    told = part(page, ".overtaken").get_text(" ", strip=True)
    assert "Somebody else was faster; yours was not done." in told
    assert "样例受理01 (cai) · Edit" in told
    assert "Name = 样品乙" in told
    assert desk.company.case(number).data["words"] == "样品乙"


def test_what_the_second_typed_is_kept_and_sent_again_on_what_there_is_now(desk: Desk) -> None:
    number = desk.begun(story="第一版")
    mine = desk.ask("cai", number, "edit")
    granted(desk.company.correct(number, "sun", words="样品乙"))
    back = paper(desk.send("cai", mine, 412, data=mine.sent(words="样品丙", story="第二版")))
    assert (back.values["data.words"], back.values["data.story"]) == (["样品丙"], ["第二版"])
    assert back.values["revision"] != mine.values["revision"]
    desk.send("cai", back, 303)
    assert desk.company.case(number).data == {"words": "样品丙", "story": "第二版"}


def test_where_the_step_is_gone_what_was_typed_is_shown_to_be_copied(desk: Desk) -> None:
    number = desk.company.opened()
    desk.company.fire(number, "take", "rui")
    mine = desk.ask("rui", number, "note")
    desk.company.fire(number, "finish", "rui", work="换电池", fee="10")
    page = desk.send("rui", mine, 412, data=mine.sent(work="写了很久的说明"))
    assert page.select_one(".open-form form") is None
    assert "写了很久的说明" in part(page, ".open-form").get_text()
    assert "This step can no longer be done." in part(page, ".overtaken").get_text()


def test_two_who_take_it_at_once_leave_it_with_one(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000029")
    forms = {person: paper(desk.read(person, f"/cases/{number}"), ".deeds-steps form") for person in ("rui", "ren")}
    answers = [desk.post(person, form.action, form.values, headers=SWAPPING) for person, form in forms.items()]
    assert [each.status_code for each in answers] == [200, 412]
    assert "样例工程师01 (rui) · <strong>Take</strong>" in answers[1].text.replace("</span>", "").replace("<span>", "")
    assert desk.company.case(number).assignee == "rui"


def test_a_remark_of_another_leaves_a_form_as_it_was(desk: Desk) -> None:
    number = desk.begun()
    form = desk.ask("cai", number, "edit")
    desk.company.comment(number, "sun", "催一下")
    desk.send("cai", form, 303, data=form.sent(words="样品丁"))
